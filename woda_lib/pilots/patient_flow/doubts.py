"""What would make us doubt the answer: other choices, and what would have to be otherwise.

Choices that an analyst makes before a model is fitted (how long a wait counts, which months, whose
days) move an estimate as much as the model does. Each is made otherwise here, one at a time, and
the model is the registered one throughout.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from woda_lib.evaluation import Interval, interrupted_time_series
from woda_lib.evaluation.errors import EvaluationError
from woda_lib.partners import LAST_NOTICE_DAY
from woda_lib.phrases import say_number
from woda_lib.pilots.patient_flow.attributes import paired_series
from woda_lib.records import Hypothesis

PAIR: dict[str, Any] = {"outcome": "worcestershire", "control": "severnside", "time": "month"}
HORIZONS = (30, 60, 90, 120)
_ROLL_OUT, _YEARS_BEFORE = 3, 2


def other_choices(
    clocks: pd.DataFrame,
    *,
    go_live: Any,
    horizon: float,
    as_of: pd.Timestamp,
    settings: Mapping[str, Any],
) -> pd.DataFrame:
    """Estimate the effect under other horizons, clocks and windows.

    Parameters
    ----------
    clocks
        From `discharge_clock`.
    go_live, horizon, as_of
        Of the evaluation.
    settings
        Of the registered model.

    Returns
    -------
    DataFrame
        `method, estimate, low, high, kind`, the registered choice first, for `evaluation.forest`.
        A choice that leaves too few months for the model is left out.
    """
    start = pd.Timestamp(go_live)
    registered = paired_series(clocks, horizon=horizon, as_of=as_of)
    unpaused = clocks.assign(days=clocks["days"] + clocks["paused_days"])
    roll_out = list(pd.date_range(start, periods=_ROLL_OUT, freq="MS"))
    before = start - pd.DateOffset(years=_YEARS_BEFORE)
    series = {
        "As registered": registered,
        **{
            f"Waits count up to {days} days": paired_series(clocks, horizon=days, as_of=as_of)
            for days in HORIZONS
            if days != horizon
        },
        "Days not fit to leave count too": paired_series(unpaused, horizon=horizon, as_of=as_of),
        "Since July 2022 alone, one law": registered[registered["month"] > LAST_NOTICE_DAY],
        "Two years before go-live alone": registered[registered["month"] >= before],
        "Without the first three months": registered,
    }
    rows: list[tuple[str, float, float, float, str]] = []
    for name, months in series.items():
        more: dict[str, Any] = {"exclude": roll_out} if name.startswith("Without") else {}
        try:
            found = interrupted_time_series(months, **PAIR, start=start, **settings, **more)
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


def verdict(saved: Interval, hypothesis: Hypothesis) -> str:
    """Say how an estimate stands to the smallest saving that was registered as worth having.

    Parameters
    ----------
    saved
        Days saved; above nought is better.
    hypothesis
        With `smallest`, in the same unit.
    """
    size = f"{say_number(hypothesis.smallest, 2).rstrip('0').rstrip('.')} {hypothesis.unit}"
    size = size.replace("1 days", "1 day")
    if saved.low >= hypothesis.smallest:
        return f"the whole interval lies above the {size} registered as worth having"
    if saved.low > 0:
        return f"that it is a saving is beyond chance; that it reaches the {size} registered is not"
    if saved.high < 0:
        return f"waits grew, and the saving of {size} that was registered is ruled out"
    if saved.high < hypothesis.smallest:
        return f"a saving of {size}, as was registered, is ruled out"
    return f"neither no saving nor the {size} registered as worth having can be ruled out"


def what_would_change(
    saved: Interval,
    *,
    hypothesis: Hypothesis,
    placebos: pd.DataFrame,
    left_out: pd.DataFrame,
    choices: pd.DataFrame,
) -> pd.DataFrame:
    """Set what is known beside what would have to be for the conclusion to fall, in days.

    Parameters
    ----------
    saved
        Days saved.
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
            "Something else that lengthened waits in Severnside at the same date, by",
            "none known",
            f"{say_number(max(saved.low, 0.0))} days",
        ),
        (
            "Largest effect at a pretended date",
            f"{say_number(float(placebos['estimate'].abs().max()))} days",
            f"{say_number(abs(saved.estimate))} days",
        ),
        (
            "Smallest saving when one month is left out",
            f"{say_number(-float(left_out['estimate'].max()))} days",
            "0 days or fewer",
        ),
        (
            "Smallest saving under another horizon, clock or window",
            f"{say_number(-float(others['estimate'].max()))} days",
            "0 days or fewer",
        ),
        (
            "Lower end of the interval",
            f"{say_number(saved.low)} days",
            f"under {say_number(hypothesis.smallest)} days, the least that matters",
        ),
    ]
    return pd.DataFrame(rows, columns=["what", "now", "would_have_to_be"])
