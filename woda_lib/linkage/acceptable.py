"""What a source may hold: a table whose cells are text, numbers or dates.

A list, a dictionary or any other object in a cell has no standard form. Written out as text, it
would make names of brackets and memory addresses, which look like evidence and are none.
"""

from __future__ import annotations

import datetime
import decimal
import numbers
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from woda_lib.linkage.errors import SourceError

_PLAIN = (str, numbers.Real, decimal.Decimal, datetime.date, np.datetime64, pd.Period, np.bool_)
# What pandas calls columns of objects that are surely plain, so that no type need be asked for.
_PLAIN_COLUMNS = frozenset("string empty integer floating boolean decimal datetime date".split())


def require_table(frame: object, source: str) -> pd.DataFrame:
    """Return a source's table.

    Raises
    ------
    SourceError
        It is no data frame, or has no rows.
    """
    if not isinstance(frame, pd.DataFrame):
        raise SourceError(
            f"The source {source!r} is a {type(frame).__name__}, and a pandas DataFrame is "
            f"expected: a row a record, a column a field."
        )
    if frame.empty:
        raise SourceError(f"The source {source!r} is empty: it has no rows to link.")
    return frame


def require_plain(values: pd.Series, where: str) -> None:
    """Refuse a column that holds anything but text, numbers, dates and missing values.

    Parameters
    ----------
    values
        The column.
    where
        What to call it, such as ``Source 'a', field 'surname'``.

    Raises
    ------
    SourceError
        The message names the types that were found, and no value.
    """
    if found := what_is_not_plain(values):
        raise SourceError(
            f"{where}: holds {found}. Turn them into text, numbers or dates, or leave them empty."
        )


def what_is_not_plain(values: pd.Series) -> str:
    """Say of what types the values of a column are that have no standard form; empty if none."""
    dtype = values.dtype
    cells = values.cat.categories if isinstance(dtype, pd.CategoricalDtype) else values
    if cells.dtype != object:
        return "" if _is_plain(cells.dtype) else f"values of type {cells.dtype}"
    if pd.api.types.infer_dtype(cells, skipna=True) in _PLAIN_COLUMNS:
        return ""
    types = {type(cell) for cell in cells if not (pd.api.types.is_scalar(cell) and pd.isna(cell))}
    strange = sorted(each.__name__ for each in types if not issubclass(each, _PLAIN))
    return f"{_listed(strange)} objects" if strange else ""


def require_identifiers(identifiers: pd.Series, texts: pa.StringArray | None, source: str) -> None:
    """Refuse identifiers that do not tell the records of a source apart, even written as text.

    Parameters
    ----------
    identifiers
        The column.
    texts
        The same from `as_arrow.texts_of`.
    source
        Whose they are.

    Raises
    ------
    SourceError
        Some are missing, blank, torn or repeated, or are no identifiers at all.
    """
    where = f"Source {source!r}, column {identifiers.name!r}"
    require_plain(identifiers, where)
    missing, repeated = _missing_and_repeated(identifiers, texts)
    if missing:
        raise SourceError(
            f"{where}: {missing} of {len(identifiers)} records have no identifier. Every record "
            f"needs one."
        )
    numbers = pd.api.types.is_numeric_dtype(identifiers)
    torn = 0 if numbers or texts is not None else sum(map(_is_torn, identifiers.tolist()))
    if torn:
        raise SourceError(
            f"{where}: {torn} of {len(identifiers)} identifiers hold half a letter, which some "
            f"export has torn and no file can hold. Number these records anew."
        )
    if repeated:
        raise SourceError(
            f"{where}: {repeated} of {len(identifiers)} records repeat the identifier of another. "
            f"Keep one row for each, the newest say."
        )


def _missing_and_repeated(identifiers: pd.Series, texts: pa.StringArray | None) -> tuple[int, int]:
    """Count the identifiers that are missing or blank, and those that stood before."""
    if texts is not None:
        seen = pc.match_substring_regex(texts, "[!-~]")
        unseen = texts.filter(pc.invert(seen), null_selection_behavior="drop").to_pylist()
        return texts.null_count + _blank(unseen), _repeated(texts)
    if _ascend(identifiers):
        return 0, 0
    kind = pd.api.types.infer_dtype(identifiers, skipna=True)
    blank = 0
    if kind in ("string", "mixed", "mixed-integer", "categorical"):
        blank = _blank([each for each in identifiers.tolist() if isinstance(each, str)])
    repeated = int(identifiers.duplicated().sum())
    if not repeated and kind.startswith("mixed"):  # the number 7 and the text "7"
        repeated = int(identifiers.astype(str).duplicated().sum())
    return int(identifiers.isna().sum()) + blank, repeated


def _ascend(identifiers: pd.Series) -> bool:
    """Say whether all are whole numbers, each above the one before it."""
    if not pd.api.types.is_integer_dtype(identifiers) or identifiers.isna().any():
        return False
    numbers = identifiers.to_numpy()
    return bool((numbers[1:] > numbers[:-1]).all())


def _repeated(texts: pa.StringArray) -> int:
    """Count the texts that stood before; where each comes after the one above, none did."""
    there = len(texts) - texts.null_count
    if there == len(texts) and pc.all(pc.less(texts[:-1], texts[1:])).as_py():
        return 0
    return there - int(pc.count_distinct(texts, mode="only_valid").as_py())


def _is_torn(identifier: object) -> bool:
    return isinstance(identifier, str) and any(
        "\ud800" <= letter <= "\udfff" for letter in identifier
    )


def _blank(texts: list[str]) -> int:
    return sum(not each or each.isspace() for each in texts)


def _is_plain(dtype: Any) -> bool:
    types = pd.api.types
    return not types.is_complex_dtype(dtype) and (
        types.is_numeric_dtype(dtype)
        or types.is_bool_dtype(dtype)
        or types.is_string_dtype(dtype)
        or types.is_datetime64_any_dtype(dtype)
        or isinstance(dtype, pd.PeriodDtype)
        or "date" in str(dtype)  # Arrow's days
        or "null" in str(dtype)
    )


def _listed(names: list[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
