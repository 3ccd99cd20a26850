"""What cannot be measured is refused in a sentence that says what to do."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from tests.places.analysis.places import at, square, squares
from woda_lib.places import PlacesError
from woda_lib.places.analysis import (
    MODES,
    nearest,
    overlay_by_area,
    points,
    points_in_areas,
    shapes,
    touching,
    within,
)

FOOT = MODES["foot"]


def test_degrees_are_refused_with_how_to_turn_them_into_metres() -> None:
    home = at((0, 0)).to_crs(4326)
    with pytest.raises(PlacesError, match=r"homes are in degrees .* frame\.to_crs\(27700\)"):
        nearest(home, at((0, 0), building_id=["a"]), FOOT)


def test_degrees_under_the_name_of_metres_are_refused() -> None:
    home = gpd.GeoDataFrame(geometry=[shapely.Point(-2.2, 52.2)], crs=27700)
    with pytest.raises(PlacesError, match="hold numbers as small as degrees"):
        nearest(home, at((0, 0), building_id=["a"]), FOOT)


def test_two_reference_systems_are_not_laid_over_each_other() -> None:
    with pytest.raises(PlacesError, match="areas are in EPSG:3857 and everything else"):
        points_in_areas(at((1, 1)), squares(2).to_crs(3857))


def test_a_frame_that_does_not_say_its_system_is_refused() -> None:
    with pytest.raises(PlacesError, match="do not say in which reference system"):
        points_in_areas(at((1, 1)), squares(2).set_crs(None, allow_override=True))


def test_no_features_are_refused() -> None:
    with pytest.raises(PlacesError, match="There are no services to work with"):
        nearest(at((0, 0)), at((0, 0), building_id=["a"]).iloc[:0], FOOT)


def test_a_self_crossing_area_is_refused_and_the_reason_named() -> None:
    tie = shapely.Polygon([(380000, 250000), (380100, 250100), (380100, 250000), (380000, 250100)])
    areas = gpd.GeoDataFrame({"code": ["A"]}, geometry=[tie], crs=27700)
    with pytest.raises(PlacesError, match=r"1 of the areas have edges that cross .*Self-inter"):
        points_in_areas(at((1, 1)), areas)


def test_an_absent_place_is_refused_and_counted() -> None:
    lost = points(pd.DataFrame({"easting": [380_000, None], "northing": [250_000, 250_000]}))
    with pytest.raises(PlacesError, match="1 of 2 homes have no place"):
        nearest(lost, at((0, 0), building_id=["a"]), FOOT)


def test_points_where_areas_are_needed_are_refused() -> None:
    with pytest.raises(PlacesError, match="of the kind Point; areas are needed"):
        points_in_areas(at((1, 1)), at((0, 0), code=["A"]))


def test_a_plain_table_is_refused_with_how_to_make_places_of_it() -> None:
    with pytest.raises(PlacesError, match="homes are a plain table"):
        nearest(pd.DataFrame({"easting": [1]}), at((0, 0), building_id=["a"]), FOOT)


def test_an_area_given_twice_is_refused() -> None:
    twice = pd.concat([squares(1), squares(1)], ignore_index=True)
    with pytest.raises(PlacesError, match="1 of the areas have a code that another has"):
        points_in_areas(at((1, 1)), twice)


def test_features_of_which_none_has_a_neighbour_are_refused() -> None:
    with pytest.raises(PlacesError, match="None of 3 features has a neighbour"):
        within(at((0, 0), (5_000, 0), (9_000, 0)), 1_000)
    with pytest.raises(PlacesError, match="None of 1 features has a neighbour"):
        touching(squares(1))


def test_text_becomes_shapes_and_columns_become_points() -> None:
    land = shapes(pd.DataFrame({"osid": ["a"], "geometry": ["POLYGON ((0 0, 9 0, 9 9, 0 0))"]}))
    assert land.crs.to_epsg() == 27700
    assert land.geometry.area.tolist() == [40.5]
    where = points(
        pd.DataFrame(
            {"easting": pd.array([1, None], "Int64"), "northing": pd.array([2, 3], "Int64")}
        )
    )
    assert where.geometry.isna().tolist() == [False, True]


def test_sources_under_two_targets_would_be_counted_twice_and_are_refused() -> None:
    areas = squares(1).assign(homes=10.0)
    over = pd.concat([squares(1), squares(1).assign(code="B")], ignore_index=True)
    with pytest.raises(PlacesError, match="targets overlap"):
        overlay_by_area(areas, over, ["homes"])


def test_targets_that_overlap_under_a_source_that_is_not_all_covered_are_refused() -> None:
    west = gpd.GeoDataFrame({"code": ["A"]}, geometry=[square(0, 0, 400)], crs=27700)
    inner = west.assign(code="B").set_geometry(west.buffer(-1))
    over = pd.concat([west, inner], ignore_index=True)
    with pytest.raises(PlacesError, match="1 pairs of targets overlap, A and B"):
        overlay_by_area(squares(1).assign(homes=10.0), over, ["homes"])


def test_targets_that_touch_do_not_overlap() -> None:
    laid = overlay_by_area(squares(1).assign(homes=10.0), squares(4, side=250.0), ["homes"])
    assert laid.table["homes"].sum() == pytest.approx(10)
