"""Does a 95% interval hold the truth in 95 of 100 histories? Counted, not promised.

A cell is the correlation and the standard deviation (days) of shocks that a month's people share.
The proofs hold the intervals to what was measured, with 10,000 histories a cell (a share is then
known to half a point either way): 96.8 to 97.9% without correlation, 95.7 to 96.6% at 0.3, and 93.0
to 94.9% at 0.6, where 36 or 48 months are too few for any method tried to reach 95% everywhere.
"""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from tests.evaluation.histories import autoregression, monthly_means
from woda_lib.evaluation import AutoregressiveModel

CELLS = {
    (0.0, 0.3): (0.950, 0.985),
    (0.3, 0.6): (0.945, 0.975),
    (0.6, 0.6): (0.925, 0.965),
    (0.6, 1.0): (0.925, 0.965),
}
"""The least and the largest share of intervals that must hold the truth."""


def segmented(months: int, *, harmonics: int) -> np.ndarray:
    at = np.arange(months)
    columns = [np.ones(months), at >= months // 2, (at - months // 2) / 12]
    for harmonic in range(1, harmonics + 1):
        turn = 2 * np.pi * harmonic * ((3 + at) % 12) / 12
        columns += [np.cos(turn), np.sin(turn)]
    return np.column_stack(columns).astype(float)


def coverage(
    design: np.ndarray, outcomes: np.ndarray, *, truth: float, posterior: bool = False
) -> tuple[float, float]:
    """Share of intervals that hold the truth, and mean error of the estimate."""
    model = AutoregressiveModel(design)
    step = np.eye(design.shape[1])[1]
    held, errors = [], []
    for outcome in outcomes:
        fit = model.fit(outcome)
        contrast = fit.contrast(step)
        _, low, high = (
            fit.posterior_interval(step)
            if posterior
            else (contrast.estimate, contrast.low, contrast.high)
        )
        held.append(low <= truth <= high)
        errors.append(contrast.estimate - truth)
    return float(np.mean(held)), float(np.mean(errors))


def test_short_run_single_series() -> None:
    rng = np.random.default_rng(1)
    shocks = autoregression(rng, 300, 36, correlation=0.3, sd=0.6)
    outcomes = monthly_means(rng, shocks, effect=-2.7, go_live=18)
    held, bias = coverage(segmented(36, harmonics=2), outcomes, truth=-2.7)
    assert held >= 0.93
    assert abs(bias) < 0.15


def test_short_run_with_a_control_that_drifts() -> None:
    rng = np.random.default_rng(2)
    shared = autoregression(rng, 300, 36, correlation=0.3, sd=0.4)
    own = [autoregression(rng, 300, 36, correlation=0.3, sd=0.4) for _ in range(2)]
    treated = monthly_means(rng, shared + own[0], effect=-2.7, go_live=18)
    control = monthly_means(rng, shared + own[1], effect=0.0, go_live=18, trend=0.2)
    held, bias = coverage(segmented(36, harmonics=0), treated - control, truth=-2.7)
    assert held >= 0.93
    assert abs(bias) < 0.15
    # Without the trend in the difference the drift is taken for an effect.
    without_trend = segmented(36, harmonics=0)[:, :2]
    held_without, _ = coverage(without_trend, treated - control, truth=-2.7)
    assert held_without < held - 0.1


def test_the_count_can_fail() -> None:
    """Newey-West with three lags is known to hold too little: 83 to 87% in the middle cell."""
    rng = np.random.default_rng(3)
    outcomes = monthly_means(
        rng, autoregression(rng, 400, 36, correlation=0.3, sd=0.6), effect=-2.7, go_live=18
    )
    design = segmented(36, harmonics=1)
    held = []
    for outcome in outcomes:
        fit = sm.OLS(outcome, design).fit(
            cov_type="HAC", cov_kwds={"maxlags": 3, "use_correction": True}, use_t=True
        )
        low, high = fit.conf_int()[1]
        held.append(low <= -2.7 <= high)
    assert 0.79 <= np.mean(held) <= 0.90


@pytest.mark.prove
@pytest.mark.parametrize("effect", [-2.7, 0.0])
@pytest.mark.parametrize(("correlation", "sd"), CELLS)
@pytest.mark.parametrize("months", [36, 48])
def test_single_series(months: int, correlation: float, sd: float, effect: float) -> None:
    rng = np.random.default_rng([months, int(10 * correlation), int(10 * sd)])
    shocks = autoregression(rng, 10_000, months, correlation=correlation, sd=sd)
    outcomes = monthly_means(rng, shocks, effect=effect, go_live=months // 2)
    held, bias = coverage(segmented(months, harmonics=2), outcomes, truth=effect)
    least, largest = CELLS[correlation, sd]
    assert least <= held <= largest
    assert abs(bias) <= 0.1


@pytest.mark.prove
@pytest.mark.parametrize(("correlation", "sd"), CELLS)
@pytest.mark.parametrize("months", [36, 48])
def test_with_a_control(months: int, correlation: float, sd: float) -> None:
    rng = np.random.default_rng([months, int(10 * correlation), int(10 * sd), 2])
    half = sd / np.sqrt(2)
    shared, first, second = (
        autoregression(rng, 10_000, months, correlation=correlation, sd=half) for _ in range(3)
    )
    go_live = months // 2
    treated = monthly_means(rng, shared + first, effect=-2.7, go_live=go_live)
    control = monthly_means(rng, shared + second, effect=0.0, go_live=go_live, trend=0.2)
    held, bias = coverage(segmented(months, harmonics=0), treated - control, truth=-2.7)
    least, largest = CELLS[correlation, sd]
    assert least <= held <= largest
    assert abs(bias) <= 0.1


@pytest.mark.prove
@pytest.mark.parametrize(("correlation", "sd"), CELLS)
def test_the_second_interval(correlation: float, sd: float) -> None:
    """The grid posterior, with 2,000 histories: half a point more is left to counting error."""
    rng = np.random.default_rng([36, int(10 * correlation), int(10 * sd), 3])
    shocks = autoregression(rng, 2000, 36, correlation=correlation, sd=sd)
    outcomes = monthly_means(rng, shocks, effect=-2.7, go_live=18)
    held, _ = coverage(segmented(36, harmonics=2), outcomes, truth=-2.7, posterior=True)
    least, largest = CELLS[correlation, sd]
    assert least - 0.005 <= held <= largest + 0.005
