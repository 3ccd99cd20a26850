"""The report of a release or run as a paper for a committee: a PDF that says how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from woda_lib.errors import WodaError
from woda_lib.records import Pilot, ReleaseFolder
from woda_lib.settings import Settings
from woda_lib.workbench.review.differences.versions import (
    Version,
    VersionNotFound,
    find_version,
)
from woda_lib.workbench.review.index import Index
from woda_lib.workbench.review.pages import say_day
from woda_lib.workbench.review.pdf import is_newer, print_page
from woda_lib.workbench.review.places import site_folder


class NotPrinted(WodaError):
    """A release whose files were altered is not printed as though it still stood."""


@dataclass(frozen=True)
class Paper:
    """A report that can be printed: which version, its page, and where the PDF goes."""

    version: Version
    page: Path
    target: Path

    @property
    def is_printed(self) -> bool:
        """Whether the PDF is there, and newer than report, signatures and withdrawal."""
        made_from = [self.page]
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
    return Paper(version, version.folder.report(asked), folder / f"{version.name}{ending}.pdf")


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
    return print_page(paper.page, paper.target, facts=_standing(paper.version))


def _chosen(settings: Settings, index: Index, pilot: Pilot, name: str) -> Version:
    if name:
        return find_version(settings, index, pilot.pilot, name)
    try:
        return find_version(settings, index, pilot.pilot, "released")
    except VersionNotFound:
        return find_version(settings, index, pilot.pilot, "last")


def _standing(version: Version) -> dict[str, str]:
    """What the paper adds to the report: a report does not know what became of it later."""
    release = version.release
    if release is None:
        return {"Standing": "a run, not signed and not released"}
    signers = "; ".join(
        f"{signer.name}, {signer.role}{f', {say_day(signer.at)}' if signer.at else ''}"
        for signer in release.signers
    )
    facts = {
        "Version": f"{release.version}, {say_day(release.released)}",
        "Signed by": signers or "nobody yet",
    }
    if release.state == "withdrawn":
        facts["Withdrawn"] = release.why
    return facts
