"""A study is released and signed only while everything that it cites stands as it is said there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from woda_lib.records import (
    FigureNow,
    Manifest,
    Pilot,
    ReleaseStanding,
    figures_now,
    figures_of_release,
    proved_once,
    release_standings,
)
from woda_lib.settings import Settings
from woda_lib.workbench.releases.errors import ReleaseError

_NAMED = 5


def refuse_unsigned_figures(
    pilot: Pilot,
    manifest: Manifest,
    settings: Settings,
    refuse: Callable[[str], ReleaseError],
    *,
    dirty_will_do: bool,
) -> None:
    """Refuse a run that cites what is not signed, stands no longer or is another number by now.

    Parameters
    ----------
    pilot : Pilot
    manifest : Manifest
        Of the run.
    settings : Settings
    refuse : callable
        Returns the error, given why and what to do.
    dirty_will_do : bool
        Whether releases may be cited that were made from files that were not committed, as the run
        itself may be: for made-up data alone.

    Raises
    ------
    ReleaseError
        Naming the figures.
    """
    with proved_once():
        found = list(dict.fromkeys(_unfit(pilot, manifest, settings, dirty_will_do)))
    if found:
        raise refuse(
            f"What it cites cannot be relied upon: {_told(found)}. Let those pilots be released "
            f"and signed, then run {pilot.pilot} again."
        )


def refuse_moved_figures(standing: ReleaseStanding, settings: Settings) -> None:
    """Refuse to sign a study's release some of whose figures fell or moved since it was released.

    Raises
    ------
    ReleaseError
        Naming the figures.
    ManifestError, ParameterFileError
        If the frozen manifest, or the file of the study, cannot be read.
    """
    with proved_once():
        now = figures_of_release(standing.release, settings)
    if found := list(dict.fromkeys(_moved(one) for one in now if one.moves)):
        pilot, version = standing.release.pilot, standing.release.version
        raise ReleaseError(
            f"{pilot} {version} is not signed. What it cites is not what it says any more: "
            f"{_told(found)}. `woda cite {pilot}` names the sentences. Run {pilot} again, release "
            "it and sign that."
        )


def _unfit(
    pilot: Pilot, manifest: Manifest, settings: Settings, dirty_will_do: bool
) -> Iterator[str]:
    for one in figures_now(pilot, manifest, settings):
        figure = one.figure
        if figure.kind == "cited" and figure.state != "signed":
            yield f"{figure.source} ({figure.state_in_words} when it was cited)"
        elif one.moves:
            yield _moved(one)
        elif dirty_will_do or figure.kind != "cited":
            continue
        elif figure.version in _dirty(figure.owner, settings):
            yield f"{figure.source} (released from files that were not committed)"


def _moved(one: FigureNow) -> str:
    name = one.figure.source if one.figure.kind == "cited" else one.figure.named
    return f"{name} ({one.why.rstrip('.')})"


def _told(found: list[str]) -> str:
    more = f"; and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return "; ".join(found[:_NAMED]) + more


def _dirty(pilot: str, settings: Settings) -> set[str]:
    standings = release_standings(settings, pilot)
    return {
        one.release.version for one in standings if one.release.dirty or one.release.commit is None
    }
