"""Children of the household: who they are, who says so, and their school and social worker.

A child belongs to a card's household if police recorded the child last night or in an incident of
the same couple before, or if the school roll or children's social care has the child at the
victim's home or where it happened. Who says so stands beside each child, because an address alone
is a weaker sign than an officer who saw the child.
"""

from __future__ import annotations

import pandas as pd

from woda_lib.pilots.domestic_abuse.ages import ADULT

LAST_NIGHT = "police, last night"
BEFORE = "police, earlier incident"
SCHOOL = "school roll, same address"
CARE = "children’s social care, same address"
_SOURCES = (LAST_NIGHT, BEFORE, SCHOOL, CARE)
_LATELY = 24  # months after which an address in social care tells no more of where a child lives


def homes(tonight: pd.DataFrame, persons: pd.DataFrame, tenancies: pd.DataFrame) -> pd.DataFrame:
    """Return the addresses of each card's household.

    Parameters
    ----------
    tonight
        `incident_id, victim, address_id`.
    persons, tenancies
        `entity_id, address_id`, from `whose` and `where`; of tenancies `ended_on` too.

    Returns
    -------
    DataFrame
        `incident_id, address_id`, each once: where it happened, and the victim's home by police
        and by a tenancy that has not ended.
    """
    open_now = tenancies[tenancies["ended_on"].isna()]
    lived = pd.concat([frame[["entity_id", "address_id"]] for frame in (persons, open_now)])
    victims = tonight[["incident_id", "victim"]].dropna()
    at_home = victims.merge(lived.dropna(), left_on="victim", right_on="entity_id")
    both = pd.concat(
        [tonight[["incident_id", "address_id"]], at_home[["incident_id", "address_id"]]]
    )
    return both.dropna().drop_duplicates(ignore_index=True)


def children(
    tonight: pd.DataFrame,
    earlier: pd.DataFrame,
    incident_people: pd.DataFrame,
    addresses: pd.DataFrame,
    pupils: pd.DataFrame,
    care: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Find the children of each card's household.

    Parameters
    ----------
    tonight
        `incident_id, victim, perpetrator`.
    earlier
        `incident_id, event`: the couple's incidents before, from `earlier_events`.
    incident_people
        `incident_id, entity_id, role, confidence`.
    addresses
        From `homes`.
    pupils
        The school roll with `entity_id, confidence, address_id, date_of_birth, school,
        safeguarding_lead, joined_on, left_on`.
    care
        Social care with `entity_id, confidence, address_id, date_of_birth, service, kind,
        started_on, ended_on, team, lead_worker`.
    as_of
        The day of the pack; who is 18 by then is no child.

    Returns
    -------
    DataFrame
        `incident_id, child` (entity), `present, known_from` (a tuple, the strongest sign first),
        `confidence`; of the school `school, safeguarding_lead, on_roll`; of social care `care_kind,
        care_from, care_to, team, lead_worker`.
    """
    seen = incident_people[incident_people["role"] == "child"].dropna(subset=["entity_id"])
    seen = seen[["incident_id", "entity_id", "confidence"]]
    last_night = seen[seen["incident_id"].isin(tonight["incident_id"])]
    before = earlier[["incident_id", "event"]].merge(
        seen.rename(columns={"incident_id": "event"}), on="event"
    )
    minors = pupils[pupils["left_on"].isna() & ~_grown_up(pupils, as_of)]
    lately = care["ended_on"].isna() | (care["ended_on"] >= as_of - pd.DateOffset(months=_LATELY))
    cared = care[care["service"].eq("children") & lately & ~_grown_up(care, as_of)]
    found = pd.concat(
        [
            last_night.assign(source=LAST_NIGHT),
            before.drop(columns="event").assign(source=BEFORE),
            _living_at(addresses, minors).assign(source=SCHOOL),
            _living_at(addresses, cared).assign(source=CARE),
        ],
        ignore_index=True,
    )
    adults = tonight.melt("incident_id", ["victim", "perpetrator"], value_name="entity_id")
    found = _without(found, adults.dropna()[["incident_id", "entity_id"]])
    found["rank"] = found["source"].map({source: rank for rank, source in enumerate(_SOURCES)})
    found = found.sort_values(["incident_id", "entity_id", "rank"])
    grouped = found.groupby(["incident_id", "entity_id"], sort=False)
    table = grouped.agg(
        present=("source", lambda each: LAST_NIGHT in set(each)),
        known_from=("source", lambda each: tuple(dict.fromkeys(each))),
        confidence=("confidence", "max"),
    )
    table = table.reset_index().rename(columns={"entity_id": "child"})
    return table.join(_school(pupils), on="child").join(_care(care), on="child")


def unborn(tonight: pd.DataFrame, health: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Find pregnancies: a midwifery booking within 40 weeks of the pack.

    Parameters
    ----------
    tonight
        `incident_id, victim, perpetrator`.
    health
        `entity_id, kind, occurred_on`.

    Returns
    -------
    DataFrame
        `incident_id, person` (entity), `role, booked_on`, the latest booking of each.
    """
    since = as_of - pd.Timedelta(weeks=40)
    booked = health[health["kind"].eq("midwifery_booking") & (health["occurred_on"] >= since)]
    latest = booked.dropna(subset=["entity_id"]).groupby("entity_id")["occurred_on"].max()
    people = tonight.melt(
        "incident_id", ["victim", "perpetrator"], var_name="role", value_name="person"
    )
    people["booked_on"] = people["person"].map(latest)
    return people.dropna(subset=["booked_on"]).sort_values(
        ["incident_id", "role"], ignore_index=True
    )[["incident_id", "person", "role", "booked_on"]]


def _grown_up(frame: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series:
    """Whether somebody is 18 or older; who has no birth date is taken as the dataset says."""
    return frame["date_of_birth"] <= as_of - pd.DateOffset(years=ADULT)


def _living_at(addresses: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    lived = frame.dropna(subset=["address_id", "entity_id"])
    found = addresses.merge(lived[["address_id", "entity_id", "confidence"]], on="address_id")
    return found[["incident_id", "entity_id", "confidence"]]


def _without(found: pd.DataFrame, adults: pd.DataFrame) -> pd.DataFrame:
    """Leave out whom an agency's record makes a child of their own incident."""
    marked = found.merge(adults, on=["incident_id", "entity_id"], how="left", indicator=True)
    return marked[marked["_merge"] == "left_only"].drop(columns="_merge")


def _school(pupils: pd.DataFrame) -> pd.DataFrame:
    """The enrolment that is open, or else the last one, of each child."""
    known = pupils.dropna(subset=["entity_id"])
    known = known.assign(on_roll=known["left_on"].isna()).sort_values(["on_roll", "joined_on"])
    latest = known.drop_duplicates("entity_id", keep="last").set_index("entity_id")
    return latest[["school", "safeguarding_lead", "on_roll"]]


def _care(care: pd.DataFrame) -> pd.DataFrame:
    """The work of children's social care that goes on, or else the last, of each child."""
    known = care[care["service"].eq("children")].dropna(subset=["entity_id"])
    known = known.assign(goes_on=known["ended_on"].isna()).sort_values(["goes_on", "started_on"])
    latest = known.drop_duplicates("entity_id", keep="last").set_index("entity_id")
    renamed = latest.rename(
        columns={"kind": "care_kind", "started_on": "care_from", "ended_on": "care_to"}
    )
    return renamed[["care_kind", "care_from", "care_to", "team", "lead_worker"]]
