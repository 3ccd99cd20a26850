"""Numbers as words of letters, which linkage compares like any other word."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_SHIFTS = np.arange(60, -4, -4, dtype=np.uint64)


def lettered(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.object_]:
    """Return a word of sixteen letters for each number: its hexadecimal figures, *a* for 0.

    >>> lettered(np.array([0, 26], dtype=np.uint64)).tolist()
    ['aaaaaaaaaaaaaaaa', 'aaaaaaaaaaaaaabk']
    """
    figures = (numbers[:, None] >> _SHIFTS) & np.uint64(15)
    letters = (figures + np.uint64(ord("a"))).astype(np.uint8)
    return letters.view(f"S{len(_SHIFTS)}")[:, 0].astype(str).astype(object)
