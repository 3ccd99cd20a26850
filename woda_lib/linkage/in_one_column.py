"""Values of several columns written as one, such as the pieces of an address."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pyarrow.compute as pc

from woda_lib.linkage.as_arrow import texts_of


def in_one_column(columns: Sequence[pd.Series]) -> pd.Series:
    """Write the values of each row one after another, with a space between.

    Parameters
    ----------
    columns
        Of one length; text, numbers or dates, any of which may be missing.

    Returns
    -------
    pandas.Series
        Text (`object`), numbered from 0; ``None`` where every value of a row is missing.
    """
    texts = [texts_of(column) for column in columns]
    if any(each is None for each in texts):
        rows = zip(*([_written(value) for value in column] for column in columns), strict=True)
        return pd.Series([" ".join(filter(None, row)) or None for row in rows], dtype=object)
    joined, *others = [pc.if_else(pc.equal(each, ""), None, each) for each in texts]
    for more in others:  # Arrow's own way of skipping what is missing loses rows that hold nothing
        joined = pc.coalesce(pc.binary_join_element_wise(joined, more, " "), joined, more)
    return pd.Series(joined.to_numpy(zero_copy_only=False), dtype=object)


def _written(value: object) -> str | None:
    """12.0 is a whole number, which was among missing ones."""
    if pd.isna(value):  # type: ignore[call-overload]
        return None
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
