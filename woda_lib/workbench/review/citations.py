"""What a study cites, how each figure stands now, and which of its sentences move.

A report is one run and never changes. What it cites may be withdrawn later; that is said here, and
on the front page, at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from woda_lib.phrases import say_count
from woda_lib.records import (
    FigureNow,
    ManifestError,
    Pilot,
    RunFolder,
    figures_now,
    read_manifest,
    say_figure,
)
from woda_lib.settings import Settings
from woda_lib.workbench.review.index import Index, IndexedRelease
from woda_lib.workbench.review.pages import write_page
from woda_lib.workbench.review.places import (
    FRONT,
    citations_page,
    frozen_run,
    href,
    site_folder,
    versions_page,
)


@dataclass(frozen=True)
class Sentence:
    """A sentence that moves, the step that says it, and why, a sentence a figure.

    `derived` is one that says no figure that moves itself, but what was worked out from one.
    """

    step: str
    text: str
    why: tuple[str, ...]
    derived: bool = False


@dataclass(frozen=True)
class Citations:
    """What one run or release of a study cites.

    Attributes
    ----------
    name : str
        "version 1.0", or "the run of 26 November 2026".
    figures : tuple of FigureNow
    report : Path
        The report that answers.
    synthetic : bool
    """

    name: str
    figures: tuple[FigureNow, ...]
    report: Path
    synthetic: bool

    @property
    def moving(self) -> tuple[FigureNow, ...]:
        """The figures whose sentences must be written anew."""
        return tuple(one for one in self.figures if one.moves)

    @property
    def fallen(self) -> tuple[FigureNow, ...]:
        """The figures that may be cited no longer."""
        return tuple(one for one in self.figures if not one.stands)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why sentences move, each reason once; of what fell, only of that."""
        return tuple(dict.fromkeys(one.why for one in self.fallen or self.moving))

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences that move, in the order in which they are said."""
        return sentences_of(self.moving)

    @property
    def said(self) -> str:
        """How many sentences move, or stand no longer: "Two sentences of version 1.0 move"."""
        count = len(sentences_of(self.fallen or self.moving))
        if not count:  # a figure may be reckoned with and not said
            return f"Figures of {self.name} {'no longer stand' if self.fallen else 'move'}"
        one = count == 1
        verb = "no longer stand" if self.fallen else "move"
        noun = "sentence" if one else "sentences"
        return f"{say_count(count).capitalize()} {noun} of {self.name} {verb}{'s' if one else ''}"


def sentences_of(figures: Sequence[FigureNow]) -> tuple[Sentence, ...]:
    """Return the sentences that say some figures, then those worked out from them, each once."""
    why: dict[tuple[str, str], dict[str, None]] = {}
    for one in figures:
        for text in one.figure.sentences:
            why.setdefault((one.step, text), {})[one.why] = None
    said = set(why)
    for one in figures:
        for text in one.figure.derived:
            why.setdefault((one.step, text), {})[one.why] = None
    return tuple(
        Sentence(step, text, tuple(reasons), derived=(step, text) not in said)
        for (step, text), reasons in why.items()
    )


def citations_of(pilot: Pilot, settings: Settings, index: Index) -> tuple[Citations, ...]:
    """Return what a study's last run cites, then its newest release and the newest that is signed.

    What readers rely on is the signed one, and it stays in sight while a newer awaits signatures.

    Parameters
    ----------
    pilot : Pilot
        One that cites nothing has nothing here.
    settings : Settings
    index : Index
        Up to date.
    """
    if not pilot.cites:
        return ()
    found = []
    run = index.last_run(pilot.pilot)
    releases = _relied_upon(index.releases.get(pilot.pilot, ()))
    if run is not None:
        name = f"the run of {run.finished:%-d %B %Y, %H:%M}"
        same = [release for release in releases if release.run_id == run.run_id]
        if same:
            name = f"version {same[0].version}"
            releases.remove(same[0])
        found.append((name, RunFolder(settings.outputs_folder / pilot.pilot / run.run_id)))
    for release in releases:
        folder = frozen_run(settings.outputs_folder, pilot.pilot, release.version)
        found.append((f"version {release.version}", folder))
    read = (read_citations(name, folder, pilot, settings) for name, folder in found)
    return tuple(one for one in read if one is not None)


def _relied_upon(releases: Sequence[IndexedRelease]) -> list[IndexedRelease]:
    """Return the newest release that counts, and the newest signed one where that is another."""
    counting = [one for one in releases if one.state in ("signed", "awaiting")]
    signed = [one for one in counting if one.state == "signed"]
    return [*counting[-1:], *(one for one in signed[-1:] if one is not counting[-1])]


def read_citations(
    name: str, folder: RunFolder, pilot: Pilot, settings: Settings
) -> Citations | None:
    """Return what one run or release of a study cites, as it stands now.

    Parameters
    ----------
    name : str
        How a sentence calls it: "version 1.0".
    folder : RunFolder
        The run, or the frozen one.
    pilot : Pilot
    settings : Settings

    Returns
    -------
    Citations or None
        None of a pilot that cites nothing, and where the manifest cannot be read.
    """
    if not pilot.cites:
        return None
    try:
        manifest = read_manifest(folder)
    except ManifestError:  # removed a moment ago, or damaged, which the front page says
        return None
    return Citations(
        name=name,
        figures=tuple(figures_now(pilot, manifest, settings)),
        report=folder.report(pilot.answered_by),
        synthetic=any(step.synthetic for step in manifest.steps),
    )


def write_citations(pilot: Pilot, cited: Sequence[Citations], settings: Settings) -> None:
    """Write ``site/<pilot>/citations.html``, if the study has said anything yet.

    Parameters
    ----------
    pilot : Pilot
    cited : sequence of Citations
        From `citations_of`.
    settings : Settings
    """
    if not cited:
        return
    page = citations_page(settings.outputs_folder, pilot.pilot)
    write_page(
        page,
        "citations.html",
        pilot=pilot,
        cited=cited,
        reports=[href(one.report, page) if one.report.is_file() else "" for one in cited],
        say_figure=say_figure,
        synthetic=any(one.synthetic for one in cited),
        versions=href(versions_page(settings.outputs_folder, pilot.pilot), page),
        front=href(site_folder(settings.outputs_folder) / FRONT, page),
    )
