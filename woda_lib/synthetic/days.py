"""One day more of a made-up county: what police deliver on the day after the newest."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np

from woda_lib.errors import WodaError
from woda_lib.partners import synthetic_marker
from woda_lib.synthetic.county import County, draw_county
from woda_lib.synthetic.domestic_abuse.police import POLICE
from woda_lib.synthetic.extracts import write_sound
from woda_lib.synthetic.profiles import Profile, get_profile
from woda_lib.synthetic.raw_forms import RAW_FORMS
from woda_lib.synthetic.truth import write_known

# Written last, so that a day that was cut short is still the next one.
_LAST_WRITTEN = "police_incidents"


class NotTheNextDay(WodaError):
    """A day was asked for that cannot be added to the extracts that are there."""

    exit_code = 2


def next_day(folder: Path) -> date:
    """Return the day after the newest that police have delivered to a made-up county.

    Raises
    ------
    NotTheNextDay
        If `folder` is not a made-up county of this version, or no further day of it is known.
    """
    _, _, day = _begun(folder)
    return day


def make_day(folder: Path, truth: Path, day: date, *, of: County | None = None) -> list[Path]:
    """Write the next day's police files into a made-up county, and what is true by then.

    The day holds new incidents and, however small the county, an incident that comes late, one
    whose roles are put right and one that is withdrawn. No fault is planted. The same county and
    day give the same bytes.

    Parameters
    ----------
    folder : Path
        The extracts, as `make_extracts` wrote them.
    truth : Path
        The folder of truths, as for `make_extracts`.
    day : date
        The day after the newest, see `next_day`.
    of : County, optional
        What `make_domestic_abuse` drew, so that it need not be drawn again.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    NotTheNextDay
        If `folder` is not a made-up county of this version, or `day` not the day after its newest.
    """
    profile, seed, due = _begun(folder)
    if day != due:
        raise NotTheNextDay(
            f"The next day of {folder} is {due}, and {day} was asked for. Days are added one after "
            "another."
        )
    marker = synthetic_marker(folder)
    assert marker is not None
    county = of or draw_county(profile, seed)
    at = np.datetime64(day, "D")
    write_known(county, profile, at, truth / marker.truth, whole=of is None)
    deliveries = sorted(county.domestic_abuse[POLICE], key=lambda d: d.dataset == _LAST_WRITTEN)
    for delivery in deliveries:
        write_sound(folder / POLICE, RAW_FORMS[POLICE], delivery.between(at, at))
    return [folder / POLICE / f"{delivery.dataset}_{day}.csv" for delivery in deliveries]


def _begun(folder: Path) -> tuple[Profile, int, date]:
    """The profile and seed of a made-up county, and the day that is due."""
    marker = synthetic_marker(folder) if folder.is_dir() else None
    if marker is None or marker.outdated:
        raise NotTheNextDay(
            f"{folder} is not a county that this version made up. Make one with `woda extracts "
            "make`; days that partners deliver are theirs to send."
        )
    profile = get_profile(marker.profile)
    delivered = [path.stem.split("_")[-1] for path in folder.glob(f"{POLICE}/{_LAST_WRITTEN}_*")]
    newest = date.fromisoformat(max(day for day in delivered if day.count("-") == 2))
    due = newest + timedelta(days=1)
    if np.datetime64(due, "D") > profile.last_day:
        raise NotTheNextDay(
            f"{folder} holds every day of its county: the last is {newest}. Start again from "
            "`woda extracts make --force`."
        )
    return profile, marker.seed, due
