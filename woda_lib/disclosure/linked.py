"""Tables that count the same people: what one shows, another must not have withheld.

A table by ward and a table by site share their sums; so do a headline number and any table of it.
Each table that is shown is therefore remembered with its true counts and with what was withheld,
and the next one is guarded together with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from woda_lib.disclosure.totals import Equation

ANY = "*"
"""The heading of a headline number, which may be the sum of any column."""


@dataclass(frozen=True)
class CountTable:
    """The counts of a table as the gate knows them: true, with what is withheld.

    Attributes
    ----------
    name : str
    labels : DataFrame, shape (n, k)
        What names each row.
    columns : tuple of m str
    counts : ndarray, shape (n, m)
        NaN where there is no count.
    hidden : ndarray of bool, shape (n, m)
    totals : frozenset of int
        The rows that are sums of others.
    equations : tuple of Equation
    """

    name: str
    labels: pd.DataFrame
    columns: tuple[str, ...]
    counts: np.ndarray
    hidden: np.ndarray
    totals: frozenset[int] = frozenset()
    equations: tuple[Equation, ...] = field(default=(), repr=False)

    @property
    def plain(self) -> np.ndarray:
        """The rows that are no totals."""
        return np.array([r for r in range(len(self.counts)) if r not in self.totals], dtype=int)

    @property
    def content(self) -> tuple[object, ...]:
        """Equal for two tables that are the same in every cell."""
        labels = tuple(map(str, self.labels.to_numpy(dtype=object).ravel()))
        same = (self.name, self.columns, tuple(self.labels.columns), labels)
        return (*same, self.counts.tobytes(), self.hidden.tobytes())

    def keys(self, names: Sequence[str]) -> pd.Series:
        """What the plain rows are called under some of the labels; empty text for none of them."""
        rows = self.labels.iloc[self.plain]
        texts = rows[list(names)].to_numpy(dtype=object)
        return pd.Series(
            ["\x1f".join(str(x).lower().replace("_", " ").strip() for x in row) for row in texts],
            index=rows.index,
            dtype=object,
        )


def headline(name: str, count: float, *, hidden: bool) -> CountTable:
    """Return a headline number as a table of one cell."""
    return CountTable(
        name, pd.DataFrame(index=[0]), (ANY,), np.array([[count]]), np.array([[hidden]])
    )


def links(table: CountTable, other: CountTable, offset: int) -> list[Equation]:
    """Return the equations between two tables' cells; the other's are numbered from `offset`.

    Where one table's labels are among the other's, each coarse count is the sum of fine ones.
    Where neither's are, only the sums of all can be compared.
    """
    if not (shared := list(_shared(table, other))):
        return []
    mine, theirs = set(table.labels.columns), set(other.labels.columns)
    if theirs <= mine:
        by: set[str] = theirs
    elif mine <= theirs:
        by = mine
    else:
        by = set()
    names = [str(column) for column in table.labels.columns if column in by]
    found = []
    groups = [t.keys(names).reset_index(drop=True) for t in (table, other)]
    places = [_places(group) for group in groups]
    for here, there in shared:
        for key, rows in places[0].items():
            if key not in places[1]:
                continue
            plus = _cells(table, rows, here, 0)
            minus = _cells(other, places[1][key], there, offset)
            sums = [
                np.nan_to_num(t.counts[t.plain[r], c]).sum()
                for t, r, c in ((table, rows, here), (other, places[1][key], there))
            ]
            if plus and minus and sums[0] == sums[1] > 0:
                found.append(Equation(plus, minus))
    return found


def _places(keys: pd.Series) -> dict[str, np.ndarray]:
    return {str(key): np.asarray(rows) for key, rows in keys.groupby(keys).indices.items()}


def _shared(table: CountTable, other: CountTable) -> Iterable[tuple[int, int]]:
    for here, heading in enumerate(table.columns):
        for there, theirs in enumerate(other.columns):
            if heading == theirs or ANY in (heading, theirs):
                yield here, there


def _cells(table: CountTable, rows: np.ndarray, column: int, offset: int) -> tuple[int, ...]:
    width = table.counts.shape[1]
    return tuple(
        offset + int(row) * width + column
        for row in table.plain[rows]
        if not np.isnan(table.counts[row, column])
    )
