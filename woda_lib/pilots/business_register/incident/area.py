"""The area of an incident: a shape on the British National Grid, and how it is said."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

import shapely
from shapely.geometry.base import BaseGeometry

from woda_lib.errors import WodaError

Kind = Literal["circle", "polygon", "outline"]

LARGEST = 300.0
"""Square kilometres: a sixth of the county. Whatever is larger is a mistyped figure, or not one
incident."""

_METRES_A_KM = 1_000
_SMALLEST = 1.0  # square metres
_FINEST = 1.0  # metres; a figure finer than that says more than anybody has measured


class IncidentError(WodaError):
    """The area that was asked for is none, or is not what was meant."""

    exit_code = 2


@dataclass(frozen=True)
class Area:
    """Where an incident is.

    Attributes
    ----------
    geometry : shapely Polygon or MultiPolygon
        Metres on the British National Grid (EPSG:27700).
    words : str
        How people say it: *800 m around SO 850 550*.
    kind : {"circle", "polygon", "outline"}
    outside : float
        The share of it, 0 to 1, that lies beyond the county, of which nothing is known.
    """

    geometry: BaseGeometry
    words: str
    kind: Kind
    outside: float = 0.0

    @property
    def square_km(self) -> float:
        """How large it is."""
        return float(self.geometry.area) / _METRES_A_KM**2

    @property
    def sha256(self) -> str:
        """What the audit log calls it: of its corners to the metre, however it was asked for.

        Two ways of asking for one shape, the corners in another order, have one hash.
        """
        rounded = shapely.normalize(shapely.set_precision(self.geometry, _FINEST))
        return hashlib.sha256(shapely.to_wkb(rounded, byte_order=1)).hexdigest()

    def around(self, metres: float) -> BaseGeometry:
        """Return the ring of so many metres outside it."""
        return self.geometry.buffer(metres).difference(self.geometry)


def require_sense(geometry: BaseGeometry, county: BaseGeometry, words: str) -> float:
    """Refuse an area that cannot be meant, and return the share of it beyond the county.

    Parameters
    ----------
    geometry, county
        On the British National Grid.
    words
        How the area was asked for.

    Raises
    ------
    IncidentError
        If it crosses itself, has no area, is too large, or does not touch the county.
    """
    if not geometry.convex_hull.area >= _SMALLEST:  # nor what is not a number
        raise IncidentError(
            f"{_start(words)} has no area. Give a radius of at least a metre, or three corners "
            "that do not lie on one line."
        )
    if not geometry.is_valid:
        why = shapely.is_valid_reason(geometry)
        at = why.partition("[")[2].rstrip("]").split()
        where = f" near {float(at[0]):.0f}, {float(at[1]):.0f}" if len(at) == 2 else ""
        raise IncidentError(
            f"The outline of {words} crosses itself{where}. Give its corners in the order in which "
            "somebody would walk round it."
        )
    size = geometry.area / _METRES_A_KM**2
    if size > LARGEST:
        raise IncidentError(
            f"{_start(words)} is {size:,.0f} km² large, and an incident's area may be "
            f"{LARGEST:,.0f} km² at most. Look whether the radius is in metres (m) or in "
            "kilometres (km), or ask for its parts one by one."
        )
    inside = geometry.intersection(county).area / geometry.area
    if not geometry.intersects(county):
        away = geometry.distance(county) / _METRES_A_KM
        raise IncidentError(
            f"{_start(words)} lies {away:,.0f} km outside the county, of which alone something is "
            "known here. Look at the letters of the grid reference, or at the order of easting and "
            "northing."
        )
    return float(max(0.0, 1 - inside))


def _start(words: str) -> str:
    return words[:1].upper() + words[1:]
