"""A county of 24 square areas in two districts, with buildings, counts and one withheld value."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import pandas as pd
import shapely

from woda_lib.places import drawing
from woda_lib.places.sealed import GRID, GatedLayer, MapLayer, base_map, seal

SIDE = 4_000  # metres
WEST, SOUTH = 373_000, 243_000
TITLE = "What stands where?"


def areas() -> gpd.GeoDataFrame:
    """Six columns and four rows of squares; scores 1 to 24 from the south-west, row by row."""
    places = [(column, row) for row in range(4) for column in range(6)]
    squares = [
        shapely.box(
            WEST + column * SIDE,
            SOUTH + row * SIDE,
            WEST + (column + 1) * SIDE,
            SOUTH + (row + 1) * SIDE,
        )
        for column, row in places
    ]
    return gpd.GeoDataFrame(
        {
            "code": [f"E0100000{n:02d}" for n in range(24)],
            "name": [f"Ashfield {n:03d}" for n in range(24)],
            "district": ["Malvern Hills" if column < 3 else "Wychavon" for column, _ in places],
            "score": [float(n + 1) for n in range(24)],
            "crime": [float(24 - n) for n in range(24)],
            "businesses": [10 * n for n in range(24)],
            "use": ["farming" if n % 3 else "woodland" for n in range(24)],
        },
        geometry=squares,
        crs=GRID,
    )


def buildings() -> gpd.GeoDataFrame:
    """Three libraries near each other in the north-east, and one fire station in the south-west."""
    return gpd.GeoDataFrame(
        {
            "name": ["East Library", "Mill Library", "Hill Library", "Severn Fire Station"],
            "use": ["library", "library", "library", "fire_station"],
            "partner": ["county_council"] * 3 + ["fire_service"],
        },
        geometry=gpd.points_from_xy(
            [393_000, 393_200, 393_100, 375_000], [257_000, 257_000, 257_200, 245_000]
        ),
        crs=GRID,
    )


def gated(frame: gpd.GeoDataFrame, withheld: pd.DataFrame | None = None) -> GatedLayer:
    """A layer as the gate hands it on."""
    layer = MapLayer("areas", "Areas", frame, "areas", "Office for tests", date(2025, 3, 31))
    none = pd.DataFrame(False, index=frame.index, columns=frame.columns.drop("geometry"))
    return GatedLayer(layer, frame, none if withheld is None else withheld)


def page(*, beside: tuple[str, str] | None = None) -> str:
    """The whole sheet: two measures, land use, counts, heat, buildings, and the incident tool."""
    county = areas()
    made = base_map(
        county.dissolve("district")
        .reset_index()[["district", "geometry"]]
        .rename(columns={"district": "name"})
    )
    taken = pd.DataFrame(False, index=county.index, columns=county.columns.drop("geometry"))
    taken.loc[5, "score"] = True
    county.loc[5, "score"] = None
    passed = gated(county, taken)
    told = [drawing.Field("district", "District")]
    for layer in (
        drawing.Choropleth(
            passed, value="score", name="Deprivation", heading="Score", key="code", fields=told
        ),
        drawing.Choropleth(
            passed, value="crime", name="Crime", heading="Crimes", key="code", hue="blue",
            shown=False,
        ),
        drawing.Kinds(passed, value="use", name="Land use", heading="Use", shown=False),
        drawing.Circles(
            passed, value="businesses", name="Businesses", heading="Businesses", key="code",
            shown=False,
        ),
        drawing.Heat(
            drawing.density(buildings(), bandwidth=2_000),
            name="Density", what="Buildings", shown=False,
        ),
        drawing.Points(
            buildings(), value="use", name="Public buildings", heading="Use of the building"
        ),
    ):  # fmt: skip
        layer.add_to(made)
    postcodes = pd.DataFrame(
        {"postcode": ["WR1 1AA", "WR1 1AB"], "easting": [385_000, 375_000.4],
         "northing": [251_000, 245_000]}
    )  # fmt: skip
    drawing.Sheet(
        TITLE,
        source="Office for tests",
        date="31 March 2025",
        beside=beside,
        incident=drawing.Incident(postcodes=postcodes),
    ).add_to(made)
    return seal(made, title=TITLE, synthetic=True)
