"""The gate that every table, figure, value and sentence passes before a reviewer sees it.

Counts of people below the threshold are withheld, with every statistic that stands in the same
row; other counts are rounded. A table that names people, or is as long as a list of them, is
refused. The rules come from the agreement under which the data were loaded.

This is a first gate: it looks at one table at a time. Withheld cells that follow from totals, and
differences between releases, are not caught yet.

References
----------
Griffiths, E. et al. (2019). *Handbook on Statistical Disclosure Control for Outputs*. Safe Data
Access Professionals Working Group: thresholds and rounding.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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
        The columns that count people. Left out, every column of whole numbers does.

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
    counted = _count_columns(frame) if counts is None else list(counts)
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
    for column in frame.columns.difference(counted):
        if pd.api.types.is_numeric_dtype(frame[column]) and in_row.any():
            gated[column] = frame[column].astype("Float64").mask(in_row)
            withheld[column] = in_row & frame[column].notna()
    return GatedTable(gated, withheld)


def gate_count(count: float, rule: Rule, *, name: str) -> float:
    """Return a count of people as it may be said: rounded, and refused below the threshold.

    Raises
    ------
    DisclosureError
        If it lies between nought and the threshold.
    """
    if 0 < count < rule.threshold:
        raise DisclosureError(
            f"{name} counts fewer than {rule.threshold} people. Count a larger group, or leave it "
            "out."
        )
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


def _count_columns(frame: pd.DataFrame) -> list[str]:
    return [
        str(column)
        for column in frame.columns
        if pd.api.types.is_integer_dtype(frame[column])
        and not pd.api.types.is_bool_dtype(frame[column])
    ]


def _refuse_identifiers(frame: pd.DataFrame, name: str) -> None:
    names = [str(column) for column in frame.columns] + [str(n) for n in frame.index.names if n]
    for column in names:
        if column.strip().lower().replace(" ", "_") in IDENTIFIERS:
            raise DisclosureError(
                f"{name} has the column {column!r}, which identifies people or their records. "
                "Leave it out, or count by something broader; use run.save for row-level tables."
            )
    labels = frame.select_dtypes(exclude=["number", "bool", "datetime"])
    for column in labels.columns:
        if kinds := personal_kinds(labels[column].dropna().astype(str).unique()):
            raise DisclosureError(
                f"{name}, column {column!r}, holds {' and '.join(kinds)}. Leave the column out or "
                "group it."
            )
