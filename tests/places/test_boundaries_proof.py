"""How well derived boundaries and conversions hold, measured with everything there is."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from tests.absent import absent
from woda_lib.places import WORCESTERSHIRE, boundaries, quarantined, to_grid
from woda_lib.places.agreement import share_in_own
from woda_lib.places.directory import postcodes_near
from woda_lib.synthetic.addresses import make_dwellings

PAGE = Path(__file__).parents[2] / "docs" / "asset_map_boundaries.md"
HEADING = "## What was measured"
FOLDER = Path("shared", "data", "worcestershire")
RESIDENTS = (20_000, 120_000, 600_000)

pytestmark = pytest.mark.prove


@pytest.fixture(scope="module")
def folder() -> Path:
    beside = (parent / FOLDER for parent in Path(__file__).parents)
    if there := next((path for path in beside if path.is_dir()), None):
        return there
    absent("geography", "the official boundary files are not here")


@pytest.fixture(scope="module")
def districts() -> gpd.GeoDataFrame:
    return boundaries("district")


@pytest.fixture(scope="module")
def of_districts(districts, folder) -> pd.DataFrame:
    """A row a district: postcodes, the share in their own, and land shared with the real one."""
    near = postcodes_near(WORCESTERSHIRE, 0)
    official = boundaries("district", folder=folder).set_index("code").geometry
    rows = []
    for code, shape in districts.set_index("code").geometry.items():
        own = near.loc[near["district"].eq(code)]
        both = shape.intersection(official[code]).area
        rows.append(
            {
                "name": WORCESTERSHIRE.districts[str(code)],
                "postcodes": len(own),
                "agree": share_in_own(districts, own, "district"),
                "official": share_in_own(official_frame(official), own, "district"),
                "overlap": both / shape.union(official[code]).area,
            }
        )
    return pd.DataFrame(rows)


def official_frame(shapes: gpd.GeoSeries) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"code": shapes.index}, geometry=shapes.to_numpy(), crs=27700)


@pytest.fixture(scope="module")
def of_areas() -> pd.DataFrame:
    """A row a size of county: small areas, those that cannot be drawn, and what agrees."""
    rows = []
    for residents in RESIDENTS:
        homes = make_dwellings(residents, "worcestershire", np.random.default_rng(20250311))
        areas = boundaries("area", addresses=homes)
        areas_there = homes.groupby(["easting", "northing"])["area"].transform("nunique")
        alone = homes.loc[areas_there.eq(1)]
        rows.append(
            {
                "residents": residents,
                "areas": homes["area"].nunique(),
                "lost": len(quarantined(areas)),
                "shared": 1 - len(alone) / len(homes),
                "agree": share_in_own(areas, alone, "area"),
                "valid": shapely.coverage_is_valid(areas.geometry.to_numpy()),
                "corners": int(shapely.get_num_coordinates(areas.geometry.to_numpy()).sum()),
            }
        )
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def off() -> pd.Series:
    """Metres by which each of Ordnance Survey's points is missed."""
    table = pd.read_csv(Path(__file__).with_name("os_test_points.csv"), index_col="point")
    easting, northing = to_grid(table["longitude"], table["latitude"])
    away = np.hypot(easting - table["easting"], northing - table["northing"])
    return pd.Series(away, index=table.index)


def test_the_page_is_written(of_districts, of_areas, off, districts):
    """Whatever comes out; the tests below say whether it is good enough."""
    head = PAGE.read_text(encoding="utf-8").partition(HEADING)[0]
    corners = int(shapely.get_num_coordinates(districts.geometry.to_numpy()).sum())
    text = head + "\n\n".join(
        [
            HEADING,
            f"Written by `tests/places/test_boundaries_proof.py` (`make prove`), with edition "
            f"{districts.attrs['date']} of the directory.",
            _districts(of_districts, corners),
            _areas(of_areas),
            f"Degrees to metres, against Ordnance Survey's {len(off)} published test points, "
            f"without OSTN15: {off.mean():.1f} m off on average, {off.max():.1f} m at most "
            f"({off.idxmax()}), {off['TP12']:.1f} m at the point in Worcestershire (TP12).",
        ]
    )
    PAGE.write_text(text + "\n", encoding="utf-8")


def test_districts_agree_with_the_directory(of_districts):
    assert (of_districts["agree"] >= 0.99).all()


def test_districts_lie_over_the_real_ones(of_districts):
    assert (of_districts["overlap"] > 0.85).all()


def test_areas_fit_together_and_most_addresses_lie_in_their_own(of_areas):
    assert of_areas["valid"].all()
    assert (of_areas["agree"] > 0.97).all()


def test_ordnance_survey_s_points_are_met_within_five_metres(off):
    assert off.max() < 5


def _districts(table: pd.DataFrame, corners: int) -> str:
    lines = [
        "| district | postcodes | in their own, derived | in their own, official "
        "| land in common |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row.name} | {row.postcodes:,} | {row.agree:.2%} | {row.official:.2%} "
        f"| {row.overlap:.1%} |"
        for row in table.itertuples(index=False)
    ]
    weights = table["postcodes"]
    total = np.average(table["agree"], weights=weights)
    official = np.average(table["official"], weights=weights)
    lines.append(f"| all | {weights.sum():,} | {total:.2%} | {official:.2%} | |")
    return "\n".join(lines) + (
        f"\n\nLand in common is the area of the intersection over that of the union. The six "
        f"derived districts have {corners:,} corners."
    )


def _areas(table: pd.DataFrame) -> str:
    lines = [
        "| residents made up | small areas | cannot be drawn | addresses at a point of several "
        "areas | of the others, in their own | corners |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row.residents:,} | {row.areas:,} | {row.lost:,} | {row.shared:.1%} "
        f"| {row.agree:.1%} | {row.corners:,} |"
        for row in table.itertuples(index=False)
    ]
    return "\n".join(lines)
