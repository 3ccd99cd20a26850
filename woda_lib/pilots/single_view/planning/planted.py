"""How far the counts of families are from those of the made-up county (*synthetic only*)."""

from __future__ import annotations

import pandas as pd

from woda_lib.pilots.single_view.ages import CHILDREN, bands_of
from woda_lib.pilots.single_view.planning.doubt import tally
from woda_lib.pilots.single_view.planning.facts import of_people
from woda_lib.pilots.single_view.planning.families import families, with_facts
from woda_lib.pilots.single_view.planning.schema import Schema
from woda_lib.pilots.single_view.planning.shares import with_shares


def still_shown(homes: pd.DataFrame, people: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Leave out of the truth whoever opted out, so that like is compared with like.

    Whom partners know and none of whose records is in the build opted out. Whoever no partner
    knows stays: they are missing from the counts and should not be.

    Parameters
    ----------
    homes
        The truth, ``sv_households``: `person_id`.
    people
        The truth: `dataset, local_id, person_id`.
    records
        The build's: `dataset, local_id`.
    """
    keys = ["dataset", "local_id"]
    there = pd.MultiIndex.from_frame(records[keys].astype(str))
    shown = pd.MultiIndex.from_frame(people[keys].astype(str)).isin(there)
    asked = people["dataset"].isin(records["dataset"].astype(str).unique())
    gone = set(people.loc[asked, "person_id"]) - set(people.loc[shown, "person_id"])
    return homes[~homes["person_id"].isin(gone)].reset_index(drop=True)


def true_families(
    facts: pd.DataFrame, people: pd.DataFrame, homes: pd.DataFrame, schema: Schema
) -> pd.DataFrame:
    """Return families as they truly are, with what partners' rows truly say of them.

    Parameters
    ----------
    facts
        From `facts.facts_of`; partners are believed, and only who is who is taken from the truth.
    people
        The truth: `dataset, local_id, person_id, age`, whole years. A person whom no partner knows
        has no age here, and is no child.
    homes
        The truth, ``sv_households``: `person_id, household, kind`.
    schema
    """
    records = people[["dataset", "local_id", "person_id"]]
    records = records.set_axis(["dataset", "local_id", "entity_id"], axis=1).assign(confidence=1.0)
    ages = people.drop_duplicates("person_id").set_index("person_id")["age"]
    members = homes[["household", "person_id"]].set_axis(["household_id", "entity_id"], axis=1)
    members = members.assign(age_band=bands_of(members["entity_id"].map(ages)))
    members = members.astype({"entity_id": object})
    persons = members[["entity_id", "age_band"]]
    of = members.assign(child=members["age_band"].isin(CHILDREN)).groupby("household_id")
    table = of["child"].agg(people="size", children="sum").reset_index()
    known = of_people(facts, records, persons)
    return families(with_facts(table, members, known, schema))


def beside_truth(counted: pd.DataFrame, true: pd.DataFrame, least_needs: int) -> pd.DataFrame:
    """Set the counts of each reading beside those of the made-up county.

    Parameters
    ----------
    counted
        From `doubt.readings`.
    true
        From `true_families`.
    least_needs

    Returns
    -------
    DataFrame
        `reading`, the four counts, and `off_percent`: by how much families in need are counted too
        many or too few, in per cent.
    """
    columns = [name for name in counted.columns if name != "reading"]
    planted = pd.DataFrame([("As it is", *tally(true, least_needs))], columns=["reading", *columns])
    table = pd.concat([planted, counted], ignore_index=True)
    needing = int(planted["with_needs"].iloc[0])
    return table.assign(off_percent=100 * (table["with_needs"] - needing) / max(needing, 1))


def children_found(
    people: pd.DataFrame,
    homes: pd.DataFrame,
    true: pd.DataFrame,
    records: pd.DataFrame,
    members: pd.DataFrame,
    counted: pd.DataFrame,
    *,
    least_needs: int,
) -> pd.DataFrame:
    """Say of the children of families in need whether it is the same children.

    Counts can agree where one family is missed and another taken for in need. So each child whom
    the records know is looked at once as it truly lives and once as linked.

    Parameters
    ----------
    people, homes
        The truth; see `true_families`.
    true, counted
        Families as they are and as counted, with `household_id, needs`.
    records
        The build's: `dataset, local_id, entity_id`.
    members
        From `families.members_on`.
    least_needs

    Returns
    -------
    DataFrame
        `children` (in families in need truly, as linked, in both), with the share of the truly so
        who were found, and of the linked who are truly so, and their intervals.
    """
    child = people.loc[people["age"].lt(16), ["dataset", "local_id", "person_id"]]
    own = records[["dataset", "local_id", "entity_id"]].astype(object)
    known = child.astype({"dataset": object, "local_id": object}).merge(own)
    # An entity is whose most of its records are; a person is the entity that most of theirs are.
    sizes = known.groupby(["person_id", "entity_id"], observed=True).size()
    pairs = sizes.reset_index(name="n").sort_values("n", ascending=False, kind="stable")
    pairs = pairs.drop_duplicates("person_id").merge(homes[["person_id", "household"]])
    lives = members.set_index("entity_id")["household_id"]
    truly = pairs["household"].isin(_needing(true, least_needs))
    linked = pairs["entity_id"].map(lives).isin(_needing(counted, least_needs))
    both = int((truly & linked).sum())
    rows = [
        ("Truly in need: found", int(truly.sum()), both),
        ("Linked as in need: rightly", int(linked.sum()), both),
    ]
    return with_shares(
        pd.DataFrame(rows, columns=["group", "children", "both"]), "both", "children"
    )


def _needing(families: pd.DataFrame, least: int) -> pd.Series:
    return families.loc[families["needs"].ge(least), "household_id"]
