"""Premises that nobody lives in: shops in town, units in business parks, pubs in villages.

Industry is planted where it lies in the real county's towns of industry, and food where visitors
come: the streets nearest to a spot of each kind have many times their share.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.addresses import STREET_FIRST, paired_names
from woda_lib.synthetic.businesses.sectors import USES
from woda_lib.synthetic.draws import add_days, days_between, take, weighted
from woda_lib.synthetic.population import NOT_A_DAY
from woda_lib.synthetic.profiles import Profile
from woda_lib.synthetic.single_view.places import GAZETTEER_BEGAN

PREMISES_A_THOUSAND: Final = 36  # residents
FIRST_UPRN: Final = 940_000_000_000
INDUSTRY_IN: Final = ("Redditch", "Kidderminster")
FOOD_IN: Final = ("Worcester", "Malvern")
SPOT: Final = 1_500.0
"""Metres from a spot's middle at which what is planted there has thinned out to 60%."""

_PARK_LAST = ("Business Park", "Industrial Estate", "Trading Estate", "Enterprise Park", "Works")
_HOUSE_LAST = ("House", "Chambers", "Court", "Buildings", "Exchange")
PUBS: Final = (
    "Red Lion;White Hart;Crown;Plough;King's Head;Swan;Royal Oak;Fox & Hounds;Bell;Anchor;"
    "Rose & Crown;Talbot;Bluebell;Cross Keys;Live & Let Live;Queen's Head;Coach & Horses;Mug House"
).split(";")
_PARK_UNITS, _HIGH_STREET_UNITS = 14, 7
_CENTRE = 900.0  # metres within which a town's shops lie
_OUT_OF_TOWN = 0.02  # of the weight that streets have on average
_IN_A_SPOT = 0.65  # of the parks, and of the streets with food
_NAMED_BUILDING = 0.25  # of offices
_WITH_LETTER = 0.08
_NEW = 0.04  # built in the twelve years before the window's end
_TOWN_COLUMNS = [
    *("street_id", "street", "locality", "town", "postcode", "easting", "northing", "district"),
    *("area", "deprivation_quintile", "old_street", "renamed_on", "old_postcode", "recoded_on"),
]


def draw_premises(profile: Profile, places: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Draw the premises of the county.

    Parameters
    ----------
    profile
    places
        From `woda_lib.synthetic.single_view.places.draw_places`: the streets that there are.

    Returns
    -------
    pandas.DataFrame
        One row a unit: ``uprn, parent_uprn`` (empty for most), ``use`` (of `USES`), ``class_code,
        sub_building, building, estate`` (of a unit in a park), ``own_name``
        (of pubs, hotels and schools), the street's columns (``street_id``
        to ``recoded_on``, as `places` has them), ``easting, northing`` (metres), ``rateable_value``
        and ``started_on``.
    """
    streets = places.loc[places["listed"]].drop_duplicates("street_id")[_TOWN_COLUMNS]
    streets = streets.reset_index(drop=True)
    n = int(PREMISES_A_THOUSAND * profile.residents / 1_000)
    use = take(tuple(USES), weighted(rng, n, [use.share for use in USES.values()]))
    where = pd.Series(use).map({name: use.where for name, use in USES.items()}).to_numpy()
    food = np.isin(use, ("restaurant", "takeaway"))
    at = np.empty(n, dtype=np.int64)
    estate = np.full(n, "", dtype=object)
    for kind, chosen, size in (
        ("park", where == "park", _PARK_UNITS),
        ("food", (where == "centre") & food, _HIGH_STREET_UNITS),
        ("centre", (where == "centre") & ~food, _HIGH_STREET_UNITS),
        ("anywhere", where == "anywhere", 1),
    ):
        rows = np.flatnonzero(chosen)
        hosts = _hosts(streets, kind, max(3, len(rows) // size), rng)
        picks = rng.integers(len(hosts), size=len(rows))
        at[rows] = hosts[picks]
        if kind == "park":
            names = paired_names(rng, STREET_FIRST, _PARK_LAST, len(hosts))
            estate[rows] = names[picks]
    units = streets.iloc[at].reset_index(drop=True)
    units = units.assign(use=use, estate=estate)
    units["class_code"] = units["use"].map({name: kind.class_code for name, kind in USES.items()})
    _number(units, rng)
    _name(units, rng)
    for axis in ("easting", "northing"):
        spread = np.where(where == "park", 150, 60)
        units[axis] = np.rint(units[axis] + rng.uniform(-1, 1, n) * spread).astype(np.int64)
    median = units["use"].map({name: kind.rateable_value for name, kind in USES.items()})
    value = median.to_numpy() * np.exp(rng.normal(0, 0.7, n))
    units["rateable_value"] = (np.maximum(value, 900) // 50 * 50).astype(np.int64)
    span = int(days_between(profile.as_of, profile.as_of - np.timedelta64(12 * 365, "D")))
    late = add_days(np.full(n, profile.as_of), rng.integers(span, -30, n))
    units["started_on"] = np.where(rng.random(n) < _NEW, late, GAZETTEER_BEGAN)
    numbers = FIRST_UPRN + rng.permutation(2 * n) * 7
    units["uprn"] = numbers[:n].astype(str).astype(object)
    of_park = pd.factorize(units["estate"] + "/" + units["street_id"].astype(str))[0]
    parent = numbers[n:][of_park].astype(str).astype(object)
    units["parent_uprn"] = np.where(units["estate"].ne(""), parent, "").astype(object)
    return units


def _hosts(streets: pd.DataFrame, kind: str, n: int, rng: Generator) -> np.ndarray:
    """Draw the streets in which premises of a kind stand."""
    if kind == "anywhere":
        return rng.integers(len(streets), size=n)
    inside = {"park": INDUSTRY_IN, "food": FOOD_IN}.get(kind, ())
    in_spot = int(_IN_A_SPOT * n) if inside else 0
    near = np.zeros(len(streets))
    for district in inside:
        near += _nearness(streets, district, SPOT, offset=1_800.0 if kind == "park" else 0.0)
    spread = np.ones(len(streets))
    if kind != "park":
        spread = np.full(len(streets), _OUT_OF_TOWN)
        for town in streets["district"].unique():
            spread += _nearness(streets, town, _CENTRE, offset=0.0)
    picks = [weighted(rng, n - in_spot, spread)]
    if in_spot:
        picks.insert(0, weighted(rng, in_spot, near))
    return np.concatenate(picks)


def _nearness(streets: pd.DataFrame, district: str, metres: float, *, offset: float) -> np.ndarray:
    """Weights that fall off around the middle of a district's streets, moved east by `offset`."""
    own = streets.loc[streets["district"].eq(district)]
    east, north = own["easting"].median() + offset, own["northing"].median()
    square = (streets["easting"] - east) ** 2 + (streets["northing"] - north) ** 2
    inside = streets["district"].eq(district).to_numpy()
    weights = np.exp(-square.to_numpy() / (2 * metres**2)) * inside
    return weights / max(weights.sum(), 1e-300) * len(streets)


