"""Which shares would count a few households for whoever knows what they are shares of.

A share times a published total is a count. So a share is not shown where its numerator, or what its
numerator leaves of its denominator, is under the agreement's threshold; what is shown of a group
is rounded to whole per cents, and ratios to two decimals. Judging goes on with what is not rounded.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FEWEST_SHOWN = 10
"""The threshold where a caller does not hand over that of its agreement."""


def may_be_shown(
    top: npt.ArrayLike, bottom: npt.ArrayLike, fewest: int = FEWEST_SHOWN
) -> npt.NDArray[np.bool_]:
    """Return which shares count no fewer than `fewest`, of those that it holds for and the others.

    Parameters
    ----------
    top, bottom
        Numerators and denominators, in households.
    fewest
        The agreement's threshold.
    """
    inside = np.asarray(top, dtype=float)
    outside = np.asarray(bottom, dtype=float) - inside
    # Counts that were multiplied out of shares lie a hair beside whole numbers.
    return np.asarray(np.minimum(inside, outside) > fewest - 0.5)
