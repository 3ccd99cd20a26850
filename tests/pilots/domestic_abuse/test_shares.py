"""Shares before and since, against published intervals; and shares of what comes in clusters."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from woda_lib.pilots.domestic_abuse.measures.shares import (
    clustered_share,
    difference,
    share,
    shares_before_and_since,
)


def test_wilsons_interval() -> None:
    """81 of 263: 25.53% to 36.62% (Newcombe 1998, Statistics in Medicine 17: 857-872, table I)."""
    assert share(81, 263) == pytest.approx((30.80, 25.53, 36.62), abs=0.005)


def test_newcombes_interval_of_a_difference() -> None:
    """56/70 less 48/80: 0.0524 to 0.3339 (Newcombe 1998, Stat Med 17: 873-890, table II, (a))."""
    assert difference(56, 70, 48, 80) == pytest.approx((20.0, 5.24, 33.39), abs=0.005)


def test_a_group_without_a_row_in_a_period_has_no_change() -> None:
    frame = pd.DataFrame(
        {
            "field": ["a", "a", "b"],
            "hit": [True, False, True],
            "period": ["before", "since", "since"],
        }
    )
    found = shares_before_and_since(frame, by=["field"]).set_index("field")
    assert found.loc["a", ["before", "since", "change"]].tolist() == [100, 0, -100]
    assert found.loc["b", "rows_before"] == 0
    assert np.isnan(found.loc["b", "change"])


class TestClusters:
    def test_one_record_each_is_the_plain_share(self) -> None:
        hits = pd.Series([1.0] * 30 + [0.0] * 70)
        found = clustered_share(hits, pd.Series(1.0, index=hits.index), pd.Series(range(100)))
        assert found[0] == 30
        # The logit interval of 30 in 100: 21.8 to 39.7 (arithmetic).
        half = 1.96 * np.sqrt(0.3 * 0.7 / 99) / 0.21
        odds = np.log(0.3 / 0.7)
        assert found[1:] == pytest.approx(
            [100 / (1 + np.exp(-(odds + side * half))) for side in (-1, 1)], abs=0.01
        )

    def test_records_that_come_together_count_for_less(self) -> None:
        hits = pd.Series(([1.0] * 30 + [0.0] * 70) * 4)
        one = pd.Series(1.0, index=hits.index)
        alone = clustered_share(hits, one, pd.Series(range(400)))
        together = clustered_share(hits, one, pd.Series(list(range(100)) * 4))
        assert together[0] == alone[0]
        assert together[2] - together[1] > 1.8 * (alone[2] - alone[1])

    def test_everybody_is_no_certainty(self) -> None:
        hits = pd.Series([1.0] * 20)
        estimate, low, high = clustered_share(hits, hits, pd.Series(range(20)))
        assert (estimate, high) == (100, pytest.approx(100))
        assert low < 90
