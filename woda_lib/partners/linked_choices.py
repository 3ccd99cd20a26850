"""Who opted out by linkage: the records that bear no number by which the choice could be known.

Police and housing know nobody's NHS number. Linkage finds that one of their records is of somebody
who told the hospital to be left out; what it found is saved, and later steps leave out every row in
which it stands:

- a dataset's row by the partner's number of the person, hashed as the step is handed it;
- a saved table's row by the same number or by the person's ``entity_id``, in whatever column;
- a row that bears nobody's number (an incident) by the dataset that says who is in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from woda_lib.partners.asked_rows import Handle, Mask, numbers_among
from woda_lib.partners.contracts import Contract
from woda_lib.partners.datasets import CONTRACTS, NHS_NUMBER
from woda_lib.partners.datasets.residents import RESIDENTS
from woda_lib.partners.opt_outs import PERSON_NUMBERS
from woda_lib.partners.people_index import LOCAL_NUMBERS, Marks
from woda_lib.partners.pseudonyms import marks_of_pseudonyms

COLUMNS = ["partner", "local_id", "entity_id"]
PERSON_COLUMNS = {
    *(name for names in PERSON_NUMBERS.values() for name in names),
    *(contract.handles[-1] for contract in RESIDENTS),
}
"""Numbers of people, and of none of their stays, by which linkage knows them."""

NO_PART = "reporter"
"""The role of somebody who only told of an incident, and is not in it."""

_PSEUDONYM = re.compile("[a-z2-7]{26}")
_SHORTEST_ENTITY = 8

TOLD_BY = {
    name: contract.told_by for name, contract in CONTRACTS.items() if contract.told_by is not None
}
"""Of datasets whose rows bear nobody's number: who says whose they are, and by which column."""
RECORDS = {column: teller for teller, column in TOLD_BY.values()}
"""The numbers of such rows, with the dataset that says who is in them."""
TELLERS = tuple(dict.fromkeys(RECORDS.values()))


@dataclass(frozen=True)
class Linked:
    """What linkage found.

    Attributes
    ----------
    found : DataFrame
        `COLUMNS`, a row a record: numbers as the step was handed them. Of the two people in one
        record the number has what tells them apart after a slash.
    pseudonymise : callable
        `Door.pseudonymise`.
    """

    found: pd.DataFrame
    pseudonymise: Callable[..., pd.Series]

    def __bool__(self) -> bool:
        return not self.found.empty

    def rows_of(
        self,
        frame: pd.DataFrame,
        contract: Contract,
        marks: Mapping[str, Marks] | None = None,
        known: Mask | None = None,
    ) -> pd.Series:
        """Return which rows of a dataset, its numbers in clear, bear a number that was found.

        Parameters
        ----------
        frame : DataFrame
        contract : Contract
        marks : mapping of str to ndarray, optional
            Of columns, the marks of the pseudonyms that their numbers were handed out as. A row
            whose mark is of nobody found need not be hashed again.
        known : ndarray of bool, optional
            Rows that are known to be theirs anyhow: they are not asked for, and not returned.
        """
        theirs = np.zeros(len(frame), dtype=bool)
        for column in contract.handles:
            if column == NHS_NUMBER or not self:
                continue
            asked = np.flatnonzero(self._may_be_theirs(column, len(frame), marks, known))
            if not len(asked):
                continue
            whose, own = frame["partner"].take(asked), frame[column].take(asked)
            numbers = self.pseudonymise(own, field=column, partners=whose)
            theirs[asked] |= self._by_partner(whose, numbers).to_numpy(dtype=bool)
        return pd.Series(theirs, index=frame.index)

    def numbers_in(
        self,
        register: pd.DataFrame,
        contract: Contract,
        marks: Mapping[str, Marks] | None = None,
        known: Mask | None = None,
    ) -> dict[Handle, set[str]]:
        """Return the partners' own numbers behind what was found, as far as a register has them.

        Parameters
        ----------
        register, contract, marks, known
            As for `rows_of`.
        """
        found: dict[Handle, set[str]] = {}
        for column in PERSON_COLUMNS & set(contract.handles) if self else ():
            asked = np.flatnonzero(self._may_be_theirs(column, len(register), marks, known))
            if not len(asked):
                continue
            people = register[["partner", column]].take(asked).drop_duplicates().dropna()
            whose, numbers = people["partner"], people[column]
            disguised = self.pseudonymise(numbers, field=column, partners=whose)
            for partner, own in self.found.groupby("partner")["local_id"]:
                hit = numbers_among(disguised, whose, str(partner), own)
                found.setdefault((column, str(partner)), set()).update(numbers[hit].tolist())
        return found

    def _may_be_theirs(
        self, column: str, rows: int, marks: Mapping[str, Marks] | None, known: Mask | None
    ) -> Mask:
        """Say which rows are worth hashing: their marks, where there are any, are those found.

        All marks of pseudonyms that were found are among them, and hardly another.
        """
        asked = np.ones(rows, dtype=bool)
        if marks is not None and column in marks:
            asked = pd.Series(marks[column]).isin(self._marks).to_numpy(dtype=bool)
        return asked if known is None else asked & ~known

    @cached_property
    def _marks(self) -> Marks:
        found = marks_of_pseudonyms(self._stems)
        return np.unique(found[found != 0])

    def rows_of_table(self, frame: pd.DataFrame, *, in_clear: bool) -> pd.Series:
        """Return which rows of a saved table bear a number or an entity that was found."""
        theirs = pd.Series(False, index=frame.index)
        if not self:
            return theirs
        told = {*filter(_PSEUDONYM.fullmatch, self._numbers), *self._entities}
        for column in frame.columns:
            if not _is_text(frame[column]):
                continue
            theirs |= _each(frame[column], lambda texts: _are_told(texts, told))
            if column in LOCAL_NUMBERS:
                for partner in self.found["partner"].unique():
                    numbers = frame[column]
                    if in_clear:
                        numbers = self.pseudonymise(numbers, field=column, partners=partner)
                    theirs |= self._by_partner(partner, numbers)
        return theirs

    def _by_partner(self, partners: pd.Series | str, numbers: pd.Series) -> pd.Series:
        theirs = pd.Series(False, index=numbers.index)
        if isinstance(partners, str):
            return theirs | numbers.isin(self._of.get(partners, frozenset())).to_numpy(bool)
        for partner, own in self._of.items():
            theirs |= numbers_among(numbers, partners, partner, own)
        return theirs

    @cached_property
    def _of(self) -> dict[str, frozenset[str]]:
        """The numbers that were found, by partner, without what tells two people apart."""
        by_partner = self._stems.groupby(self.found["partner"])
        return {str(partner): frozenset(own.dropna()) for partner, own in by_partner}

    @property
    def _numbers(self) -> Iterable[str]:
        return set(self._stems)

    @cached_property
    def _stems(self) -> pd.Series:
        return _stem(self.found["local_id"])

    @property
    def _entities(self) -> set[str]:
        names = self.found["entity_id"].dropna().astype(str)
        return set(names[names.str.len() >= _SHORTEST_ENTITY])


