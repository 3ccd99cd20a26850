"""How far a headline value moved between two runs or releases, and whether that could be chance.

The interval of the change is put together from the two values' own intervals (the method of
variance estimates recovery: Zou and Donner, Statistics in Medicine 27, 2008, 1693–1702). It takes
the two for independent. Two runs share most of their people, so that the true interval is narrower:
"more than chance" is then safe to say, and "could be chance" errs on the side of caution. Between
two runs on the very same data nothing is left to chance. All is worked out from the figures as they
are shown, so that a change tells nothing that the two values have not told already.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from woda_lib.records import Value, say_quantity

Direction = Literal["up", "down", "same", "unknown"]
Reading = Literal[
    "no change", "could be chance", "more than chance", "not chance", "cannot be judged"
]
_MARKS: dict[Direction, str] = {"up": "▲", "down": "▼", "same": "=", "unknown": "?"}


@dataclass(frozen=True)
class Change:
    """One value then and now.

    Attributes
    ----------
    old, new : Value, optional
        None where the value was not there.
    amount, low, high : float, optional
        How far it moved, with a 95% interval where both values have one.
    direction : {"up", "down", "same", "unknown"}
        To the value's own decimals; unknown where either was withheld or is missing.
    same_data : bool
        Whether both come from the very same data.
    """

    old: Value | None
    new: Value | None
    amount: float | None
    low: float | None
    high: float | None
    direction: Direction
    same_data: bool

    @property
    def mark(self) -> str:
        """A sign for the direction; it never stands without `words`."""
        return _MARKS[self.direction]

    @property
    def words(self) -> str:
        """How far it moved: "up 0.3 days", "no change", "new", "no longer reported"."""
        if self.old is None:
            return "new"
        if self.new is None:
            return "no longer reported"
        if self.amount is None:
            same_unit = self.old.unit == self.new.unit
            return f"cannot be told: {'withheld' if same_unit else 'another unit'}"
        if self.direction == "same":
            return "no change"
        unit = "points" if self.new.unit == "%" else self.new.unit
        return f"{self.direction} {say_quantity(abs(self.amount), unit, self.new.decimals)}"

    @property
    def interval(self) -> str:
        """The interval of the change, as "−0.1 to 0.7"; empty where it has none."""
        if self.low is None or self.high is None or self.new is None:
            return ""
        unit = self.new.unit if self.new.unit == "pounds" else ""
        low, high = (say_quantity(e, unit, self.new.decimals) for e in (self.low, self.high))
        return f"{low} to {high}"

    @property
    def reading(self) -> Reading:
        """What it amounts to, in the house's words."""
        if self.direction == "same":
            return "no change"
        if self.amount is None:
            return "cannot be judged"
        if self.same_data:
            return "not chance"
        if self.low is None or self.high is None:
            return "cannot be judged"
        return "could be chance" if self.low <= 0 <= self.high else "more than chance"


def value_change(old: Value | None, new: Value | None, *, same_data: bool = False) -> Change:
    """Return how far a value moved from `old` to `new`.

    Parameters
    ----------
    old, new : Value, optional
        In the same unit; where the unit differs, the change is not known.
    same_data : bool
        Whether both come from the very same data, so that chance has no part in it.
    """
    then = old.value if old else None
    now = new.value if new else None
    if old is None or new is None or then is None or now is None or old.unit != new.unit:
        return Change(old, new, None, None, None, "unknown", same_data)
    amount = _shown(now, new) - _shown(then, old)
    direction: Direction = "same" if amount == 0 else "up" if amount > 0 else "down"
    low, high = (None, None) if same_data else _interval(old, new, amount)
    return Change(old, new, amount, low, high, direction, same_data)


def _interval(old: Value, new: Value, amount: float) -> tuple[float | None, float | None]:
    ends = (old.value, old.low, old.high, new.value, new.low, new.high)
    if any(end is None or not math.isfinite(end) for end in ends):
        return None, None
    was, was_low, was_high = (_shown(end, old) for end in ends[:3] if end is not None)
    is_, is_low, is_high = (_shown(end, new) for end in ends[3:] if end is not None)
    return (
        amount - math.hypot(is_ - is_low, was_high - was),
        amount + math.hypot(is_high - is_, was - was_low),
    )


def _shown(number: float, value: Value) -> float:
    return round(number, value.decimals)
