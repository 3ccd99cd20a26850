"""Whether rows are as they were."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from woda_lib.linkage.row_digests import row_digests

TABLE = pd.DataFrame(
    {
        "name": pd.array(["Ann", "", None, "Zoë", "Ann"], dtype="string"),
        "kind": pd.Categorical(["a", None, "b", "a", "a"]),
        "born": pd.to_datetime(["1980-01-02", None, "1980-01-02", None, "1980-01-02"]),
        "number": pd.array([1, 2, None, 4, 1], dtype="Int64"),
    }
)
COLUMNS = list(TABLE)


def test_rows_that_are_alike_have_one_digest_and_others_another():
    digests = row_digests(TABLE, COLUMNS)
    assert digests[0] == digests[4]
    assert len(set(digests.tolist())) == 4


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("name", "Anna"), ("name", ""), ("name", None), ("kind", "b"), ("kind", None)),
        *(("born", pd.Timestamp("1980-01-03")), ("born", None), ("number", 0), ("number", None)),
    ],
)
def test_a_change_of_any_column_changes_the_digest_of_its_row_alone(name, value):
    changed = TABLE.copy()
    changed.loc[0, name] = value
    same = row_digests(changed, COLUMNS) == row_digests(TABLE, COLUMNS)
    assert same.tolist() == [False, True, True, True, True]


def test_how_texts_are_held_is_no_part_of_a_row():
    held = TABLE.assign(
        name=TABLE["name"].astype(object).where(TABLE["name"].notna(), np.nan),
        kind=TABLE["kind"].astype("string"),
        born=TABLE["born"].astype("datetime64[s]"),
    )
    assert row_digests(held, COLUMNS).tolist() == row_digests(TABLE, COLUMNS).tolist()


def test_a_row_says_the_same_wherever_it_stands():
    digests = row_digests(TABLE, COLUMNS)
    assert row_digests(TABLE[::-1], COLUMNS).tolist() == digests[::-1].tolist()
    assert len(row_digests(TABLE[:0], COLUMNS)) == 0


def test_a_value_that_goes_to_another_column_makes_another_row():
    two = pd.DataFrame({"a": ["x", "y"], "b": ["y", "x"]})
    digests = row_digests(two, ["a", "b"])
    assert digests[0] != digests[1]


def test_a_million_rows_have_a_million_digests():
    table = pd.DataFrame({"a": np.arange(1 << 20) % 1024, "b": np.arange(1 << 20) // 1024})
    assert len(np.unique(row_digests(table, ["a", "b"]))) == 1 << 20
