"""The land and property gazetteer: every way in which a property is or was officially addressed.

A way of addressing is a row (BS 7666: a land and property identifier). When a street is renamed or
a postcode changed, its properties' rows end and become historical, and new ones are approved.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator, default_rng

from woda_lib.synthetic.address_lines import LETTERS
from woda_lib.synthetic.addresses import STREET_FIRST
from woda_lib.synthetic.deliveries import Delivery, deliver
from woda_lib.synthetic.draws import add_days, as_days, days_between, take
from woda_lib.synthetic.population import NOT_A_DAY
from woda_lib.synthetic.profiles import Periods, Profile
from woda_lib.synthetic.single_view.places import GAZETTEER_BEGAN

APPROVED, ALTERNATIVE, PROVISIONAL, HISTORICAL = "1", "3", "6", "8"

_FIRST_OTHER_UPRN = 930_000_000_000
_PLOTS = 0.006  # of properties, that are planned and have no house yet
_NOT_HOMES = 0.015
_SHOPS = (("Stores", "CR08"), ("Primary School", "CE03"), ("Surgery", "CM01"), ("Arms", "CR06"))
_VANITY_LISTED = 0.6
_KEPT = [
    *("uprn", "class_code", "street_id", "street", "locality", "vanity", "town", "postcode"),
    *("easting", "northing", "district", "area", "deprivation_quintile"),
    *("old_street", "renamed_on", "old_postcode", "recoded_on"),
]


def gazetteer_delivery(
    profile: Profile, places: pd.DataFrame, periods: Periods, seed: int
) -> Delivery:
    """Deliver the gazetteer: all of it in the first file, then what is new or has changed.

    Parameters
    ----------
    profile
    places
        From `woda_lib.synthetic.single_view.places.draw_places`.
    periods
        The files; what began earlier stands in the first.
    seed
        The county's.
    """
    rng = default_rng([seed, 8, 1])
    homes = _homes(places)
    properties = pd.concat(
        [homes, _buildings(homes), _plots(homes, profile, rng), _not_homes(homes, rng)],
        ignore_index=True,
    )
    others = properties["uprn"].isna().to_numpy()
    numbers = rng.permutation(int(others.sum())) * 7
    properties.loc[others, "uprn"] = (_FIRST_OTHER_UPRN + numbers).astype(str)
    parents = properties.loc[properties["is_parent"], ["block", "uprn"]].set_index("block")["uprn"]
    is_child = ~properties["is_parent"] & properties["block"].ge(0)
    properties["parent_uprn"] = properties["block"].map(parents).where(is_child)

    ways = pd.concat([_through_time(properties), _alternatives(properties)], ignore_index=True)
    known = as_days(ways["started_on"]) <= profile.as_of
    ways = ways.loc[known].reset_index(drop=True)
    numbers = rng.permutation(len(ways)).astype(str)
    ways["lpi_key"] = "9234L" + pd.Series(numbers, dtype=object).str.zfill(9)
    return _deliver(ways, profile, periods)


def _homes(places: pd.DataFrame) -> pd.DataFrame:
    """Dwellings that the gazetteer lists, as it addresses them."""
    homes = places.loc[places["listed"]]
    number = homes["number"].astype(str).replace("0", "").to_numpy(dtype=object)
    block, site = homes["block_name"].to_numpy(), homes["site_name"].to_numpy()
    named = homes["house_name"].to_numpy(dtype=object)
    official = np.where(homes["block_first"], block, number)
    official = np.where(named != "", named, np.where(site != "", site, official))
    alternative = np.where(homes["block_first"], number, block)
    alternative = np.where(site != "", "", alternative)
    alternative = np.where(homes["other_name"].ne(""), homes["other_name"], alternative)
    in_block = homes["kind"].isin(["flat", "caravan"]).to_numpy()
    block_of = homes.groupby(["street_id", "number", "site_name"], sort=False).ngroup().to_numpy()
    return homes[_KEPT].assign(
        sub_building=_sub_buildings(homes),
        building=official,
        other_building=np.where(homes["name_listed"], alternative, ""),
        block=np.where(in_block, block_of, -1),
        is_parent=False,
        status=APPROVED,
        began=GAZETTEER_BEGAN,
    )


def _sub_buildings(homes: pd.DataFrame) -> np.ndarray:
    flat = homes["flat"].to_numpy()
    letter = LETTERS[np.clip(flat, 0, 26)]
    text = flat.astype(str).astype(object)
    word = homes["flat_word"].to_numpy(dtype=object)
    named = np.where(word == "letter", "Flat " + letter, word + " " + text)
    return np.where(
        homes["kind"].eq("caravan"), "Pitch " + text, np.where(word != "", named, "")
    ).astype(object)


def _buildings(homes: pd.DataFrame) -> pd.DataFrame:
    """The parent of each block of flats and of each park of caravans: nobody lives in itself."""
    children = homes.loc[homes["block"].ge(0)]
    parents = children.drop_duplicates("block")
    shell = parents["class_code"].where(parents["class_code"].eq("RD01"), "PP")
    return parents.assign(uprn=None, class_code=shell, sub_building="", is_parent=True)


def _plots(homes: pd.DataFrame, profile: Profile, rng: Generator) -> pd.DataFrame:
    """Homes that are planned: provisional, in streets that there are."""
    n = max(3, int(_PLOTS * len(homes)))
    plots = homes.iloc[np.sort(rng.choice(len(homes), n, replace=False))]
    span = int(days_between(profile.opens, profile.as_of))
    return plots.assign(
        uprn=None,
        class_code="RD02",
        sub_building="",
        building="Plot " + pd.Series(rng.integers(1, 40, n).astype(str), plots.index, dtype=object),
        other_building="",
        block=-1,
        status=PROVISIONAL,
        began=add_days(np.full(n, profile.opens), rng.integers(0, span, n)),
    )


def _not_homes(homes: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Shops, schools and the like, which stand in the same streets."""
    n = max(4, int(_NOT_HOMES * len(homes)))
    which = rng.integers(len(_SHOPS), size=n)
    names = take(STREET_FIRST, rng.integers(len(STREET_FIRST), size=n))
    return homes.iloc[np.sort(rng.choice(len(homes), n, replace=False))].assign(
        uprn=None,
        class_code=take([code for _, code in _SHOPS], which),
        sub_building="",
        building=names + " " + take([last for last, _ in _SHOPS], which),
        other_building="",
        block=-1,
    )


