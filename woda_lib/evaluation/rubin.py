"""One answer from many: estimates over plausible versions of the data, pooled by Rubin's rules.

Where something behind the data is known only by its probabilities (a missing value, a link), an
estimate is made over each of several draws of it. The *within* variance is the average of the
estimates' own: the chance that there is anyway. The *between* variance is that of the estimates
among the draws: what is not known about the data.

Rubin, D. B. (1987), Multiple Imputation for Nonresponse in Surveys, chapter 3. Degrees of freedom
for small samples: Barnard, J. and Rubin, D. B. (1999), Biometrika 86: 948-955.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from woda_lib.evaluation.errors import EvaluationError

FEWEST_DRAWS = 5


class PoolingError(EvaluationError):
    """Estimates cannot be pooled."""


@dataclass(frozen=True)
class Estimate:
    """An estimate with its standard error; `df` is infinite where the error counts as known."""

    value: float
    standard_error: float
    df: float = math.inf

    def limits(self, level: float) -> tuple[float, float]:
        """Return its t interval."""
        half = float(stats.t.ppf(0.5 + level / 2, self.df)) * self.standard_error
        return self.value - half, self.value + half


@dataclass(frozen=True)
class Pooled(Estimate):
    """A pooled estimate with the parts of its variance.

    Attributes
    ----------
    within, between
        Average variance of the estimates, and variance among them.
    draws
        How many were pooled.
    """

    within: float = 0.0
    between: float = 0.0
    draws: int = 0

    @property
    def share(self) -> float:
        """The part of the variance that the draws bring, 0 to 1."""
        total = self.standard_error**2
        return (1 + 1 / self.draws) * self.between / total if total > 0 else 0.0


def read_estimate(found: Any, level: float = 0.95) -> Estimate:
    """Take an estimate from whatever a method returned.

    Parameters
    ----------
    found
        A result or an interval (`estimate, low, high`; with `standard_error` and `df` where it has
        them), or a tuple of an estimate and its standard error, with degrees of freedom or without.
    level
        Of the interval, where it does not say.

    Raises
    ------
    PoolingError
        If it is nothing of the kind, or holds what is no finite number.
    """
    if isinstance(found, tuple) and len(found) in (2, 3):
        made = Estimate(*(float(each) for each in found))
    elif all(hasattr(found, name) for name in ("estimate", "standard_error", "df")):
        made = Estimate(float(found.estimate), float(found.standard_error), float(found.df))
    elif all(hasattr(found, name) for name in ("estimate", "low", "high")):
        reach = stats.norm.ppf(0.5 + float(getattr(found, "level", level)) / 2)
        made = Estimate(float(found.estimate), float(found.high - found.low) / (2 * reach))
    else:
        raise PoolingError(
            f"The estimate is a {type(found).__name__}. It must be a result or an interval, with "
            "estimate, low and high, or a tuple of an estimate and its standard error."
        )
    if not (math.isfinite(made.value) and math.isfinite(made.standard_error)):
        raise PoolingError("An estimate, or its standard error, is no finite number.")
    if made.standard_error < 0 or not made.df > 0:
        raise PoolingError("A standard error is below nought, or has no degrees of freedom.")
    return made


def pool(estimates: Sequence[Estimate]) -> Pooled:
    """Pool estimates over draws.

    Parameters
    ----------
    estimates
        One a draw.

    Raises
    ------
    PoolingError
        If there are fewer than five.

    Examples
    --------
    >>> draws = [Estimate(value, 1.0) for value in (9.0, 10.0, 11.0, 10.0, 10.0)]
    >>> found = pool(draws)
    >>> found.value, round(found.standard_error, 3), round(found.share, 3)
    (10.0, 1.265, 0.375)
    """
    number = len(estimates)
    if number < FEWEST_DRAWS:
        raise PoolingError(
            f"There are {number} draws. At least {FEWEST_DRAWS} are needed to tell how much "
            "estimates differ among them, and 20 or more are better."
        )
    values = np.array([each.value for each in estimates])
    within = float(np.mean([each.standard_error**2 for each in estimates]))
    # Where all draws agree, rounding alone must not pass for a difference.
    between = float(values.var(ddof=1)) if np.ptp(values) > 1e-12 * np.abs(values).max() else 0.0
    total = within + (1 + 1 / number) * between
    df = _degrees_of_freedom(
        number, (total - within) / total if total > 0 else 0.0, min(each.df for each in estimates)
    )
    return Pooled(
        float(values.mean()), math.sqrt(total), df, within=within, between=between, draws=number
    )


def _degrees_of_freedom(draws: int, share: float, complete: float) -> float:
    """Barnard and Rubin's; `complete` are those that there would be without any doubt."""
    if share <= 0:
        return complete
    of_draws = (draws - 1) / share**2
    if math.isinf(complete):
        return of_draws
    of_data = (complete + 1) / (complete + 3) * complete * (1 - share)
    return 1 / (1 / of_draws + 1 / of_data) if of_data > 0 else 1.0
