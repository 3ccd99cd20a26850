"""What reviewers read of the linkage and of the cases: counts and shares, no person."""

from __future__ import annotations

import warnings
from itertools import combinations

import pandas as pd

from woda_lib.linkage import LinkageWarning, cluster_missed, cluster_quality
from woda_lib.pilots.domestic_abuse.cases import DOUBTS
from woda_lib.pilots.ethnic_groups import ETHNIC_GROUPS

AGENCIES = {
    "police": "Police",
    "care": "Social care",
    "housing": "Housing",
    "health": "Hospital",
    "probation": "Probation",
    "schools": "Schools",
    "refuge": "Refuge",
    "marac": "MARAC",
}
"""How readers know the sources of the linkage."""

_AGES = [0, 11, 18, 25, 35, 45, 55, 65, 130]
_AGE_BANDS = [
    "under 11", "11 to 17", "18 to 24", "25 to 34", "35 to 44", "45 to 54", "55 to 64",
    "65 and over",
]  # fmt: skip
_SEXES = {"M": "male", "F": "female"}
_NOT_STATED = "not stated"


def quality_table(clusters: pd.DataFrame, truth: pd.DataFrame | None) -> pd.DataFrame:
    """Return precision and recall of the links, %.

    Parameters
    ----------
    clusters
        `source, id, entity_id, confidence`.
    truth
        From `people.person_truth`; without it only the confidence of the links tells of precision.

    Returns
    -------
    DataFrame
        `scope, measure, percent, low, high`: the interval is Wilson's, and missing without truth.
    """
    if truth is None:
        sure = 100 * clusters["confidence"].mean()
        row = {"scope": "all pairs", "measure": "precision, as the model sees it", "percent": sure}
        return pd.DataFrame([row | {"low": float("nan"), "high": float("nan")}])
    table = cluster_quality(clusters, truth)
    table = table[table["measure"].isin(["precision", "recall"])].reset_index(drop=True)
    shares = {end: 100 * table[end] for end in ("low", "high")}
    return table[["scope", "measure"]].assign(percent=100 * table["value"], **shares)


def who_is_missed(clusters: pd.DataFrame, truth: pd.DataFrame | None) -> pd.DataFrame:
    """Return the share of true links that were found in each group of people.

    Parameters
    ----------
    clusters
        `source, id, entity_id`.
    truth
        From `people.person_truth`, with `ethnic_group` (letter), `age`, `sex`. Without it the share
        of each agency's records that were linked at all is returned, which no group need reach.

    Returns
    -------
    DataFrame
        `by, group, pairs, found_percent, low, high` and `below_the_rest`.
    """
    if truth is None:
        known = clusters[["source", "id"]].assign(agency=clusters["source"].map(AGENCIES))
        by, measure = {"agency": "agency"}, "link rate"
    else:
        known = truth.assign(
            agency=truth["source"].map(AGENCIES),
            age_band=pd.cut(truth["age"], _AGES, right=False, labels=_AGE_BANDS).astype("string"),
            ethnic_group=truth["ethnic_group"].astype("string").str[0].map(ETHNIC_GROUPS),
            sex=truth["sex"].map(_SEXES).fillna(_NOT_STATED),
        )
        by = {
            "age_band": "age",
            "sex": "sex",
            "ethnic_group": "ethnic group",
            "agency": "an agency's record in the pair",
        }
        measure = "recall"
    with warnings.catch_warnings():  # the table says who, and readers of a report see no warning
        warnings.simplefilter("ignore", LinkageWarning)
        table = cluster_missed(clusters, known, by=list(by), truth=truth)
    table = table[(table["measure"] == measure) & table["by"].isin(by)].reset_index(drop=True)
    return pd.DataFrame(
        {
            "by": table["by"].map(by),
            "group": table["group"],
            "pairs": table["denominator"],
            "found_percent": 100 * table["value"],
            "low": 100 * table["low"],
            "high": 100 * table["high"],
            "below_the_rest": table["below_rest"].map({True: "yes", False: ""}),
        }
    )


def known_to_both(clusters: pd.DataFrame) -> pd.DataFrame:
    """Count the people whom two agencies know: `agency, other_agency, people`."""
    pairs = clusters[["entity_id", "source"]].drop_duplicates()
    who = {name: set(rows["entity_id"]) for name, rows in pairs.groupby("source")}
    rows = [
        (AGENCIES[one], AGENCIES[other], len(who[one] & who[other]))
        for one, other in combinations(AGENCIES, 2)
        if one in who and other in who
    ]
    table = pd.DataFrame(rows, columns=["agency", "other_agency", "people"])
    return table.sort_values("people", ascending=False, ignore_index=True)


def people_by_role(roles: pd.DataFrame) -> pd.DataFrame:
    """Return rows and people of each role: `role, rows, people, also_in_another_role`."""
    known = roles.dropna(subset=["entity_id"])
    several = known.groupby("entity_id")["role"].transform("nunique") > 1
    known = known.assign(several=known["entity_id"].where(several))
    table = known.groupby("role").agg(people=("entity_id", "nunique"), also=("several", "nunique"))
    counted = pd.DataFrame({"rows": roles.groupby("role").size()}).join(table)
    counted = counted.fillna(0).astype(int).rename(columns={"also": "also_in_another_role"})
    return counted.sort_values("rows", ascending=False).reset_index()


def entered_twice(cases: pd.DataFrame) -> pd.DataFrame:
    """Return, by financial year of report, the incidents and those that are a second entry.

    Returns
    -------
    DataFrame
        `year` (such as 2021/22), `incidents, second_entries, percent`.
    """
    april = cases["reported_at"].dt.to_period("Q-MAR").dt.qyear
    year = ((april - 1).astype(str) + "/" + (april % 100).astype(str).str.zfill(2)).rename("year")
    entries = cases.groupby(year)["duplicate_of"]
    table = pd.DataFrame({"incidents": entries.size(), "second_entries": entries.count()})
    share = 100 * table["second_entries"] / table["incidents"]
    return table.assign(percent=share).reset_index()


def doubts_table(doubts: pd.DataFrame) -> pd.DataFrame:
    """Count the incidents whose roles are in doubt, by reason: `why, incidents`."""
    counted = doubts.groupby("doubt")["incident_id"].nunique()
    return pd.DataFrame(
        {"why": DOUBTS.values(), "incidents": [int(counted.get(name, 0)) for name in DOUBTS]}
    )


def known_to_police(clusters: pd.DataFrame) -> pd.DataFrame:
    """Count each other agency's people, and those whom police know as well.

    Returns
    -------
    DataFrame
        `agency, people, known_to_police_too`: most people first.
    """
    police = set(clusters.loc[clusters["source"] == "police", "entity_id"])
    others = clusters[clusters["source"] != "police"][["source", "entity_id"]].drop_duplicates()
    others = others.assign(too=others["entity_id"].isin(police))
    by = others.groupby("source")["too"]
    table = pd.DataFrame({"people": by.size(), "known_to_police_too": by.sum()}).reset_index()
    table = table.sort_values("people", ascending=False, ignore_index=True)
    return table.assign(agency=table["source"].map(AGENCIES)).drop(columns="source")[
        ["agency", "people", "known_to_police_too"]
    ]
