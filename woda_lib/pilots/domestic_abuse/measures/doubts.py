"""Other choices than those registered for minutes a case, and what each says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from woda_lib.evaluation import Interval
from woda_lib.pilots.domestic_abuse.measures.meetings import paired
from woda_lib.pilots.doubts import against_smallest, by_choice, roll_out, what_has_to_hold
from woda_lib.records import Hypothesis


def other_choices(
    monthly: pd.DataFrame, *, go_live: Any, settings: Mapping[str, Any]
) -> pd.DataFrame:
    """Estimate the change in minutes a case under other windows, and with the load held alike.

    A meeting has minutes that no case brings (who is there, what is left from yesterday), so that a
    busier day takes fewer minutes a case by itself. One row therefore adjusts for the difference in
    cases a meeting.

    Parameters
    ----------
    monthly
        From `meetings_by_month`.
    go_live
        First day with the pack.
    settings
        Of the registered model.

    Returns
    -------
    DataFrame
        `method, estimate, low, high, kind`, the registered choice first, for `evaluation.forest`.
        A choice that leaves too few months for the model is left out.
    """
    start = pd.Timestamp(go_live)
    series = paired(monthly)
    load = paired(monthly, "cases_per_meeting").set_index("month")
    more_cases = (load["worcestershire"] - load["severnside"]).rename("more_cases")
    loaded = series.merge(more_cases.reset_index(), on="month")
    choices: dict[str, tuple[pd.DataFrame, dict[str, Any]]] = {
        "As registered": (series, {}),
        "With cases a meeting held alike": (loaded, {"adjust": ["more_cases"]}),
        "Without the first three months": (series, roll_out(start)),
        "From April 2022 alone": (series[series["month"] >= pd.Timestamp(2022, 4, 1)], {}),
        "The first year with the pack alone": (
            series[series["month"] < start + pd.DateOffset(years=1)],
            {},
        ),
    }
    return by_choice(choices, go_live=start, settings=settings)


def verdict(saved: Interval, hypothesis: Hypothesis) -> str:
    """Say how minutes saved stand to the smallest saving that was registered as worth having.

    Parameters
    ----------
    saved
        Minutes saved for each case; above nought is better.
    hypothesis
        With `smallest`, in the same unit.
    """
    return against_smallest(saved, hypothesis, grew="triage grew slower")


def headline(saved: Interval) -> str:
    """Return the answer's first clause: by the sign, and whether it could be chance."""
    if saved.low <= 0 <= saved.high:
        return "No saving can be told from chance: {triage_minutes_saved_per_case} for each case"
    if saved.estimate < 0:
        return (
            "Triage took longer with shared history: {triage_minutes_saved_per_case} saved a case"
        )
    return "With shared history, triage took {triage_minutes_saved_per_case} less for each case"


def what_would_change(
    saved: Interval,
    *,
    hypothesis: Hypothesis,
    placebos: pd.DataFrame,
    left_out: pd.DataFrame,
    choices: pd.DataFrame,
) -> pd.DataFrame:
    """Set what is known beside what would have to be for the conclusion to fall, in minutes.

    Parameters
    ----------
    saved
        Minutes saved for each case.
    hypothesis
        With the smallest saving that matters.
    placebos
        Estimates at pretended dates: `estimate`.
    left_out
        From `without_each_month`.
    choices
        From `other_choices`.

    Returns
    -------
    DataFrame
        `what, now, would_have_to_be`.
    """
    return what_has_to_hold(
        saved,
        hypothesis=hypothesis,
        placebos=placebos,
        left_out=left_out,
        choices=choices,
        unit="minutes",
        each=" a case",
        lengthened="meetings",
        otherwise="under another window, or with cases held alike",
    )
