"""Bad input: a sentence that names source and field, or a correct result; never a hang or crash.

Values that the compiled kernel could stumble over are drawn at random in `fast/test_fuzz.py`.
"""

from __future__ import annotations

import datetime
import warnings
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.linkage.people import specification, table
from woda_lib.linkage import BlockingError, LinkageResult, LinkageWarning, SourceError, link

A = table(
    """
    id  forename surname born       postcode
    a1  Mary     Smith   1931-09-20 WR1_2AB
    a2  John     Brown   1948-02-11 WR9_8XY
    a3  Ann      Lee     1960-05-05 B1_1AA
    a4  Peter    Hill    1922-12-01 DY10_4PQ
    """
).astype(object)
B = table(
    """
    id  forename surname born       postcode
    b1  Mary     Smith   1931-09-20 WR1_2AB
    b2  John     Brown   1948-02-11 WR9_8XY
    b3  Zoe      Quill   1988-08-08 HR1_1HR
    """
).astype(object)
FIELDS = ["forename", "surname", "born", "postcode"]
ENGINES = pytest.mark.parametrize("engine", ["fast", "recordlinkage"])


def linked(a: Any, b: Any = B, engine: Any = "fast", **changes: Any) -> LinkageResult:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return link({"a": a, "b": b}, specification(**changes), engine=engine)


def found(result: LinkageResult) -> set[tuple[str, str]]:
    """The linked pairs, and the assurance that each record is in one cluster."""
    assert result.clusters["entity_id"].notna().all()
    assert not result.clusters.duplicated(["source", "id"]).any()
    assert result.clusters["confidence"].between(0, 1).all()
    return set(zip(result.links["left_id"], result.links["right_id"], strict=True))


@pytest.mark.parametrize(
    ("a", "sentence"),
    [
        (None, "The source 'a' is a NoneType, and a pandas DataFrame is expected"),
        (A.to_dict("list"), "The source 'a' is a dict, and a pandas DataFrame is expected"),
        (A["surname"], "The source 'a' is a Series, and a pandas DataFrame is expected"),
        (A.iloc[:0], "The source 'a' is empty: it has no rows to link."),
        (
            A.drop(columns="postcode"),
            "source 'a' has no column 'postcode' for the field 'postcode'",
        ),
        (A.assign(forename=[["Mary"]] * 4), "Source 'a', field 'forename': holds list objects."),
        (
            A.assign(born=[{"year": 1931}, {1}, None, "1922-12-01"]),
            "Source 'a', field 'born': holds dict and set objects.",
        ),
        (A.assign(surname=[b"Smith"] * 4), "Source 'a', field 'surname': holds bytes objects."),
        (A.assign(surname=[np.arange(2)] * 4), "field 'surname': holds ndarray objects."),
        (
            A.assign(postcode=pd.to_timedelta(range(4), unit="D")),
            "Source 'a', field 'postcode': holds values of type timedelta64[ns].",
        ),
        (A.assign(born=["20/09/1931"] * 4), "Source 'a', field 'born': most values are not dates."),
    ],
)
@ENGINES
def test_what_cannot_be_read_is_named(a: Any, sentence: str, engine: str) -> None:
    with pytest.raises(SourceError) as caught:
        linked(a, engine=engine)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("identifiers", "sentence"),
    [
        (["a1", "a1", "a2", "a3"], "1 of 4 records repeat the identifier of another"),
        ([7, "7", "a2", "a3"], "1 of 4 records repeat the identifier of another"),
        (["", "  ", "a2", "a3"], "2 of 4 records have no identifier"),
        (["a\ud83d", "a1", "a2", "a3"], "1 of 4 identifiers hold half a letter"),
        ([None, float("nan"), "", "a3"], "3 of 4 records have no identifier"),
        ([["a1"], ["a2"], ["a3"], ["a4"]], "holds list objects"),
    ],
    ids=["repeated", "number and text", "blank", "torn", "missing", "lists"],
)
def test_identifiers_that_do_not_tell_records_apart(identifiers: list, sentence: str) -> None:
    with pytest.raises(SourceError) as caught:
        linked(A.assign(id=identifiers))
    assert str(caught.value).startswith("Source 'a', column 'id': ")
    assert sentence in str(caught.value)


def test_no_message_quotes_a_value() -> None:
    for bad in (A.assign(forename=[["Marigold"]] * 4), A.assign(id=["Marigold"] * 4)):
        with pytest.raises(SourceError) as caught:
            linked(bad)
        assert "Marigold" not in str(caught.value)


@ENGINES
def test_nothing_is_known_about_anybody(engine: str) -> None:
    nothing = dict.fromkeys(FIELDS)
    assert found(linked(A.assign(**nothing), B.assign(**nothing), engine)) == set()


@pytest.mark.parametrize("name", FIELDS)
@ENGINES
def test_an_empty_or_constant_field_leaves_the_others_to_decide(name: str, engine: str) -> None:
    same = {"born": "1931-09-20", "postcode": "WR1 2AB"}.get(name, "Sam")
    for value in (None, same):
        pairs = found(linked(A.assign(**{name: value}), B.assign(**{name: value}), engine))
        assert {("a1", "b1"), ("a2", "b2")} <= pairs


@ENGINES
def test_one_record_a_source(engine: str) -> None:
    assert found(linked(A.iloc[:1], B.iloc[2:], engine)) == set()


