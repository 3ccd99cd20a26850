"""Which counts must not be shown by themselves: too few people, or everybody.

A count above nought and below the threshold is too few. A cell that holds the whole of its total,
where it might have held a part, says something of everybody in it: all of that ward died. Nought
may be shown, because it says nothing of anybody who is counted.

References
----------
Hundepool, A. et al. (2012). *Statistical Disclosure Control*. Wiley: sections 4.2 (threshold) and
5.2 (group disclosure).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from woda_lib.disclosure.secondary import Need
from woda_lib.disclosure.totals import Equation


def too_few(values: np.ndarray, threshold: int) -> dict[int, Need]:
    """Return the cells that count too few people.

    To be protected, neither nobody nor a safe number may be ruled out.
    """
    with np.errstate(invalid="ignore"):
        small = (values > 0) & (values < threshold)
    return {
        int(cell): Need(down=float(values[cell]), up=float(threshold - values[cell]))
        for cell in np.flatnonzero(small)
    }


def everybody(values: np.ndarray, equations: Sequence[Equation], threshold: int) -> dict[int, Need]:
    """Return the cells that hold the whole of a total that has other parts.

    To be protected, it must be possible that as many as the threshold belong to another part.
    """
    found = {}
    for equation in equations:
        filled = [cell for cell in equation.plus if values[cell] > 0]
        if len(equation.minus) == 1 and len(equation.plus) > 1 and len(filled) == 1:
            (cell,) = filled
            found[cell] = Need(down=float(min(threshold, values[cell])), up=0.0)
    return found
