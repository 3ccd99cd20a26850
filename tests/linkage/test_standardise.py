"""Values come into one written form, and what stands for "not known" becomes missing."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from woda_lib.identifiers import valid_nhs_numbers
from woda_lib.linkage.standardise import KINDS, standardise


@pytest.mark.parametrize(
    ("kind", "written", "standard"),
    [
        ("name", "O'Brien", "obrien"),
        ("name", "  SMITH-JONES ", "smith jones"),
        ("name", "Zoë", "zoe"),
        ("name", "Łukasz", "lukasz"),
        ("name", "Bjørn", "bjorn"),
        ("name", "Mrs Anne", "anne"),
        ("name", "Dr", "dr"),
        ("name", "محمد", "محمد"),
        ("name", "Unknown", None),
        ("name", "BABY GIRL", None),
        ("name", " - ", None),
        ("name", "a" * 10_000_000, "a" * 120),
        ("date_of_birth", "1931-09-20", "19310920"),
        ("date_of_birth", "19310920", "19310920"),
        ("date_of_birth", "1931-09-20 00:00:00", "19310920"),
        ("date_of_birth", "19310231", "19310231"),
        ("date_of_birth", "20/09/1931", None),
        ("date_of_birth", "1900-01-01", None),
        ("postcode", "wr1 2ab", "wr12ab"),
        ("postcode", "WR1-2AB", "wr12ab"),
        ("postcode", "ZZ99 3VZ", None),
        ("nhs_number", "943 476 5919", "9434765919"),
        ("nhs_number", 9434765919, "9434765919"),
        ("nhs_number", "0000000000", None),
        ("identifier", "AB-12/c", "ab12c"),
        ("sex", "Male", "m"),
        ("sex", 2, "f"),
        ("sex", "U", None),
        ("address", "Flat 2, 14 High St.", "flat 2 14 high street"),
        ("address", "APT 2 14 HIGH STREET", "flat 2 14 high street"),
        ("address", "14 A Mill Ln", "14a mill lane"),
        ("category", " White British ", "white british"),
    ],
)
def test_standard_form(kind: str, written: object, standard: str | None) -> None:
    assert standardise(pd.Series([written]), kind).tolist() == [standard]


def test_dates_may_have_a_date_type() -> None:
    dates = pd.Series(pd.to_datetime(["1931-09-20", None, "1900-01-01"]))
    assert standardise(dates, "date_of_birth").tolist() == ["19310920", None, None]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", [object, "string", "float64"])
def test_a_column_without_values_stays_missing(kind: str, dtype: str) -> None:
    empty = pd.Series([None, None], dtype=dtype, index=[7, 9])
    standard = standardise(empty, kind)
    assert standard.tolist() == [None, None]
    assert standard.index.tolist() == [7, 9]


def test_check_digit_of_nhs_numbers() -> None:
    # 943 476 5919 is the NHS Data Dictionary's worked example: the weighted sum is
    # 9·10 + 4·9 + 3·8 + 4·7 + 7·6 + 6·5 + 5·4 + 9·3 + 1·2 = 299, 299 mod 11 = 2, 11 − 2 = 9.
    numbers = pd.Series(["9434765919", "9434765918", "9434756919", "943476591", ""], dtype=object)
    assert valid_nhs_numbers(numbers.to_numpy()).tolist() == [True, False, False, False, False]


def test_dates_of_the_usual_form_are_read_at_once_as_each_would_be_alone():
    dates = ["1931-09-20", "1900-01-01", "1931-02-31", "9999-12-31", None]
    alone = [standardise(pd.Series([date]), "date_of_birth").iloc[0] for date in dates]
    assert standardise(pd.Series(dates), "date_of_birth").tolist() == alone
    mixed = [*dates, "19310920", "unknown"]  # one other form, and all are read one by one
    assert standardise(pd.Series(mixed), "date_of_birth").tolist() == [*alone, "19310920", None]


@settings(max_examples=300)
@given(
    st.sampled_from(["name", "postcode", "identifier", "nhs_number"]),
    st.lists(st.text("aAbMmRrSsZz019 '-.é\n", min_size=1), min_size=2, unique=True),
)
@example("name", ["Mr Smith", "MR  MRS X", "mr ", "Dr' x", "Not Known", "n-a", "x" * 121])
@example("postcode", ["ZZ99 3VZ", " ", "wr1 2ab"])
@example("nhs_number", ["11 11", " ", "943 476 5919"])
def test_plain_values_are_read_at_once_as_each_would_be_alone(kind: str, texts: list[str]) -> None:
    # A number among the values is no text, so that all are read one by one.
    one_by_one = standardise(pd.Series([*texts, 7], dtype=object), kind)[:-1]
    at_once = standardise(pd.Series(texts, dtype=object), kind)
    assert at_once.tolist() == one_by_one.tolist()
