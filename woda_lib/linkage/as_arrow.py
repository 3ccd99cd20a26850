"""Columns as Arrow's text, in the pieces in which they were read, and what they hold."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa


def texts_of(values: pd.Series) -> pa.StringArray | None:
    """Return values as Arrow's text; None unless every one is text that UTF-8 can hold."""
    pieces = pieces_of(values)
    if pieces is None or len(pieces) == 1:
        return pieces and pieces[0]
    return pa.concat_arrays([pa.array([], pa.string()), *pieces])


def pieces_of(values: pd.Series) -> list[pa.StringArray] | None:
    """Do what `texts_of` does, in the pieces in which a column was read from a large file."""
    try:
        texts = pa.array(as_held(values), type=pa.string(), from_pandas=True)
    except (pa.ArrowException, TypeError, UnicodeEncodeError):
        return None
    return texts.chunks if isinstance(texts, pa.ChunkedArray) else [texts]


def as_held(values: pd.Series) -> pd.Series | npt.NDArray[np.object_]:
    """Return the objects that a column of texts holds; any other column as it is.

    Whoever asks pandas for them has it look first which are missing, one by one.
    """
    dtype = values.dtype
    if isinstance(dtype, pd.StringDtype) and dtype.storage == "python":
        return np.asarray(values.array, dtype=object)
    return values
