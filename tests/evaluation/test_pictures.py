"""Every picture of a result can be shown in a run: it is drawn from what passes the gate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from tests.evaluation.test_benefit import FLOWS, INPUTS, OPTIMISM, STEPS
from woda_lib import evaluation
from woda_lib.disclosure import refuse_foreign_marks, refuse_people_as_marks
from woda_lib.disclosure.gate import gate_table
from woda_lib.disclosure.rule import Rule
from woda_lib.figures import Picture, to_svg

RNG = np.random.default_rng(11)
MONTHS = pd.date_range("2021-01-01", periods=48, freq="MS")


@cache
def series() -> pd.DataFrame:
    step = MONTHS >= "2023-01-01"
    return pd.DataFrame(
        {
            "month": MONTHS,
            "days": 9 - 2.5 * step + RNG.normal(0, 0.4, 48),
            "elsewhere": 9 + RNG.normal(0, 0.4, 48),
            "events": RNG.poisson(200 - 40 * step),
            "people": RNG.integers(900, 1100, 48),
        }
    )


def interrupted(**settings: object) -> evaluation.InterruptedTimeSeries:
    given = {"outcome": "days", "time": "month", "start": "2023-01-01", "unit": "days"}
    return evaluation.interrupted_time_series(series(), **(given | settings))


@cache
def panel() -> pd.DataFrame:
    units = np.repeat(np.arange(30), 24)
    time = np.tile(np.arange(24), 30)
    first = np.select([units < 10, units < 20], [10, 16], 0)
    treated = (first > 0) & (time >= first)
    days = 9 + units / 10 - 2 * treated + RNG.normal(0, 0.5, len(units))
    return pd.DataFrame({"ward": units, "month": time, "first": first, "days": days})


@cache
def staggered() -> evaluation.DifferenceInDifferences:
    return evaluation.difference_in_differences(
        panel(), outcome="days", unit="ward", time="month", first_treated="first"
    )


@cache
def mixture() -> evaluation.SyntheticControl:
    own = panel()[lambda rows: (rows["first"] == 0) | (rows["ward"] == 0)]
    return evaluation.synthetic_control(
        own, outcome="days", unit="ward", time="month", treated=0, start=10
    )


@cache
def people() -> pd.DataFrame:
    number = 900
    after, age = RNG.random(number) < 0.5, RNG.normal(75, 8, number)
    waited = RNG.gamma(2, np.exp(1.5 + (age - 75) / 60 - 0.3 * after))
    seen = RNG.uniform(20, 60, number)
    return pd.DataFrame(
        {
            "after": after,
            "age": age,
            "days": np.ceil(np.minimum(waited, seen)),
            "event": np.where(waited <= seen, np.where(RNG.random(number) < 0.1, 2, 1), 0),
            "started": pd.Timestamp("2023-01-01")
            + pd.to_timedelta(RNG.integers(0, 360, number), unit="D"),
        }
    ).assign(ended=lambda rows: rows["event"] > 0)


@cache
def benefit() -> evaluation.Benefit:
    inputs = evaluation.uncertain_inputs(
        days_saved={"estimate": 2.7, "low": 1.7, "high": 3.7},
        people={"estimate": 185, "low": 178, "high": 192},
        bed_day_cost={"estimate": 306, "low": 260, "high": 352},
    )
    return evaluation.monte_carlo_benefit(
        inputs, formula="days_saved * people * bed_day_cost", draws=4000
    )


@cache
def programme() -> evaluation.Benefit:
    return evaluation.monte_carlo_benefit(INPUTS, flows=FLOWS, steps=STEPS, optimism=OPTIMISM)


WAITS = {"duration": "days", "event": "ended"}
PICTURES: dict[str, Callable[[], Picture]] = {
    "series": lambda: interrupted().plot(),
    "controlled series": lambda: interrupted(control="elsewhere").plot(),
    "counts": lambda: interrupted(
        outcome="events", family="quasi-poisson", offset="people", unit=""
    ).plot(),
    "forest": lambda: interrupted().forest(measure="Change in days"),
    "event study": lambda: staggered().plot(),
    "mixture": lambda: mixture().plot(),
    "forest of mixtures": lambda: mixture().forest(),
    "case mix": lambda: evaluation.adjusted_difference(
        people(), outcome="days", group="after", adjust=["age"]
    ).plot(),
    "balance": lambda: evaluation.adjusted_difference(
        people(), outcome="days", group="after", adjust=["age"], adjustment="inverse probability"
    ).love(),
    "cox": lambda: evaluation.cox(people(), **WAITS, group="after", adjust=["age"]).plot(),
    "family": lambda: evaluation.parametric_durations(people(), **WAITS, group="after").plot(),
    "quantile": lambda: evaluation.quantile_durations(
        people(), **WAITS, group="after", horizon=20, draws=60
    ).plot(),
    "process chart": lambda: evaluation.process_chart(series(), value="days", time="month").plot(),
    "benefit": lambda: benefit().plot(),
    "tornado": lambda: benefit().plot_tornado(),
    "years": lambda: programme().plot_years(),
    "linkage draws": lambda: carried().plot(),
    "tipping point": lambda: carried().tipping_point(replications=4).plot(),
}


@cache
def carried() -> evaluation.OverLinkages:
    number = 400
    linked = pd.DataFrame({"referral": np.arange(number), "spell": np.arange(number)})
    waits = pd.Series(9 - 3 * (np.arange(number) % 2) + RNG.normal(0, 1, number))

    def difference(rows: pd.DataFrame) -> tuple[float, float, float]:
        found = waits.iloc[rows["spell"]].to_numpy()
        late = rows["referral"].to_numpy() % 2 == 1
        error = np.sqrt(found[late].var() / late.sum() + found[~late].var() / (~late).sum())
        return float(found[late].mean() - found[~late].mean()), float(error), float(number - 2)

    draws = []
    for _ in range(10):
        spells = np.arange(number)
        wrong = RNG.random(number) < 0.03
        spells[wrong] = RNG.integers(0, number, wrong.sum())
        draws.append(linked.assign(spell=spells))
    return evaluation.over_linkages(
        difference, draws, linked=linked, key=["referral"], link=["spell"]
    )


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_drawn_from_what_the_gate_passed(name: str) -> None:
    picture = PICTURES[name]()
    refuse_people_as_marks(picture, name=name)
    passed = gate_table(picture.data, Rule(), name=name, counts=picture.counts)
    look = partial(refuse_foreign_marks, data=passed.frame, name=name)
    gated = replace(picture, data=passed.frame)
    for narrow in (False, True):
        assert to_svg(gated, narrow=narrow, look=look).startswith("<svg")


def test_a_forest_on_a_phone_tells_intervals_and_its_dotted_line_keeps_clear_of_names() -> None:
    rows = pd.DataFrame(
        {
            "method": ["With a name of some length", "Another of some length"],
            "estimate": [-2.9, -1.4],
            "low": [-3.9, -4.0],
            "high": [-1.8, 1.1],
            "kind": ["primary", "other model"],
        }
    )
    drawn: list[Figure] = []
    svg = to_svg(evaluation.forest(rows, measure="Days"), narrow=True, look=drawn.append)
    assert "−3.9 to −1.8" in svg and "−4.0 to 1.1" in svg
    (axes,) = drawn[0].axes
    names = [text.get_window_extent() for text in axes.texts if "length" in text.get_text()]
    dotted = [line for line in axes.lines if line.get_transform() != axes.transData]
    parts = [line.get_path().transformed(line.get_transform()).get_extents() for line in dotted]
    assert len(parts) == 2
    assert not any(part.y0 < name.y1 and name.y0 < part.y1 for part in parts for name in names)
