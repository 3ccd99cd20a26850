"""REML AR(1) with Kenward-Roger: against published figures, other software and arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from woda_lib.evaluation import (
    AutoregressiveModel,
    TooFewMonthsError,
    UnidentifiedDesignError,
)

RNG = np.random.default_rng(20231001)
MONTHS = np.arange(36)
STEP = (MONTHS >= 18).astype(float)
DESIGN = np.column_stack([np.ones(36), STEP, MONTHS / 12])
OUTCOME = 10 - 2.7 * STEP + 0.1 * MONTHS / 12 + RNG.normal(0, 0.6, 36).cumsum() * 0.3
PICK_STEP = np.array([0.0, 1.0, 0.0])


def test_longley_data_as_published() -> None:
    """Faraway, Linear Models with R (2005), section 6.1: nlme's gls with corAR1, by REML."""
    data = sm.datasets.longley.load_pandas().data
    design = np.column_stack([np.ones(16), data["GNP"] / 1000, data["POP"] / 1000])
    fine = np.linspace(0.6, 0.7, 1001)
    fit = AutoregressiveModel(design, correlations=fine).fit(data["TOTEMP"] / 1000)
    assert fit.correlation == pytest.approx(0.6442, abs=1e-4)
    assert fit.coefficients == pytest.approx([101.85813, 0.07207, -0.54851], abs=1e-3)
    assert fit.residual_sd == pytest.approx(0.6892, abs=1e-4)
    plain = sm.GLS(data["TOTEMP"] / 1000, design, sigma=_matrix(16, fit.correlation)).fit()
    assert plain.bse.to_numpy() == pytest.approx([14.19893, 0.010606, 0.154130], rel=1e-3)


def _matrix(months: int, correlation: float) -> np.ndarray:
    return correlation ** np.abs(np.subtract.outer(np.arange(months), np.arange(months)))


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.8])
def test_at_a_given_correlation_it_is_generalised_least_squares(correlation: float) -> None:
    fit = AutoregressiveModel(DESIGN, correlations=[correlation]).fit(OUTCOME)
    other = sm.GLS(OUTCOME, DESIGN, sigma=_matrix(36, correlation)).fit()
    assert fit.coefficients == pytest.approx(other.params, rel=1e-9)
    assert fit.residual_sd**2 == pytest.approx(other.scale, rel=1e-9)
    # The second interval knows nothing of Kenward and Roger: with one correlation it is plain t.
    mean, low, high = fit.posterior_interval(PICK_STEP)
    assert mean == pytest.approx(other.params[1])
    assert (low, high) == pytest.approx(tuple(other.conf_int()[1]), rel=1e-6)


def test_the_restricted_likelihood_is_that_of_error_contrasts() -> None:
    """REML is the likelihood of K'y for any K that the design cannot reach (Harville 1974)."""
    unreached = np.linalg.svd(DESIGN)[0][:, 3:]
    contrasts = unreached.T @ OUTCOME
    grid = np.array([0.0, 0.2, 0.4, 0.6, 0.8])
    fit = AutoregressiveModel(DESIGN, correlations=grid).fit(OUTCOME)

    def profile(correlation: float) -> float:
        covariance = unreached.T @ _matrix(36, correlation) @ unreached
        scale = contrasts @ np.linalg.solve(covariance, contrasts) / len(contrasts)
        return stats.multivariate_normal(cov=scale * covariance).logpdf(contrasts)

    direct = np.array([profile(rho) for rho in grid])
    assert fit.profile - fit.profile[0] == pytest.approx(direct - direct[0], abs=1e-8)


