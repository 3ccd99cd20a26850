"""Other choices than those registered for minutes a case, and what each says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from woda_lib.evaluation import Interval, interrupted_time_series
from woda_lib.evaluation.errors import EvaluationError
from woda_lib.phrases import say_number
from woda_lib.pilots.domestic_abuse.measures.meetings import PAIR, paired
from woda_lib.records import Hypothesis

_ROLL_OUT = 3
_COLUMNS = ["method", "estimate", "low", "high", "kind"]


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
    roll_out = list(pd.date_range(start, periods=_ROLL_OUT, freq="MS"))
    choices: dict[str, tuple[pd.DataFrame, dict[str, Any]]] = {
        "As registered": (series, {}),
        "With cases a meeting held alike": (loaded, {"adjust": ["more_cases"]}),
        "Without the first three months": (series, {"exclude": roll_out}),
        "From April 2022 alone": (series[series["month"] >= pd.Timestamp(2022, 4, 1)], {}),
        "The first year with the pack alone": (
            series[series["month"] < start + pd.DateOffset(years=1)],
            {},
        ),
    }
    rows: list[tuple[str, float, float, float, str]] = []
    for name, (months, more) in choices.items():
        try:
            found = interrupted_time_series(months, **PAIR, start=start, **settings, **more)
        except EvaluationError:
            continue
        kind = "other model" if rows else "primary"
        rows.append((name, found.estimate, found.low, found.high, kind))
    return pd.DataFrame(rows, columns=_COLUMNS)


def without_each_month(
    series: pd.DataFrame, *, go_live: Any, settings: Mapping[str, Any]
) -> pd.DataFrame:
    """Estimate the change with each month left out in turn.

    Returns
    -------
    DataFrame
        `month, estimate, low, high`, a row a month that was left out.
    """
    rows = []
    for month in series["month"]:
        found = interrupted_time_series(series, **PAIR, start=go_live, exclude=[month], **settings)
        rows.append((month, found.estimate, found.low, found.high))
    return pd.DataFrame(rows, columns=["month", "estimate", "low", "high"])


def verdict(saved: Interval, hypothesis: Hypothesis) -> str:
    """Say how minutes saved stand to the smallest saving that was registered as worth having.

    Parameters
    ----------
    saved
        Minutes saved for each case; above nought is better.
    hypothesis
        With `smallest`, in the same unit.
    """
    size = f"{hypothesis.smallest:g} {hypothesis.unit}"
    size = size.replace("1 minutes", "1 minute") if hypothesis.smallest == 1 else size
    if saved.low >= hypothesis.smallest:
        return f"the whole interval lies above the {size} registered as worth having"
    if saved.low > 0:
        return f"that it is a saving is beyond chance; that it reaches the {size} registered is not"
    if saved.high < 0:
        return f"triage grew slower, and the saving of {size} that was registered is ruled out"
    if saved.high < hypothesis.smallest:
        return f"a saving of {size}, as was registered, is ruled out"
    return f"neither no saving nor the {size} registered as worth having can be ruled out"


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
    others = choices[choices["kind"] != "primary"]
    rows = [
        (
            "Something else that lengthened meetings in Severnside at the same date, by",
            "none known",
            f"{say_number(max(saved.low, 0.0))} minutes a case",
        ),
        (
            "Largest effect at a pretended date",
            f"{say_number(float(placebos['estimate'].abs().max()))} minutes",
            f"{say_number(abs(saved.estimate))} minutes",
        ),
        (
            "Smallest saving when one month is left out",
            f"{say_number(-float(left_out['estimate'].max()))} minutes",
            "0 minutes or fewer",
        ),
        (
            "Smallest saving under another window, or with cases held alike",
            f"{say_number(-float(others['estimate'].max()))} minutes",
            "0 minutes or fewer",
        ),
        (
            "Lower end of the interval",
            f"{say_number(saved.low)} minutes",
            f"under {say_number(hypothesis.smallest)} minutes, the least that matters",
        ),
    ]
    return pd.DataFrame(rows, columns=["what", "now", "would_have_to_be"])
