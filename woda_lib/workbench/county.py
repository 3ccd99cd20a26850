"""The made-up counties in the data folder: made when they are wanted, whole or not at all."""

from __future__ import annotations

from secrets import token_hex
from shutil import rmtree

from woda_lib.errors import WodaError
from woda_lib.settings import Settings
from woda_lib.workbench.held import clear_abandoned, held


class CountyExists(WodaError):
    """Extracts lie already where a made-up county was to be written."""

    exit_code = 2


def make_county(
    settings: Settings, profile: str, *, seed: int | None = None, force: bool = False
) -> None:
    """Make the extracts and the truth of a profile's county.

    Parameters
    ----------
    settings : Settings
    profile : {"quick", "demo", "county"}
    seed : int, optional
        The profile's own, or that of the outdated county, if left out.
    force : bool
        Whether a county that is there already may be replaced. One that an earlier version made
        is replaced in any case.

    Raises
    ------
    CountyExists
        If extracts are there and `force` is false, or they are not a made-up county.
    """
    from woda_lib.partners import synthetic_marker  # both here, since most runs find a county
    from woda_lib.synthetic import make_extracts

    folder = settings.profile_folder(profile)
    marker = synthetic_marker(folder) if folder.exists() else None
    if folder.exists() and marker is None:
        raise CountyExists(
            f"{folder} is not marked as a made-up county, so partners may have delivered it. It is "
            "left alone; move it away first."
        )
    if marker and marker.outdated and seed is None:
        seed = marker.seed
    if marker and not marker.outdated and not force:
        raise CountyExists(f"{folder} is there already. Use --force to make it anew.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    clear_abandoned(folder.parent.glob(".*.making"))
    with held(folder.with_name(f".{profile}-{token_hex(2)}.making")) as making:
        made = make_extracts(making / profile, settings.truth_folder, profile=profile, seed=seed)
        if folder.exists():
            rmtree(folder)
        made.rename(folder)


def county_is_missing(settings: Settings) -> bool:
    """Say whether a run would read a made-up county that has not been made, or not by this version.

    A county of an earlier version lacks columns that today's notebooks read.
    """
    from woda_lib.partners import synthetic_marker

    if settings.extracts is not None:
        return False
    if not settings.extracts_folder.is_dir():
        return True
    marker = synthetic_marker(settings.extracts_folder)
    return marker is not None and marker.outdated
