"""Small areas: what is counted in each, and what the map's tables and answer say of it."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from woda_lib.pilots.asset_map import stock, telling
from woda_lib.pilots.asset_map.small_areas import (
    sites_now,
    small_areas,
)

GRID = "EPSG:27700"
DAY = pd.Timestamp("2025-03-31")
WEST = shapely.box(380_000, 250_000, 381_000, 251_000)
EAST = shapely.box(381_000, 250_000, 382_000, 251_000)
AREAS = gpd.GeoDataFrame(
    {"code": ["A1", "A2"], "name": ["West", "East"], "district": ["Wychavon"] * 2},
    geometry=[WEST, EAST],
    crs=GRID,
)


def _gazetteer(area: str, homes: int, fifth: int, easting: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "uprn": [f"{area}{n}" for n in range(homes)],
            "parent_uprn": pd.Series([pd.NA] * homes, dtype="string"),
            "logical_status": "approved",
            "class_code": "RD04",
            "easting": easting,
            "northing": 250_500,
            "district": "Evesham",
            "deprivation_quintile": fifth,
            "area": area,
            "ended_on": pd.NaT,
        }
    )


HOMES = pd.concat([_gazetteer("A1", 60, 1, 380_500), _gazetteer("A2", 10, 4, 381_500)])


def _points(*eastings: int) -> gpd.GeoDataFrame:
    places = gpd.points_from_xy(eastings, [250_500] * len(eastings))
    return gpd.GeoDataFrame(geometry=places, crs=GRID)


def test_each_area_has_its_fifth_and_what_stands_in_it() -> None:
    made = small_areas(AREAS, HOMES, _points(380_100, 380_200, 380_300, 381_100), _points(381_900))
    told = made.drop(columns=["geometry", "name", "district"])
    assert told.to_dict("list") == {
        "code": ["A1", "A2"],
        "deprivation_fifth": [1, 4],
        "homes": [60, 10],
        "businesses": [3, 1],
        "buildings": [0, 1],
        "businesses_per_100_homes": [8.3, pytest.approx(float("nan"), nan_ok=True)],
    }


def test_a_rate_and_the_homes_do_not_tell_the_exact_number() -> None:
    shown = set()
    for number in (8, 9, 10, 11, 12):
        made = small_areas(AREAS, HOMES, _points(*[380_100] * number), _points(381_900))
        shown.add(made["businesses_per_100_homes"].iloc[0])
    assert shown == {16.7}  # of ten, whichever of the five it is


def test_areas_under_official_codes_take_their_fifth_from_the_homes_within() -> None:
    official = AREAS.assign(code=["E01032122", "E01032123"])
    made = small_areas(official, HOMES, _points(380_100), _points(381_900))
    assert made["deprivation_fifth"].tolist() == [1, 4]


def test_a_registered_office_alone_is_no_business_on_the_map() -> None:
    sites = pd.DataFrame(
        {
            "site_id": ["a", "b", "c", "d"],
            "kind": ["registered_office", "premises", "both", "premises"],
            "ended_on": pd.to_datetime([None, None, "2025-12-31", "2024-01-01"]),
            "easting": [380_500.0] * 4,
            "northing": [250_500.0] * 4,
        }
    )
    assert sites_now(sites, DAY)["site_id"].tolist() == ["b", "c"]


BUILDINGS = pd.DataFrame(
    {
        "partner": ["county_council", "county_council", "fire_service"],
        "use": ["library", "office", "fire_station"],
        "tenure": ["freehold"] * 3,
        "floor_area": [600, 1_000, 700],
        "spare_area": pd.array([100, None, None], dtype="Int64"),
        "running_cost": pd.array([50_000, 80_000, None], dtype="Int64"),
    }
)


def test_buildings_are_told_by_owner_and_use() -> None:
    table = stock.by_partner_and_use(telling.told_buildings(BUILDINGS))
    assert table.to_dict("list") == {
        "partner": ["County council", "Fire service"],
        "All": [2, 1],
        "Fire station": [0, 1],
        "Library": [1, 0],
        "Office": [1, 0],
    }


def test_what_nobody_wrote_is_not_nought() -> None:
    table = stock.by_use(BUILDINGS).set_index("use")
    assert table.loc["Library", "spare_square_metres"] == 100
    assert table.loc["Office", "spare_square_metres"] is pd.NA
    assert table.loc["Fire station", "running_cost_pounds"] is pd.NA


def test_rows_that_are_not_on_the_map_are_told_by_reason() -> None:
    reasons = pd.DataFrame({"reason": ["no postcode", "outside"], "rows": [3, 0]})
    found = stock.not_placed({"Public buildings": reasons})
    assert found.to_dict("list") == {
        "layer": ["Public buildings"],
        "reason": ["no postcode"],
        "rows": [3],
    }
    assert stock.not_placed({})["rows"].sum() == 0


def test_land_outside_the_county_is_counted_among_what_is_not_on_the_map() -> None:
    reasons = pd.DataFrame({"reason": ["no postcode"], "rows": [3]})
    found = stock.not_placed({"Public buildings": reasons}, land_outside=40)
    assert found.iloc[-1].tolist() == ["Land use", "it lies outside the county", 40]
    assert found["rows"].sum() == 43
    alone = stock.not_placed({}, land_outside=2)
    assert alone["layer"].tolist() == ["Land use"]


@pytest.mark.parametrize(("left_out", "said"), [(0, False), (4, True)])
def test_the_answer_speaks_of_what_is_left_out_where_there_is_any(
    left_out: int, said: bool
) -> None:
    told = telling.told_buildings(BUILDINGS)
    marks = telling.headline(told, 3, AREAS, 12, 2, left_out)
    answer = telling.answer(marks, stock.by_partner_and_use(told), made_up=False)
    assert ("{not_on_the_map}" in answer) is said
    assert ("Left out of the layers" in answer) is said
    assert answer.startswith("{owners} use {buildings}, the county council more than any other")
