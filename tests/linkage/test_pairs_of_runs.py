"""Pairs within groups whose members stand side by side."""

import numpy as np
import pytest

from woda_lib.linkage.pairs_of_runs import pairs_of_runs
from woda_lib.linkage.quality import pairs_of


@pytest.mark.parametrize(
    ("groups", "pairs"),
    [
        ([], []),
        ([4], []),
        ([1, 1, 1, 3, 7, 7], [(0, 1), (0, 2), (1, 2), (4, 5)]),
    ],
)
def test_each_two_of_a_group_are_a_pair(groups: list[int], pairs: list[tuple[int, int]]) -> None:
    left, right = pairs_of_runs(np.array(groups, dtype=np.int64))
    assert list(zip(left.tolist(), right.tolist(), strict=True)) == pairs


def test_they_are_those_of_groups_in_any_order() -> None:
    groups = np.sort(np.random.default_rng(1).integers(0, 40, 200))
    left, right = pairs_of_runs(groups)
    known = pairs_of(groups)
    assert set(zip(left, right, strict=True)) == set(zip(known.left, known.right, strict=True))
