"""Restricted means against published figures and against arithmetic."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from lifelines.datasets import load_leukemia, load_lung

from woda_lib.evaluation import (
    DurationError,
    mature_months,
    monthly_pseudo_mean,
    monthly_restricted_mean,
    restricted_mean_by,
    restricted_mean_difference,
)


def people(days: list[float], observed: list[int], **more: object) -> pd.DataFrame:
    return pd.DataFrame({"days": days, "left": np.array(observed, dtype=bool), **more})


def mean_of(frame: pd.DataFrame, horizon: float) -> pd.Series:
    return restricted_mean_by(frame, duration="days", observed="left", horizon=horizon).iloc[0]


def test_without_censoring_it_is_the_mean_of_the_shorter_of_days_and_horizon() -> None:
    row = mean_of(people([2, 4, 6, 20], [1, 1, 1, 1]), horizon=10)
    assert row["restricted_mean"] == (2 + 4 + 6 + 10) / 4
    assert row["ended"] == 3
    # Without censoring the plug-in is the variance of the mean, with n in place of n - 1.
    assert row["standard_error"] == pytest.approx(np.std([2, 4, 6, 10]) / 2)


def test_one_censored_person_by_hand() -> None:
    # S is 1 to day 2, then 2/3 (one of three left); the second is lost to sight at 4 of 2 people,
    # and the last leaves at 6: 1 x 2 + 2/3 x 4.
    row = mean_of(people([2, 4, 6], [1, 0, 1]), horizon=10)
    assert row["restricted_mean"] == pytest.approx(2 + 2 / 3 * 4)
    # Greenwood: the area right of day 2 is 8/3, d / (n (n - d)) is 1 / (3 x 2); day 6 adds nought.
    assert row["standard_error"] == pytest.approx(8 / 3 * np.sqrt(1 / 6))


def test_leukaemia_maintenance_as_published() -> None:
    """The aml data of R's survival package, print(survfit(...), rmean=161): 52.6 (19.83), 22.7."""
    maintained = people(
        [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0]
    )
    row = restricted_mean_by(maintained, duration="days", observed="left", horizon=161).iloc[0]
    assert row["restricted_mean"] == pytest.approx(52.65, abs=0.005)
    assert row["standard_error"] == pytest.approx(19.83, abs=0.005)
    not_maintained = people(
        [5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45], [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1]
    )
    row = restricted_mean_by(not_maintained, duration="days", observed="left", horizon=161).iloc[0]
    assert row["restricted_mean"] == pytest.approx(22.71, abs=0.005)
    assert row["standard_error"] == pytest.approx(4.18, abs=0.005)


def test_lung_cancer_by_sex_as_published() -> None:
    """The lung data, as R's survival prints them: men 326 (22.9), women 461 (34.7) to day 1,022."""
    lung = load_lung()
    table = restricted_mean_by(
        lung.assign(died=lung["status"] == 1),
        duration="time",
        observed="died",
        horizon=1022,
        by=["sex"],
    )
    assert table["people"].tolist() == [138, 90]
    assert table["restricted_mean"].tolist() == pytest.approx([326, 461], abs=0.5)
    assert table["standard_error"].tolist() == pytest.approx([22.9, 34.7], abs=0.05)


