"""Points and counts: services gathered into clusters, and circles as large as what they count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
from folium.plugins import MarkerCluster

from woda_lib.figures import TOKENS
from woda_lib.places.drawing.classes import make_classes
from woda_lib.places.drawing.colours import Hue
from woda_lib.places.drawing.features import Field
from woda_lib.places.drawing.layer import Layer
from woda_lib.places.errors import PlacesError
from woda_lib.places.sealed import GatedLayer

_TONES = ("blue", "plum", "green", "orange", "ink2")


class Points(Layer):
    """Services as points, each with the letter of its kind; near ones gather into a count.

    Parameters
    ----------
    points : GatedLayer or GeoDataFrame
        One row a service: a building, a site. A point that stands for a person is a home.
    value : str
        The column that says the kind.
    name, heading : str
        As for `Choropleth`.
    letters : mapping of str to str, optional
        One or two letters for each kind, in the legend's order; by default the first of its name
        that no kind before it has.
    gather : bool
        Whether near ones gather. Leaflet's MarkerCluster does so.
    """

    kind = "points"
    group = "over"
    default_js = MarkerCluster.default_js
    default_css = MarkerCluster.default_css

    def __init__(
        self,
        points: GatedLayer | gpd.GeoDataFrame,
        *,
        value: str,
        name: str,
        heading: str,
        letters: Mapping[str, str] | None = None,
        gather: bool = True,
        **layer: Any,
    ) -> None:
        _only_points(points, name)
        super().__init__(points, name=name, value=Field(value, heading), **layer)
        self.letters = letters
        self.gather = gather

    def drawn_as(self) -> dict[str, Any]:
        """Return the kind of each point, and each kind's letter and colour."""
        values = self.values().astype("string")
        present = sorted(values.dropna().unique())
        letters = dict(self.letters or letters_of(present))
        names = [name for name in letters if name in set(present)]
        made = [
            {"label": name, "letter": letters[name], "fill": TOKENS[_TONES[i % len(_TONES)]]}
            for i, name in enumerate(names)
        ]
        places = {name: place for place, name in enumerate(names)}
        found = values.map(places).astype("Int64")
        if found.isna().any():
            made.append({"label": "Not known", "letter": "?", "fill": TOKENS["ctl"]})
            found = found.fillna(len(made) - 1)
        return {"classes": made, "class_of": found.astype(int).tolist(), "gather": self.gather}


class Circles(Layer):
    """Counts as circles whose *area* grows with the count, one at each place.

    Parameters
    ----------
    places : GatedLayer or GeoDataFrame
        Points, or areas, in which case a circle stands inside each.
    value : str
        The column that counts.
    name, heading : str
        As for `Choropleth`.
    largest : float
        The radius of the largest circle, in CSS pixels at the scale at which the map opens.
    """

    kind = "circles"
    group = "over"

    def __init__(
        self,
        places: GatedLayer | gpd.GeoDataFrame,
        *,
        value: str,
        name: str,
        heading: str,
        unit: str = "",
        hue: Hue = "blue",
        largest: float = 11,
        withheld: str = "Withheld: too few to show",
        **layer: Any,
    ) -> None:
        super().__init__(places, name=name, value=Field(value, heading, 0, unit), **layer)
        frame = places.frame if isinstance(places, GatedLayer) else places
        self.middles = _middles(frame)
        for feature in self.data["features"]:
            feature["geometry"] = None
        self.hue = hue
        self.largest = largest
        self.withheld_as = withheld
        make_classes(self.values())

    def _get_self_bounds(self) -> list[list[float | None]]:
        east, north = zip(*self.middles, strict=True)
        return [[min(north), min(east)], [max(north), max(east)]]

    def drawn_as(self) -> dict[str, Any]:
        """Return the colour, the largest radius and the counts that the legend shows."""
        known = self.values().dropna().astype(float)
        return {
            "fill": TOKENS[self.hue],
            "largest": self.largest,
            "middles": self.middles,
            "most": float(known.max()),
            "examples": _examples(float(known.max())),
            "withheld": self.withheld_as,
        }


def letters_of(names: list[str]) -> dict[str, str]:
    """Give each kind a letter, or two where another begins alike."""
    given: dict[str, str] = {}
    for name in names:
        plain = "".join(part for part in name if part.isalpha()).upper() or "?"
        tries = [plain[0], *(plain[0] + letter.lower() for letter in plain[1:])]
        given[name] = next((one for one in tries if one not in given.values()), plain[:2])
    return given


def _examples(most: float) -> list[float]:
    """Return three round counts, the largest at most `most`."""
    if most <= 3:
        return sorted({1.0, max(most, 1.0)})
    unit = 10.0 ** (len(str(int(most))) - 1)
    top = next(n * unit for n in (5, 2, 1) if n * unit <= most)
    return sorted({max(1.0, round(top / 10)), max(1.0, round(top / 2.5)), top})


def _middles(frame: gpd.GeoDataFrame) -> list[list[float]]:
    """Return a point inside each place, degrees east and north: a circle needs no outline."""
    inside = frame.geometry.representative_point().to_crs("EPSG:4326")
    return [[round(x, 5), round(y, 5)] for x, y in zip(inside.x, inside.y, strict=True)]


def _only_points(points: GatedLayer | gpd.GeoDataFrame, name: str) -> None:
    frame = points.frame if isinstance(points, GatedLayer) else points
    if not frame.geometry.geom_type.dropna().eq("Point").all():
        raise PlacesError(
            f"The layer {name} draws points, and some of its shapes are not. Take a point of each "
            "with frame.geometry.representative_point(), or draw them as areas."
        )
