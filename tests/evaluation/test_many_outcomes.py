"""Ten thousand fits at once give what one fit at a time gives."""

from __future__ import annotations

import numpy as np
import pytest

from woda_lib.evaluation import (
    AutoregressiveModel,
    UnidentifiedDesignError,
    contrast_many,
    posterior_many,
)

AT = np.array([0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 17, 18, 19])  # two months missing
STEP = (AT >= 9).astype(float)
DESIGN = np.column_stack([np.ones(18), STEP, (AT - 9) / 12])


@pytest.fixture(scope="module")
def outcomes() -> np.ndarray:
    rng = np.random.default_rng(5)
    shocks = rng.standard_normal((40, 18))
    walks = np.cumsum(shocks, axis=1)
    # Half the series hardly remember last month, half remember it well: both ends of the grid.
    return 12 - 2.7 * STEP + np.vstack([shocks[:20], walks[20:]])


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_contrasts(outcomes: np.ndarray, level: float) -> None:
    model = AutoregressiveModel(DESIGN, at=AT)
    many = contrast_many(model, outcomes, [0, 1, 0.5], level=level)
    assert many.correlation.min() == 0.0
    assert many.correlation.max() > 0.7
    for place, outcome in enumerate(outcomes):
        fit = model.fit(outcome)
        one = fit.contrast([0, 1, 0.5], level=level)
        assert many.correlation[place] == fit.correlation
        for name in ("estimate", "standard_error", "df", "low", "high"):
            assert getattr(many, name)[place] == pytest.approx(getattr(one, name), rel=1e-10)


def test_posterior_intervals(outcomes: np.ndarray) -> None:
    model = AutoregressiveModel(DESIGN, at=AT)
    many = np.column_stack(posterior_many(model, outcomes, [0, 1, 0]))
    one = [model.fit(outcome).posterior_interval([0, 1, 0]) for outcome in outcomes]
    np.testing.assert_allclose(many, one, rtol=1e-10, atol=1e-10)


def test_a_series_that_does_not_vary_is_refused(outcomes: np.ndarray) -> None:
    still = np.vstack([outcomes[:2], 12 - 2.7 * STEP])
    with pytest.raises(UnidentifiedDesignError, match="does not vary"):
        contrast_many(AutoregressiveModel(DESIGN, at=AT), still, [0, 1, 0])
