"""The page of a difference, with two CSV files beside it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from woda_lib.records import ManifestError, Pilot
from woda_lib.settings import Settings
from woda_lib.workbench.review.differences import sentences
from woda_lib.workbench.review.differences.compare import compare_runs
from woda_lib.workbench.review.differences.exports import write_exports
from woda_lib.workbench.review.differences.model import Difference
from woda_lib.workbench.review.differences.showing import changed_tables, pictured, value_row
from woda_lib.workbench.review.differences.versions import Version, usual_pairs
from woda_lib.workbench.review.index import Index
from woda_lib.workbench.review.pages import say_day, write_page
from woda_lib.workbench.review.places import (
    FRONT,
    difference_page,
    href,
    site_folder,
    versions_page,
)

_HERE = Path(__file__).parents[1]
_STAMP = re.compile(r'<meta name="woda-made" content="([0-9a-f]+)">')


def write_differences(settings: Settings, index: Index, pilot: Pilot) -> list[Path]:
    """Write the differences that reviewers look at first; a page that still holds is left alone.

    The last run against the one before, and the last release against the one before and against
    the last run. What either version is made of never changes, so that a page is written again
    only where a release's standing or the form of the page has changed.

    Parameters
    ----------
    settings : Settings
    index : Index
        Brought up to date.
    pilot : Pilot

    Returns
    -------
    list of Path
        The pages of those pairs, written now or before.
    """
    pages = []
    for before, after in usual_pairs(settings, index, pilot.pilot):
        path = difference_page(settings.outputs_folder, pilot.pilot, before.name, after.name)
        try:
            if not _still_holds(path, before, after):
                write_difference(settings, pilot, before, after)
        except (ManifestError, FileNotFoundError):
            continue  # removed a moment ago, or altered: the page of versions says so
        pages.append(path)
    return pages


def write_difference(
    settings: Settings, pilot: Pilot, before: Version, after: Version
) -> tuple[Difference, Path]:
    """Compare two versions, and write the page and its CSV files.

    Parameters
    ----------
    settings : Settings
    pilot : Pilot
        For its title, and the step that answers.
    before, after : Version
        The older and the newer one.

    Returns
    -------
    difference : Difference
    page : Path
    """
    difference = compare_runs(before.folder, after.folder)
    path = difference_page(settings.outputs_folder, pilot.pilot, before.name, after.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    downloads = write_exports(difference, path)
    write_page(
        path,
        "difference.html",
        pilot=pilot,
        before=before,
        after=after,
        difference=difference,
        title=_title(before, after),
        summary=sentences.say_summary(difference, pilot.answered_by),
        why=sentences.say_why(difference),
        judged=sentences.say_overlap(difference),
        holds=_parameters_to_hold(pilot, difference),
        values=[value_row(change) for change in difference.values],
        tables=changed_tables(difference, pilot.answered_by),
        figures=[
            pictured(figure, before.folder, after.folder)
            for figure in difference.figures
            if figure.fate != "same"
        ],
        same_tables=[t for t in difference.tables if t.fate == "same"],
        same_figures=[f for f in difference.figures if f.fate == "same"],
        downloads=downloads,
        reports=tuple(_report(pilot, version, path) for version in (before, after)),
        versions=versions_page(settings.outputs_folder, pilot.pilot).name,
        stamp=_stamp(before, after),
        synthetic=before.synthetic or after.synthetic,
        front=href(site_folder(settings.outputs_folder) / FRONT, path),
    )
    return difference, path


def _title(before: Version, after: Version) -> str:
    """The question that the page answers; two runs share their words."""
    if before.release is after.release is None:
        older, newer = before.manifest.finished, after.manifest.finished
        if older.date() == newer.date():
            return (
                f"What changed between the runs of {say_day(older)} at {older:%H:%M} and "
                f"{newer:%H:%M %Z}?"
            )
        return f"What changed between the runs of {say_day(older)} and {say_day(newer)}?"
    if before.release and after.release:
        return f"What changed between versions {before.name} and {after.name}?"
    return f"What changed between {before.title} and {after.title}?"


def _parameters_to_hold(pilot: Pilot, difference: Difference) -> str:
    """The command for the newer version with one parameter as it was, to tell causes apart."""
    held = [r for r in difference.reasons if r.cause == "parameter" and r.before != "not set"]
    if len(difference.causes) < 2 or not held:
        return ""
    return f"woda run {pilot.pilot} -p {held[0].what}={held[0].before}"


def _report(pilot: Pilot, version: Version, page: Path) -> str:
    path = version.folder.report(pilot.answered_by)
    return href(path, page) if path.is_file() else ""


def _still_holds(path: Path, before: Version, after: Version) -> bool:
    try:
        with path.open(encoding="utf-8") as file:
            found = _STAMP.search(file.read(200_000))
    except OSError:
        return False
    return found is not None and found[1] == _stamp(before, after)


def _stamp(before: Version, after: Version) -> str:
    """What a page rests on: both manifests, how releases stand, and the form of the page."""
    digest = hashlib.sha256()
    for version in (before, after):
        digest.update(version.folder.manifest.read_bytes())
        digest.update(version.about.encode())
    for path in _form():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _form() -> Iterator[Path]:
    yield from sorted(Path(__file__).parent.glob("*.py"))
    yield _HERE / "templates" / "difference.html"
    yield _HERE / "templates" / "base.html"
    yield from sorted((_HERE / "assets").iterdir())
