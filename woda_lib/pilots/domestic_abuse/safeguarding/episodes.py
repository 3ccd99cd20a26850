"""Who was reported missing: the episodes that stand, whose they are, and who went missing again.

An episode is one report to police, from the report until the person is found. A person is whom
linkage takes several of police's numbers for; where it knows nobody, the number stands for itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from woda_lib.pilots.domestic_abuse.ages import ADULT, whole_years
from woda_lib.pilots.domestic_abuse.errors import require_columns
from woda_lib.pilots.domestic_abuse.records import whose
from woda_lib.pilots.domestic_abuse.roles import CURRENT

AGES = ("under 12", "12 to 15", "16 and 17", "18 and over", "not known")
"""Age groups on the day of the report, the youngest first."""

_LOWEST = [0, 12, 16, ADULT, 130]
_FIELDS = ["missing_id", "record_status", "nominal_id", "reported_at", "found_at"]


def born_on(named: Mapping[str, pd.DataFrame]) -> pd.Series:
    """Return each person's birth date, from the first dataset that holds one.

    Parameters
    ----------
    named
        To each dataset its rows from `records.whose` with `date_of_birth`; the first is asked
        first.

    Returns
    -------
    Series
        By `entity_id`.
    """
    parts = [frame[["entity_id", "date_of_birth"]].dropna() for frame in named.values()]
    held = pd.concat([part for part in parts if len(part)] or parts[:1])
    return held.drop_duplicates("entity_id").set_index("entity_id")["date_of_birth"]


def episodes(
    missing: pd.DataFrame, people: pd.DataFrame, born: pd.Series, *, as_of: date
) -> pd.DataFrame:
    """Return the episodes that police have not withdrawn, with whose they are.

    Parameters
    ----------
    missing
        The newest delivery of each of `missing_episodes`.
    people
        `dataset, local_id, entity_id, confidence`, from 1_link.
    born
        From `born_on`. Only the age group is kept of it.
    as_of
        Who is not found by the end of this day is still missing.

    Returns
    -------
    DataFrame
        The columns of `missing` but `record_status`, in the order of `reported_at`, and `entity_id,
        confidence, person` (the entity, or the force's number where there is none), `hours`
        (missing while somebody is), `still_missing, age_group` (one of `AGES`) and `child`.

    Raises
    ------
    DomesticAbuseError
        If a table lacks a column.
    """
    require_columns(missing, _FIELDS, table="missing_episodes")
    table = whose("missing_episodes", missing[missing["record_status"] == CURRENT], people)
    ends = pd.Timestamp(as_of) + pd.Timedelta(days=1)
    known = table["found_at"].where(table["found_at"] < ends)
    ages = whole_years(table["entity_id"].map(born), table["reported_at"])
    groups = pd.cut(ages, _LOWEST, right=False, labels=AGES[:-1]).astype("string")
    table = table.drop(columns="record_status").assign(
        found_at=known,
        person=table["entity_id"].fillna(table["nominal_id"]),
        hours=(known - table["reported_at"]).dt.total_seconds() / 3_600,
        still_missing=known.isna(),
        age_group=groups.fillna(AGES[-1]),
        child=(ages < ADULT).fillna(False).astype(bool),
    )
    return table.sort_values(["reported_at", "missing_id"], ignore_index=True)


def went_again(episodes: pd.DataFrame, *, times: int, days: int) -> pd.DataFrame:
    """Say of each episode how many the person had in the days up to it.

    Parameters
    ----------
    episodes
        `person, reported_at`.
    times, days
        So many episodes in so many days make somebody who goes missing repeatedly. The statutory
        guidance (Department for Education 2014) asks for more where a child *repeatedly* goes
        missing and names no number; protocols set their own, such as three in 90 days.

    Returns
    -------
    DataFrame
        `episodes` in their order, with `before` (the person's earlier episodes), `lately` (those
        of the last `days`, this one among them) and `repeatedly`.
    """
    ordered = episodes.sort_values(["person", "reported_at"], kind="stable")
    by_person = ordered.assign(one=1).groupby("person")
    window = by_person.rolling(f"{days}D", on="reported_at", closed="both")["one"].sum()
    found = pd.DataFrame(
        {
            "before": by_person.cumcount(),
            "lately": window.to_numpy().astype("int64"),
        },
        index=ordered.index,
    )
    return episodes.join(found).assign(repeatedly=lambda each: each["lately"] >= times)
