"""Some rows of several tables: what pandas would take, column by column."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from woda_lib.partners.texts import ARROW_TEXTS
from woda_lib.pilots.single_view.taking import taken

DAYS = pd.to_datetime(["2025-01-01", None, "2025-03-01"])
TABLE = pd.DataFrame(
    {
        "entity_id": pd.Categorical(["ann", None, "cat"], categories=["ann", "ben", "cat"]),
        "uprn": pd.array(["100", "200", None], dtype="string"),
        "surname": pd.array(["Archer", None, "Cole"], dtype=ARROW_TEXTS),
        "how": pd.Categorical(["address", "address", "number"]),
        "said": np.array([None, True, "\ud800"], dtype=object),
        "born": np.array([pd.Timestamp("2025-01-01"), None, None], dtype=object),
        "began": DAYS,
        "seen": DAYS.tz_localize("UTC"),
        "day": DAYS.astype("datetime64[s]"),
        "confidence": [0.5, np.nan, 1.0],
        "registration": np.array([4, -1, 2], dtype=np.int32),
    },
    index=[7, 8, 9],
)


@pytest.mark.parametrize("rows", [[0, 2], [1], [], [0, 1, 2]])
def test_rows_of_each_column_are_taken_as_they_are_held(rows: list[int]):
    wanted = np.array(rows, dtype=np.int64)
    some, others = taken((TABLE, wanted), (TABLE[["day", "said"]], wanted[:1]))

    expected = TABLE.iloc[rows].reset_index(drop=True)
    expected["entity_id"] = expected["entity_id"].cat.remove_unused_categories()
    pd.testing.assert_frame_equal(some, expected)
    pd.testing.assert_frame_equal(others, expected[["day", "said"]].iloc[:1])


def test_no_person_stays_behind_as_a_category_and_other_words_do():
    [some] = taken((TABLE, np.array([0, 1])))

    assert some["entity_id"].cat.categories.tolist() == ["ann"]
    assert some["how"].cat.categories.tolist() == ["address", "number"]


def test_where_all_rows_are_wanted_none_is_copied_and_a_new_column_is_the_new_tables_alone():
    [whole] = taken((TABLE, np.arange(3)))
    whole["registration"] = [1, 2, 3]

    assert np.shares_memory(whole["confidence"].to_numpy(), TABLE["confidence"].to_numpy())
    assert TABLE["registration"].tolist() == [4, -1, 2]
