"""How often the rules cry wolf on a process that never changed: simulation against theory."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from woda_lib.evaluation.process_charts.false_signals import false_signals, run_lengths
from woda_lib.evaluation.process_charts.rules import find_signals


@pytest.fixture(scope="module")
def lengths() -> dict[str, float]:
    found = run_lengths(charts=2000, points=1500)
    return dict(zip(found["rule"], found["average_run_length"], strict=True))


def test_known_limits_are_left_once_in_370_points(lengths: dict[str, float]) -> None:
    assert 1 / (2 * stats.norm.sf(3)) == pytest.approx(370.4, abs=0.1)
    assert lengths["outside"] == pytest.approx(370.4, rel=0.08)


def test_seven_on_one_side_take_127_points(lengths: dict[str, float]) -> None:
    # The first run of seven equal tosses of a fair coin: 2**7 - 1.
    assert lengths["shift"] == pytest.approx(127, rel=0.06)


def test_two_of_three_near_a_limit_take_as_long_as_a_markov_chain_says(
    lengths: dict[str, float],
) -> None:
    # States: what the last two points were, each ordinary (o), near the upper or the lower limit.
    near = stats.norm.cdf(3) - stats.norm.cdf(2)
    chance = {"o": 1 - 2 * near, "u": near, "l": near}
    states = [(a, b) for a in chance for b in chance if not (a == b != "o")]
    step = np.zeros((len(states), len(states)))
    for row, (a, b) in enumerate(states):
        for c, probability in chance.items():
            if c == "o" or c not in (a, b):
                step[row, states.index((b, c))] += probability
    expected = np.linalg.solve(np.eye(len(states)) - step, np.ones(len(states)))
    assert lengths["two_of_3"] == pytest.approx(expected[states.index(("o", "o"))], rel=0.08)


def test_estimated_limits_signal_more_often_than_known_ones() -> None:
    found = false_signals(24, charts=5000).set_index("rule")
    # 1 - (1 - .0027)**24 = 6% with known limits; screening alone costs a third of the difference.
    assert found.loc["outside", "charts_with_a_signal"] == pytest.approx(0.097, abs=0.015)
    assert found.loc["any", "charts_with_a_signal"] == pytest.approx(0.198, abs=0.02)
    unscreened = false_signals(24, charts=5000, screen=False).set_index("rule")
    assert unscreened.loc["outside", "charts_with_a_signal"] == pytest.approx(0.060, abs=0.012)


def test_many_charts_at_once_are_marked_as_each_alone() -> None:
    values = np.random.default_rng(5).standard_normal((50, 40))
    together = find_signals(values, np.zeros(1), np.full(1, 0.6))
    for row in range(50):
        alone = find_signals(values[row], np.zeros(1), np.full(1, 0.6))
        for rule in together.high:
            assert (together.marked(rule)[row] == alone.marked(rule)).all()
