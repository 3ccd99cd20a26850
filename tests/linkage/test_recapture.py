"""Capture–recapture on catches whose total can be reckoned by hand, or was planted."""

from __future__ import annotations

import numpy as np
import pytest

from woda_lib.linkage.recapture import chao, chapman


def test_chapman_by_arithmetic():
    # 101 · 101 / 21 − 1
    assert chapman(100, 100, 20) == pytest.approx(484.762, abs=1e-3)
    assert chapman(10, 10, 10) == pytest.approx(10)


def test_chao_by_arithmetic():
    # Two traps; caught once: 4, twice: 3. 7 + 1/2 · 4 · 3 / (2 · 4) = 7.75
    catches = np.array([[1, 0]] * 2 + [[0, 1]] * 2 + [[1, 1]] * 3, dtype=bool)
    found = chao(catches, np.ones(7))
    assert (found.caught, found.once, found.twice) == (7, 4, 3)
    assert found.total == pytest.approx(7.75)
    assert found.recall == pytest.approx(7 / 7.75)


def test_what_is_hardly_a_match_hardly_counts():
    catches = np.ones((2, 3), dtype=bool)
    assert chao(catches, np.array([1.0, 0.1])).caught == pytest.approx(1.1)


def test_nothing_to_catch_has_no_recall():
    assert np.isnan(chao(np.zeros((0, 2), dtype=bool), np.empty(0)).recall)


def test_a_planted_number_is_found_by_independent_traps():
    generator = np.random.default_rng(1)
    catches = generator.random((20_000, 4)) < [0.5, 0.4, 0.6, 0.3]
    seen = catches[catches.any(axis=1)]
    assert chao(seen, np.ones(len(seen))).total == pytest.approx(20_000, rel=0.03)
    one, two = catches[:, 0], catches[:, 1]
    assert chapman(one.sum(), two.sum(), (one & two).sum()) == pytest.approx(20_000, rel=0.03)


def test_where_some_are_harder_to_catch_the_total_is_a_lower_bound():
    generator = np.random.default_rng(2)
    ease = np.repeat([0.7, 0.1], 10_000)
    catches = generator.random((20_000, 4)) < ease[:, None]
    seen = catches[catches.any(axis=1)]
    total = chao(seen, np.ones(len(seen))).total
    assert len(seen) < total < 20_000
