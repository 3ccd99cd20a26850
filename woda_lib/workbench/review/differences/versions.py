"""What can be compared: the runs and releases of a pilot, found by what people call them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from woda_lib.errors import WodaError
from woda_lib.records import (
    Manifest,
    RunFolder,
    complete_runs,
    read_manifest,
)
from woda_lib.settings import Settings
from woda_lib.workbench.review.index import Index, IndexedRelease
from woda_lib.workbench.review.pages import say_day, say_moment
from woda_lib.workbench.review.places import frozen_run

_STATES = {
    "signed": "signed",
    "awaiting": "awaiting signatures",
    "void": "its signatures are void",
    "withdrawn": "withdrawn",
}


class VersionNotFound(WodaError):
    """No run or release of a pilot goes by that name."""

    exit_code = 2


@dataclass(frozen=True)
class Version:
    """One side of a difference.

    Attributes
    ----------
    name : str
        A release's version or a run's identifier: what files and commands call it.
    folder : RunFolder
        Read when something of it is asked for: a page that still holds needs nothing of it.
    release : IndexedRelease, optional
        How it stands, where it is a release.
    """

    name: str
    folder: RunFolder
    release: IndexedRelease | None = None

    @cached_property
    def manifest(self) -> Manifest:
        """What it is made of; raises `ManifestError` where that cannot be read."""
        return read_manifest(self.folder)

    @property
    def title(self) -> str:
        """As a sentence would call it: "version 1.3", "the run of 18 November 2026, 06:01 UTC"."""
        if self.release is not None:
            return f"version {self.name}"
        return f"the run of {say_moment(self.manifest.finished)}"

    @property
    def short(self) -> str:
        """As a table's heading would call it."""
        if self.release is not None:
            return self.name
        return f"{self.manifest.finished:%-d %b %Y, %H:%M}"

    @property
    def about(self) -> str:
        """When it came about and how it stands."""
        if self.release is None:
            return f"run {self.name}, not signed"
        return f"released {say_day(self.release.released)}, {_STATES[self.release.state]}"

    @property
    def synthetic(self) -> bool:
        """Whether any of its steps read made-up data."""
        return any(step.synthetic for step in self.manifest.steps)


def releases_of(settings: Settings, index: Index, pilot: str) -> list[Version]:
    """Return a pilot's releases, the oldest first, withdrawn ones too."""
    return [
        Version(
            release.version, frozen_run(settings.outputs_folder, pilot, release.version), release
        )
        for release in index.releases.get(pilot, ())
    ]


def last_runs(settings: Settings, index: Index, pilot: str, count: int) -> list[Version]:
    """Return the newest runs that can be read, at most `count`, the oldest of them first."""
    folder = settings.outputs_folder / pilot
    return [_of_run(RunFolder(folder / run.run_id)) for run in index.history(pilot)[-count:]]


def find_version(settings: Settings, index: Index, pilot: str, name: str) -> Version:
    """Return the run or release called `name`.

    Parameters
    ----------
    settings : Settings
    index : Index
        Brought up to date.
    pilot : str
    name : str
        A release's version (``1.3``), a run's identifier or the beginning of one, or *last*,
        *previous* (runs) or *released* (the last release that was not withdrawn).

    Raises
    ------
    VersionNotFound
        If none is called so, or several begin so.
    """
    if name in ("last", "previous"):
        wanted = 1 if name == "last" else 2
        runs = last_runs(settings, index, pilot, wanted)
        if len(runs) < wanted:
            if not runs:
                raise VersionNotFound(f"{pilot} has no complete run. Use `woda run {pilot}`.")
            raise VersionNotFound(
                f"{pilot} has only one complete run. New extracts, changed code or another value "
                f"make a second: `woda run {pilot} -p NAME=VALUE`."
            )
        return runs[0]
    releases = releases_of(settings, index, pilot)
    if name == "released":
        standing = [version for version in releases if _stands(version)]
        if not standing:
            raise VersionNotFound(f"{pilot} has no release yet. Use `woda release {pilot}`.")
        return standing[-1]
    bare = name.removeprefix(f"{pilot}@")
    for version in releases:
        if version.name == bare:
            return version
    runs_of = complete_runs(settings.outputs_folder, pilot)
    matching = [run for run in runs_of if run.path.name == name] or [
        run for run in runs_of if run.path.name.startswith(name)
    ]
    if len(matching) != 1:
        raise VersionNotFound(_not_one(pilot, name, matching, runs_of, releases))
    return _of_run(matching[0])


def usual_pairs(settings: Settings, index: Index, pilot: str) -> list[tuple[Version, Version]]:
    """Return the pairs that reviewers look at first, without repeats.

    The last run against the one before; the last release against the one before, and against the
    last run.
    """
    runs = last_runs(settings, index, pilot, 2)
    releases = [v for v in releases_of(settings, index, pilot) if _stands(v)]
    pairs = []
    if len(runs) == 2:
        pairs.append((runs[0], runs[1]))
    if len(releases) > 1:
        pairs.append((releases[-2], releases[-1]))
    if releases and runs and _run_id(releases[-1]) != runs[-1].name:
        pairs.append((releases[-1], runs[-1]))
    return pairs


def _run_id(version: Version) -> str:
    return version.release.run_id if version.release else version.name


def _stands(version: Version) -> bool:
    return version.release is not None and version.release.state != "withdrawn"


def _of_run(folder: RunFolder) -> Version:
    return Version(folder.path.name, folder)


def _not_one(
    pilot: str,
    name: str,
    matching: Sequence[RunFolder],
    runs: Sequence[RunFolder],
    releases: Sequence[Version],
) -> str:
    if matching:
        names = ", ".join(run.path.name for run in matching[-3:])
        return f"Several runs of {pilot} begin with {name!r}: {names}. Write more of the name."
    newest = ", ".join(run.path.name for run in runs[-3:])
    versions = ", ".join(version.name for version in releases)
    known = [f"releases {versions}" if versions else "", f"newest runs {newest}" if newest else ""]
    said = "; ".join(part for part in known if part) or "none yet"
    return f"{pilot} has no run or release {name!r}. It has: {said}."
