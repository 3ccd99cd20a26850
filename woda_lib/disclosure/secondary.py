"""Secondary suppression: what else must be withheld, so that no withheld cell follows from others.

A withheld cell is protected when the numbers that an attacker cannot rule out for it reach from its
lower to its upper protection level (`Need`). To protect a cell upwards, some other withheld cells
must be able to move with it so that every equation still holds: a *flow* through the table. Cells
are chosen so that such flows exist and what is lost is least.

Small tables are solved exactly, all needs at once, as a mixed-integer program. Large ones are
solved need by need, each the linear program that lets flow be cheap through cells that are
withheld already, which is within reach of the best and fast at any size. Both are decided by their
input alone, never by a clock, so the same table is withheld in the same way every time.

References
----------
Fischetti, M. and Salazar, J. J. (2001). Management Science 47: 1008-1027 (the exact program).
Kelly, J. P., Golden, B. L. and Assad, A. A. (1992). *Cell suppression: disclosure protection for
sensitive tabular data*. Networks 22: 397-417 (the need-by-need program).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import block_array, csr_array, diags_array, eye_array
from scipy.sparse.csgraph import connected_components

from woda_lib.disclosure.intervals import feasible_interval, furthest, incidence
from woda_lib.disclosure.quietly import quietly
from woda_lib.disclosure.totals import Equation

_EXACT = 700
"""Cells times needs, up to which the exact program is solved."""

_NODES = 2_000
"""Of the exact program's search; what is best by then is taken."""

_TINY = 1e-7


class _Unprotectable(Exception):
    """A cell follows from what has been shown, whatever else is withheld."""


@dataclass(frozen=True)
class Need:
    """How far a cell's feasible interval must reach below and above its value."""

    down: float
    up: float


def protect(
    values: np.ndarray,
    equations: Sequence[Equation],
    needs: Mapping[int, Need],
    *,
    width: float,
    costs: np.ndarray,
    hidden: Collection[int] = (),
    public: Collection[int] = (),
) -> set[int]:
    """Return the cells to withhold, those that need it among them.

    Where what is public gives a cell away whatever else is withheld, all that hangs together with
    it is withheld: then at least nothing is added to what is known.

    Parameters
    ----------
    values : ndarray, shape (n,)
        True values, none negative.
    equations : sequence of Equation
        Over the same n cells.
    needs : mapping of int to Need
        The cells that must not be shown.
    width : float
        How wide the feasible interval of every other withheld cell must be.
    costs : ndarray, shape (n,)
        What is lost when a cell is withheld, above nought.
    hidden, public : collection of int
        Cells that are withheld already; and cells that are known already, so that withholding them
        protects nothing.
    """
    chosen = set(needs) | set(hidden)
    for cells, within in _components(equations, len(values), chosen):
        place = {cell: i for i, cell in enumerate(cells)}
        problem = _Problem(
            values=values[cells],
            equations=[
                Equation(tuple(place[c] for c in e.plus), tuple(place[c] for c in e.minus))
                for e in within
            ],
            costs=costs[cells],
            public=frozenset(place[c] for c in public if c in place),
            width=width,
        )
        wanted = {place[c]: need for c, need in needs.items() if c in place}
        known = {place[c] for c in chosen if c in place}
        try:
            chosen |= {cells[i] for i in problem.solve(wanted, known)}
        except _Unprotectable:
            chosen |= set(cells) - set(public)
    return chosen


def _components(
    equations: Sequence[Equation], cells: int, chosen: set[int]
) -> list[tuple[list[int], list[Equation]]]:
    """The cells and equations that hang together, where anything is withheld."""
    if not equations:
        return []
    matrix = incidence(equations, cells)
    count, of = connected_components(
        block_array([[None, matrix], [matrix.T, None]]), directed=False
    )
    of_equation, of_cell = of[: len(equations)], of[len(equations) :]
    members: list[list[int]] = [[] for _ in range(count)]
    within: list[list[Equation]] = [[] for _ in range(count)]
    for cell, number in enumerate(of_cell):
        members[number].append(cell)
    for equation, number in zip(equations, of_equation, strict=True):
        within[number].append(equation)
    return [
        (members[n], within[n])
        for n in range(count)
        if within[n] and not chosen.isdisjoint(members[n])
    ]


