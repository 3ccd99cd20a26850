"""What people decided: read as a recorded input, so that a new decision counts.

A step that calls `Run.decisions` (who is who) or `Run.decision_files` (decisions of a pilot's own)
follows from the files of decisions as it follows from extracts: whoever un-merges a person makes it
stale, and every step and report that follows from it. Records
go by their pseudonyms, so that a file names nobody without the agreement's key. A decision that was
made under another key finds no record; it is kept, counted and said, and people decide again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from woda_lib.disclosure import Loaded
from woda_lib.notebook.tables import Tables
from woda_lib.partners import Door
from woda_lib.phrases import say_count
from woda_lib.records import DECISIONS, Pilot, decision_files
from woda_lib.settings import Settings

KEY = "key"
"""The column that says under which key a decision's pseudonyms were made."""


@dataclass(frozen=True)
class Decisions:
    """What people decided.

    Attributes
    ----------
    in_force : DataFrame
        For `woda_lib.linkage`: `left_source, left_id, right_source, right_id, decision` (must_link
        or cannot_link), `by, on, reason`, one a pair of records.
    made : int
        Rows of the files, those that were taken back since among them.
    other_key : int
        Rows whose pseudonyms are of another key, so that they cannot be followed.
    says : str
        How many there are, in words.
    """

    in_force: pd.DataFrame
    made: int
    other_key: int
    says: str


class DecisionVerbs:
    """The verbs of `Run` that people's decisions come in by, and go on the record by."""

    pilot: Pilot
    _settings: Settings
    _door: Door
    _loaded: Loaded
    _tables: Tables

    def decisions(self, sources: Iterable[str]) -> Decisions:
        """Return what people decided about pairs of records of this pilot.

        Parameters
        ----------
        sources : iterable of str
            The sources of the linkage, which decisions may name.

        Raises
        ------
        DecisionError
            If a file cannot be read, a row does not say what it must, or decisions contradict each
            other; file and row are named.
        """
        return decisions_of(self.decision_files(), sources, mark=mark_of(self._door))

    def decision_files(self) -> list[Path]:
        """Return the files of what people decided about this pilot, each an input of the step.

        A pilot whose decisions are not about who is who reads them itself. The step follows from
        them: a new decision, or a new file, makes it stale.
        """
        paths = decision_files(self._settings.decisions_folder, self.pilot.pilot)
        for path in paths:
            self._tables.record_input(path, DECISIONS)
        return paths

    def decision_file(self, by: str) -> Path:
        """Return the file of one person's decisions about this pilot; they are read from there."""
        return self._settings.decisions_folder / self.pilot.pilot / f"{by}.csv"

    def note_decision(self, what: str, *, detail: str) -> None:
        """Put on the audit log that somebody decided about one row of a table of this step.

        Parameters
        ----------
        what : str
            The table, in snake_case.
        detail : str
            What was decided, and by whom; it names nobody else.
        """
        self._loaded.refuse_text(detail, name="The detail of a decision")
        self._door.note("decision", dataset=self._tables.reference(what), rows=1, detail=detail)


def decisions_of(paths: Iterable[Path], sources: Iterable[str], *, mark: str) -> Decisions:
    """Read files of decisions; see `DecisionVerbs.decisions`.

    Parameters
    ----------
    paths, sources
    mark : str
        From `mark_of`; rows without one are taken to be of the present key.
    """
    # Here: a step that links nothing shall not hang on every module of linkage.
    from woda_lib.linkage.decisions import in_force, read_decisions
    from woda_lib.linkage.history import refuse_contradictions

    every = read_decisions(paths, sources)
    ours = pd.Series(True, index=every.index)
    if KEY in every:
        ours = every[KEY].fillna("").isin(["", mark])
    force = in_force(every[ours])
    refuse_contradictions(force)
    other = int((~ours).sum())
    says = f"{_counted(len(force), 'decision')} of people {_are(len(force))} in force."
    if other:
        says += (
            f" {_counted(other, 'decision')} made under another key {_are(other)} kept and find "
            "no record now: decide again, from the list that `woda identities list` gives."
        )
    return Decisions(force, len(every), other, says)


def mark_of(door: Door) -> str:
    """Return a pseudonym that is the same under the same key, and belongs to nobody."""
    number = pd.Series(["identities"])
    fields = sorted(door.agreement.pseudonyms)
    return str(door.pseudonymise(number, field=fields[0], partners="").iloc[0])


def _counted(number: int, what: str) -> str:
    return f"{say_count(number).capitalize()} {what}{'' if number == 1 else 's'}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
