"""Where each entry of the assistance register lives: by number, by address, or by postcode.

Nobody on it may be lost because a number is missing. An entry whose home cannot be found stands at
its postcode, and counts wherever any home of that postcode lies; one without a postcode is counted
apart, so that somebody rings its keeper.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.linkage.addresses import match_addresses

HOW = ("home", "postcode", "nowhere")
"""How exactly an entry is placed: at its home, at its postcode alone, or not at all."""

_PLACED = ["assistance_id", "need", "how", "place", "easting", "northing"]


def on_the_register(register: pd.DataFrame, on: pd.Timestamp) -> pd.DataFrame:
    """Return the entries that stand on a day."""
    ended = register["ended_on"].notna() & register["ended_on"].le(on)
    return register[register["started_on"].le(on) & ~ended].reset_index(drop=True)


def place_people(register: pd.DataFrame, gazetteer: pd.DataFrame) -> pd.DataFrame:
    """Place each entry.

    Parameters
    ----------
    register
        ``assistance_id, need, uprn, address, postcode``; a row an entry.
    gazetteer
        The columns of the contract ``gazetteer``.

    Returns
    -------
    DataFrame
        ``assistance_id, need, how`` (of `HOW`), ``place`` (the property's number or the postcode),
        ``easting, northing`` (missing where it is placed nowhere). One row an entry, but for those
        placed at a postcode: a row each home of it, so that none is missed.
    """
    lines = register[["address", "postcode", "uprn"]].assign(id=np.arange(len(register)))
    found = match_addresses(lines, gazetteer)["uprn"].astype(object)
    points = gazetteer.drop_duplicates("uprn").set_index("uprn")[["easting", "northing"]]
    entries = register[["assistance_id", "need"]].assign(
        postcode=register["postcode"].astype(object), uprn=found.to_numpy()
    )
    at_home = entries["uprn"].notna()
    homes = entries[at_home].merge(points, left_on="uprn", right_index=True, how="left")
    homes = homes.assign(how="home", place=homes["uprn"])
    by_postcode = gazetteer[["postcode", "easting", "northing"]].drop_duplicates()
    by_postcode = by_postcode.dropna().astype({"postcode": object})
    rest = entries[~at_home].merge(by_postcode, on="postcode", how="left")
    known = rest["easting"].notna()
    rest = rest.assign(
        how=np.where(known, "postcode", "nowhere"), place=rest["postcode"].where(known)
    )
    whole = pd.concat([homes[_PLACED], rest[_PLACED]], ignore_index=True)
    return whole.astype({"easting": float, "northing": float})