@dataclass
class _Problem:
    """One part of a table whose cells hang together."""

    values: np.ndarray
    equations: Sequence[Equation]
    costs: np.ndarray
    public: frozenset[int]
    width: float

    def __post_init__(self) -> None:
        self.matrix: csr_array = incidence(self.equations, len(self.values))
        # No flow need be larger than the widest gap times a few; a bound keeps the program tight.
        self.most = 8.0 * max(self.width, 1.0)
        self.given: frozenset[int] = frozenset()
        places = self.matrix.tocoo()
        stands: list[set[tuple[int, float]]] = [set() for _ in self.values]
        for equation, cell, sign in zip(*places.coords, places.data, strict=True):
            stands[cell].add((int(equation), float(sign)))
        self.stands = [frozenset(where) for where in stands]

    def solve(self, needs: Mapping[int, Need], known: set[int]) -> set[int]:
        """Return the cells to withhold; `known` are withheld in any case."""
        hidden = set(known)
        self.given = frozenset(known)
        if not hidden.isdisjoint(self.public):
            raise _Unprotectable
        self.most = max([self.most, *(2 * max(n.up, n.down) for n in needs.values())])
        wanted = dict(needs)
        for _ in range(len(self.values) + 1):
            hidden = self._covering(wanted, hidden)
            narrow = self._narrow(hidden, wanted)
            if not narrow:
                return hidden
            # A cell withheld for another's sake that is itself given away protects nothing.
            wanted |= {cell: Need(down=0.0, up=self.width) for cell in narrow}
        return hidden

    def _narrow(self, hidden: set[int], wanted: Mapping[int, Need]) -> list[int]:
        """Withheld cells without a need of their own whose interval is too narrow."""
        found = []
        for cell in sorted(hidden - set(wanted)):
            if self._swaps(hidden, cell, self.width):
                continue
            low, high = feasible_interval(self.values, self.equations, hidden, cell)
            if high - low < self.width - _TINY:
                found.append(cell)
        return found

    def _covering(self, wanted: Mapping[int, Need], hidden: set[int]) -> set[int]:
        open_needs = [
            (cell, amount)
            for cell, need in sorted(wanted.items())
            for amount in (need.up, -need.down)
            if abs(amount) > _TINY and not self._reaches(hidden, cell, amount)
        ]
        if not open_needs:
            return hidden
        if len(self.values) * len(open_needs) <= _EXACT:
            # Needs that are met by what is withheld now stay met when more is.
            best = self._exact(open_needs, hidden)
            if best is not None:
                return best
        for cell, amount in open_needs:
            if not self._reaches(hidden, cell, amount):
                hidden = hidden | self._cheapest(cell, amount, hidden)
        return self._pruned(hidden, wanted)

    def _reaches(self, hidden: set[int], cell: int, amount: float) -> bool:
        if self._swaps(hidden, cell, amount):
            return True
        end = furthest(self.values, self.equations, hidden, cell, up=amount > 0)
        wanted = self.values[cell] + amount
        return end >= wanted - _TINY if amount > 0 else end <= wanted + _TINY

    def _swaps(self, hidden: set[int], cell: int, amount: float) -> bool:
        """Whether cells that stand in the same equations make room, which saves a program.

        What stands in the very same places gives what this cell takes; what stands in the same
        equations on their other side moves with it.
        """
        own = self.stands[cell]
        opposite = frozenset((equation, -sign) for equation, sign in own)
        same = [c for c in hidden if c != cell and self.stands[c] == own]
        across = [c for c in hidden if self.stands[c] == opposite]
        if amount > 0:
            return not own or bool(across) or self.values[same].sum() >= amount
        if self.values[cell] < -amount:
            return False
        return not own or bool(same) or self.values[across].sum() >= -amount

    def _limits(self) -> tuple[np.ndarray, np.ndarray]:
        """How far each cell may move up and down in a flow; what is public may not."""
        up = np.full(len(self.values), self.most)
        up[list(self.public)] = 0.0
        return up, np.minimum(self.values, up)

    def _cheapest(self, cell: int, amount: float, hidden: set[int]) -> set[int]:
        """The cells of the cheapest flow that moves `cell` by `amount`."""
        up, down = self._limits()
        price = self.costs.copy()
        price[list(hidden)] = 1e-4 * price.min()
        n = len(self.values)
        fixed = np.zeros(2 * n), np.concatenate([up, down])
        own = cell if amount > 0 else n + cell
        fixed[1][[cell, n + cell]] = 0.0
        fixed[0][own] = fixed[1][own] = abs(amount)
        solved = linprog(
            np.concatenate([price, price]),
            A_eq=block_array([[self.matrix, -self.matrix]]).tocsr(),
            b_eq=np.zeros(self.matrix.shape[0]),
            bounds=np.column_stack(fixed),
            method="highs",
        )
        if solved.status != 0:
            raise _Unprotectable
        moved = np.abs(solved.x[:n] - solved.x[n:]) > _TINY
        return {int(i) for i in np.flatnonzero(moved)}

    def _pruned(self, hidden: set[int], wanted: Mapping[int, Need]) -> set[int]:
        """Show again what turns out not to be needed, the costliest first; small parts only."""
        extra = hidden - set(wanted)
        if len(self.values) > 120 or len(extra) > 40:
            return hidden
        for cell in sorted(extra, key=lambda i: (-self.costs[i], i)):
            fewer = hidden - {cell}
            if cell not in self.given and all(
                self._reaches(fewer, c, amount)
                for c, need in wanted.items()
                for amount in (need.up, -need.down)
                if abs(amount) > _TINY
            ):
                hidden = fewer
        return hidden

    def _exact(self, needs: Sequence[tuple[int, float]], hidden: set[int]) -> set[int] | None:
        """The cheapest cells that meet all needs at once: a binary a cell, two flows a need."""
        n, m = len(self.values), len(needs)
        up, down = self._limits()
        low = np.zeros(n + 2 * n * m)
        high = np.concatenate([np.ones(n), np.tile(np.concatenate([up, down]), m)])
        low[list(hidden)] = 1.0
        high[list(self.public)] = 0.0
        for place, (cell, amount) in enumerate(needs):
            first = n + 2 * n * place
            ways = [first + cell, first + n + cell]
            high[ways] = 0.0
            own = ways[0] if amount > 0 else ways[1]
            low[own] = high[own] = abs(amount)
        if (low > high + _TINY).any():
            raise _Unprotectable
        flow = block_array([[self.matrix, -self.matrix]])
        balance = block_array([[csr_array((flow.shape[0] * m, n)), _repeated(flow, m)]])
        # A cell moves only if it is withheld: up + down - limit * withheld <= 0.
        ties = block_array(
            [
                [-diags_array(np.maximum(up, down)), *_at(i, m, block_array([[eye_array(n)] * 2]))]
                for i in range(m)
            ]
        )
        solved = quietly(
            milp,
            np.concatenate([self.costs, np.full(2 * n * m, 1e-6)]),
            integrality=np.concatenate([np.ones(n), np.zeros(2 * n * m)]),
            bounds=Bounds(low, high),
            constraints=[
                LinearConstraint(balance.tocsr(), 0.0, 0.0),
                LinearConstraint(ties.tocsr(), -np.inf, 0.0),
            ],
            options={"node_limit": _NODES},
        )
        if solved.status == 2:
            raise _Unprotectable
        if solved.x is None:
            return None
        return {int(i) for i in np.flatnonzero(solved.x[:n] > 0.5)}


def _repeated(block: csr_array, times: int) -> csr_array:
    return block_array(
        [[block if i == j else None for j in range(times)] for i in range(times)]
    ).tocsr()


def _at(place: int, of: int, block: csr_array) -> list[csr_array | None]:
    empty = csr_array(block.shape)
    return [block if other == place else empty for other in range(of)]
