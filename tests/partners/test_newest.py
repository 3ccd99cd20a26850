"""The newest row of each key and since when it stands, beside a loop that a reader can follow."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from woda_lib.partners.newest import newest_of


def by_hand(rows: pd.DataFrame, sound: list[int]) -> dict[tuple[str, str], tuple[int, object]]:
    """By partner and key, the place of the last row and the day since which it stands."""
    found: dict[tuple[str, str], tuple[int, object]] = {}
    for place in sound:
        row = rows.iloc[place]
        key = row["partner"], row["key"]
        since = row["delivered_on"]
        if key in found:
            before = rows.iloc[found[key][0]]
            if before[["says"]].equals(row[["says"]]):
                since = found[key][1]
        found[key] = place, since
    return found


@pytest.mark.parametrize("seed", range(6))
def test_rows_that_come_again_change_and_change_back(seed):
    chance = np.random.default_rng(seed)
    number = 300
    rows = pd.DataFrame(
        {
            "partner": chance.choice(["b", "a"], number),
            "key": pd.array(chance.choice([f"k{each}" for each in range(40)], number), "string"),
            "says": pd.array(
                chance.choice(["x", "<NA>", None], number, p=[0.8, 0.1, 0.1]), "string"
            ),
            "delivered_on": pd.to_datetime("2024-01-01")
            + pd.to_timedelta(np.sort(chance.integers(0, 30, number)), unit="D"),
        },
        index=np.arange(number) + 7,
    )
    sound = np.flatnonzero(chance.random(number) < 0.9)
    newest = newest_of(rows, sound, key="key", columns=["key", "says"])
    expected = by_hand(rows, sound.tolist())
    kept = rows.iloc[newest.places]
    assert [*zip(kept["partner"], kept["key"], strict=True)] == sorted(expected)
    for place, since, key in zip(newest.places, newest.since, sorted(expected), strict=True):
        assert (place, pd.Timestamp(since)) == expected[key]
    assert sorted([*newest.places, *newest.superseded]) == sound.tolist()
    assert len({since for _, since in expected.values()}) > 5


def test_of_no_rows_none_is_newest():
    rows = pd.DataFrame({"partner": [], "key": [], "delivered_on": pd.to_datetime([])})
    newest = newest_of(rows, np.empty(0, dtype=np.int64), key="key", columns=["key"])
    assert len(newest.places) == len(newest.superseded) == len(newest.since) == 0
