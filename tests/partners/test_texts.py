"""Texts come back from Arrow as they went there, and each different one is one object."""

import pandas as pd
import pyarrow as pa
import pytest

from woda_lib.partners.texts import each_once, frame_of


def test_a_text_that_stands_twice_is_held_once_and_a_missing_one_stays_missing():
    held = each_once(pa.array(["Ann", None, "Ben", "Ann"]))
    assert held.tolist() == ["Ann", pd.NA, "Ben", "Ann"]
    assert held[0] is held[3]


@pytest.mark.parametrize("rows", [0, 3])
def test_a_table_comes_back_as_it_was_handed_over(rows):
    frame = pd.DataFrame(
        {
            "forename": pd.Series(["Ann", None, "Ann"], dtype="string"),
            "born": pd.to_datetime(["1931-09-20", None, "1940-01-02"]),
            "note": pd.Series(["x", None, "y"], dtype=object),
            "kind": pd.Categorical(["a", "b", None]),
            "nothing": pd.Series([None, None, None], dtype="string"),
            "number": pd.array([1, None, 3], dtype="Int64"),
        }
    ).iloc[:rows]
    found = frame_of(pa.Table.from_pandas(frame, preserve_index=False))
    pd.testing.assert_frame_equal(found, frame)


def test_a_table_of_texts_alone_keeps_its_rows():
    frame = pd.DataFrame({"a": pd.array(["x", "y"], dtype="string")})
    pd.testing.assert_frame_equal(frame_of(pa.Table.from_pandas(frame)), frame)
