"""What partners write of their buildings: with what got lost, and with what was never right."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.partners import CONTRACTS
from woda_lib.synthetic.addresses import all_postcodes
from woda_lib.synthetic.deliveries import Delivery, deliver
from woda_lib.synthetic.draws import add_days, as_days, days_between, take, weighted
from woda_lib.synthetic.estate.land import written
from woda_lib.synthetic.population import NOT_A_DAY
from woda_lib.synthetic.profiles import Profile
from woda_lib.synthetic.single_view.places import POSTCODE_LETTERS

BUILDINGS, LAND = "public_buildings", "land_use"
SWAPS = "fire_service"
"""The partner that writes northings where eastings belong, in a few rows."""

SLIPS = {
    "": 0.79,
    "uprn_lost": 0.08,
    "postcode_lost": 0.04,
    "coordinates_lost": 0.05,
    "postcode_unknown": 0.03,
    "nowhere": 0.01,
}
"""What is wrong with what is written of a building's place, and how often. Of what is *nowhere*
the postcode does not exist, and property number and coordinates are missing."""

_SWAPPED = 4
_UNKNOWN = {"spare_area": 0.06, "running_cost": 0.08, "condition": 0.10, "opening_hours": 0.15}
_MEASURED_AGAIN = 0.10  # of buildings, whose spare area is put right later
_HEARD_AFTER = 25.0  # days, mean


def with_slips(buildings: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Return the buildings with ``slip``: what will be wrong with each one's place."""
    slip = take(list(SLIPS), weighted(rng, len(buildings), list(SLIPS.values())))
    own = np.flatnonzero(buildings["partner"].eq(SWAPS))
    slip[rng.choice(own, _SWAPPED, replace=False)] = "coordinates_swapped"
    return buildings.assign(slip=slip)


def deliver_buildings(
    partner: str, buildings: pd.DataFrame, profile: Profile, rng: Generator
) -> Delivery:
    """Deliver one partner's buildings: all in the first file, then what is new or has changed.

    Parameters
    ----------
    buildings
        Of all partners, from `with_slips`.
    """
    own = buildings.loc[buildings["partner"].eq(partner)].reset_index(drop=True)
    rows = _misplaced(own, rng)
    n = len(rows)
    for name, share in _UNKNOWN.items():
        rows[name] = rows[name].astype("Int64" if "_area" in name or "cost" in name else object)
        rows.loc[rng.random(n) < share, name] = None
    heard = np.floor(rng.exponential(_HEARD_AFTER, (2, n)))
    began = add_days(as_days(rows["started_on"]), heard[0])
    ended = add_days(as_days(rows["ended_on"]), heard[1])
    opened = rows.assign(ended_on=np.full(n, NOT_A_DAY))
    first = profile.shared.begins[0].astype("datetime64[D]")
    span = int(days_between(first, profile.as_of))
    again = (
        (rng.random(n) < _MEASURED_AGAIN)
        & rows["spare_area"].notna().to_numpy()
        & (began < first)
        & np.isnat(ended)
    )
    measured = add_days(np.full(n, first), rng.integers(40, span, n))
    before = opened.assign(
        spare_area=opened["spare_area"].mask(again, (opened["spare_area"] * 7) // 10)
    )
    over = ~np.isnat(ended)
    versions = pd.concat([before, opened.loc[again], rows.loc[over]], ignore_index=True)
    days = np.concatenate([began, measured[again], np.maximum(ended, began)[over]])
    known = days <= profile.as_of
    return deliver(
        BUILDINGS, versions.loc[known].reset_index(drop=True), days[known], profile.shared
    )


def deliver_land(land: pd.DataFrame, profile: Profile) -> Delivery:
    """Deliver the sites: all in the first file, and a version anew when one was surveyed again."""
    rows = land.assign(geometry=written(land["geometry"]))
    revised = ~np.isnat(as_days(rows["revised_on"]))
    again = rows.loc[revised].assign(version_on=rows.loc[revised, "revised_on"])
    versions = pd.concat([rows, again], ignore_index=True)
    return deliver(LAND, versions, as_days(versions["version_on"]), profile.shared)


def _misplaced(rows: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Write down where each building is, wrong where it slips."""
    slip = rows["slip"]
    nowhere = slip.eq("nowhere")
    no_number = slip.eq("uprn_lost") | nowhere
    no_point = slip.eq("coordinates_lost") | nowhere
    unknown = slip.eq("postcode_unknown") | nowhere
    swapped = slip.eq("coordinates_swapped")
    line = rows["building_name"] + ", " + rows["number"].astype(str) + " " + rows["street"]
    east, north = rows["easting"].astype("Int64"), rows["northing"].astype("Int64")
    postcode = rows["postcode"].mask(
        unknown, pd.Series(_not_in_use(rows["postcode"], rng), rows.index)
    )
    made = rows.assign(
        address=line + ", " + rows["town"],
        uprn=rows["uprn"].mask(no_number, None),
        postcode=postcode.mask(slip.eq("postcode_lost"), None),
        easting=east.mask(swapped, north).mask(no_point),
        northing=north.mask(swapped, east).mask(no_point),
    )
    names = [name for name in CONTRACTS[BUILDINGS].columns if name in made]
    return made[names]


def _not_in_use(postcodes: pd.Series, rng: Generator) -> np.ndarray:
    """Postcodes of the right form and of the same sector that nobody has."""
    used = set(all_postcodes()["postcode"])
    letters = list(POSTCODE_LETTERS)
    ends = np.array([a + b for a in letters for b in letters], dtype=object)
    made = []
    for stem in postcodes.str[:-2]:
        free = [stem + end for end in rng.permutation(ends) if stem + end not in used]
        made.append(free[0] if free else "WR99 9ZZ")
    return np.array(made, dtype=object)
