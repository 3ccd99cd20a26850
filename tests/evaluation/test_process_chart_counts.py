"""p, u, c and t charts: limits by hand, over-dispersion, limits that cannot be, what is refused."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from woda_lib.evaluation import ProcessChart, ProcessChartError, process_chart

MONTHS = pd.date_range("2022-01-01", periods=24, freq="MS")


def shares(
    rng: np.random.Generator, *, people: int = 400, spread: float = 0.0, mean: float = 0.3
) -> pd.DataFrame:
    chance = np.clip(mean + spread * rng.standard_normal(len(MONTHS)), 0, 1)
    return pd.DataFrame({"month": MONTHS, "late": rng.binomial(people, chance), "people": people})


def p_chart(frame: pd.DataFrame, **settings: object) -> ProcessChart:
    given = {"value": "late", "denominator": "people", "time": "month", "chart": "p", **settings}
    return process_chart(frame, **given)


def test_limits_of_a_share_follow_its_denominator() -> None:
    frame = pd.DataFrame(
        {"month": MONTHS[:4], "late": [20, 45, 60, 75], "people": [100, 100, 400, 400]}
    )
    found = p_chart(frame, per=100)
    mean = 200 / 1000
    assert found.estimate == pytest.approx(20)
    for people, upper in zip(frame["people"], found.table["upper"], strict=True):
        assert upper == pytest.approx(100 * (mean + 3 * math.sqrt(mean * (1 - mean) / people)))
    # 45 of 100 is outside limits of 8 to 32; 15% and 18.75% of 400 are inside 14 to 26.
    assert found.table["outside"].tolist() == [False, True, False, False]
    assert found.unit == "late per 100 people"


def test_limits_that_cannot_be_are_clipped_and_said() -> None:
    few = pd.DataFrame({"month": MONTHS[:3], "late": [1, 0, 2], "people": [10, 10, 10]})
    found = p_chart(few)
    assert (found.table["lower"] == 0).all()
    assert "Lower limits below 0 cannot be" in " ".join(found.warnings)
    most = pd.DataFrame({"month": MONTHS[:3], "late": [9, 10, 8], "people": [10, 10, 10]})
    found = p_chart(most, per=100)
    assert (found.table["upper"] == 100).all()
    assert "Upper limits above 100 cannot be" in " ".join(found.warnings)


def test_an_xmr_chart_is_clipped_when_told_what_can_be() -> None:
    frame = pd.DataFrame({"month": MONTHS[:12], "v": [0.0, 3, 1, 4, 0, 2, 5, 1, 0, 3, 1, 2]})
    found = process_chart(frame, value="v", time="month")
    assert found.low < 0
    assert "`possible=(0, None)`" in " ".join(found.warnings)
    clipped = process_chart(frame, value="v", time="month", possible=(0, None))
    assert clipped.low == 0
    assert clipped.table["mean"].equals(found.table["mean"])


def test_over_dispersion_is_seen_and_laney_widens_the_limits() -> None:
    frame = shares(np.random.default_rng(1), people=5000, spread=0.03)
    plain, laney = p_chart(frame), p_chart(frame, laney=True, screen=False)
    assert "`laney=True` widens them" in " ".join(plain.warnings)
    assert "laney" not in " ".join(laney.warnings)
    share = (frame["late"] / frame["people"]).tolist()
    mean = sum(frame["late"]) / sum(frame["people"])
    sigma = math.sqrt(mean * (1 - mean) / 5000)
    z = [(each - mean) / sigma for each in share]
    ranges = [abs(after - before) for before, after in pairwise(z)]
    times = sum(ranges) / len(ranges) / 1.128
    assert laney.over_dispersion == pytest.approx(times)
    assert laney.high == pytest.approx(mean + 3 * sigma * times)
    assert plain.table["outside"].sum() > 5 > laney.table["outside"].sum()


@pytest.mark.prove
def test_pure_chance_is_seldom_called_over_dispersed() -> None:
    rng = np.random.default_rng(2)
    called = [
        any("laney" in warning for warning in p_chart(shares(rng)).warnings) for _ in range(60)
    ]
    assert np.mean(called) < 0.12


def test_events_in_an_exposure() -> None:
    frame = pd.DataFrame({"month": MONTHS[:3], "falls": [6, 9, 3], "bed_days": [900, 1200, 900]})
    found = process_chart(
        frame, value="falls", denominator="bed_days", time="month", chart="u", per=1000
    )
    assert found.estimate == pytest.approx(6)
    rate = 18 / 3000
    assert found.table["upper"].iloc[1] == pytest.approx(1000 * (rate + 3 * (rate / 1200) ** 0.5))


def test_time_between_events_is_charted_on_nelsons_scale() -> None:
    days = [30.0, 12, 45, 7, 60, 21, 33, 18, 26, 40, 9, 52]
    frame = pd.DataFrame({"event": pd.date_range("2023-01-01", periods=12, freq="MS"), "d": days})
    found = process_chart(frame, value="d", time="event", chart="t", better="high", screen=False)
    scaled = [day ** (1 / 3.6) for day in days]
    mean = sum(scaled) / 12
    moved = sum(abs(b - a) for a, b in pairwise(scaled)) / 11
    assert found.estimate == pytest.approx(mean**3.6)
    assert found.high == pytest.approx((mean + 2.66 * moved) ** 3.6)


def test_dates_of_events_are_enough_for_a_t_chart() -> None:
    frame = pd.DataFrame({"fell": pd.to_datetime(["2024-01-31", "2024-01-01", "2024-01-11"])})
    found = process_chart(frame, time="fell", chart="t")
    assert found.table["value"].tolist() == [10, 20]
    assert found.unit == "days between events"


@pytest.mark.prove
def test_no_false_alarms_beyond_the_rate_of_the_rule_on_exponential_times() -> None:
    rng = np.random.default_rng(3)
    outside = []
    for _ in range(40):
        frame = pd.DataFrame({"n": range(60), "d": rng.exponential(20, 60)})
        outside.append(process_chart(frame, value="d", time="n", chart="t").table["outside"].mean())
        plain = process_chart(frame, value="d", time="n", screen=False)
    assert np.mean(outside) < 0.006
    # An XmR chart of the raw times puts its lower limit below nought, and calls long times news.
    assert plain.low < 0


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"denominator": None}, "name its column as `denominator`"),
        ({"chart": "xmr"}, "`denominator` belongs to a p chart"),
        ({"chart": "c"}, "`denominator` belongs to a p chart"),
        ({"per": 0}, "`per` scales a share"),
        ({"per": 100, "chart": "xmr", "denominator": None}, "`per` scales a share"),
        ({"value": None}, "Name the column of the measure"),
        ({"value": "share"}, "must hold whole numbers, the count of cases"),
        ({"value": "many"}, "more cases than their denominator in row 1"),
        ({"value": "below"}, "goes below nought"),
        ({"denominator": "nobody"}, "'nobody' must be above nought, and is not in row 2"),
        ({"baseline": 1}, "`baseline` must be a whole number, two points or more"),
        ({"baseline": 2.5}, "`baseline` must be a whole number"),
        ({"target": float("inf")}, "`target` must be a finite number"),
        ({"chart": "xmr", "denominator": None, "laney": True}, "`laney` widens limits of p, u"),
        ({"possible": (0.25, 1)}, "Some values lie outside `possible`"),
    ],
)
def test_what_is_refused(settings: dict[str, object], says: str) -> None:
    frame = pd.DataFrame(
        {
            "month": MONTHS[:3],
            "late": [2, 3, 4],
            "share": [0.2, 0.3, 0.4],
            "many": [12, 3, 4],
            "below": [2, -3, 4],
            "people": [10, 10, 10],
            "nobody": [10, 0, 10],
        }
    )
    with pytest.raises(ProcessChartError, match=says):
        p_chart(frame, **settings)


def test_two_events_are_too_few_for_a_t_chart() -> None:
    frame = pd.DataFrame({"fell": pd.to_datetime(["2024-01-31", "2024-01-01"])})
    with pytest.raises(ProcessChartError, match="Two gaps, which limits need"):
        process_chart(frame, time="fell", chart="t")
