"""``outputs/index.json``: every run and release with its values, for whoever wants the history.

::

    {
      "layout": 1,
      "runs": {"<pilot>": {"<run>": {"answer": …, "values": […], "steps": {…}, …}}},
      "releases": {"<pilot>": [{"version": "1.3", "state": "signed", "values": […], …}]},
      "unreadable": {"<pilot>": {"<run>": …}}
    }

The manifests and releases are the truth and the index only repeats them. It is brought up to date
by reading those manifests that are new or whose file changed since; where it is damaged or of
another layout it is made again from all of them. Runs that are gone are forgotten.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from woda_lib.records import (
    RESERVED,
    Manifest,
    ManifestError,
    Registered,
    ReleaseStanding,
    RunFolder,
    Value,
    complete_runs,
    read_manifest,
    text_sha256,
    write_json,
)
from woda_lib.settings import Settings


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Stamp(_Entry):
    """By which a changed manifest is known without reading it: its size and time of change."""

    bytes: int
    changed_ns: int


class IndexedStep(_Entry):
    """One step of a run.

    Attributes
    ----------
    executed_by : str
        The run that executed it: an earlier one where its results were taken over.
    reasons : tuple of str
        Why it was run; empty where it was taken over, or where the run did not say.
    seconds : float
        What executing it took.
    values : tuple of Value
        Its headline numbers.
    """

    executed_by: str
    reasons: tuple[str, ...]
    seconds: float
    values: tuple[Value, ...]


class IndexedRun(_Entry):
    """One complete run.

    Attributes
    ----------
    data : str
        SHA-256 of everything that partners delivered and the run read; equal for equal data.
    as_of : date
        The day up to which the data reach.
    steps : mapping of str to IndexedStep
        In the order in which they were run.
    protocols : mapping of str to Registered
        The pre-registration of each step that has one.
    """

    pilot: str
    run_id: str
    started: datetime
    finished: datetime
    author: str
    commit: str | None
    dirty: bool | None
    extracts: str
    data: str
    as_of: date
    synthetic: bool
    parameters: dict[str, Any]
    answer: str
    steps: dict[str, IndexedStep]
    protocols: dict[str, Registered] = {}
    manifest: Stamp

    @property
    def values(self) -> dict[str, Value]:
        """Every headline number of the run by name."""
        return {value.name: value for step in self.steps.values() for value in step.values}

    @property
    def executed(self) -> dict[str, str]:
        """The run that executed each step; equal for two runs with the very same results."""
        return {name: step.executed_by for name, step in self.steps.items()}

    def taken_over(self, step: str) -> bool:
        """Whether a step's results came from an earlier run."""
        return self.steps[step].executed_by != self.run_id


class IndexedSigner(_Entry):
    """A reviewer whose signature holds."""

    name: str
    role: str
    at: datetime | None = None


class IndexedRelease(_Entry):
    """One release, and how it stood when the index was last written."""

    pilot: str
    version: str
    run_id: str
    author: str
    released: datetime
    question: str
    answer: str
    values: tuple[Value, ...]
    parameters: dict[str, Any]
    synthetic: bool
    previous: str | None
    changes: tuple[str, ...]
    protocols: dict[str, Registered] = {}
    state: Literal["awaiting", "signed", "void", "withdrawn"]
    signers: tuple[IndexedSigner, ...]
    why: str


class Index(_Entry):
    """Every run and release.

    Attributes
    ----------
    runs : mapping of str to mapping of str to IndexedRun
        By pilot and run, the oldest first.
    releases : mapping of str to tuple of IndexedRelease
        By pilot, the oldest first.
    unreadable : mapping of str to mapping of str to Stamp
        By pilot, the runs whose manifest is damaged or of another workbench's layout.
    """

    layout: Literal[1] = 1
    runs: dict[str, dict[str, IndexedRun]] = {}
    releases: dict[str, tuple[IndexedRelease, ...]] = {}
    unreadable: dict[str, dict[str, Stamp]] = {}

    def history(self, pilot: str) -> list[IndexedRun]:
        """Return a pilot's complete runs, the oldest first."""
        return list(self.runs.get(pilot, {}).values())

    def last_run(self, pilot: str) -> IndexedRun | None:
        """Return a pilot's newest complete run that can be read."""
        return next(reversed(self.runs.get(pilot, {}).values()), None)

    def run_before(self, run: IndexedRun) -> IndexedRun | None:
        """Return the complete run before this one."""
        earlier = [other for other in self.history(run.pilot) if other.run_id < run.run_id]
        return earlier[-1] if earlier else None

    def newer_unreadable(self, pilot: str) -> tuple[str, ...]:
        """Return the runs that cannot be read and are newer than the last one that can."""
        last = self.last_run(pilot)
        newest = last.run_id if last else ""
        return tuple(name for name in sorted(self.unreadable.get(pilot, {})) if name > newest)


