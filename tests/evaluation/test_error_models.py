"""Each named way to take the errors, beside statsmodels called directly or another route to it."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf
from scipy import stats

from woda_lib.evaluation import InterruptedTimeSeries, SeriesError, interrupted_time_series
from woda_lib.evaluation.error_models import newey_west_lags

RNG = np.random.default_rng(19)
T = 60
MONTHS = pd.date_range("2019-01-01", periods=T, freq="MS")
TURN = 2 * np.pi * np.arange(T) / 12
DATA = pd.DataFrame(
    {
        "month": MONTHS,
        "step": (np.arange(T) >= 36).astype(float),
        "years": (np.arange(T) - 36) / 12,
        "cos": np.cos(TURN),
        "sin": np.sin(TURN),
        "people": 5000.0 + 40 * np.arange(T),
        "price": RNG.normal(300, 40, T),
    }
)
SHOCKS = np.convolve(RNG.normal(0, 1, T + 5), 0.5 ** np.arange(6), mode="valid")
DATA["days"] = 10 - 2 * DATA["step"] + DATA["cos"] + 0.4 * SHOCKS
DATA["falls"] = RNG.poisson(
    DATA["people"] * np.exp(-4 - 0.3 * DATA["step"] + 0.2 * DATA["cos"] + 0.15 * SHOCKS)
)
FORMULA = "~ step + years + cos + sin + price"


def evaluate(errors: str, outcome: str = "days", **settings: Any) -> InterruptedTimeSeries:
    given: dict[str, Any] = {"season": 1, "adjust": ["price"], **settings}
    return interrupted_time_series(
        DATA, outcome=outcome, time="month", start="2022-01", errors=errors, **given
    )


def count(errors: str, **settings: Any) -> InterruptedTimeSeries:
    return evaluate(errors, "falls", **{"family": "poisson", "offset": "people", **settings})


def assert_is(result: InterruptedTimeSeries, other: Any, *, rel: float = 1e-6) -> None:
    """Estimate, standard error and interval of the step, and the coefficient of the price."""
    assert result.estimate == pytest.approx(other.params["step"], rel=rel)
    assert result.contrast.standard_error == pytest.approx(other.bse["step"], rel=rel)
    assert (result.low, result.high) == pytest.approx(tuple(other.conf_int().loc["step"]), rel=rel)
    price = result.model.coefficient("adjust price", level=0.95)
    assert price.estimate == pytest.approx(other.params["price"], rel=rel)
    assert price.standard_error == pytest.approx(other.bse["price"], rel=rel)


def test_ordinary_least_squares() -> None:
    assert_is(evaluate("ols"), smf.ols("days" + FORMULA, DATA).fit())


def test_newey_west() -> None:
    hac = {"maxlags": 3, "use_correction": True}
    other = smf.ols("days" + FORMULA, DATA).fit(cov_type="HAC", cov_kwds=hac, use_t=True)
    assert_is(evaluate("newey-west"), other)


@pytest.mark.parametrize(("points", "lags"), [(24, 2), (36, 3), (48, 3), (100, 4), (192, 4)])
def test_the_lags_follow_the_rule_of_thumb(points: int, lags: int) -> None:
    assert newey_west_lags(points) == lags


def test_prais_winsten_is_its_own_textbook_recipe() -> None:
    """Quasi-differences, the first row times the root of 1 - rho squared, until rho settles."""
    y = DATA["days"].to_numpy()
    x = sm.add_constant(DATA[["step", "years", "cos", "sin", "price"]]).to_numpy()
    rho, beta = 0.0, np.linalg.lstsq(x, y, rcond=None)[0]
    for _ in range(200):
        e = y - x @ beta
        rho = float(e[1:] @ e[:-1] / (e[:-1] @ e[:-1]))
        first = np.sqrt(1 - rho**2)
        starred_y = np.concatenate([[first * y[0]], y[1:] - rho * y[:-1]])
        starred_x = np.vstack([first * x[0], x[1:] - rho * x[:-1]])
        beta = np.linalg.lstsq(starred_x, starred_y, rcond=None)[0]
    other = sm.OLS(starred_y, starred_x).fit()
    result = evaluate("prais-winsten")
    assert rho > 0.3
    assert result.estimate == pytest.approx(other.params[1], rel=1e-6)
    assert result.contrast.standard_error == pytest.approx(other.bse[1], rel=1e-6)
    assert (result.low, result.high) == pytest.approx(tuple(other.conf_int()[1]), rel=1e-6)


def test_arima_is_statsmodels_exact_likelihood() -> None:
    result = evaluate("arima")
    x, y = result.model.design.matrix, DATA["days"].to_numpy()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = sm.tsa.SARIMAX(y / y.std(), exog=x, order=(1, 0, 0)).fit(disp=False, maxiter=500)
    assert result.contrast.standard_error == pytest.approx(other.bse[1] * y.std(), rel=1e-6)
    half = stats.norm.ppf(0.975) * other.bse[1] * y.std()
    assert result.high - result.estimate == pytest.approx(half, rel=1e-6)
    # By another route: the likelihood of the normal vector, at every correlation.
    distance = np.abs(np.subtract.outer(np.arange(T), np.arange(T)))

    def likelihood(correlation: float) -> tuple[float, float]:
        weights = np.linalg.inv(correlation**distance)
        beta = np.linalg.solve(x.T @ weights @ x, x.T @ weights @ y)
        squares = (y - x @ beta) @ weights @ (y - x @ beta)
        return T * np.log(squares) - np.linalg.slogdet(weights)[1], float(beta[1])

    assert result.estimate == pytest.approx(
        min(map(likelihood, np.arange(0.01, 0.99, 0.001)))[1], rel=1e-4
    )


def test_a_local_level_is_generalised_least_squares_on_a_random_walk() -> None:
    """With its two variances known, the Kalman filter must agree with plain matrix algebra."""
    result = evaluate("local-level")
    x = result.model.design.matrix
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = sm.tsa.UnobservedComponents(
            DATA["days"].to_numpy(), "llevel", exog=x[:, 1:], mle_regression=False
        ).fit(disp=False, maxiter=500)
    noise, walk = fitted.params
    covariance = noise * np.eye(T) + walk * np.minimum.outer(np.arange(T), np.arange(T))
    inverse = np.linalg.inv(covariance)
    of_beta = np.linalg.inv(x.T @ inverse @ x)
    beta = of_beta @ x.T @ inverse @ DATA["days"].to_numpy()
    assert result.estimate == pytest.approx(beta[1], rel=1e-3)
    assert result.contrast.standard_error == pytest.approx(np.sqrt(of_beta[1, 1]), rel=1e-2)


@pytest.mark.parametrize("errors", ["arima", "local-level", "prais-winsten", "reml-ar1"])
def test_months_left_out_are_gaps(errors: str) -> None:
    """What stands in months that are left out cannot matter, and neighbours do not move up."""
    spoilt = DATA.copy()
    spoilt.loc[20:22, "days"] = 1e6
    kept = interrupted_time_series(
        DATA, outcome="days", time="month", start="2022-01", exclude=[("2020-09", "2020-11")],
        errors=errors,
    )  # fmt: skip
    other = interrupted_time_series(
        spoilt, outcome="days", time="month", start="2022-01", exclude=[("2020-09", "2020-11")],
        errors=errors,
    )  # fmt: skip
    assert kept.estimate == other.estimate
    assert kept.low < -2 < kept.high


class TestCountModels:
    def test_poisson(self) -> None:
        other = smf.glm(
            "falls" + FORMULA, DATA, offset=np.log(DATA["people"]), family=sm.families.Poisson()
        ).fit()
        assert_is(count("glm"), other)

    def test_quasi_poisson_with_a_t_interval(self) -> None:
        other = smf.glm(
            "falls" + FORMULA, DATA, offset=np.log(DATA["people"]), family=sm.families.Poisson()
        ).fit(scale="X2")
        result = count("glm", family="quasi-poisson")
        assert result.estimate == pytest.approx(other.params["step"])
        assert result.contrast.standard_error == pytest.approx(other.bse["step"])
        half = stats.t.ppf(0.975, T - 6) * other.bse["step"]
        assert result.high - result.estimate == pytest.approx(half)

    def test_negative_binomial(self) -> None:
        other = smf.negativebinomial(
            "falls" + FORMULA, DATA, offset=np.log(DATA["people"]).to_numpy()
        ).fit(disp=0, maxiter=1000, method="bfgs")
        assert_is(count("glm", family="negative-binomial"), other, rel=0.02)

    def test_newey_west(self) -> None:
        hac = {"maxlags": 3, "use_correction": True}
        other = smf.glm(
            "falls" + FORMULA, DATA, offset=np.log(DATA["people"]), family=sm.families.Poisson()
        ).fit(cov_type="HAC", cov_kwds=hac, use_t=True)
        assert_is(count("newey-west"), other, rel=1e-5)

    def test_the_rest_are_on_the_log_of_the_rate(self) -> None:
        logged = DATA.assign(days=np.log((DATA["falls"] + 0.5) / DATA["people"]))
        assert_is(count("ols"), smf.ols("days" + FORMULA, logged).fit())

    def test_a_side_without_events_is_refused(self) -> None:
        empty = DATA.assign(falls=DATA["falls"] * (1 - DATA["step"]))
        with pytest.raises(SeriesError, match="no event at all with the change, or none without"):
            interrupted_time_series(
                empty, outcome="falls", time="month", start="2022-01", family="poisson",
                errors="glm", trend="none", season=0,
            )  # fmt: skip

    def test_a_negative_binomial_of_counts_that_hardly_vary_is_the_poisson_model(self) -> None:
        even = DATA.assign(falls=np.where(np.arange(T) % 2, 100, 101))
        found = [
            interrupted_time_series(
                even, outcome="falls", time="month", start="2022-01", errors="glm", family=family
            )
            for family in ("negative-binomial", "poisson")
        ]
        assert found[0].interval == found[1].interval
