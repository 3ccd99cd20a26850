"""Where each record is: its property, the building around it, and whether the place says anything.

Addresses go through the matcher of `woda_lib.linkage.addresses`, against premises and homes alike:
many a firm is registered at a kitchen table. At some addresses hundreds of companies are registered
by an agent; that two records are both there says next to nothing, and it is no place of work.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.linkage.addresses import AddressIndex, match_addresses
from woda_lib.linkage.addresses.ways import COLUMNS

PLACES = ["source", "id", "uprn", "building", "probability", "how", "postcode", "mass"]


def index_of(premises: pd.DataFrame, homes: pd.DataFrame) -> AddressIndex:
    """Return the gazetteer of premises and homes, ready for matching.

    Parameters
    ----------
    premises, homes
        The columns of the contracts ``premises`` and ``gazetteer``.
    """
    both = [frame[list(COLUMNS)] for frame in (premises, homes) if len(frame)]
    return AddressIndex.of(pd.concat(both, ignore_index=True))


def locate(records: pd.DataFrame, index: AddressIndex, *, mass_registration: int) -> pd.DataFrame:
    """Find the property of each record.

    Parameters
    ----------
    records
        From `sources.records`.
    index
        From `index_of`.
    mass_registration
        Companies registered at one address from which it is taken for an agent's.

    Returns
    -------
    DataFrame
        `PLACES`, in the order of the records: `uprn` (missing where none fits surely), `building`
        (the property that it is part of, or itself), `probability` and `how` of the match,
        `postcode` (the property's own where it is known), and `mass`.
    """
    lines = pd.DataFrame(
        {
            "id": range(len(records)),
            "address": records["address"].astype(object),
            "postcode": records["postcode"].astype(object),
            "uprn": records["uprn_given"].astype(object),
        }
    )
    lines = lines.replace({np.nan: None})
    found = match_addresses(lines, index)
    first = np.unique(index.ways.rows["uprn"], return_index=True)[1]
    held = pd.DataFrame(
        {name: index.ways.written(name, first) for name in ("uprn", "parent_uprn", "postcode")}
    ).set_index("uprn")
    uprn = found["uprn"].astype("string").set_axis(records.index)
    parent = uprn.map(held["parent_uprn"]).astype("string")
    told = records["postcode"].astype("string")
    places = pd.DataFrame(
        {
            "source": records["source"],
            "id": records["id"],
            "uprn": uprn,
            "building": parent.fillna(uprn),
            "probability": found["probability"].to_numpy(),
            "how": found["how"].astype("string").to_numpy(),
            "postcode": told.fillna(uprn.map(held["postcode"]).astype("string")),
        }
    )
    return places.assign(mass=_mass(records, places, mass_registration))[PLACES]


def _mass(records: pd.DataFrame, places: pd.DataFrame, least: int) -> pd.Series:
    """Say which registered offices are an agent's: as many companies or more at one address."""
    line = records["address"].astype("string").str.upper().str.replace(r"[\W_]+", " ", regex=True)
    address = places["uprn"].fillna(line + "/" + places["postcode"])
    companies = records["source"].eq("companies")
    there = address[companies].value_counts()
    many = address.map(there).fillna(0).ge(least)
    return (many & address.notna()).astype(bool)