def linked(tables: list[pd.DataFrame], pseudonymise: Callable[..., pd.Series]) -> Linked:
    """Put together what several steps found; what an older step saved names no entity."""
    whole = [table.reindex(columns=COLUMNS).astype("string") for table in tables]
    found = pd.concat([pd.DataFrame(columns=COLUMNS, dtype="string"), *whole], ignore_index=True)
    return Linked(found.drop_duplicates(ignore_index=True), pseudonymise)


def bears_nobody(frame: pd.DataFrame) -> bool:
    """Whether a saved table says of no person whose row it is, by its columns' names."""
    named = {*LOCAL_NUMBERS, "local_id"}
    return not any(column in named or str(column).endswith("entity_id") for column in frame)


def took_part(register: pd.DataFrame) -> pd.Series:
    """Return which rows of a dataset that says who is in a record are of people who are in it."""
    if "role" not in register:
        return pd.Series(True, index=register.index)
    return register["role"] != NO_PART


def _is_text(values: pd.Series) -> bool:
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = pd.Series(values.cat.categories)
    return pd.api.types.is_string_dtype(values) or pd.api.types.is_object_dtype(values)


def _each(values: pd.Series, question: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """Ask a question of every text, once of each where they are categories."""
    if not isinstance(values.dtype, pd.CategoricalDtype):
        return question(values)
    answers = question(pd.Series(values.cat.categories, dtype="string")).to_numpy(dtype=bool)
    return pd.Series(np.append(answers, False)[values.cat.codes], index=values.index)


def _are_told(texts: pd.Series, told: set[str]) -> pd.Series:
    """Say which texts, or what stands before their stroke, are among those told."""
    theirs = texts.isin(told).to_numpy(dtype=bool)
    longer = _have_slash(texts)
    if longer.any():
        theirs[longer] |= _stem(texts[longer]).isin(told).to_numpy(dtype=bool)
    return pd.Series(theirs, index=texts.index)


def _stem(values: pd.Series) -> pd.Series:
    """Return numbers without what tells the two people in one record apart, after a slash."""
    texts = values.astype("string")
    longer = np.flatnonzero(_have_slash(texts))
    if len(longer):
        texts = texts.copy()
        texts.iloc[longer] = texts.take(longer).str.partition("/")[0]
    return texts


def _have_slash(texts: pd.Series) -> Mask:
    return texts.astype("string").str.contains("/", regex=False).fillna(False).to_numpy(bool)
