"""What a layer shows: its table's rows with a shape, and a count of those that got none."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd
import shapely

from woda_lib.places.county import NATIONAL_GRID
from woda_lib.places.errors import PlacesError
from woda_lib.places.layers import Layer
from woda_lib.places.located import locate
from woda_lib.places.mending import mended, quarantine_counts
from woda_lib.places.vintage import join_by_code

_NUMBERS = ("choropleth", "circles")


@dataclass(frozen=True)
class Features:
    """The features of one layer.

    Attributes
    ----------
    frame : GeoDataFrame
        One row a feature: the layer's value and columns, for areas also ``code`` and ``name``, and
        ``geometry`` in British National Grid.
    quarantine : DataFrame
        What is not on the map: ``reason, rows``.
    source, date : str
        Whose data they are, and of when.
    """

    frame: gpd.GeoDataFrame
    quarantine: pd.DataFrame
    source: str
    date: str


def layer_features(
    layer: Layer,
    table: pd.DataFrame | None,
    *,
    areas: gpd.GeoDataFrame | None = None,
    properties: pd.DataFrame | None = None,
) -> Features:
    """Give the rows of a layer's table their shapes.

    Parameters
    ----------
    layer : Layer
    table : DataFrame, optional
        Not needed for boundaries that are drawn as they are.
    areas : GeoDataFrame, optional
        The boundaries, for a layer of areas.
    properties : DataFrame, optional
        The gazetteer, for property numbers.

    Raises
    ------
    PlacesError
        If a column is missing, 0 features are left, or codes or coordinates are of the wrong kind.
    """
    frame, quarantine = _shaped(layer, table, areas, properties)
    wanted = [layer.value, *layer.columns]
    if missing := [column for column in wanted if column not in frame]:
        raise PlacesError(
            f"The layer {layer.name} shows {', '.join(missing)}, which its table does not have. It "
            f"has {', '.join(map(str, frame.columns.drop('geometry')))}."
        )
    if frame.empty:
        raise PlacesError(
            f"The layer {layer.name} has 0 features: none of its {quarantine['rows'].sum():,} rows "
            "has a place. Look at which columns it names in layers.yaml."
        )
    if layer.drawn_as in _NUMBERS:
        frame[layer.value] = pd.to_numeric(frame[layer.value], errors="coerce")
    for column in layer.columns:
        frame[column] = _without_noughts(frame[column])
    known = [column for column in ("code", "name") if column in frame and layer.kind == "areas"]
    kept = frame[[*dict.fromkeys([*known, *wanted]), "geometry"]]
    told = areas.attrs if areas is not None else {}
    return Features(
        kept,
        quarantine,
        layer.source or str(told.get("source", "")) or layer.title,
        layer.date or str(told.get("date", "")),
    )


def _without_noughts(values: pd.Series) -> pd.Series:
    """Whole numbers that a spreadsheet wrote as ``22518.0``, as people read them; text stays text.

    They are no numbers here, lest a rank be taken for a count of people.
    """
    if not isinstance(values.dtype, pd.StringDtype):
        return values
    whole = values.dropna().str.fullmatch(r"-?\d+\.0")
    return values.str.removesuffix(".0") if len(whole) and whole.all() else values


def _shaped(
    layer: Layer,
    table: pd.DataFrame | None,
    areas: gpd.GeoDataFrame | None,
    properties: pd.DataFrame | None,
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    origin = layer.origin
    if origin.boundaries:
        if areas is None:
            raise PlacesError(f"The layer {layer.name} needs boundaries: hand them over as areas.")
        counts = quarantine_counts(areas)
        left = counts.loc[counts["what"].eq("left out")]
        return areas.copy(), left.rename(columns={"areas": "rows"})[["reason", "rows"]]
    if table is None:
        raise PlacesError(f"The layer {layer.name} needs its table.")
    if origin.code:
        if areas is None:
            raise PlacesError(f"The layer {layer.name} needs boundaries: hand them over as areas.")
        joined = join_by_code(areas, table, code=origin.code, covers_more=True, what=layer.title)
        rows = {"their code is no area of the county": len(joined.elsewhere)}
        return joined.areas, pd.DataFrame({"reason": list(rows), "rows": list(rows.values())})
    if origin.columns:
        located = locate(table, origin.columns, properties=properties, what=layer.title)
        return located.points, located.reasons
    return _from_text(layer, table)


def _from_text(layer: Layer, table: pd.DataFrame) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Read well-known text; shapes that cross themselves are mended or put by."""
    column = str(layer.origin.shape)
    if column not in table:
        raise PlacesError(
            f"The layer {layer.name} has no column {column} of shapes. It has "
            f"{', '.join(map(str, table.columns[:20]))}."
        )
    if table.empty:
        raise PlacesError(f"The layer {layer.name} has 0 features: its table holds 0 rows.")
    texts = table[column].to_numpy(dtype=object, copy=True)
    texts[table[column].isna().to_numpy()] = None
    shapes = gpd.GeoSeries(shapely.from_wkt(texts, on_invalid="ignore"), index=table.index)
    rows = table.drop(columns=[column, "geometry", "code"], errors="ignore")
    rows = rows.assign(code=[f"row {n}" for n in range(1, len(rows) + 1)])
    sound, findings = mended(gpd.GeoDataFrame(rows, geometry=shapes, crs=NATIONAL_GRID))
    out = findings.loc[findings["what"].eq("left out"), "reason"].value_counts()
    left = pd.DataFrame({"reason": list(out.index), "rows": out.to_numpy(dtype=int)})
    return sound.drop(columns="code"), left
