"""The nearest mixture of points: by hand, against a general solver, and where points coincide."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from woda_lib.evaluation.donors.nearest import mixture


def by_slsqp(donors: np.ndarray, target: np.ndarray) -> float:
    """Least squared distance found by a general constrained solver, from an even start."""
    n = donors.shape[1]
    found = minimize(
        lambda w: np.sum((donors @ w - target) ** 2),
        np.full(n, 1 / n),
        jac=lambda w: 2 * donors.T @ (donors @ w - target),
        bounds=[(0, 1)] * n,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1, "jac": np.ones_like},
        method="SLSQP",
        options={"maxiter": 2000, "ftol": 1e-14},
    )
    return float(found.fun)


def test_a_target_between_two_points() -> None:
    donors = np.array([[0.0, 10.0, 0.0], [0.0, 0.0, 10.0]])
    assert mixture(donors, np.array([4.0, 0.0])) == pytest.approx([0.6, 0.4, 0.0])
    assert mixture(donors, np.array([2.0, 3.0])) == pytest.approx([0.5, 0.2, 0.3])


def test_a_target_outside_is_met_on_the_edge() -> None:
    donors = np.array([[0.0, 10.0, 0.0], [0.0, 0.0, 10.0]])
    assert mixture(donors, np.array([8.0, 8.0])) == pytest.approx([0.0, 0.5, 0.5])
    assert mixture(donors, np.array([-3.0, -1.0])) == pytest.approx([1.0, 0.0, 0.0])


@pytest.mark.parametrize("periods, donors", [(3, 40), (12, 8), (24, 38), (60, 5)])
def test_no_general_solver_comes_nearer(periods: int, donors: int) -> None:
    rng = np.random.default_rng(periods)
    for noise in (0.0, 0.3, 5.0):
        points = rng.normal(size=(periods, donors)).cumsum(axis=0) + rng.normal(size=donors)
        target = points @ rng.dirichlet(np.full(donors, 0.2)) + noise * rng.normal(size=periods)
        weights = mixture(points, target)
        assert weights.min() >= 0
        assert weights.sum() == pytest.approx(1.0)
        distance = np.sum((points @ weights - target) ** 2)
        assert distance <= by_slsqp(points, target) + 1e-9 * np.sum(target**2)


@pytest.mark.parametrize("seed", range(20))
def test_the_condition_for_an_optimum_holds(seed: int) -> None:
    """No donor lies further on the target's side than the mixture: the duality gap is nought."""
    rng = np.random.default_rng(seed)
    points = np.round(rng.normal(size=(rng.integers(2, 30), rng.integers(2, 30))), rng.integers(3))
    target = np.round(rng.normal(size=len(points)), 1)
    shifted = points - target[:, None]
    nearest = shifted @ mixture(points, target)
    assert nearest @ nearest - (nearest @ shifted).min() <= 1e-9 * np.square(shifted).sum()


def test_points_that_coincide_and_points_that_are_the_target() -> None:
    same = np.ones((4, 5))
    assert mixture(same, np.ones(4)).sum() == pytest.approx(1.0)
    assert mixture(same, np.zeros(4)).sum() == pytest.approx(1.0)
    twice = np.array([[1.0, 1.0, 5.0], [2.0, 2.0, 5.0]])
    assert twice @ mixture(twice, np.array([3.0, 3.5])) == pytest.approx([3.0, 3.5])
