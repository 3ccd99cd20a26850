"""A study is released only if every figure that it cites comes from a signed release."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from woda_lib.records import Manifest, Pilot, figures_now, proved_once, release_standings
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
    """Refuse a run that cites what is not signed, or stands no longer.

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
        more = f"; and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        raise refuse(
            f"What it cites cannot be relied upon: {'; '.join(found[:_NAMED])}{more}. Let those "
            f"pilots be released and signed, then run {pilot.pilot} again."
        )


def _unfit(
    pilot: Pilot, manifest: Manifest, settings: Settings, dirty_will_do: bool
) -> Iterator[str]:
    for one in figures_now(pilot, manifest, settings):
        figure = one.figure
        if figure.kind != "cited":
            continue
        if figure.state != "signed":
            yield f"{figure.source} ({figure.state_in_words} when it was cited)"
        elif not one.stands:
            yield f"{figure.source} ({one.why.rstrip('.')})"
        elif not dirty_will_do and figure.version in _dirty(figure.owner, settings):
            yield f"{figure.source} (released from files that were not committed)"


def _dirty(pilot: str, settings: Settings) -> set[str]:
    standings = release_standings(settings, pilot)
    return {
        one.release.version for one in standings if one.release.dirty or one.release.commit is None
    }
