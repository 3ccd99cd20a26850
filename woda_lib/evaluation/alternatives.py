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
from typing import get_args

import pandas as pd

from woda_lib.evaluation.autoregressive import TooFewMonthsError, UnidentifiedDesignError
from woda_lib.evaluation.error_models import Errors, Family, newey_west_lags
from woda_lib.evaluation.impact import Impact
from woda_lib.evaluation.segments import Trend
from woda_lib.evaluation.series_model import SeriesModel
from woda_lib.evaluation.time_series import SeriesError

COLUMNS = ("method", "estimate", "low", "high", "kind", "note")

Row = tuple[str, float, float, float, str, str]

NOTES: dict[Errors, str] = {
    "reml-ar1": "covers about 95% on every series tried",
    "ols": "ignores correlation: covers 79 to 96%",
    "newey-west": "too narrow on short series: covers 77 to 88%",
    "prais-winsten": "ignores that the correlation is estimated: covers 84 to 94%",
    "arima": "maximum likelihood, normal interval: covers 85 to 90%",
    "local-level": "compares the times next to the start: covers 89 to 94%",
}
COUNT_NOTES: dict[Family, str] = {
    "poisson": "takes all variation for chance: covers 28 to 90%",
    "quasi-poisson": "allows for more variation, ignores correlation: covers 73 to 93%",
    "negative-binomial": "allows for more variation, ignores correlation",
}
_SHAPES: dict[Trend, str] = {
    "linear": "a straight line over the whole series",
    "none": "no trend: what was before would have gone on level",
    "quadratic": "a line with a curve over the whole series",
    "piecewise": "a line that may bend half-way through the time before the start",
}


def name_errors(errors: Errors, family: Family, points: int) -> str:
    """Say what the errors are called in a table."""
    match errors:
        case "reml-ar1":
            return "REML AR(1), Kenward–Roger"
        case "ols":
            return "Ordinary least squares"
        case "newey-west":
            return f"Newey–West, {newey_west_lags(points)} lags"
        case "prais-winsten":
            return "Prais–Winsten"
        case "arima":
            return "ARIMA(1,0,0)"
        case "local-level":
            return "Level that wanders (local level)"
        case "glm":
            return {
                "poisson": "Poisson model",
                "quasi-poisson": "Quasi-Poisson model",
                "negative-binomial": "Negative binomial model",
            }[family]


def alternative_estimates(model: SeriesModel, *, level: float = 0.95) -> pd.DataFrame:
    """Estimate the effect in every other way that the series allows.

    Parameters
    ----------
    model
        The primary model.
    level
        Of the intervals.

    Returns
    -------
    DataFrame
        One row a method, the primary first: `method, estimate, low, high, kind, note`, where kind
        is "primary", "other model" or "other errors". Models with too many terms for the series, or
        that do not converge on it, are left out.
    """
    rows = [
        _row(f"Primary: {_name(model)}", model, "primary", str(model.terms), level),
        (
            "Averaged over the correlation (grid posterior)",
            *model.posterior(level=level),
            "other model",
            "the same model; no single correlation is chosen",
        ),
        *_other_models(model, level),
        *_other_errors(model, level),
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def trend_shapes(model: SeriesModel, *, level: float = 0.95) -> pd.DataFrame:
    """Estimate the effect under other shapes of the trend, with the primary's errors.

    Returns
    -------
    DataFrame
        One row a shape, the primary's first: `trend, estimate, low, high, moves_by` (against the
        primary), `note`. Shapes with too many terms for the series are left out.
    """
    shapes: list[Trend] = [model.terms.trend]
    shapes += [shape for shape in get_args(Trend) if shape != model.terms.trend]
    rows = []
    for shape in shapes:
        try:
            found = model.but(trend=shape).effect(level=level)
        except (TooFewMonthsError, UnidentifiedDesignError, SeriesError):
            continue
        rows.append((shape, found.estimate, found.low, found.high, _SHAPES[shape]))
    table = pd.DataFrame(rows, columns=["trend", "estimate", "low", "high", "note"])
    table.insert(4, "moves_by", table["estimate"] - table["estimate"].iloc[0])
    return table


def _name(model: SeriesModel) -> str:
    return name_errors(model.errors, model.family, len(model.series))


def _row(name: str, model: SeriesModel, kind: str, note: str, level: float) -> Row:
    found = model.effect(level=level)
    return (name, found.estimate, found.low, found.high, kind, note)


def _other_models(model: SeriesModel, level: float) -> Iterator[Row]:
    terms = model.terms
    slope, step = Impact("slope", lag=terms.impact.lag), Impact(lag=terms.impact.lag)
    bends = terms.impact.shape in ("slope", "bend")
    seasonal = model.per_year is not None and model.per_year >= 2
    season = terms.harmonics or (2 if len(model.series) >= 3 * (model.per_year or 1) else 1)
    variants = [
        (
            "Step without a change of slope" if bends else "With a change of slope",
            model.but(impact=step if bends else slope),
        ),
        ("Without a season", model.but(harmonics=0))
        if terms.harmonics
        else ("With a season", model.but(harmonics=1 if seasonal else 0)),
        ("Without a trend", model.but(trend="none")),
        ("Without the columns adjusted for", model.but(adjust=())),
        (
            "Without the comparison",
            model.but(series=model.series.without_control(), harmonics=season if seasonal else 0),
        ),
    ]
    for name, other in variants:
        if other.terms == terms and other.series.control is model.series.control:
            continue
        try:
            if other.terms.impact.shape == "slope" and other.errors == "reml-ar1":
                # With a slope the posterior keeps more power than the t interval at these lengths.
                values = other.posterior(level=level)
                yield (name, *values, "other model", str(other.terms))
            else:
                yield _row(name, other, "other model", str(other.terms), level)
        except (TooFewMonthsError, UnidentifiedDesignError, SeriesError):
            continue


def _other_errors(model: SeriesModel, level: float) -> Iterator[Row]:
    ways: list[tuple[Errors, Family]] = [(errors, model.family) for errors in NOTES]
    if model.is_log and model.series.control is None:
        ways += [("glm", family) for family in COUNT_NOTES]
    for errors, family in ways:
        if (errors, family) == (model.errors, model.family):
            continue
        other = model.but(errors=errors, family=family)
        kind = "other model" if errors == "reml-ar1" else "other errors"
        note = COUNT_NOTES[family] if errors == "glm" else NOTES[errors]
        try:
            yield _row(_name(other), other, kind, note, level)
        except (TooFewMonthsError, UnidentifiedDesignError, SeriesError):
            continue
