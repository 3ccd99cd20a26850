"""A building whose flat nobody wrote down: the flat that other rows of the person name.

An address without its flat is matched to the building (`properties.parent_uprn`). Whoever is known
at one of its flats by another row lives there, and not at two places.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.pilots.single_view.homes.coding import codes_in, named


def in_their_flats(said: pd.DataFrame, properties: pd.DataFrame) -> pd.DataFrame:
    """Return words about homes, those about a building put into the person's flat there.

    Parameters
    ----------
    said
        From `words.words`.
    properties
        `uprn, parent_uprn`.

    Returns
    -------
    DataFrame
        As given. Of several flats of one building the one that is named last counts.
    """
    uprns = said["uprn"].cat.categories
    flats = properties[["uprn", "parent_uprn"]].dropna(subset="parent_uprn")
    child, parent = codes_in(flats["uprn"], uprns), codes_in(flats["parent_uprn"], uprns)
    both = (child >= 0) & (parent >= 0)
    building = np.full(len(uprns) + 1, -1, dtype=np.int32)
    building[child[both]] = parent[both]
    has_flats = np.zeros(len(uprns), dtype=bool)
    has_flats[parent[both]] = True
    u = said["uprn"].cat.codes.to_numpy(np.int32)
    e = said["entity_id"].cat.codes.to_numpy(np.int32)
    told, asked = np.flatnonzero(building[u] >= 0), np.flatnonzero(has_flats[u])
    starts = said["starts"].to_numpy()[told]
    named_flats = pd.DataFrame({"e": e[told], "building": building[u[told]], "flat": u[told]})
    last = named_flats.iloc[np.argsort(starts, kind="stable")]
    last = last.drop_duplicates(["e", "building"], keep="last")
    buildings = pd.DataFrame({"e": e[asked], "building": u[asked]})
    found = buildings.merge(last, on=["e", "building"], how="left")
    known = found["flat"].notna().to_numpy()
    u = u.copy()
    u[asked[known]] = found.loc[known, "flat"].to_numpy(np.int32)
    words = said.copy(deep=False)
    words["uprn"] = pd.Series(named(u, uprns), index=said.index)
    return words
