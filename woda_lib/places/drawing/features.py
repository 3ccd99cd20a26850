"""Features: what a browser is handed of a layer, which is what is drawn and said, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from woda_lib.places.errors import PlacesError
from woda_lib.places.sealed import GatedLayer, as_geojson, safe_words


@dataclass(frozen=True)
class Field:
    """A column that is told of a feature beside what shades it."""

    column: str
    heading: str
    decimals: int = 0
    unit: str = ""


@dataclass(frozen=True)
class Features:
    """What a layer is drawn from.

    Attributes
    ----------
    data : dict
        A GeoJSON feature collection in WGS84.
    withheld : DataFrame of bool
        A row a feature: which of its properties the gate has taken.
    source, date : str
        Whose data they are, and of when; empty where that is not known.
    """

    data: dict[str, Any]
    withheld: pd.DataFrame
    source: str = ""
    date: str = ""


def features_of(
    layer: GatedLayer | gpd.GeoDataFrame, columns: Sequence[str], *, tolerance: float = 0
) -> Features:
    """Take from a layer what is drawn and told of it.

    Parameters
    ----------
    layer : GatedLayer or GeoDataFrame
        One row a feature. A bare frame has not passed the gate: it is for drafts and for tests.
    columns : sequence of str
        What becomes a property. No other column reaches the page.
    tolerance : float
        Metres by which outlines may move; borders that areas share stay shared.

    Raises
    ------
    PlacesError
        If a column is missing, there are no features, or it is not known where they are.
    """
    frame = layer.frame if isinstance(layer, GatedLayer) else layer
    if frame.crs is None:
        raise PlacesError(
            "These shapes have no coordinate system, so that nobody knows where they are. Set it, "
            "as in frame.set_crs(27700) for the British National Grid."
        )
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise PlacesError(
            f"The map asks for {', '.join(missing)}, which the table does not have. It has "
            f"{', '.join(map(str, frame.columns))}."
        )
    if frame.empty:
        raise PlacesError("There are 0 features to draw. Check the filter and the join before it.")
    nowhere = frame.geometry.isna() | frame.geometry.is_empty
    if nowhere.any():
        raise PlacesError(
            f"{int(nowhere.sum()):,} of {len(frame):,} features are nowhere. Leave them out of the "
            "map, and say beside it how many they are."
        )
    kept = safe_words(frame[[*columns, frame.geometry.name]])
    data = as_geojson(
        kept, tolerance=layer.layer.tolerance if isinstance(layer, GatedLayer) else tolerance
    )
    for feature in data["features"]:
        del feature["id"]  # which folium asks for, and no script of ours
    if not isinstance(layer, GatedLayer):
        nothing = pd.DataFrame(False, index=range(len(frame)), columns=list(columns))
        return Features(data, nothing)
    withheld = layer.withheld.reindex(columns=list(columns), fill_value=False)
    return Features(
        data,
        withheld.reset_index(drop=True),
        layer.layer.source,
        f"{layer.layer.date:%-d %B %Y}",
    )


def bounds_of(data: dict[str, Any]) -> list[list[float | None]]:
    """Return the south-west and north-east corner, degrees north and east."""
    frame = gpd.GeoDataFrame.from_features(data)
    west, south, east, north = (float(value) for value in frame.total_bounds)
    return [[south, west], [north, east]]