def _through_time(properties: pd.DataFrame) -> pd.DataFrame:
    """The official way of each property from change to change, the last still approved."""
    renamed, recoded = as_days(properties["renamed_on"]), as_days(properties["recoded_on"])
    far = np.datetime64("9999-01-01", "D")
    days = np.column_stack([np.where(np.isnat(day), far, day) for day in (renamed, recoded)])
    days.sort(axis=1)
    began = as_days(properties["began"])
    edges = np.column_stack([began, days, np.full(len(began), far)])
    parts = []
    for part in range(3):
        start, end = edges[:, part], edges[:, part + 1]
        rows = np.flatnonzero((start < end) & (start < far))
        since = start[rows]
        own = properties.iloc[rows]
        before_name = since < renamed[rows]
        before_code = since < recoded[rows]
        ends = np.where(end[rows] == far, NOT_A_DAY, end[rows])
        parts.append(
            own.assign(
                street=np.where(before_name, own["old_street"], own["street"]),
                postcode=np.where(before_code, own["old_postcode"], own["postcode"]),
                started_on=since,
                ended_on=ends.astype("datetime64[s]"),
                logical_status=np.where(np.isnat(ends), own["status"], HISTORICAL),
            )
        )
    return pd.concat(parts, ignore_index=True)


def _alternatives(properties: pd.DataFrame) -> pd.DataFrame:
    """What else a property is called: by its name, by its number, in a locality nearby."""
    approved = properties.loc[properties["status"].eq(APPROVED)]
    named = approved.loc[approved["other_building"].ne("")]
    named = named.assign(building=named["other_building"])
    streets = approved["street_id"].to_numpy() % 100 < 100 * _VANITY_LISTED
    elsewhere = approved.loc[approved["vanity"].ne("") & streets]
    elsewhere = elsewhere.assign(locality=elsewhere["vanity"])
    both = pd.concat([named, elsewhere], ignore_index=True)
    since = np.fmax(
        np.fmax(as_days(both["began"]), as_days(both["renamed_on"])), as_days(both["recoded_on"])
    )
    return both.assign(started_on=since, logical_status=ALTERNATIVE)


def _deliver(ways: pd.DataFrame, profile: Profile, periods: Periods) -> Delivery:
    """Each way when it begins, as then known, and again when it ends."""
    ended = as_days(ways["ended_on"])
    over = ~np.isnat(ended) & (ended <= profile.as_of)
    status = np.where(np.isnat(ended), ways["logical_status"], ways["status"])
    first = ways.drop(columns="ended_on").assign(logical_status=status)
    rows = pd.concat([first, ways.loc[over]], ignore_index=True)
    days = np.concatenate([as_days(ways["started_on"]), ended[over]])
    empty = ("sub_building", "building", "locality")
    rows = rows.assign(
        **{name: rows[name].replace("", None) for name in empty},
        parent_uprn=rows["parent_uprn"].fillna("").replace("", None),
        deprivation_quintile=rows["deprivation_quintile"].astype("Int64"),
    )
    return deliver("gazetteer", rows, days, periods)
