"""What an uncertain number may be: a distribution, told by its limits or by its parameters.

An analyst rarely knows a distribution, but often an estimate with a low and a high. Each family
here is fitted so that *both limits are kept*, however lopsided they lie about the estimate:

- ``normal``, ``t`` and ``lognormal`` keep the estimate as median as well. Lopsided ones have one
  spread below the median and another above it (for ``lognormal``, of the logarithm);
- ``triangular`` and ``pert`` take the estimate as the most likely value;
- ``gamma``, ``beta`` and ``uniform`` have two parameters, which the limits use up. Where their mean
  is not the estimate, that is said.

Costs are seldom below nought, so that ``gamma`` or ``lognormal`` suits them, and shares lie between
0 and 1, so that ``beta`` does (Briggs, Claxton and Sculpher 2006, Decision Modelling for Health
Economic Evaluation, chapter 4).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

from woda_lib.evaluation.errors import EvaluationError

Floats = NDArray[np.floating[Any]]

PARAMETERS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "fixed": (("value",),),
    "normal": (("mean", "sd"),),
    "t": (("mean", "scale", "df"),),
    "lognormal": (("mean_log", "sd_log"), ("mean", "sd")),
    "triangular": (("minimum", "mode", "maximum"),),
    "pert": (("minimum", "mode", "maximum"),),
    "gamma": (("shape", "scale"), ("mean", "sd")),
    "beta": (("a", "b"), ("mean", "sd")),
    "uniform": (("minimum", "maximum"),),
    "empirical": (("draws",),),
}
"""The parameters of each family, in the ways in which they may be given."""

BOUNDS: Mapping[str, tuple[float, float]] = {
    "lognormal": (0.0, math.inf),
    "gamma": (0.0, math.inf),
    "beta": (0.0, 1.0),
}
"""Between which values a number of the family must lie; the others may lie anywhere."""

FEWEST_DRAWS = 20
_FAR = 0.05
"""Of the distance between the limits: a mean further from the estimate is said."""


class DistributionError(EvaluationError):
    """An uncertain input has no distribution that fits what is said of it."""


@dataclass(frozen=True)
class Distribution:
    """A distribution by its quantiles.

    Attributes
    ----------
    family : str
        A key of `PARAMETERS`.
    quantile : callable
        Takes probabilities between 0 and 1 (any shape), and returns values.
    mean : float
        For an input that states no estimate.
    note : str
        What does not fit, as a sentence; or nothing.
    """

    family: str
    quantile: Callable[[Floats], Floats]
    mean: float
    note: str = ""


def from_limits(
    family: str,
    *,
    estimate: float,
    low: float,
    high: float,
    level: float = 0.95,
    df: float | None = None,
    name: str = "the input",
) -> Distribution:
    """Fit a distribution to an estimate and its limits.

    Parameters
    ----------
    family
        A key of `PARAMETERS`, except "empirical".
    estimate, low, high
        ``low <= estimate <= high``; equal ones make a fixed number.
    level
        The probability between the limits.
    df
        Degrees of freedom of ``t``.
    name
        How to call the input in an error.

    Raises
    ------
    DistributionError
        If the limits are out of order, or the family cannot have them.

    Examples
    --------
    >>> days = from_limits("normal", estimate=2.7, low=2.1, high=3.9)
    >>> days.quantile(np.array([0.025, 0.5, 0.975])).round(2).tolist()
    [2.1, 2.7, 3.9]
    """
    _require_order(name, estimate, low, high)
    if not 0 < level < 1:
        raise DistributionError(f"The limits of {name} must hold a share between 0 and 1 of it.")
    if low == high or family == "fixed":
        return _fixed(estimate)
    tail = (1 - level) / 2
    match family:
        case "normal":
            return _two_sided("normal", stats.norm, estimate, low, high, tail)
        case "t":
            if df is None or not df > 0:
                raise DistributionError(
                    f"{name} is a t distribution without degrees of freedom. Give them as "
                    "parameters={'df': …}, or take 'normal'."
                )
            return _two_sided("t", stats.t(df), estimate, low, high, tail)
        case "lognormal":
            if low <= 0:
                raise DistributionError(
                    f"{name} is lognormal, and its low is not above nought. Take 'normal'."
                )
            middle, least, most = (math.log(each) for each in (estimate, low, high))
            logs = _two_sided("", stats.norm, middle, least, most, tail)
            return _of_quantile("lognormal", lambda u: np.exp(logs.quantile(u)))
        case "triangular" | "pert":
            return _three_points(family, estimate, low, high, tail, name)
        case "gamma":
            return _noted(_gamma(low, high, tail, name), estimate, low, high, name)
        case "beta":
            return _noted(_beta(low, high, tail, name), estimate, low, high, name)
        case "uniform":
            beyond = (high - low) * tail / level
            whole = stats.uniform(low - beyond, high - low + 2 * beyond)
            return _noted(_of_frozen("uniform", whole), estimate, low, high, name)
        case _:
            raise DistributionError(_unknown(family, name))


def from_parameters(
    family: str, parameters: Mapping[str, Any], *, name: str = "the input"
) -> Distribution:
    """Return the distribution with these parameters.

    Parameters
    ----------
    family
        A key of `PARAMETERS`.
    parameters
        One of the family's ways of giving them. ``mean`` and ``sd`` of ``lognormal``, ``gamma`` and
        ``beta`` are those of the number itself.
    name
        How to call the input in an error.

    Raises
    ------
    DistributionError
        If there is no such family, a parameter is missing, or the parameters make no distribution.

    Examples
    --------
    >>> cost = from_parameters("gamma", {"mean": 306, "sd": 30})
    >>> round(cost.mean)
    306
    """
    if family not in PARAMETERS:
        raise DistributionError(_unknown(family, name))
    ways = PARAMETERS[family]
    if set(parameters) not in [set(way) for way in ways]:
        raise DistributionError(
            f"{name} is {family}, and so needs the parameters "
            f"{' or '.join(', '.join(way) for way in ways)}; it has "
            f"{', '.join(map(str, parameters)) or 'none'}."
        )
    if family == "empirical":
        return _empirical(parameters["draws"], name)
    p = {key: _number(value, f"{key} of {name}") for key, value in parameters.items()}
    if not _possible(family, p):
        raise DistributionError(
            f"No {family} distribution has the parameters of {name}: spreads and shapes are above "
            "nought, a minimum lies below its maximum with the mode between, and a mean of a beta "
            "distribution between 0 and 1 has a standard deviation that leaves room on both sides."
        )
    match family:
        case "fixed":
            return _fixed(p["value"])
        case "normal":
            frozen = stats.norm(p["mean"], p["sd"])
        case "t":
            frozen = stats.t(p["df"], p["mean"], p["scale"])
        case "lognormal" if "mean" in p:
            spread = math.sqrt(math.log1p((p["sd"] / p["mean"]) ** 2))
            frozen = stats.lognorm(spread, scale=p["mean"] * math.exp(-(spread**2) / 2))
        case "lognormal":
            frozen = stats.lognorm(p["sd_log"], scale=math.exp(p["mean_log"]))
        case "triangular":
            frozen = _triangular(p["minimum"], p["mode"], p["maximum"])
        case "pert":
            frozen = _pert(p["minimum"], p["mode"], p["maximum"])
        case "gamma" if "mean" in p:
            frozen = stats.gamma((p["mean"] / p["sd"]) ** 2, scale=p["sd"] ** 2 / p["mean"])
        case "gamma":
            frozen = stats.gamma(p["shape"], scale=p["scale"])
        case "beta" if "mean" in p:
            size = p["mean"] * (1 - p["mean"]) / p["sd"] ** 2 - 1
            frozen = stats.beta(p["mean"] * size, (1 - p["mean"]) * size)
        case "beta":
            frozen = stats.beta(p["a"], p["b"])
        case _:
            frozen = stats.uniform(p["minimum"], p["maximum"] - p["minimum"])
    return _of_frozen(family, frozen)


def _possible(family: str, p: Mapping[str, float]) -> bool:
    above_nought = ("sd", "scale", "df", "sd_log", "shape", "a", "b")
    if any(p[key] <= 0 for key in above_nought if key in p):
        return False
    if family in ("gamma", "lognormal") and p.get("mean", 1) <= 0:
        return False
    if family == "beta" and "mean" in p:
        return 0 < p["mean"] < 1 and p["sd"] ** 2 < p["mean"] * (1 - p["mean"])
    if "minimum" in p:
        mode = p.get("mode", p["minimum"])
        return p["minimum"] < p["maximum"] and p["minimum"] <= mode <= p["maximum"]
    return True


def _fixed(value: float) -> Distribution:
    return Distribution("fixed", lambda u: np.full(np.shape(u), value), value)


def _of_frozen(family: str, frozen: Any) -> Distribution:
    return Distribution(family, frozen.ppf, float(frozen.mean()))


def _of_quantile(family: str, quantile: Callable[[Floats], Floats]) -> Distribution:
    middles = (np.arange(2000) + 0.5) / 2000
    return Distribution(family, quantile, float(np.mean(quantile(middles))))


def _two_sided(
    family: str, standard: Any, middle: float, low: float, high: float, tail: float
) -> Distribution:
    """A standard distribution stretched by one factor below its median and another above."""
    reach = float(standard.ppf(1 - tail))

    def quantile(u: Floats) -> Floats:
        z = standard.ppf(u) / reach
        stretched: Floats = middle + z * np.where(z < 0, middle - low, high - middle)
        return stretched

    return _of_quantile(family, quantile)


def _triangular(minimum: float, mode: float, maximum: float) -> Any:
    width = maximum - minimum
    return stats.triang((mode - minimum) / width, minimum, width)


def _pert(minimum: float, mode: float, maximum: float) -> Any:
    """The beta distribution of project planning (Malcolm and others 1959), with its weight of 4."""
    width = maximum - minimum
    a, b = 1 + 4 * (mode - minimum) / width, 1 + 4 * (maximum - mode) / width
    return stats.beta(a, b, minimum, width)


def _three_points(
    family: str, mode: float, low: float, high: float, tail: float, name: str
) -> Distribution:
    """Find how far beyond the limits the ends lie."""
    shape = _triangular if family == "triangular" else _pert
    width = high - low

    def miss(beyond: Floats) -> Floats:
        below, above = np.exp(beyond) * width
        frozen = shape(low - below, mode, high + above)
        return np.array([frozen.cdf(low), frozen.sf(high)]) / tail - 1

    found = optimize.least_squares(miss, np.log([0.1, 0.1]), bounds=(-40, 4))
    _require_fit(found.fun, family, name)
    below, above = np.exp(found.x) * width
    return _of_frozen(family, shape(low - below, mode, high + above))


def _gamma(low: float, high: float, tail: float, name: str) -> Distribution:
    if low <= 0:
        raise DistributionError(
            f"{name} is a gamma distribution, and its low is not above nought. Take 'normal'."
        )

    def miss(log_shape: float) -> float:
        frozen = stats.gamma(math.exp(log_shape))
        return float(np.log(frozen.ppf(1 - tail)) - np.log(frozen.ppf(tail)) - math.log(high / low))

    try:
        shape = math.exp(optimize.brentq(miss, math.log(0.02), math.log(1e8)))
    except ValueError:
        raise DistributionError(_no_fit("gamma", name)) from None
    return _of_frozen("gamma", stats.gamma(shape, scale=high / stats.gamma(shape).ppf(1 - tail)))


def _beta(low: float, high: float, tail: float, name: str) -> Distribution:
    if low <= 0 or high >= 1:
        raise DistributionError(
            f"{name} is a beta distribution, which is for shares, and its limits do not lie "
            "between 0 and 1. Write 35% as 0.35, or take another distribution."
        )
    middle = (low + high) / 2
    size = middle * (1 - middle) / ((high - low) / 4) ** 2

    def miss(logs: Floats) -> Floats:
        frozen = stats.beta(*np.exp(logs))
        return np.array([frozen.cdf(low), frozen.sf(high)]) / tail - 1

    found = optimize.least_squares(
        miss, np.log([middle * size, (1 - middle) * size]), bounds=(-5, 20)
    )
    _require_fit(found.fun, "beta", name)
    return _of_frozen("beta", stats.beta(*np.exp(found.x)))


def _empirical(draws: Any, name: str) -> Distribution:
    values = np.sort(np.asarray(draws, dtype=float).ravel())
    if len(values) < FEWEST_DRAWS or not np.isfinite(values).all():
        raise DistributionError(
            f"{name} has {len(values)} draws; at least {FEWEST_DRAWS} finite ones are needed."
        )
    return Distribution(
        "empirical", lambda u: np.quantile(values, np.asarray(u)), float(values.mean())
    )


def _noted(
    found: Distribution, estimate: float, low: float, high: float, name: str
) -> Distribution:
    if abs(found.mean - estimate) <= _FAR * (high - low):
        return found
    note = (
        f"The {found.family} distribution with the limits of {name} has the mean "
        f"{found.mean:.4g}, and its estimate is {estimate:.4g}: 'normal' or 'lognormal' would "
        "keep all three."
    )
    return Distribution(found.family, found.quantile, found.mean, note)


def _require_order(name: str, estimate: float, low: float, high: float) -> None:
    for word, value in (("estimate", estimate), ("low", low), ("high", high)):
        _number(value, f"{word} of {name}")
    if not low <= estimate <= high:
        raise DistributionError(
            f"The limits of {name} must lie on both sides of its estimate: low <= estimate <= high."
        )


def _number(value: Any, what: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise DistributionError(f"The {what} is no finite number.")
    return number


def _require_fit(misses: Floats, family: str, name: str) -> None:
    if not np.abs(misses).max() < 1e-3:
        raise DistributionError(_no_fit(family, name))


def _no_fit(family: str, name: str) -> str:
    return (
        f"No {family} distribution has the limits of {name}: they are too lopsided, or too far "
        "apart. Take 'normal' or 'lognormal', which keep any limits."
    )


def _unknown(family: str, name: str) -> str:
    return f"{name} has the distribution {family!r}. Known: {', '.join(PARAMETERS)}."
