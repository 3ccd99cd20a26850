"""From delivered text to agreed types: dates, codes, NHS numbers, postcodes, shapes.

What cannot be read becomes missing and is reported as a fault. Dates are day first, always: a file
written month first is refused row by row wherever that can be told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.compute as pc
import shapely

from woda_lib.identifiers import valid_nhs_numbers
from woda_lib.partners.contracts import Column, Contract
from woda_lib.partners.numbers import arrow_texts, coded

DATE_FORMS = {
    r"\d{4}-\d{2}-\d{2}": "%Y-%m-%d",
    r"\d{1,2}/\d{1,2}/\d{4}": "%d/%m/%Y",
    r"\d{1,2}-[A-Za-z]{3}-\d{4}": "%d-%b-%Y",
    r"\d{1,2}\.\d{1,2}\.\d{4}": "%d.%m.%Y",
    r"\d{8}": "%Y%m%d",
}
"""The accepted ways of writing a date. Two-digit years are not: nobody can tell 1924 from 2024."""

MOMENT_FORMS = {
    r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}": "%Y-%m-%d %H:%M",
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}": "%Y-%m-%dT%H:%M",
    r"\d{1,2}/\d{1,2}/\d{4} \d{2}:\d{2}": "%d/%m/%Y %H:%M",
}
"""The accepted ways of writing a day with a time, local time in hours and minutes."""

_SECONDS = r"(?<=\d{2}:\d{2}):\d{2}(?:\.\d+)?$"
_MIDNIGHT = r"[ T]00:00(?::00(?:\.0+)?)?$"
_APART = f"[{''.join(filter(str.isspace, map(chr, range(0x3001))))}-]"
"""What stands between the digits of a number: a hyphen, or a space of any kind."""

_POSTCODE = r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}"
_EARLIEST = pd.Timestamp("1880-01-01")

FAULTS = {
    "not_a_date": "is not a date in an accepted form that exists in the calendar",
    "not_a_moment": "is not a day and time in an accepted form that exists in the calendar",
    "not_a_whole_number": "is not a whole number",
    "unknown_code": "is not one of the agreed codes",
    "missing_value": "is blank, and the row cannot be used without it",
    "not_a_postcode": "does not have the form of a postcode",
    "nhs_check_digit": "does not have ten digits with the right check digit",
    "not_a_shape": "is not a shape in well-known text, or was cut short on its way",
    "shape_crosses_itself": "is a shape whose edges cross or touch where they must not",
}
BLANKED = frozenset({"nhs_check_digit", "not_a_postcode"})
"""Faults of a value without which the row is still of use: the value is blanked, the row kept."""


def parse(
    rows: pd.DataFrame, contract: Contract
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Turn text into the contract's types, each different text of a column once.

    Parameters
    ----------
    rows : DataFrame
        The contract's columns as text.
    contract : Contract

    Returns
    -------
    typed : DataFrame
        Same rows and columns, in the contract's order and types.
    faults : DataFrame
        ``position`` (label of the row), ``column``, ``rule``: every value that could not be read.
    beyond : DataFrame
        The same of every value that could be read, and is beyond what is agreed of its column.
    """
    typed, faults, beyond = {}, [], []
    for name, column in contract.columns.items():
        codes, distinct = coded(rows[name])
        text = pd.Series(np.asarray(distinct, dtype=object), dtype="string")
        values, rule = _READERS[column.kind](text, column)
        typed[name] = values.array.take(codes, allow_fill=True)
        unread, missing = _of_rows(values.isna(), codes), codes < 0
        rules = rule if isinstance(rule, str) else rule.to_numpy()[codes[unread]]
        faults.append(_faults(rows.index[unread], name, rules))
        if column.required:
            blanked = isinstance(rule, str) and rule in BLANKED
            faults.append(_faults(rows.index[missing | (unread & blanked)], name, "missing_value"))
        for check, texts in column.broken(values, contract.dataset).groupby("check")["index"]:
            beyond.append(_faults(rows.index[np.isin(codes, texts)], name, str(check)))
    return (
        pd.DataFrame(typed, index=rows.index, copy=False),
        pd.concat(faults, ignore_index=True),
        pd.concat(beyond or [faults[0].iloc[:0]], ignore_index=True),
    )


