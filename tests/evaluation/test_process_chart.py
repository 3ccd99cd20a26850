"""XmR charts: limits against a published chart, each rule on a series made to break it."""

from __future__ import annotations

import pandas as pd
import pytest

from woda_lib.evaluation import ProcessChart, ProcessChartError, process_chart
from woda_lib.figures import to_svg


def chart(values: list[float], **settings: object) -> ProcessChart:
    frame = pd.DataFrame(
        {
            "month": pd.date_range("2021-04-01", periods=len(values), freq="MS"),
            "days": values,
        }
    )
    return process_chart(frame, value="days", time="month", **settings)


def marked(found: ProcessChart, rule: str) -> list[int]:
    return found.table.index[found.table[rule]].tolist()


def test_flow_rates_as_published() -> None:
    """NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2, individuals chart of 10 batches."""
    found = chart([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])
    ranges = [2.0, 2.3, 1.4, 3.5, 3.4, 1.4, 0.2, 1.2, 1.5]
    assert found.table["moving_range"].tolist()[1:] == pytest.approx(ranges)
    limits = found.segments.iloc[0]
    assert limits["range_mean"] == pytest.approx(1.8778, abs=1e-4)
    assert limits["mean"] == pytest.approx(50.81)
    assert limits["upper"] == pytest.approx(55.8041, abs=2e-3)
    assert limits["lower"] == pytest.approx(45.8159, abs=2e-3)
    assert not found.table["outside"].any()
    assert found.warnings == (
        "The limits from April 2021 rest on 10 points. Under 12 points limits move a good deal "
        "with each new one: read them as a first sketch.",
    )


ORDINARY = [10.0, 11, 10, 9, 10, 11, 10, 9, 10, 11, 10, 9]  # ranges 1, so limits are 10 ± 2.66


def test_ordinary_coming_and_going_is_common_cause() -> None:
    found = chart(ORDINARY)
    limits = found.segments.iloc[0]
    assert (limits["lower"], limits["upper"]) == pytest.approx((10 - 2.66, 10 + 2.66))
    assert limits["range_limit"] == pytest.approx(3.267)
    assert (found.table["variation"] == "common cause").all()
    assert found.warnings == ()


def test_a_point_outside_the_limits() -> None:
    found = chart([*ORDINARY, 18.0, *ORDINARY], better="low")
    assert marked(found, "outside") == [12]
    assert found.table.loc[12, ["side", "variation"]].tolist() == ["high", "concern"]


def test_a_shift_is_seven_on_one_side() -> None:
    six, seven = [12.5, 11.5] * 3, [12.5, 11.5] * 3 + [12.5]
    assert marked(chart([*ORDINARY, *six, 9.0]), "shift") == []
    assert marked(chart([*ORDINARY, *seven, 9.0]), "shift") == list(range(12, 19))


def test_a_trend_is_seven_each_higher_than_the_one_before() -> None:
    rise = [9.0, 9.3, 9.6, 9.9, 10.2, 10.5, 10.8]
    assert marked(chart([*ORDINARY, 10.5, *rise, 10.0]), "trend") == list(range(13, 20))
    assert marked(chart([*ORDINARY, 10.5, *rise[1:], 10.0]), "trend") == []


def test_a_falling_trend_is_an_improvement_where_low_is_better() -> None:
    fall = [11.0, 10.7, 10.4, 10.1, 9.8, 9.5, 9.2]
    found = chart([*ORDINARY, *fall, 10.0], better="low")
    assert marked(found, "trend") == list(range(12, 19))
    assert set(found.table.loc[12:18, "variation"]) == {"improvement"}
    assert set(chart([*ORDINARY, *fall, 10.0], better="high").table.loc[12:18, "variation"]) == {
        "concern"
    }
    assert set(chart([*ORDINARY, *fall, 10.0]).table.loc[12:18, "variation"]) == {"special cause"}


def test_two_of_three_near_one_limit() -> None:
    # Two thirds of the way to the limit lies about 1.8 to 2.4 above the mean of these series.
    near = chart([*ORDINARY, *ORDINARY, 12.4, 10.0, 12.4, 10.0])
    assert marked(near, "outside") == []
    assert marked(near, "two_of_3") == [24, 26]
    apart = chart([*ORDINARY, *ORDINARY, 12.4, 10.0, 9.0, 12.4, 10.0])
    assert marked(apart, "two_of_3") == []


def test_limits_begin_afresh_at_a_change() -> None:
    lower = [value - 4 for value in ORDINARY]
    once, afresh = chart([*ORDINARY, *lower]), chart([*ORDINARY, *lower], rebase=["2022-04-01"])
    assert once.table["shift"].all()
    assert not afresh.table["shift"].any()
    assert afresh.segments["mean"].tolist() == [10, 6]
    assert afresh.segments["points"].tolist() == [12, 12]
    # The fall itself is no moving range of either process.
    assert pd.isna(afresh.table.loc[12, "moving_range"])
    assert afresh.segments["range_mean"].tolist() == [1, 1]


class TestItRefuses:
    def test_a_missing_value(self) -> None:
        with pytest.raises(ProcessChartError, match="filled in every row"):
            chart([10.0, float("nan"), 11.0])

    def test_a_date_twice(self) -> None:
        frame = pd.DataFrame({"month": ["2024-01-01"] * 2, "days": [1.0, 2.0]})
        with pytest.raises(ProcessChartError, match="A date stands twice in the column month"):
            process_chart(frame, value="days", time="month")

    def test_a_stretch_of_one_point(self) -> None:
        with pytest.raises(ProcessChartError, match="at least two points"):
            chart(ORDINARY, rebase=["2022-03-01"])


@pytest.mark.parametrize("narrow", [False, True])
def test_the_picture_names_its_limits_and_where_they_change(narrow: bool) -> None:
    found = chart([*ORDINARY, *[value - 4 for value in ORDINARY]], rebase=["2022-04-01"], target=8)
    picture = found.picture(measure="Mean days, each month", event="Pathway opens")
    svg = to_svg(picture, narrow=narrow)
    for text in ("Mean days, each month", "Pathway opens", "8.7", "6.0", "3.3", "8.0"):
        assert text in svg
    assert len(picture.data) == 24
