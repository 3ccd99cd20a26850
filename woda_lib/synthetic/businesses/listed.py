"""The gazetteer's entries of premises that nobody lives in."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.businesses.premises import ways
from woda_lib.synthetic.businesses.writing import mixed_case
from woda_lib.synthetic.deliveries import Delivery, deliver
from woda_lib.synthetic.draws import as_days
from woda_lib.synthetic.population import NOT_A_DAY
from woda_lib.synthetic.profiles import Profile

DATASET: Final = "premises"
_ORGANISATION = 0.6  # of premises, whose entry says who was there when it was made
_PARK = "CI"


def deliver_premises(
    profile: Profile, premises: pd.DataFrame, tenants: np.ndarray, rng: Generator
) -> Delivery:
    """Deliver every way in which premises are addressed, and the parks that units belong to.

    Parameters
    ----------
    tenants
        Who was in each when the first file was made; empty for nobody.
    """
    said = rng.random(len(premises)) < _ORGANISATION
    table = premises.assign(organisation=np.where(said, mixed_case(tenants), ""))
    table = pd.concat([table, _parks(premises)], ignore_index=True)
    rows = ways(table, profile.as_of)
    rows = rows.loc[rows["started_on"].le(pd.Timestamp(profile.as_of))].reset_index(drop=True)
    numbers = rng.permutation(len(rows)).astype(str)
    rows["premises_key"] = "9634L" + pd.Series(numbers, dtype=object).str.zfill(9)
    empty = ("parent_uprn", "organisation", "sub_building", "building", "locality")
    rows = rows.assign(
        **{name: rows[name].replace("", None) for name in empty},
        deprivation_quintile=rows["deprivation_quintile"].astype("Int64"),
    )
    ended = as_days(rows["ended_on"])
    over = np.flatnonzero(~np.isnat(ended))
    first = rows.assign(ended_on=np.full(len(rows), NOT_A_DAY), logical_status="1")
    versions = pd.concat([first, rows.iloc[over]], ignore_index=True)
    days = np.concatenate([as_days(rows["started_on"]), ended[over]])
    return deliver(DATASET, versions, days, profile.shared)


def _parks(premises: pd.DataFrame) -> pd.DataFrame:
    """The parent of the units of each park: nobody trades from itself."""
    units = premises.loc[premises["parent_uprn"].ne("")]
    middle = units.groupby("parent_uprn")[["easting", "northing"]].mean().round().astype("int64")
    parents = units.drop_duplicates("parent_uprn").set_index("parent_uprn")
    parents[["easting", "northing"]] = middle
    return parents.reset_index().assign(
        uprn=lambda table: table["parent_uprn"],
        parent_uprn="",
        sub_building="",
        class_code=_PARK,
        organisation="",
    )
