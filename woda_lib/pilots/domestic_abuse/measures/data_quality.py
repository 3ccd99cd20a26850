"""Are the data fuller and truer than before? Completeness and consistency, by field and agency.

*Complete* is a field that is filled. *Consistent* is a record of which two things that must agree
do: what one incident says against itself, and what two agencies say of one person. Neither shows
that a value is right; a field that is filled with the first code of the list is complete.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from woda_lib.pilots.domestic_abuse.errors import require_columns
from woda_lib.pilots.domestic_abuse.measures.shares import periods, shares_before_and_since
from woda_lib.pilots.domestic_abuse.roles import CURRENT

HIGH_RISK_TICKS = 14
"""Ticks of DASH from which a case goes to the conference (SafeLives)."""

FIELDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "police_incidents": (
        "reported_at",
        (
            "reported_by", "district", "children_present", "dash_answers", "dash_risk",
            "professional_judgement", "outcome",
        ),
    ),
    "police_involvements": ("recorded_on", ("relationship",)),
    "health_flags": ("occurred_on", ("abuse_disclosed",)),
    "refuge_referrals": ("referred_on", ("referred_by", "outcome")),
    "marac_cases": ("heard_on", ("route", "actions")),
}  # fmt: skip
"""By dataset: the day of a record, and the fields that may be blank and should not be."""

SAME_PERSON: Mapping[str, tuple[str, str]] = {
    "social_care_involvements": ("care_person_id", "started_on"),
    "housing_tenancies": ("tenant_id", "started_on"),
    "health_flags": ("attender_id", "occurred_on"),
    "probation_orders": ("supervisee_id", "starts_on"),
    "school_roll": ("pupil_id", "joined_on"),
    "refuge_referrals": ("survivor_id", "referred_on"),
}
"""By dataset: the agency's number of a person, and the day of a record."""


def completeness(tables: Mapping[str, pd.DataFrame], *, go_live: Any) -> pd.DataFrame:
    """Return the share of records with each field filled, before and since go-live.

    Parameters
    ----------
    tables
        Datasets by name, those of `FIELDS`; each with `partner`, its day and its fields. Records
        that police withdrew do not count.

    Returns
    -------
    DataFrame
        `agency, field`, and the columns of `shares_before_and_since`.
    """
    parts = []
    for dataset, (day, fields) in FIELDS.items():
        if dataset not in tables:
            continue
        rows = tables[dataset]
        require_columns(rows, ["partner", day, *fields], table=dataset)
        if "record_status" in rows:
            rows = rows[rows["record_status"] == CURRENT]
        parts += [
            pd.DataFrame(
                {
                    "agency": rows["partner"],
                    "field": field,
                    "hit": rows[field].notna(),
                    "period": periods(rows[day], go_live),
                }
            )
            for field in fields
        ]
    table = shares_before_and_since(pd.concat(parts, ignore_index=True), by=["agency", "field"])
    return _said(table)


def consistency(cases: pd.DataFrame, *, go_live: Any) -> pd.DataFrame:
    """Return the share of incidents of which two things that must agree do.

    Parameters
    ----------
    cases
        From `1_link`: `reported_at, victim, perpetrator, duplicate_of, roles_doubtful, children,
        children_present, dash_ticks, dash_risk`.

    Returns
    -------
    DataFrame
        `check`, and the columns of `shares_before_and_since`; each check counts the incidents that
        it can be asked of.
    """
    needed = [
        "reported_at", "victim", "perpetrator", "duplicate_of", "roles_doubtful", "children",
        "children_present", "dash_ticks", "dash_risk",
    ]  # fmt: skip
    require_columns(cases, needed, table="cases")
    counted = cases["children_present"].notna()
    graded = cases["dash_risk"].notna()
    many = (cases["dash_ticks"] >= HIGH_RISK_TICKS).fillna(False)
    both = cases["victim"].notna() & cases["perpetrator"].notna()
    everyone = pd.Series(True, index=cases.index)
    checks: dict[str, tuple[pd.Series, pd.Series]] = {
        "Entered once": (everyone, cases["duplicate_of"].isna()),
        "Victim and perpetrator are both named": (everyone, both),
        "Roles agree with the other records": (both, ~cases["roles_doubtful"]),
        "Children were named where children were counted": (
            counted & (cases["children_present"] > 0).fillna(False),
            cases["children"] > 0,
        ),
        "Risk was graded on answers to DASH": (graded, cases["dash_ticks"].notna()),
        f"{HIGH_RISK_TICKS} ticks or more are not graded standard": (
            many & graded,
            cases["dash_risk"] != "standard",
        ),
    }
    parts = [
        pd.DataFrame(
            {
                "check": name,
                "hit": agrees[asked].fillna(False).astype(bool),
                "period": periods(cases.loc[asked, "reported_at"], go_live),
            }
        )
        for name, (asked, agrees) in checks.items()
    ]
    return shares_before_and_since(pd.concat(parts, ignore_index=True), by=["check"])


def same_sex_everywhere(
    tables: Mapping[str, pd.DataFrame], people: pd.DataFrame, police: pd.DataFrame, *, go_live: Any
) -> pd.DataFrame:
    """Return how often another agency records the sex that police do, of people whom both know.

    Parameters
    ----------
    tables
        Datasets by name, those of `SAME_PERSON`; each with `partner`, its number, day and `sex`.
    people
        From `1_link`: `partner, dataset, local_id, entity_id`.
    police
        `nominal_id, sex`.

    Returns
    -------
    DataFrame
        `agency, field`, and the columns of `shares_before_and_since`; records without a sex on
        either side are not asked.
    """
    require_columns(people, ["dataset", "local_id", "entity_id"], table="linked people")
    known = people.drop_duplicates(["dataset", "local_id"])
    own = police[police["sex"].isin(["M", "F"])].merge(
        known[known["dataset"] == "police_persons"], left_on="nominal_id", right_on="local_id"
    )
    sexes = own.groupby("entity_id")["sex"].agg(["nunique", "first"])
    said = sexes.loc[sexes["nunique"] == 1, "first"].rename("police_sex")
    parts = []
    for dataset, (number, day) in SAME_PERSON.items():
        if dataset not in tables:
            continue
        rows = tables[dataset]
        both = (
            rows[rows["sex"].isin(["M", "F"])][["partner", number, day, "sex"]]
            .merge(
                known.loc[known["dataset"] == dataset, ["local_id", "entity_id"]],
                left_on=number,
                right_on="local_id",
            )
            .merge(said, left_on="entity_id", right_index=True)
        )
        parts.append(
            pd.DataFrame(
                {
                    "agency": both["partner"],
                    "field": f"sex, {dataset.replace('_', ' ')}",
                    "hit": both["sex"] == both["police_sex"],
                    "period": periods(both[day], go_live),
                }
            )
        )
    table = shares_before_and_since(pd.concat(parts, ignore_index=True), by=["agency", "field"])
    return _said(table)


def quality_finding(table: pd.DataFrame) -> str:
    """Say in a clause how many rows rose, and how many fell, beyond chance."""
    rose, fell = int((table["low"] > 0).sum()), int((table["high"] < 0).sum())
    return f"of {len(table)} shares {rose} rose and {fell} fell beyond chance"


def _said(table: pd.DataFrame) -> pd.DataFrame:
    words = {
        column: table[column].astype("string").str.replace("_", " ").str.capitalize()
        for column in ("agency", "field")
    }
    return table.assign(**words)
