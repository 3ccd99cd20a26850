"""Whom a linkage takes for one another: twins, fathers and sons of one name, people of one address.

A single figure for precision hides who bears the mistakes. Twins share surname, birth date and
home; a father and a son may share both names and a home, and council tax knows no birth dates; in a
care home many share an address. Each kind is counted by itself, against the truth.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from woda_lib.linkage.quality import pairs_of
from woda_lib.linkage.standardise import standardise

KINDS = {
    "twins": "Twins: one surname, birth date and home",
    "namesakes": "Fathers and sons, mothers and daughters: one full name and home",
    "one home": "Others who lived at one address",
    "strangers": "People who never lived at one address",
}
"""Kinds of look-alikes, the first that fits counting, as readers are told of them."""

_NAMES = {"forename": "name", "surname": "name", "date_of_birth": "date_of_birth"}


def look_alikes(
    clusters: pd.DataFrame,
    truth: pd.DataFrame,
    records: Mapping[str, pd.DataFrame],
    homes: pd.DataFrame,
) -> pd.DataFrame:
    """Count who was wrongly taken for whom.

    Parameters
    ----------
    clusters
        `source, id, entity_id`.
    truth
        `source, id, entity_id`, the true person of every record.
    records
        From `people.records`.
    homes
        `person_id, uprn`: where people truly lived.

    Returns
    -------
    DataFrame
        A row a kind of `KINDS`, and one for all: `kind`; `pairs_of_people`, how many there are of
        two who are known to partners (of strangers not counted); `taken_for_one`, of whom a record
        stands under one identifier; `percent`; `wrong_record_pairs`, and `of_all_percent`, their
        share of all pairs of records under one identifier.
    """
    known = clusters.merge(
        truth[["source", "id", "entity_id"]].rename(columns={"entity_id": "person"}),
        on=["source", "id"],
        validate="one_to_one",
    )
    mixed = _mixed(known)
    near = _one_home(homes[homes["person_id"].isin(known["person"])])
    pairs = pd.concat([near.assign(near=True), mixed[["one", "other"]].assign(near=False)])
    pairs = pairs.drop_duplicates(["one", "other"], ignore_index=True)
    pairs["kind"] = _kinds(pairs, _persons(records, truth))
    told = mixed.merge(pairs, on=["one", "other"], validate="many_to_one")
    there = pairs["kind"].value_counts()
    joined = told.drop_duplicates(["one", "other"])["kind"].value_counts()
    wrong = told.groupby("kind")["record_pairs"].sum()
    sizes = known.groupby("entity_id", sort=False).size()
    every = int((sizes * (sizes - 1) // 2).sum())
    rows = [
        {
            "kind": KINDS[kind],
            "pairs_of_people": int(there.get(kind, 0)) if kind != "strangers" else pd.NA,
            "taken_for_one": int(joined.get(kind, 0)),
            "wrong_record_pairs": int(wrong.get(kind, 0)),
        }
        for kind in KINDS
    ]
    rows.append(
        {
            "kind": "All",
            "pairs_of_people": pd.NA,
            "taken_for_one": int(joined.sum()),
            "wrong_record_pairs": int(wrong.sum()),
        }
    )
    table = pd.DataFrame(rows).astype({"pairs_of_people": "Int64"})
    share = 100 * table["taken_for_one"] / table["pairs_of_people"].astype("Float64")
    table.insert(3, "percent", share)
    return table.assign(of_all_percent=100 * table["wrong_record_pairs"] / max(every, 1))


def _mixed(known: pd.DataFrame) -> pd.DataFrame:
    """Pairs of people under one identifier: `one, other, record_pairs`."""
    parts = known.groupby(["entity_id", "person"], observed=True, sort=False).size().reset_index()
    parts = parts[parts.duplicated("entity_id", keep=False)].reset_index(drop=True)
    pairs = pairs_of(pd.factorize(parts["entity_id"])[0])
    person, number = parts["person"].to_numpy(), parts[0].to_numpy()
    left, right = person[pairs.left], person[pairs.right]
    return pd.DataFrame(
        {
            "one": np.minimum(left, right),
            "other": np.maximum(left, right),
            "record_pairs": number[pairs.left] * number[pairs.right],
        }
    )


def _one_home(homes: pd.DataFrame) -> pd.DataFrame:
    """Pairs of people who ever lived at one property: `one, other`."""
    lived = homes[["person_id", "uprn"]].drop_duplicates(ignore_index=True)
    pairs = pairs_of(pd.factorize(lived["uprn"])[0])
    person = lived["person_id"].to_numpy()
    left, right = person[pairs.left], person[pairs.right]
    table = pd.DataFrame({"one": np.minimum(left, right), "other": np.maximum(left, right)})
    return table.drop_duplicates(ignore_index=True)


def _persons(records: Mapping[str, pd.DataFrame], truth: pd.DataFrame) -> pd.DataFrame:
    """What most records say of each person's names and birth date, by person."""
    parts = [
        frame[["id", *(name for name in _NAMES if name in frame)]].assign(source=source)
        for source, frame in records.items()
    ]
    told = pd.concat(parts, ignore_index=True).merge(truth, on=["source", "id"])
    columns = {}
    for name, kind in _NAMES.items():
        said = told[["entity_id"]].assign(value=standardise(told[name], kind)).dropna()
        if name == "surname":
            said["value"] = said["value"].str.partition(" ")[0]
        counted = said.value_counts().reset_index()  # the most frequent first
        columns[name] = counted.drop_duplicates("entity_id").set_index("entity_id")["value"]
    return pd.DataFrame(columns)


def _kinds(pairs: pd.DataFrame, persons: pd.DataFrame) -> np.ndarray:
    one, other = (persons.reindex(pairs[side]).reset_index(drop=True) for side in ("one", "other"))
    same = (one == other) & one.notna() & other.notna()
    near = pairs["near"].to_numpy()
    conditions = {
        "twins": near & (same["surname"] & same["date_of_birth"]).to_numpy(),
        "namesakes": near & (same["surname"] & same["forename"]).to_numpy(),
        "one home": near,
    }
    return np.select(list(conditions.values()), list(conditions), "strangers")
