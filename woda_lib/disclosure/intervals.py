"""What an attacker can work out of a withheld cell: the least and the most that it can be.

The attacker is taken to know every equation between cells and every cell that is shown, and these
*unrounded*: rounding is a protection on top, and nothing here counts on it. What is left for each
withheld cell is an interval, whose ends two linear programs find.

References
----------
Fischetti, M. and Salazar, J. J. (2001). *Solving the cell suppression problem on tabular data with
linear constraints*. Management Science 47: 1008-1027, section 2.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array

from woda_lib.disclosure.totals import Equation


def incidence(equations: Sequence[Equation], cells: int) -> csr_array:
    """Return the matrix whose product with the cells' values is nought, a row an equation."""
    rows, columns, signs = [], [], []
    for row, equation in enumerate(equations):
        for sign, side in ((1.0, equation.plus), (-1.0, equation.minus)):
            rows += [row] * len(side)
            columns += list(side)
            signs += [sign] * len(side)
    return coo_array((signs, (rows, columns)), shape=(len(equations), cells)).tocsr()


def feasible_interval(
    values: np.ndarray, equations: Sequence[Equation], hidden: Collection[int], cell: int
) -> tuple[float, float]:
    """Return the least and the most that a withheld cell can be, given all that is shown.

    Parameters
    ----------
    values : ndarray, shape (n,)
        The true value of every cell, none negative.
    equations : sequence of Equation
    hidden : collection of int
        The cells that are withheld, `cell` among them.
    cell : int

    Returns
    -------
    tuple of float
        The second may be infinite.
    """
    low, high = (furthest(values, equations, hidden, cell, up=up) for up in (False, True))
    return low, high


def furthest(
    values: np.ndarray,
    equations: Sequence[Equation],
    hidden: Collection[int],
    cell: int,
    *,
    up: bool,
) -> float:
    """Return one end of a `feasible_interval`."""
    places = sorted(hidden)
    withheld = set(places)
    touching = [e for e in equations if not withheld.isdisjoint(e.cells)]
    if not touching:
        return float("inf") if up else 0.0
    goal = np.zeros(len(places))
    goal[places.index(cell)] = -1.0 if up else 1.0
    matrix = incidence(touching, len(values))[:, places]
    solved = linprog(
        goal,
        A_eq=matrix,
        b_eq=np.zeros(matrix.shape[0]),
        bounds=np.column_stack([-values[places], np.full(len(places), np.inf)]),
        method="highs",
    )
    if solved.status != 0:
        # Nought is always feasible, so what is left is that the cell has no upper end.
        return float("inf")
    return float(values[cell] + (-solved.fun if up else solved.fun))
