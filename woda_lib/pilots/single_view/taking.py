"""Some rows of several tables, taken by threads: a column of numbers beside one of texts."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.fast.threads import share_out
from woda_lib.pilots.single_view.homes.coding import without_others

Rows = npt.NDArray[np.int64]

_OF_SOMEBODY = ("entity_id", "uprn", "counted_off")


def taken(*wanted: tuple[pd.DataFrame, Rows]) -> list[pd.DataFrame]:
    """Return some rows of each table in their order, numbered from 0.

    Each column is copied once, and where all rows are wanted not at all. Of people, properties and
    words no other stays behind as a category, which is saved with the rows.

    Parameters
    ----------
    *wanted
        A table, and the places of its rows that are wanted, in their order.
    """
    each = [(table[name], rows) for table, rows in wanted for name in table.columns]
    columns = iter(share_out(_column_taken, each))
    return [
        pd.DataFrame({name: next(columns) for name in table.columns}, copy=False)
        for table, _ in wanted
    ]


def _column_taken(column: pd.Series, rows: Rows) -> pd.Series:
    own = isinstance(column.dtype, np.dtype)
    values: Any = column.to_numpy() if own else column.array  # numpy's are no pandas array
    if len(rows) < len(column):
        values = values.take(rows)
    some = pd.Series(values, pd.RangeIndex(len(rows)), column.dtype, column.name, copy=False)
    if column.name in _OF_SOMEBODY and isinstance(column.dtype, pd.CategoricalDtype):
        return without_others(some)
    return some
