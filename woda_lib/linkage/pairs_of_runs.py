"""Pairs within groups whose members stand side by side."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64]


def pairs_of_runs(groups: npt.NDArray) -> tuple[Places, Places]:
    """Return the places of each two members of one group, the first before the second.

    Parameters
    ----------
    groups
        The group of each member, in order.
    """
    places = np.arange(len(groups))
    more = np.searchsorted(groups, groups, side="right") - places - 1  # of its group, after it
    left = np.repeat(places, more)
    return left, left + 1 + np.arange(len(left)) - np.repeat(np.cumsum(more) - more, more)
