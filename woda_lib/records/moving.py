"""How the figures that a study said stand now, and so which of its sentences move.

What a run or release of a study says never changes; what it cites may. A sentence moves if a figure
in it comes from a release that was withdrawn, is void or is gone, or if what would be cited today
is another number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from woda_lib.errors import WodaError
from woda_lib.records.citable import Citable, as_value
from woda_lib.records.citations import CitationError
from woda_lib.records.cited import CitedFigure
from woda_lib.records.layout import RunFolder, read_manifest
from woda_lib.records.phrases import say_amount, say_interval
from woda_lib.records.pilots import Pilot, read_pilot
from woda_lib.records.proving import proved_once
from woda_lib.records.releases import Release, ReleaseStanding, release_folder, release_name
from woda_lib.records.runs import Manifest
from woda_lib.records.standing import release_standings
from woda_lib.settings import Settings

StateNow = Literal["unchanged", "newer", "withdrawn", "void", "gone"]

_FALLEN = ("withdrawn", "void", "gone")


@dataclass(frozen=True)
class FigureNow:
    """One figure that a study said, and how it stands now.

    Attributes
    ----------
    step : str
        The step that says it.
    figure : CitedFigure
        As it was said, with its sentences.
    state : {"unchanged", "newer", "withdrawn", "void", "gone"}
        *newer*: another release, run or file would be cited today, which may say the same number.
    why : str
        In a sentence; empty where nothing happened.
    now : CitedFigure, optional
        What would be cited today; nothing where nothing may be.
    """

    step: str
    figure: CitedFigure
    state: StateNow
    why: str
    now: CitedFigure | None

    @property
    def stands(self) -> bool:
        """Whether what was cited may still be cited."""
        return self.state not in _FALLEN

    @property
    def moves(self) -> bool:
        """Whether the sentences that say it must be written anew."""
        return not self.stands or (self.now is not None and not same_number(self.figure, self.now))


def figures_now(pilot: Pilot, manifest: Manifest, settings: Settings) -> list[FigureNow]:
    """Say how every figure stands that a run or release of a study took from elsewhere.

    Parameters
    ----------
    pilot : Pilot
        The study, as its file is now.
    manifest : Manifest
        Of the run, or of the run that was released.
    settings : Settings

    Raises
    ------
    ReviewersError
        If a reviewer's file is not valid, so that no signature can be proved.
    """
    standing_on = {(step.synthetic, step.extracts) for step in manifest.steps}
    citable = {
        on: Citable(pilot, pilot.values(), settings, synthetic=on[0], extracts=on[1])
        for on in standing_on
    }
    with proved_once():
        return [
            _now(step.step, figure, citable[step.synthetic, step.extracts], settings)
            for step in manifest.steps
            for figure in step.cited
        ]


def figures_of_release(release: Release, settings: Settings) -> list[FigureNow]:
    """Say how every figure stands that a release took from elsewhere.

    Parameters
    ----------
    release : Release
        Of a pilot that cites nothing, or has no file any more, there are none.
    settings : Settings

    Raises
    ------
    ManifestError
        If the frozen manifest cannot be read.
    ParameterFileError
        If the pilot's file is not valid.
    ReviewersError
        If a reviewer's file is not valid.
    """
    path = settings.parameters_folder / f"{release.pilot}.yaml"
    if not path.is_file():
        return []
    pilot = read_pilot(path)
    if not pilot.cites:
        return []
    folder = RunFolder(release_folder(settings, release.pilot, release.version).files)
    return figures_now(pilot, read_manifest(folder), settings)


def say_figure(figure: CitedFigure) -> str:
    """Return a figure as people read it: 2.7 days (2.1 to 3.3)."""
    value = as_value(figure)
    interval = say_interval(value)
    return f"{say_amount(value)} ({interval})" if interval else say_amount(value)


def same_number(one: CitedFigure, other: CitedFigure) -> bool:
    """Whether two figures are the same number, with the same interval and unit."""
    return as_value(one) == as_value(other)


def _now(step: str, figure: CitedFigure, citable: Citable, settings: Settings) -> FigureNow:
    now, error = None, WodaError("")
    try:
        now = citable.figure(figure.named)
    except WodaError as refused:
        error = refused
    state, why = _fallen(figure, settings)
    if state is None and now is None:
        state, why = _blocked(figure, error, settings), str(error)
    elif state is None and now is not None:
        state, why = _moved(figure, now)
    elif now is not None and now.source != figure.source:
        why = f"{why} {_says(now)}"
    assert state is not None  # one of the three gave it
    return FigureNow(step, figure, state, why, now)


def _fallen(figure: CitedFigure, settings: Settings) -> tuple[StateNow | None, str]:
    """Say whether the release that a figure came from may be cited no longer."""
    if figure.kind != "cited" or figure.state == "run":
        return None, ""
    name = release_name(figure.owner, figure.version)
    standing = _find(release_standings(settings, figure.owner), figure.version)
    if standing is None:
        return "gone", f"{name} is not there any more."
    if standing.state == "withdrawn":
        return "withdrawn", f"{name} was withdrawn: {standing.why.rstrip('.')}."
    if standing.state == "void":
        return "void", f"{name} is void: {standing.why.rstrip('.')}."
    if standing.sha256 != figure.sha256:
        return "void", f"{name} has another record than the one that was cited."
    return None, ""


def _blocked(figure: CitedFigure, error: WodaError, settings: Settings) -> StateNow:
    """Say how what stands in the way stands: a newer release that is void, say."""
    if isinstance(error, CitationError):
        standing = _find(release_standings(settings, figure.owner), error.version)
        if standing is not None and standing.state in ("void", "withdrawn"):
            return standing.state
    return "gone"


def _find(standings: Sequence[ReleaseStanding], version: str) -> ReleaseStanding | None:
    return next((one for one in standings if one.release.version == version), None)


def _moved(figure: CitedFigure, now: CitedFigure) -> tuple[StateNow, str]:
    same = same_number(figure, now)
    if (now.source, now.sha256) == (figure.source, figure.sha256) and same:
        if now.state != figure.state:
            return "unchanged", f"It is {now.state_in_words} now."
        return "unchanged", ""
    if figure.kind == "cited":
        return "newer", _says(now) if not same else f"{_whose(now)} says the same."
    if same:
        return "newer", f"Its source reads otherwise now: {now.source.rstrip('.')}."
    return "newer", f"{now.source} says {say_figure(now)} now."


def _says(now: CitedFigure) -> str:
    return f"{_whose(now)} says {say_figure(now)}."


def _whose(now: CitedFigure) -> str:
    if now.state == "run":
        return f"The last run of {now.owner}, not released,"
    signed = "signed" if now.state == "signed" else "not signed yet"
    return f"{release_name(now.owner, now.version)}, {signed},"
