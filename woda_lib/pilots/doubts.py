"""What would make us doubt a saving: other choices, months left out, and what would have to be.

Every pilot that compares Worcestershire with Severnside asks these of its estimate. Its own words,
and the choices that its analyst could have made otherwise, are its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from woda_lib.evaluation import Interval, interrupted_time_series
from woda_lib.evaluation.errors import EvaluationError
from woda_lib.phrases import say_number
from woda_lib.records import Hypothesis

PAIR: dict[str, Any] = {"outcome": "worcestershire", "control": "severnside", "time": "month"}
"""How `woda_lib.evaluation` is told of the place where something changed, and of the other."""

_ROLL_OUT = 3


def roll_out(go_live: Any) -> dict[str, Any]:
    """Return what leaves out the first three months, as the model takes it."""
    return {"exclude": list(pd.date_range(go_live, periods=_ROLL_OUT, freq="MS"))}


def by_choice(
    choices: Mapping[str, tuple[pd.DataFrame, Mapping[str, Any]]],
    *,
    go_live: Any,
    settings: Mapping[str, Any],
) -> pd.DataFrame:
    """Estimate the effect under each choice, with the registered model.

    Parameters
    ----------
    choices
        By name, the registered one first: the months of both places, and what the model is told
        beyond its settings.
    go_live
        First day of the change.
    settings
        Of the registered model.

    Returns
    -------
    DataFrame
        `method, estimate, low, high, kind`, for `evaluation.forest`. A choice that leaves too few
        months for the model is left out.
    """
    rows: list[tuple[str, float, float, float, str]] = []
    for name, (months, more) in choices.items():
        try:
            found = interrupted_time_series(months, **PAIR, start=go_live, **settings, **more)
        except EvaluationError:
            continue
        kind = "other model" if rows else "primary"
        rows.append((name, found.estimate, found.low, found.high, kind))
    return pd.DataFrame(rows, columns=["method", "estimate", "low", "high", "kind"])


def without_each_month(
    series: pd.DataFrame, *, go_live: Any, settings: Mapping[str, Any]
) -> pd.DataFrame:
    """Estimate the effect with each month left out in turn.

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


def against_smallest(saved: Interval, hypothesis: Hypothesis, *, grew: str) -> str:
    """Say how an estimate stands to the smallest saving that was registered as worth having.

    Parameters
    ----------
    saved
        Above nought is better.
    hypothesis
        With `smallest`, in the same unit.
    grew
        How it is said that there was no saving but its opposite: "waits grew".
    """
    unit = hypothesis.unit.removesuffix("s") if hypothesis.smallest == 1 else hypothesis.unit
    size = f"{hypothesis.smallest:g} {unit}"
    if saved.low >= hypothesis.smallest:
        return f"the whole interval lies above the {size} registered as worth having"
    if saved.low > 0:
        return f"that it is a saving is beyond chance; that it reaches the {size} registered is not"
    if saved.high < 0:
        return f"{grew}, and the saving of {size} that was registered is ruled out"
    if saved.high < hypothesis.smallest:
        return f"a saving of {size}, as was registered, is ruled out"
    return f"neither no saving nor the {size} registered as worth having can be ruled out"


def what_has_to_hold(
    saved: Interval,
    *,
    hypothesis: Hypothesis,
    placebos: pd.DataFrame,
    left_out: pd.DataFrame,
    choices: pd.DataFrame,
    unit: str,
    each: str = "",
    lengthened: str,
    otherwise: str,
) -> pd.DataFrame:
    """Set what is known beside what would have to be for the conclusion to fall.

    Parameters
    ----------
    saved
        In `unit`.
    hypothesis
        With the smallest saving that matters.
    placebos
        Estimates at pretended dates: `estimate`.
    left_out
        From `without_each_month`.
    choices
        From `by_choice`.
    unit, each
        In the plural; and what the saving is for each of, such as " a case".
    lengthened
        What something else would have to have lengthened in Severnside.
    otherwise
        What is different in the other choices.

    Returns
    -------
    DataFrame
        `what, now, would_have_to_be`.
    """
    others = choices[choices["kind"] != "primary"]

    def said(number: float) -> str:
        return f"{say_number(number)} {unit}"

    rows = [
        (
            f"Something else that lengthened {lengthened} in Severnside at the same date, by",
            "none known",
            said(max(saved.low, 0.0)) + each,
        ),
        (
            "Largest effect at a pretended date",
            said(float(placebos["estimate"].abs().max())),
            said(abs(saved.estimate)),
        ),
        (
            "Smallest saving when one month is left out",
            said(-float(left_out["estimate"].max())),
            f"0 {unit} or fewer",
        ),
        (
            f"Smallest saving {otherwise}",
            said(-float(others["estimate"].max())),
            f"0 {unit} or fewer",
        ),
        (
            "Lower end of the interval",
            said(saved.low),
            f"under {said(hypothesis.smallest)}, the least that matters",
        ),
    ]
    return pd.DataFrame(rows, columns=["what", "now", "would_have_to_be"])
