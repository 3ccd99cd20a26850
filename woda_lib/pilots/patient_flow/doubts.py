"""What would make us doubt the answer: other choices, and what would have to be otherwise.

Choices that an analyst makes before a model is fitted (how long a wait counts, which months, whose
days) move an estimate as much as the model does. Each is made otherwise here, one at a time, and
the model is the registered one throughout.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from woda_lib.evaluation import Interval
from woda_lib.partners import LAST_NOTICE_DAY
from woda_lib.pilots.doubts import against_smallest, by_choice, roll_out, what_has_to_hold
from woda_lib.pilots.patient_flow.attributes import paired_series
from woda_lib.records import Hypothesis

HORIZONS = (30, 60, 90, 120)
_YEARS_BEFORE = 2


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
    }
    choices: dict[str, tuple[pd.DataFrame, dict[str, Any]]] = {
        name: (months, {}) for name, months in series.items()
    }
    choices["Without the first three months"] = (registered, roll_out(start))
    return by_choice(choices, go_live=start, settings=settings)


def verdict(saved: Interval, hypothesis: Hypothesis) -> str:
    """Say how an estimate stands to the smallest saving that was registered as worth having.

    Parameters
    ----------
    saved
        Days saved; above nought is better.
    hypothesis
        With `smallest`, in the same unit.
    """
    return against_smallest(saved, hypothesis, grew="waits grew")


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
    return what_has_to_hold(
        saved,
        hypothesis=hypothesis,
        placebos=placebos,
        left_out=left_out,
        choices=choices,
        unit="days",
        lengthened="waits",
        otherwise="under another horizon, clock or window",
    )
