"""Very many points on one map: drawn on a canvas, each where there is room, else how many.

folium writes a script of some hundred characters for each marker, and Leaflet an object; with a
hundred thousand sites neither opens. Here the points are columns of whole numbers, and one layer
draws those that are in view: a dot each while few are, else a circle a cell with their number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from folium.elements import ElementAddToElement
from folium.map import Layer

from woda_lib.figures import TOKENS
from woda_lib.places.errors import PlacesError
from woda_lib.places.sealed.elements import HouseElement
from woda_lib.places.sealed.geojson import DECIMALS, as_json_rows, degrees
from woda_lib.places.sealed.layers import GatedLayer
from woda_lib.places.sealed.words import safe_words

_FEW = 500  # different texts of a column, up to which each is written once


class PointField(HouseElement, Layer):
    """A layer of very many points, for a folium map.

    Parameters
    ----------
    layer : GatedLayer
        Of points.
    said : sequence of str
        The columns that a tooltip says, its heading first.
    noun : str
        What the points are, such as "sites".
    colour : str
        Of a dot or circle.
    by : str, optional
        A column of texts by which dots are coloured.
    colours : mapping of str to str
        A colour for each of them; others have `colour`.
    most : int
        How many dots may be in view; more are counted by cell.
    cell : int
        The width of a cell, in CSS pixels.
    show : bool
        Whether it is drawn from the beginning.

    Raises
    ------
    PlacesError
        If a feature is no point, or a column is not there.
    """

    def __init__(
        self,
        layer: GatedLayer,
        *,
        said: Sequence[str],
        noun: str = "sites",
        colour: str = TOKENS["blue"],
        by: str | None = None,
        colours: Mapping[str, str] | None = None,
        most: int = 4000,
        cell: int = 48,
        show: bool = True,
    ) -> None:
        columns = [*said, *([by] if by and by not in said else [])]
        options = {
            "said": list(said),
            "noun": noun,
            "colour": colour,
            "by": by,
            "colours": dict(colours or {}),
            "most": most,
            "cell": cell,
        }
        super().__init__("field", "pointField", point_columns(layer, columns), options)
        self.layer_name = layer.layer.title
        self.overlay = True
        self.control = True
        self.show = show

    def render(self, **kwargs: Any) -> str:
        """Put the layer into the page, and onto its map if it is shown from the beginning."""
        if self.show and self._parent is not None:
            name, parent = self.get_name(), self._parent.get_name()
            self.add_child(ElementAddToElement(name, parent), name=f"{name}_add")
        return HouseElement.render(self, **kwargs)


def point_columns(layer: GatedLayer, columns: Sequence[str]) -> dict[str, Any]:
    """Return points and some of their properties as columns.

    Parameters
    ----------
    layer : GatedLayer
    columns : sequence of str

    Returns
    -------
    dict
        ``x`` and ``y``, longitude and latitude in hundred-thousandths of a degree, each as what it
        is more than the one before; and ``columns``, by name the ``values`` of each point, or the
        different ``values`` and for each point the ``codes`` of its own, from nought.

    Raises
    ------
    PlacesError
    """
    frame = layer.frame
    if missing := [name for name in columns if name not in frame.columns]:
        raise PlacesError(
            f"The layer {layer.layer.name} has no column {missing[0]!r}. Name one of: "
            f"{', '.join(map(str, frame.columns.drop(frame.geometry.name)))}."
        )
    placed = frame[frame.geometry.notna() & ~frame.geometry.is_empty]
    if not (placed.geom_type == "Point").all():
        raise PlacesError(
            f"The layer {layer.layer.name} holds shapes that are no points. Draw it with "
            "folium.GeoJson, or hand over features.representative_point()."
        )
    places = np.round(degrees(placed.geometry) * 10**DECIMALS).astype(np.int64)
    order = np.lexsort((places[:, 0], places[:, 1] // 500))
    steps = np.diff(places[order], axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    texts = safe_words(pd.DataFrame(placed[list(columns)])).iloc[order]
    return {
        "x": steps[:, 0].tolist(),
        "y": steps[:, 1].tolist(),
        "columns": {str(name): _column(texts[[name]]) for name in texts.columns},
    }


def _column(values: pd.DataFrame) -> dict[str, Any]:
    plain = [row[values.columns[0]] for row in as_json_rows(values)]
    if all(item is None or isinstance(item, str) for item in plain):
        codes, different = pd.factorize(np.array(plain, dtype=object), use_na_sentinel=False)
        if len(different) <= _FEW:
            known = [None if pd.isna(item) else item for item in different]
            return {"values": known, "codes": codes.tolist()}
    return {"values": plain}
