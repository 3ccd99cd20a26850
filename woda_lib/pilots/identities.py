"""Who is who, as a person decides it: un-merging and merging people, on the record.

A decision is made for a purpose under which people may be re-identified, about records that the
last complete run linked, and with a reason. It becomes rows of ``data/decisions/<pilot>/``, which
the next run reads as an input: until then whatever follows from the linkage is stale. Nothing in
those files names anybody: records go by pseudonyms, and a reason that names one of them is refused.
"""

from __future__ import annotations

import fcntl
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from uuid import uuid4

import pandas as pd

from woda_lib.disclosure import Loaded
from woda_lib.errors import WodaError
from woda_lib.linkage.decisions import COLUMNS, PAIR, in_force
from woda_lib.linkage.history import refuse_contradictions
from woda_lib.linkage.review_sheet import write_whole
from woda_lib.notebook.decisions import KEY, mark_of
from woda_lib.partners import OPTED_OUT, Door, load_agreement
from woda_lib.partners.audit import account
from woda_lib.partners.datasets import CONTRACTS
from woda_lib.records import (
    IDENTITIES,
    Pilot,
    RunFolder,
    TableNotFound,
    complete_runs,
    decision_files,
    nearest,
    read_list,
)
from woda_lib.settings import Settings

WRITTEN = [*COLUMNS, "purpose", "act", KEY]
"""Columns of the file: those of `woda_lib.linkage.decisions`, for what purpose it was decided,
which rows are one act, and under which key the pseudonyms were made."""

WHO_IS_WHO, WHAT_WAS_SAID = "records", "details"
"""The saved tables of who is who, and of what partners said of each."""


NAMES = ("forename", "surname")
_WORDS = re.compile(r"[^\W\d_][\w'’-]+")


class IdentityDecisionError(WodaError):
    """A decision about who is who that cannot be made as it was asked for."""

    exit_code = 2


@dataclass(frozen=True)
class Decided:
    """What became of a decision: its act, the rows that were written, and where."""

    act: str
    rows: int
    path: Path


