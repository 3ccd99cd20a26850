"""The mixture of points that lies nearest to a target: no weight under nought, and sum 1.

A synthetic control is the point of the donors' convex hull that is nearest to the treated unit.
Shift all donors so that the treated unit is the origin, and it is the hull's point of least norm,
which Wolfe's method finds exactly in finitely many steps (Wolfe 1976, Mathematical Programming 11:
128-149): no step length, no penalty, no stopping early. Solvers that do stop early give other
weights (on California's cigarettes an average effect of −19.6 packs instead of −19.5).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

_NOUGHT = 1e-12
_OPTIMAL = 1e-13


def mixture(donors: Floats, target: Floats) -> Floats:
    """Return the weights of the donors whose mixture is nearest to the target.

    Parameters
    ----------
    donors
        (features, donors).
    target
        (features,).

    Returns
    -------
    Floats
        (donors,) weights, none negative, of sum 1. Where several mixtures are equally near, one
        with few donors.
    """
    shifted = donors - target[:, None]
    return least_norm(shifted.T @ shifted)


@njit(nogil=True, cache=True)
def least_norm(gram: Floats) -> Floats:
    """Return the weights of the point of least norm in the hull of points with this Gram matrix."""
    points = gram.shape[0]
    scale = 0.0
    nearest = 0
    for j in range(points):
        scale = max(scale, gram[j, j])
        if gram[j, j] < gram[nearest, nearest]:
            nearest = j
    weights = np.zeros(points)
    weights[nearest] = 1.0
    held = np.zeros(points, dtype=np.bool_)
    held[nearest] = True
    for _ in range(50 * points):
        pull = gram @ weights
        entering = -1
        lowest = weights @ pull - _OPTIMAL * scale
        for j in range(points):
            if not held[j] and pull[j] < lowest:
                lowest = pull[j]
                entering = j
        if entering < 0:
            break
        held[entering] = True
        _settle(gram, scale, weights, held)
    return weights / weights.sum()


@njit(nogil=True, cache=True)
def _settle(gram: Floats, scale: float, weights: Floats, held: NDArray[np.bool_]) -> None:
    """Move to the held points' nearest affine mixture, letting go of those that turn negative."""
    while True:
        members = np.flatnonzero(held)
        affine = _affine(gram, scale, members)
        if affine.min() > _NOUGHT:
            for a in range(len(members)):
                weights[members[a]] = affine[a]
            return
        reach = 1.0
        for a in range(len(members)):
            weight = weights[members[a]]
            if affine[a] <= _NOUGHT and weight > affine[a]:
                reach = min(reach, weight / (weight - affine[a]))
        for a in range(len(members)):
            moved = (1.0 - reach) * weights[members[a]] + reach * affine[a]
            held[members[a]] = moved > _NOUGHT
            weights[members[a]] = moved if moved > _NOUGHT else 0.0


@njit(nogil=True, cache=True)
def _affine(gram: Floats, scale: float, members: NDArray[np.intp]) -> Floats:
    """Return weights of sum 1, of either sign, whose mixture of the members has the least norm.

    Elimination with pivots, by hand: numba takes ten times as long to compile a call of LAPACK.
    """
    size = len(members) + 1
    system = np.zeros((size, size + 1))
    system[size - 1, size] = 1.0
    for a in range(size - 1):
        system[a, size - 1] = scale  # of the multiplier; any number serves, this one keeps scale
        system[size - 1, a] = 1.0
        for b in range(size - 1):
            system[a, b] = gram[members[a], members[b]]
    for column in range(size):
        pivot = column + np.argmax(np.abs(system[column:, column]))
        for b in range(column, size + 1):
            kept = system[column, b]
            system[column, b] = system[pivot, b]
            system[pivot, b] = kept
        if system[column, column] == 0.0:
            continue  # members that coincide: the later one takes no weight
        for row in range(column + 1, size):
            times = system[row, column] / system[column, column]
            for b in range(column, size + 1):
                system[row, b] -= times * system[column, b]
    solved = np.zeros(size)
    for row in range(size - 1, -1, -1):
        left = system[row, size]
        for b in range(row + 1, size):
            left -= system[row, b] * solved[b]
        solved[row] = left / system[row, row] if system[row, row] != 0.0 else 0.0
    return solved[: size - 1]
