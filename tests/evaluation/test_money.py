"""Days to pounds: the reported figure, and arithmetic on intervals."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from woda_lib.evaluation import (
    Interval,
    MoneyError,
    bed_days_per_month,
    cost_avoided,
    money_table,
    people_per_month,
)


def exactly(value: float, unit: str) -> Interval:
    return Interval(value, value, value, unit)


DAYS = Interval(2.7, 2.1, 3.3, "days")


def test_the_reported_figure() -> None:
    """WODA reported £153,000 a month: 2.7 days for 185 people at £306 a bed-day."""
    bed_days = bed_days_per_month(exactly(2.7, "days"), exactly(185, "people"))
    assert bed_days.estimate == pytest.approx(499.5)
    assert cost_avoided(bed_days, bed_day_cost=306).estimate == pytest.approx(2.7 * 185 * 306)
    assert round(cost_avoided(bed_days, bed_day_cost=306).estimate) == 152_847


def test_a_known_number_only_scales_the_interval() -> None:
    bed_days = bed_days_per_month(DAYS, exactly(185, "people"))
    assert (bed_days.low, bed_days.high) == pytest.approx((2.1 * 185, 3.3 * 185))


def test_two_uncertain_numbers_add_their_distances_in_squares() -> None:
    bed_days = bed_days_per_month(DAYS, Interval(185, 175, 195, "people"))
    half = math.hypot(0.6 * 185, 2.7 * 10)
    assert (bed_days.low, bed_days.high) == pytest.approx((499.5 - half, 499.5 + half))


def test_an_interval_that_holds_nothing_saved_still_does_in_pounds() -> None:
    doubtful = Interval(0.5, -0.3, 1.3, "days")
    pounds = cost_avoided(
        bed_days_per_month(doubtful, Interval(185, 175, 195, "people")), bed_day_cost=306
    )
    assert pounds.low < 0 < pounds.high


def test_a_change_turned_into_a_saving() -> None:
    saved = -Interval(-2.7, -3.3, -2.1, "days")
    assert saved == DAYS
    assert str(saved) == "2.7 days (2.1 to 3.3)"


def test_an_interval_holds_its_estimate() -> None:
    with pytest.raises(ValueError, match="must hold its estimate"):
        Interval(2.7, 3.0, 3.3, "days")


def test_people_a_month() -> None:
    people = people_per_month(pd.Series([180, 190, 185]))
    half = 4.302653 * 5 / math.sqrt(3)  # t with 2 degrees of freedom; standard deviation 5
    assert people.estimate == 185
    assert (people.low, people.high) == pytest.approx((185 - half, 185 + half), rel=1e-6)


@pytest.mark.parametrize("counts", [[185.0], [185.0, float("nan")]])
def test_people_a_month_needs_two_counted_months(counts: list[float]) -> None:
    with pytest.raises(MoneyError, match="at least two months"):
        people_per_month(pd.Series(counts))


def test_cost_avoided_is_kept_apart_from_cash() -> None:
    bed_days = bed_days_per_month(DAYS, exactly(185, "people"))
    table = money_table(bed_days, bed_day_cost=306, marginal_bed_day_cost=36).set_index("pricing")
    assert table["pounds_per_month"].tolist() == pytest.approx([152_847, 17_982, 0])
    assert table.loc["Marginal cost", ["low", "high"]].tolist() == pytest.approx(
        [2.1 * 185 * 36, 3.3 * 185 * 36]
    )
    cash = table.loc["Cash released, no ward closed"]
    assert (cash["kind"], cash["low"], cash["high"]) == ("cash", 0, pytest.approx(3.3 * 185 * 36))


def test_the_marginal_cost_is_a_part_of_the_average() -> None:
    with pytest.raises(MoneyError, match="marginal cost is a part of the average"):
        money_table(exactly(499.5, "bed-days"), bed_day_cost=36, marginal_bed_day_cost=306)
    with pytest.raises(MoneyError, match="less than nothing"):
        cost_avoided(exactly(499.5, "bed-days"), bed_day_cost=-1)
