"""Which columns of a table count people, which are labels, and which are rates of two counts."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from numbers import Number

import numpy as np
import pandas as pd

from woda_lib.disclosure.rule import DisclosureError, Rule

PEOPLE = frozenset(
    "admissions applicants cases children clients clocks deaths discharges families households "
    "inpatients offenders patients people persons referrals residents spells stays tenants "
    "victims waiting".split()
)
"""Words of a heading that say its numbers are of people, or of what happened to them."""

_PERIOD = re.compile(r"(^|_)(month|week|quarter|year|period|day|date|time)s?(_|$)", re.IGNORECASE)
_SHARE = re.compile(r"percent|%|share|rate|proportion", re.IGNORECASE)
_SCALES = (1.0, 100.0)  # a share, a percentage


@dataclass(frozen=True)
class Rate:
    """A column that is a part's count over a whole's: `scale` 100 for a percentage.

    Where the table does not hold the part's count, `part` is empty and the numerator is what the
    rate makes of the whole.
    """

    column: Hashable
    whole: Hashable
    part: Hashable | None
    scale: float


def count_columns(
    frame: pd.DataFrame, declared: Iterable[str] | None, rule: Rule, *, name: str
) -> list[Hashable]:
    """Return the columns that count people.

    Parameters
    ----------
    frame : DataFrame
    declared : iterable of str, optional
        As the analyst names them. Left out, every column of whole numbers of which none is
        negative, whatever type pandas keeps them in; also where they are written as text.
    rule : Rule
    name : str
        How to call the table in an error.

    Raises
    ------
    DisclosureError
        If a declared column is not there, or one that is left out counts people by its heading and
        holds a small number.
    """
    if declared is None:
        return [column for column in frame.columns if _may_count(frame[column])]
    counted: list[Hashable] = list(declared)
    if missing := [column for column in counted if column not in frame.columns]:
        raise DisclosureError(f"{name} has no column {missing[0]!r} to count people in.")
    for column in frame.columns:
        words = re.findall(r"[a-z]+", str(column).lower())
        if column in counted or not PEOPLE & set(words) or not _may_count(frame[column]):
            continue
        numbers = as_numbers(frame[column])
        if ((numbers > 0) & (numbers < rule.threshold)).any():
            raise DisclosureError(
                f"{name} says that its column {column!r} does not count people, but its heading "
                f"does and a number in it is below {rule.threshold}. Name the column in counts."
            )
    return counted


def label_columns(frame: pd.DataFrame, counted: Iterable[Hashable]) -> list[Hashable]:
    """Return the columns that name a row: text, categories, truth values, and periods of time."""
    others = frame.columns.difference(pd.Index(list(counted), dtype=object), sort=False)
    return [c for c in others if not is_statistic(frame[c]) or _is_period(c, frame[c])]


def rates_of(frame: pd.DataFrame, counted: list[Hashable]) -> list[Rate]:
    """Find the columns that are rates of counts: by the numbers, not by their headings.

    A column is a rate of two counts if it is one over the other in every row. It is a rate of one
    count if, of every row, the rate makes a whole number of it, and the rates are not whole numbers
    themselves.
    """
    found = []
    numbers = {c: as_numbers(frame[c]).to_numpy(float, na_value=np.nan) for c in counted}
    for column in frame.columns:
        if column in numbers or not is_statistic(frame[column]) or _is_date(frame[column]):
            continue
        values = pd.to_numeric(frame[column]).to_numpy(float, na_value=np.nan)
        if rate := _rate(column, values, numbers):
            found.append(rate)
    return found


def as_numbers(values: pd.Series) -> pd.Series:
    """Return a column's numbers as nullable floats, whatever type pandas keeps them in."""
    return pd.to_numeric(values, errors="coerce").astype("Float64")


def is_statistic(values: pd.Series) -> bool:
    """Whether a column holds numbers or dates, which say more than a label does."""
    if pd.api.types.is_bool_dtype(values):
        return False
    return pd.api.types.is_numeric_dtype(values) or _is_date(values)


def _is_date(values: pd.Series) -> bool:
    return pd.api.types.is_datetime64_any_dtype(values)


def _is_period(heading: Hashable, values: pd.Series) -> bool:
    return _is_date(values) and _PERIOD.search(str(heading)) is not None


def _rate(column: Hashable, values: np.ndarray, counts: dict[Hashable, np.ndarray]) -> Rate | None:
    known = np.isfinite(values)
    if not known.any() or (values[known] < 0).any():
        return None
    for scale in _SCALES:
        for whole, of in counts.items():
            for part, some in counts.items():
                usable = known & (of > 0) & np.isfinite(some)
                if part == whole or not usable.any():
                    continue
                if np.allclose(values[usable], scale * some[usable] / of[usable], rtol=1e-6):
                    return Rate(column, whole, part, scale)
    for scale in _SCALES:
        for whole, of in counts.items():
            usable = known & (of > 0)
            if not usable.any() or (values[usable] > scale * (1 + 1e-9)).any():
                continue
            part = values[usable] * of[usable] / scale
            fractional = np.abs(values[usable] - np.rint(values[usable])) > 1e-9
            if not (usable.sum() > 1 or _SHARE.search(str(column))):
                continue  # one mean of whole numbers can look like a rate by chance
            if fractional.any() and np.allclose(part, np.rint(part), atol=1e-6, rtol=0):
                return Rate(column, whole, None, scale)
    return None


def _may_count(values: pd.Series) -> bool:
    if pd.api.types.is_bool_dtype(values) or _is_date(values):
        return False
    known = values.dropna()
    if not pd.api.types.is_numeric_dtype(values) and (
        known.empty or not known.map(_reads_as_number).all()
    ):
        return False
    numbers = pd.to_numeric(known, errors="coerce").astype(float)
    return bool(len(numbers) and (numbers >= 0).all() and (numbers % 1 == 0).all())


def _reads_as_number(item: object) -> bool:
    if isinstance(item, bool):
        return False
    return isinstance(item, Number) or (isinstance(item, str) and item.strip().isdigit())
