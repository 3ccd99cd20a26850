"""The same people averaged by month of discharge and by month of start."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from woda_lib.evaluation import DurationError, discharged_this_month_bias

AS_OF = pd.Timestamp("2024-12-31")


def compare(frame: pd.DataFrame, **more: Any) -> Any:
    settings = {"as_of": AS_OF, "horizon": 60, **more}
    return discharged_this_month_bias(
        frame, started_on="started", duration="days", event="left", **settings
    )


def clocks(size: int = 6000, *, halved_from: str | None = None) -> pd.DataFrame:
    """Log-normal waits over two years, seen until the end of 2024."""
    rng = np.random.default_rng(5)
    started = pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 731, size), unit="D")
    wait = np.floor(rng.lognormal(np.log(14), 0.9, size))
    if halved_from is not None:
        wait = np.where(started >= halved_from, np.floor(wait / 2), wait)
    seen = (AS_OF - started).days.to_numpy()
    return pd.DataFrame(
        {
            "started": started,
            "days": np.minimum(wait, seen),
            "left": wait <= seen,
            "whole": wait,
        }
    )


def test_three_people_by_hand() -> None:
    # One starts in May and leaves after 40 days, in June; of two who start in June one leaves after
    # 4, also in June, and one after 90, in September. As of the end of the year all is known.
    frame = pd.DataFrame(
        {
            "started": pd.to_datetime(["2024-05-01", "2024-06-10", "2024-06-20"]),
            "days": [40, 4, 90],
            "left": True,
        }
    )
    table = compare(frame, horizon=100).table.set_index("month")
    may, june, september = (pd.Timestamp(2024, month, 1) for month in (5, 6, 9))
    assert table.loc[june, "by_discharge"] == (40 + 4) / 2
    assert table.loc[september, "by_discharge"] == 90
    assert table.loc[june, "restricted_mean"] == (4 + 90) / 2
    assert table.loc[may, ["restricted_mean", "by_start_discharged"]].tolist() == [40, 40]
    assert table.loc[june, ["started", "discharged", "still_waiting"]].tolist() == [2, 2, 0]


def test_only_the_restricted_mean_is_the_truth() -> None:
    result = compare(clocks(), truth="whole")
    rows = result.summary().set_index("average_of_those")["from_truth"]
    assert rows["started in the month, with those still waiting"] == pytest.approx(0, abs=0.05)
    assert rows["discharged in the month"] < -0.5
    assert result.high < 0


def test_nothing_changed_and_the_newest_month_looks_like_a_triumph() -> None:
    result = compare(clocks())
    assert result.newest < -6
    assert any("their months are drawn and not counted" in each for each in result.warnings)
    young = result.table[~result.table["mature"]]
    assert young["month"].min() == pd.Timestamp("2024-11-01")
    assert young["restricted_mean"].isna().all()


def test_a_change_is_seen_late_by_those_who_count_discharges() -> None:
    table = compare(clocks(halved_from="2024-01-01"), truth="whole").table.set_index("month")
    month = pd.Timestamp("2024-01-01")
    before = table.loc[:"2023-12-01", "restricted_mean"].mean()
    assert table.loc[month, "restricted_mean"] < 0.65 * before
    # Half of January's discharges are of people who started before the change.
    assert table.loc[month, "by_discharge"] > table.loc[month, "restricted_mean"] + 4


def test_a_wait_beyond_the_horizon_counts_as_the_horizon_in_every_average() -> None:
    frame = pd.DataFrame(
        {"started": pd.to_datetime(["2024-03-05", "2024-03-06"]), "days": [200, 10], "left": True}
    )
    table = compare(frame).table.set_index("month")
    assert table.loc["2024-03-01", "restricted_mean"] == (60 + 10) / 2
    assert table.loc["2024-09-01", "by_discharge"] == 60


@pytest.mark.parametrize(
    ("change", "more", "message"),
    [
        ({}, {"as_of": "2024-06-30"}, "runs past 30 June 2024"),
        ({}, {"as_of": None}, "must be a plain date"),
        ({}, {"as_of": "soon"}, "must be a plain date"),
        ({}, {"as_of": pd.Timestamp("2024-12-31", tz="UTC")}, "must be a plain date"),
        ({}, {"horizon": 1000}, "No month of start has been followed for 1000 days"),
        ({"started": pd.NaT}, {}, "must hold a date in every row"),
        ({"started": 20240101}, {}, "holds numbers and not dates"),
        ({"left": False}, {}, "censored"),
        ({"days": -1}, {}, "negative in row 1"),
    ],
)
def test_it_refuses(change: dict[str, Any], more: dict[str, Any], message: str) -> None:
    with pytest.raises(DurationError, match=message):
        compare(clocks(200).assign(**change), **more)
