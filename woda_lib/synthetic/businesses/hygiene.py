"""Food hygiene ratings: every kitchen and food shop, by the name over its door."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.random import Generator
from pyproj import Transformer

from woda_lib.synthetic.businesses.sectors import FOOD_SHOPS, SECTORS, USES
from woda_lib.synthetic.businesses.writing import firm, mixed_case, numbered, parts
from woda_lib.synthetic.deliveries import Delivery, deliver
from woda_lib.synthetic.draws import add_days, as_days, left_out, weighted
from woda_lib.synthetic.population import NOT_A_DAY
from woda_lib.synthetic.profiles import Profile

DATASET: Final = "food_hygiene"
AUTHORITIES: Final = {
    "Bromsgrove": "Bromsgrove",
    "Malvern": "Malvern Hills",
    "Redditch": "Redditch",
    "Worcester": "Worcester City",
    "Evesham": "Wychavon",
    "Kidderminster": "Wyre Forest",
}
"""What the scheme calls the district of each town."""
_FOOD_SHOP = "Retailers - other"
_RATINGS, _RATING_SHARES = ("5", "4", "3", "2", "1", "0"), (0.70, 0.18, 0.07, 0.025, 0.02, 0.005)
AWAITING, EXEMPT = "AwaitingInspection", "Exempt"
_EXEMPT_SHARE = 0.02
_FIRST_INSPECTION, _BETWEEN = 75.0, 560.0  # days
_REGISTERED_NAME = 0.12
_ENTERED = 20.0
_WITH_COUNTY, _WITHOUT_PLACE = 0.5, 0.06
_FHRS_FIRST = 1_400_000


def deliver_hygiene(
    profile: Profile,
    tenancies: pd.DataFrame,
    tenant: np.ndarray,
    of_tenancy: np.ndarray,
    enterprises: pd.DataFrame,
    names: pd.DataFrame,
    premises: pd.DataFrame,
    rng: Generator,
) -> tuple[Delivery, pd.DataFrame]:
    """Deliver ratings: those of whoever is open at first, then what is new or rated again.

    Returns
    -------
    delivery : Delivery
    known : pandas.DataFrame
        ``row_id, enterprise, site``.
    """
    kind = _kinds(tenancies, tenant, enterprises)
    first_file = profile.shared.begins[0].astype("datetime64[D]")
    open_ = tenancies["ends"].ge(pd.Timestamp(first_file)).to_numpy()
    at = np.flatnonzero((kind != "") & open_ & tenancies["starts"].le(pd.Timestamp(profile.as_of)))
    starts, ends = (as_days(tenancies[name])[at] for name in ("starts", "ends"))
    own = names.iloc[tenant[at]].reset_index(drop=True)
    units = premises.iloc[tenancies["premises"].to_numpy()[at]].reset_index(drop=True)
    table = _establishments(own, units, kind[at], rng)
    versions, days = _inspections(table, starts, ends, profile.as_of, rng)
    who = pd.DataFrame(
        {"row_id": table["fhrs_id"], "enterprise": tenant[at], "site": of_tenancy[at]}
    )
    delivery = deliver(DATASET, versions, days, profile.shared)
    known = who.loc[who["row_id"].isin(delivery.rows["fhrs_id"])]
    return delivery, known.reset_index(drop=True)


def _kinds(tenancies: pd.DataFrame, tenant: np.ndarray, enterprises: pd.DataFrame) -> np.ndarray:
    """What the scheme calls each tenancy; empty where nobody inspects it."""
    by_use = {name: use.inspected for name, use in USES.items()}
    kind = tenancies["use"].map(by_use).to_numpy(dtype=object)
    food = np.array([sector.sic in FOOD_SHOPS for sector in SECTORS])
    shops = food[enterprises["sector"].to_numpy()[tenant]] & tenancies["use"].eq("shop").to_numpy()
    return np.where(shops, _FOOD_SHOP, kind).astype(object)


def _establishments(
    own: pd.DataFrame, units: pd.DataFrame, kind: np.ndarray, rng: Generator
) -> pd.DataFrame:
    n = len(own)
    door = np.where(units["own_name"].ne(""), units["own_name"], own["trading"]).astype(object)
    name = np.where(
        rng.random(n) < _REGISTERED_NAME, mixed_case(own["name"].to_numpy(dtype=object)), door
    )
    said = parts(units, rng)
    premises, street = said["premises"].to_numpy(), said["street"].to_numpy()
    joined = numbered(premises)
    first = np.where(joined, premises + " " + street, premises)
    second = np.where(joined, said["locality"], street)
    to_degrees = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
    east, north = to_degrees.transform(units["easting"].to_numpy(), units["northing"].to_numpy())
    hidden = rng.random(n) < _WITHOUT_PLACE
    number = _FHRS_FIRST + rng.permutation(n * 3)[:n]
    return pd.DataFrame(
        {
            "fhrs_id": number.astype(str).astype(object),
            "authority_number": "PI/"
            + pd.Series(rng.permutation(n) + 10_000).astype(str).str.zfill(9),
            "business_name": firm(name, rng, careless=0.6),
            "business_type": kind,
            "address_line_1": left_out(first, first == ""),
            "address_line_2": left_out(second, second == ""),
            "address_line_3": units["town"].to_numpy(dtype=object),
            "address_line_4": left_out(["Worcestershire"] * n, rng.random(n) >= _WITH_COUNTY),
            "postcode": said["postcode"].to_numpy(dtype=object),
            "authority": units["district"].map(AUTHORITIES).to_numpy(dtype=object),
            "longitude": left_out(np.char.mod("%.6f", east), hidden),
            "latitude": left_out(np.char.mod("%.6f", north), hidden),
        }
    )


def _inspections(
    table: pd.DataFrame,
    starts: np.ndarray,
    ends: np.ndarray,
    as_of: np.datetime64,
    rng: Generator,
) -> tuple[pd.DataFrame, np.ndarray]:
    """Each establishment as it waits, and as it is rated time after time."""
    n = len(table)
    exempt = rng.random(n) < _EXEMPT_SHARE
    rating = np.where(exempt, EXEMPT, AWAITING).astype(object)
    parts_, days = [table.assign(rating=rating, rated_on=np.full(n, NOT_A_DAY))], [starts]
    at = np.flatnonzero(~exempt)
    day = add_days(starts, np.floor(rng.exponential(_FIRST_INSPECTION, n)))[at]
    while len(at):
        there = (day < ends[at]) & (day <= as_of)
        at, day = at[there], day[there]
        given = np.array(_RATINGS, dtype=object)[weighted(rng, len(at), _RATING_SHARES)]
        parts_.append(table.iloc[at].assign(rating=given, rated_on=day))
        days.append(add_days(day, np.floor(rng.exponential(_ENTERED, len(at)))))
        day = add_days(day, 180 + np.floor(rng.exponential(_BETWEEN, len(at))))
    entered = np.concatenate(days)
    known = entered <= as_of
    versions = pd.concat(parts_, ignore_index=True)
    return versions.loc[known].reset_index(drop=True), entered[known]
