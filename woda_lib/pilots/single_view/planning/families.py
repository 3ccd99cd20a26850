"""Households on a day with what is known of them: needs, services, help, where they live."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from woda_lib.pilots.single_view.ages import CHILDREN
from woda_lib.pilots.single_view.planning.schema import Schema

PLACE = ["district", "area", "deprivation_quintile"]


def members_on(members: pd.DataFrame, persons: pd.DataFrame, on: date) -> pd.DataFrame:
    """Return who belongs to which household on a day: `household_id, entity_id, age_band`.

    Whoever belongs to two is in the one that they joined last.
    """
    there = members.loc[_goes_on(members, on)].sort_values("starts", kind="stable")
    there = there.drop_duplicates("entity_id", keep="last")[["household_id", "entity_id"]]
    there = there.astype(object)
    if "died_on" in persons:
        died = persons.loc[persons["died_on"].le(pd.Timestamp(on)), "entity_id"]
        there = there.loc[~there["entity_id"].isin(died)]
    band = persons.set_index(persons["entity_id"].astype(object))["age_band"].astype(object)
    return there.assign(age_band=there["entity_id"].map(band)).reset_index(drop=True)


def households_on(
    households: pd.DataFrame, members: pd.DataFrame, properties: pd.DataFrame, on: date
) -> pd.DataFrame:
    """Return the households of a day.

    Parameters
    ----------
    households
        The build's: `household_id, uprn, starts, ends, kind`.
    members
        From `members_on`.
    properties
        The build's: `uprn, district, area, deprivation_quintile`.
    on

    Returns
    -------
    DataFrame
        `household_id, uprn, kind, people, children` (under 16), `district, area,
        deprivation_quintile`; a row a household that has a member.
    """
    spans = households.loc[_goes_on(households, on)].sort_values("starts", kind="stable")
    spans = spans.drop_duplicates("household_id", keep="last")
    spans = spans[["household_id", "uprn", "kind"]].astype(object)
    child = members["age_band"].isin(CHILDREN)
    counted = members.assign(child=child).groupby("household_id", observed=True)["child"]
    sizes = counted.agg(people="size", children="sum").reset_index()
    table = sizes.merge(spans, on="household_id", how="inner")
    places = properties.drop_duplicates("uprn").astype({"uprn": object})
    return table.merge(places[["uprn", *PLACE]], on="uprn", how="left").reset_index(drop=True)


def with_facts(
    households: pd.DataFrame, members: pd.DataFrame, facts: pd.DataFrame, schema: Schema
) -> pd.DataFrame:
    """Add to each household what is known of any of its members.

    Parameters
    ----------
    households, members
        From `households_on` and `members_on`.
    facts
        From `facts.of_people`.
    schema

    Returns
    -------
    DataFrame
        `households` with a column a heading (whether it is raised), `needs` (how many are),
        `services` (how many know it), `early_help`, `social_care`, `helped` (either) and
        `free_meals`.
    """
    of = facts.merge(members[["entity_id", "household_id"]], on="entity_id", how="inner")
    of = of[["household_id", "kind", "name"]].drop_duplicates()
    table = households.copy()
    headings = [need.heading for need in schema.needs]
    for name in headings:
        table[name] = _has(table, of, "need", name)
    table["needs"] = table[headings].sum(axis=1).astype(int)
    services = of.loc[of["kind"].eq("service")].groupby("household_id").size()
    table["services"] = table["household_id"].map(services).fillna(0).astype(int)
    for name in schema.help:
        table[name] = _has(table, of, "help", name)
    table["helped"] = table["early_help"] | table["social_care"]
    table["free_meals"] = _has(table, of, "mark", "free_meals")
    return table


def families(table: pd.DataFrame) -> pd.DataFrame:
    """Return the households that the programme is for: those with a child under 16."""
    return table.loc[table["children"].gt(0)].reset_index(drop=True)


def banded(numbers: pd.Series, most: int) -> pd.Series:
    """Return numbers as ordered categories, `most` and more in the last: 0, 1, 2, *3 or more*."""
    names = [*map(str, range(most)), f"{most} or more"]
    band = np.array(names, dtype=object)[np.minimum(numbers.to_numpy(int), most)]
    return pd.Series(pd.Categorical(band, categories=names, ordered=True), index=numbers.index)


def _goes_on(spans: pd.DataFrame, on: date) -> pd.Series:
    day = pd.Timestamp(on)
    return spans["starts"].le(day) & (spans["ends"].isna() | spans["ends"].ge(day))


def _has(table: pd.DataFrame, of: pd.DataFrame, kind: str, name: str) -> pd.Series:
    mine = of.loc[of["kind"].eq(kind) & of["name"].eq(name), "household_id"]
    return table["household_id"].isin(mine)
