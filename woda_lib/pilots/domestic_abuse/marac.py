"""Routes to the multi-agency conference: rules with thresholds, and reasons in words.

A case goes to the conference (MARAC) on professional judgement, on the ticks of DASH, on how often
police were called, or because it comes back within a year of being heard. Each route is met, not
met, not known, or for the meeting to say. They are not added up.

References
----------
SafeLives, *Marac referral criteria and form*: visible high risk (it recommends 14 "yes" answers),
professional judgement, potential escalation (it recommends three incidents in 12 months; forces set
their own), repeat. SafeLives, *Definition of a "repeat" at Marac*: any instance of abuse between
the same victim and perpetrator within 12 months of the last referral.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from woda_lib.partners.datasets.incidents import DASH_QUESTIONS
from woda_lib.phrases import say_count
from woda_lib.pilots.domestic_abuse.card_lines import Met, Route
from woda_lib.pilots.domestic_abuse.words import say_day

JUDGEMENT, DASH, CALL_OUTS, REPEAT = "professional_judgement", "dash", "call_outs", "repeat"
FIRST_TIME = "reached for the first time"


@dataclass(frozen=True)
class Thresholds:
    """The local thresholds of the routes.

    Attributes
    ----------
    dash_ticks
        Answers of yes to the questions of DASH.
    call_outs
        Incidents with this victim in `months`, last night's among them.
    months
        The span of call-outs, and of a repeat after a case was heard.
    """

    dash_ticks: int = 14
    call_outs: int = 5
    months: int = 12


def last_heard(
    tonight: pd.DataFrame, heard: pd.DataFrame, *, as_of: pd.Timestamp, months: int
) -> pd.DataFrame:
    """Return when a conference last heard each card's victim.

    Parameters
    ----------
    tonight
        `incident_id, victim, perpetrator`.
    heard
        Conference cases with `victim, perpetrator` (entities) and `heard_on`.
    as_of
        The day of the pack.
    months
        How far back.

    Returns
    -------
    DataFrame
        `incident_id` (index), `heard_on`, `same_couple`: the last case of the couple, or else the
        victim's last.
    """
    since = as_of - pd.DateOffset(months=months)
    recent = heard[heard["heard_on"].between(since, as_of)]
    asked = tonight[["incident_id", "victim", "perpetrator"]].dropna(subset=["victim"])
    found = asked.merge(recent[["victim", "perpetrator", "heard_on"]], on="victim")
    same = found["perpetrator_x"].eq(found["perpetrator_y"]).fillna(False).astype(bool)
    found = found.assign(same_couple=same).sort_values(["same_couple", "heard_on"])
    latest = found.drop_duplicates("incident_id", keep="last").set_index("incident_id")
    return latest[["heard_on", "same_couple"]]


def count_answers(answers: pd.Series) -> pd.DataFrame:
    """Count the answers to DASH: `ticks` and `unanswered`; missing where it was not asked.

    Examples
    --------
    >>> count_answers(pd.Series(["YYN?" + 23 * "N"])).iloc[0].tolist()
    [2, 1]
    """
    text = answers.astype("string")
    return pd.DataFrame({"ticks": text.str.count("Y"), "unanswered": text.str.count(r"\?")})


def routes(
    *,
    judgement: str | None,
    ticks: int | None,
    unanswered: int | None,
    call_outs: int,
    heard: Any,
    known: bool,
    thresholds: Thresholds,
) -> tuple[Route, ...]:
    """Say of each route whether a card meets it, and why.

    Parameters
    ----------
    judgement
        The officer's: yes, no, or None where not recorded.
    ticks, unanswered
        Of DASH; None where it was not asked.
    call_outs
        Incidents with this victim in the months, last night's among them.
    heard
        The row of `last_heard`, or None.
    known
        Whether police recorded both a victim and a perpetrator.
    thresholds
        Of the county.
    """
    return (
        _call_outs(call_outs, thresholds),
        _dash(ticks, unanswered, thresholds),
        _repeat(heard, known, thresholds),
        _judgement(judgement),
    )


def _call_outs(count: int, limits: Thresholds) -> Route:
    met: Met = "yes" if count >= limits.call_outs else "no"
    reason = (
        f"{say_count(count).capitalize()} call-out{'s' if count != 1 else ''} to this victim in "
        f"{say_count(limits.months)} months, last night’s among them; "
        f"the local threshold is {say_count(limits.call_outs)}"
    )
    first = f", {FIRST_TIME}" if count == limits.call_outs else ""
    title = f"Call-outs, {limits.call_outs} in {limits.months} months"
    return Route(CALL_OUTS, title, str(count), met, f"{reason}{first}.")


def _dash(ticks: int | None, unanswered: int | None, limits: Thresholds) -> Route:
    title = f"DASH, {limits.dash_ticks} ticks"
    if ticks is None:
        reason = "DASH was not asked, so this route is not known to be closed."
        return Route(DASH, title, "not asked", "not_known", reason)
    left = unanswered or 0
    here = f"{ticks}, {say_count(left)} unanswered" if left else str(ticks)
    said = f"{say_count(ticks).capitalize()} of {DASH_QUESTIONS} questions were answered yes"
    if ticks >= limits.dash_ticks:
        return Route(DASH, title, here, "yes", f"{said}; the threshold is {limits.dash_ticks}.")
    if ticks + left >= limits.dash_ticks:
        reason = f"{said}, and with {say_count(left)} unanswered the threshold may be met."
        return Route(DASH, title, here, "not_known", reason)
    return Route(DASH, title, here, "no", f"{said}; the threshold is {limits.dash_ticks}.")


def _repeat(heard: Any, known: bool, limits: Thresholds) -> Route:
    title = f"Repeat within {limits.months} months of a conference"
    if heard is None:
        reason = f"No conference heard this victim’s case in {say_count(limits.months)} months."
        return Route(REPEAT, title, "none heard", "no", reason)
    day = say_day(heard["heard_on"])
    if heard["same_couple"]:
        return Route(REPEAT, title, day, "yes", f"A conference heard this couple’s case on {day}.")
    if not known:
        reason = f"A conference heard this victim’s case on {day}; no perpetrator is recorded."
        return Route(REPEAT, title, day, "not_known", reason)
    reason = f"A conference heard this victim’s case on {day}, with somebody else."
    return Route(REPEAT, title, f"{day}, with another", "no", reason)


def _judgement(judgement: str | None) -> Route:
    title = "Professional judgement"
    if judgement == "yes":
        reason = "The officer asks for a conference, whatever the ticks say."
        return Route(JUDGEMENT, title, "asked for", "yes", reason)
    here = "not asked for" if judgement == "no" else "not recorded"
    reason = "Whoever has serious concerns refers the case; it needs no other route."
    return Route(JUDGEMENT, title, here, "yours", reason)
