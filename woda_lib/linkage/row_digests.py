"""Whether rows are as they were: a 64-bit digest of each, of whatever columns count.

Of a million rows that are unlike, two share a digest with a probability of three in a hundred
million. Texts are read from Arrow's letters, so that two million rows take a second or two.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from woda_lib.linkage.held_once import held_once

Digests = npt.NDArray[np.uint64]

_MISSING = np.uint64(0x51AFD7ED558CCD6D)
"""What stands for a value that is missing, which an empty text is not."""
_FACTOR, _OTHER = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
_HALF = np.uint64(32)


def row_digests(table: pd.DataFrame, columns: Sequence[str]) -> Digests:
    """Return a digest of each row, shape (rows,), which hangs on no other row.

    Parameters
    ----------
    table
        Columns of texts, of categories of texts, of dates or of whole numbers.
    columns
        Those that count, in an order that counts as well.
    """
    digests = np.zeros(len(table), dtype=np.uint64)
    for name in columns:
        digests = (digests ^ _of(table[name])) * _FACTOR
        digests = (digests ^ (digests >> _HALF)) * _OTHER
        digests ^= digests >> _HALF
    return digests


def _of(values: pd.Series) -> Digests:
    if isinstance(values.dtype, pd.CategoricalDtype):
        codes = values.cat.codes.to_numpy()
        return np.append(_of(pd.Series(values.cat.categories)), _MISSING)[codes]
    if pd.api.types.is_datetime64_dtype(values.dtype):
        days = values.to_numpy().astype("datetime64[s]")
        return np.where(np.isnat(days), _MISSING, days.view(np.int64).astype(np.uint64))
    if pd.api.types.is_integer_dtype(values.dtype):
        numbers = values.to_numpy(dtype=np.int64, na_value=0).astype(np.uint64)
        return np.where(values.isna().to_numpy(), _MISSING, numbers)
    from woda_lib.linkage.fast.siphash import hashes_of  # here: numba takes a while to start

    which, held = held_once(np.asarray(values.array, dtype=object))
    texts = pa.array(held, type=pa.large_string(), from_pandas=True)
    digests: Digests = hashes_of(pc.fill_null(texts, "") if texts.null_count else texts)
    if texts.null_count:
        digests[texts.is_null().to_numpy(zero_copy_only=False)] = _MISSING
    return digests[which]
