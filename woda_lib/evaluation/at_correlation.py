"""The algebra of errors that remember the step before, at one correlation of neighbours.

An AR(1) error forgets all but its neighbour, so that the inverse of its correlation matrix has
entries beside the diagonal only, and a series is made uncorrelated in one pass. No matrix of all
points by all points is needed: years of days are fitted as fast as they are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_banded

Floats = NDArray[np.floating[Any]]


def whiten(values: Floats, alike: Floats) -> Floats:
    """Make AR(1) values uncorrelated: each less what the one before says about it.

    Parameters
    ----------
    values
        (T, …) in order of time, of variance 1.
    alike
        (T - 1,) correlation of neighbours.
    """
    alike = alike.reshape(-1, *[1] * (values.ndim - 1))
    fresh = (values[1:] - alike * values[:-1]) / np.sqrt(1 - alike**2)
    return np.concatenate([values[:1], fresh])


@dataclass(frozen=True, eq=False)
class AtCorrelation:
    """What one correlation implies for a design, before any outcome is seen (sigma = 1)."""

    design: Floats  # (T, k)
    positions: Floats  # (T,)
    correlation: float

    @cached_property
    def _order(self) -> NDArray[np.intp]:
        return np.argsort(self.positions, kind="stable")

    @cached_property
    def _gaps(self) -> Floats:
        return np.diff(self.positions[self._order])

    @cached_property
    def _alike(self) -> Floats:
        return power(self._gaps, self.correlation, derivative=0)

    @cached_property
    def _white_design(self) -> Floats:
        return whiten(self.design[self._order], self._alike)

    @cached_property
    def _information(self) -> Floats:
        return self._white_design.T @ self._white_design

    @cached_property
    def covariance(self) -> Floats:
        """(k, k) of the coefficients."""
        return np.linalg.inv(self._information)

    @cached_property
    def to_coefficients(self) -> Floats:
        """(k, T) generalised least squares."""
        weighted = self._white_design.copy()
        weighted[1:] /= np.sqrt(1 - self._alike**2)[:, None]
        weighted[:-1] -= self._alike[:, None] * weighted[1:]
        as_given = np.empty_like(weighted)
        as_given[self._order] = weighted
        return self.covariance @ as_given.T

    @cached_property
    def log_determinants(self) -> float:
        """Of the correlation matrix and of the information, together."""
        of_errors = np.log1p(-(self._alike**2)).sum()
        return float(of_errors + np.linalg.slogdet(self._information)[1])

    def squares(self, y: Floats) -> float:
        """Generalised residual sum of squares."""
        residuals = y - self.design @ (self.to_coefficients @ y)
        return float(np.sum(whiten(residuals[self._order], self._alike) ** 2))

    @cached_property
    def projection(self) -> Floats:
        """(T, T): y'Py is the generalised residual sum of squares of y."""
        distance = np.abs(np.subtract.outer(self.positions, self.positions))
        inverse = np.linalg.inv(power(distance, self.correlation, derivative=0))
        return inverse - inverse @ self.design @ self.to_coefficients

    @cached_property
    def kenward_roger(self) -> KenwardRoger:
        """The adjustment at this correlation, in the notation of Kenward and Roger (1997).

        Their P, Q and R hold the derivatives of the covariance V = sigma^2 R(rho). They are had
        from those of its inverse, of which each neighbour pair contributes 1/s to the diagonal
        (twice, less one) and -a/s beside it, where a is its correlation and s = 1 - a^2:
        P = X'(V^-1)'X, and R = 2 Q - X'(V^-1)''X.
        """
        a, a1, a2 = (power(self._gaps, self.correlation, derivative=d) for d in range(3))
        s, s1, s2 = 1 - a**2, -2 * a * a1, -2 * (a1**2 + a * a2)
        diagonal = (-s1 / s**2, 2 * s1**2 / s**3 - s2 / s**2)
        beside = (
            -a1 / s - a * diagonal[0],
            -a2 / s - 2 * a1 * diagonal[0] - a * diagonal[1],
        )
        x = self.design[self._order]
        first, second = (_pairwise(x, *each) for each in zip(diagonal, beside, strict=True))
        phi, p_rho = self.covariance, x.T @ first
        unravelled = _solve_transposed(first, a, s)  # its cross product is Q of rho and rho
        q_rho = unravelled.T @ unravelled
        p = (-self._information, p_rho)
        q = ((self._information, -p_rho), (-p_rho, q_rho))
        r = ((np.zeros_like(phi), -p_rho), (-p_rho, 2 * q_rho - x.T @ second))
        slope = float((s1 / s).sum())
        curve = float(((s1 / s) ** 2 + 2 * a1**2 / s).sum())
        traces = ((float(len(x)), slope), (slope, curve))
        pairs = [(i, j) for i in range(2) for j in range(2)]
        information = np.zeros((2, 2))
        for i, j in pairs:
            less = 2 * np.trace(phi @ q[i][j]) - np.trace(phi @ p[i] @ phi @ p[j])
            information[i, j] = 0.5 * (traces[i][j] - less)
        w = np.linalg.inv(information)
        inner = sum(w[i, j] * (q[i][j] - p[i] @ phi @ p[j] - 0.25 * r[i][j]) for i, j in pairs)
        return KenwardRoger(
            adjusted=phi + 2 * phi @ inner @ phi,
            gradients=(-phi @ p[0] @ phi, -phi @ p[1] @ phi),
            parameter_covariance=w,
        )


@dataclass(frozen=True)
class KenwardRoger:
    """The adjustment of Kenward and Roger (1997) at one correlation, in their notation."""

    adjusted: Floats  # Phi_A: (k, k)
    gradients: tuple[Floats, Floats]  # d Phi / d theta_i, each (k, k)
    parameter_covariance: Floats  # W: (2, 2), of (sigma^2, rho)


def _pairwise(x: Floats, diagonal: Floats, beside: Floats) -> Floats:
    """Multiply by a matrix made of neighbour pairs: `diagonal` for both, `beside` between them."""
    found = np.zeros_like(x)
    found[1:] += diagonal[:, None] * x[1:] + beside[:, None] * x[:-1]
    found[:-1] += diagonal[:, None] * x[:-1] + beside[:, None] * x[1:]
    return found


def _solve_transposed(values: Floats, alike: Floats, spare: Floats) -> Floats:
    """Undo the transpose of `whiten`: the last value first."""
    bands = np.ones((2, len(values)))
    bands[1, 1:] = 1 / np.sqrt(spare)
    bands[0, 1:] = -alike / np.sqrt(spare)
    return np.asarray(solve_banded((0, 1), bands, values))


def power(distance: Floats, correlation: float, *, derivative: int) -> Floats:
    """Derivative of correlation**distance by the correlation; zero where the power vanishes."""
    falling = np.ones_like(distance)
    for step in range(derivative):
        falling = falling * (distance - step)
    return falling * np.power(correlation, np.maximum(distance - derivative, 0.0))
