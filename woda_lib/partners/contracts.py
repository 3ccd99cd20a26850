"""The contract of a dataset: the columns, codes and rules that every delivered row must keep.

A contract is data, so that one place serves four readers: the loader that reads rows by it, pandera
that checks what was read, the page that tells partners what to send, and `woda extracts check`.

Two kinds of fault are told apart. A row that breaks a *row* rule is refused whole and goes to
quarantine. A value that is wrong but not needed to know what the row is about (an NHS number whose
check digit fails) is blanked, the row is kept, and the fault is written to quarantine all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
import pandera.errors
import pandera.pandas as pa

from woda_lib.partners.errors import ContractError

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

    @property
    def checks(self) -> list[pa.Check]:
        """What pandera asks of its values, each check named as the rule appears in quarantine."""
        checks = []
        if self.codes:
            checks.append(pa.Check.isin(list(self.codes), error="unknown_code"))
        if self.kind in _LONGEST:
            checks.append(pa.Check.str_length(max_value=_LONGEST[self.kind], error="too_long"))
        if self.minimum is not None and self.maximum is not None:
            checks.append(pa.Check.in_range(self.minimum, self.maximum, error="out_of_range"))
        return checks

    def broken(self, values: pd.Series, dataset: str) -> pd.DataFrame:
        """Return which values break which check: ``index, check``.

        Parameters
        ----------
        values
            In the column's type, each different one once: a column of a county has few.
        dataset
            Whose column it is, for the error.

        Raises
        ------
        ContractError
            If a check cannot be asked of them.
        """
        return _broken(pa.SeriesSchema(checks=self.checks, nullable=True), values, dataset)


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

    def __post_init__(self) -> None:
        if self.key in self.columns and self.columns[self.key].kind != "text":
            raise ContractError(
                f"The key {self.key} of {self.dataset} must be a text: rows of one key are known "
                "by what was written."
            )

    def broken(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return which rows break which rule over several columns: ``index, check``.

        Parameters
        ----------
        rows
            Of the typed table, with the column ``delivered_on``. The values of each column are held
            to its own checks by `Column.broken`.

        Raises
        ------
        ContractError
            If a rule cannot be checked.
        """
        return _broken(pa.DataFrameSchema(checks=self._rule_checks), rows, self.dataset)

    def schema(self) -> pa.DataFrameSchema:
        """Return the pandera schema of a typed table with the column ``delivered_on``.

        It is for whoever has such a table whole: a load asks the same of what it reads, part by
        part, with `Column.broken` and `broken`.
        """
        columns = {
            name: pa.Column(column.dtype, checks=column.checks, nullable=not column.required)
            for name, column in self.columns.items()
        }
        return pa.DataFrameSchema(columns, checks=self._rule_checks, strict=False)

    @property
    def _rule_checks(self) -> list[pa.Check]:
        return [
            pa.Check(
                lambda frame, rule=rule: rule.keeps(frame).fillna(True).astype(bool),
                name=rule.name,
                error=rule.name,
                ignore_na=False,
            )
            for rule in self.rules
        ]

    def rule(self, name: str) -> RowRule | None:
        """Return the row rule called `name`, if it is one."""
        return next((rule for rule in self.rules if rule.name == name), None)


def _broken(schema: pa.SeriesSchema | pa.DataFrameSchema, table: Any, dataset: str) -> pd.DataFrame:
    """Return what breaks a check: ``index, check``; refuse where a check itself fails."""
    try:
        schema.validate(table, lazy=True, inplace=True)
    except pandera.errors.SchemaErrors as error:
        cases = error.failure_cases[["index", "check"]].astype({"check": str})
        if (failed := cases["index"].isna()).any():
            raise ContractError(
                f"The rule {cases.loc[failed, 'check'].iloc[0]} of {dataset} cannot be checked: "
                "mend it in woda_lib/partners/datasets/. No row was accepted."
            ) from None
        return cases.astype({"index": "int64"}).drop_duplicates(ignore_index=True)
    return pd.DataFrame({"index": np.empty(0, dtype=np.int64), "check": np.empty(0, dtype=object)})