def _number(units: pd.DataFrame, rng: Generator) -> None:
    """Give each unit a number that no other has in its park or street."""
    in_park = units["estate"].ne("").to_numpy()
    key = np.where(in_park, units["estate"] + "/", "") + units["street_id"].astype(str)
    rank = units.groupby(key).cumcount().to_numpy() + 1
    text = rank.astype(str).astype(object)
    # Shops stand among the homes of their street, whose numbers begin at 1 and at odd steps.
    number = (100 + 2 * rank + units["street_id"].to_numpy() % 2).astype(str).astype(object)
    letter = rng.random(len(units)) < _WITH_LETTER
    number = np.where(letter, number + "A", number)
    office = units["use"].eq("office").to_numpy() & (rng.random(len(units)) < _NAMED_BUILDING)
    house = paired_names(rng, STREET_FIRST, _HOUSE_LAST, len(units))
    units["sub_building"] = np.where(in_park, "Unit " + text, "").astype(object)
    units["building"] = np.where(in_park, units["estate"], np.where(office, house, number))


def _name(units: pd.DataFrame, rng: Generator) -> None:
    """Name what has a name of its own, which stays whoever rents it."""
    use = units["use"]
    first = take(STREET_FIRST, rng.integers(len(STREET_FIRST), size=len(units)))
    pub = "The " + take(PUBS, rng.integers(len(PUBS), size=len(units)))
    own = np.where(use.eq("pub"), pub, "")
    own = np.where(use.eq("hotel"), "The " + first + " Hotel", own)
    own = np.where(use.eq("school"), first + " Primary School", own).astype(object)
    units["own_name"] = own
    units["building"] = np.where(own != "", own, units["building"]).astype(object)


def ways(units: pd.DataFrame, as_of: np.datetime64) -> pd.DataFrame:
    """Return every way in which units were addressed: before a street was renamed, and since."""
    kept = units.assign(ended_on=np.full(len(units), NOT_A_DAY), logical_status="1")
    renamed = units["renamed_on"].notna() & units["renamed_on"].gt(units["started_on"])
    renamed &= units["renamed_on"].le(pd.Timestamp(as_of))
    before = kept.loc[renamed].assign(
        street=units["old_street"], ended_on=units["renamed_on"], logical_status="8"
    )
    kept.loc[renamed, "started_on"] = units["renamed_on"]
    return pd.concat([kept, before], ignore_index=True)
