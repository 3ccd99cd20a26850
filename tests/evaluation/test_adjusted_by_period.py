"""Month means at one case mix: by hand, with a planted drift of the case mix, and refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from woda_lib.evaluation import CaseMixError, adjusted_by_period
from woda_lib.evaluation.errors import FrameError
from woda_lib.evaluation.time_axis import TimeError

START = pd.Timestamp(2023, 7, 1)


def referrals(seed: int = 1, *, a_month: int = 180) -> pd.DataFrame:
    """Three years of people, ever more of them frail (6 days longer); −2.7 from July 2023."""
    rng = np.random.default_rng(seed)
    months = pd.date_range("2022-01-01", periods=36, freq="MS")
    month = np.repeat(np.arange(36), a_month)
    frail = rng.random(len(month)) < 0.2 + 0.3 * month / 35
    mean = 12 + 6.0 * frail - 2.7 * (months[month] >= START)
    came = months[month] + pd.to_timedelta(rng.integers(0, 28, len(month)), unit="D")
    return pd.DataFrame({"came": came, "frail": frail, "days": rng.gamma(6.0, mean / 6.0)})


def series(frame: pd.DataFrame, **settings: Any) -> pd.DataFrame:
    chosen = {"outcome": "days", "time": "came", "adjust": ["frail"]}
    return adjusted_by_period(frame, **{**chosen, **settings})


def step(table: pd.DataFrame, column: str) -> float:
    after = table["came"] >= START
    return float(table.loc[after, column].mean() - table.loc[~after, column].mean())


def test_the_planted_shift_of_the_case_mix_is_taken_out() -> None:
    frame = referrals()
    found = series(frame)
    assert found["came"].tolist() == list(pd.date_range("2022-01-01", periods=36, freq="MS"))
    assert (found["people"] == 180).all()
    drift = 6 * 0.3 * 18 / 35  # the rise in the frail between the halves, times 6 days
    assert step(found, "observed") == pytest.approx(-2.7 + drift, abs=0.3)
    assert step(found, "adjusted") == pytest.approx(-2.7, abs=0.3)


@pytest.mark.prove
def test_over_many_histories_the_adjusted_step_is_not_biased_and_the_plain_one_is() -> None:
    tables = [series(referrals(seed, a_month=60)) for seed in range(25)]
    steps = {c: np.mean([step(table, c) for table in tables]) for c in ("observed", "adjusted")}
    assert steps["adjusted"] == pytest.approx(-2.7, abs=0.15)
    assert steps["observed"] > -2.2


def test_the_adjusted_mean_by_hand() -> None:
    """Frail people stay 6 days longer in both months; half of all people are frail."""
    frame = pd.DataFrame(
        {
            "came": ["2024-01-03"] * 4 + ["2024-02-20"] * 4,
            "frail": [0, 0, 0, 1, 0, 1, 1, 1],
            "days": [3.0, 4, 5, 10, 2, 8, 8, 8],
        }
    )
    found = series(frame)
    assert found["adjusted"].tolist() == pytest.approx([4 + 3, 2 + 3])
    assert found["observed"].tolist() == pytest.approx([5.5, 6.5])


@pytest.mark.prove
def test_standard_errors_are_those_of_people_drawn_again() -> None:
    frame = referrals(a_month=40)
    found = series(frame, every="quarter")
    rng = np.random.default_rng(3)
    drawn = []
    for _ in range(60):
        rows = rng.integers(len(frame), size=len(frame))
        drawn.append(series(frame.iloc[rows], every="quarter")["adjusted"].to_numpy())
    assert found["standard_error"].mean() == pytest.approx(np.std(drawn, axis=0).mean(), rel=0.15)


def test_two_series_are_given_one_case_mix() -> None:
    frame = referrals(a_month=90)
    frame["pathway"] = np.where(np.arange(len(frame)) % 2, "new", "old")
    frame.loc[(frame["pathway"] == "old") & (frame.index % 4 == 0), "frail"] = True
    frame["days"] = 12 + 6.0 * frame["frail"] - 2.0 * (frame["pathway"] == "new")
    found = series(frame, by="pathway").pivot(index="came", columns="pathway", values="adjusted")
    assert (found["new"] - found["old"]).tolist() == pytest.approx([-2.0] * 36)


@pytest.mark.parametrize("family", ["gamma", "poisson", "quantile"])
def test_other_families(family: str) -> None:
    found = series(referrals(), family=family)
    assert len(found) == 36
    assert -4.5 < step(found, "adjusted") < -1.0


def test_shares_by_quarter() -> None:
    frame = referrals().assign(back=lambda t: (t["days"] > 20).astype(int))
    found = series(frame, outcome="back", family="binomial", every="quarter")
    assert len(found) == 12
    assert found["adjusted"].between(0, 1).all()
    assert step(found, "adjusted") < 0


def test_periods_that_are_numbers_or_months_already() -> None:
    frame = referrals(a_month=30)
    by_day = series(frame)
    by_month = series(frame.assign(came=frame["came"].dt.to_period("M")))
    by_number = series(
        frame.assign(came=(frame["came"].dt.year - 2022) * 12 + frame["came"].dt.month)
    )
    assert by_month["came"].tolist() == by_day["came"].tolist()
    assert by_number["came"].tolist() == list(range(1, 37))
    for other in (by_month, by_number):
        assert other["adjusted"].tolist() == pytest.approx(by_day["adjusted"].tolist())


def test_tables_that_cannot_be() -> None:
    frame = referrals(a_month=20)
    with pytest.raises(CaseMixError, match="cannot be told from the periods"):
        series(frame.assign(winter=frame["came"].dt.month.isin([12, 1, 2])), adjust=["winter"])
    with pytest.raises(CaseMixError, match="everybody, or nobody, had the outcome"):
        rare = frame.assign(died=(np.arange(len(frame)) == 5).astype(int))
        series(rare, outcome="died", family="binomial")
    with pytest.raises(CaseMixError, match="'pathway' is missing in"):
        series(frame.assign(pathway=np.where(frame["frail"], "new", None)), by="pathway")
    with pytest.raises(CaseMixError, match="which was given as `outcome`"):
        series(frame, adjust=["frail", "days"])
    with pytest.raises(TimeError, match="`every` must be one of"):
        series(frame, every="fortnight")
    with pytest.raises(TimeError, match="time zone"):
        series(frame.assign(came=frame["came"].dt.tz_localize("UTC")))
    with pytest.raises(TimeError, match="no time in row 1"):
        series(frame.assign(came=frame["came"].where(frame.index > 0)))
    with pytest.raises(FrameError, match="no finite number"):
        series(frame.assign(days=np.inf))
