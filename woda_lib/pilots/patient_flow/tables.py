"""The small tables of patient flow's reports: who is missed, how referrals and clocks ended."""

from __future__ import annotations

import warnings
from typing import Any

import pandas as pd

from woda_lib.evaluation import InterruptedTimeSeries, Interval, mature_months, restricted_mean_by
from woda_lib.linkage import LinkageResult, LinkageWarning
from woda_lib.pilots.ethnic_groups import ETHNIC_GROUPS
from woda_lib.pilots.patient_flow.people import person_truth

_AGES = [0, 18, 65, 75, 85, 130]
_AGE_BANDS = ["under 18", "18 to 64", "65 to 74", "75 to 84", "85 and over"]
_SEXES = {"M": "male", "F": "female"}
_NOT_STATED = "not stated"


def who_is_missed(linkage: LinkageResult, truth: pd.DataFrame | None) -> pd.DataFrame:
    """Return the share of true links that were found in each group of people.

    Parameters
    ----------
    linkage
        From `link_people`.
    truth
        `partner, local_id, person_id, ethnic_group, age, sex`. Without it, the records too poor to
        be linked at all are counted instead.

    Returns
    -------
    DataFrame
        `by, group, true_pairs, found_pairs, found_percent, low, high` (95% interval) and
        `below_the_rest`: whether the interval lies wholly below everybody else's share.
    """
    if truth is None:
        return linkage.unlinkable()
    known = truth.assign(
        ethnic_group=truth["ethnic_group"].map(ETHNIC_GROUPS).fillna(_NOT_STATED),
        age_band=pd.cut(truth["age"], _AGES, right=False, labels=_AGE_BANDS).astype("string"),
        sex=truth["sex"].map(_SEXES).fillna(_NOT_STATED),
    )
    names = {"age_band": "age", "sex": "sex", "ethnic_group": "ethnic group"}
    with warnings.catch_warnings():  # the table says who, and readers of a report see no warning
        warnings.simplefilter("ignore", LinkageWarning)
        table = linkage.who_is_missed(by=list(names), truth=person_truth(known))
    table = table[table["measure"] == "recall"].reset_index(drop=True)
    for share in ("value", "low", "high"):
        table[share] = 100 * table[share]
    table = table.assign(
        by=table["by"].map(names), below_the_rest=table["below_rest"].map({True: "yes", False: ""})
    )
    shown = {"numerator": "found_pairs", "denominator": "true_pairs", "value": "found_percent"}
    order = ["by", "group", "true_pairs", "found_pairs", "found_percent", "low", "high"]
    return table.rename(columns=shown)[[*order, "below_the_rest"]]


def match_outcomes(matched: pd.DataFrame) -> pd.DataFrame:
    """Count what became of each referral: `council, outcome, referrals`."""
    outcome = matched["unmatched_because"].astype("string").fillna("matched").str.replace("_", " ")
    counted = matched.groupby([matched["partner"].rename("council"), outcome.rename("outcome")])
    table = counted.size().rename("referrals").reset_index()
    return _said(table, "council")


def how_clocks_ended(clocks: pd.DataFrame) -> pd.DataFrame:
    """Count the clocks of each trust by how they ended: `hospital, discharged, died, …`."""
    table = pd.crosstab(clocks["hospital"], clocks["ended_by"]).reset_index()
    table.columns.name = None
    return _said(table, "hospital")


def waits_by_period(
    clocks: pd.DataFrame, *, go_live: Any, horizon: float, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Return each trust's restricted mean wait before and after go-live, mature months only.

    Returns
    -------
    DataFrame
        `hospital, period` (before or after), `people, restricted_mean, standard_error`.
    """
    followed = clocks[mature_months(clocks["started_on"], as_of=as_of, horizon=horizon)]
    after = followed["started_on"] >= pd.Timestamp(go_live)
    table = restricted_mean_by(
        followed.assign(period=after.map({False: "before", True: "after"})),
        duration="days",
        observed="observed",
        horizon=horizon,
        by=["hospital", "period"],
    ).sort_values(["hospital", "period"], ascending=[False, False], ignore_index=True)
    return _said(table.drop(columns="ended"), "hospital")


def referrals_per_month(matched: pd.DataFrame, *, since: Any, council: str) -> pd.Series:
    """Count the different stays that a council's hospital referrals are about, month by month.

    Referrals without a match count as well: those people waited too.

    Parameters
    ----------
    matched
        From `match_referrals_to_spells`.
    since
        The first month.
    council
        The partner that received them.
    """
    sent = matched[
        (matched["partner"] == council)
        & (matched["unmatched_because"].fillna("") != "community_referral")
        & (matched["spell_id"].isna() | matched["first_for_spell"])
        & (matched["received_on"] >= pd.Timestamp(since))
    ]
    return sent.groupby(sent["received_on"].dt.to_period("M")).size()


def headline(result: InterruptedTimeSeries) -> str:
    """Return the answer's first clause: by the effect's sign, and whether it could be chance."""
    if not result.found:
        return "No saving can be told from chance: {days_saved} for each person referred"
    if result.estimate > 0:
        return "People waited longer with the pathway: {days_saved} saved for each person referred"
    return "The pathway saved {days_saved} for each person referred"


def against_planted(
    saved: Interval, balance: pd.DataFrame, groups: pd.DataFrame, effect: dict[str, Any] | None
) -> pd.DataFrame:
    """Set estimates beside the truth of the made-up county.

    Parameters
    ----------
    saved
        Days saved.
    balance
        The balancing measures: `measure, estimate, low, high`.
    groups
        The effect by pathway: `group, estimate, low, high`.
    effect
        The planted truth; None where it is not known.

    Returns
    -------
    DataFrame
        `what, estimated, low, high, planted, interval_holds_it`; without truth no row.
    """
    columns = ["what", "estimated", "low", "high", "planted", "interval_holds_it"]
    if effect is None:
        return pd.DataFrame(columns=columns)
    whole = (saved.estimate, saved.low, saved.high)
    rows: list[tuple[Any, ...]] = [("Days saved", *whole, effect["days_saved"])]
    changes = groups.set_index("group")[["estimate", "high", "low"]]
    for name, truth in effect["pathway"].items():
        if f"pathway {name}" in changes.index:
            rows.append((f"Days saved, pathway {name}", *-changes.loc[f"pathway {name}"], truth))
    for row in balance.to_dict("records"):
        change = (row["estimate"], row["low"], row["high"])
        rows.append((row["measure"], *change, effect["balancing"][row["measure"]]))
    table = pd.DataFrame(rows, columns=columns[:-1])
    holds = (table["low"] <= table["planted"]) & (table["planted"] <= table["high"])
    return _said(table.assign(interval_holds_it=holds.map({True: "yes", False: "no"})), "what")


def _said(table: pd.DataFrame, column: str) -> pd.DataFrame:
    names = table[column].astype("string").str.replace("_", " ").str.capitalize()
    return table.assign(**{column: names})
