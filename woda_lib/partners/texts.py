"""Arrow's texts handed to pandas, each different one held once, however often it stands.

A county has few forenames and surnames beside its rows. One object for each of them takes a tenth
of the memory, and two that are the same are known for it without being read.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

ARROW_TEXTS = pd.StringDtype("pyarrow")
"""Texts that stay Arrow's: of a file of which most is never looked at one by one."""


def each_once(cells: pa.Array) -> pd.arrays.StringArray:
    """Return texts as pandas holds them.

    Parameters
    ----------
    cells : Array of string
    """
    coded = cells.dictionary_encode()
    texts = np.asarray(coded.dictionary.to_numpy(zero_copy_only=False), dtype=object)
    places = coded.indices.fill_null(-1).to_numpy()
    return pd.arrays.StringArray(texts).take(places, allow_fill=True)


def written_out(column: pd.Series) -> pd.Series:
    """Return a column of categories of text as `ARROW_TEXTS`; no object is made for a row."""
    codes = column.cat.codes.to_numpy()
    held = pa.array(np.asarray(column.cat.categories, dtype=object), type=pa.large_string())
    texts = held.take(pa.array(codes, mask=codes < 0))
    return pd.Series(pd.arrays.ArrowStringArray(texts), index=column.index, name=column.name)


def frame_of(table: pa.Table) -> pd.DataFrame:
    """Return a table as it was handed to Arrow, pandas' own texts by `each_once`.

    Parameters
    ----------
    table : Table
        From `pyarrow.Table.from_pandas`, without an index; or some of its columns.
    """
    told = (table.schema.pandas_metadata or {}).get("columns", ())
    strings = {column["field_name"] for column in told if column["numpy_type"] == "string"}
    texts = [name for name in table.column_names if name in strings]
    others = table.drop_columns(texts).to_pandas()
    columns = {
        name: each_once(table[name].combine_chunks()) if name in texts else others[name]
        for name in table.column_names
    }
    return pd.DataFrame(columns, index=pd.RangeIndex(table.num_rows), copy=False)
