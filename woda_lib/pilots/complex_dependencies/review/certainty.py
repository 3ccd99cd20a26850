"""How sure a household's records are: the links that hold them together, and how new they are."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd


def links_of(
    members: pd.DataFrame, records: pd.DataFrame, doubts: pd.DataFrame, *, sure: float
) -> pd.DataFrame:
    """Say of each household how sure it is that its records are of its members.

    Parameters
    ----------
    members
        `household_id, entity_id` on the day.
    records
        The build's: `dataset, local_id, entity_id, confidence`.
    doubts
        The build's pairs that were not linked and may be one person: `left_source, left_id,
        right_source, right_id, log2_odds`.
    sure
        Probability below which a link is doubtful.

    Returns
    -------
    DataFrame
        Indexed by `household_id`: `records` (of its members), `doubtful` (linked below `sure`),
        `lowest` (the least probable link) and `perhaps_theirs` (records of others that may be of a
        member, by pairs that are as probable as not).
    """
    of = members.astype(object).drop_duplicates("entity_id").set_index("entity_id")["household_id"]
    own = records[["dataset", "local_id", "entity_id", "confidence"]].astype(
        {"dataset": object, "local_id": object, "entity_id": object}
    )
    own = own.assign(
        household_id=own["entity_id"].map(of), doubtful=own["confidence"].lt(sure).astype(int)
    )
    found = (
        own.dropna(subset=["household_id"])
        .groupby("household_id")
        .agg(
            records=("local_id", "size"), doubtful=("doubtful", "sum"), lowest=("confidence", "min")
        )
    )
    home = own.set_index(["dataset", "local_id"])["household_id"]
    home = home[~home.index.duplicated()]
    likely = doubts.loc[doubts["log2_odds"].ge(0)].astype(
        dict.fromkeys(("left_source", "right_source", "left_id", "right_id"), object)
    )
    ends = [
        home.reindex(pd.MultiIndex.from_frame(likely[[f"{side}_source", f"{side}_id"]])).to_numpy()
        for side in ("left", "right")
    ]
    apart = pd.Series(ends[0]).ne(pd.Series(ends[1])).to_numpy()
    touched = pd.Series(np.concatenate([end[apart] for end in ends]), dtype=object).dropna()
    perhaps = touched.value_counts()
    found["perhaps_theirs"] = perhaps.reindex(found.index).fillna(0).astype(int)
    return found


def newest_of(dated: pd.DataFrame, *, as_of: date) -> pd.Series:
    """Return the day of the newest record of each household, as known on the day of the list.

    Parameters
    ----------
    dated
        `household_id, on`: a row a record.
    as_of
        What is dated later is passed over.
    """
    known = dated.loc[dated["on"].le(pd.Timestamp(as_of))]
    newest: pd.Series = known.groupby("household_id")["on"].max()
    return newest
