"""A map before and after the gate: its layers as they are drawn from, and as they may be drawn.

A method does not hand over a folium map: whatever stood in it would have passed nobody. It returns
a `SealedMap`, which holds the layers and a function that draws them. `run.show` passes each layer
through the disclosure gate and calls the function with what came out, so that a page can only hold
what passed. It is the same order as that of a `woda_lib.figures.Picture`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

import folium
import geopandas as gpd
import pandas as pd
from matplotlib.figure import Figure

from woda_lib.places.errors import PlacesError
from woda_lib.places.sealed.geojson import as_geojson
from woda_lib.places.sealed.words import safe_words

GRID = "EPSG:27700"
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class MapLayer:
    """One layer of a map, as it was worked out: nobody has seen it yet.

    Attributes
    ----------
    name : str
        In snake_case; how the drawing asks for it, and the end of its CSV file's name.
    title : str
        How the layer switch and the table call it.
    features : GeoDataFrame
        In British National Grid (EPSG:27700). Every column but the geometry is a property, and is
        published with the map whether it is drawn or not: hand over what readers need, no more.
    of : {"areas", "services"}
        What a feature stands for. Only services (a library, a shop, a depot) may be points; a
        point where a person is counted is a home, and is refused.
    source : str
        Who made the data, as the map's foot says it.
    date : date
        Of what day the data are.
    counts : tuple of str, optional
        The columns that count people. Left out, every column of whole numbers does.
    tolerance : float
        By how many metres the lines of areas may be simplified; nought keeps each vertex.
    """

    name: str
    title: str
    features: gpd.GeoDataFrame
    of: Literal["areas", "services"]
    source: str
    date: date
    counts: tuple[str, ...] | None = None
    tolerance: float = 20.0

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise PlacesError(
                f"A layer of a map cannot be called {self.name!r}. Use small letters, digits and "
                "underscores, as in public_buildings."
            )
        if self.features.crs != GRID:
            found = "no coordinate system" if self.features.crs is None else "another one"
            raise PlacesError(
                f"The layer {self.name} of a map is to be in British National Grid ({GRID}) and "
                f"has {found}. Read it with woda_lib.places, or use features.to_crs({GRID!r})."
            )
        shapes = self.features.geometry
        if not (shapes.notna() & ~shapes.is_empty).any():
            raise PlacesError(
                f"The layer {self.name} of a map has no feature with a place. Look whether the "
                "rows were quarantined, or whether a filter left none; leave the layer out."
            )

    @property
    def properties(self) -> pd.DataFrame:
        """The features' properties, a row a feature."""
        return pd.DataFrame(self.features.drop(columns=self.features.geometry.name))


@dataclass(frozen=True)
class GatedLayer:
    """One layer of a map as it may be drawn.

    Attributes
    ----------
    layer : MapLayer
        For its name, title, source and date. Its `features` did not pass the gate: draw from
        `frame` or `geojson`.
    frame : GeoDataFrame
        In British National Grid, with gated properties: counts rounded, and missing where they
        were withheld.
    withheld : DataFrame of bool
        True where a property was withheld, and not merely missing.
    """

    layer: MapLayer
    frame: gpd.GeoDataFrame
    withheld: pd.DataFrame

    @cached_property
    def geojson(self) -> dict[str, Any]:
        """A ``FeatureCollection`` in WGS84, to a metre, that folium takes as it is.

        Texts are harmless wherever a page puts them: see `woda_lib.places.sealed.words`.
        """
        return as_geojson(safe_words(self.frame), tolerance=self.layer.tolerance)


Draw = Callable[[Mapping[str, GatedLayer]], folium.Map]
Still = Callable[[Figure, bool, Mapping[str, GatedLayer]], None]


@dataclass(frozen=True)
class SealedMap:
    """A map that opens without a network, and everything that it may show.

    Attributes
    ----------
    title : str
        What the map's page is called.
    layers : tuple of MapLayer
    draw : callable
        Called with the gated layers by name; returns the folium map. Begin with
        `woda_lib.places.sealed.base_map`, which asks for no tiles.
    still : callable, optional
        Draws the same on a matplotlib figure, for paper and for readers whose browser runs no
        script: called with the figure, whether it is narrow, and the gated layers. Left out, what
        the page opens with is drawn with its legend; of a bare folium map, outlines and points.
    height : int
        Of the map in a report, in CSS pixels.
    """

    title: str
    layers: tuple[MapLayer, ...]
    draw: Draw
    still: Still | None = field(default=None)
    height: int = 560

    def __post_init__(self) -> None:
        names = [layer.name for layer in self.layers]
        if not names:
            raise PlacesError(f"The map {self.title!r} has no layers. Give it one at least.")
        twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
        if twice:
            raise PlacesError(f"The map {self.title!r} has two layers called {twice[0]}.")