class Deciding:
    """Decisions of one person, for one purpose.

    Parameters
    ----------
    pilot : Pilot
    purpose : str
        One of the agreement's, under which people may be re-identified.
    reason : str
        In the person's own words, without anybody's name.
    settings : Settings
    by : str
        Who decides; left out, the account of the operating system.

    Raises
    ------
    AgreementError
        If the purpose is not agreed, or nobody may be re-identified for it; that is recorded.
    IdentityDecisionError
        If no reason is given.
    TableNotFound
        If the pilot has no complete run, or its last one does not say who is who.
    """

    def __init__(
        self, pilot: Pilot, *, purpose: str, reason: str, settings: Settings, by: str = ""
    ) -> None:
        if not reason.strip():
            raise IdentityDecisionError("Say why: whoever follows this person will ask.")
        runs = complete_runs(settings.outputs_folder, pilot.pilot)
        if not runs:
            raise TableNotFound(f"{pilot.pilot} has no complete run. `woda run {pilot.pilot}`.")
        self._pilot, self._settings, self._folder = pilot, settings, runs[-1]
        self._step = linking_step(pilot, self._folder)
        self._reason, self._by = reason.strip(), by.strip() or account()
        agreement = load_agreement(pilot.agreement, settings.agreements_folder)
        run = f"{pilot.pilot}/{self._folder.path.name}/{self._step}"
        self._door = Door(agreement, purpose, settings, run=run)
        self._door.reidentifying(self._reference(WHO_IS_WHO))
        opted_out = self._folder.table(self._step, OPTED_OUT)
        self._door.add_linked(opted_out, self._reference(OPTED_OUT))
        self._known = self._table(WHO_IS_WHO).astype({"dataset": str})

    def unmerge(self, person: str, records: Sequence[str]) -> Decided:
        """Decide that some records of a person are of somebody else.

        They are kept apart from each of the person's other records; whether they belong together,
        or to another person, is for the linkage to say.

        Parameters
        ----------
        person : str
            The `entity_id`.
        records : sequence of str
            ``<dataset>:<number>``, with the pseudonym or the partner's own number.

        Raises
        ------
        IdentityDecisionError
            If there is no such person or record, or no other record would remain.
        DecisionError
            If it contradicts a decision that is in force.
        """
        theirs = self._of_person(person)
        named = theirs.index.isin([self._row(record, theirs) for record in records])
        if named.all():
            raise IdentityDecisionError(
                f"These are all {len(theirs)} records of {person}, so that nothing would be "
                "parted. Name those that belong to somebody else."
            )
        pairs = product(self._pairs(theirs[named]), self._pairs(theirs[~named]))
        said = f"{int(named.sum())} of {len(theirs)} records of a person are somebody else's"
        return self._decide([(*a, *b) for a, b in pairs], "cannot_link", theirs, said)

    def merge(self, person: str, other: str) -> Decided:
        """Decide that two persons are one.

        Parameters
        ----------
        person, other : str
            Their `entity_id`.

        Raises
        ------
        IdentityDecisionError, DecisionError
            As for `unmerge`.
        """
        if person == other:
            raise IdentityDecisionError(f"{person} is one person already.")
        both = [self._of_person(each) for each in (person, other)]
        ends = [self._pairs(each.sort_values("confidence", ascending=False)) for each in both]
        said = "two persons are one"
        return self._decide([(*ends[0][0], *ends[1][0])], "must_link", pd.concat(both), said)

    def take_back(self, act: str) -> Decided:
        """Take a decision back: the linkage decides again.

        Parameters
        ----------
        act : str
            As `acts` lists it.

        Raises
        ------
        IdentityDecisionError
            If there is no such act.
        """
        rows = _rows(self._path)
        taken = rows[rows["act"] == act]
        if taken.empty:
            raise IdentityDecisionError(f"There is no act {act}. {nearest(act, rows['act'])}")
        ends = {tuple(row) for side in (PAIR[:2], PAIR[2:]) for row in taken[side].to_numpy()}
        keys = pd.MultiIndex.from_frame(self._known[["dataset", "local_id"]])
        about = self._known[keys.isin(list(ends))]
        pairs = [tuple(row) for row in taken[PAIR].to_numpy()]
        return self._decide(pairs, "undecided", about, f"act {act} is taken back")

    @property
    def _path(self) -> Path:
        return self._settings.decisions_folder / self._pilot.pilot / IDENTITIES

    def _reference(self, table: str) -> str:
        return f"{self._pilot.pilot}/{self._step}:{table}"

    def _table(self, name: str) -> pd.DataFrame:
        return self._door.load_table(self._folder.table(self._step, name), self._reference(name))

    def _of_person(self, person: str) -> pd.DataFrame:
        theirs = self._known[self._known["entity_id"] == person]
        if theirs.empty:
            raise IdentityDecisionError(
                f"Run {self._folder.path.name} knows no {person}. Look the person up again: "
                "whoever was merged since goes by another identifier."
            )
        return theirs

    def _row(self, record: str, theirs: pd.DataFrame) -> object:
        dataset, _, number = record.partition(":")
        if not number or dataset not in CONTRACTS:
            raise IdentityDecisionError(
                f"A record must be named <dataset>:<number>, with one of the datasets "
                f"{', '.join(sorted(set(theirs['dataset'])))}."
            )
        own = theirs[theirs["dataset"] == dataset]
        contract = CONTRACTS[dataset]
        disguised = self._door.pseudonymise(
            pd.Series([number]), field=contract.handles[-1], partners=contract.partners[0]
        )
        found = own.index[own["local_id"].isin([number, disguised.iloc[0]])]
        if found.empty:
            raise IdentityDecisionError(
                f"This person has {len(own)} records of {dataset}, and none under that number. "
                "Take the number from the person's page."
            )
        return found[0]

    @staticmethod
    def _pairs(rows: pd.DataFrame) -> list[tuple[str, str]]:
        return list(rows[["dataset", "local_id"]].astype(str).itertuples(index=False, name=None))

    def _decide(
        self, pairs: Sequence[tuple], decision: str, about: pd.DataFrame, said: str
    ) -> Decided:
        self._refuse_names(about)
        act = new_act()
        rows = pd.DataFrame(pairs, columns=PAIR).assign(
            decision=decision, by=self._by, reason=self._reason, act=act
        )
        detail = f"{said.capitalize()} (act {act}, by {self._by}): {self._reason}"
        name = self._reference(WHO_IS_WHO)
        write_decisions(self._path, rows, about, door=self._door, name=name, detail=detail)
        return Decided(act, len(rows), self._path)

    def _refuse_names(self, about: pd.DataFrame) -> None:
        """Refuse a reason that names whom it is about; files of decisions name nobody."""
        if not self._folder.table(self._step, WHAT_WAS_SAID).is_file():
            return
        details = self._table(WHAT_WAS_SAID).astype({"dataset": str})
        keys = ["dataset", "local_id"]
        theirs = details.merge(about[keys], on=keys)
        loaded = Loaded()
        loaded.note(theirs, self._door.agreement.identifiers)
        loaded.refuse_text(self._reason, name="The reason")
        named = pd.concat([theirs[name] for name in NAMES if name in theirs]).dropna().astype(str)
        names = {word.casefold() for text in named.unique() for word in text.split()}
        if any(
            word.casefold() in names for word in _WORDS.findall(self._reason) if word[0].isupper()
        ):
            raise IdentityDecisionError(
                "The reason holds a name of somebody whom it is about. Say it without: files of "
                "decisions name nobody."
            )


