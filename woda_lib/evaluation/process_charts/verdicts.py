"""What a chart says at a glance: the kind of variation, and whether a target can be relied on.

Both are the words and the icons of NHS England's Making Data Count. *Variation* is read off the
newest point: common cause, or special cause, which is an improvement, a concern, or neither where
no direction is better. *Assurance* compares the target with the newest limits: between them, an
unchanged process will hit it or miss it by chance; beyond them, it consistently passes or fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Better = Literal["low", "high"]
Icon = Literal[
    "common cause",
    "improvement high",
    "improvement low",
    "concern high",
    "concern low",
    "neither high",
    "neither low",
    "hit or miss",
    "passing",
    "failing",
]

MEANING: dict[Icon, str] = {
    "common cause": "Common cause variation: no significant change",
    "improvement high": "Special cause variation, an improvement: higher values",
    "improvement low": "Special cause variation, an improvement: lower values",
    "concern high": "Special cause variation, a concern: higher values",
    "concern low": "Special cause variation, a concern: lower values",
    "neither high": "Special cause variation, neither good nor bad: higher values",
    "neither low": "Special cause variation, neither good nor bad: lower values",
    "hit or miss": "Hit or miss: the process meets the target at times and misses it at others",
    "passing": "Passing: the process can be expected to meet the target every time",
    "failing": "Failing: the process can be expected to miss the target every time",
}
"""What each icon says, which is also its text alternative."""


@dataclass(frozen=True)
class Verdict:
    """The two icons of a measure.

    Attributes
    ----------
    variation
        Of the newest point.
    assurance
        Of the newest limits; None without a target or where no direction is better.
    """

    variation: Icon
    assurance: Icon | None

    @property
    def icons(self) -> tuple[Icon, ...]:
        """Return the icons to show, variation first."""
        return (self.variation, *([self.assurance] if self.assurance else []))


def variation_of(side: int, better: Better | None) -> Icon:
    """Return the icon of a point: `side` is 1, -1, or 0 for common cause."""
    if side == 0:
        return "common cause"
    way = "high" if side > 0 else "low"
    kind = "neither" if better is None else "improvement" if way == better else "concern"
    icons: dict[str, Icon] = {name: name for name in MEANING}
    return icons[f"{kind} {way}"]


def assurance_of(
    target: float | None, lower: float, upper: float, better: Better | None
) -> Icon | None:
    """Return the icon of a target beside limits; a target on a limit is hit or miss."""
    if target is None or target != target or better is None:
        return None
    if target > upper:
        return "passing" if better == "low" else "failing"
    if target < lower:
        return "failing" if better == "low" else "passing"
    return "hit or miss"
