"""True counts as rows to be kept in a run's restricted folder, and read again by the next run."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pandas as pd

from woda_lib.disclosure.linked import CountTable
from woda_lib.disclosure.totals import equations_of, total_rows

COLUMNS = ("table", "row", "labels", "column", "count", "hidden")


def as_rows(tables: Iterable[CountTable]) -> pd.DataFrame:
    """Return the counts of several tables, a row a cell, in `COLUMNS`.

    ``labels`` is a JSON object of what names the row.
    """
    rows = []
    for table in tables:
        names = list(table.labels.columns)
        for row, labels in enumerate(table.labels.to_numpy(dtype=object)):
            said = json.dumps(
                {n: None if pd.isna(x) else str(x) for n, x in zip(names, labels, strict=True)}
            )
            for place, column in enumerate(table.columns):
                count, hidden = float(table.counts[row, place]), bool(table.hidden[row, place])
                rows.append((table.name, row, said, column, count, hidden))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def from_rows(rows: pd.DataFrame) -> list[CountTable]:
    """Return the tables that `as_rows` was given."""
    tables = []
    for name, cells in rows.groupby("table", sort=False):
        columns = list(dict.fromkeys(cells["column"]))
        shape = (cells["row"].nunique(), len(columns))
        counts = cells["count"].to_numpy(float).reshape(shape)
        labels = pd.DataFrame(
            [json.loads(said) for said in cells["labels"].iloc[:: len(columns)]],
            index=range(shape[0]),
        )
        equations = equations_of(labels, counts, columns, ())
        tables.append(
            CountTable(
                str(name),
                labels,
                tuple(columns),
                counts,
                cells["hidden"].to_numpy(bool).reshape(shape),
                frozenset(total_rows(equations, len(columns))),
                tuple(equations),
            )
        )
    return tables