def new_act() -> str:
    """Return what a new act of deciding is called."""
    return uuid4().hex[:8]


def write_decisions(
    path: Path, rows: pd.DataFrame, about: pd.DataFrame, *, door: Door, name: str, detail: str
) -> None:
    """Record decisions in the audit log, and then in their file.

    Parameters
    ----------
    path
        A file of the pilot's folder of decisions; made where it is missing.
    rows
        `left_source, left_id, right_source, right_id, decision, by, reason, act`.
    about
        `dataset, local_id` of every record that they concern.
    door
        Open for the purpose for which it is decided.
    name, detail
        What the audit log says of it.

    Raises
    ------
    DecisionError
        If they contradict decisions that are in force; then nothing is written.
    """
    dated = rows.assign(on=door.settings.today.isoformat(), purpose=door.purpose, key=mark_of(door))
    with _locked(path):
        together = pd.concat([_rows(path), dated], ignore_index=True)
        others = (other for other in path.parent.glob("[!.]*.csv") if other != path)
        every = pd.concat([*map(read_list, sorted(others)), together], ignore_index=True)
        refuse_contradictions(in_force(_dated(every)))
        door.note_decision(name, _by_number(about), detail)
        write_whole(together[WRITTEN], path)


def acts(pilot: Pilot, settings: Settings) -> pd.DataFrame:
    """Return what people decided, the newest last.

    Returns
    -------
    DataFrame
        `act, on, by, decision, pairs, in_force, purpose, reason`: a row an act. `in_force` is how
        many of its pairs nobody has decided otherwise since.
    """
    files = decision_files(settings.decisions_folder, pilot.pilot)
    whole = pd.concat([pd.DataFrame(columns=WRITTEN), *map(read_list, files)], ignore_index=True)
    whole = whole.fillna("")
    stands = in_force(_dated(whole)).groupby("act").size()
    grouped = whole.groupby(["act", "on", "by", "decision", "purpose", "reason"], sort=False)
    table = grouped.size().rename("pairs").reset_index()
    counts = table["act"].map(stands).fillna(0).astype(int)
    columns = ["act", "on", "by", "decision", "pairs", "in_force", "purpose", "reason"]
    return table.assign(in_force=counts)[columns]


def _dated(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(on=pd.to_datetime(rows["on"], errors="coerce"))


def linking_step(pilot: Pilot, folder: RunFolder) -> str:
    """Return the step of a run that saved who is who.

    Raises
    ------
    TableNotFound
        If none did.
    """
    for step in pilot.steps:
        if folder.table(step.name, WHO_IS_WHO).is_file():
            return step.name
    raise TableNotFound(
        f"No step of run {folder.path.name} saved who is who (the table {WHO_IS_WHO!r}). Decisions "
        f"are made about people whom {pilot.pilot} has linked."
    )


def _rows(path: Path) -> pd.DataFrame:
    if not path.exists():
        return pd.DataFrame(columns=WRITTEN)
    return read_list(path).reindex(columns=WRITTEN, fill_value="")


def _by_number(records: pd.DataFrame) -> pd.DataFrame:
    """Write records' numbers under their own names, as the audit log knows people by them."""
    fields = records["dataset"].map(lambda name: CONTRACTS[name].handles[-1])
    columns = {field: records["local_id"].where(fields == field) for field in fields.unique()}
    return pd.DataFrame(columns)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Let those who decide at once take turns, so that no decision is lost."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (path.parent / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
