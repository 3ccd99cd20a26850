"""The contract of a dataset: the columns, codes and rules that every delivered row must keep.

A contract is data, so that one place serves three readers: the loader that holds rows to it, the
page that tells partners what to send, and `woda extracts check`.

Two kinds of fault are told apart. A row that breaks a *row* rule is refused whole and goes to
quarantine. A value that is wrong but not needed to know what the row is about (an NHS number whose
check digit fails) is blanked, the row is kept, and the fault is written to quarantine all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

Kind = Literal[
    "text", "free_text", "code", "date", "moment", "nhs_number", "postcode", "whole_number", "shape"
]
DTYPES: Mapping[str, str] = {
    "date": "datetime64[ns]",
    "moment": "datetime64[ns]",
    "whole_number": "Int64",
}
LONGEST_TEXT = 200
LONGEST_TITLE = 28
LONGEST_FREE_TEXT = 20_000
LONGEST_SHAPE = 2_000_000
_LONGEST = {"text": LONGEST_TEXT, "free_text": LONGEST_FREE_TEXT, "shape": LONGEST_SHAPE}


@dataclass(frozen=True)
class Column:
    """One agreed column.

    Attributes
    ----------
    kind
        How its text is read.
    description
        For partners and analysts.
    required
        Whether a row without a value is refused. The column itself must always be there.
    codes
        For a code: each accepted value with the ways in which partners write it.
    minimum, maximum
        For a whole number, ends included.
    personal
        Whether it identifies a person.
    numbered_by
        Of a number that another partner gave: that partner. Left out, it is the sender's.
    heading
        What the column is called in a form that others fixed: ``RegAddress.PostCode``. Left out, it
        is called by its name.
    """

    kind: Kind
    description: str
    required: bool = True
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    minimum: int | None = None
    maximum: int | None = None
    personal: bool = False
    numbered_by: str | None = None
    heading: str | None = None

    @property
    def dtype(self) -> str:
        """The pandas type after loading."""
        return DTYPES.get(self.kind, "string")

    def meanings(self) -> dict[str, str]:
        """Every accepted way of writing a code, in lower case, with the code that it means."""
        return {
            written.casefold(): code
            for code, others in self.codes.items()
            for written in (code, *others)
        }

    def beyond(self, values: pd.Series) -> pd.Series:
        """Say which values, in this type, break `bound`."""
        beyond = pd.Series(False, index=values.index)
        if self.longest is not None:
            beyond |= values.str.len().gt(self.longest).fillna(False).astype(bool)
        if self.minimum is not None and self.maximum is not None:
            within = values.between(self.minimum, self.maximum)
            beyond |= ~within.fillna(True).astype(bool)
        return beyond

    @property
    def bound(self) -> str:
        """The rule, as it appears in quarantine, that a value breaks which is beyond all reason."""
        return "out_of_range" if self.longest is None else "too_long"

    @property
    def longest(self) -> int | None:
        """How many characters a text may have."""
        return _LONGEST.get(self.kind)


@dataclass(frozen=True)
class RowRule:
    """A rule over several columns of a row.

    Attributes
    ----------
    name : str
        As it appears in quarantine.
    column : str
        The column to look at first.
    says : str
        The rule as a sentence.
    keeps : callable
        Given the typed table (and ``delivered_on``), True where a row keeps the rule; a row with
        too little to judge by keeps it.
    """

    name: str
    column: str
    says: str
    keeps: Callable[[pd.DataFrame], pd.Series]

    def kept_by(self, rows: pd.DataFrame) -> pd.Series:
        """Say of rows of the typed table whether each keeps the rule."""
        return self.keeps(rows).fillna(True).astype(bool)


@dataclass(frozen=True)
class Contract:
    """What partners agreed to deliver as one dataset.

    Attributes
    ----------
    dataset, description : str
    title : str
        What people call it, in at most `LONGEST_TITLE` characters.
    partners : tuple of str
        Who delivers it.
    key : str
        The column that, with the partner, identifies a row; a later delivery supersedes.
    columns : mapping of str to Column
    rules : tuple of RowRule
    every : {"month", "day"}
        How often it is delivered. A dataset of every day may be delivered by the month for the time
        before its daily files begin.
    handles : tuple of str
        The columns by which a row is known to be a person's: the NHS number, and partners' own
        numbers of the person or of the stay.
    told_by : tuple of str, optional
        Of rows that bear nobody's number: the dataset that says who is in them, and the column that
        both have. An incident is left out with who opted out; the others in it are not.
    """

    dataset: str
    title: str
    description: str
    partners: tuple[str, ...]
    key: str
    columns: Mapping[str, Column]
    rules: tuple[RowRule, ...] = ()
    handles: tuple[str, ...] = ()
    every: Literal["month", "day"] = "month"
    told_by: tuple[str, str] | None = None

    def rule(self, name: str) -> RowRule | None:
        """Return the row rule called `name`, if it is one."""
        return next((rule for rule in self.rules if rule.name == name), None)