@pytest.mark.parametrize("correlation", [0.1, 0.5])
def test_kenward_roger_by_numerical_derivatives(correlation: float) -> None:
    """The paper's formulas once more, with every derivative taken by finite differences."""
    fit = AutoregressiveModel(DESIGN, correlations=[correlation]).fit(OUTCOME)
    found = fit.contrast(PICK_STEP)
    h = 1e-4

    def v(scale: float, rho: float) -> np.ndarray:
        return scale * _matrix(36, rho)

    def at(i: int, sign: int, j: int | None = None, other: int = 0) -> np.ndarray:
        moved = np.array([1.0, correlation])
        moved[i] += sign * h
        if j is not None:
            moved[j] += other * h
        return v(*moved)

    base = v(1.0, correlation)
    inverse = np.linalg.inv(base)
    phi = np.linalg.inv(DESIGN.T @ inverse @ DESIGN)
    projection = inverse - inverse @ DESIGN @ phi @ DESIGN.T @ inverse
    first = [(at(i, 1) - at(i, -1)) / (2 * h) for i in range(2)]
    information = 0.5 * np.array(
        [[np.trace(projection @ a @ projection @ b) for b in first] for a in first]
    )
    w = np.linalg.inv(information)
    change = np.zeros((3, 3))
    p = [-DESIGN.T @ inverse @ a @ inverse @ DESIGN for a in first]
    for i in range(2):
        for j in range(2):
            second = (at(i, 1, j, 1) - at(i, 1, j, -1) - at(i, -1, j, 1) + at(i, -1, j, -1)) / (
                4 * h * h
            )
            q = DESIGN.T @ inverse @ first[i] @ inverse @ first[j] @ inverse @ DESIGN
            r = DESIGN.T @ inverse @ second @ inverse @ DESIGN
            change += w[i, j] * (q - p[i] @ phi @ p[j] - r / 4)
    adjusted = (phi + 2 * phi @ change @ phi)[1, 1]
    gradient = np.array([-(phi @ each @ phi)[1, 1] for each in p])
    df = 2 * phi[1, 1] ** 2 / (gradient @ w @ gradient)
    error = fit.residual_sd * np.sqrt(max(adjusted, phi[1, 1]))
    assert found.standard_error == pytest.approx(error, rel=1e-4)
    assert found.df == pytest.approx(np.clip(df, 4, 33), rel=1e-4)


def test_a_month_left_out_is_a_gap_and_not_a_neighbour() -> None:
    keep = MONTHS != 20
    model = AutoregressiveModel(DESIGN[keep], at=MONTHS[keep], correlations=[0.5])
    other = sm.GLS(OUTCOME[keep], DESIGN[keep], sigma=_matrix(36, 0.5)[np.ix_(keep, keep)]).fit()
    assert model.fit(OUTCOME[keep]).coefficients == pytest.approx(other.params)


def test_shifting_and_scaling_the_outcome_shifts_and_scales_the_answer() -> None:
    model = AutoregressiveModel(DESIGN)
    plain, scaled = (model.fit(y).contrast(PICK_STEP) for y in (OUTCOME, 100 + 24 * OUTCOME))
    assert scaled.estimate == pytest.approx(24 * plain.estimate)
    assert scaled.standard_error == pytest.approx(24 * plain.standard_error)
    assert scaled.p_value == pytest.approx(plain.p_value)


def test_it_warns_when_months_are_too_much_alike() -> None:
    walk = np.random.default_rng(7).normal(0, 1, 36).cumsum()
    model = AutoregressiveModel(np.ones((36, 1)))
    assert model.fit(walk).correlation_is_high
    assert not model.fit(np.random.default_rng(7).normal(0, 1, 36)).correlation_is_high


def test_it_refuses_too_few_months() -> None:
    with pytest.raises(TooFewMonthsError, match=r"10 points .* 3 numbers .* 11 points are needed"):
        AutoregressiveModel(DESIGN[:10])


def test_it_refuses_terms_that_cannot_be_told_apart() -> None:
    with pytest.raises(UnidentifiedDesignError, match="cannot be told apart"):
        AutoregressiveModel(np.column_stack([DESIGN, STEP]))


def test_it_refuses_an_outcome_that_never_varies() -> None:
    with pytest.raises(UnidentifiedDesignError, match="does not vary"):
        AutoregressiveModel(DESIGN).fit(np.full(36, 12.0))
