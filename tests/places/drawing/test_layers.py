"""What a page holds of a layer, and what is refused before it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PatchCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

from tests.places.drawing import county
from woda_lib.places import PlacesError
from woda_lib.places.drawing import (
    Choropleth,
    Circles,
    Heat,
    Incident,
    Kinds,
    Points,
    Sheet,
    density,
    draw_shown,
    shown_layers,
)
from woda_lib.places.drawing.colours import look
from woda_lib.places.drawing.layer import Layer


def _shaded(frame: gpd.GeoDataFrame, **changed: Any) -> Choropleth:
    told: dict[str, Any] = {"value": "score", "name": "Deprivation", "heading": "Score"}
    return Choropleth(frame, **(told | changed))


def test_a_page_holds_what_is_told_and_no_other_column() -> None:
    held = _shaded(county.areas()).spec()["data"]["features"][0]["properties"]
    assert held == {"name": "Ashfield 000", "score": 1}


def test_classes_are_made_of_what_passed_the_gate() -> None:
    frame = county.areas()
    taken = frame.drop(columns="geometry").isna()
    taken.loc[23, "score"] = True
    frame.loc[23, "score"] = None
    spec = _shaded(county.gated(frame, taken)).spec()
    assert [look["label"] for look in spec["classes"]][-2:] == [
        "19 to 23",
        "Withheld: too few to show",
    ]
    assert spec["lost"] == [23]
    assert spec["class_of"][23] == 5
    assert spec["source"] == "Office for tests"
    assert spec["date"] == "31 March 2025"


def test_what_is_missing_is_not_called_withheld() -> None:
    frame = county.areas()
    frame.loc[0, "score"] = None
    labels = [look["label"] for look in _shaded(frame).spec()["classes"]]
    assert labels[-1] == "No value"


def test_low_values_are_dark_where_one_is_the_most_deprived() -> None:
    usual, turned = (_shaded(county.areas(), dark_is_low=dark).spec() for dark in (False, True))
    shades = [[look["fill"] for look in spec["classes"]] for spec in (usual, turned)]
    assert shades[0] == shades[1][::-1]


def test_a_circle_embeds_no_point() -> None:
    spec = Circles(
        county.areas(), value="businesses", name="Businesses", heading="Businesses"
    ).spec()
    assert {feature["geometry"] for feature in spec["data"]["features"]} == {None}
    assert spec["examples"] == [20, 80, 200]
    assert spec["most"] == 230


def test_shapes_that_two_layers_share_stand_in_the_page_once() -> None:
    first = _shaded(county.areas())
    second = _shaded(county.areas(), value="crime", outlines=first)
    assert second.spec()["data"]["features"][0]["geometry"] is None
    assert second.spec()["outlines"] == first.spec()["layer"]
    assert second.get_bounds() == first.get_bounds()


def test_a_density_adds_up_to_the_points() -> None:
    """A hundred points at one place: the surface is a Gaussian whose height is n / (2 π s²)."""
    at = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy([385_000] * 100, [255_000] * 100), crs=county.GRID
    )
    grades = density(at, bandwidth=1_000, cell=100, grades=5)
    peak = 100 / (2 * np.pi)  # a square kilometre
    assert grades["per_sq_km"].tolist() == [0.5, 1.0, 2.0, 5.0, 10.0]
    for level, upper, shape in zip(
        grades["per_sq_km"], [1.0, 2.0, 5.0, 10.0, np.inf], grades.geometry, strict=True
    ):
        # within r of the middle the density is above d: r² = 2 s² ln(peak / d)
        disc = 2 * np.pi * 1e6 * np.log(peak / level)
        inner = 2 * np.pi * 1e6 * np.log(peak / upper) if np.isfinite(upper) else 0.0
        assert shape.area == pytest.approx(disc - inner, rel=0.03)


def test_a_density_is_drawn_in_grades_that_say_where_they_begin() -> None:
    surface = density(county.buildings(), bandwidth=2_000)
    labels = [look["label"] for look in Heat(surface, name="H", what="Buildings").spec()["classes"]]
    assert labels == ["0.005 to 0.01", "0.01 to 0.02", "0.02 to 0.05", "0.05 to 0.1", "0.1 or more"]


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        (lambda: _shaded(county.areas().iloc[:0]), "0 features"),
        (lambda: _shaded(county.areas(), value="rent"), "asks for rent, which the table"),
        (lambda: _shaded(county.areas().set_crs(None, allow_override=True)), "coordinate system"),
        (
            lambda: Points(county.areas(), value="use", name="Sites", heading="Use"),
            "draws points, and some of its shapes are not",
        ),
        (lambda: density(county.buildings().to_crs(4326)), "counted in metres"),
        (lambda: density(county.buildings(), bandwidth=200, cell=150), "too coarse"),
        (lambda: density(county.buildings().iloc[:0]), "0 points"),
    ],
)
def test_what_cannot_be_drawn_is_refused(drawn: Callable[[], object], said: str) -> None:
    with pytest.raises(PlacesError, match=said):
        drawn()


def test_features_that_are_nowhere_are_counted_and_refused() -> None:
    frame = county.areas()
    frame.loc[0, "geometry"] = None
    with pytest.raises(PlacesError, match="1 of 24 features are nowhere"):
        _shaded(frame)


def test_kinds_look_as_the_configuration_says_and_no_two_look_alike() -> None:
    frame = county.areas()
    frame.loc[:1, "use"] = ["water", "moor"]
    spec = Kinds(
        frame,
        value="use",
        name="Use",
        heading="Use",
        looks={"woodland": look("green dots"), "farming": look("green"), "town": look("plum")},
    ).spec()
    assert [one["label"] for one in spec["classes"]] == ["woodland", "farming", "moor", "water"]
    looks = [(one["fill"], one["hatch"]) for one in spec["classes"]]
    assert looks[0] == (looks[1][0], "dots")
    assert len(set(looks)) == 4


def test_postcodes_are_packed_by_sector_to_ten_metres() -> None:
    places = pd.DataFrame(
        {
            "postcode": ["WR1 1AB", "WR1 1AA", "WR9 9AA", "WR9 9ZZ"],
            "easting": [385_000, 384_990, 360_000, 380_000],
            "northing": [255_000, 255_369.6, 240_000, 240_000],
        }
    )
    assert Incident(postcodes=places).spec()["postcodes"] == {
        "WR1 1": [38_499, 25_500, 2, "AA0011AB0100"],
        "WR9 9": [36_000, 24_000, 3, "AA000000ZZ1JK000"],  # 20 km: two digits would not do
    }


def _opened(beside: tuple[str, str] | None = None) -> list[list[Layer]]:
    made, frame = folium.Map(tiles=None), county.areas()
    first = _shaded(frame)
    first.add_to(made)
    second = _shaded(frame, value="crime", name="Crime", heading="Crimes", hue="blue")
    second.shown = False
    second.outlines = first
    second.add_to(made)
    Points(county.buildings(), value="use", name="Buildings", heading="Use").add_to(made)
    Sheet("Map", source="Tests", date="2026", beside=beside).add_to(made)
    return shown_layers(made)


def _lettered(maps: list[list[Layer]]) -> tuple[Figure, list[str]]:
    figure = Figure(figsize=(7.6, 5.2))
    draw_shown(figure, False, maps)
    return figure, [text.get_text() for text in figure.findobj(Text)]


def test_the_picture_for_paper_has_the_classes_and_the_legend_of_the_page() -> None:
    opened = _opened()
    figure, texts = _lettered(opened)
    assert [layer.name for layer in opened[0]] == ["Deprivation", "Buildings"]
    drawn = opened[0][0].drawn_as()
    labels = ["Score", *(one["label"] for one in drawn["classes"]), "Use", "fire station"]
    assert [text for text in texts if text in labels] == labels
    painted = {
        to_hex(colour)
        for one in figure.findobj(PatchCollection)
        for colour in np.asarray(one.get_facecolor())
    }
    assert painted == {one["fill"] for one in drawn["classes"]}


def test_two_measures_side_by_side_are_two_maps_on_paper() -> None:
    figure, texts = _lettered(_opened(("Deprivation", "Crime")))
    assert len(figure.axes) == 2
    assert {"Score", "Crimes"} <= set(texts)
