"""Where companies are registered: at their premises, at accountants', at homes, and elsewhere."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.addresses import STREET_FIRST, all_postcodes, paired_names, street_names
from woda_lib.synthetic.businesses.sectors import SECTORS
from woda_lib.synthetic.draws import weighted

ADDRESSED: Final = [
    *("uprn", "sub_building", "building", "street", "locality", "town", "postcode"),
    *("easting", "northing", "district", "area", "deprivation_quintile"),
]
"""What there is of every place: absent, empty or NaN outside the county where it is not known."""

# Where companies with premises, and without, have their registered office.
_KINDS = ("own", "accountant", "home", "outside")
_WITH, _WITHOUT = (0.58, 0.18, 0.18, 0.06), (0.0, 0.38, 0.52, 0.10)
_COMPANIES_AN_ACCOUNTANT = 150
_TOWNS = (
    ("Birmingham", "B3 2EW", 406_800, 287_200), ("London", "EC1V 2NX", 532_700, 182_700),
    ("London", "WC2H 9JQ", 530_100, 181_100), ("Bristol", "BS1 4QA", 358_500, 172_900),
    ("Manchester", "M2 4WU", 383_900, 398_200), ("Leeds", "LS1 4AP", 429_800, 433_400),
    ("Cardiff", "CF10 1FS", 318_300, 176_300),
)  # fmt: skip
_OFFICE_LAST = ("House", "Court", "Chambers", "Place", "Tower")
_NEIGHBOURS = "severnside"
_FAR = 0.55  # of the offices outside, that are in cities


def homes_of(places: pd.DataFrame, n: int, rng: Generator) -> pd.DataFrame:
    """Draw homes at which companies are registered: the address, and nothing of who lives there."""
    fit = places.loc[places["kind"].isin(["house", "flat"]) & places["listed"]]
    homes = fit.iloc[np.sort(rng.choice(len(fit), min(n, len(fit)), replace=False))]
    flat = "Flat " + homes["flat"].astype(str)
    number = homes["number"].astype(str).replace("0", "")
    building = homes["house_name"].where(homes["house_name"].ne(""), number)
    sub = flat.where(homes["flat"].gt(0), "")
    return homes.assign(sub_building=sub, building=building)[ADDRESSED].reset_index(drop=True)


def outside(n: int, rng: Generator) -> pd.DataFrame:
    """Draw offices that are not in the county."""
    near = all_postcodes()
    near = near.loc[near["county"].eq(_NEIGHBOURS)]
    chosen = near.iloc[rng.integers(len(near), size=n)]
    far = rng.random(n) < _FAR
    city = rng.integers(len(_TOWNS), size=n)
    frame = pd.DataFrame(
        {
            "uprn": None,
            "sub_building": "Suite " + pd.Series(rng.integers(1, 60, n)).astype(str),
            "building": paired_names(rng, STREET_FIRST, _OFFICE_LAST, n),
            "street": rng.integers(1, 180, n).astype(str).astype(object)
            + " "
            + street_names(rng, n),
            "locality": "",
            "district": None,
            "area": None,
            "deprivation_quintile": np.nan,
        }
    )
    for place, (name, there) in enumerate(
        (
            ("town", np.full(n, "Gloucester", dtype=object)),
            ("postcode", chosen["postcode"].to_numpy(dtype=object)),
            ("easting", chosen["easting"].to_numpy()),
            ("northing", chosen["northing"].to_numpy()),
        )
    ):
        cities = np.array([town[place] for town in _TOWNS], dtype=there.dtype)[city]
        frame[name] = np.where(far, cities, there)
    return frame[ADDRESSED]


def draw_offices(
    enterprises: pd.DataFrame,
    tenancies: pd.DataFrame,
    tenant: np.ndarray,
    premises: pd.DataFrame,
    places: pd.DataFrame,
    as_of: np.datetime64,
    rng: Generator,
) -> tuple[np.ndarray, pd.DataFrame]:
    """Draw the registered office of each company.

    Returns
    -------
    office : numpy.ndarray
        Of each enterprise, the position of the place; -1 for those that are no company.
    table : pandas.DataFrame
        All places, ``kind`` (premises, home, outside) and `ADDRESSED`: the premises come first, in
        their order.
    """
    n = len(enterprises)
    registered = enterprises["legal_form"].isin(["company", "charity"]).to_numpy()
    own = last_premises(tenancies, tenant, n)
    kind = np.where(own >= 0, weighted(rng, n, _WITH), weighted(rng, n, _WITHOUT))
    national = enterprises["national"].to_numpy(dtype=bool)
    kind[national] = _KINDS.index("outside")
    desks = _accountants(enterprises, tenancies, tenant, int(registered.sum()), as_of)
    kind[np.isin(own, desks)] = _KINDS.index("own")
    homes = homes_of(places, int((kind == _KINDS.index("home")).sum()), rng)
    others = outside(int((kind == _KINDS.index("outside")).sum()), rng)
    office = own.copy()
    rows = np.flatnonzero(kind == _KINDS.index("accountant"))
    # Few accountants have most of the companies.
    office[rows] = desks[weighted(rng, len(rows), 1 / np.arange(1, len(desks) + 1) ** 0.5)]
    rows = np.flatnonzero(kind == _KINDS.index("home"))
    office[rows] = len(premises) + np.arange(len(rows)) % len(homes)
    rows = np.flatnonzero(kind == _KINDS.index("outside"))
    office[rows] = len(premises) + len(homes) + np.arange(len(rows))
    heads = enterprises.loc[enterprises["is_head"]].reset_index().set_index("group")["index"]
    members = np.flatnonzero(enterprises["kind"].eq("group_member"))
    office[members] = office[heads.loc[enterprises["group"].iloc[members]].to_numpy()]
    office[~registered] = -1
    table = pd.concat(
        [
            part.assign(kind=name)[["kind", *ADDRESSED]]
            for name, part in (
                ("premises", premises),
                ("home", homes),
                ("outside", others),
            )
        ],
        ignore_index=True,
    )
    return office, table


def last_premises(tenancies: pd.DataFrame, tenant: np.ndarray, n: int) -> np.ndarray:
    """Of each enterprise the premises that it rents longest into the present, -1 for none."""
    order = np.lexsort((tenancies["starts"], tenancies["ends"]))
    out = np.full(n, -1)
    out[tenant[order]] = tenancies["premises"].to_numpy()[order]
    return out


def _accountants(
    enterprises: pd.DataFrame,
    tenancies: pd.DataFrame,
    tenant: np.ndarray,
    companies: int,
    as_of: np.datetime64,
) -> np.ndarray:
    """The premises of the accountants at whose address hundreds are registered."""
    sics = np.array([sector.sic for sector in SECTORS])
    accounts = sics[enterprises["sector"].to_numpy()[tenant]] == "69201"
    there = accounts & tenancies["ends"].gt(pd.Timestamp(as_of)).to_numpy()
    offices = tenancies["use"].eq("office").to_numpy() & tenancies["ends"].gt(pd.Timestamp(as_of))
    found = tenancies.loc[there if there.any() else offices, ["premises", "starts"]]
    oldest = found.sort_values(["starts", "premises"], kind="stable")["premises"].to_numpy()
    return oldest[: max(3, companies // _COMPANIES_AN_ACCOUNTANT)]