def index_file(outputs: Path) -> Path:
    """Where the index lies."""
    return outputs / "index.json"


def update_index(settings: Settings) -> Index:
    """Bring the index up to date with what lies below the outputs folder, and return it.

    Only new or changed manifests are read. Two processes that finish at once wait for each other.
    Where the outputs folder cannot be written (a memory stick, a reader's share) the index is
    returned all the same.
    """
    outputs = settings.outputs_folder
    if not outputs.is_dir():
        return Index()
    try:
        with locked(outputs / ".index.lock"):
            index, changed = _updated(settings)
            if changed:
                write_json(index_file(outputs), index)
            return index
    except OSError:
        return _updated(settings)[0]


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold a lock file while the block runs; the operating system lifts it if the process ends."""
    with file.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _updated(settings: Settings) -> tuple[Index, bool]:
    """Return the index as it should be, and whether that differs from the file."""
    outputs = settings.outputs_folder
    before = _read(index_file(outputs))
    known = before or Index()
    pilots = sorted(
        path.name
        for path in outputs.iterdir()
        if path.is_dir() and not path.name.startswith(".") and path.name not in RESERVED
    )
    runs: dict[str, dict[str, IndexedRun]] = {}
    unreadable: dict[str, dict[str, Stamp]] = {}
    for pilot in pilots:
        for folder in complete_runs(outputs, pilot):
            found = _indexed(pilot, folder, known)
            if isinstance(found, IndexedRun):
                runs.setdefault(pilot, {})[folder.path.name] = found
            elif found is not None:
                unreadable.setdefault(pilot, {})[folder.path.name] = found
    index = Index(runs=runs, unreadable=unreadable, releases=_releases(settings, pilots))
    return index, index != before


def _read(file: Path) -> Index | None:
    """Return what the file holds; None where it is missing, damaged or of another layout."""
    try:
        return Index.model_validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return None


def _indexed(pilot: str, folder: RunFolder, known: Index) -> IndexedRun | Stamp | None:
    """Return a run's entry, or the stamp of a manifest that cannot be read; None if it is gone."""
    run_id = folder.path.name
    try:
        status = folder.manifest.stat()
    except FileNotFoundError:
        return None
    stamp = Stamp(bytes=status.st_size, changed_ns=status.st_mtime_ns)
    entry = known.runs.get(pilot, {}).get(run_id)
    if entry is not None and entry.manifest == stamp:
        return entry
    if known.unreadable.get(pilot, {}).get(run_id) == stamp:
        return stamp
    try:
        return _run(read_manifest(folder), pilot, run_id, stamp)
    except ManifestError:
        return stamp


def _run(manifest: Manifest, pilot: str, run_id: str, stamp: Stamp) -> IndexedRun:
    steps = {}
    for record in manifest.steps:
        made = manifest.made.get(record.step)
        steps[record.step] = IndexedStep(
            executed_by=made.run_id if made else run_id,
            reasons=made.reasons if made else (),
            seconds=made.seconds if made else (record.finished - record.started).total_seconds(),
            values=record.values,
        )
    return IndexedRun(
        pilot=pilot,
        run_id=run_id,
        started=manifest.started,
        finished=manifest.finished,
        author=manifest.author,
        commit=manifest.commit,
        dirty=manifest.dirty,
        extracts=manifest.extracts,
        data=_data(manifest),
        as_of=max((record.as_of for record in manifest.steps), default=manifest.finished.date()),
        synthetic=any(record.synthetic for record in manifest.steps),
        parameters=manifest.parameters,
        answer=manifest.answer,
        steps=steps,
        protocols=manifest.protocols,
        manifest=stamp,
    )


def _data(manifest: Manifest) -> str:
    """Return the hash of the delivered files; what steps handed to each other is left out."""
    delivered = {
        (item.name, item.path, item.sha256)
        for record in manifest.steps
        for item in record.inputs
        if ":" not in item.name
    }
    return text_sha256(json.dumps(sorted(delivered)))


def _releases(settings: Settings, pilots: Sequence[str]) -> dict[str, tuple[IndexedRelease, ...]]:
    from woda_lib.records.standing import release_standings

    folder = settings.outputs_folder / "releases"
    released = [path.name for path in folder.iterdir() if path.is_dir()] if folder.is_dir() else []
    entries = {
        pilot: tuple(_release(standing) for standing in release_standings(settings, pilot))
        for pilot in sorted({*pilots, *released})
    }
    return {pilot: found for pilot, found in entries.items() if found}


def _release(standing: ReleaseStanding) -> IndexedRelease:
    release = standing.release
    return IndexedRelease(
        **release.model_dump(include=set(IndexedRelease.model_fields)),
        state=standing.state,
        signers=tuple(IndexedSigner(name=s.name, role=s.role, at=s.at) for s in standing.signers),
        why=standing.why,
    )
