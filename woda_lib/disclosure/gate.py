"""The gate that every table, figure, value and sentence passes before a reviewer sees it.

Counts of people below the threshold are withheld, with every number and date that stands in the
same row; other counts are rounded. A table that names people, or is as long as a list of them, is
refused. The rules come from the agreement under which the data were loaded.

This is a first gate: it looks at one table at a time. Withheld cells that follow from totals, and
differences between releases, are not caught yet.

References
----------
Griffiths, E. et al. (2019). *Handbook on Statistical Disclosure Control for Outputs*. Safe Data
Access Professionals Working Group: thresholds and rounding.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from numbers import Number

import pandas as pd

from woda_lib.disclosure.personal import IDENTIFIERS, personal_kinds
from woda_lib.errors import WodaError

LONGEST_TABLE = 400
"""Rows; a longer table is taken for a list of records."""


class DisclosureError(WodaError):
    """Something would have shown a person; says which part, which rule, and what would be safe."""


@dataclass(frozen=True)
class Rule:
    """An agreement's disclosure rule.

    Attributes
    ----------
    threshold : int
        The smallest count of people that may be shown; nought may be shown too.
    rounding : int
        Counts are rounded to the nearest multiple of this.
    """

    threshold: int = 5
    rounding: int = 5


@dataclass(frozen=True)
class GatedTable:
    """A table that may be shown.

    Attributes
    ----------
    frame : DataFrame
        The same rows and columns as what was asked for; counts are nullable integers, rounded,
        and withheld cells are missing.
    withheld : DataFrame of bool
        True where a cell was withheld (and not merely missing); same shape.
    """

    frame: pd.DataFrame
    withheld: pd.DataFrame

    @property
    def withheld_cells(self) -> int:
        """How many cells were withheld."""
        return int(self.withheld.to_numpy().sum())


def gate_table(
    frame: pd.DataFrame, rule: Rule, *, name: str, counts: Iterable[str] | None = None
) -> GatedTable:
    """Pass a table through the gate.

    Parameters
    ----------
    frame : DataFrame
        Aggregates; its index must be a plain one (0, 1, 2 …), labels standing in columns.
    rule : Rule
    name : str
        How to call the table in an error.
    counts : iterable of str, optional
        The columns that count people. Left out, every column of whole numbers of which none is
        negative does, whatever their type.

    Raises
    ------
    DisclosureError
        If a column or cell holds an identifier, or the table is as long as a list of records.
    """
    _refuse_identifiers(frame, name)
    if len(frame) > LONGEST_TABLE:
        raise DisclosureError(
            f"{name} has {len(frame)} rows, which is a list and not a summary. Show a count or a "
            f"mean for groups instead (at most {LONGEST_TABLE} rows); use run.save for the rows."
        )
    counted: list[Hashable] = _count_columns(frame) if counts is None else list(counts)
    if missing := [column for column in counted if column not in frame.columns]:
        raise DisclosureError(f"{name} has no column {missing[0]!r} to count people in.")
    gated = frame.copy()
    withheld = pd.DataFrame(False, index=frame.index, columns=frame.columns)
    for column in counted:
        values = pd.to_numeric(frame[column]).astype("Float64")
        small = ((values > 0) & (values < rule.threshold)).fillna(False)
        rounded = ((values / rule.rounding).round() * rule.rounding).round().astype("Int64")
        gated[column] = rounded.mask(small)
        withheld[column] = small.astype(bool)
    in_row = withheld[counted].any(axis=1) if counted else pd.Series(False, index=frame.index)
    for column in frame.columns.difference(pd.Index(counted, dtype=object)):
        if in_row.any() and _is_statistic(frame[column]):
            gated[column] = frame[column].mask(in_row)
            withheld[column] = in_row & frame[column].notna()
    return GatedTable(gated, withheld)


def gate_count(count: float, rule: Rule) -> float | None:
    """Return a count of people as it may be said: rounded, and nothing below the threshold."""
    if 0 < count < rule.threshold:
        return None
    return round(count / rule.rounding) * float(rule.rounding)


def gate_text(text: str, *, name: str) -> str:
    """Return `text` if it holds no identifier.

    Raises
    ------
    DisclosureError
        If it holds an NHS number, a full postcode, an e-mail address or a National Insurance
        number; the message says which kind, and never quotes it.
    """
    if kinds := personal_kinds([text]):
        raise DisclosureError(f"{name} holds {' and '.join(kinds)}. Take it out of the text.")
    return text


def _count_columns(frame: pd.DataFrame) -> list[Hashable]:
    """Columns of whole numbers, whatever type pandas keeps them in, of which none is negative."""
    return [column for column in frame.columns if _may_count(frame[column])]


def _may_count(values: pd.Series) -> bool:
    if pd.api.types.is_bool_dtype(values) or pd.api.types.is_datetime64_any_dtype(values):
        return False
    if not pd.api.types.is_numeric_dtype(values):
        known = values.dropna()
        if known.empty or not known.map(lambda item: isinstance(item, Number)).all():
            return False
    numbers = pd.to_numeric(values, errors="coerce").dropna().astype(float)
    return bool(len(numbers) and (numbers >= 0).all() and (numbers % 1 == 0).all())


def _is_statistic(values: pd.Series) -> bool:
    if pd.api.types.is_bool_dtype(values):
        return False
    return pd.api.types.is_numeric_dtype(values) or pd.api.types.is_datetime64_any_dtype(values)


def _as_text(values: pd.Series) -> Iterable[str]:
    """What could be an identifier: texts, and whole numbers, but no fraction's digits."""
    known = values.dropna().unique()
    return [
        f"{item:.0f}" if isinstance(item, Number) else str(item)
        for item in known
        if not isinstance(item, Number) or _is_whole(item)
    ]


def _is_whole(item: object) -> bool:
    return float(item) % 1 == 0  # type: ignore[arg-type]


def _refuse_identifiers(frame: pd.DataFrame, name: str) -> None:
    names = [str(column) for column in frame.columns] + [str(n) for n in frame.index.names if n]
    for column in names:
        if re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_") in IDENTIFIERS:
            raise DisclosureError(
                f"{name} has the column {column!r}, which identifies people or their records. "
                "Leave it out, or count by something broader; use run.save for row-level tables."
            )
    if kinds := personal_kinds(names):
        raise DisclosureError(
            f"A heading of {name} holds {' and '.join(kinds)}. Turn the table, or group it."
        )
    texts = frame.select_dtypes(exclude=["bool", "datetime"])
    for column in texts.columns:
        if kinds := personal_kinds(_as_text(texts[column])):
            raise DisclosureError(
                f"{name}, column {column!r}, holds {' and '.join(kinds)}. Leave the column out or "
                "group it."
            )
