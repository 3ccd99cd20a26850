"""Codes of another year are refused with what to do, told by the column's name and by the set."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest

from tests.places.squares import square
from woda_lib.places import PlacesError, join_by_code
from woda_lib.places.codes import read_code_column

# 2021 split E01000012 into two areas with new codes.
OLD = ["E01000010", "E01000011", "E01000012", "E01000013"]
NEW = ["E01000010", "E01000011", "E01000013", "E01033801", "E01033802"]


def areas(codes: list[str] = NEW, level: str = "lsoa", vintage: str = "2021") -> gpd.GeoDataFrame:
    shapes = [square(place) for place in range(len(codes))]
    said = {"code": codes, "name": codes, "district": "Worcester", "vintage": vintage}
    frame = gpd.GeoDataFrame(said, geometry=shapes, crs=27700)
    frame.attrs.update(level=level, derived=False, source="ONS", quarantine=())
    return frame


def table(codes: list[str], name: str = "area_code") -> pd.DataFrame:
    return pd.DataFrame({name: codes, "value": range(len(codes))})


@pytest.mark.parametrize("name", ["LSOA21CD", "lsoa21_code", "area_code", "code"])
def test_codes_of_one_year_are_joined(name):
    joined = join_by_code(areas(), table(NEW, name), code=name)
    assert joined.areas["value"].tolist() == [0, 1, 2, 3, 4]
    assert joined.counts["number"].tolist() == [5, 0, 0]
    assert joined.areas.attrs["source"] == "ONS"
    assert joined.areas.crs.to_epsg() == 27700


@pytest.mark.parametrize("name", ["LSOA11CD", "lsoa11_code", "LSOA code (2011)", "lsoa_2011"])
def test_a_name_that_says_another_year_is_refused_with_the_lookup(name):
    with pytest.raises(PlacesError) as found:
        join_by_code(areas(), table(OLD[:2], name), code=name, what="crime.csv")
    said = str(found.value)
    assert said.startswith(f"crime.csv: the column {name} holds codes of 2011")
    assert "the boundaries are of 2021" in said
    assert "the lookup from LSOA (2011) to LSOA (2021)" in said


def test_a_set_of_codes_of_another_year_is_refused_whatever_the_column_is_called():
    with pytest.raises(PlacesError) as found:
        join_by_code(areas(), table(OLD), code="area_code")
    said = str(found.value)
    assert "1 of its codes (E01000012) are no lower layer super output areas of 2021" in said
    assert "2 of these (E01033801, E01033802) have no row" in said
    assert "turn its codes into those of 2021 first" in said


def test_in_a_table_of_all_england_the_county_s_old_codes_are_found_among_its_own():
    country = [*OLD, "E01012345", "E01023456"]
    with pytest.raises(PlacesError, match=r"1 of its codes \(E01000012\)"):
        join_by_code(areas(), table(country), code="area_code", covers_more=True)
    joined = join_by_code(
        areas(), table([*NEW[:4], "E01012345", "E01023456"]), code="area_code", covers_more=True
    )
    assert joined.without_row == ("E01033802",)
    assert joined.elsewhere == ("E01012345", "E01023456")
    assert joined.counts["number"].tolist() == [4, 1, 2]


def test_an_area_without_a_row_stays_with_nothing():
    joined = join_by_code(areas(), table(NEW[:3]), code="area_code")
    assert joined.areas["value"].isna().tolist() == [False, False, False, True, True]


def test_wards_of_2024_do_not_pass_for_those_of_2025():
    wards = areas(["E05000001", "E05000002"], "ward", "2025")
    with pytest.raises(PlacesError, match=r"codes of 2024.*2025.*best-fit lookup to wards of 2025"):
        join_by_code(wards, table(["E05000001"], "WD24CD"), code="WD24CD")


def test_where_every_code_is_the_same_the_areas_are_whatever_the_name_says():
    wards = areas(["E05000001", "E05000002"], "ward", "2025")
    joined = join_by_code(wards, table(["E05000002", "E05000001"], "WD24CD"), code="WD24CD")
    assert joined.areas["value"].tolist() == [1, 0]


@pytest.mark.parametrize(
    ("frame", "code", "told"),
    [
        (table(NEW), "postcode", "has no column postcode. It has area_code, value"),
        (table(NEW[:2], "WD25CD"), "WD25CD", "holds codes of wards, and the boundaries are lower"),
        (table(["E01000010", *NEW]), "area_code", "1 codes stand on several rows .E01000010."),
        (table(["E02000001"]), "area_code", "none of its 1 codes .E02000001. is one of the 5"),
    ],
)
def test_what_cannot_be_joined_is_refused(frame, code, told):
    with pytest.raises(PlacesError, match=told):
        join_by_code(areas(), frame, code=code)


@pytest.mark.parametrize(
    ("name", "level", "year"),
    [
        ("LSOA21CD", "lsoa", "2021"),
        ("Ward code 2024", "ward", "2024"),
        ("lad_code", "district", ""),
        ("Lower layer LSOA code (2021)", "lsoa", "2021"),
        ("msoa11", "msoa", "2011"),
    ],
)
def test_a_column_s_name_says_level_and_year(name, level, year):
    column = read_code_column(name)
    assert (column.level, column.year) == (level, year)


@pytest.mark.parametrize("name", ["oadby", "board", "road_2011", "postcode", "reward", "forward_2"])
def test_other_names_say_nothing(name):
    assert read_code_column(name) is None
