"""How many households were found exactly, and what the others have wrong (synthetic only)."""

from __future__ import annotations

import pandas as pd

OUTCOMES = ("exact", "somebody_missing", "somebody_more", "both", "not_found")
"""What became of a true household: found with exactly its people; found without some of them, with
others besides, or both; or none of its people is in any household."""


def people_of_entities(records: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Return the person whom most records of an entity are of: `entity_id, person_id`.

    Parameters
    ----------
    records
        `dataset, local_id, entity_id`.
    truth
        `dataset, local_id, person_id`: the truth `people`.
    """
    keys = ["dataset", "local_id"]
    both = records[[*keys, "entity_id"]].astype({"dataset": str, "entity_id": object})
    named = both.merge(truth[[*keys, "person_id"]].astype({"dataset": str}), on=keys)
    counts = named.groupby(["entity_id", "person_id"], observed=True).size().rename("n")
    order = counts.reset_index().sort_values(
        ["entity_id", "n", "person_id"], ascending=[True, False, True]
    )
    return order.drop_duplicates("entity_id")[["entity_id", "person_id"]].reset_index(drop=True)


def compare_households(
    members: pd.DataFrame, truth: pd.DataFrame, people: pd.DataFrame
) -> pd.DataFrame:
    """Compare the households of one day with the true ones.

    Parameters
    ----------
    members
        Those of `households.household_as_of`: `household_id, entity_id`.
    truth
        `person_id, household, kind` on that day: the truth `sv_households`.
    people
        From `people_of_entities`.

    Returns
    -------
    DataFrame
        A row a true household: `household`, its true `kind`, `people`; `outcome`, one of
        `OUTCOMES`; `missing` and `more`, people who are wrongly away or there; `unseen`, people
        who are in no household that was found. Compared with the found household that has most of
        its people; whoever is in two found households counts where they are found.
    """
    found = members[["household_id", "entity_id"]].astype(object).merge(people, on="entity_id")
    found = found.drop_duplicates(["household_id", "person_id"])
    size = found.groupby("household_id").size()
    seen = truth["person_id"].isin(found["person_id"])
    both = truth.merge(found[["household_id", "person_id"]], on="person_id")
    shared = both.groupby(["household", "household_id"]).size().rename("shared").reset_index()
    shared["size"] = shared["household_id"].map(size)
    best = shared.sort_values(
        ["household", "shared", "size"], ascending=[True, False, True]
    ).drop_duplicates("household")
    true = truth.assign(unseen=~seen).groupby("household", as_index=False)
    table = true.agg(
        kind=("kind", "first"), people=("person_id", "size"), unseen=("unseen", "sum")
    ).merge(best, on="household", how="left")
    table["missing"] = table["people"] - table["shared"].fillna(0).astype(int)
    table["more"] = (table["size"] - table["shared"]).fillna(0).astype(int)
    short, long = table["missing"] > 0, table["more"] > 0
    table["outcome"] = "exact"
    table.loc[short, "outcome"] = "somebody_missing"
    table.loc[long, "outcome"] = "somebody_more"
    table.loc[short & long, "outcome"] = "both"
    table.loc[table["shared"].isna(), "outcome"] = "not_found"
    table["outcome"] = pd.Categorical(table["outcome"], OUTCOMES)
    return table[["household", "kind", "people", "outcome", "missing", "more", "unseen"]]


def share_exact(compared: pd.DataFrame) -> pd.DataFrame:
    """Return by true kind the number of households and the share of each outcome.

    Parameters
    ----------
    compared
        From `compare_households`.

    Returns
    -------
    DataFrame
        Index the kind, and ``all``; columns `households` and the outcomes, shares of 1.
    """
    everyone = pd.concat([compared, compared.assign(kind="all")])
    counts = pd.crosstab(everyone["kind"], everyone["outcome"]).reindex(
        columns=list(OUTCOMES), fill_value=0
    )
    number = counts.sum(axis=1)
    table = counts.div(number, axis=0)
    table.insert(0, "households", number)
    return table.loc[[*sorted(set(table.index) - {"all"}), "all"]]
