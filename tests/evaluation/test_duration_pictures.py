"""Pictures of durations: drawn wide and narrow from numbers that the gate can withhold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest

from woda_lib.disclosure.gate import gate_table
from woda_lib.disclosure.pictures import refuse_foreign_marks, refuse_people_as_marks
from woda_lib.disclosure.rule import Rule
from woda_lib.evaluation import (
    competing_risks,
    cox,
    discharged_this_month_bias,
    kaplan_meier,
    parametric_durations,
    quantile_durations,
    restricted_mean,
)
from woda_lib.figures import Picture, to_svg

END = pd.Timestamp("2025-02-28")


def clocks(size: int) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    started = pd.Timestamp("2022-09-01") + pd.to_timedelta(rng.integers(0, 912, size), unit="D")
    wait = np.floor(rng.lognormal(np.log(14), 0.9, size))
    death, cut = np.floor(rng.exponential(300, size)), (END - started).days.to_numpy()
    days = np.minimum(np.minimum(wait, death), cut)
    how = np.select([days == wait, days == death], ["home", "died"], "waits")
    return pd.DataFrame(
        {
            "started": started,
            "days": days,
            "how": how,
            "left": how == "home",
            "period": np.where(started >= "2024-01-01", "with", "without"),
        }
    )


TWO: dict[str, Any] = {
    "duration": "days",
    "event": "left",
    "group": "period",
    "reference": "without",
}
DRAWN: dict[str, Callable[[pd.DataFrame], Picture]] = {
    "restricted mean": lambda frame: restricted_mean(frame, horizon=90, **TWO).plot(),
    "restricted mean of everyone": lambda frame: restricted_mean(
        frame, duration="days", event="left", horizon=90
    ).plot(),
    "Kaplan-Meier": lambda frame: kaplan_meier(frame, **TWO).plot(horizon=90),
    "competing risks": lambda frame: competing_risks(
        frame, censored="waits", cause="home", horizon=90, **{**TWO, "event": "how"}
    ).plot(),
    "family": lambda frame: parametric_durations(frame, horizon=90, zero_as=0.5, **TWO).plot(),
    "discharges": lambda frame: discharged_this_month_bias(
        frame, started_on="started", duration="days", event="left", as_of=END, horizon=90
    ).plot(),
    "Cox": lambda frame: cox(frame, **TWO).plot(),
    "quantiles": lambda frame: quantile_durations(frame, horizon=90, draws=50, **TWO).plot(),
}


@pytest.mark.parametrize("name", [name for name in DRAWN if name not in ("Cox", "quantiles")])
def test_a_county_passes_the_gate_without_a_gap(name: str) -> None:
    picture = DRAWN[name](clocks(6000))
    refuse_people_as_marks(picture, name=name)
    passed = gate_table(picture.data, Rule(), name=name, counts=picture.counts)
    assert passed.withheld_cells == 0
    gated = replace(picture, data=passed.frame)
    look = partial(refuse_foreign_marks, data=passed.frame, name=name)
    for narrow in (False, True):
        to_svg(gated, narrow=narrow, look=look)


@pytest.mark.parametrize("name", [name for name in DRAWN if name not in ("Cox", "quantiles")])
def test_a_ward_is_drawn_with_gaps_where_the_gate_withholds(name: str) -> None:
    picture = DRAWN[name](clocks(120))
    passed = gate_table(picture.data, Rule(), name=name, counts=picture.counts)
    assert passed.withheld_cells > 0
    gated = replace(picture, data=passed.frame)
    look = partial(refuse_foreign_marks, data=passed.frame, name=name)
    for narrow in (False, True):
        to_svg(gated, narrow=narrow, look=look)


@pytest.mark.parametrize("name", DRAWN)
def test_any_picture_is_drawn_at_both_widths(name: str) -> None:
    picture = DRAWN[name](clocks(300))
    for narrow in (False, True):
        assert to_svg(picture, narrow=narrow).startswith("<svg")


def test_the_numbers_in_view_stand_under_the_axis() -> None:
    frame = clocks(6000)
    written = to_svg(DRAWN["restricted mean"](frame))
    table = restricted_mean(frame, horizon=90, **TWO).means.set_index("group")
    for group in ("with", "without"):
        assert f">{table.loc[group, 'people']:,}<" in written
    assert "Still in view" in written
