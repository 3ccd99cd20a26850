"""How often the households of a day are exactly those who truly live together."""

from __future__ import annotations

import pandas as pd

from woda_lib.linkage.quality import wilson

KINDS = {
    "care_home": "care home",
    "older_one_person": "one older person",
    "one_person": "one younger person",
    "house_share": "house share",
    "three_generations": "three generations",
    "older_couple": "older couple",
    "couple": "younger couple",
    "couple_with_children": "couple with children",
    "lone_parent": "lone parent",
    "grown_children": "with grown children",
    "other": "others",
}
"""Kinds of household, and how readers know them."""


def exact_households(
    members: pd.DataFrame, true_people: pd.DataFrame, households: pd.DataFrame
) -> pd.DataFrame:
    """Say of each true household whether the build has it exactly.

    Whoever is in no partner's records cannot be found in any household, and is left out of the true
    one. A household is exact where one household of the build has the same people, each once, and
    nobody else.

    Parameters
    ----------
    members
        `household_id, entity_id` of the day.
    true_people
        `entity_id, person_id`, from `truth.true_people`.
    households
        The truth's: `person_id, household, uprn, kind`.

    Returns
    -------
    DataFrame
        `household, kind, people, exact`, a row a true household of which anybody is known.
    """
    known = households[households["person_id"].isin(true_people["person_id"])]
    true_size = known.groupby("household")["person_id"].nunique()
    put = members[["household_id", "entity_id"]].merge(true_people, on="entity_id", how="left")
    put = put.merge(known[["person_id", "household"]], on="person_id", how="left")
    put_size = put.groupby("household_id").size()
    shared = put.dropna(subset=["household"]).groupby(["household", "household_id"])
    alike = shared["person_id"].agg(["nunique", "size"]).reset_index()
    exact = alike[
        (alike["nunique"] == alike["household"].map(true_size))
        & (alike["size"] == alike["household_id"].map(put_size))
        & (alike["size"] == alike["nunique"])
    ]
    table = known.drop_duplicates("household")[["household", "kind"]].reset_index(drop=True)
    return table.assign(
        people=table["household"].map(true_size),
        exact=table["household"].isin(exact["household"]),
    )


def by_kind(told: pd.DataFrame) -> pd.DataFrame:
    """Return `kind, households, exact_percent, low, high` of `exact_households`; all of them last.

    The interval is Wilson's.
    """
    rows = []
    groups = [(str(kind), part) for kind, part in told.groupby("kind", observed=True)]
    for name, part in [*groups, ("all households", told)]:
        exact, number = int(part["exact"].sum()), len(part)
        low, high = wilson(exact, number)
        share = 100 * exact / number if number else float("nan")
        row = {"kind": KINDS.get(name, name.replace("_", " ")), "households": number}
        rows.append(row | {"exact_percent": share, "low": 100 * low, "high": 100 * high})
    return pd.DataFrame(rows)


def counted(households: pd.DataFrame) -> pd.DataFrame:
    """Count the households of a day and their people: `kind, households, people`.

    Parameters
    ----------
    households
        `kind, people`, a row a household of the day.
    """
    by = households.groupby(households["kind"].astype(object))["people"]
    table = pd.DataFrame({"households": by.size(), "people": by.sum()})
    table = table.sort_values("households", ascending=False).rename_axis("kind").reset_index()
    return table.assign(kind=table["kind"].map(lambda name: KINDS.get(name, name)))
