"""XmR charts: each rule on a series made to break it, icons, rebasing, and what is refused."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pandas as pd
import pytest

from woda_lib.evaluation import ProcessChart, ProcessChartError, icon_svg, process_chart
from woda_lib.evaluation.errors import FrameError
from woda_lib.evaluation.process_charts import MEANING
from woda_lib.evaluation.time_axis import TimeError
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


def test_two_near_opposite_limits_are_no_signal() -> None:
    either = chart([*ORDINARY, *ORDINARY, 12.4, 10.0, 7.6, 10.0])
    assert marked(either, "two_of_3") == []


def test_a_point_on_the_mean_ends_a_run() -> None:
    # Three 12s and three 8s either side of a 10, and again: the mean stays 10.
    values = [12.0, 8.0] * 6 + [12.0] * 3 + [10.0] + [12.0] * 3 + [8.0] * 3 + [10.0] + [8.0] * 3
    found = chart(values, screen=False)
    assert found.estimate == 10
    assert marked(found, "shift") == []


def test_where_rules_disagree_the_newest_news_decides() -> None:
    # The fall begins above the mean; its direction counts, and not the side that it begins on.
    fall = [11.0, 10.7, 10.4, 10.1, 9.8, 9.5, 9.2]
    assert set(chart([*ORDINARY, *fall, 10.0]).table.loc[12:18, "side"]) == {"low"}


def test_the_turning_point_of_a_rise_belongs_to_the_fall_after_it() -> None:
    rise = [8.0, 8.5, 9.0, 9.5, 10.0, 10.5, 11.0]
    found = chart([*ORDINARY, *ORDINARY, *rise, *rise[-2::-1], 10.0]).table
    assert found.loc[24:29, "side"].tolist() == ["high"] * 6
    assert found.loc[30:36, "side"].tolist() == ["low"] * 7


def test_a_wide_moving_range_is_left_out_of_the_limits_but_not_of_the_chart() -> None:
    values = [*ORDINARY, 18.0, *ORDINARY]
    screened, whole = chart(values), chart(values, screen=False)
    assert screened.segments["range_mean"].tolist() == [1]
    assert whole.segments["range_mean"].tolist() == [pytest.approx((22 * 1 + 9 + 8) / 24)]
    assert screened.table["moving_range"].max() == 9
    assert screened.high < whole.high
    assert "2 moving ranges were too wide" in " ".join(screened.warnings)
    assert whole.warnings == ()


def test_a_point_left_out_is_shown_but_counts_for_nothing() -> None:
    without = chart([*ORDINARY, *ORDINARY])
    found = chart([*ORDINARY, 99.0, *ORDINARY], exclude=["2022-04-01"])
    assert found.table.loc[12, ["value", "variation", "used"]].tolist() == [99, "left out", False]
    assert (found.estimate, found.high) == (without.estimate, pytest.approx(without.high))
    assert found.segments["points"].tolist() == [24]


def test_limits_can_rest_on_the_first_points_alone() -> None:
    found = chart([*ORDINARY, *[value + 3 for value in ORDINARY]], baseline=12)
    assert (found.estimate, found.high) == (10, pytest.approx(12.66))
    assert found.table["shift"].tolist() == [False] * 12 + [True] * 12


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
        with pytest.raises(FrameError, match="'days' has no value in row 2"):
            chart([10.0, float("nan"), 11.0])

    def test_a_date_twice(self) -> None:
        frame = pd.DataFrame({"month": ["2024-01-01"] * 2, "days": [1.0, 2.0]})
        with pytest.raises(ProcessChartError, match="A time stands twice in the column 'month'"):
            process_chart(frame, value="days", time="month")

    def test_a_stretch_of_one_point(self) -> None:
        with pytest.raises(ProcessChartError, match="at least two points"):
            chart(ORDINARY, rebase=["2022-03-01"])

    def test_an_empty_table(self) -> None:
        with pytest.raises(FrameError, match="has no rows"):
            chart([])

    def test_a_column_that_is_not_there(self) -> None:
        frame = pd.DataFrame({"month": ["2024-01-01"], "days": [1.0]})
        with pytest.raises(FrameError, match=r"no column 'day'.*Is 'days' meant"):
            process_chart(frame, value="day", time="month")

    def test_a_time_zone(self) -> None:
        months = pd.date_range("2024-01-01", periods=3, freq="MS", tz="Europe/London")
        with pytest.raises(TimeError, match="time zone"):
            process_chart(pd.DataFrame({"m": months, "v": [1, 2, 3]}), value="v", time="m")

    @pytest.mark.parametrize("argument", ["rebase", "exclude"])
    def test_a_date_outside_the_series(self, argument: str) -> None:
        with pytest.raises(ProcessChartError, match=f"`{argument}` names a time before the first"):
            chart(ORDINARY, **{argument: ["2030-01-01"]})

    def test_a_date_for_steps_that_are_numbers(self) -> None:
        frame = pd.DataFrame({"step": range(12), "v": ORDINARY})
        with pytest.raises(ProcessChartError, match="dates where that has dates"):
            process_chart(frame, value="v", time="step", rebase=["2024-01-01"])

    def test_a_point_that_is_not_there(self) -> None:
        with pytest.raises(ProcessChartError, match="`exclude` names 1 time"):
            chart(ORDINARY, exclude=["2021-04-02"])

    def test_a_direction_that_is_none(self) -> None:
        with pytest.raises(ProcessChartError, match="`better` must be 'low', 'high' or None"):
            chart(ORDINARY, better="down")

    def test_a_chart_that_is_none(self) -> None:
        with pytest.raises(ProcessChartError, match="There is no chart 'np'"):
            chart(ORDINARY, chart="np")


class TestTimes:
    VALUES = (10.0, 11, 10, 9, 10, 11)

    @pytest.mark.parametrize(
        ("times", "said"),
        [
            (pd.date_range("2024-01-01", periods=6, freq="D"), "1 January 2024"),
            (pd.date_range("2024-01-01", periods=6, freq="W-MON"), "1 January 2024"),
            (pd.period_range("2024Q1", periods=6, freq="Q"), "Q1 2024"),
            (["2024-01-03", "2024-01-04", "2024-02-09", "2024-03-01", "2024-05-02", "2024-05-03"],
             "3 January 2024"),
            (range(2019, 2025), "2019"),
            ([1, 2, 3, 5, 8, 13], "1"),
            ([0.5, 1.75, 2, 9, 11, 12], "0.5"),
            ([2020 + month / 12 for month in range(6)], "January 2020"),
        ],
    )  # fmt: skip
    def test_any_distance_apart(self, times: object, said: str) -> None:
        frame = pd.DataFrame({"t": times, "v": self.VALUES}).iloc[::-1]
        found = process_chart(frame, value="v", time="t")
        assert found.table["value"].tolist() == list(self.VALUES)
        assert found.summary()["name"].tolist() == [f"From {said}"]
        assert found.table["moving_range"].tolist()[1:] == [1, 1, 1, 1, 1]

    def test_a_year_begins_limits_afresh(self) -> None:
        frame = pd.DataFrame({"year": range(2000, 2024), "v": [*ORDINARY, *ORDINARY]})
        found = process_chart(frame, value="v", time="year", rebase=[2012])
        assert found.segments["points"].tolist() == [12, 12]


def test_a_month_without_a_point_is_said() -> None:
    frame = pd.DataFrame({"month": pd.date_range("2023-01-01", periods=12, freq="MS")})
    frame = frame.assign(v=ORDINARY).drop([3, 4])
    found = process_chart(frame, value="v", time="month")
    assert "2 months have no point" in " ".join(found.warnings)
    assert found.table["moving_range"].notna().sum() == 9


class TestRebasing:
    def test_it_is_advised_when_the_old_mean_is_long_gone(self) -> None:
        found = chart([*ORDINARY, *[value - 4 for value in ORDINARY]])
        assert len(found.advice) == 1
        assert "The last 12 points, since April 2022, all lie below the mean" in found.advice[0]

    def test_it_is_not_advised_for_a_short_run(self) -> None:
        assert chart([*ORDINARY, *ORDINARY, 8.0, 8.0, 8.0, 9.5, 8.0, 9.0, 8.0]).advice == ()

    def test_it_is_warned_of_where_nothing_changed(self) -> None:
        found = chart([*ORDINARY, *ORDINARY], rebase=["2022-04-01"])
        assert "no run of seven points since then" in found.warnings[0]
        changed = chart([*ORDINARY, *[value - 4 for value in ORDINARY]], rebase=["2022-04-01"])
        assert changed.warnings == ()


@pytest.mark.parametrize(
    ("better", "target", "assurance"),
    [
        # The limits are 7.34 and 12.66.
        ("low", 13.0, "passing"),
        ("low", 12.0, "hit or miss"),
        ("low", 7.0, "failing"),
        ("high", 13.0, "failing"),
        ("high", 8.0, "hit or miss"),
        ("high", 7.0, "passing"),
        (None, 7.0, None),
        ("low", None, None),
    ],
)
def test_assurance_compares_the_target_with_the_limits(
    better: str | None, target: float | None, assurance: str | None
) -> None:
    assert chart(ORDINARY, better=better, target=target).verdict.assurance == assurance


def test_a_target_that_changes_counts_as_it_is_now() -> None:
    frame = pd.DataFrame({"t": range(12), "v": ORDINARY, "goal": [7.0] * 6 + [13.0] * 6})
    found = process_chart(frame, value="v", time="t", better="low", target="goal")
    assert (found.target, found.verdict.assurance) == (13, "passing")


@pytest.mark.parametrize(
    ("last", "better", "icon"),
    [
        (10.0, "low", "common cause"),
        (18.0, "low", "concern high"),
        (18.0, "high", "improvement high"),
        (2.0, "low", "improvement low"),
        (2.0, "high", "concern low"),
        (2.0, None, "neither low"),
    ],
)
def test_the_newest_point_chooses_the_icon(last: float, better: str | None, icon: str) -> None:
    found = chart([*ORDINARY, last], better=better)
    assert found.verdict.variation == icon
    assert found.found == (icon != "common cause")


def test_a_process_that_never_varied_has_limits_of_no_width() -> None:
    found = chart([0.1] * 12)
    assert (found.table["variation"] == "common cause").all()
    assert "limits have no width" in found.warnings[0]
    moved = chart([*[0.1] * 12, 0.2], baseline=12)
    assert marked(moved, "outside") == [12]


def test_it_reads_as_a_sentence() -> None:
    said = str(chart([*ORDINARY, 18.0], better="low", unit="days"))
    assert said.startswith("Mean 10.6 days, natural process limits 8.0 to 13.3; 1 of the 13 points")
    assert "Special cause variation, a concern: higher values" in said


def test_its_summary_has_a_row_a_stretch() -> None:
    found = chart([*ORDINARY, *[value - 4 for value in ORDINARY]], rebase=["2022-04-01"])
    assert found.summary()[["name", "estimate", "points", "special"]].to_numpy().tolist() == [
        ["From April 2021", 10, 12, 0],
        ["From April 2022", 6, 12, 0],
    ]


def test_each_icon_says_what_it_means_without_colour() -> None:
    for icon, words in MEANING.items():
        svg = ElementTree.fromstring(icon_svg(icon))
        assert svg.get("role") == "img"
        assert svg.get("aria-label") == words
    letters = {icon: "".join(ElementTree.fromstring(icon_svg(icon)).itertext()) for icon in MEANING}
    found = {icon: letters[icon].removeprefix(MEANING[icon]) for icon in MEANING}
    assert found["concern high"] == found["improvement high"] == "H"
    assert found["concern low"] == found["improvement low"] == "L"
    assert [found[icon] for icon in ("hit or miss", "passing", "failing")] == ["?", "P", "F"]
    # A concern has two rings where an improvement has one.
    rings = {icon: icon_svg(icon).count('cx="50" cy="50"') for icon in MEANING}
    assert (rings["concern high"], rings["improvement high"]) == (2, 1)


@pytest.mark.parametrize("narrow", [False, True])
def test_the_picture_shows_the_icons_and_the_key(narrow: bool) -> None:
    found = chart([*ORDINARY, 18.0], better="low", target=9.0, notes={"2022-04-01": "Flood"})
    svg = to_svg(found.plot(), narrow=narrow)
    for text in (">H<", ">?<", ">concern<", ">Flood<", ">days<"):
        assert text in svg
    assert ">H<" not in to_svg(found.picture(measure="Days", icons=False), narrow=narrow)


@pytest.mark.parametrize("narrow", [False, True])
def test_the_picture_names_its_limits_and_where_they_change(narrow: bool) -> None:
    found = chart([*ORDINARY, *[value - 4 for value in ORDINARY]], rebase=["2022-04-01"], target=8)
    picture = found.picture(measure="Mean days, each month", event="Pathway opens")
    svg = to_svg(picture, narrow=narrow)
    for text in ("Mean days, each month", "Pathway opens", "8.7", "6.0", "3.3", "8.0"):
        assert text in svg
    assert len(picture.data) == 24
