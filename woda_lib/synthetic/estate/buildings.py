"""The buildings themselves: where each stands, how large it is, what it costs and since when."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.addresses import STREET_FIRST, street_names
from woda_lib.synthetic.draws import add_days, days_between, take, weighted
from woda_lib.synthetic.estate.ground import Ground
from woda_lib.synthetic.estate.kinds import NUMBERS, PORTFOLIOS, SERVICES, USES
from woda_lib.synthetic.population import NOT_A_DAY
from woda_lib.synthetic.profiles import Profile
from woda_lib.synthetic.registers import local_numbers

_FIRST_UPRN = 940_000_000_000
_TENURES, _TENURE_SHARES = ("freehold", "leasehold", "licence"), (0.68, 0.26, 0.06)
_CONDITIONS, _CONDITION_SHARES = ("A", "B", "C", "D"), (0.15, 0.45, 0.30, 0.10)
_SIZE_SPREAD, _COST_SPREAD = 0.45, 0.25  # of logarithms
_SPARE = (1.2, 12.0)  # of a beta distribution: a mean of 9% stands empty
_OLDEST = np.datetime64("1948-04-01", "D")
_CLOSED, _NEW = 0.05, 0.03  # in the window of the files


def draw_buildings(profile: Profile, ground: Ground, rng: Generator) -> pd.DataFrame:
    """Draw every partner's buildings, before anything is planted among them.

    Returns
    -------
    pandas.DataFrame
        ``partner, use``, the columns of the contract ``public_buildings`` as they truly are, and
        ``spare_share``, of the floor area.
    """
    rows = pd.DataFrame(
        [
            (partner, use)
            for partner, portfolio in PORTFOLIOS.items()
            for use, number in portfolio.items()
            for _ in range(number)
        ],
        columns=["partner", "use"],
        dtype=object,
    )
    n = len(rows)
    rows["building_id"] = ""
    for partner, at in rows.groupby("partner", sort=False).indices.items():
        rows.loc[at, "building_id"] = local_numbers(NUMBERS[str(partner)], len(at), rng)
    rows["uprn"] = (_FIRST_UPRN + rng.permutation(n) * 7).astype(str).astype(object)
    at = np.zeros(n, dtype=np.int64)
    for use, where in rows.groupby("use", sort=False).indices.items():
        pull = USES[str(use)].towards_town
        at[where] = (
            ground.spread(len(where), rng)
            if use in SERVICES
            else ground.pick(len(where), pull, rng)
        )
    rows = stand_at(rows.index.to_numpy(), ground.stand(at, rng), rows, ground)
    rows["building_name"] = _names(rows["use"], rng)
    rows["street"] = street_names(rng, n)
    rows["number"] = rng.integers(1, 180, n)
    rows["tenure"] = take(_TENURES, weighted(rng, n, _TENURE_SHARES))
    median = rows["use"].map({name: use.square_metres for name, use in USES.items()}).to_numpy()
    rows["floor_area"] = np.rint(median * np.exp(rng.normal(0, _SIZE_SPREAD, n))).astype(np.int64)
    rows["spare_share"] = rng.beta(*_SPARE, n)
    cost = rows["use"].map({name: use.cost for name, use in USES.items()}).to_numpy()
    rows["cost_a_metre"] = cost * np.exp(rng.normal(0, _COST_SPREAD, n))
    rows["condition"] = take(_CONDITIONS, weighted(rng, n, _CONDITION_SHARES))
    rows["opening_hours"] = _hours(rows["use"], rng)
    return _through_time(rows, profile, rng)


def stand_at(
    which: np.ndarray, points: np.ndarray, rows: pd.DataFrame, ground: Ground
) -> pd.DataFrame:
    """Return the buildings with some of them put elsewhere, and with the postcode of there."""
    at = ground.nearest(points)
    moved = rows.copy()
    if "easting" not in moved:
        moved = moved.assign(easting=0, northing=0, postcode="", town="")
    moved.loc[which, ["easting", "northing"]] = np.rint(points).astype(np.int64)
    for name in ("postcode", "town"):
        moved.loc[which, name] = ground.postcodes[name].to_numpy(dtype=object)[at]
    return moved


def _names(use: pd.Series, rng: Generator) -> np.ndarray:
    first = take(STREET_FIRST, rng.integers(len(STREET_FIRST), size=len(use)))
    last = np.empty(len(use), dtype=object)
    for name, at in use.groupby(use, sort=False).indices.items():
        called = USES[str(name)].called
        last[at] = take(called, rng.integers(len(called), size=len(at)))
    return first + " " + last


def _hours(use: pd.Series, rng: Generator) -> np.ndarray:
    hours = np.empty(len(use), dtype=object)
    for name, at in use.groupby(use, sort=False).indices.items():
        options = USES[str(name)].hours
        hours[at] = take(options, rng.integers(len(options), size=len(at)))
    return hours


def _through_time(rows: pd.DataFrame, profile: Profile, rng: Generator) -> pd.DataFrame:
    """Say since when each is in use; a few were closed, and a few opened, while files came."""
    n = len(rows)
    opens = profile.shared.begins[0].astype("datetime64[D]")
    before = add_days(
        np.full(n, _OLDEST), rng.integers(0, int(days_between(_OLDEST, opens)) - 400, n)
    )
    within = add_days(
        np.full(n, opens), rng.integers(20, int(days_between(opens, profile.as_of)), n)
    )
    draw = rng.random(n)
    closed, new = draw < _CLOSED, (draw >= _CLOSED) & (draw < _CLOSED + _NEW)
    return rows.assign(
        started_on=np.where(new, within, before),
        ended_on=np.where(closed, within, NOT_A_DAY),
    )