@pytest.mark.parametrize(
    "born",
    [
        pd.to_datetime(A["born"]),
        pd.to_datetime(A["born"]).dt.tz_localize("Europe/London"),
        pd.to_datetime(A["born"]).dt.date,
        pd.to_datetime(A["born"]).dt.to_period("D"),
        A["born"].astype("category"),
        pd.Series([datetime.date(1931, 9, 20), "1948-02-11", pd.Timestamp("1960-05-05"), 19221201]),
        A["born"].map({day: day.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
                       for day in A["born"]}),
    ],
    ids=["timestamps", "zoned", "dates", "periods", "categories", "mixed", "Arabic digits"],
)  # fmt: skip
@ENGINES
def test_dates_of_every_type_are_the_same_dates(born: pd.Series, engine: str) -> None:
    assert found(linked(A.assign(born=born), engine=engine)) == {("a1", "b1"), ("a2", "b2")}


@ENGINES
def test_dates_that_no_calendar_holds_are_a_slip_away_from_the_true_one(engine: str) -> None:
    slips = ["1931-09-31", "1948-02-30", "0000-00-00", "1922-13-45"]
    result = linked(A.assign(born=slips), engine=engine)
    assert found(result) >= {("a2", "b2")}
    level = result.links.set_index("left_id").loc["a2", "born"]
    assert level == 1  # 30 and 11 February: in the same year


@ENGINES
def test_types_may_be_mixed_within_a_field(engine: str) -> None:
    mixed = [True, 7, Decimal("1.5"), float("inf")]
    for name in ("forename", "postcode"):
        found(linked(A.assign(**{name: mixed}), engine=engine))


@ENGINES
def test_texts_of_ten_megabytes_are_cut(engine: str) -> None:
    long = {name: ["x" * 10_000_000, *A[name][1:]] for name in FIELDS}
    assert found(linked(A.assign(**long), engine=engine)) == {("a2", "b2")}
    marks = ["e" + "\u0301" * 10_000_000, *A["forename"][1:]]
    assert ("a2", "b2") in found(linked(A.assign(forename=marks), engine=engine))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("שרה", "\u202bשרה\u202c"),
        ("Zo\u00eb", "Zoe\u0308"),
        ("Smith", "Sm\u00adith"),
        ("राम", "रा\u200dम"),
        ("Ｍａｒｙ", "mary"),
        ("Łucja", "LUCJA"),
        ("Mary\ud800", "Mary"),
    ],
    ids=["direction", "combining", "soft hyphen", "joiner", "full width", "stroke", "half a pair"],
)
@ENGINES
def test_one_name_in_two_writings_is_one_name(one: str, other: str, engine: str) -> None:
    a, b = (
        frame.assign(forename=[name, *frame["forename"][1:]])
        for frame, name in ((A, one), (B, other))
    )
    links = linked(a, b, engine).links.set_index(["left_id", "right_id"])
    assert links.loc[("a1", "b1"), "forename"] == 4


MANY = 1_000_000
ONE_SOURCE = [{"name": "a", "id": "id"}]


def many(**values: str) -> dict[str, pd.DataFrame]:
    return {"a": pd.DataFrame({"id": np.arange(MANY), **values})}


UNKNOWN = {
    "forename": "UNKNOWN UNKNOWN",
    "surname": "UNKNOWN",
    "born": "1900-01-01",
    "postcode": "ZZ99 3VZ",
}


@ENGINES
def test_a_million_records_of_nobody_known_are_a_million_entities(engine: Any) -> None:
    result = link(many(**UNKNOWN), specification(sources=ONE_SOURCE), engine=engine)
    assert (len(result.links), result.clusters["entity_id"].nunique()) == (0, MANY)


@ENGINES
def test_a_million_records_at_one_place_are_refused_with_the_number(engine: Any) -> None:
    together = many(**UNKNOWN | {"postcode": "WR1 2AB"})
    with pytest.raises(BlockingError, match=r"\(postcode\) would make 499,999,500,000 pairs"):
        link(together, specification(sources=ONE_SOURCE), engine=engine)


def test_a_few_new_records_against_a_long_register_that_is_free_of_duplicates() -> None:
    # 300,000 possible pairs are fewer than are drawn at random, but of 300,000 records
    people = np.arange(300_000)
    register = pd.DataFrame(
        {
            "id": people,
            "forename": np.where(people % 2, "Ann", "John"),
            "surname": pd.Series(people)
            .map("{:b}".format)
            .str.translate(str.maketrans("01", "mn")),
            "born": (np.datetime64("1900-02-01") + people % 30_000).astype(str),
            "postcode": pd.Series(people % 9_000).map("WR{:04d}AB".format),
        }
    )
    sources = [{"name": "a", "id": "id", "free_of_duplicates": True}, {"name": "b", "id": "id"}]
    spec = specification(sources=sources, random_pairs=1_000_000)
    result = link({"a": register, "b": register.iloc[[7]].assign(id="b1")}, spec)
    assert (7, "b1") in found(result)


def test_one_source_that_is_free_of_duplicates_has_nothing_to_link() -> None:
    free = [{"name": "a", "id": "id", "free_of_duplicates": True}]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LinkageWarning)
        assert found(link({"a": A}, specification(sources=free))) == set()
