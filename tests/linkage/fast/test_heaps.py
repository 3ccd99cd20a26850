"""Records of one key are brought together, whatever their number and wherever they stand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from woda_lib.linkage.fast import heaps


@pytest.mark.parametrize("records", [0, 1, 50, 9_000])
@pytest.mark.parametrize("keys", [1, 40, 10**9])
def test_blocks_are_the_keys_that_several_records_hold(
    records: int, keys: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heaps, "RECORDS_A_HEAP", 16)
    rng = np.random.default_rng(3)
    held = np.where(rng.random(records) < 0.1, -1, rng.integers(keys, size=records))
    held = np.where(rng.random(records) < 0.5, held // 1000 * 1000, held)
    largest = 60
    ends, places, found = heaps.dealt(held)
    assert (found == held[places]).all()
    order, last = (np.empty(len(places) + 1, dtype=np.int32) for _ in range(2))
    crowded = np.zeros(records, dtype=bool)
    slots, most = heaps.lay_out(ends, places, found, largest, order, last, crowded)
    blocks = np.split(order[:slots], np.unique(last[:slots]))[:-1]
    rows = pd.Series(np.arange(records))[held >= 0]
    groups = [tuple(rows.loc[own]) for own in rows.groupby(held[held >= 0]).groups.values()]
    assert {tuple(own) for own in blocks} == {own for own in groups if 1 < len(own) <= largest}
    assert sum(map(len, blocks)) == slots
    assert most == max(map(len, blocks), default=0)
    too_many = [row for own in groups if len(own) > largest for row in own]
    assert np.flatnonzero(crowded).tolist() == sorted(too_many)
