"""The county whose places are drawn: its districts, by official code, and where it lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

NATIONAL_GRID = 27700
"""The EPSG number of the British National Grid, in which everything is kept, in metres."""

Bounds = tuple[float, float, float, float]
"""West, south, east, north, in metres of the National Grid."""


@dataclass(frozen=True)
class County:
    """A county as maps know it.

    Attributes
    ----------
    name : str
    code : str
        The Office for National Statistics' code of the county.
    districts : mapping of str to str
        Official names by code.
    bounds : tuple of float
        West, south, east and north of its official boundary, metres of the National Grid.
    """

    name: str
    code: str
    districts: Mapping[str, str] = field(hash=False)
    bounds: Bounds

    def bounds_with(self, margin: float) -> Bounds:
        """Return the bounds, wider by so many metres on each side."""
        west, south, east, north = self.bounds
        return west - margin, south - margin, east + margin, north + margin


WORCESTERSHIRE = County(
    name="Worcestershire",
    code="E10000034",
    districts=MappingProxyType(
        {
            "E07000234": "Bromsgrove",
            "E07000235": "Malvern Hills",
            "E07000236": "Redditch",
            "E07000237": "Worcester",
            "E07000238": "Wychavon",
            "E07000239": "Wyre Forest",
        }
    ),
    bounds=(354_876, 229_816, 416_710, 284_191),
)