def test_remission_on_6_mp_from_the_published_survival_table() -> None:
    """Freireich et al. (1963); S(t) as printed in Collett and in Kleinbaum and Klein."""
    survival = [1.0, 0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    begins = [0, 6, 7, 10, 13, 16, 22, 23, 35]
    area = float(np.dot(survival, np.diff(begins)))
    data = load_leukemia()
    table = restricted_mean_by(
        data.assign(relapsed=data["status"] == 1),
        duration="t",
        observed="relapsed",
        horizon=35,
        by=["Rx"],
    )
    assert table["restricted_mean"].tolist() == pytest.approx([area, 182 / 21], abs=0.01)


def test_the_mean_of_those_who_left_is_biased_and_this_is_not() -> None:
    rng = np.random.default_rng(5)
    waits = rng.exponential(12, 4000)
    seen_for = rng.uniform(0, 60, 4000)
    left = waits <= seen_for
    frame = people(list(np.minimum(waits, seen_for)), list(left.astype(int)))
    truth = 12 * (1 - np.exp(-40 / 12))
    row = mean_of(frame, horizon=40)
    assert abs(row["restricted_mean"] - truth) < 3 * row["standard_error"]
    assert frame.loc[frame["left"], "days"].mean() < truth - 1


class TestMonths:
    def test_a_month_is_mature_when_its_last_day_has_been_followed(self) -> None:
        months = pd.Series(pd.to_datetime(["2024-11-01", "2024-12-01", "2025-01-01"]))
        as_of = pd.Timestamp("2025-03-31")  # 31 December and 90 days
        assert mature_months(months, as_of=as_of, horizon=90).tolist() == [True, True, False]
        assert mature_months(months, as_of=as_of, horizon=91).tolist() == [True, False, False]

    def test_only_mature_months_are_in_the_series(self) -> None:
        frame = people(
            [3, 5, 8, 2, 30],
            [1, 1, 1, 1, 0],
            started=pd.to_datetime(
                ["2024-11-03", "2024-11-30", "2024-12-05", "2025-01-04", "2025-03-01"]
            ),
            hospital=["a", "a", "b", "a", "a"],
        )
        series = monthly_restricted_mean(
            frame,
            started_on="started",
            duration="days",
            observed="left",
            horizon=90,
            as_of=pd.Timestamp("2025-03-31"),
            by=["hospital"],
        )
        assert series["month"].tolist() == [
            pd.Timestamp("2024-11-01"),
            pd.Timestamp("2024-12-01"),
        ]
        assert series["hospital"].tolist() == ["a", "b"]
        assert series["restricted_mean"].tolist() == [(3 + 5) / 2, 8]

    def test_none_mature_is_refused(self) -> None:
        frame = people([3], [1], started=pd.to_datetime(["2025-03-01"]))
        with pytest.raises(DurationError, match="No month has been followed for 90 days"):
            monthly_restricted_mean(
                frame,
                started_on="started",
                duration="days",
                observed="left",
                horizon=90,
                as_of=pd.Timestamp("2025-03-31"),
            )


def test_pseudo_values_reach_to_months_that_are_still_young() -> None:
    # January is seen for a few days only: the rest of its waits is filled in from December.
    frame = people(
        [4, 20, 4, 20, 4, 9],
        [1, 1, 1, 1, 1, 0],
        started=pd.to_datetime(["2024-12-02"] * 4 + ["2025-01-20"] * 2),
        after=False,
    )
    series = monthly_pseudo_mean(
        frame,
        started_on="started",
        duration="days",
        observed="left",
        horizon=30,
        period="after",
    )
    assert series["month"].tolist() == [pd.Timestamp("2024-12-01"), pd.Timestamp("2025-01-01")]
    assert series["restricted_mean"].tolist() == pytest.approx([12, 12])
    assert series[["people", "ended"]].to_numpy().tolist() == [[4, 4], [2, 1]]


def test_the_difference_of_two_groups() -> None:
    frame = people([2, 4, 6, 1, 2, 3], [1] * 6, later=[False] * 3 + [True] * 3)
    table = restricted_mean_difference(
        frame, duration="days", observed="left", after="later", horizon=10
    )
    row = table.loc["difference"]
    assert row["restricted_mean"] == pytest.approx(2 - 4)
    error = np.hypot(np.std([2, 4, 6]), np.std([1, 2, 3])) / np.sqrt(3)
    assert row["standard_error"] == pytest.approx(error)
    limits = (-2 - 1.96 * error, -2 + 1.96 * error)
    assert (row["low"], row["high"]) == pytest.approx(limits, abs=1e-4)


class TestItRefuses:
    def test_nobody(self) -> None:
        with pytest.raises(DurationError, match="nobody"):
            mean_of(people([], []), horizon=10)

    def test_negative_days(self) -> None:
        with pytest.raises(DurationError, match="cannot be negative"):
            mean_of(people([-1, 3], [1, 1]), horizon=10)

    def test_all_censored_before_the_horizon(self) -> None:
        with pytest.raises(DurationError, match="More than one person in ten"):
            mean_of(people([3, 4], [0, 0]), horizon=10)

    def test_one_group_only(self) -> None:
        with pytest.raises(DurationError, match="nothing to compare"):
            restricted_mean_difference(
                people([3, 4], [1, 1], later=[True, True]),
                duration="days",
                observed="left",
                after="later",
                horizon=10,
            )


def test_a_last_person_lost_to_sight_early_does_not_stop_a_large_group() -> None:
    frame = people([*range(1, 20), 25], [1] * 19 + [0])
    row = mean_of(frame, horizon=90)
    # One in twenty waits on: the curve is taken as flat at 1/20 from day 19 to day 90.
    assert row["restricted_mean"] == pytest.approx(sum(range(1, 20)) / 20 + 90 / 20)
