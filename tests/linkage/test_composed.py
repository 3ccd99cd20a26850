"""Fields of several columns: addresses from their pieces, whole names from their parts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_series_equal

from tests.linkage.people import specification
from woda_lib.linkage import LinkageSpec, SourceError, SpecificationError, link
from woda_lib.linkage.in_one_column import in_one_column

NUMBER = 400
GENERATOR = np.random.default_rng(6)
WORDS = [f"{a}{b}{c}" for a in "bdlmr" for b in "aeio" for c in ("nd", "rk", "st", "ll", "wen")]


def register(moved: float = 0.0) -> pd.DataFrame:
    """People at homes of four, of whom a share has moved since."""
    generator = np.random.default_rng(2)
    people = pd.DataFrame(
        {
            "number": [f"r{place}" for place in range(NUMBER)],
            "forename": generator.choice(WORDS, NUMBER),
            "surname": generator.choice(WORDS, NUMBER // 4).repeat(4),
            "sex": generator.choice(["m", "f"], NUMBER),
            "age": generator.integers(1, 90, NUMBER),
        }
    )
    homes = pd.DataFrame(
        {
            "house_number": generator.integers(1, 80, NUMBER).astype(str),
            "street": generator.choice(WORDS[:20], NUMBER),
            "town": generator.choice(["ombersley", "upton", "hallow"], NUMBER),
            "zip_code": generator.integers(27_000, 27_040, NUMBER).astype(str),
        }
    )
    home = np.arange(NUMBER) // 4
    elsewhere = generator.random(NUMBER) < moved
    home[elsewhere] = generator.integers(NUMBER // 4, NUMBER, elsewhere.sum())
    return people.join(homes.iloc[home].reset_index(drop=True))


def test_pieces_of_an_address_are_compared_as_one():
    earlier, later = register(), register(moved=0.3)
    later["number"] = later["number"].str.replace("r", "s")
    spec = LinkageSpec.suggest({"earlier": earlier, "later": later}, quiet=True)
    assert spec.kinds["address"] == "address"
    assert not {"house_number", "street", "town", "zip_code"} & set(spec.kinds)
    pieces = ["house_number", "street", "town", "zip_code"]
    assert [each.columns for each in spec.sources] == [{"address": pieces}] * 2
    assert set(spec.household) == {"surname", "address"}  # told by the two sexes at one place
    found = link({"earlier": earlier, "later": later}, spec, engine="recordlinkage").links
    same = found["left_id"].str[1:] == found["right_id"].str[1:]
    assert same.mean() > 0.97
    assert same.sum() > 0.97 * NUMBER


def test_pieces_of_which_none_is_a_street_are_left_alone():
    frame = register().drop(columns="street")
    spec = LinkageSpec.suggest({"register": frame}, quiet=True)
    assert {"house_number", "town", "zip_code"} <= set(spec.kinds)


def test_pieces_beside_a_whole_address_are_left_alone():
    frame = register()
    frame["written"] = frame["house_number"] + " " + frame["street"] + " street, " + frame["town"]
    spec = LinkageSpec.suggest({"register": frame}, quiet=True)
    assert {"house_number", "town", "zip_code", "written"} <= set(spec.kinds)


def test_a_postcode_is_compared_by_itself():
    frame = register().assign(postcode=[f"WR1 {n % 9 + 1}AB" for n in range(NUMBER)])
    spec = LinkageSpec.suggest({"register": frame}, quiet=True)
    assert spec.sources[0].columns == {"address": ["house_number", "street", "town", "zip_code"]}
    assert "postcode" in spec.kinds


def test_a_whole_name_is_compared_with_its_parts_in_another_source():
    left, right = register(), register()
    right["full_name"] = right["forename"].str.upper() + " " + right["surname"].str.upper()
    right = right.drop(columns=["forename", "surname"])
    spec = LinkageSpec.suggest({"left": left, "right": right}, quiet=True)
    assert spec.sources[0].columns["whole_full_name"] == ["forename", "surname"]
    assert spec.sources[1].columns["whole_full_name"] == "full_name"
    said = {reason.split(":")[0]: reason for reason in spec.reasons}
    for field in ("forename (left.forename)", "full_name (right.full_name)"):
        assert said[f"Field {field}"].endswith(
            "left out, for it is compared within whole_full_name."
        )
    found = link({"left": left, "right": right}, spec, engine="recordlinkage").links
    assert (found["left_id"] == found["right_id"]).all()
    assert len(found) == NUMBER


@pytest.mark.parametrize("dtype", [object, "string", "string[pyarrow]", "category"])
def test_values_stand_one_after_another_and_missing_ones_leave_no_gap(dtype: str) -> None:
    columns = [
        pd.Series(["12", None, None, ""], index=[4, 5, 6, 7], dtype=dtype),
        pd.Series(["mill lane", "the mill", None, None], dtype=dtype),
    ]
    expected = pd.Series(["12 mill lane", "the mill", None, None], dtype=object)
    assert_series_equal(in_one_column(columns), expected)


@pytest.mark.parametrize("dtype", [float, object, "Int64", "Float64", "int64[pyarrow]"])
def test_whole_numbers_are_written_without_a_point(dtype: str) -> None:
    numbers = pd.Series([12, None, 7.0], dtype=dtype)
    texts = pd.Series(["mill lane", "mill lane", None])
    assert in_one_column([numbers, texts]).tolist() == ["12 mill lane", "mill lane", "7"]


def test_half_a_letter_that_an_export_has_torn_is_kept() -> None:
    torn = pd.Series(["mi\ud83dll", "lane"])
    assert in_one_column([torn, torn]).tolist() == ["mi\ud83dll mi\ud83dll", "lane lane"]


def two_columns(**changes: Any) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    frame = register().rename(columns={"number": "id", "age": "born"})
    frame["born"] = "1980-05-1" + (frame["born"] % 10).astype(str)
    frame = frame.assign(**changes)
    sources = [
        {"name": "a", "id": "id", "columns": {"postcode": ["house_number", "zip_code"]}},
        {"name": "b", "id": "id", "columns": {"postcode": ["house_number", "zip_code"]}},
    ]
    return {"a": frame, "b": frame}, {"sources": sources}


def test_a_column_that_is_not_there_is_named() -> None:
    frames, changes = two_columns()
    frames["b"] = frames["b"].drop(columns="zip_code")
    with pytest.raises(SourceError, match="'b' has no column 'zip_code' for the field 'postcode'"):
        link(frames, specification(**changes))


def test_what_has_no_standard_form_is_refused_in_each_column() -> None:
    frames, changes = two_columns(zip_code=[["27001"]] * NUMBER)
    with pytest.raises(SourceError, match="Source 'a', column 'zip_code': holds list objects"):
        link(frames, specification(**changes))


@pytest.mark.parametrize("columns", [[], 7, [7]])
def test_columns_are_named_by_text(columns: object) -> None:
    sources = [{"name": "a", "id": "id", "columns": {"postcode": columns}}]
    with pytest.raises(SpecificationError, match=r"sources.*columns"):
        specification(sources=sources)
