"""Families of durations: log T = location + scale * W, fitted to censored data by likelihood.

All but one are cases of the generalised gamma in Prentice's form, whose shape q bends W from the
normal (q = 0, log-normal durations) through q = scale (gamma) to q = 1 (Weibull; exponential where
the scale is 1 as well). One likelihood for all of them, because lifelines has no Gamma regression
and its generalised gamma often does not settle; its Weibull and log-normal agree with these.

Sources: Prentice (1974), Biometrika 61: 539-544; Kalbfleisch and Prentice, The Statistical Analysis
of Failure Time Data (2nd edition 2002), chapter 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np
from scipy import optimize, special, stats
from statsmodels.tools.numdiff import approx_fprime, approx_hess

from woda_lib.evaluation.durations import Booleans, DurationError, Floats, Ints

Family = Literal["gamma", "weibull", "lognormal", "loglogistic", "exponential", "generalised-gamma"]
FAMILIES: tuple[Family, ...] = get_args(Family)

NEARLY_NORMAL = 0.02
"""Shapes under this are taken as nought: the gamma functions lose their digits there."""


def extra_numbers(family: Family) -> int:
    """How many numbers a family has besides its coefficients."""
    return {"exponential": 0, "generalised-gamma": 2}.get(family, 1)


@dataclass(frozen=True)
class Shape:
    """Scale and shape of W, read from a family's extra numbers."""

    family: Family
    scale: float
    bend: float

    @classmethod
    def of(cls, family: Family, extra: Floats) -> Shape:
        """Read the extra numbers: the logarithm of the scale, then the shape."""
        scale = float(np.exp(np.clip(extra[0], -10, 10))) if len(extra) else 1.0
        match family:
            case "exponential" | "weibull":
                bend = 1.0
            case "gamma":
                bend = scale
            case "generalised-gamma":
                bend = float(np.clip(extra[1], -8, 8))
            case _:
                bend = 0.0
        return cls(family, scale, bend)

    def log_density(self, standard: Floats) -> Floats:
        """Logarithm of the density of W."""
        if self.family == "loglogistic":
            return standard - 2 * np.logaddexp(0, standard)
        if abs(self.bend) < NEARLY_NORMAL:
            return np.asarray(stats.norm.logpdf(standard))
        shape = self.bend**-2
        bent = np.clip(self.bend * standard, -700, 700)
        inner = shape * (np.log(shape) + bent - np.exp(bent))
        return np.log(abs(self.bend)) + inner - special.gammaln(shape)

    def survival(self, standard: Floats) -> Floats:
        """Share of W beyond."""
        if self.family == "loglogistic":
            return special.expit(-standard)
        if abs(self.bend) < NEARLY_NORMAL:
            return special.ndtr(-standard)
        shape = self.bend**-2
        inner = shape * np.exp(np.clip(self.bend * standard, -700, 700))
        upper = special.gammaincc if self.bend > 0 else special.gammainc
        return np.asarray(upper(shape, inner))

    def log_survival(self, standard: Floats) -> Floats:
        """Logarithm of the share of W beyond."""
        if self.family == "loglogistic":
            return -np.logaddexp(0, standard)
        if abs(self.bend) < NEARLY_NORMAL:
            return special.log_ndtr(-standard)
        if self.bend == 1.0:
            return -np.exp(np.minimum(standard, 700))
        return np.log(np.maximum(self.survival(standard), 1e-300))


