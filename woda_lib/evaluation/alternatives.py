"""Other ways to estimate the same effect: the forest that stands beside the primary answer.

An estimate that only one method gives is an estimate of the method. The rows fall in two groups:

- *other models* with the same errors (more or fewer terms, the series without its comparison). They
  may honestly differ, and the spread among them is doubt about the model;
- *other errors* for the same model, as statsmodels gives them. Their estimates should agree; their
  intervals are known to be too narrow on short series. The coverage named is that of a nominal 95%
  interval on 36 simulated months, from no correlation to a strong one.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from woda_lib.evaluation.autoregressive import (
    AutoregressiveModel,
    TooFewMonthsError,
    UnidentifiedDesignError,
)
from woda_lib.evaluation.monthly_series import Floats, MonthlySeries
from woda_lib.evaluation.segments import SegmentedDesign, Terms

NEWEY_WEST_LAGS = 3
COLUMNS = ("method", "estimate", "low", "high", "kind", "note")

Row = tuple[str, float, float, float, str, str]


def alternative_estimates(
    series: MonthlySeries, *, go_live: pd.Timestamp, terms: Terms, level: float = 0.95
) -> pd.DataFrame:
    """Estimate the effect in every other way that the months allow.

    Parameters
    ----------
    series
        The months.
    go_live
        First day of the first month with the change.
    terms
        The primary model's terms.
    level
        Of the intervals.

    Returns
    -------
    DataFrame
        One row a method, the primary first: `method, estimate, low, high, kind, note`, where kind
        is "primary", "other model" or "other errors". Models with too many terms for the months
        are left out.
    """
    rows = [
        *_other_models(series, go_live, terms, level),
        *_other_errors(series, go_live, terms, level),
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _other_models(
    series: MonthlySeries, go_live: pd.Timestamp, terms: Terms, level: float
) -> Iterator[Row]:
    primary = AutoregressiveModel(
        SegmentedDesign.of(series.months, go_live=go_live, terms=terms).matrix, at=series.positions
    ).fit(series.modelled)
    step = SegmentedDesign.of(series.months, go_live=go_live, terms=terms).step
    contrast = primary.contrast(step, level=level)
    yield (
        "Primary: REML AR(1), Kenward–Roger",
        *(contrast.estimate, contrast.low, contrast.high),
        *("primary", str(terms)),
    )
    yield (
        "Averaged over the correlation (grid posterior)",
        *primary.posterior_interval(step, level=level),
        *("other model", "the same model; no single correlation is chosen"),
    )
    single = series.without_control()
    season = 2 if len(series.months) >= 36 else 1
    variants = [
        ("With a change of slope", series, terms.but(slope=not terms.slope)),
        ("With a season", series, terms.but(harmonics=1)),
        ("Without a trend", series, terms.but(trend=False)),
        ("Without the comparison", single, Terms(trend=True, harmonics=season)),
    ]
    for name, months, other in variants:
        if other == terms and months.control is series.control:
            continue
        design = SegmentedDesign.of(months.months, go_live=go_live, terms=other)
        try:
            fit = AutoregressiveModel(design.matrix, at=months.positions).fit(months.modelled)
        except (TooFewMonthsError, UnidentifiedDesignError):
            continue
        if other.slope:
            # With a slope the posterior keeps more power than the t interval at these lengths.
            values = fit.posterior_interval(design.step, level=level)
        else:
            found = fit.contrast(design.step, level=level)
            values = (found.estimate, found.low, found.high)
        yield (name, *values, "other model", str(other))


def _other_errors(
    series: MonthlySeries, go_live: pd.Timestamp, terms: Terms, level: float
) -> Iterator[Row]:
    design = SegmentedDesign.of(series.months, go_live=go_live, terms=terms)
    place = design.names.index("step")
    y, x = series.modelled, design.matrix
    plain = sm.OLS(y, x)
    yield (
        "Ordinary least squares",
        *_of(plain.fit(), place, level),
        *("other errors", "ignores correlation: covers 79 to 96%"),
    )
    robust = plain.fit(
        cov_type="HAC",
        cov_kwds={"maxlags": NEWEY_WEST_LAGS, "use_correction": True},
        use_t=True,
    )
    yield (
        f"Newey–West, {NEWEY_WEST_LAGS} lags",
        *_of(robust, place, level),
        *("other errors", "too narrow on short series: covers 77 to 88%"),
    )
    yield (
        "Prais–Winsten",
        *_of(_prais_winsten(series, x), place, level),
        *("other errors", "ignores that the correlation is estimated: covers 84 to 94%"),
    )
    yield (
        "ARIMA(1,0,0)",
        *_arima(series, go_live, terms, level),
        *("other errors", "maximum likelihood, normal interval: covers 85 to 90%"),
    )


def _of(
    result: sm.regression.linear_model.RegressionResults, place: int, level: float
) -> tuple[float, float, float]:
    low, high = result.conf_int(alpha=1 - level)[place]
    return float(result.params[place]), float(low), float(high)


def _prais_winsten(
    series: MonthlySeries, x: Floats
) -> sm.regression.linear_model.RegressionResults:
    """Generalised least squares at the residuals' first autocorrelation, first month kept."""
    residuals = sm.OLS(series.modelled, x).fit().resid
    correlation = float(residuals[1:] @ residuals[:-1] / (residuals @ residuals))
    distance = np.abs(np.subtract.outer(series.positions, series.positions))
    return sm.GLS(series.modelled, x, sigma=np.clip(correlation, 0.0, 0.95) ** distance).fit()


def _arima(
    series: MonthlySeries, go_live: pd.Timestamp, terms: Terms, level: float
) -> tuple[float, float, float]:
    """Regression with AR(1) errors in state-space form; months left out are missing values."""
    whole = pd.date_range(series.months[0], series.months[-1], freq="MS")
    y = pd.Series(series.modelled, index=series.months).reindex(whole)
    design = SegmentedDesign.of(whole, go_live=go_live, terms=terms)
    result = sm.tsa.SARIMAX(y, exog=design.matrix, order=(1, 0, 0)).fit(disp=False)
    place = design.names.index("step")
    half = stats.norm.ppf(0.5 + level / 2) * result.bse.iloc[place]
    estimate = float(result.params.iloc[place])
    return estimate, float(estimate - half), float(estimate + half)
