"""Pairs come in the order of their records' positions, however they were made."""

from __future__ import annotations

import numpy as np
import pytest

from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.fast import positions
from woda_lib.linkage.fast.positions import MOST_INSERTED, in_order_of_positions, places_of

RECORDS = 200


@pytest.mark.parametrize("stretches", [1, 7])
@pytest.mark.parametrize(("bits", "most_heaps"), [(10, 4096), (3, 4096), (3, 5)])
def test_pairs_are_ordered_by_first_and_then_by_second_record(
    stretches: int, bits: int, most_heaps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(positions, "BITS_OF_A_HEAP", bits)
    monkeypatch.setattr(positions, "MOST_HEAPS", most_heaps)
    rng = np.random.default_rng(5)
    left, right = np.triu_indices(RECORDS, k=1)
    few = rng.random(len(left)) < 0.05
    few[left == 3] = True  # a record with more partners than are inserted one by one
    assert (left[few] == 3).sum() > MOST_INSERTED
    left, right = left[few], right[few]
    shuffled = rng.permutation(len(left))
    codes = rng.integers(2**32, size=len(left), dtype=np.uint32)
    parts = [
        (left[some].astype(np.int32), right[some].astype(np.int32), codes[some])
        for some in np.array_split(shuffled, stretches)
    ]
    pairs, found = in_order_of_positions(parts, RECORDS)
    assert pairs.left.tolist() == left.tolist()
    assert pairs.right.tolist() == right.tolist()
    assert found.tolist() == codes.tolist()


def test_no_pairs_are_in_order() -> None:
    pairs, codes = in_order_of_positions([], RECORDS)
    assert len(pairs) == len(codes) == 0


def test_pairs_are_found_among_others() -> None:
    held = Pairs(np.array([0, 0, 0, 3, 5]), np.array([1, 4, 9, 7, 6]))
    wanted = Pairs(np.array([5, 0, 3, 1, 0, 8, 0]), np.array([6, 9, 6, 4, 1, 9, 5]))
    assert places_of(wanted, held).tolist() == [4, 2, -1, -1, 0, -1, -1]
    partners = np.arange(10, 210, 2)
    among_many = Pairs(np.repeat([2, 5, 6], 100), np.tile(partners, 3))
    of_five = Pairs(np.full(204, 5), np.arange(8, 212))
    places = {partner: 100 + place for place, partner in enumerate(partners.tolist())}
    expected = [places.get(partner, -1) for partner in range(8, 212)]
    assert places_of(of_five, among_many).tolist() == expected
    nothing = held.take(slice(0))
    assert places_of(wanted, nothing).tolist() == [-1] * len(wanted)
    assert places_of(nothing, held).tolist() == []
