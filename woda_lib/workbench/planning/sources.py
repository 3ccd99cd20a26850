"""Where a step's results could be taken from: complete runs, and finished steps of broken ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from pydantic import ValidationError

from woda_lib.records import (
    Manifest,
    ManifestError,
    RunFolder,
    StepMade,
    StepRecord,
    complete_runs,
    every_run,
    read_manifest,
    read_step_record,
)
from woda_lib.settings import Settings
from woda_lib.workbench.held import is_held

NEWEST = 20
"""How many runs are looked at, the newest first; whatever is older is made again."""


@dataclass(frozen=True)
class Source:
    """One step that was done.

    Attributes
    ----------
    folder : RunFolder
    record : StepRecord
    made : StepMade
    complete : datetime, optional
        When its run was complete; nothing where the run broke off.
    """

    folder: RunFolder
    record: StepRecord
    made: StepMade
    complete: datetime | None

    @property
    def run_id(self) -> str:
        """The run in whose folder it lies."""
        return run_id_of(self.folder)


class Sources:
    """The steps of a pilot that were done, the newest run first.

    Parameters
    ----------
    pilot : str
    settings : Settings
    """

    def __init__(self, pilot: str, settings: Settings) -> None:
        self._outputs = settings.outputs_folder
        self._pilot = pilot
        self._home = settings.runs_folder(pilot)
        self._manifests: dict[RunFolder, Manifest | None] = {}

    def of(self, step: str) -> Iterator[Source]:
        """Yield where a step was done, the newest run first."""
        runs = [*self.complete[-NEWEST:], *self._outside[-NEWEST:], *self._broken_off]
        for folder in sorted(runs, key=run_id_of, reverse=True):
            source = self._source(folder, step)
            if source is not None:
                yield source

    @cached_property
    def complete(self) -> list[RunFolder]:
        """The complete runs, the oldest first; within a sweep, its own."""
        return complete_runs(self._home.parent, self._home.name)

    @cached_property
    def shown(self) -> list[RunFolder]:
        """Whatever was shown of the pilot, scenarios of sweeps among it, the oldest first."""
        return sorted(every_run(self._outputs, self._pilot), key=run_id_of)

    @cached_property
    def _outside(self) -> list[RunFolder]:
        """Within a sweep, the pilot's complete runs, which a scenario may take steps from."""
        if self._home == self._outputs / self._pilot:
            return []
        return complete_runs(self._outputs, self._pilot)

    @property
    def newest(self) -> tuple[RunFolder, Manifest] | None:
        """The last complete run whose manifest can be read."""
        for folder in reversed(self.complete[-NEWEST:]):
            if (manifest := self.manifest(folder)) is not None:
                return folder, manifest
        return None

    def manifest(self, folder: RunFolder) -> Manifest | None:
        """Return a run's manifest, or nothing where it cannot be read."""
        if folder not in self._manifests:
            self._manifests[folder] = _readable(folder)
        return self._manifests[folder]

    @cached_property
    def _broken_off(self) -> list[RunFolder]:
        """Folders of runs that were never complete, and that no living process holds.

        What a run shows is held against what it has shown already and against complete runs. Steps
        that two broken runs executed were never held against each other, so they must not meet in
        one run: whatever is older than the last one that executed a step is left aside.
        """
        found = self._home.glob(".*.partial")
        abandoned = [path for path in found if path.is_dir() and not is_held(path)]
        usable = []
        for folder in map(RunFolder, sorted(abandoned, reverse=True)):
            usable.append(folder)
            executed = {made.run_id for made in _all_made(folder)}
            if run_id_of(folder) in executed:
                break
        return usable

    def _source(self, folder: RunFolder, step: str) -> Source | None:
        if folder.path.name.startswith("."):
            return _done_in(folder, step)
        manifest = self.manifest(folder)
        records = manifest.steps if manifest else ()
        record = next((each for each in records if each.step == step), None)
        if manifest is None or record is None:
            return None
        # A run of an older workbench says nothing of how its steps came about.
        made = manifest.made.get(step, StepMade(run_id=manifest.run_id))
        return Source(folder, record, made, manifest.finished)


def run_id_of(folder: RunFolder) -> str:
    """Return a run's identifier, also of one that is or was in the making."""
    return folder.path.name.removeprefix(".").removesuffix(".partial")


def newest_manifest(runs: Sequence[RunFolder]) -> Manifest | None:
    """Return the manifest of the last of some complete runs that can be read."""
    return next((found for run in reversed(runs[-NEWEST:]) if (found := _readable(run))), None)


def _readable(folder: RunFolder) -> Manifest | None:
    try:
        return read_manifest(folder)
    except ManifestError:
        return None


def _all_made(folder: RunFolder) -> Iterator[StepMade]:
    for path in sorted(folder.made("*").parent.glob(folder.made("*").name)):
        if (made := read_made(path)) is not None:
            yield made


def read_made(path: Path) -> StepMade | None:
    """Return what ``<step>.made.json`` says; nothing where it is absent or half written."""
    try:
        return StepMade.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError, UnicodeDecodeError):
        return None


def _done_in(folder: RunFolder, step: str) -> Source | None:
    made = read_made(folder.made(step))
    if made is None:
        return None
    record = read_step_record(folder, step)
    return Source(folder, record, made, None) if record else None