def _of_rows(of_texts: pd.Series, codes: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Say of each row what is so of its text; of a row without one it is not so."""
    return np.append(of_texts.to_numpy(dtype=bool), False)[codes]


def _faults(positions: pd.Index, column: str, rule: str | npt.NDArray[np.object_]) -> pd.DataFrame:
    return pd.DataFrame({"position": positions, "column": column, "rule": rule})


def _dates(text: pd.Series, column: Column) -> tuple[pd.Series, str]:
    return _by_form(_without(_MIDNIGHT, text), DATE_FORMS), "not_a_date"


def _moments(text: pd.Series, column: Column) -> tuple[pd.Series, str]:
    return _by_form(_without(_SECONDS, text), MOMENT_FORMS), "not_a_moment"


def _without(time: str, text: pd.Series) -> pd.Series:
    """Leave a part of a time out of the texts that have one."""
    timed = text.str.contains(":", regex=False).to_numpy(dtype=bool)
    return text.mask(timed, text[timed].str.replace(time, "", regex=True)) if timed.any() else text


def _by_form(text: pd.Series, forms: Mapping[str, str]) -> pd.Series:
    parsed = pd.Series(pd.NaT, index=text.index, dtype="datetime64[ns]")
    left = text
    for form, layout in forms.items():
        written = left.str.fullmatch(form).to_numpy(dtype=bool)
        if written.any():
            fitting = left[written]
            parsed[fitting.index] = pd.to_datetime(fitting, format=layout, errors="coerce")
            left = left[~written]
    return parsed.mask(parsed < _EARLIEST)


def _codes(text: pd.Series, column: Column) -> tuple[pd.Series, str]:
    return text.str.casefold().map(column.meanings()).astype("string"), "unknown_code"


def _nhs_numbers(text: pd.Series, column: Column) -> tuple[pd.Series, str]:
    bare = pc.replace_substring_regex(arrow_texts(text), _APART, "")
    digits = pd.Series(bare.to_numpy(zero_copy_only=False), index=text.index, dtype="string")
    given = digits.notna()
    valid = pd.Series(False, index=text.index)
    valid[given] = valid_nhs_numbers(digits[given].to_numpy(dtype=object))
    return digits.where(valid), "nhs_check_digit"


def _postcodes(text: pd.Series, column: Column) -> tuple[pd.Series, str]:
    bare = text.str.upper().str.replace(r"[^A-Z0-9]", "", regex=True)
    formed = bare.str.fullmatch(_POSTCODE).fillna(False).astype(bool)
    return (bare.str[:-3] + " " + bare.str[-3:]).where(formed).astype("string"), "not_a_postcode"


def _whole_numbers(text: pd.Series, column: Column) -> tuple[pd.Series, str]:
    whole = text.str.replace(r"\.0+$", "", regex=True)
    formed = whole.str.fullmatch(r"-?\d{1,9}").fillna(False).astype(bool)
    return pd.to_numeric(whole.where(formed)).astype("Int64"), "not_a_whole_number"


def _texts(text: pd.Series, column: Column) -> tuple[pd.Series, str]:
    return text.astype("string"), "not_text"


def _shapes(text: pd.Series, column: Column) -> tuple[pd.Series, pd.Series]:
    """Keep the text of shapes that can be read and are valid; a shape of nothing is none."""
    given = text.fillna("").to_numpy(dtype=object)
    with np.errstate(invalid="ignore"):  # a corner that is no number is told just below
        shapes = shapely.from_wkt(given, on_invalid="ignore")
    read = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    corners, at = shapely.get_coordinates(shapes, return_index=True)
    read[at[~np.isfinite(corners).all(axis=1)]] = False
    sound = read & shapely.is_valid(shapes)
    rule = pd.Series(np.where(read, "shape_crosses_itself", "not_a_shape"), index=text.index)
    return text.astype("string").where(sound), rule


_READERS: dict[str, Callable[[pd.Series, Column], tuple[pd.Series, str | pd.Series]]] = {
    "text": _texts,
    "free_text": _texts,
    "code": _codes,
    "date": _dates,
    "moment": _moments,
    "nhs_number": _nhs_numbers,
    "postcode": _postcodes,
    "whole_number": _whole_numbers,
    "shape": _shapes,
}
