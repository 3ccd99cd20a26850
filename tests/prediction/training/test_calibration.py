"""The curve from log odds to risk, and the rule that chooses it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.training import Calibration, calibrate


def drawn(risk_of, rows: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    odds = rng.normal(-3, 1.5, rows)
    return odds, (rng.random(rows) < risk_of(odds)).astype(int), np.arange(rows) % 5


def test_a_planted_logistic_curve_is_found():
    odds, happened, fold = drawn(lambda odds: expit(0.5 + 0.7 * odds), 100_000)
    found, crossed = calibrate(odds, happened, fold)
    assert found.method == "logistic"
    assert (found.intercept, found.slope) == (
        pytest.approx(0.5, abs=0.1),
        pytest.approx(0.7, abs=0.04),
    )
    assert crossed.mean() == pytest.approx(happened.mean(), rel=0.01)


def test_a_curve_that_no_logistic_one_fits_is_isotonic_where_events_are_many():
    def levels_off(odds):
        return np.where(odds > -2, 0.3, 0.002)

    assert calibrate(*drawn(levels_off, 40_000))[0].method == "isotonic"
    few, _ = calibrate(*drawn(levels_off, 2_000))
    assert few.method == "logistic"
    assert "isotonic regression needs 1,000" in few.why


def test_isotonic_numbers_are_read_as_straight_lines_level_outside():
    curve = Calibration("isotonic", odds=(-2.0, 0.0), risks=(0.1, 0.5))
    assert curve.risk(np.array([-9.0, -2.0, -1.0, 0.0, 9.0])) == pytest.approx(
        [0.1, 0.1, 0.3, 0.5, 0.5]
    )
    assert Calibration.read(curve.plain()) == curve


def test_odds_that_tell_nothing_are_refused():
    odds, happened, fold = drawn(lambda odds: expit(-3 - 0.5 * (odds + 3)), 5_000)
    with pytest.raises(PredictionError, match="There is no signal in these features"):
        calibrate(odds, happened, fold)
