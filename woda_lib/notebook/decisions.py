"""What people decided about who is who: read as a recorded input, so that a new decision counts.

A step that calls `Run.decisions` follows from the files of decisions as it follows from extracts:
whoever un-merges a person makes it stale, and every step and report that follows from it. Records
go by their pseudonyms, so that a file names nobody without the agreement's key. A decision that was
made under another key finds no record; it is kept, counted and said, and people decide again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from woda_lib.notebook.tables import Tables
from woda_lib.partners import Door
from woda_lib.phrases import say_count
from woda_lib.records import DECISIONS, Pilot, decision_files
from woda_lib.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

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
    """The verb of `Run` that people's decisions come in by."""

    pilot: Pilot
    _settings: Settings
    _door: Door
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
        paths = decision_files(self._settings.decisions_folder, self.pilot.pilot)
        for path in paths:
            self._tables.record_input(path, DECISIONS)
        return decisions_of(paths, sources, mark=mark_of(self._door))


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
