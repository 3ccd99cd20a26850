"""A layer of the configuration as it is drawn."""

from __future__ import annotations

from typing import Any

from woda_lib.places.drawing.areas import Choropleth, Kinds
from woda_lib.places.drawing.colours import look
from woda_lib.places.drawing.features import Field
from woda_lib.places.drawing.heat import Heat
from woda_lib.places.drawing.layer import Layer as DrawnLayer
from woda_lib.places.drawing.points import Circles, Points
from woda_lib.places.layers import Layer
from woda_lib.places.sealed import GatedLayer


def drawn(
    layer: Layer, gated: GatedLayer, *, shown: bool = True, source: str = "", date: str = ""
) -> DrawnLayer:
    """Return the element that draws a layer as its configuration says.

    Parameters
    ----------
    layer : Layer
        Of ``layers.yaml``.
    gated : GatedLayer
        What passed the gate: its value and columns; of areas also ``code`` and ``name``, and for
        heat the surface of `density`.
    shown : bool
        Whether the map opens with it.
    source, date : str
        Whose data they are, and of when, in words; by default what the gated layer says.
    """
    told: dict[str, Any] = {
        "name": layer.title,
        "shown": shown,
        "source": source,
        "date": date,
    }
    if layer.drawn_as == "heat":
        return Heat(gated, what=layer.title, hue=layer.hue, **told)
    title, key = _called(layer)
    told |= {
        "value": layer.value,
        "heading": layer.heading,
        "title": title,
        "key": key,
        "fields": [
            Field(column, heading)
            for column, heading in layer.columns.items()
            if column not in (title, layer.value)
        ],
    }
    match layer.drawn_as:
        case "choropleth":
            return Choropleth(
                gated,
                scheme=layer.scheme,
                number=layer.number,
                breaks=layer.breaks,
                decimals=layer.decimals,
                unit=layer.unit,
                hue=layer.hue,
                dark_is_low=layer.dark_is_low,
                **told,
            )
        case "circles":
            return Circles(gated, unit=layer.unit, hue=layer.hue, **told)
        case "points":
            return Points(gated, **told)
        case _:
            looks = {kind: look(said) for kind, said in layer.looks.items()}
            return Kinds(gated, looks=looks or None, **told)


def _called(layer: Layer) -> tuple[str, str | None]:
    """Return the columns of a feature's name and code: of a point, the first that is told."""
    if layer.kind == "areas":
        return "name", "code"
    return next(iter(layer.columns), layer.value), None
