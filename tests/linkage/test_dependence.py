"""The dependence tree finds planted dependence, and nothing where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from woda_lib.linkage.dependence import excess, fit_tree


def draw(number: int, copied: float) -> np.ndarray:
    """Three comparisons of two levels; the second copies the first with probability `copied`."""
    generator = np.random.default_rng(4)
    first, second, third = (generator.random((3, number)) < 0.3).astype(np.int8)
    second = np.where(generator.random(number) < copied, first, second)
    return np.stack([first, second, third], axis=1)


def test_independent_comparisons_get_no_edge() -> None:
    levels = draw(20_000, copied=0.0)
    assert fit_tree(levels, np.ones(len(levels)), 2) == ()


def test_the_planted_edge_is_found_with_its_strength() -> None:
    levels = draw(200_000, copied=0.5)
    (edge,) = fit_tree(levels, np.ones(len(levels)), 2)
    assert (edge.first, edge.second) == (0, 1)
    # Both agree with probability 0.3 (0.5 + 0.5 × 0.3) where independence gives 0.3².
    assert edge.excess[2, 2] == pytest.approx(np.log2(0.65 / 0.3), abs=0.02)
    assert edge.excess[1, 1] == pytest.approx(np.log2(0.85 / 0.7), abs=0.02)


def test_a_missing_level_is_no_evidence() -> None:
    levels = draw(5_000, copied=0.9)
    tree = fit_tree(levels, np.ones(len(levels)), 2)
    found = excess(tree, np.array([[1, 1, 0], [-1, 1, 0], [1, -1, 1]]))
    assert found[0] > 1
    assert found[1:].tolist() == [0, 0]


def test_a_small_sample_does_not_pay_for_an_edge() -> None:
    levels = np.array([[1, 1, 0], [1, 0, 1], [0, 1, 1], [0, 0, 0]] * 3)
    assert fit_tree(levels, np.ones(len(levels)), 2) == ()


def test_two_comparisons_get_no_edge() -> None:
    levels = draw(200_000, copied=0.5)
    assert fit_tree(levels[:, :2], np.ones(len(levels)), 2) == ()


def test_a_tree_has_no_circle() -> None:
    first = (np.random.default_rng(1).random(1_000) < 0.5).astype(np.int8)
    levels = np.stack([first] * 4, axis=1)
    assert len(fit_tree(levels, np.ones(1_000), 2)) == 3


def test_comparisons_that_the_household_class_explains_get_no_edge() -> None:
    levels = draw(20_000, copied=0.5)
    explained = np.array([True, True, False])
    assert fit_tree(levels, np.ones(len(levels)), 2, explained) == ()
