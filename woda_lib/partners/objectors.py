"""Who opted out, as one step of a run gets to know it: from lists, registers and linkage."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from woda_lib.partners.agreements import Agreement
from woda_lib.partners.asked_rows import AskedRows, Bearers, Handle
from woda_lib.partners.contracts import Contract
from woda_lib.partners.datasets import CONTRACTS
from woda_lib.partners.errors import OptOutError
from woda_lib.partners.folder import Delivery
from woda_lib.partners.following import Following
from woda_lib.partners.holding import Loaded
from woda_lib.partners.linked_choices import (
    COLUMNS,
    PERSON_COLUMNS,
    RECORDS,
    TELLERS,
    TOLD_BY,
    Linked,
    bears_nobody,
    linked,
    took_part,
)
from woda_lib.partners.loading import delivered
from woda_lib.partners.opt_outs import REGISTERS, choices, named
from woda_lib.partners.people_index import LOCAL_NUMBERS, Marks
from woda_lib.partners.spreading import Alike, Objecting, People, numbers_seen

Pseudonymise = Callable[..., pd.Series]
"""`Door.pseudonymise`: numbers as the step is handed them."""

Accepted = Callable[[Sequence[Delivery], Contract], Loaded]
"""Delivered files held to their contract, as a load holds them."""


def looked_at(contract: Contract) -> list[str]:
    """Return the columns of a dataset by which it is told whose rows are of whom."""
    told_by = [contract.told_by[1]] if contract.told_by else []
    names = dict.fromkeys([*contract.handles, *RECORDS, "role", *told_by])
    return [name for name in names if name in contract.columns]


@dataclass
class Objectors:
    """Everybody who opted out, and the rows that are theirs.

    Parameters
    ----------
    extracts : Path
    agreement : Agreement
        Its partners' lists and registers are asked.
    pseudonymise : callable
    accepted : callable
    """

    extracts: Path
    agreement: Agreement
    pseudonymise: Pseudonymise
    accepted: Accepted
    _registers: dict[str, pd.DataFrame] = field(default_factory=dict)
    _linked: list[pd.DataFrame] = field(default_factory=list)
    _handed_out: dict[str, pd.DataFrame] = field(default_factory=dict)
    _told: dict[str, frozenset[str]] = field(default_factory=dict)
    _known: dict[Handle, set[str]] = field(default_factory=dict)
    _marks: dict[str, dict[str, Marks]] = field(default_factory=dict)

    def keep_register(self, dataset: str, frame: pd.DataFrame) -> None:
        """Take who has which numbers from a register that was loaded anyway."""
        if dataset in REGISTERS or dataset in TELLERS:
            self._marks.pop(dataset, None)  # which were of the rows that are read again
            kept = looked_at(CONTRACTS[dataset])
            self._registers[dataset] = frame[["partner", *(n for n in kept if n in frame)]]

    def rows_of(self, frame: pd.DataFrame, contract: Contract) -> pd.Series:
        """Return which rows of a dataset, its numbers in clear, are of somebody who opted out.

        Raises
        ------
        OptOutError
            If it cannot be told who did.
        """
        rows = Objecting(contract, Bearers(AskedRows(frame), contract.handles))
        rows.since(self._everybody, self._by_linkage)
        theirs = pd.Series(rows.theirs, index=frame.index)
        if contract.dataset in TOLD_BY:
            teller, column = TOLD_BY[contract.dataset]
            theirs |= frame[column].isin(self._records_told_by(teller, column))
        return theirs

    def rows_of_table(
        self, frame: pd.DataFrame, *, in_clear: bool, numbered: Collection[str] = ()
    ) -> pd.Series:
        """Return which rows of a saved table are of somebody who opted out.

        They bear a number or an entity of theirs; or, where a table bears nobody's, the number of
        a record in which they are. Where a table says who is whom, a choice that was told since
        is followed to the person's other records, and to every table that is asked of after it.

        Parameters
        ----------
        frame : DataFrame
        in_clear : bool
            Whether its numbers are the partners' own, and not pseudonyms.
        numbered : collection of str
            Columns of people's pseudonyms under another name than their partner's.
        """
        theirs = self._by_number(frame, in_clear=in_clear, numbered=numbered)
        if theirs.any() and set(COLUMNS) <= set(frame):
            self._follow(frame, theirs)
        theirs |= self._by_linkage.rows_of_table(frame, in_clear=in_clear)
        if bears_nobody(frame):
            for column in RECORDS.keys() & set(frame.columns):
                theirs |= frame[column].isin(self._records(column, in_clear=in_clear))
        return theirs

    def remember(self, frame: pd.DataFrame, contract: Contract) -> None:
        """Remember, in a step that is exempt, whose rows were handed out, should linkage ask.

        Rows without a number by which it knows people lead to nobody.
        """
        if PERSON_COLUMNS & set(contract.handles):
            self._handed_out[contract.dataset] = frame[["partner", *contract.handles]]
            self._marks.pop(contract.dataset, None)

    def remember_marks(self, people: Marks, contract: Contract) -> None:
        """Remember, of rows that were remembered, the marks of the numbers that they bear.

        Parameters
        ----------
        people : ndarray of uint64, shape (rows, handles)
            From `people_index.marks_of_rows`.
        contract : Contract
        """
        if contract.dataset not in self._handed_out:
            return
        self._marks[contract.dataset] = {
            column: people[:, place].copy()
            for place, column in enumerate(contract.handles)
            if column in self.agreement.pseudonyms and contract.columns[column].numbered_by is None
        }

    def spread(self, people: pd.DataFrame, alike: Alike | None = None) -> pd.DataFrame:
        """Count in the records of every person one of whose records objects, and return them.

        What linkage found is followed through the registers, as later steps follow it, and may lead
        to somebody else's record: until nothing is added.

        Parameters
        ----------
        people : DataFrame
            ``partner, local_id, entity_id``: who is whom, by numbers as the step was handed them.
        alike : ndarray, optional
            As for `spreading.People`.

        Returns
        -------
        DataFrame
            Some of its rows, ordered by partner and number.
        """
        who = People(people, alike)
        if self._handed_out:
            with suppress(OptOutError):  # then nobody is known to object
                self._spread_among(who, self._followed())
        found = who.found()
        self.add_linked(found)
        return found

    def _spread_among(self, who: People, following: Following) -> None:
        handed_out = [self._rows_handed_out(dataset, following) for dataset in self._handed_out]
        new = self._by_linkage
        while True:
            theirs = [(rows.contract, rows.since(following.numbers, new)) for rows in handed_out]
            found = who.since(numbers_seen(theirs, self.pseudonymise))
            if found.empty:
                return
            new = linked([found], self.pseudonymise)
            following.add_linked(new, self._marks)

    def add_linked(self, found: pd.DataFrame) -> None:
        """Count in what `spread` returned, here or in an earlier step."""
        self._linked.append(found)
        for known in ("_everybody", "_by_linkage", "_pseudonyms"):
            self.__dict__.pop(known, None)
        self._told.clear()

    def _by_number(
        self, frame: pd.DataFrame, *, in_clear: bool, numbered: Collection[str]
    ) -> pd.Series:
        theirs = pd.Series(False, index=frame.index)
        if not in_clear:
            for column in {*LOCAL_NUMBERS, *numbered} & set(frame.columns):
                theirs |= frame[column].isin(self._pseudonyms)
            return theirs
        for (column, _), values in self._everybody.items():
            if column in frame and column in LOCAL_NUMBERS:
                theirs |= frame[column].isin(values)
        return theirs

    def _follow(self, frame: pd.DataFrame, theirs: pd.Series) -> None:
        """Count in the people of a table one of whose records was found by its number."""
        people = frame.loc[theirs, "entity_id"].dropna().astype(str).unique()
        if set(people) - set(self._by_linkage.found["entity_id"].dropna()):
            found = frame.loc[frame["entity_id"].isin(people), COLUMNS]
            self.add_linked(found.drop_duplicates())

    def _rows_handed_out(self, dataset: str, following: Following) -> Objecting:
        """Return rows that were handed out: those of the register, if it has marks of the same."""
        contract, marks = CONTRACTS[dataset], self._marks.get(dataset)
        if marks is not None and dataset in following.registers:
            return Objecting(contract, following.registers[dataset], marks)
        rows = AskedRows(self._handed_out[dataset])
        return Objecting(contract, Bearers(rows, contract.handles), marks)

    def _records_told_by(self, teller: str, column: str) -> frozenset[str]:
        """Return the numbers, in clear, of records in which somebody is who opted out.

        Whom police or a landlord know is told by linkage alone, so that nothing is read without.
        """
        if not self._by_linkage or teller not in self.agreement.datasets:
            return frozenset()
        if column not in self._told:
            register = self._register(teller)
            theirs = self._by_linkage.rows_of(register, CONTRACTS[teller]) & took_part(register)
            self._told[column] = frozenset(register.loc[theirs, column].dropna())
        return self._told[column]

    def _records(self, column: str, *, in_clear: bool) -> pd.Series:
        """Return the same as a saved table bears them."""
        teller = RECORDS[column]
        numbers = pd.Series(sorted(self._records_told_by(teller, column)), dtype="string")
        if in_clear:
            return numbers
        (sender,) = CONTRACTS[teller].partners
        return self.pseudonymise(numbers, field=column, partners=sender)

    @cached_property
    def _by_linkage(self) -> Linked:
        return linked(self._linked, self.pseudonymise)

    @cached_property
    def _everybody(self) -> dict[Handle, set[str]]:
        """Everybody who opted out, by every number under which they are known."""
        return self._followed().numbers

    def _followed(self) -> Following:
        """Follow what was delivered, and what linkage found so far, through the registers.

        Numbers that were known once in this step stay known, whatever a register that is read again
        says by then.
        """
        following = Following(
            {name: self._register(name) for name in REGISTERS if name in self.agreement.datasets}
        )
        following.add(self._known)
        following.add(named(self._standing))
        following.add_linked(self._by_linkage, self._marks)
        self._known = following.numbers
        return following

    @cached_property
    def _standing(self) -> pd.DataFrame:
        """The choices that were delivered, which nothing that linkage finds changes."""
        return choices(self.extracts, self.agreement.partners, self.accepted)

    @cached_property
    def _pseudonyms(self) -> frozenset[str]:
        """Everybody's numbers as a saved table bears them."""
        made = [
            self.pseudonymise(pd.Series(sorted(values)), field=column, partners=partner)
            for (column, partner), values in self._everybody.items()
            if column in LOCAL_NUMBERS and values
        ]
        return frozenset(pd.concat(made)) if made else frozenset()

    def _register(self, dataset: str) -> pd.DataFrame:
        if dataset not in self._registers:
            contract = CONTRACTS[dataset]
            files = delivered(contract, self.extracts, self.agreement)
            self.keep_register(dataset, self.accepted(files, contract).frame)
        return self._registers[dataset]
