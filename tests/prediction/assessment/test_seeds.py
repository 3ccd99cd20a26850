"""Trainings with other seeds: how far measures and the list move."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.prediction.assessment.tables import drawn, households
from woda_lib.figures import to_svg
from woda_lib.prediction.assessment import over_seeds
from woda_lib.prediction.errors import PredictionError


def test_the_same_model_keeps_its_list() -> None:
    frame = drawn(2000, 1)
    found = over_seeds(lambda seed: frame["risk"], frame, seeds=[1, 2], capacity=25, lot=5)
    assert found.kept == (1.0, 1.0)
    assert found.table["auc"].nunique() == 1
    assert found.warnings == ()
    assert found.summary()["of_the_list_kept"].tolist() == [100, 100, 100]


def test_a_list_that_changes_by_half_is_counted_and_warned_of() -> None:
    risk = np.array([0.9, 0.8, 0.3, 0.2, 0.1, 0.1, 0.1, 0.1])
    other = np.array([0.9, 0.2, 0.8, 0.3, 0.1, 0.1, 0.1, 0.1])
    frame = households([1, 0, 1, 0, 0, 0, 0, 0], risk)
    found = over_seeds(
        lambda seed: pd.Series(other, frame.index), frame, seeds=[7], capacity=250, lot=1
    )
    again = found.table.iloc[1]
    assert (again["kept"], again["precision"], again["recall"]) == (0.5, 1.0, 1.0)
    assert "up to 50% of the list" in found.warnings[0]
    assert "50 to 50% of the list stays on it" in found.finding


def test_the_picture_names_every_training() -> None:
    frame = drawn(500, 1)
    found = over_seeds(lambda seed: frame["risk"], frame, seeds=[3, 4], capacity=25, lot=1)
    for narrow in (False, True):
        drawing = to_svg(found.plot(), narrow=narrow)
        assert ">seed 3<" in drawing
        assert ">seed 4<" in drawing


def test_a_training_that_leaves_somebody_out_is_refused() -> None:
    frame = drawn(300, 1)
    with pytest.raises(PredictionError, match="without a score"):
        over_seeds(lambda seed: frame["risk"].head(10), frame, seeds=[1], capacity=25, lot=1)
    with pytest.raises(PredictionError, match="another seed"):
        over_seeds(lambda seed: frame["risk"], frame, seeds=[], capacity=25, lot=1)
