"""The asset map's two maps: everything in layers, and two measures side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import folium
import geopandas as gpd
import pandas as pd

from woda_lib.notebook import Run
from woda_lib.places import WORCESTERSHIRE, Features, Layer, drawing, layer_features
from woda_lib.places.directory import postcodes_near
from woda_lib.places.drawing import Choropleth, Circles, Field, Incident, Sheet
from woda_lib.places.sealed import GRID, GatedLayer, MapLayer, SealedMap, base_map

_HEAT_REACH = 1_000.0  # metres over which one business is spread
_MOST_SITES = 3_000  # outlines that a page of two megabytes holds beside all else
_BETWEEN = 40.0  # metres: sites with twice as much between them are drawn as one
_LEAST_GROUND = 20_000.0  # square metres; less is not seen at the size of a county
_FROM_THE_HUB = "Partners' gazetteers and registers, counted by the hub"


@dataclass(frozen=True)
class Configured:
    """A layer of ``layers.yaml`` and what it shows."""

    layer: Layer
    features: Features


def configured(
    run: Run, tables: Mapping[str, pd.DataFrame], *, properties: pd.DataFrame
) -> list[Configured]:
    """Return the layers that ``layers.yaml`` names and that can be had, in their order.

    Parameters
    ----------
    run
    tables
        By dataset or saved table: what is drawn of it, where that is not all of it.
    properties
        The gazetteer, by which property numbers are placed.
    """
    made = []
    for layer in run.layers().values():
        table = tables.get(layer.origin.dataset or layer.origin.table or "")
        if table is not None:
            found: Features | None = layer_features(layer, table, properties=properties)
        else:
            found = run.layer(layer, properties=properties)
        if found is not None:
            made.append(gathered(Configured(layer, found)))
    return made


def gathered(one: Configured) -> Configured:
    """Return a layer of very many sites with a shape for each of its values, and no site by itself.

    A page with tens of thousands of outlines is too large to send, and shows none of them.
    """
    layer, found = one.layer, one.features
    if layer.kind != "shapes" or len(found.frame) <= _MOST_SITES:
        return one
    apart = found.frame[[layer.value, "geometry"]].copy()
    apart.geometry = apart.geometry.buffer(_BETWEEN)
    joined = apart.dissolve(layer.value).buffer(-_BETWEEN).explode()
    whole = joined[joined.area >= _LEAST_GROUND].rename("geometry").reset_index(level=0)
    frame = whole.dissolve(layer.value).reset_index()[[layer.value, "geometry"]]
    source = f"{found.source}; sites of one use that stand together drawn as one"
    return Configured(
        layer.model_copy(update={"columns": {}}), replace(found, frame=frame, source=source)
    )


def quarantined(layers: Sequence[Configured]) -> dict[str, pd.DataFrame]:
    """Return by layer what is not on the map: ``reason, rows``."""
    return {one.layer.title: one.features.quarantine for one in layers}


def postcodes() -> pd.DataFrame:
    """Return the county's postcodes, which may be typed where an area is marked."""
    near = postcodes_near(WORCESTERSHIRE, 0)
    return near.loc[near["district"].isin(list(WORCESTERSHIRE.districts))]


def everything(
    title: str,
    districts: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    configured: Sequence[Configured],
    *,
    day: pd.Timestamp,
    made_up: bool = False,
) -> SealedMap:
    """Return one map of areas, land, buildings and businesses, in layers.

    Parameters
    ----------
    title
        Of the map's page.
    districts
        Of the base map.
    areas
        Of `small_areas.small_areas`.
    configured
        In the order in which they lie.
    day
        Of which the map is.
    made_up
        Whether the county is.
    """
    official = any(one.layer.name == "deprivation" for one in configured)
    layers = [*_areas_layers(areas, day), *(_map_layer(one, day) for one in configured)]

    def draw(gated: Mapping[str, GatedLayer]) -> folium.Map:
        made = base_map(districts)
        own = "in made-up small areas" if made_up else "in the gazetteer"
        name = f"Deprivation {own}" if official else "Deprivation"
        _deprivation(gated["small_areas"], name=name, shown=not official).add_to(made)
        for one in configured:
            shown = one.layer.name in ("deprivation", "public_buildings")
            told = {"source": one.features.source, "date": one.features.date}
            drawing.drawn(one.layer, gated[one.layer.name], shown=shown, **told).add_to(made)
        Circles(
            gated["businesses_by_area"],
            value="businesses",
            name="Business sites by area",
            heading="Business sites in each area",
            key="code",
            shown=False,
        ).add_to(made)
        Sheet(
            title,
            source=_sources(layers),
            date=f"{day:%-d %B %Y}",
            note="Choose layers beside the map; every one of them is also in the table beneath it.",
            incident=Incident(postcodes=postcodes()),
        ).add_to(made)
        return made

    return SealedMap(title, tuple(layers), draw, height=900)


