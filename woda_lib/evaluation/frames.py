"""Columns taken from anybody's tidy table, or a sentence that says what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

import numpy as np
import pandas as pd

from woda_lib.evaluation.errors import FrameError


def take(frame: pd.DataFrame, **columns: str | None) -> pd.DataFrame:
    """Return columns under the names of the arguments that asked for them.

    Parameters
    ----------
    frame
        Any table.
    columns
        Argument name to column name; None for an argument that was not given.

    Returns
    -------
    DataFrame
        One row a row of `frame`, in its order, numbered from nought; a column an argument given.

    Raises
    ------
    FrameError
        If `frame` is no DataFrame, has no rows, or lacks or repeats a column.

    Examples
    --------
    >>> frame = pd.DataFrame({"deaths": [3, 4], "month": ["2024-01", "2024-02"]})
    >>> list(take(frame, outcome="deaths", time="month", offset=None).columns)
    ['outcome', 'time']
    """
    if not isinstance(frame, pd.DataFrame):
        raise FrameError(
            f"The first argument must be a pandas DataFrame, and it is a {type(frame).__name__}."
        )
    given = {argument: name for argument, name in columns.items() if name is not None}
    for argument, name in given.items():
        if name not in frame.columns:
            raise FrameError(
                f"The table has no column {name!r}, which was given as `{argument}`."
                f"{_nearest(name, frame.columns)}"
            )
        if isinstance(frame[name], pd.DataFrame):
            raise FrameError(f"The table has more than one column {name!r}. Rename one of them.")
    if frame.empty:
        raise FrameError("The table has no rows. Check the filter that it came through.")
    return pd.DataFrame(
        {argument: frame[name].reset_index(drop=True) for argument, name in given.items()}
    )


def numbers(values: pd.Series, column: str) -> pd.Series:
    """Return a column as floating numbers.

    Parameters
    ----------
    values
        Its values.
    column
        Its name in the caller's table, for the error.

    Raises
    ------
    FrameError
        If the column holds dates or spans of time, or a value is missing, infinite or no number;
        the first such row is named by its place.
    """
    if pd.api.types.is_datetime64_any_dtype(values) or pd.api.types.is_timedelta64_dtype(values):
        raise FrameError(
            f"The column {column!r} holds dates or spans of time, and numbers are needed. Give a "
            "span as a number of days (`.dt.total_seconds() / 86400`)."
        )
    found = pd.to_numeric(values, errors="coerce").astype(float)
    missing = values.isna().to_numpy()
    bad = ~np.isfinite(found.to_numpy())
    if bad.any():
        what = "has no value" if missing[bad.argmax()] else "holds no finite number"
        others = f" {int(bad.sum())} rows are like that." if bad.sum() > 1 else ""
        raise FrameError(
            f"The column {column!r} {what} in row {int(bad.argmax()) + 1} of the table.{others} "
            "Mend such rows or leave them out, and report how many there were."
        )
    return found


def _nearest(name: object, known: Iterable[object]) -> str:
    names = [str(each) for each in known]
    close = get_close_matches(str(name), names, n=1)
    if close:
        return f" Is {close[0]!r} meant?"
    return f" It has: {', '.join(names[:12])}{', …' if len(names) > 12 else ''}."
