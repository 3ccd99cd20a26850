"""Points in areas, values shared out by area, and the mix of uses of land."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from tests.places.analysis.places import at, square, squares
from woda_lib.places import PlacesError
from woda_lib.places.analysis import land_mix, overlay_by_area, points_in_areas


def test_each_point_is_in_the_area_that_covers_it() -> None:
    found = points_in_areas(at((500, 500), (1_500, 500), (500, 1_500)), squares(2))
    assert found.table["code"].tolist() == ["A00", "A01", "A02"]
    assert found.warnings == ()


def test_a_point_on_a_shared_edge_is_in_the_area_whose_code_comes_first_and_counted_once() -> None:
    found = points_in_areas(at((1_000, 500), (1_000, 1_000)), squares(2))
    assert found.table["code"].tolist() == ["A00", "A00"]
    assert found.table["on_edge"].tolist() == [True, True]
    assert found.counts()["count"].sum() == 2


def test_the_order_of_areas_does_not_decide_about_edges() -> None:
    found = points_in_areas(at((1_000, 1_000)), squares(2).iloc[::-1])
    assert found.table["code"].tolist() == ["A00"]


def test_a_point_outside_is_missing_and_counted() -> None:
    found = points_in_areas(at((500, 500), (9_999, 0)), squares(2))
    assert found.table["code"].isna().tolist() == [False, True]
    assert dict(found.summary().to_numpy())["in no area"] == 1
    assert "1 points lie in no area" in found.warnings[0]


def test_a_value_is_shared_out_in_proportion_to_the_overlap() -> None:
    source = gpd.GeoDataFrame(
        {"code": ["S"], "homes": [100.0]}, geometry=[square(500, 0, 1_000)], crs=27700
    )
    shared = overlay_by_area(source, squares(2), ["homes"]).table.set_index("code")["homes"]
    assert shared.to_dict() == pytest.approx({"A00": 50, "A01": 50, "A02": 0, "A03": 0})


def test_nothing_is_lost_and_what_lies_on_no_target_is_said() -> None:
    rng = np.random.default_rng(3)
    corners = rng.uniform(-400, 2_200, (40, 2))
    sources = gpd.GeoDataFrame(
        {"code": [f"S{i}" for i in range(40)], "homes": rng.uniform(1, 9, 40)},
        geometry=[square(x, y, 300) for x, y in corners],
        crs=27700,
    )
    laid = overlay_by_area(sources, squares(2), ["homes"])
    (total,) = laid.totals.to_dict("records")
    assert total["before"] == pytest.approx(total["shared_out"] + total["outside"])
    inside = sources.geometry.intersection(squares(2).union_all()).area / sources.geometry.area
    assert total["shared_out"] == pytest.approx((inside * sources["homes"]).sum())
    assert total["outside"] > 0
    assert "lie partly or wholly on no target" in laid.warnings[0]


def test_the_mix_is_nought_for_one_use_and_one_where_all_have_as_much() -> None:
    land = gpd.GeoDataFrame(
        {"osid": ["a", "b", "c"], "tier_a": ["Retail", "Retail", "Homes"]},
        geometry=[square(0, 0, 500), square(1_000, 0, 500), square(1_500, 0, 500)],
        crs=27700,
    )
    found = land_mix(land, squares(2), {"Retail": "shops", "Homes": "homes"}).table
    mix = found.set_index("code")["mix"]
    assert mix["A00"] == pytest.approx(0)
    assert mix["A01"] == pytest.approx(1)
    assert mix[["A02", "A03"]].isna().all()
    assert found.set_index("code").loc["A01", ["homes", "shops"]].tolist() == [0.5, 0.5]


def test_the_mix_of_a_quarter_and_three_quarters_is_that_of_the_formula() -> None:
    land = gpd.GeoDataFrame(
        {"osid": ["a", "b"], "tier_a": ["Retail", "Homes"]},
        geometry=[square(0, 0, 100), shapely.box(380_100, 250_000, 380_400, 250_100)],
        crs=27700,
    )
    (mix,) = land_mix(land, squares(1), {"Retail": "shops", "Homes": "homes"}).table["mix"]
    assert mix == pytest.approx(-(0.25 * np.log(0.25) + 0.75 * np.log(0.75)) / np.log(2))


def test_sites_without_a_class_are_counted_and_none_at_all_is_refused() -> None:
    land = gpd.GeoDataFrame(
        {"osid": ["a", "b"], "tier_a": ["Retail", "Historic"]},
        geometry=[square(0, 0, 100), square(100, 0, 100)],
        crs=27700,
    )
    found = land_mix(land, squares(1), {"Retail": "shops", "Homes": "homes"})
    assert found.warnings == ("1 sites are of a use that has no class.",)
    with pytest.raises(PlacesError, match="No site's tier_a is one of the 2"):
        land_mix(land, squares(1), {"retail": "shops", "homes": "homes"})