def two_measures(
    title: str,
    districts: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    *,
    day: pd.Timestamp,
) -> SealedMap:
    """Return two maps that move together: how deprived areas are, and how many businesses."""
    rate = "Business sites for every 100 homes"

    def draw(gated: Mapping[str, GatedLayer]) -> folium.Map:
        made = base_map(districts)
        deprived = _deprivation(gated["small_areas"])
        deprived.add_to(made)
        Choropleth(
            gated["businesses_by_area"],
            value="businesses_per_100_homes",
            name=rate,
            heading=rate,
            key="code",
            decimals=1,
            hue="blue",
            outlines=deprived,
            shown=False,
        ).add_to(made)
        Sheet(
            title,
            source=_FROM_THE_HUB,
            date=f"{day:%-d %B %Y}",
            beside=("Deprivation", rate),
        ).add_to(made)
        return made

    return SealedMap(title, tuple(_areas_layers(areas, day)), draw, height=760)


def _deprivation(gated: GatedLayer, *, name: str = "Deprivation", shown: bool = True) -> Choropleth:
    return Choropleth(
        gated,
        value="deprivation_fifth",
        name=name,
        heading="Fifth by deprivation, 1 the most deprived",
        scheme="given",
        breaks=[1, 2, 3, 4],
        dark_is_low=True,
        key="code",
        shown=shown,
        fields=[
            Field("district", "District"),
            Field("homes", "Homes"),
            Field("buildings", "Public buildings"),
        ],
    )


def _areas_layers(areas: gpd.GeoDataFrame, day: pd.Timestamp) -> list[MapLayer]:
    """The areas as two layers, so that few businesses withhold nothing else of an area."""
    when, counted = day.date(), ["businesses", "businesses_per_100_homes"]
    return [
        MapLayer(
            "small_areas",
            "Small areas",
            areas.drop(columns=counted),
            "areas",
            _FROM_THE_HUB,
            when,
            counts=(),  # homes and public buildings, of which nobody is one
            tolerance=25,
        ),
        MapLayer(
            "businesses_by_area",
            "Businesses by area",
            areas[["code", "name", *counted, "geometry"]],
            "areas",
            _FROM_THE_HUB,
            when,
            counts=("businesses",),  # a firm of one is a person
            tolerance=25,
        ),
    ]


def _map_layer(one: Configured, day: pd.Timestamp) -> MapLayer:
    layer, found = one.layer, one.features
    frame = found.frame
    if layer.drawn_as == "heat":
        frame = drawing.density(frame, bandwidth=_HEAT_REACH)
    # A site of land is no group of people either: it is told as services are.
    areas = layer.kind == "areas" or layer.drawn_as == "heat"
    said, of = _dated(found.source, found.date, day)
    return MapLayer(
        layer.name,
        layer.title,
        frame.to_crs(GRID),
        "areas" if areas else "services",
        said,
        of,
        counts=(),
        tolerance=40 if layer.kind == "shapes" else 30,  # there are thousands of sites
    )


def _dated(source: str, when: str, day: pd.Timestamp) -> tuple[str, date]:
    """Return the source and the day of data; what is no day is said with the source."""
    try:
        return source, date.fromisoformat(when)
    except ValueError:
        return (f"{source} ({when})" if when else source), day.date()


def _sources(layers: Sequence[MapLayer]) -> str:
    return "; ".join(dict.fromkeys(layer.source for layer in layers))
