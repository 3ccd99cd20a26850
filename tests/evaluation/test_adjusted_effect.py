"""Influences against what they are by definition: how the effect moves with a row's weight."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from woda_lib.evaluation.differences.adjusted_effect import adjusted_change, adjusted_cross_sections

ROWS = 60
STEP = 1e-5


def made_up() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(4)
    x = rng.normal(size=(ROWS, 2))
    treated = rng.uniform(size=ROWS) < 1 / (1 + np.exp(-x[:, 0]))
    # The outcome bends with the covariate, so that neither regression nor weights are right alone.
    outcome = x[:, 0] ** 2 + x[:, 1] + treated + rng.normal(size=ROWS)
    return outcome, treated, x, rng.uniform(0.5, 2, ROWS)


def by_weight(effect: Callable[[np.ndarray], float], weight: np.ndarray) -> np.ndarray:
    """Weight of each row times the slope of the effect by it."""
    slopes = []
    for row in range(len(weight)):
        up, down = weight.copy(), weight.copy()
        up[row] += STEP
        down[row] -= STEP
        slopes.append((effect(up) - effect(down)) / (2 * STEP))
    return weight * np.array(slopes)


@pytest.mark.parametrize("adjust_by", ["doubly-robust", "regression"])
def test_of_changes(adjust_by: str) -> None:
    change, treated, x, weight = made_up()

    def fitted(w: np.ndarray) -> tuple[float, np.ndarray]:
        return adjusted_change(
            change=change, treated=treated, covariates=x, weight=w, adjust_by=adjust_by
        )

    influence = fitted(weight)[1]
    assert influence == pytest.approx(by_weight(lambda w: fitted(w)[0], weight), abs=1e-6)
    assert influence.sum() == pytest.approx(0, abs=1e-12)


def test_of_cross_sections() -> None:
    outcome, treated, x, weight = made_up()
    later = np.arange(ROWS) % 2 == 0

    def fitted(w: np.ndarray) -> tuple[float, np.ndarray]:
        return adjusted_cross_sections(
            outcome=outcome, later=later, treated=treated, covariates=x, weight=w
        )

    influence = fitted(weight)[1]
    assert influence == pytest.approx(by_weight(lambda w: fitted(w)[0], weight), abs=1e-6)


def test_without_covariates_it_is_the_difference_of_means() -> None:
    change, treated, _, _ = made_up()
    for adjust_by in ("doubly-robust", "regression"):
        effect, influence = adjusted_change(
            change=change,
            treated=treated,
            covariates=np.empty((ROWS, 0)),
            weight=np.ones(ROWS),
            adjust_by=adjust_by,
        )
        groups = [change[treated], change[~treated]]
        assert effect == pytest.approx(groups[0].mean() - groups[1].mean())
        assert influence @ influence == pytest.approx(sum(g.var() / len(g) for g in groups))
