"""What has been shown before, in this run and in earlier ones, for the gate to compare with.

A release stays where people can read it when its run's folder is gone, so each release keeps a copy
of its run's counts, locked as they were. Complete runs are compared with too: reviewers have read
them, whether they were released or not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from functools import cached_property
from pathlib import Path

from woda_lib.disclosure import CountTable, EarlierTable, Rule, as_rows, from_rows
from woda_lib.partners import (
    AgreementKey,
    RestrictedTableError,
    read_restricted,
    write_restricted,
)
from woda_lib.records import RunFolder, TableNotFound, every_run, kept_counts

COUNTS = "gated_counts"
"""The restricted table that holds a step's true counts."""


class Memory:
    """The counts that a step has shown, and those that were shown before it.

    Parameters
    ----------
    folder : RunFolder
        The run (or draft) of this step.
    outputs : Path
    pilot, step : str
    extracts : str
        How records name the extracts.
    as_of : date
        Their newest delivery; runs on the same extracts up to the same day count the same people.
    rule : Rule
    key : callable
        Returns the agreement's key, under which the counts are kept, once it is needed.
    """

    def __init__(
        self,
        folder: RunFolder,
        *,
        outputs: Path,
        pilot: str,
        step: str,
        extracts: str,
        as_of: date,
        rule: Rule,
        key: Callable[[], AgreementKey],
    ) -> None:
        self._folder = folder
        self._key = key
        self._outputs = outputs
        self._pilot = pilot
        self._step = step
        self._made_from = (extracts, as_of.isoformat())
        self._rounding_hides = 2 * (rule.rounding - 1) >= rule.threshold
        self._shown: dict[str, CountTable] = {}

    def keep(self, table: CountTable) -> None:
        """Remember a table that is shown now; one of the same name is forgotten."""
        self._shown[table.name] = table

    def others(self, name: str) -> list[CountTable]:
        """The tables that this run has shown already, but for the one of this name."""
        own = [table for key, table in self._shown.items() if key != name]
        return [*self._earlier_steps, *own]

    @cached_property
    def earlier(self) -> list[EarlierTable]:
        """The tables that runs, scenarios and releases of the pilot show, each once."""
        found: dict[tuple[object, ...], EarlierTable] = {}
        read: set[tuple[int, int]] = set()
        runs = every_run(self._outputs, self._pilot)
        for run in [*runs, *kept_counts(self._outputs, self._pilot)]:
            for step, made_from in made_from_of(run):
                same = made_from == self._made_from
                if not same and self._rounding_hides:
                    continue
                # A step that a run took over has the file of the run before: one file, two names.
                file = _identity(run.table(step, COUNTS))
                if file in read:
                    continue
                read |= {file} if file else set()
                for table in self._counts(run, step):
                    found.setdefault(
                        (same, *table.content), EarlierTable(run.path.name, same, table)
                    )
        return list(found.values())

    def write(self) -> None:
        """Keep the step's counts for later runs."""
        path = self._folder.table(self._step, COUNTS)
        write_restricted(path, as_rows(self._shown.values()), self._key())

    @cached_property
    def _earlier_steps(self) -> list[CountTable]:
        steps = [step for step, _ in made_from_of(self._folder) if step != self._step]
        return [table for step in steps for table in self._counts(self._folder, step)]

    def _counts(self, run: RunFolder, step: str) -> list[CountTable]:
        """A step's counts; none where retention has erased them, or destroyed their key."""
        return counts_of(run, step, self._key()) or []


def counts_of(run: RunFolder, step: str, key: AgreementKey) -> list[CountTable] | None:
    """Return a step's true counts; nothing where retention has erased them, or their key is gone.

    Parameters
    ----------
    run : RunFolder
    step : str
    key : AgreementKey
        Of the agreement under which the run was made.
    """
    name = f"{run.path.name}/{step}:{COUNTS}"
    try:
        return from_rows(read_restricted(run.table(step, COUNTS), name, key))
    except (TableNotFound, RestrictedTableError):
        return None


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino


def made_from_of(run: RunFolder) -> Iterator[tuple[str, tuple[str, str]]]:
    """The steps of a run that are done, and what each was made from."""
    for path in sorted(run.record("*").parent.glob("*.json")):
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            yield path.stem, (record["extracts"], record["as_of"])
        except (OSError, ValueError, KeyError):
            continue
