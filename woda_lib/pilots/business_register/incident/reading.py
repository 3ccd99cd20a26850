"""An incident's area out of what somebody typed: a point and a radius, corners, or an outline.

::

    SO 850 550 / 800 m                      a grid reference, or easting and northing, and a radius
    WR1 2AB / 1.5 km                        a postcode and a radius
    384000 254000; 385500 254000; 385000 255500     corners, in the order of a walk round it
    flood_severn                            an outline that lies in the folder of places
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import shapely
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from woda_lib.errors import WodaError
from woda_lib.pilots.business_register.incident.area import Area, IncidentError, require_sense
from woda_lib.pilots.business_register.incident.outlines import read_outline
from woda_lib.pilots.business_register.incident.points import read_point

_RADIUS = re.compile(r"^(\d+(?:\.\d+)?)\s*(m|metres|meters|km|kilometres|kilometers)?$", re.I)
_NAME = re.compile(r"^[a-z][a-z0-9_-]*(?:\.geojson)?$", re.I)
_QUARTER = 32  # segments a quarter of a circle: within 0.03% of its area
_FEWEST_CORNERS = 3
FORMS = (
    "Write a point and a radius (SO 850 550 / 800 m, or WR1 2AB / 800 m), three corners or more "
    "(384000 254000; 385500 254000; 385000 255500), or the name of an outline."
)


def read_area(
    text: str,
    *,
    postcodes: pd.DataFrame,
    county: BaseGeometry,
    outlines: Mapping[str, BaseGeometry | Path] | None = None,
) -> Area:
    """Return the area that somebody asked for.

    Parameters
    ----------
    text
        In one of the forms above.
    postcodes
        From `points.postcode_points`.
    county
        On the British National Grid.
    outlines
        By name: a shape on the British National Grid, or its file (`outlines.known_outlines`).

    Raises
    ------
    IncidentError
        If it cannot be read, or cannot be meant; the message says what to write instead.
    """
    asked = text.strip()
    if not asked:
        raise IncidentError(f"No area is given. {FORMS}")
    known = outlines or {}
    bounds = county.bounds

    def point(of: str) -> tuple[float, float]:
        return read_point(of, postcodes=postcodes, county=bounds)

    if "/" in asked:
        where, _, reach = asked.rpartition("/")
        radius = _radius(reach.strip())
        middle = " ".join(where.split()).upper()
        words = f"{_metres(radius)} around {middle}"
        geometry: BaseGeometry = Point(point(where)).buffer(radius, quad_segs=_QUARTER)
        kind = "circle"
    elif ";" in asked:
        corners = [point(part) for part in asked.split(";") if part.strip()]
        if len(set(corners)) < _FEWEST_CORNERS:
            raise IncidentError(
                f"{len(set(corners))} different corners enclose nothing. Give three or more, with "
                "a semicolon between them."
            )
        geometry = Polygon(corners)
        words, kind = f"the polygon of {len(corners)} corners", "polygon"
    elif _NAME.match(asked):
        name = asked.lower().removesuffix(".geojson")
        geometry, words, kind = _outline(name, known), f"the outline {name}", "outline"
    else:
        raise IncidentError(f"{asked!r} is no area. {FORMS}")
    outside = require_sense(geometry, county, words)
    shapely.prepare(geometry)
    return Area(geometry, words, kind, outside)  # type: ignore[arg-type]


def outlines_for(
    text: str, *, made_up: Mapping[str, BaseGeometry], file: Callable[[str], Path]
) -> dict[str, BaseGeometry | Path]:
    """Return the outlines that an area may name: the made-up county's, and the one it asks for.

    Parameters
    ----------
    text
        See `read_area`.
    made_up
        Of the made-up county; empty with real extracts.
    file
        From the name of a file of places to its path, such as `Run.place_file`.

    Raises
    ------
    IncidentError
        If it names an outline that is nowhere.
    """
    known: dict[str, BaseGeometry | Path] = dict(made_up)
    name = text.strip().removesuffix(".geojson")
    if _NAME.match(text.strip()) and name.lower() not in known:
        try:
            known[name.lower()] = file(f"{name}.geojson")
        except WodaError as error:
            there = f" The made-up county has {', '.join(made_up)}." if made_up else ""
            raise IncidentError(f"{error}{there} {FORMS}") from None
    return known


def _radius(text: str) -> float:
    found = _RADIUS.match(text)
    if not found:
        raise IncidentError(
            f"{text!r} is no radius. Write it in metres or kilometres: 800 m, or 1.5 km."
        )
    kilometres = (found[2] or "m").lower().startswith("k")
    return float(found[1]) * (1_000 if kilometres else 1)


def _metres(radius: float) -> str:
    return f"{radius / 1_000:g} km" if radius >= 10_000 else f"{radius:,g} m"


def _outline(name: str, known: Mapping[str, BaseGeometry | Path]) -> BaseGeometry:
    if name not in known:
        there = ", ".join(sorted(known)) or "none"
        raise IncidentError(
            f"There is no outline {name!r}. Put {name}.geojson into the folder of places, or use "
            f"one of: {there}."
        )
    found = known[name]
    return read_outline(found) if isinstance(found, Path) else found
