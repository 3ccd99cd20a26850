"""What can be compared: the runs and releases of a pilot, found by what people call them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from woda_lib.errors import WodaError
from woda_lib.records import (
    Manifest,
    ManifestError,
    ReleaseStanding,
    RunFolder,
    complete_runs,
    read_manifest,
)
from woda_lib.settings import Settings
from woda_lib.workbench.releases.standing import release_standings
from woda_lib.workbench.review.pages import say_day, say_moment


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
    kind : {"release", "run"}
    folder : RunFolder
    manifest : Manifest
    standing : ReleaseStanding, optional
        How a release stands.
    """

    name: str
    kind: Literal["release", "run"]
    folder: RunFolder
    manifest: Manifest
    standing: ReleaseStanding | None = None

    @property
    def title(self) -> str:
        """As a sentence would call it: "version 1.3", "the run of 18 November 2026, 06:01 UTC"."""
        if self.kind == "release":
            return f"version {self.name}"
        return f"the run of {say_moment(self.manifest.finished)}"

    @property
    def short(self) -> str:
        """As a table's heading would call it."""
        if self.kind == "release":
            return self.name
        return f"{self.manifest.finished:%-d %b %Y, %H:%M}"

    @property
    def about(self) -> str:
        """When it came about and how it stands."""
        if self.standing is None:
            return f"run {self.manifest.run_id}, not signed"
        day = say_day(self.standing.release.released)
        state = {"awaiting": "awaiting signatures", "void": "its signatures are void"}.get(
            self.standing.state, self.standing.state
        )
        return f"released {day}, {state}"

    @property
    def synthetic(self) -> bool:
        """Whether any of its steps read made-up data."""
        return any(step.synthetic for step in self.manifest.steps)


def releases_of(settings: Settings, pilot: str) -> list[Version]:
    """Return a pilot's releases that can be read, the oldest first, withdrawn ones too."""
    found = []
    for standing in release_standings(settings, pilot):
        folder = RunFolder(standing.folder / "files")
        try:
            manifest = read_manifest(folder)
        except ManifestError:
            continue  # its own page says that it is void, and where
        found.append(Version(standing.release.version, "release", folder, manifest, standing))
    return found


def last_runs(settings: Settings, pilot: str, count: int) -> list[Version]:
    """Return the newest runs that can be read, the oldest of them first."""
    found: list[Version] = []
    for folder in reversed(complete_runs(settings.outputs_folder, pilot)):
        if len(found) == count:
            break
        try:
            found.append(_of_run(folder))
        except ManifestError:
            continue  # the front page names it
    return found[::-1]


def find_version(settings: Settings, pilot: str, name: str) -> Version:
    """Return the run or release called `name`.

    Parameters
    ----------
    settings : Settings
    pilot : str
    name : str
        A release's version (``1.3``), a run's identifier or the beginning of one, or *last*,
        *previous* (runs) or *released* (the last release that was not withdrawn).

    Raises
    ------
    VersionNotFound
        If none is called so, or several begin so.
    ManifestError
        If the run's manifest cannot be read.
    """
    if name in ("last", "previous"):
        runs = last_runs(settings, pilot, 1 if name == "last" else 2)
        if len(runs) < (1 if name == "last" else 2):
            raise VersionNotFound(
                f"{pilot} has {'no' if not runs else 'only one'} complete run. "
                f"Use `woda run {pilot}`."
            )
        return runs[0]
    releases = releases_of(settings, pilot)
    if name == "released":
        standing = [v for v in releases if v.standing and v.standing.state != "withdrawn"]
        if not standing:
            raise VersionNotFound(f"{pilot} has no release yet. Use `woda release {pilot}`.")
        return standing[-1]
    bare = name.removeprefix(f"{pilot}@")
    for version in releases:
        if version.name == bare:
            return version
    folders = complete_runs(settings.outputs_folder, pilot)
    matching = [f for f in folders if f.path.name == name] or [
        folder for folder in folders if folder.path.name.startswith(name)
    ]
    if len(matching) != 1:
        raise VersionNotFound(_not_one(pilot, name, matching or folders, releases, bool(matching)))
    return _of_run(matching[0])


def usual_pairs(settings: Settings, pilot: str) -> list[tuple[Version, Version]]:
    """Return the pairs that reviewers look at first, without repeats.

    The last run against the one before; the last release against the one before, and against the
    last run.
    """
    runs = last_runs(settings, pilot, 2)
    releases = [
        v for v in releases_of(settings, pilot) if v.standing and v.standing.state != "withdrawn"
    ]
    pairs = []
    if len(runs) == 2:
        pairs.append((runs[0], runs[1]))
    if len(releases) > 1:
        pairs.append((releases[-2], releases[-1]))
    if releases and runs and releases[-1].manifest.run_id != runs[-1].manifest.run_id:
        pairs.append((releases[-1], runs[-1]))
    return pairs


def _of_run(folder: RunFolder) -> Version:
    name = folder.path.name
    return Version(name, "run", folder, read_manifest(folder))


def _not_one(
    pilot: str,
    name: str,
    folders: Sequence[RunFolder],
    releases: Sequence[Version],
    several: bool,
) -> str:
    runs = ", ".join(folder.path.name for folder in folders[-3:])
    versions = ", ".join(version.name for version in releases)
    if several:
        return f"Several runs of {pilot} begin with {name!r}: {runs}. Write more of the name."
    known = [f"releases {versions}" if versions else "", f"the newest runs {runs}" if runs else ""]
    said = "; ".join(part for part in known if part) or "nothing yet"
    return f"{pilot} has no run or release {name!r}. It has {said}."
