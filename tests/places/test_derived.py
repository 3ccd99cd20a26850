"""Boundaries that are drawn from points fit together, and agree with where the points belong."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from woda_lib.places import WORCESTERSHIRE, PlacesError, boundaries, quarantined
from woda_lib.places.agreement import share_in_own
from woda_lib.places.coverage import Look, coverage_of_points
from woda_lib.places.directory import look_up, postcodes_near

PLAIN = Look(smooth=0, tolerance=0, crumb=0.02)


def points(*rows: tuple[float, float, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["easting", "northing", "label"])


def test_land_belongs_to_the_nearest_point():
    shapes = coverage_of_points(
        points((25, 50, "a"), (75, 50, "b")), bounds=(0, 0, 100, 100), look=PLAIN
    )
    assert shapes.area.to_dict() == {"a": 5_000, "b": 5_000}
    assert shapes["a"].bounds == (0, 0, 50, 100)


def test_points_without_a_label_end_the_land_and_get_none():
    shapes = coverage_of_points(
        points((25, 50, "a"), (75, 50, "")), bounds=(0, 0, 100, 100), look=PLAIN
    )
    assert shapes.area.to_dict() == {"a": 5_000}


@pytest.mark.parametrize("look", [PLAIN, Look(1, 5.0), Look(3, 20.0)])
def test_smoothing_and_simplifying_leave_no_gap_and_no_overlap(look):
    rng = np.random.default_rng(1)
    spots = rng.random((400, 2)) * 1_000
    labels = np.array(["a", "b", "c", "d"])[(spots[:, 0] > 500) * 2 + (spots[:, 1] > 500)]
    frame = pd.DataFrame({"easting": spots[:, 0], "northing": spots[:, 1], "label": labels})
    shapes = coverage_of_points(frame, bounds=(0, 0, 1_000, 1_000), look=look)
    assert sorted(shapes.index) == ["a", "b", "c", "d"]
    assert shapely.coverage_is_valid(shapes.to_numpy())
    assert shapes.area.sum() == pytest.approx(1_000_000)


def test_a_stray_point_is_given_to_those_around_it():
    grid = [
        (x, y, "a" if x < 500 else "b")
        for x in range(50, 1_000, 100)
        for y in range(50, 1_000, 100)
    ]
    stray = coverage_of_points(
        points((251, 501, "b"), *grid), bounds=(0, 0, 1_000, 1_000), look=PLAIN
    )
    assert stray["b"].geom_type == "Polygon"
    assert stray["b"].bounds[0] >= 400


@pytest.fixture(scope="module")
def districts():
    return boundaries("district")


@pytest.fixture(scope="module")
def postcodes():
    near = postcodes_near(WORCESTERSHIRE, 0)
    return near.loc[near["district"].isin(list(WORCESTERSHIRE.districts))]


def test_districts_agree_with_the_directory_for_99_of_100_postcodes(districts, postcodes):
    assert len(postcodes) > 20_000
    assert share_in_own(districts, postcodes, "district") >= 0.99


def test_the_share_is_no_matter_of_course(districts, postcodes):
    moved = districts.assign(geometry=districts.translate(3_000, 0))
    assert share_in_own(moved, postcodes, "district") < 0.9


def test_districts_are_six_whole_and_light_enough_for_a_page(districts):
    assert districts["name"].tolist() == list(WORCESTERSHIRE.districts.values())
    assert shapely.coverage_is_valid(districts.geometry.to_numpy())
    assert shapely.get_num_coordinates(districts.geometry.to_numpy()).sum() < 2_500
    assert districts.crs.to_epsg() == 27700
    assert districts.attrs["derived"]
    assert "ONS postcode directory" in districts.attrs["source"]
    county = districts.area.sum() / 1e6
    assert county == pytest.approx(1_741, rel=0.03)  # square kilometres, ONS


def test_areas_lie_within_their_district_and_fill_it(districts, postcodes):
    spots = postcodes.iloc[::25]
    west = spots["easting"] < spots.groupby("district")["easting"].transform("median")
    area = spots["district"] + np.where(west, "W", "E")
    areas = boundaries("area", addresses=spots.assign(area=area))
    assert areas["code"].tolist() == sorted(set(area))
    assert shapely.coverage_is_valid(areas.geometry.to_numpy())
    whole = areas.dissolve("district").area
    assert np.allclose(whole, districts.set_index("name").area.loc[whole.index], atol=1)
    assert share_in_own(areas, spots.assign(area=area), "area") > 0.95


def test_an_area_without_land_is_told(postcodes):
    spots = postcodes.iloc[:200].assign(area="A")
    twin = spots.iloc[:1].assign(area="B")
    areas = boundaries("area", addresses=pd.concat([spots, twin]))
    assert areas["code"].tolist() == ["A"]
    assert quarantined(areas)["code"].tolist() == ["B"]
    assert "at one place with another area's" in quarantined(areas)["reason"].item()


def test_areas_without_addresses_are_refused(postcodes):
    with pytest.raises(PlacesError, match=r"lack area, easting, northing\. Load"):
        boundaries("area", addresses=pd.DataFrame({"uprn": ["1"]}))
    with pytest.raises(PlacesError, match="No address lies in Worcestershire"):
        boundaries("area", addresses=postcodes.assign(area="A", easting=530_000))


def test_postcodes_are_found_however_they_are_written():
    found = look_up(pd.Series(["WR1 3NZ", "wr13nz", " WR1  3NZ ", "WR1 9XX", None, "?"]))
    assert found["district"].tolist()[:3] == ["E07000237"] * 3
    assert found["easting"].isna().tolist() == [False, False, False, True, True, True]


def test_an_area_is_in_the_district_of_most_of_its_addresses_whatever_else_is_said(postcodes):
    spots = postcodes.iloc[::50]
    area = spots["district"].where(np.arange(len(spots)) > 0, "E07000239")
    areas = boundaries("area", addresses=spots.drop(columns="district").assign(area=area))
    assert areas["district"].tolist() == list(WORCESTERSHIRE.districts.values())
    assert areas.geom_type.eq("Polygon").all()


def test_small_areas_are_numbered_within_their_district(districts, postcodes):
    spots = postcodes.iloc[::50].assign(area=postcodes["postcode"].str[:-3].str.strip())
    named = boundaries("area", addresses=spots)
    for district, own in named.groupby("district"):
        assert own["name"].tolist() == [f"{district} {n + 1}" for n in range(len(own))]
