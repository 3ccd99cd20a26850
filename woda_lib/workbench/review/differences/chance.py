"""Whether a value moved by more than chance, as far as two published intervals can tell.

A run writes down an estimate and its interval and not the draws behind them, so that the interval
of a change has to be recovered from the two. Two versions of one pilot read mostly the same rows;
their estimates then err together, and the change errs *less* than either. Treating them as
independent gives the widest interval that the change can have (MOVER, which also takes intervals
that are not symmetric). If even that one leaves nought out, the change is *more than chance*. If it
holds nought, it *could be chance*: chance has not been ruled out, which is not to say that it did
it.

Where a step read the same bytes in both versions, no row is new and chance has no part in the
change: it follows from a parameter or the code alone, and is *not chance*.

All is worked out from the figures as they are shown, so that a change tells nothing that the two
versions have not told already.

Zou, G. Y. and Donner, A. (2008). Construction of confidence limits about effect measures: a general
approach. *Statistics in Medicine* 27(10), 1693–1702.
"""

from __future__ import annotations

import math

from woda_lib.records import Value
from woda_lib.workbench.review.differences.model import Reading


def change_of(before: Value, after: Value) -> tuple[float | None, float | None, float | None]:
    """Return the change of a value with its widest interval.

    Parameters
    ----------
    before, after : Value

    Returns
    -------
    tuple of float or None
        The amount, and both ends; None where a number was withheld, or has no interval.
    """
    if before.value is None or after.value is None or before.unit != after.unit:
        return None, None, None
    old, new = _shown(before.value, before), _shown(after.value, after)
    amount = _tidy(new - old, before, after)
    ends = (before.low, before.high, after.low, after.high)
    if any(end is None for end in ends):
        return amount, None, None
    low_old, high_old = (_shown(end, before) for end in ends[:2] if end is not None)
    low_new, high_new = (_shown(end, after) for end in ends[2:] if end is not None)
    down = math.hypot(new - low_new, high_old - old)
    up = math.hypot(high_new - new, old - low_old)
    return amount, new - old - down, new - old + up


def read_change(
    before: Value | None,
    after: Value | None,
    change: tuple[float | None, float | None, float | None],
    *,
    same_data: bool,
) -> Reading:
    """Say in the house's words what a change amounts to.

    Parameters
    ----------
    before, after : Value, optional
    change : tuple
        What `change_of` returned.
    same_data : bool
        Whether the step read the same bytes in both.
    """
    if before is not None and after is not None and _as_shown(before) == _as_shown(after):
        return "no change"
    amount, low, high = change
    if amount is None:
        return "cannot be judged"
    if same_data:
        return "not chance"
    if low is None or high is None:
        return "cannot be judged"
    return "could be chance" if low <= 0 <= high else "more than chance"


def _as_shown(value: Value) -> tuple[object, ...]:
    numbers = (value.value, value.low, value.high)
    return (value.unit, *(None if n is None else _shown(n, value) for n in numbers))


def _shown(number: float, value: Value) -> float:
    return round(number, value.decimals) + 0.0


def _tidy(amount: float, before: Value, after: Value) -> float:
    """Drop what binary fractions leave behind a difference of two rounded numbers."""
    return round(amount, max(before.decimals, after.decimals)) + 0.0
