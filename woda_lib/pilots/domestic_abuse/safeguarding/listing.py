"""The list for the hub: who went missing lately or is missing still, and what is known.

A row a person, for the run's restricted folder and never for reviewers. The saved table goes by
the partners' numbers; names stand on the hub's page alone.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from woda_lib.pilots.domestic_abuse.people_lines import Band
from woda_lib.pilots.domestic_abuse.safeguarding.history import ABUSE_ROLES, UNIVERSAL
from woda_lib.pilots.domestic_abuse.safeguarding.loading import Rows
from woda_lib.pilots.domestic_abuse.words import plain, say_day, say_list

_LINKS = {
    **{column: f"{role} of an incident" for role, column in ABUSE_ROLES.items()},
    "at_home": "an incident at home",
}
COLUMNS = [
    "missing_id", "nominal_id", "age_group", "reported_at", "found_at", "still_missing",
    "missing_from", "risk", "lately", "before", "repeatedly", "domestic_abuse", "who_knew",
    "nobody_knew", "exploitation", "school", "team", "interview", "interview_by", "match",
]  # fmt: skip
_PERSON = ["forename", "surname", "date_of_birth"]


def hub_list(
    episodes: pd.DataFrame,
    known: pd.DataFrame,
    rows: Rows,
    *,
    as_of: date,
    days: int,
    hours: float,
) -> pd.DataFrame:
    """Return who was reported missing in the last days, or is missing still.

    Parameters
    ----------
    episodes
        With every column that `episodes`, `went_again`, `domestic_abuse`, `who_knew` and
        `interviews_after` add.
    known
        From `known_before`.
    rows
        From `load_rows`.
    as_of
        The day of the list.
    days
        How far it goes back.
    hours
        Within which an interview is due.

    Returns
    -------
    DataFrame
        `COLUMNS`, a row a person by the latest episode: who is missing still comes first, then who
        goes missing repeatedly, then the latest report. `interview_by` is the moment until which
        an interview is in time, for children who were found.
    """
    recent = episodes["reported_at"] > pd.Timestamp(as_of) - pd.Timedelta(days=days)
    wanted = episodes[recent | episodes["still_missing"]]
    table = wanted.sort_values("reported_at", kind="stable").drop_duplicates("person", keep="last")
    until = table["found_at"] + pd.Timedelta(hours=hours)
    table = table.assign(
        domestic_abuse=[
            say_list([said for said, holds in zip(_LINKS.values(), held, strict=True) if holds])
            for held in table[list(_LINKS)].itertuples(index=False)
        ],
        who_knew=table["missing_id"].map(_knowers(known)).fillna(""),
        exploitation=table["entity_id"].map(_suspected(rows)).fillna(""),
        interview_by=until.where(table["child"]),
        match=table["confidence"].map(Band().says),
    )
    table = table.join(_school(rows)["school"], on="entity_id")
    table = table.join(_worker(rows)["team"], on="entity_id")
    order = ["still_missing", "repeatedly", "reported_at"]
    return table.sort_values(order, ascending=False, ignore_index=True)[COLUMNS]


def with_names(people: pd.DataFrame, rows: Rows) -> pd.DataFrame:
    """Return the list with names, for the page alone.

    Parameters
    ----------
    people
        From `hub_list`, by pseudonym.
    rows
        From `load_rows`.

    Returns
    -------
    DataFrame
        `people` with `forename, surname, date_of_birth` as police have them (a birth date that
        they lack, as another agency does), the school's `safeguarding_lead` and the social worker
        (`lead_worker`).
    """
    persons = rows.named.drop_duplicates("nominal_id")[["nominal_id", "entity_id", *_PERSON]]
    table = people.merge(persons, on="nominal_id", how="left")
    elsewhere = table["entity_id"].map(rows.born)
    table["date_of_birth"] = table["date_of_birth"].fillna(elsewhere)
    table = table.join(_school(rows)["safeguarding_lead"], on="entity_id")
    table = table.join(_worker(rows)["lead_worker"], on="entity_id")
    return table.drop(columns="entity_id")


def _knowers(known: pd.DataFrame) -> pd.Series:
    """To each episode the agencies that knew the person, since when, and whether they still do."""
    ordered = known.assign(universal=known["agency"].isin(UNIVERSAL))
    ordered = ordered.sort_values(["universal", "since"], kind="stable")
    since = ordered["since"].map(say_day)
    said = ordered["agency"] + " since " + since
    said = said.where(~ordered["goes_on"].astype(bool), said + ", open")
    return said.groupby(ordered["missing_id"]).agg("; ".join)


def _suspected(rows: Rows) -> pd.Series:
    """To each person the latest referral for exploitation: its kind, grade and day."""
    referrals = rows.known["exploitation_referrals"].dropna(subset=["entity_id"])
    latest = referrals.sort_values("referred_on").drop_duplicates("entity_id", keep="last")
    grade = latest["level"].map(plain).replace("", "grade not recorded")
    said = latest["kind"].map(plain) + " (" + grade + "), " + latest["referred_on"].map(say_day)
    return pd.Series(said.to_numpy(), index=latest["entity_id"], dtype=object)


def _school(rows: Rows) -> pd.DataFrame:
    roll = rows.known["school_roll"]
    now = roll[roll["left_on"].isna()].dropna(subset=["entity_id"]).sort_values("joined_on")
    latest = now.drop_duplicates("entity_id", keep="last").set_index("entity_id")
    return latest[["school", "safeguarding_lead"]]


def _worker(rows: Rows) -> pd.DataFrame:
    care = rows.known["social_care_involvements"]
    now = care[care["ended_on"].isna()].dropna(subset=["entity_id"]).sort_values("started_on")
    latest = now.drop_duplicates("entity_id", keep="last").set_index("entity_id")
    return latest[["team", "lead_worker"]]
