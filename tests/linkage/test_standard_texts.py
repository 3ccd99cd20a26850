"""Fields of several sources, standardised at once as each value is by itself."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from tests.linkage.people import specification
from woda_lib.linkage.as_arrow import texts_of
from woda_lib.linkage.days import days_in_standard_form, days_together
from woda_lib.linkage.identities import record_names
from woda_lib.linkage.plain_forms import numbered, numbered_in_order, places_in_order, plain_texts
from woda_lib.linkage.sources import gather, gather_texts
from woda_lib.linkage.standard_texts import Texts, in_standard_forms, texts_together
from woda_lib.linkage.standardise import in_standard_form, standardise
from woda_lib.linkage.whereabouts import rows_as_given

NAMES = ["Zoë", "O'Brien", None, "UNKNOWN", "smith-jones", "Smith Jones", "ﬁnn", "李"]
SIDES = (slice(0, 1), slice(1, 2))
COLUMNS = {
    "text": pd.Series(NAMES, dtype="string"),
    "objects": pd.Series(NAMES, dtype=object),
    "categories": pd.Series(NAMES, dtype="category"),
    "nothing": pd.Series([None] * len(NAMES), dtype=object),
    "arrow": pd.Series(NAMES, dtype=pd.ArrowDtype(pa.large_string())),
    "arrow in pieces": pd.Series(
        pd.arrays.ArrowExtensionArray(pa.chunked_array([NAMES[:3], NAMES[3:]]))
    ),
    "arrow behind pandas": pd.Series(NAMES, dtype="string[pyarrow]"),
}


@pytest.mark.parametrize(
    ("kind", "letters"),
    [
        *(("name", "A-Za-z' -"), ("nhs_number", "0-9 ")),
        *(("postcode", "0-9A-Za-z -"), ("identifier", "0-9A-Za-z -")),
    ],
)
@pytest.mark.parametrize(
    "texts",
    [
        *(["LEE", "ann"], ["O'Brien", "Lee"], ["Mr Lee", "Lee - May"], ["test", "-", "Mr "]),
        *(["WR1 2AB", "ZZ99 3VZ", "ZZ99"], ["9434765919", "943 476 5919", "111 111", "0"]),
        *(["A" * 120, "B"], ["A" * 121, "B"], ["7" * 121, "7"], ["", "Lee", "7"], ["Zoë", "Lee"]),
        [],
    ],
)
def test_plain_texts_have_the_form_of_each_by_itself(
    texts: list[str], kind: str, letters: str
) -> None:
    one_more = pa.array(["李", *texts], type=pa.string())  # of which the others are a stretch
    forms, rest = plain_texts(one_more[1:], kind)
    plain = [re.fullmatch(f"[{letters}]{{1,120}}", text) is not None for text in texts]
    assert rest.tolist() == np.flatnonzero(~np.array(plain, dtype=bool)).tolist()
    expected = [
        in_standard_form(text, kind) if is_plain else None
        for text, is_plain in zip(texts, plain, strict=True)
    ]
    assert forms.to_pylist() == expected


@pytest.mark.parametrize(
    "born",
    [
        *(["1931-09-20", None, "1931-09-21", "1931-09-20"], [None, None], ["1900-01-01"]),
        ["0001-01-01", "9999-12-31", None, "2024-02-29"],  # further apart than a century
    ],
)
def test_days_have_the_form_of_each_date(born: list[str | None]) -> None:
    dates = pd.Series(np.array(born, dtype="datetime64[s]"))
    days = days_together([dates, pd.Series([None], dtype=object)])
    assert days is not None
    found = pd.Series(days_in_standard_form(days).in_order()).astype(object)
    expected = [*standardise(dates, "date_of_birth"), None]
    assert found.where(found.notna(), None).tolist() == expected


@pytest.mark.parametrize("kind", ["name", "postcode", "category", "address", "identifier"])
def test_each_text_is_standardised_as_by_itself(kind: str) -> None:
    columns = list(COLUMNS.values())
    texts = texts_together(columns)
    assert texts is not None
    expected = pd.concat([standardise(column, kind) for column in columns]).to_numpy(dtype=object)
    backwards = np.arange(len(expected))[::-1]
    found = in_standard_forms(texts, kind, backwards).in_order()
    assert [None if text is np.nan else text for text in found] == expected[backwards].tolist()
    assert found.categories.tolist() == sorted({text for text in expected if text is not None})


def test_texts_that_are_all_in_their_standard_form_stand_as_they_are() -> None:
    texts = texts_together([pd.Series(["lee", None, "ann"]), pd.Series(["lee", "zed"])])
    assert texts is not None
    found = in_standard_forms(texts, "name", np.array([4, 3, 2, 1, 0])).in_order()
    assert found.categories.tolist() == ["ann", "lee", "zed"]
    assert found.codes.tolist() == [2, 1, 0, -1, 1]


def test_a_column_in_pieces_is_numbered_as_one() -> None:
    pieces = pa.chunked_array([["lee", None], [], ["ann", "lee"]], pa.string())
    column = pd.Series(pd.arrays.ArrowExtensionArray(pieces))
    assert texts_of(column) == pa.array(["lee", None, "ann", "lee"])
    texts = texts_together([pd.Series(["zed", "ann"]), column])
    assert texts is not None
    assert texts.held.to_pylist() == ["zed", "ann", "lee"]
    assert texts.codes.tolist() == [0, 1, 2, -1, 1, 2]


def test_columns_that_share_their_categories_hold_what_occurs_in_them_alone() -> None:
    known = pd.Index(["Ann", "ANN", "Bea", "Cy"])
    one, other = (
        pd.Series(pd.Categorical.from_codes(codes, known)) for codes in ([1, -1], [2, 0, 1])
    )
    texts = texts_together([one, pd.Series(["bea", "zed"]), other])
    assert texts is not None
    assert sorted(texts.held.to_pylist()) == ["ANN", "Ann", "Bea", "bea", "zed"]
    found = in_standard_forms(texts, "name", np.arange(len(texts))).in_order()
    assert found.categories.tolist() == ["ann", "bea", "zed"]
    assert found.codes.tolist() == [0, -1, 1, 2, 1, 0, 0]


@pytest.mark.parametrize(
    "column", [pd.Series([7, 8]), pd.Series(["torn \ud800", "b"]), pd.Series([7, "b"])]
)
def test_what_is_not_text_throughout_is_left_to_the_loop(column: pd.Series) -> None:
    assert texts_together([COLUMNS["text"], column]) is None


def test_a_field_that_is_text_in_one_source_and_numbers_in_another() -> None:
    born = ["1931-09-20", "1948-02-11"]
    one = pd.DataFrame(
        {"id": ["2", "1"], "forename": ["Zoë", "Al"], "surname": ["B", "A"], "born": born}
    )
    other = one.assign(id=[9, 10], surname=[12, 7])
    frames = {"a": one.assign(postcode="WR1 2AB"), "b": other.assign(postcode=None)}
    records = gather(frames, specification())
    assert records["id"].tolist() == ["1", "2", 9, 10]
    assert records["forename"].tolist() == ["al", "zoe", "zoe", "al"]
    assert records["forename"].cat.categories.tolist() == ["al", "zoe"]
    assert records["surname"].tolist()[:2] == ["a", "b"]
    assert records["postcode"].isna().tolist() == [False, False, True, True]


BORN = ["1931-09-20", None, "1900-01-01"]  # the last is what systems write for "not known"


@pytest.mark.parametrize(
    "other",
    [
        pd.Series(pd.to_datetime(BORN)),
        pd.Series(np.array(BORN, dtype="datetime64[s]")),
        pd.Series(pd.to_datetime(BORN)) + pd.Timedelta(hours=7),
        pd.Series(BORN, dtype=object),
        pd.Series([None] * 3, dtype=object),
    ],
)
def test_dates_of_several_sources_are_standardised_as_those_of_each(other: pd.Series) -> None:
    one = pd.DataFrame({"id": ["3", "1", "2"], "forename": "Al", "surname": "A", "postcode": None})
    days = np.array(["1948-02-11", "1931-09-20", "NaT"], dtype="datetime64[ns]")
    frames = {"a": one.assign(born=days), "b": one.assign(born=other)}
    expected = [
        standardise(frames[name]["born"], "date_of_birth").iloc[[1, 2, 0]] for name in ("a", "b")
    ]
    found = gather(frames, specification())["born"]
    assert found.astype(object).where(found.notna(), None).tolist() == pd.concat(expected).tolist()
    assert found.cat.categories.tolist() == ["19310920", "19480211"]


def test_texts_that_no_record_has_and_those_that_are_alike_stand_once_at_most() -> None:
    held = pa.array(["lee", None, "ann", "lee", "zed"], type=pa.string())
    texts = Texts(np.array([3, -1, 2, 1, 0, 0], dtype=np.int32), held)
    found = texts.that_occur().in_order()
    assert found.categories.tolist() == ["ann", "lee"]
    assert found.codes.tolist() == [1, -1, 0, -1, 1, 1]
    nothing = texts.at(np.array([1, 3])).that_occur().in_order()
    assert nothing.codes.tolist() == [-1, -1]
    assert not len(nothing.categories)


NUMBERS = pd.DataFrame(
    {"id": [10, 9], "forename": ["ZOE", "al"], "surname": [7, None]}
    | {"born": pd.to_datetime(["1931-09-20", None]), "postcode": ["WR1 2AB", None]}
)

TIMES = pd.date_range("2020-01-01", periods=2, freq="h")


@pytest.mark.parametrize(
    "odd",
    [
        *(NUMBERS, NUMBERS.astype({"id": str}), NUMBERS.astype({"id": float})),
        *(NUMBERS.assign(id=times) for times in (TIMES, TIMES.astype("timestamp[us][pyarrow]"))),
        NUMBERS.astype({"id": str}).astype({"id": "string[pyarrow]"}),
    ],
)
def test_records_that_are_not_made_a_table_say_what_the_table_does(odd: pd.DataFrame) -> None:
    frames = {
        "a": NUMBERS.assign(id=["b", "a"], surname=["O'Brien", "Lee"]).astype({"id": "string"}),
        "b": odd,
    }
    table, gathered = gather(frames, specification()), gather_texts(frames, specification())
    pd.testing.assert_frame_equal(gathered.table(np.ones(4, dtype=bool)), table)
    assert gathered.names.tolist() == record_names(table).tolist()
    told = rows_as_given(frames, specification(), table)
    assert {source: rows.tolist() for source, rows in gathered.rows.items()} == {
        source: rows.tolist() for source, rows in told.items()
    }
    some = gathered.table(np.array([False, True, False, False]))
    assert some["id"].tolist() == ["b"]
    assert some["forename"].cat.categories.tolist() == some["forename"].tolist() == ["zoe"]
    assert some["surname"].tolist() == ["obrien"]


def test_a_source_whose_columns_come_in_pieces_is_read_as_any_other() -> None:
    whole = pd.DataFrame(
        {"id": ["2", "1"], "forename": ["Zoë", "Al"], "surname": ["B", "A"]}
        | {"born": ["1931-09-20", "1948-02-11"], "postcode": ["WR1 2AB", None]}
    )
    halves = [pa.Table.from_pandas(whole[part], preserve_index=False) for part in SIDES]
    pieces = pa.concat_tables(halves, promote_options="default").to_pandas(
        types_mapper=pd.ArrowDtype
    )
    assert pieces["forename"].array.__arrow_array__().num_chunks == 2
    found, expected = (gather({"a": each, "b": whole}, specification()) for each in (pieces, whole))
    pd.testing.assert_frame_equal(found, expected)


@pytest.mark.parametrize("odd", ["é", "torn \ud800", 7])
def test_texts_are_numbered_as_pandas_numbers_them(odd: object) -> None:
    texts = np.array(["b", None, odd, "a", "b", pd.NA, odd], dtype=object)
    codes, distinct = numbered(texts)
    expected, known = pd.factorize(texts)
    assert codes.tolist() == expected.tolist() == [0, -1, 1, 2, 0, -1, 1]
    assert distinct.tolist() == known.tolist() == ["b", odd, "a"]
    assert distinct[0] is texts[0]  # no text is held twice


def test_texts_are_numbered_in_the_order_of_their_code_points() -> None:
    texts = np.array(["é", "b", None, "a b", "a", "b"], dtype=object)
    places, distinct = numbered_in_order(texts)
    assert distinct.tolist() == ["a", "a b", "b", "é"]
    assert places.tolist() == [3, 2, -1, 1, 0, 2]


@pytest.mark.parametrize("odd", ["é", "\ud800"])  # the second is half a letter
@pytest.mark.parametrize("times", [1, 9])  # objects that stand once, and several times
def test_places_in_order_are_told_without_the_texts(odd: str, times: int) -> None:
    texts = np.array([odd, "b", None, "a b", "a", "b"] * times, dtype=object)
    assert places_in_order(texts).tolist() == numbered_in_order(texts)[0].tolist()
