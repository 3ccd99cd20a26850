"""Balancing measures: an interval beside the margin that was fixed for it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from woda_lib.evaluation import BalancingError, FrameError, balancing_measures
from woda_lib.evaluation.balancing import judged
from woda_lib.figures import to_svg

MONTHS = pd.date_range("2021-01-01", periods=40, freq="MS")
START = "2023-01-01"


@pytest.mark.parametrize(
    ("low", "high", "margin", "verdict"),
    [
        (-1.0, 0.5, 1.0, "no worse"),
        (0.2, 0.8, 1.0, "no worse"),  # worse, and by less than was to be put up with
        (-0.5, 1.2, 1.0, "cannot be told"),
        (0.9, 1.2, 1.0, "cannot be told"),
        (1.1, 2.0, 1.0, "worse"),
        (-0.5, 1.0, 1.0, "cannot be told"),  # the margin itself is not short of the margin
        # A fall is worse where the margin lies below nought.
        (-0.5, 2.0, -1.0, "no worse"),
        (-1.5, 0.5, -1.0, "cannot be told"),
        (-3.0, -1.5, -1.0, "worse"),
    ],
)
def test_the_whole_interval_must_stay_short_of_the_margin(low, high, margin, verdict):
    assert judged(((low + high) / 2, low, high), margin) == verdict


def made(**change: float) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    parts = [
        pd.DataFrame(
            {
                "month": MONTHS,
                "measure": name,
                "rate": 10 + rng.normal(0, 0.2, 40) + size * (MONTHS >= START),
                "elsewhere": 10 + rng.normal(0, 0.2, 40),
            }
        )
        for name, size in change.items()
    ]
    return pd.concat(parts, ignore_index=True)


def measured(frame: pd.DataFrame, margins: dict[str, float], **settings):
    named = {"measure": "measure", "outcome": "rate", "time": "month", "start": START}
    return balancing_measures(
        frame, **(named | {"margins": margins, "control": "elsewhere"} | settings)
    )


def test_each_measure_is_judged_by_its_own_margin():
    found = measured(made(readmitted=0.0, died=3.0), {"readmitted": 1.0, "died": 1.0})
    assert found.table.set_index("measure")["verdict"].to_dict() == {
        "readmitted": "no worse",
        "died": "worse",
    }
    assert found.finding == "readmitted is no worse; died is worse by more than the margin"


def test_no_sign_of_harm_is_not_taken_for_its_absence():
    frame = made(readmitted=0.0)
    frame["rate"] += np.random.default_rng(5).normal(0, 6, 40)
    found = measured(frame, {"readmitted": 1.0})
    (row,) = found.table.to_dict("records")
    assert row["low"] < 0 < row["high"]
    assert row["verdict"] == "cannot be told"
    assert found.finding == "of readmitted it cannot be told"


@pytest.mark.parametrize(
    ("margins", "says"),
    [
        ({}, "'readmitted' has no margin"),
        ({"readmitted": 0.0}, "margin of 'readmitted' is nought"),
        ({"readmitted": 1.0, "died": 1.0}, "margin is given for 'died', which is no measure"),
    ],
)
def test_a_measure_without_a_margin_is_refused(margins, says):
    with pytest.raises(BalancingError, match=says):
        measured(made(readmitted=0.0), margins)


def test_bad_columns_are_named():
    with pytest.raises(FrameError, match=r"no column 'rat'.*Is 'rate' meant"):
        measured(made(readmitted=0.0), {"readmitted": 1.0}, outcome="rat")
    with pytest.raises(FrameError, match="'rate' has no value in row 1"):
        measured(made(readmitted=0.0).assign(rate=None), {"readmitted": 1.0})


@pytest.mark.parametrize("narrow", [False, True])
def test_the_forest_puts_every_unit_on_one_axis(narrow):
    found = measured(made(readmitted=0.0, died=3.0), {"readmitted": 1.0, "died": 1.0})
    assert "share of the margin" in to_svg(found.plot(), narrow=narrow)
