"""The report of a release or run as a paper for a committee: a PDF that says how it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from woda_lib.errors import WodaError
from woda_lib.records import Pilot, ReleaseFolder, releases_of
from woda_lib.records.reported import reported_file
from woda_lib.settings import Settings
from woda_lib.workbench.review.citations import read_citations
from woda_lib.workbench.review.differences.versions import (
    Version,
    VersionNotFound,
    find_version,
)
from woda_lib.workbench.review.index import Index
from woda_lib.workbench.review.pages import asset, say_day
from woda_lib.workbench.review.pdf import is_newer, print_page
from woda_lib.workbench.review.places import site_folder
from woda_lib.workbench.review.states import release_of_run

_WORDS = {"signed": "Signed", "awaiting": "Awaiting signatures", "withdrawn": "Withdrawn"}
_VERIFY = "“woda verify {release.pilot} {release.version}” says how it stands since."
_ABOVE = "@page { @top-left { content: %s; } } @page :first { @top-left { content: ''; } }"
_WIDTH, _HEIGHT = 665, 997  # what a report's margins leave of an A4 sheet, in CSS pixels
_GAP = 20
_VALUES = 4  # a row of them
_SETTINGS = 10
_LEAST_FIGURE = 150  # below which nobody reads a figure's axis


class NotPrinted(WodaError):
    """A release whose files were altered is not printed as though it still stood."""


@dataclass(frozen=True)
class Paper:
    """A report that can be printed: which version, its page, and where the PDF goes.

    `hangs_on` is what may change how it stands, beside its own release: releases that it cites, and
    the files that it takes figures from.
    """

    version: Version
    page: Path
    target: Path
    hangs_on: tuple[Path, ...] = ()

    @property
    def is_printed(self) -> bool:
        """Whether the PDF is there, and newer than report, signatures, withdrawal and evidence."""
        made_from = [self.page, *self.hangs_on]
        if self.version.release is not None:
            release = ReleaseFolder(self.version.folder.path.parent)
            made_from += [release.signatures, release.withdrawal]
        return is_newer(self.target, made_from)


def find_paper(
    settings: Settings, index: Index, pilot: Pilot, name: str = "", step: str = ""
) -> Paper:
    """Return which report is printed, and where to; see `print_report`.

    Raises
    ------
    VersionNotFound, ParameterFileError
        If there is no such version or step.
    """
    version = _chosen(settings, index, pilot, name)
    asked = pilot.step(step or pilot.answered_by).name
    ending = "" if asked == pilot.answered_by else f".{asked}"
    folder = site_folder(settings.outputs_folder) / pilot.pilot
    return Paper(
        version,
        version.folder.report(asked),
        folder / f"{version.name}{ending}.pdf",
        tuple(_evidence(pilot, settings)) if pilot.cites else (),
    )


def print_report(
    settings: Settings, index: Index, pilot: Pilot, name: str = "", step: str = ""
) -> Path:
    """Print one report to ``outputs/site/<pilot>/<version>.pdf``.

    Parameters
    ----------
    settings : Settings
    index : Index
        Brought up to date.
    pilot : Pilot
    name : str
        A release or a run, as `find_version` takes it; else the last release, or the last run
        where there is none.
    step : str
        Another step than the one that answers; the file's name then names it.

    Raises
    ------
    VersionNotFound, ParameterFileError
        If there is no such version or step.
    NotPrinted
        If a byte of the release differs from what was frozen.
    PrintError
        If Chromium cannot print it.
    """
    paper = find_paper(settings, index, pilot, name, step)
    release = paper.version.release
    if release is not None and release.state == "void":
        raise NotPrinted(
            f"Version {release.version} of {pilot.pilot} is not printed: {release.why} "
            "Release the run again, and have it signed."
        )
    facts = _standing(pilot, paper.version, index, settings)
    title = f"{pilot.title}, {paper.version.title}: {facts['word']}"
    return print_page(paper.page, paper.target, prepare=partial(_prepare, facts, title))


def _evidence(pilot: Pilot, settings: Settings) -> Iterator[Path]:
    """Everything on the disk that decides how the figures of a study stand."""
    yield settings.parameters_folder / f"{pilot.pilot}.yaml"
    yield reported_file(settings.parameters_folder, pilot.pilot)
    for owner in pilot.cites:
        folder = releases_of(settings, owner)
        yield folder
        yield from folder.rglob("*")


def _chosen(settings: Settings, index: Index, pilot: Pilot, name: str) -> Version:
    if name:
        return find_version(settings, index, pilot.pilot, name)
    try:
        return find_version(settings, index, pilot.pilot, "released")
    except VersionNotFound:
        return find_version(settings, index, pilot.pilot, "last")


def _prepare(facts: dict[str, Any], title: str, sheet: Any) -> None:
    """Lay a report out as a paper: how it stands on its first page, and on every other above."""
    above = json.dumps(title, ensure_ascii=False)
    sheet.add_style_tag(content=asset("paper.css"))
    sheet.add_style_tag(content=_ABOVE % above)
    sheet.set_viewport_size({"width": _WIDTH, "height": _HEIGHT})
    sizes = {"width": _WIDTH, "page": _HEIGHT, "least": _LEAST_FIGURE, "gap": _GAP}
    sizes |= {"values": _VALUES, "settings": _SETTINGS}
    sheet.evaluate(str(asset("paper.js")), facts | sizes)


def _standing(pilot: Pilot, version: Version, index: Index, settings: Settings) -> dict[str, Any]:
    """What the paper adds to the report: a report does not know what became of it later."""
    facts = _of_version(pilot, version, index)
    cited = read_citations(version.title, version.folder, pilot, settings)
    if cited is None or not cited.moving:
        return facts
    rows = [("What it cites", [f"{cited.said}.", *cited.reasons]), *facts["rows"]]
    if not cited.fallen:
        return facts | {"rows": rows}
    word = f"{facts['word']}; evidence no longer stands"
    return {"state": "void", "word": word, "rows": rows}


def _of_version(pilot: Pilot, version: Version, index: Index) -> dict[str, Any]:
    release = version.release
    asks = [("Asked of you", [pilot.asks])] if pilot.asks else []
    if release is None:
        run = index.runs.get(pilot.pilot, {}).get(version.name)
        became = release_of_run(index, run) if run else None
        if became is not None and became.state == "withdrawn":
            why = f"It was released as version {became.version}, and that was withdrawn."
            rows = [("Withdrawn", [why, became.why]), *asks]
            return {"state": "withdrawn", "word": _WORDS["withdrawn"], "rows": rows}
        said = "A run, not signed and not released."
        if became is not None:
            said = f"A run. It was released as version {became.version}, which says how it stands."
        rows = [("Standing", [said]), *asks]
        return {"state": "awaiting", "word": "Not signed", "rows": rows}
    signers = [
        f"{signer.name}, {signer.role}{f', {say_day(signer.at)}' if signer.at else ''}"
        for signer in release.signers
    ]
    rows = [
        ("Version", [f"{release.version}, {say_day(release.released)}"]),
        ("Signed by", signers or ["nobody yet"]),
        *asks,
        ("Printed", [f"{say_day(datetime.now(UTC))}; {_VERIFY.format(release=release)}"]),
    ]
    if release.state == "withdrawn":
        rows.insert(0, ("Withdrawn", [release.why]))
    return {"state": release.state, "word": _WORDS[release.state], "rows": rows}
