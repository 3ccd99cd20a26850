"""A layer: features of one kind, what they are called, what is told of each, and where from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import geopandas as gpd
import pandas as pd

from woda_lib.places.drawing.element import Drawn
from woda_lib.places.drawing.features import Field, bounds_of, features_of
from woda_lib.places.sealed import GatedLayer


class Layer(Drawn):
    """What stands in the switch under one name.

    Parameters
    ----------
    layer : GatedLayer or GeoDataFrame
        One row a feature. A bare frame has not passed the gate: it is for drafts and for tests.
    name : str
        What the switch calls it.
    value : Field
        What shades, sizes or letters the features.
    title : str
        The column that holds what a feature is called.
    key : str, optional
        The column that holds its code, by which two layers of the same areas are told together.
    fields : sequence of Field
        What else is told of a feature.
    shown : bool
        Whether the map opens with it.
    outlines : Layer, optional
        A layer of the same features in the same order, whose shapes the page then holds once.
    source, date : str
        Whose data they are, and of when; by default what the layer says.
    tolerance : float
        Metres by which outlines may move, where a bare frame is drawn.
    """

    kind: ClassVar[str]
    group: ClassVar[str]

    def __init__(
        self,
        layer: GatedLayer | gpd.GeoDataFrame,
        *,
        name: str,
        value: Field,
        title: str = "name",
        key: str | None = None,
        fields: Sequence[Field] = (),
        shown: bool = True,
        outlines: Layer | None = None,
        source: str = "",
        date: str = "",
        tolerance: float = 0,
    ) -> None:
        super().__init__()
        self._name = "layer"
        self.name = name
        self.value = value
        self.title = title
        self.key = key
        self.fields = tuple(fields)
        self.shown = shown
        told = (title, key, value.column, *(field.column for field in self.fields))
        columns = list(dict.fromkeys(column for column in told if column is not None))
        found = features_of(layer, columns, tolerance=tolerance)
        self.data = found.data
        self.withheld = found.withheld
        self.outlines = outlines
        if outlines is not None:
            for feature in self.data["features"]:
                feature["geometry"] = None
        self.source = source or found.source
        self.date = date or found.date

    def values(self) -> pd.Series:
        """The value of each feature, as it is drawn now."""
        column = self.value.column
        return pd.Series(
            [feature["properties"][column] for feature in self.data["features"]],
            name=column,
            dtype="object",
        )

    def lost(self) -> pd.Series:
        """Whether the gate has taken the value of each feature."""
        return self.withheld[self.value.column]

    def drawn_as(self) -> dict[str, Any]:
        """Return how the features look, for the page's script."""
        raise NotImplementedError

    def spec(self) -> dict[str, Any]:
        """Return what the page's script is handed."""
        value, *others = (
            {
                "column": field.column,
                "heading": field.heading,
                "decimals": field.decimals,
                "unit": field.unit,
            }
            for field in (self.value, *self.fields)
        )
        return {
            "layer": self._id,
            "name": self.name,
            "kind": self.kind,
            "group": self.group,
            "shown": self.shown,
            "title": self.title,
            "key": self.key,
            "value": value,
            "fields": others,
            "lost": self.lost().to_numpy().nonzero()[0].tolist(),
            "outlines": self.outlines._id if self.outlines else None,
            "source": self.source,
            "date": self.date,
            "data": self.data,
            **self.drawn_as(),
        }

    def _get_self_bounds(self) -> list[list[float | None]]:
        return bounds_of((self.outlines or self).data)
