"""Properties by what makes a fire there more likely or worse, and where nobody has been.

Occupants come from the build's households, hazards and alarms from the fire service's last visit.
What puts people at risk follows the National Fire Chiefs Council's *Person-Centred Framework for
the Home Fire Safety Visit*: who the people are and what they can do weighs more than the building.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from woda_lib.pilots.single_view.ages import OVER_75, UNDER_FIVE
from woda_lib.pilots.single_view.planning.families import banded
from woda_lib.pilots.single_view.planning.shares import by_groups, places_of, with_shares

VISITS = "safe_and_well_visits"
RISKS = {
    "alone_over_75": "Lives alone, 75 or over",
    "under_five": "Child under five",
    "hazard": "Hazard at the last visit",
    "no_alarm": "No working alarm at the last visit",
}
"""What counts as a risk, and what it is called."""

BUILDINGS = {
    "flat": "Flats",
    "care_home": "Care homes",
    "shared": "Let by the room",
    "caravan": "Caravans",
}
_HOMES = ("house", *BUILDINGS)


def last_visits(visits: pd.DataFrame, places: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return the last visit to each property.

    Parameters
    ----------
    visits
        As loaded: `visit_row_id, started_on, alarm, hazard`; a row a person seen.
    places
        The build's: `dataset, row_id, uprn`.

    Returns
    -------
    DataFrame
        `uprn, last_visit`, whether anybody had a `hazard` and whether there was `no_alarm`.
    """
    own = places.loc[places["dataset"].eq(VISITS), ["row_id", "uprn"]].dropna().astype(object)
    at = visits.astype({"visit_row_id": object}).merge(
        own, left_on="visit_row_id", right_on="row_id"
    )
    at = at.loc[at["started_on"].le(pd.Timestamp(as_of))]
    last = at.groupby("uprn", observed=True)["started_on"].transform("max")
    at = at.loc[at["started_on"].eq(last)]
    hazard, alarm = at["hazard"].fillna("none"), at["alarm"].fillna("yes")
    at = at.assign(hazard=hazard.ne("none").astype(bool), no_alarm=alarm.eq("no").astype(bool))
    found = at.groupby("uprn", observed=True).agg(
        last_visit=("started_on", "max"), hazard=("hazard", "any"), no_alarm=("no_alarm", "any")
    )
    return found.reset_index()


def properties_at_risk(
    properties: pd.DataFrame,
    households: pd.DataFrame,
    members: pd.DataFrame,
    visits: pd.DataFrame,
    *,
    as_of: date,
    visit_months: int,
) -> pd.DataFrame:
    """Return each home with its risks and whether it was visited.

    Parameters
    ----------
    properties
        The build's: `uprn, kind, district, area, deprivation_quintile`.
    households, members
        From `families.households_on` and `families.members_on`.
    visits
        From `last_visits`.
    as_of
    visit_months
        How long a visit holds.

    Returns
    -------
    DataFrame
        `uprn, kind, district, area, deprivation_quintile, people` (as far as known), a column a
        risk of `RISKS`, `risks` (how many), and `visited`.
    """
    living = members.merge(households[["household_id", "uprn"]], on="household_id")
    living = living.assign(
        old=living["age_band"].isin(OVER_75), small=living["age_band"].isin(UNDER_FIVE)
    )
    people = living.groupby("uprn", observed=True).agg(
        people=("entity_id", "size"), old=("old", "sum"), small=("small", "sum")
    )
    homes = properties.loc[properties["kind"].isin(_HOMES)].astype({"uprn": object})
    kept = ["uprn", "kind", "district", "area", "deprivation_quintile"]
    table = homes[kept].merge(people, on="uprn", how="left").merge(visits, on="uprn", how="left")
    table[["people", "old", "small"]] = table[["people", "old", "small"]].fillna(0).astype(int)
    in_care = table["kind"].eq("care_home")
    table["alone_over_75"] = table["people"].eq(1) & table["old"].eq(1) & ~in_care
    table["under_five"] = table["small"].gt(0)
    for name in ("hazard", "no_alarm"):
        table[name] = table[name].isin([True])
    table["risks"] = table[list(RISKS)].sum(axis=1).astype(int)
    since = pd.Timestamp(as_of) - pd.DateOffset(months=visit_months)
    table["visited"] = table["last_visit"].ge(since)
    return table.drop(columns=["old", "small", "last_visit"])


def by_risk(table: pd.DataFrame) -> pd.DataFrame:
    """Count homes by risk and kind of building, and those that nobody visited.

    Returns
    -------
    DataFrame
        `risk, properties, not_visited` and their per cent with its interval. Homes stand in every
        row that is true of them.
    """
    rows = [(title, table[name]) for name, title in RISKS.items()]
    rows += [("Two risks or more", table["risks"].ge(2))]
    rows += [(title, table["kind"].eq(kind)) for kind, title in BUILDINGS.items()]
    rows += [("A flat with a risk", table["kind"].eq("flat") & table["risks"].gt(0))]
    counted = [(title, int(of.sum()), int((of & ~table["visited"]).sum())) for title, of in rows]
    frame = pd.DataFrame(counted, columns=["risk", "properties", "not_visited"])
    return with_shares(frame, "not_visited", "properties")


def by_number(table: pd.DataFrame) -> pd.DataFrame:
    """Count homes by how many of the risks they have: `risks, properties, not_visited`."""
    own = table.assign(risks=banded(table["risks"], 3), missed=~table["visited"])
    counted = own.groupby("risks", observed=False).agg(
        properties=("missed", "size"), not_visited=("missed", "sum")
    )
    return counted.reset_index().astype({"risks": str})


def not_visited_where(at_risk: pd.DataFrame) -> pd.DataFrame:
    """Return the share of homes at risk without a visit, by district and fifth of deprivation."""
    return by_groups(
        ~at_risk["visited"], places_of(at_risk), whole="properties", part="not_visited"
    )
