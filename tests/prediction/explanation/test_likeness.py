"""What became of households with scores like one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.explanation import Likeness


def known(risk: np.ndarray, happened: np.ndarray) -> pd.DataFrame:
    """Households of a year that is over."""
    homes = [f"h{number}" for number in range(len(risk))]
    return pd.DataFrame({"household_id": homes, "risk": risk, "happened": happened})


def test_so_many_of_1000_from_the_nearest_scores():
    """Of 10 households the outcome came to the upper five: each window of four counts its own."""
    held = Likeness.of(known(np.arange(10) / 10, np.arange(10) >= 5), size=4)
    found = held.around(pd.Series([0.0, 0.5, 0.9]))
    assert found["happened"].tolist() == [0, 2, 4]
    assert found["in_1000"].tolist() == [0, 500, 1000]
    assert found["from_risk"].tolist() == [0.0, 0.3, 0.6]


def test_the_interval_is_wilsons():
    """(p + z²/2n ± z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n), 10 of 100: 5.52% to 17.44%."""
    held = Likeness.of(known(np.full(100, 0.1), np.arange(100) < 10), size=100)
    found = held.around(pd.Series([0.1])).iloc[0]
    assert (found["low"], found["high"]) == (55, 175)


def test_of_equal_scores_all_count():
    held = Likeness.of(known(np.repeat([0.1, 0.2], 50), np.arange(100) >= 50), size=10)
    found = held.around(pd.Series([0.1, 0.2]))
    assert found["households"].tolist() == [50, 50]
    assert found["happened"].tolist() == [0, 50]


def test_a_score_above_all_of_them_says_so():
    held = Likeness.of(known(np.arange(10) / 10, np.zeros(10, dtype=bool)), size=4)
    assert held.around(pd.Series([0.9, 0.95]))["beyond"].tolist() == [False, True]


def test_the_interval_holds_the_truth_as_often_as_it_says():
    random = np.random.default_rng(5)
    risk = random.beta(0.6, 14, 20_000)
    held = Likeness.of(known(risk, random.random(20_000) < risk), size=400)
    asked = pd.Series(np.quantile(risk, np.linspace(0.02, 0.98, 49)))
    found = held.around(asked)
    within = (found["low"].to_numpy() <= 1000 * asked) & (1000 * asked <= found["high"].to_numpy())
    assert within.mean() > 0.85


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"household_id": "h1"}, "stands twice"),
        ({"risk": np.nan}, "no score or no outcome"),
    ],
)
def test_what_cannot_be_counted_is_refused(change, says):
    table = known(np.arange(10) / 10, np.zeros(10, dtype=bool))
    with pytest.raises(PredictionError, match=says):
        Likeness.of(table.assign(**change), size=4)


def test_too_few_are_refused():
    with pytest.raises(PredictionError, match="there are 3"):
        Likeness.of(known(np.arange(3) / 10, np.zeros(3, dtype=bool)), size=4)
