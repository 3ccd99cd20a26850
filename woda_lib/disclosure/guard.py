"""Which counts of a table to withhold, given what else is known of the same people."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from woda_lib.disclosure.columns import as_numbers, label_columns
from woda_lib.disclosure.differencing import EarlierTable, changed_by_few
from woda_lib.disclosure.linked import CountTable, links
from woda_lib.disclosure.rule import DisclosureError, Rule
from woda_lib.disclosure.secondary import Need, protect
from woda_lib.disclosure.thresholds import everybody, too_few
from woda_lib.disclosure.totals import Equation, equations_of, total_rows

_TOTALS_COST = 4.0
"""How much dearer it is to withhold a total than one of its parts of the same size."""


@dataclass(frozen=True)
class Counts:
    """The counts of a table in hand, and what they are to each other.

    Attributes
    ----------
    name : str
    labels : DataFrame, shape (n, k)
    columns : sequence of m hashables
    counts : ndarray, shape (n, m)
        True counts; NaN where there is none.
    equations : list of Equation
    """

    name: str
    labels: pd.DataFrame
    columns: Sequence[Hashable]
    counts: np.ndarray
    equations: list[Equation]

    @classmethod
    def of(
        cls, frame: pd.DataFrame, counted: list[Hashable], totals: Iterable[str], *, name: str
    ) -> Counts:
        """Take the counts out of a table.

        Raises
        ------
        DisclosureError
            If a count is below nought.
        """
        named = label_columns(frame, counted)
        labels = frame[named].reset_index(drop=True)
        labels.columns = pd.Index([str(column) for column in named])
        counts = np.column_stack(
            [as_numbers(frame[c]).to_numpy(float, na_value=np.nan) for c in counted]
            or [np.empty((len(frame), 0))]
        )
        if (np.nan_to_num(counts) < 0).any():
            raise DisclosureError(
                f"{name} counts people in a column that holds a number below nought. Leave that "
                "column out of counts, or count before subtracting."
            )
        equations = equations_of(labels, counts, counted, totals) if counted else []
        return cls(name, labels, counted, counts, equations)

    def as_table(self, hidden: np.ndarray) -> CountTable:
        """Return them as what later tables are guarded with."""
        columns = tuple(str(column) for column in self.columns)
        totals = frozenset(total_rows(self.equations, len(columns))) if columns else frozenset()
        return CountTable(
            self.name, self.labels, columns, self.counts, hidden, totals, tuple(self.equations)
        )

    def withheld(
        self, rule: Rule, others: Sequence[CountTable], earlier: Sequence[EarlierTable]
    ) -> tuple[set[int], dict[str, int]]:
        """Return the cells to withhold, and how many each rule asks for."""
        own = self.as_table(np.zeros(self.counts.shape, dtype=bool))
        flat = self.counts.ravel()
        found = {
            "threshold": too_few(flat, rule.threshold),
            "full": everybody(flat, self.equations, rule.threshold),
            "differencing": changed_by_few(own, earlier, rule),
        }
        needs: dict[int, Need] = {}
        for part in found.values():
            for cell, need in part.items():
                known = needs.get(cell, Need(0.0, 0.0))
                needs[cell] = Need(max(need.down, known.down), max(need.up, known.up))
        same_people = [other.table for other in earlier if other.same_extracts]
        hidden = _guarded(own, needs, [*others, *same_people], rule)
        checks = {key: len(part) for key, part in found.items()}
        return hidden, checks | {"secondary": len(hidden) - len(needs)}


def gives_away(table: CountTable, others: Sequence[CountTable], rule: Rule) -> bool:
    """Say whether a table must withhold more, because of tables that it was shown without knowing.

    Parameters
    ----------
    table : CountTable
        As it is shown.
    others : sequence of CountTable
        Of the same people, as they are shown.
    rule : Rule
    """
    withheld = set(np.flatnonzero(table.hidden).tolist())
    few = too_few(table.counts.ravel(), rule.threshold)
    needs = {cell: need for cell, need in few.items() if cell in withheld}
    return not _guarded(table, needs, others, rule) <= withheld


def total_costs(values: np.ndarray, equations: Iterable[Equation]) -> np.ndarray:
    """Return what is lost when a cell is withheld: more for large ones, and more for totals."""
    costs = 1.0 + np.log1p(values)
    totals = {e.minus[0] for e in equations if len(e.minus) == 1}
    costs[sorted(totals)] *= _TOTALS_COST
    return costs


def _guarded(
    own: CountTable, needs: dict[int, Need], others: Iterable[CountTable], rule: Rule
) -> set[int]:
    """Withhold in a table what must be, once all cells that are linked with it are laid out."""
    needs, hidden, public = dict(needs), set[int](), set[int]()
    hidden |= set(np.flatnonzero(own.hidden).tolist())
    counts, equations = [np.nan_to_num(own.counts.ravel())], list(own.equations)
    size = own.counts.size
    for other in others:
        if not (shared := links(own, other, size)):
            continue
        flat = np.nan_to_num(other.counts.ravel())
        equations += [*shared, *(_moved(equation, size) for equation in other.equations)]
        counts.append(flat)
        for place, is_hidden in enumerate(other.hidden.ravel()):
            (hidden if is_hidden else public).add(size + place)
        few = too_few(flat, rule.threshold)
        needs |= {size + cell: need for cell, need in few.items() if size + cell in hidden}
        size += len(flat)
    if not needs and not hidden:
        return set()
    everything = np.concatenate(counts)
    chosen = protect(
        everything,
        equations,
        needs,
        width=float(rule.threshold),
        costs=total_costs(everything, own.equations),
        hidden=hidden,
        public=public,
    )
    return {cell for cell in chosen if cell < own.counts.size}


def _moved(equation: Equation, by: int) -> Equation:
    return Equation(
        tuple(cell + by for cell in equation.plus), tuple(cell + by for cell in equation.minus)
    )
