"""The page of one question's versions: every release and every run, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from woda_lib.records import Pilot, RunFolder, Value, say_label
from woda_lib.settings import Settings
from woda_lib.workbench.review.changes import Change, value_change
from woda_lib.workbench.review.front import Entry
from woda_lib.workbench.review.index import Index, IndexedRelease, IndexedRun
from woda_lib.workbench.review.pages import write_page
from woda_lib.workbench.review.places import (
    FRONT,
    difference_page,
    href,
    site_folder,
    versions_page,
)
from woda_lib.workbench.review.sparkline import Point, sparkline


@dataclass(frozen=True)
class Cell:
    """A value in one version, and how far it moved since the version before."""

    value: Value | None
    change: Change | None


@dataclass(frozen=True)
class Version:
    """One line of a table of versions."""

    name: str
    cells: tuple[Cell, ...]
    report: str
    difference: str
    release: IndexedRelease | None
    run: IndexedRun | None


def write_versions(entry: Entry, settings: Settings, index: Index) -> Path:
    """Write ``site/<pilot>/versions.html``.

    Parameters
    ----------
    entry : Entry
        The pilot as the front page shows it.
    settings : Settings
    index : Index
        Up to date.
    """
    pilot = entry.pilot
    page = versions_page(settings.outputs_folder, pilot.pilot)
    values = [headline.value for headline in entry.headlines]
    names = [value.name for value in values]
    history = index.history(pilot.pilot)
    released = {r.run_id: r.version for r in index.releases.get(pilot.pilot, ())}
    write_page(
        page,
        "versions.html",
        pilot=pilot,
        entry=entry,
        values=values,
        sparks=[
            sparkline(
                say_label(value),
                [
                    Point(run.values.get(value.name), released.get(run.run_id, ""))
                    for run in history
                ],
            )
            for value in values
        ],
        releases=_releases(pilot, names, settings, index, page),
        runs=_runs(pilot, names, settings, index, page),
        unreadable=sorted(index.unreadable.get(pilot.pilot, {})),
        synthetic=any(run.synthetic for run in history),
        front=href(site_folder(settings.outputs_folder) / FRONT, page),
    )
    return page


def _releases(
    pilot: Pilot, names: Sequence[str], settings: Settings, index: Index, page: Path
) -> list[Version]:
    versions = []
    releases = index.releases.get(pilot.pilot, ())
    for before, release in pairwise((None, *releases)):
        assert release is not None  # None stands only before the first
        run = index.runs.get(pilot.pilot, {}).get(release.run_id)
        then = index.runs.get(pilot.pilot, {}).get(before.run_id) if before else None
        frozen = settings.outputs_folder / "releases" / pilot.pilot / release.version / "files"
        versions.append(
            Version(
                name=release.version,
                cells=_cells(
                    names,
                    {value.name: value for value in before.values} if before else None,
                    {value.name: value for value in release.values},
                    same_data=bool(run and then and run.data == then.data),
                ),
                report=_link(RunFolder(frozen).report(pilot.answered_by), page),
                difference=_difference(pilot, before.version, release.version, settings, page)
                if before
                else "",
                release=release,
                run=run,
            )
        )
    return versions[::-1]


def _runs(
    pilot: Pilot, names: Sequence[str], settings: Settings, index: Index, page: Path
) -> list[Version]:
    versions = []
    for before, run in pairwise((None, *index.history(pilot.pilot))):
        assert run is not None  # None stands only before the first
        folder = RunFolder(settings.outputs_folder / pilot.pilot / run.run_id)
        versions.append(
            Version(
                name=run.run_id,
                cells=_cells(
                    names,
                    before.values if before else None,
                    run.values,
                    same_data=before is not None and before.data == run.data,
                ),
                report=_link(folder.report(pilot.answered_by), page),
                difference=_difference(pilot, before.run_id, run.run_id, settings, page)
                if before
                else "",
                release=None,
                run=run,
            )
        )
    return versions[::-1]


def _cells(
    names: Sequence[str],
    before: dict[str, Value] | None,
    now: dict[str, Value],
    *,
    same_data: bool,
) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            now.get(name),
            None
            if before is None
            else value_change(before.get(name), now.get(name), same_data=same_data),
        )
        for name in names
    )


def _difference(pilot: Pilot, old: str, new: str, settings: Settings, page: Path) -> str:
    return _link(difference_page(settings.outputs_folder, pilot.pilot, old, new), page)


def _link(target: Path, page: Path) -> str:
    """Return a link to a page that is there; nothing where it is not."""
    return href(target, page) if target.is_file() else ""
