"""Difference in differences against other programs, on panels that anyone can make again.

The figures are those of csdid 0.4.3 (a port of R's did, with drdid 1.1.7) and of pyfixest 0.60.0,
run on these same tables; diff-diff 3.13.0 gives csdid's estimates too. Our standard errors of
group-time effects carry the small-sample factor n / (n - 1) of each group, and are a few per cent
wider for it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from woda_lib.evaluation import DifferenceInDifferences, difference_in_differences

AVERAGES = ["group", "simple", "event", "calendar"]


@pytest.fixture(scope="module")
def units() -> pd.DataFrame:
    """Sixty units over eight periods, treated from 3, 5, 7 or never; effects grow."""
    rng = np.random.default_rng(20)
    g = np.repeat([3, 5, 7, 0], [12, 15, 10, 23])
    t = np.arange(1, 9)
    x, a = rng.standard_normal(60), rng.standard_normal(60)
    y = a[:, None] + 0.3 * t + 0.2 * x[:, None] * t
    y = y + rng.standard_normal((60, 8)).cumsum(axis=1) * 0.4
    y = y + np.where((g[:, None] > 0) & (t >= g[:, None]), 1 + 0.5 * (t - g[:, None]), 0)
    return pd.DataFrame(
        {
            "unit": np.repeat(np.arange(60), 8),
            "t": np.tile(t, 60),
            "y": y.ravel().round(4),
            "g": np.repeat(g, 8),
            "x": np.repeat(x, 8).round(4),
        }
    )


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    """Fifteen hundred people, each seen once in one of five periods."""
    rng = np.random.default_rng(21)
    g = rng.choice([0, 3, 4], 1500, p=[0.5, 0.25, 0.25])
    t = rng.integers(1, 6, 1500)
    x = rng.standard_normal(1500) + 0.3 * (g > 0)
    y = 0.5 * (g > 0) + 0.3 * t + 0.2 * x * t + rng.standard_normal(1500)
    y = y + np.where((g > 0) & (t >= g), 1 + 0.5 * (t - g), 0)
    return pd.DataFrame({"unit": np.arange(1500), "t": t, "y": y.round(4), "g": g, "x": x.round(4)})


def estimate(frame: pd.DataFrame, **settings: object) -> DifferenceInDifferences:
    return difference_in_differences(
        frame, outcome="y", unit="unit", time="t", first_treated="g", **settings
    )


CSDID_PANEL = [
    ({}, [1.718302, 1.8902326, 2.2181064, 1.7598383], [0.18117, 0.19322, 0.23317, 0.17300]),
    (
        {"control": "not-yet"},
        [1.6891625, 1.8560167, 2.1899344, 1.7291207],
        [0.17115, 0.18143, 0.22283, 0.15828],
    ),
    (
        {"adjust": ["x"], "adjust_by": "doubly-robust"},
        [1.7178265, 1.8673761, 2.15235, 1.7299112],
        [0.12413, 0.12754, 0.14838, 0.12338],
    ),
    (
        {"adjust": ["x"], "adjust_by": "regression"},
        [1.7154185, 1.8645393, 2.1484592, 1.7280349],
        [0.12392, 0.12762, 0.14840, 0.12372],
    ),
]


@pytest.mark.parametrize(("settings", "estimates", "errors"), CSDID_PANEL)
def test_averages_of_a_staggered_panel(
    units: pd.DataFrame, settings: dict[str, object], estimates: list[float], errors: list[float]
) -> None:
    rows = estimate(units, cohort_sizes="sampled", **settings).summary()[:4]
    assert rows["estimate"].tolist() == pytest.approx(estimates, abs=1e-6)
    assert rows["standard_error"].tolist() == pytest.approx(errors, rel=0.05)
    assert (rows["standard_error"].to_numpy() > errors).all()


def test_group_time_effects_of_a_staggered_panel(units: pd.DataFrame) -> None:
    """csdid, base_period="varying"."""
    table = estimate(units, base_period="varying").table.set_index(["group", "time"])
    csdid = {
        (3, 2): (0.151209, 0.135555),
        (3, 3): (1.121081, 0.105483),
        (3, 8): (3.509315, 0.502272),
        (5, 2): (-0.113861, 0.153466),
        (5, 4): (-0.062661, 0.162034),
        (5, 8): (2.180265, 0.333620),
        (7, 6): (0.119523, 0.152536),
        (7, 7): (0.910293, 0.232397),
    }
    for cell, (effect, error) in csdid.items():
        assert table.loc[cell, "estimate"] == pytest.approx(effect, abs=1e-6)
        assert table.loc[cell, "standard_error"] == pytest.approx(error, rel=0.06)


def test_event_study_of_a_staggered_panel(units: pd.DataFrame) -> None:
    """diff-diff, base_period="universal"."""
    events = estimate(units).event_study().set_index("event_time")["estimate"]
    diff_diff = [-0.406297, -0.450831, 0.00964, -0.057894, -0.055942, 0.0]
    diff_diff += [1.007477, 1.484033, 1.940852, 2.414076, 2.952885, 3.509315]
    assert events.tolist() == pytest.approx(diff_diff, abs=1e-6)


def test_doubly_robust_effects(units: pd.DataFrame) -> None:
    """csdid, est_method="dr", xformla="y ~ x"."""
    table = estimate(units, adjust=["x"]).table.set_index(["group", "time"])
    csdid = {
        (3, 3): (1.091632, 0.103772),
        (5, 6): (1.527759, 0.181436),
        (7, 8): (1.375308, 0.245253),
    }
    for cell, (effect, error) in csdid.items():
        assert table.loc[cell, "estimate"] == pytest.approx(effect, abs=1e-6)
        assert table.loc[cell, "standard_error"] == pytest.approx(error, rel=0.06)


@pytest.mark.parametrize(
    ("adjust", "estimates", "errors"),
    [
        ([], [1.464125, 1.50422, 1.63009, 1.453917], [0.147686, 0.144438, 0.151084, 0.143442]),
        (["x"], [1.381153, 1.414434, 1.538916, 1.359265], [0.142604, 0.140459, 0.146335, 0.14158]),
    ],
)
def test_repeated_cross_sections(
    people: pd.DataFrame, adjust: list[str], estimates: list[float], errors: list[float]
) -> None:
    """csdid, panel=False, est_method="reg".

    diff-diff gives the same estimates, and with the covariate a smaller standard error (0.1210 for
    the simple average). Drawing the rows again 300 times gives 0.134.
    """
    rows = estimate(people, adjust=adjust, cohort_sizes="sampled").summary()[:4]
    assert rows["estimate"].tolist() == pytest.approx(estimates, abs=1e-6)
    assert rows["standard_error"].tolist() == pytest.approx(errors, rel=0.01)


class TestTwoWayFixedEffects:
    """pyfixest, feols("y ~ D | unit + t", vcov={"CRV1": "unit"})."""

    def test_staggered(self, units: pd.DataFrame) -> None:
        last = estimate(units).summary().iloc[4]
        assert last["estimate"] == pytest.approx(1.3952675366300369, abs=1e-9)
        assert last["standard_error"] == pytest.approx(0.19704567522427358, abs=1e-9)

    def test_one_date(self, units: pd.DataFrame) -> None:
        result = estimate(units[units["g"].isin([0, 5])])
        assert result.estimate == pytest.approx(1.5054997101449272, abs=1e-9)
        clustered = result.summary().set_index("name")
        clustered = clustered.loc["Two-way fixed effects, cluster-robust (CR1)"]
        assert clustered["standard_error"] == pytest.approx(0.338832830558493, abs=1e-9)
        assert result.standard_error == pytest.approx(0.3388, rel=0.01)

    def test_unbalanced_with_a_covariate(self, units: pd.DataFrame) -> None:
        frame = units.drop(index=[3, 77, 200])
        frame["x"] *= frame["t"]
        rows = estimate(
            frame, adjust=["x"], estimator="two-way", unbalanced="cross-sections"
        ).summary()
        assert rows["estimate"][0] == pytest.approx(1.4340915540291699, abs=1e-9)
        clustered = rows[rows["name"].str.contains("CR1")].iloc[0]
        assert clustered["standard_error"] == pytest.approx(0.13637560662494685, abs=1e-9)