@dataclass(frozen=True, eq=False)
class FamilyFit:
    """A fitted family.

    Attributes
    ----------
    family
        Which.
    design
        (n, k), an intercept first.
    numbers
        (k + extra,) coefficients, then the logarithm of the scale and the shape where there are.
    covariance
        Of the numbers; robust where clusters were given.
    log_likelihood
        Of the durations (not of their logarithms).
    """

    family: Family
    design: Floats
    numbers: Floats
    covariance: Floats
    log_likelihood: float

    @cached_property
    def terms(self) -> int:
        """Coefficients, the intercept among them."""
        return int(self.design.shape[1])

    @property
    def aic(self) -> float:
        """Akaike's criterion; smaller is better."""
        return 2 * len(self.numbers) - 2 * self.log_likelihood

    @property
    def shape(self) -> Shape:
        """At the estimates."""
        return Shape.of(self.family, self.numbers[self.terms :])

    def waiting(self, times: Floats, design: Floats, numbers: Floats | None = None) -> Floats:
        """(times,) share still waiting, averaged over the rows of a design."""
        at = self.numbers if numbers is None else numbers
        shape = Shape.of(self.family, at[self.terms :])
        rows, weights = np.unique(design, axis=0, return_counts=True)
        with np.errstate(divide="ignore"):
            standard = (np.log(times)[:, None] - rows @ at[: self.terms]) / shape.scale
        return np.asarray(shape.survival(standard) @ weights / weights.sum())

    def restricted_mean(
        self, horizon: float, design: Floats, numbers: Floats | None = None
    ) -> float:
        """Return the model's restricted mean, averaged over the rows of a design."""
        nodes, weights = np.polynomial.legendre.leggauss(60)
        # Squares of even nodes: more of them early, where curves fall fastest.
        root = (nodes + 1) / 2
        times = horizon * root**2
        strips = weights / 2 * 2 * root * horizon
        return float(strips @ self.waiting(times, design, numbers))


def fit_family(
    family: Family,
    design: Floats,
    times: Floats,
    ended: Booleans,
    *,
    clusters: Ints | None = None,
) -> FamilyFit:
    """Fit a family to censored durations.

    Parameters
    ----------
    family
        Which.
    design
        (n, k), an intercept first and all columns linearly independent.
    times
        (n,) above nought.
    ended
        (n,)
    clusters
        (n,) whom shocks move together; makes the covariance a sandwich.

    Raises
    ------
    DurationError
        If no maximum is found.
    """
    spread = design[:, 1:].std(axis=0)
    centre = design[:, 1:].mean(axis=0)
    scaled = np.column_stack([design[:, 0], (design[:, 1:] - centre) / spread])
    logs, terms = np.log(times), design.shape[1]

    def each(numbers: Floats) -> Floats:
        shape = Shape.of(family, numbers[terms:])
        standard = (logs - scaled @ numbers[:terms]) / shape.scale
        dense = shape.log_density(standard) - np.log(shape.scale) - logs
        return np.where(ended, dense, shape.log_survival(standard))

    start = np.zeros(terms + extra_numbers(family))
    start[:terms] = np.linalg.lstsq(scaled, logs, rcond=None)[0]
    if family == "generalised-gamma":
        start[-1] = 0.5
    size = len(times)
    found = optimize.minimize(lambda at: -each(at).sum() / size, start, method="BFGS")
    found = optimize.minimize(
        lambda at: -each(at).sum() / size,
        found.x,
        method="Nelder-Mead" if not np.isfinite(found.fun) else "BFGS",
        options={"gtol": 1e-8} if np.isfinite(found.fun) else {},
    )
    hessian = approx_hess(found.x, lambda at: -each(at).sum())
    settled = np.isfinite(found.fun) and np.abs(found.x[1:terms]).max(initial=0.0) < 20
    if not settled or np.linalg.eigvalsh((hessian + hessian.T) / 2).min() <= 0:
        raise DurationError(
            f"The {family} model does not settle on these data: too few people left, or one side "
            "of some term has nobody who did. Use a family with fewer numbers, or fewer terms."
        )
    covariance = np.linalg.inv(hessian)
    if clusters is not None:
        scores = approx_fprime(found.x, each, centered=True)
        sums = np.zeros((clusters.max() + 1, scores.shape[1]))
        np.add.at(sums, clusters, scores)
        groups = len(sums)
        covariance = covariance @ (sums.T @ sums) @ covariance * groups / (groups - 1)
    back = np.eye(len(found.x))
    back[1:terms, 1:terms] = np.diag(1 / spread)
    back[0, 1:terms] = -centre / spread
    return FamilyFit(
        family=family,
        design=design,
        numbers=back @ found.x,
        covariance=back @ covariance @ back.T,
        log_likelihood=float(-found.fun * size),
    )
