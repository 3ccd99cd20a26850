"""Measures of a linkage against published and hand-counted figures."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.quality import against_truth, pairs_of, wilson


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17, 857–872, table I, method 3 (Wilson).
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_intervals_as_published(
    successes: int, trials: int, low: float, high: float
) -> None:
    assert wilson(successes, trials) == pytest.approx((low, high), abs=5e-5)


def test_no_trials_say_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


def test_pairs_of_groups() -> None:
    pairs = pairs_of(np.array([5, 7, 5, 5, 8]))
    assert set(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)) == {
        (0, 2),
        (0, 3),
        (2, 3),
    }


RECORDS = pd.DataFrame(
    {"source": ["a", "a", "a", "b", "b", "b"], "id": ["1", "2", "3", "1", "2", "3"]}
)
TRUTH = RECORDS.assign(entity_id=list("xyzxyz"))


def test_precision_recall_and_f1_by_hand() -> None:
    # True: 1-1, 2-2, 3-3. Found: 1-1 and, wrongly, 2-3.
    found = Pairs(np.array([0, 1]), np.array([3, 5]))
    table = against_truth(RECORDS, {"links": found}, TRUTH).set_index(["scope", "measure"])
    assert table.loc[("all pairs", "precision"), "value"] == 1 / 2
    assert table.loc[("all pairs", "recall"), "value"] == 1 / 3
    assert table.loc[("all pairs", "f1"), "value"] == pytest.approx(2 * 1 / (2 + 3))
    low, high = table.loc[("between sources", "recall"), ["low", "high"]]
    assert (low, high) == pytest.approx(wilson(1, 3))
    assert np.isnan(table.loc[("within sources", "recall"), "value"])
