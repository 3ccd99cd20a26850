"""The page of a difference, with two CSV files beside it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from woda_lib.records import Pilot, RunFolder, say_name
from woda_lib.records.phrases import MINUS
from woda_lib.settings import Settings
from woda_lib.workbench.review.differences import sentences
from woda_lib.workbench.review.differences.charts import Drawing, draw_alike
from woda_lib.workbench.review.differences.compare import compare_runs
from woda_lib.workbench.review.differences.exports import write_exports
from woda_lib.workbench.review.differences.model import (
    Cell,
    Difference,
    FigureChange,
    TableChange,
    ValueChange,
)
from woda_lib.workbench.review.differences.strip import draw_strip
from woda_lib.workbench.review.differences.tables import WITHHELD, is_number, read_exported
from woda_lib.workbench.review.differences.versions import Version, usual_pairs
from woda_lib.workbench.review.fragments import checked_fragment
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
_WHOLE = 16  # a table of up to so many rows is shown whole, else its changed rows
_MOST = 40  # rows on a page; the CSV file has all
_THOUSANDS = 10_000
_STAMP = re.compile(r'<meta name="woda-made" content="([0-9a-f]+)">')
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


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
        if not _still_holds(path, before, after):
            write_difference(settings, pilot, before, after)
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
        values=[_value(change) for change in difference.values],
        tables=_changed_tables(difference, pilot.answered_by),
        figures=[
            _pictured(figure, before.folder, after.folder)
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


@dataclass(frozen=True)
class _ValueRow:
    """A value as its row shows it."""

    moved: ValueChange
    strip: Markup
    reading: str
    because: str


def _value(moved: ValueChange) -> _ValueRow:
    return _ValueRow(
        moved,
        Markup(draw_strip(moved.change)),
        sentences.say_reading(moved),
        sentences.say_because(moved),
    )


@dataclass(frozen=True)
class _CellShown:
    text: str
    was: str
    mark: str
    fate: str
    number: bool


@dataclass(frozen=True)
class _TableShown:
    """A changed table as the page shows it: columns and rows that matter, and what is left out."""

    table: TableChange
    heads: tuple[tuple[str, str, bool], ...]
    rows: tuple[tuple[str, tuple[_CellShown, ...]], ...]
    left_out: tuple[str, ...]
    hidden_rows: int
    changed_rows: int
    withheld: bool


def _changed_tables(difference: Difference, answering: str) -> list[_TableShown]:
    """The tables that differ, those of the step that answers first."""
    changed = [table for table in difference.tables if table.fate != "same"]
    changed.sort(key=lambda table: table.step != answering)
    return [_shown(table) for table in changed]


def _shown(table: TableChange) -> _TableShown:
    moved = [row for row in table.rows if row.fate != "same"]
    rows = list(table.rows) if len(table.rows) <= _WHOLE else moved[:_MOST]
    keep = [
        place
        for place, (name, fate) in enumerate(table.columns)
        if name in table.labels
        or fate != "same"
        or any(row.cells[place].fate != "same" for row in moved if row.fate == "changed")
        or not any(row.fate == "changed" for row in moved)
    ]
    numeric = {
        place
        for place in keep
        if table.columns[place][0] not in table.labels
        and any(is_number(row.cells[place].text) for row in table.rows)
    }
    return _TableShown(
        table,
        tuple((_headed(table.columns[i][0]), table.columns[i][1], i in numeric) for i in keep),
        tuple(
            (row.fate, tuple(_cell(row.cells[i], i in numeric, row.fate) for i in keep))
            for row in rows
        ),
        tuple(_headed(name) for i, (name, _) in enumerate(table.columns) if i not in keep),
        len(moved) - len(rows) if len(table.rows) > _WHOLE else 0,
        len(moved),
        any(WITHHELD in (c.text, c.was) for row in rows for c in row.cells),
    )


def _cell(cell: Cell, number: bool, row: str) -> _CellShown:
    mark = ""
    if cell.fate == "changed" and is_number(cell.text) and is_number(cell.was):
        mark = "▲" if float(cell.text) > float(cell.was) else "▼"
    was = "withheld [c]" if cell.was == WITHHELD else say_cell(cell.was) or "blank"
    fate = cell.fate if row in ("same", "changed") else "same"
    return _CellShown(
        say_cell(cell.text), was if cell.fate == "changed" else "", mark, fate, number
    )


def say_cell(text: str) -> str:
    """Return an exported cell as people read it: true minus, thousands, dates in words."""
    if is_number(text) and "e" not in text.lower():
        whole, _, part = text.lstrip("+-").partition(".")
        if part.strip("0") == "":
            part = ""
        if int(whole or "0") >= _THOUSANDS:
            whole = f"{int(whole):,}"
        sign = MINUS if text.startswith("-") else ""
        return f"{sign}{whole or '0'}{'.' + part if part else ''}"
    if found := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
        return f"{day} {_MONTHS[month - 1]} {year}"
    if is_number(text):
        return f"{float(text):.3g}".replace("-", MINUS)
    return {"True": "yes", "False": "no"}.get(text, text)


def _headed(name: str) -> str:
    return name if len(name) == 1 else say_name(name)  # m and u are the field's own letters


@dataclass(frozen=True)
class _Pictured:
    """A figure's two sides; `alike` says whether the axes are the same."""

    figure: FigureChange
    before: Markup
    after: Markup
    alike: bool


def _pictured(figure: FigureChange, before: RunFolder, after: RunFolder) -> _Pictured:
    drawn = _drawn_alike(figure, before, after)
    if drawn:
        sides = [
            Markup('<div class="wide">{}</div><div class="narrow">{}</div>').format(
                Markup(side.wide), Markup(side.narrow)
            )
            for side in drawn
        ]
        return _Pictured(figure, sides[0], sides[1], alike=True)
    return _Pictured(
        figure,
        _as_it_was(before, figure.files_before, figure.caption_before),
        _as_it_was(after, figure.files_after, figure.caption_after),
        alike=False,
    )


def _drawn_alike(
    figure: FigureChange, before: RunFolder, after: RunFolder
) -> tuple[Drawing, Drawing] | None:
    paths = [
        next((run.path / name for name in files if name.endswith(".csv")), None)
        for run, files in ((before, figure.files_before), (after, figure.files_after))
    ]
    if None in paths:
        return None
    try:
        old, new = (read_exported(path) for path in paths if path)
    except (OSError, ValueError):
        return None
    return draw_alike(old, new, (figure.caption_before, figure.caption_after))


def _as_it_was(run: RunFolder, files: Sequence[str], caption: str) -> Markup:
    """The drawing that a version exported."""
    path = next((run.path / name for name in files if name.endswith(".svg")), None)
    if path is None or not path.is_file():
        return Markup('<p class="soft">Not in this version.</p>')
    svg = checked_fragment(path.read_text(encoding="utf-8"), where=f"The figure {path.name}")
    said = Markup('<svg role="img" aria-label="{}" ').format(caption)
    return Markup('<div class="asitwas">{}</div>').format(Markup(svg.replace("<svg ", said, 1)))


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
