"""A map of a step: its layers gated, drawn from what came out, sealed, and read again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd
from matplotlib.figure import Figure

from woda_lib.disclosure import (
    GatedTable,
    Loaded,
    Passed,
    Rule,
    gate_properties,
    gate_text,
    refuse_page,
)
from woda_lib.disclosure.refusals import LONGEST_TABLE
from woda_lib.figures import Picture, to_svg
from woda_lib.notebook.map_markup import MapTable
from woda_lib.notebook.memory import Memory
from woda_lib.places.drawing import Layer, draw_shown, shown_layers
from woda_lib.places.sealed import (
    GatedLayer,
    MapLayer,
    SealedMap,
    degrees,
    draw_still,
    lighter,
    seal,
    shipped_scripts,
)

_STILL = 5.2  # inches
_KINDS = 40


@dataclass(frozen=True)
class MadeMap:
    """A map as it may be shown.

    Attributes
    ----------
    layers : mapping of str to GatedLayer
    tables : mapping of str to GatedTable
        The layers' properties, which say the same as the map.
    page : str
        The map's own page.
    drawn : list of list of Layer
        The layers with which the page opens, of each of its maps.
    """

    layers: Mapping[str, GatedLayer]
    tables: Mapping[str, GatedTable]
    page: str
    drawn: list[list[Layer]]


def make_map(
    asked: SealedMap,
    *,
    name: str,
    rule: Rule,
    memory: Memory,
    loaded: Loaded,
    synthetic: bool = False,
) -> MadeMap:
    """Gate the layers of a map, draw it and seal it.

    Raises
    ------
    DisclosureError
        If a layer does not pass, or the page holds what did not.
    SealError
        If the page would ask a network for anything.
    """
    for text, what in _texts(asked):
        loaded.refuse_text(text, name=f"{what} of the map {name}")
        gate_text(text, name=f"{what} of the map {name}")
    tables: dict[str, GatedTable] = {}
    layers: dict[str, GatedLayer] = {}
    for layer in asked.layers:
        key = layer_name(asked, name, layer)
        tables[layer.name] = _gated(layer, key, rule, memory, loaded)
        memory.keep(tables[layer.name].counted)
        layers[layer.name] = _drawable(layer, tables[layer.name])
    drawn = asked.draw(layers)
    opened = shown_layers(drawn)
    page = seal(drawn, title=asked.title, synthetic=synthetic)
    refuse_page(
        page,
        rule,
        name=name,
        passed=_passed(layers.values()),
        loaded=loaded,
        shipped=shipped_scripts(),
    )
    return MadeMap(layers, tables, page, opened)


def layer_name(asked: SealedMap, name: str, layer: MapLayer) -> str:
    """Return how a layer's table is called: as the map, and where it has several, which."""
    return name if len(asked.layers) == 1 else f"{name}.{layer.name}"


def foot(asked: SealedMap) -> str:
    """Return the sources of a map's layers with their days, in words."""
    said = (f"{layer.source}, {layer.date:%-d %B %Y}" for layer in asked.layers)
    return "; ".join(dict.fromkeys(said))


def _texts(asked: SealedMap) -> Iterator[tuple[str, str]]:
    yield asked.title, "The title"
    for layer in asked.layers:
        yield layer.title, "The title of a layer"
        yield layer.source, "The source of a layer"


def _gated(layer: MapLayer, key: str, rule: Rule, memory: Memory, loaded: Loaded) -> GatedTable:
    frame = layer.properties.reset_index(drop=True)
    gated = gate_properties(
        frame,
        layer.features.geometry.geom_type.dropna().unique(),
        rule,
        name=key,
        of=layer.of,
        counts=layer.counts,
        others=memory.others(f"The map {key}"),
        earlier=memory.earlier,
    )
    loaded.refuse_table(frame, name=f"The layer {layer.name} of the map {key}")
    return gated


def _drawable(layer: MapLayer, gated: GatedTable) -> GatedLayer:
    shapes = layer.features.geometry.reset_index(drop=True)
    frame = gpd.GeoDataFrame(gated.frame, geometry=shapes.to_numpy(), crs=shapes.crs)
    return GatedLayer(layer, frame, gated.withheld)


def _passed(layers: Iterable[GatedLayer]) -> Passed:
    """What may stand in the page: the numbers of every layer, and the points of services."""
    numbers: set[float] = set()
    points: set[tuple[float, float]] = set()
    for one in layers:
        for column in one.frame.select_dtypes("number"):
            numbers |= set(one.frame[column].dropna().astype(float))
        shapes = one.frame.geometry
        if one.layer.of == "services":
            places = degrees(shapes[shapes.geom_type == "Point"])
            points |= set(map(tuple, places.tolist()))
    return Passed(numbers, points)


def still_of(asked: SealedMap, made: MadeMap, *, look: Callable[[Figure], None]) -> str:
    """Return the picture of a map as SVG, drawn from its gated layers.

    Parameters
    ----------
    asked : SealedMap
    made : MadeMap
    look : callable
        Called with what was drawn before it is written; may raise to keep it from that.
    """

    def draw(figure: Figure, narrow: bool, _: pd.DataFrame) -> None:
        if asked.still is None and made.drawn:
            draw_shown(figure, narrow, made.drawn)
        else:
            (asked.still or draw_still)(figure, narrow, made.layers)

    picture = Picture(
        draw=draw,
        data=pd.DataFrame(),
        height=_STILL,
    )
    return lighter(to_svg(picture, look=look))


def folded_table(layer: MapLayer, table: GatedTable, href: str) -> MapTable:
    """Return what a report shows of a layer's table: all of it, or a long one's rows by kind."""
    rows = len(table.frame)
    if rows > LONGEST_TABLE:
        short = by_kind(table.frame)
        table = replace(table, frame=short, withheld=short.notna() & False)
    return MapTable(layer.title, table, rows, href)


def by_kind(frame: pd.DataFrame) -> pd.DataFrame:
    """Return how many features there are of each kind.

    The kind is the column of texts with the fewest different ones, of at least two.
    """
    texts = frame.select_dtypes(include=["object", "string", "category"])
    kinds = {c: n for c in texts.columns if 2 <= (n := texts[c].nunique()) <= _KINDS}
    if not kinds:
        return pd.DataFrame({"features": [len(frame)]})
    kind = min(kinds, key=lambda column: kinds[column])
    counted = frame[kind].astype("string").value_counts()
    return counted.rename_axis(kind).reset_index(name="features")
