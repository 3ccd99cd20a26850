"""What was said beside what happened."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from tests.prediction.assessment.tables import drawn, households
from woda_lib.figures import to_svg
from woda_lib.prediction.assessment import calibration_curve
from woda_lib.prediction.errors import PredictionError


def test_groups_expect_as_many_events_and_ties_stay_together() -> None:
    risk = np.repeat([0.1, 0.2, 0.5], [60, 30, 12])  # six events expected of each
    happened = np.concatenate([np.arange(60) < 6, np.arange(30) < 3, np.arange(12) < 12])
    found = calibration_curve(households(happened, risk), seed=1, groups=3, draws=40).table
    assert found["households"].tolist() == [60, 30, 12]
    np.testing.assert_allclose(found["said"], [0.1, 0.2, 0.5])
    np.testing.assert_allclose(found["happened"], [0.1, 0.1, 1.0])


def test_risks_that_are_true_come_true_and_doubled_ones_do_not() -> None:
    table = drawn(20000, 6)
    true = calibration_curve(table, seed=1, draws=100)
    assert true.table["households"].sum() == 20000
    assert true.missed <= 2
    doubled = calibration_curve(
        table.assign(risk=(2 * table["risk"]).clip(0, 1)), seed=1, draws=100
    )
    assert doubled.missed >= 8
    assert "of ten groups" in doubled.finding


@pytest.mark.parametrize("narrow", [False, True])
def test_the_picture_draws_each_group(narrow: bool) -> None:
    found = calibration_curve(drawn(3000, 6), seed=1, draws=40)
    assert "It happened to, per cent" in to_svg(found.plot(), narrow=narrow)
    assert found.summary()["households"].sum() == 3000


def test_points_state_no_probability() -> None:
    with pytest.raises(PredictionError, match="no probability"):
        calibration_curve(drawn(100, 1), seed=1, scorer="rule")


def test_a_group_of_too_few_households_to_be_shown_is_not_drawn() -> None:
    picture = calibration_curve(drawn(4000, 1), seed=1).plot()
    assert picture.data is not None
    withheld = picture.data.astype(object)
    withheld.iloc[-1] = pd.NA
    figure = Figure()
    picture.draw(figure, False, withheld)
    (points,) = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert len(points.get_xdata()) == len(withheld) - 1
