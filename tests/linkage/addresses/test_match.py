"""Addresses in all styles find their property, or none: never a neighbour."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.linkage.addresses.small_gazetteer import gazetteer
from woda_lib.linkage import SourceError
from woda_lib.linkage.addresses import AddressIndex, explain, match_addresses

NONE = None
STYLES = [
    # a flat, however it is written
    ("Flat 3, 12 Mill Lane, Malvern", "WR14 2AB", "103", "exact"),
    ("FLAT 3 12 MILL LANE MALVERN", "wr142ab", "103", "exact"),
    ("3/12 Mill Ln, Malvern", "WR14 2AB", "103", "exact"),
    ("12 Mill Lane, Flat 3, Malvern", "WR14 2AB", "103", "exact"),
    ("Apartment 3, 12 Mill Lane", "WR14 2AB", "103", "parts"),
    ("12C Mill Lane", "WR14 2AB", "103", "parts"),
    ("14 Maple Court, Fir Lane, Malvern", "WR14 2AE", "110", "parts"),
    ("Flat 15, Maple Court, Fir Lane", "WR14 2AE", "111", "parts"),
    ("Flat B15, Maple Court, Fir Lane", "WR14 2AE", "111", "fuzzy"),
    ("Maple Court, Fir Lane, 15", "WR14 2AE", "111", "parts"),
    ("First floor flat, 30 Ferry Road, Upton", "WR8 2AE", "115", "exact"),
    ("Flat 1st Floor, 30 Ferry Rd, Upton", "WR8 2AE", "115", "exact"),
    # its building's other name is its own too
    ("Ground Floor Flat, Severn House, Ferry Road, Upton", "WR8 2AE", "114", "alternative"),
    # no flat is written, or one that is not held
    ("12 Mill Lane, Malvern", "WR14 2AB", "100", "building"),
    ("Flat 9, 12 Mill Lane, Malvern", "WR14 2AB", "100", "building"),
    ("Maple Court, Fir Lane, Malvern", "WR14 2AE", "120", "building"),
    ("Room 4, Ivy Lodge, Church St, Malvern", "WR14 2AD", "107", "building"),
    # numbers with letters, and ranges
    ("14 Mill Lane", "WR14 2AB", "104", "parts"),
    ("14a Mill Lane", "WR14 2AB", "105", "parts"),
    ("14 A Mill Lane", "WR14 2AB", "105", "parts"),
    ("Flat A, 14 Mill Lane", "WR14 2AB", "105", "parts"),
    ("20-22 Ferry Road, Upton", "WR8 2AE", "113", "exact"),
    ("22 Ferry Road, Upton", "WR8 2AE", "113", "fuzzy"),
    # names of houses, parks and homes
    ("Rose Cottage, Mill Lane, Malvern", "WR14 2AC", "106", "exact"),
    ("Rose Cottage, Malvern", "WR14 2AC", "106", "fuzzy"),
    ("Rose, Mill Lane", "WR14 2AC", "106", "fuzzy"),
    ("Pitch 7, Severn Caravan Park, Ferry Road, Upton", "WR8 2AE", "112", "exact"),
    ("Severn Caravan Park, Pitch 7, Ferry Road, Upton", "WR8 2AE", "112", "exact"),
    ("No 7 Severn Park", "WR8 2AE", "112", "fuzzy"),
    # a street that was renamed, misspelt, abbreviated, run together
    ("12 Gas Lane, Malvern", "WR14 2AD", "109", "historical"),
    ("14 Mil Lane, Malvern", NONE, "104", "fuzzy"),
    ("12 Chruch Street", "WR1 2AD", "108", "fuzzy"),
    ("14 Milllane, Malvern", "WR14 2AB", "104", "exact"),
    # postcode wrong or missing, town missing, county and a person's name added
    ("14 Mill Lane, Malvern", NONE, "104", "parts"),
    ("14 Mill Lane, Malvern", "WR14 2AX", "104", "fuzzy"),
    ("14 Mill Lane, Malvern, Worcestershire WR14 2AB", NONE, "104", "exact"),
    ("c/o Mrs Jones, 14 Mill Lane, Malvern", "WR14 2AB", "104", "exact"),
    ("12 Church Street, Malvern", NONE, "109", "parts"),
]
UNMATCHED = [
    ("12 Church Street", NONE),  # in two towns
    ("16 Mill Lane, Malvern", "WR14 2AB"),  # no such house
    ("14B Mill Lane, Malvern", "WR14 2AB"),
    ("21 Ferry Road, Upton", "WR8 2AE"),  # the other side of 20-22
    ("Lily Cottage, Mill Lane", "WR14 2AC"),
    ("14 Mill Lane, Birmingham", "B1 1AA"),
    ("No fixed abode", NONE),
    ("", "WR14 2AB"),
    (NONE, NONE),
]


@pytest.fixture(scope="module")
def index() -> AddressIndex:
    return AddressIndex.of(gazetteer())


@pytest.fixture(scope="module")
def matched(index: AddressIndex) -> pd.DataFrame:
    lines = [(line, postcode) for line, postcode, *_ in (*STYLES, *UNMATCHED)]
    frame = pd.DataFrame(lines, columns=["address", "postcode"])
    return match_addresses(frame.assign(id=range(len(frame))), index)


@pytest.mark.parametrize("place", range(len(STYLES)), ids=[line for line, *_ in STYLES])
def test_every_style_finds_its_property_and_says_how(matched: pd.DataFrame, place: int) -> None:
    _, _, uprn, how = STYLES[place]
    assert (matched.loc[place, "uprn"], matched.loc[place, "how"]) == (uprn, how)


def test_what_is_not_held_or_fits_two_alike_is_unmatched(matched: pd.DataFrame) -> None:
    rest = matched[len(STYLES) :]
    assert rest["uprn"].isna().all()
    assert rest["how"].isna().all()


def test_two_that_fit_alike_share_the_probability(index: AddressIndex) -> None:
    found = explain("12 Church Street", None, index)
    each = found.groupby("uprn")["probability"].first()
    assert sorted(each.index) == ["108", "109"]
    assert each["108"] == pytest.approx(each["109"])
    assert 0.4 < each["108"] < 0.5  # and something is left for one that nobody holds


def test_an_explanation_names_the_level_of_every_part(index: AddressIndex) -> None:
    best = explain("12C Mil Lane", "WR14 2AB", index).query("rank == 1").set_index("part")
    assert set(best["uprn"]) == {"103"}
    assert best.loc["house", "level"] == "its letter counts the flat"
    assert best.loc["street", "level"] == "misspelt"
    assert best.loc["postcode", "level"] == "same"


def test_a_partners_own_number_is_taken_unless_the_line_gainsays_it(index: AddressIndex) -> None:
    lines = pd.DataFrame(
        [
            ("Millers place", "WR14 2AB", "104"),  # says nothing: taken
            ("12 Mill Lane, Malvern", "WR14 2AB", "103"),  # a flat of the building: taken
            ("14 Mill Lane, Malvern", "WR14 2AB", "105"),  # the neighbour's: not taken
            ("14 Mill Lane, Malvern", "WR14 2AB", "999"),  # not held: not taken
            ("12 Church Street", None, "108"),  # decides between two
        ],
        columns=["address", "postcode", "uprn"],
    )
    found = match_addresses(lines.assign(id=range(5)), index)
    assert found["uprn"].tolist() == ["104", "103", "104", "104", "108"]
    assert found["how"].tolist() == ["given", "given", "exact", "exact", "given"]


def test_each_line_keeps_its_place_and_distinct_ones_are_matched_once(index: AddressIndex) -> None:
    lines = pd.DataFrame(
        {
            "id": ["c", "a", "b"],
            "address": ["14 Mill Lane", None, "14 Mill Lane"],
            "postcode": ["WR14 2AB", None, "WR14 2AB"],
        },
        index=[7, 7, 9],
    )
    found = match_addresses(lines, index)
    assert found["id"].tolist() == ["c", "a", "b"]
    assert found["uprn"].tolist() == ["104", None, "104"]


def test_what_fits_nothing_is_unmatched_however_little_is_asked(index: AddressIndex) -> None:
    lines = pd.DataFrame({"id": [1], "address": ["Nowhere at all"], "postcode": [None]})
    assert match_addresses(lines, index, least=0.0)["uprn"].isna().all()


def test_nothing_is_found_among_nothing() -> None:
    lines = pd.DataFrame({"id": [1], "address": ["14 Mill Lane"], "postcode": ["WR14 2AB"]})
    assert match_addresses(lines, gazetteer().head(0))["uprn"].isna().all()
    assert match_addresses(lines.head(0), gazetteer()).empty


def test_a_missing_column_is_named() -> None:
    with pytest.raises(SourceError, match="no column parent_uprn"):
        AddressIndex.of(gazetteer().drop(columns="parent_uprn"))
    with pytest.raises(SourceError, match="no column postcode"):
        match_addresses(pd.DataFrame({"id": [1], "address": ["x"]}), gazetteer())


def test_categoricals_and_strings_serve_as_well(index: AddressIndex) -> None:
    lines = pd.DataFrame(
        {
            "id": [1, 2],
            "address": pd.Categorical(["14 Mill Lane", None]),
            "postcode": pd.array(["WR14 2AB", pd.NA], dtype="string"),
            "uprn": pd.Categorical([None, "108"]),
        }
    )
    held = gazetteer().replace({"logical_status": {"1": "approved"}}).astype("category")
    for each in (index, held, gazetteer().astype("string")):
        assert match_addresses(lines, each)["uprn"].tolist() == ["104", "108"]


def test_of_a_gazetteer_without_rows_no_property_is_found_and_none_is_taken_as_given():
    empty = gazetteer().iloc[:0]
    lines = pd.DataFrame({"id": [1], "address": ["1 Mill Ln"], "postcode": [None], "uprn": ["7"]})
    found = match_addresses(lines, empty)
    assert found["uprn"].isna().all()
    assert found["probability"].tolist() == [0.0]
