"""Cases with the days of harm of their offence, and what would be true if every link were right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from woda_lib.evaluation import Interval, concentration, near_repeats
from woda_lib.notebook import Run
from woda_lib.pilots.domestic_abuse.errors import require_columns
from woda_lib.pilots.domestic_abuse.harm import harm_days, read_harm
from woda_lib.pilots.domestic_abuse.measures.planted import against_planted
from woda_lib.pilots.domestic_abuse.measures.repeat_risk import curves_by_order, gaps_by_order
from woda_lib.pilots.domestic_abuse.measures.repeat_victimisation import (
    events_of_victims,
    interval_of,
    within_a_year,
)


def with_harm(run: Run, cases: pd.DataFrame) -> pd.DataFrame:
    """Add `harm_days`, by the table of harm in the parameters, which is recorded as an input."""
    path = run.parameters_folder / "triage" / "crime_harm.yaml"
    run.record_input(path, path.name)
    return cases.assign(harm_days=harm_days(cases["crime_type"], read_harm(path)))


def as_it_was(cases: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Return the cases with their true victim, perpetrator and event, to mark estimates by.

    Parameters
    ----------
    cases
        From `1_link`.
    truth
        `incident_id, victim, perpetrator, duplicate_of`, of the made-up county.
    """
    require_columns(truth, ["incident_id", "victim", "perpetrator", "duplicate_of"], table="truth")
    own = ["victim", "perpetrator", "duplicate_of"]
    found = cases.drop(columns=own).merge(
        truth[["incident_id", *own]].drop_duplicates("incident_id"), on="incident_id"
    )
    # An event whose first entry is not among the cases (it was withdrawn) still happened.
    first = found["duplicate_of"].isin(found["incident_id"])
    return found.assign(duplicate_of=found["duplicate_of"].where(first))


def marked_by_truth(
    cases: pd.DataFrame,
    truth: pd.DataFrame | None,
    *,
    begins: Any,
    look_back_days: int,
    top: float,
    as_of: date,
    found: Mapping[str, Interval],
) -> pd.DataFrame:
    """Set what was found beside the same numbers without a wrong link, role or missed duplicate.

    Parameters
    ----------
    cases
        From `1_link`, with `harm_days`.
    truth
        As `as_it_was` takes it; None where the extracts are real.
    begins, look_back_days, top, as_of
        As the estimates were made.
    found
        The estimates: `again` (after a first incident), `near` (first window), `count` and `harm`
        (of the heaviest).

    Returns
    -------
    DataFrame
        As `against_planted`. An interval counts chance and no wrong links, so that one that misses
        says what links did.
    """
    words = {
        "again": "Harmed again within 12 months of a first incident, %",
        "near": "Repeats within 7 days, times chance",
        "count": "Incidents of the heaviest victims, %",
        "harm": "Days of harm of the heaviest victims, %",
    }
    estimates = {words[name]: interval for name, interval in found.items()}
    if truth is None:
        return against_planted(estimates, None)
    was = as_it_was(cases, truth)
    ordered = gaps_by_order(was, as_of=as_of, begins=begins, look_back_days=look_back_days)
    events = events_of_victims(was)
    again = interval_of(within_a_year(curves_by_order(ordered)), "first")
    near = near_repeats(events, time="occurred_at", same="victim", permutations=1)
    few: dict[str, Any] = {"unit": "victim", "top": top, "resamples": 1}
    return against_planted(
        estimates,
        {
            words["again"]: again.estimate,
            words["near"]: near.estimate,
            words["count"]: concentration(events, **few).estimate,
            words["harm"]: concentration(events, amount="harm_days", **few).estimate,
        },
    )
