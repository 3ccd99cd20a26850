"""The county's properties as a gazetteer knows them: names, localities, blocks, sites and changes.

The dwellings of `woda_lib.synthetic.addresses` are numbers in streets. What makes a match of
addresses hard is laid over them here, drawn from numbers of its own: a block of flats with a name,
a numbered house that goes by one, a park of caravans, a house that is let by the room, a street
that was renamed, a postcode that was changed, a grander locality than the right one.

Shares are assumed, but for the order of size of each; they are set so that every way in which a
match goes wrong is met often enough at 20,000 residents to be counted.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator, default_rng

from woda_lib.synthetic.addresses import (
    HOUSE_FIRST,
    HOUSE_LAST,
    STREET_FIRST,
    all_postcodes,
    paired_names,
    street_names,
)
from woda_lib.synthetic.draws import add_days, days_between, take, weighted
from woda_lib.synthetic.population import NOT_A_DAY
from woda_lib.synthetic.profiles import Profile

COUNTY = "worcestershire"
KINDS = ("house", "flat", "care_home", "caravan", "shared")
GAZETTEER_BEGAN = np.datetime64("2001-04-01", "D")
POSTCODE_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
"""What Royal Mail ends postcodes with; C, I, K, M, O and V are left out."""

_CHANGES_FROM = np.datetime64("2012-01-01", "D")
_SITE_SHARE = 0.012  # of streets, that are parks of caravans
_SITE_SIZES = (8, 60)
_BLOCK_NAMED = 0.55
_NUMBER_AND_NAME = 0.05  # of numbered houses
_WITH_LOCALITY = 0.55  # of areas
_VANITY = 0.03  # of streets
_RENAMED, _RECODED = 0.02, 0.025  # of streets and postcodes, since 2012
_FLAT_WORDS, _FLAT_WORD_SHARES = ("Flat", "Apartment", "letter"), (0.76, 0.16, 0.08)
# Left out of the gazetteer, of each kind: new, let by the room, or on wheels.
_UNLISTED = {"house": 0.004, "flat": 0.010, "care_home": 0.0, "caravan": 0.06, "shared": 0.02}
_LISTED_NAMES = 0.75  # of the names of numbered houses, and of blocks' other ways

_LOCALITY_BEFORE, _LOCALITY_BEFORE_SHARES = ("", "Upper ", "Lower ", "Great "), (0.7, 0.1, 0.1, 0.1)
_LOCALITY_LAST = ("ley", "ton", "bury", "wick", "combe", "hampton", "stone", "cote")
_BLOCK_LAST = ("Court", "House", "Mansions", "Lodge", "Point", "Heights")
_SITE_LAST = ("Caravan Park", "Park Homes", "Mobile Home Park", "Caravan Site")
_HOUSE_CODES, _HOUSE_CODE_SHARES = ("RD02", "RD03", "RD04"), (0.35, 0.35, 0.30)


def draw_places(
    profile: Profile, residents: pd.DataFrame, dwellings: pd.DataFrame, seed: int
) -> pd.DataFrame:
    """Say of each dwelling of Worcestershire how it is and was truly addressed.

    Parameters
    ----------
    profile
    residents, dwellings
        From `woda_lib.synthetic.population.make_population`; houses in which sharers live when the
        window opens are let by the room.
    seed
        The county's.

    Returns
    -------
    pandas.DataFrame
        Index: the position in `dwellings`. ``uprn`` (text), ``kind`` (of `KINDS`),
        ``class_code`` (AddressBase: RD01 caravan, RD02 detached, RD03 semi-detached and RD04
        terraced house, RD06 flat, RH03 house let by the room and not divided, RI01 care home),
        ``street_id`` (dwellings with one postcode), ``flat`` and ``number`` (0 where there is
        none; a caravan's flat is its pitch), ``flat_word``, ``house_name``, ``other_name`` (of a
        house that has a number), ``block_name``, ``block_first`` (whether its name comes before
        its number officially), ``site_name``, ``street``, ``locality``, ``vanity`` (a locality that
        it is not in), ``town, postcode``, ``old_street`` and ``renamed_on``, ``old_postcode`` and
        ``recoded_on`` (empty and NaT for most), ``listed`` (whether in the gazetteer),
        ``name_listed`` (whether the other name is), ``easting, northing`` (metres), ``district,
        area, deprivation_quintile``.

    Notes
    -----
    Class codes: Ordnance Survey, *AddressBase classification scheme*.
    """
    rng = default_rng([seed, 8, 0])
    places = dwellings.loc[dwellings["county"].eq(COUNTY)].drop(columns="county")
    places = places.assign(
        uprn=places["uprn"].astype(str),
        street_id=pd.factorize(places["postcode"])[0],
        district=places["town"],
        other_name="",
        block_name="",
        block_first=False,
        site_name="",
        flat_word="",
    )
    _let_by_the_room(places, residents)
    _lay_out_sites(places, rng)
    _name_blocks(places, rng)
    _name_houses(places, rng)
    _put_into_localities(places, rng)
    _change_with_the_years(places, profile, rng)
    code = take(_HOUSE_CODES, weighted(rng, len(places), _HOUSE_CODE_SHARES))
    others = {"flat": "RD06", "care_home": "RI01", "caravan": "RD01", "shared": "RH03"}
    places["class_code"] = places["kind"].map(others).fillna(pd.Series(code, index=places.index))
    missing = places["kind"].map(_UNLISTED).to_numpy()
    places["listed"] = rng.random(len(places)) >= missing
    places["name_listed"] = rng.random(len(places)) < _LISTED_NAMES
    for axis in ("easting", "northing"):
        # A street is some 200 metres long; what lies at one postcode has one point in `dwellings`.
        places[axis] = np.rint(places[axis] + rng.uniform(-90, 90, len(places))).astype(np.int64)
    return places


def _let_by_the_room(places: pd.DataFrame, residents: pd.DataFrame) -> None:
    shared = residents.loc[residents["kind"].eq("shared"), "dwelling"].unique()
    houses = places.index.isin(shared) & places["kind"].eq("house")
    places.loc[houses, "kind"] = "shared"


def _lay_out_sites(places: pd.DataFrame, rng: Generator) -> None:
    """Turn some streets of houses into parks of caravans, each on a pitch of its own number."""
    of = places.groupby("street_id")["kind"].agg(["size", "nunique", "first"])
    few, many = _SITE_SIZES
    fit = of.index[of["size"].between(few, many) & of["nunique"].eq(1) & of["first"].eq("house")]
    chosen = np.sort(rng.choice(fit, max(3, int(_SITE_SHARE * len(of))), replace=False))
    names = paired_names(rng, HOUSE_FIRST, _SITE_LAST, len(chosen))
    here = places["street_id"].isin(chosen)
    rows = places.loc[here]
    places.loc[here, "kind"] = "caravan"
    places.loc[here, "flat"] = rows.groupby("street_id").cumcount() + 1
    places.loc[here, "number"] = 0
    places.loc[here, "house_name"] = ""
    places.loc[here, "site_name"] = rows["street_id"].map(dict(zip(chosen, names, strict=True)))


def _name_blocks(places: pd.DataFrame, rng: Generator) -> None:
    """Name some blocks of flats, and settle what each calls its flats."""
    flats = places["kind"].eq("flat")
    rows = places.loc[flats, ["street_id", "number"]]
    block = rows.groupby(["street_id", "number"]).ngroup().to_numpy()
    n = int(block.max()) + 1
    named = rng.random(n) < _BLOCK_NAMED
    names = np.where(named, paired_names(rng, STREET_FIRST, _BLOCK_LAST, n), "").astype(object)
    first = named & (rng.random(n) < 0.5)
    word = take(_FLAT_WORDS, weighted(rng, n, _FLAT_WORD_SHARES))
    places.loc[flats, "block_name"] = names[block]
    places.loc[flats, "block_first"] = first[block]
    places.loc[flats, "flat_word"] = word[block]


def _name_houses(places: pd.DataFrame, rng: Generator) -> None:
    """Give some houses that have a number a name besides."""
    numbered = places["kind"].eq("house") & places["number"].gt(0)
    chosen = numbered & (rng.random(len(places)) < _NUMBER_AND_NAME)
    places.loc[chosen, "other_name"] = paired_names(rng, HOUSE_FIRST, HOUSE_LAST, int(chosen.sum()))


def _put_into_localities(places: pd.DataFrame, rng: Generator) -> None:
    """Lay about half of the areas into villages and suburbs; a few streets claim a better one."""
    areas, at = np.unique(places["area"], return_inverse=True)
    n = len(areas)
    names = take(_LOCALITY_BEFORE, weighted(rng, n, _LOCALITY_BEFORE_SHARES))
    names = names + take(STREET_FIRST, rng.integers(len(STREET_FIRST), size=n))
    names = names + take(_LOCALITY_LAST, rng.integers(len(_LOCALITY_LAST), size=n))
    names = np.where(rng.random(n) < _WITH_LOCALITY, names, "").astype(object)
    places["locality"] = names[at]
    street = places["street_id"].to_numpy()
    claims = (rng.random(street.max() + 1) < _VANITY)[street]
    # The next area along the curve is a neighbour.
    grander = np.roll(names, 1)[at]
    claims &= (grander != "") & (grander != places["locality"].to_numpy())
    places["vanity"] = np.where(claims, grander, "").astype(object)


def _change_with_the_years(places: pd.DataFrame, profile: Profile, rng: Generator) -> None:
    """Rename some streets and change some postcodes; the dwellings have the newer of each."""
    street = places["street_id"].to_numpy()
    n = int(street.max()) + 1
    first = np.unique(street, return_index=True)[1]
    postcodes = places["postcode"].to_numpy(dtype=object)[first]
    for share, new, old, day in (
        (_RENAMED, street_names(rng, n), "old_street", "renamed_on"),
        (_RECODED, _unused_postcodes(postcodes, rng), "old_postcode", "recoded_on"),
    ):
        changed = rng.random(n) < share
        span = int(days_between(_CHANGES_FROM, profile.as_of))
        on = add_days(np.full(n, _CHANGES_FROM), rng.integers(1, span, n))
        places[old] = np.where(changed, new, "").astype(object)[street]
        places[day] = np.where(changed, on, NOT_A_DAY)[street]


def _unused_postcodes(postcodes: np.ndarray, rng: Generator) -> np.ndarray:
    """Postcodes of the same sectors that are not in use in the county."""
    used = all_postcodes()["postcode"]
    stems = pd.Series(postcodes, dtype=object).str[:-2].to_numpy()
    made = postcodes.copy()
    open_ = np.ones(len(made), dtype=bool)
    for _ in range(20):
        rows = np.flatnonzero(open_)
        ends = (take(list(POSTCODE_LETTERS), rng.integers(20, size=len(rows))) for _ in range(2))
        made[rows] = stems[rows] + next(ends) + next(ends)
        open_ = pd.Series(made).isin(used).to_numpy()
        if not open_.any():
            break
    return made
