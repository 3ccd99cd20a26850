"""Where things are: boundaries, maps that open offline, and what lies near what."""

from __future__ import annotations

from woda_lib.places.codes import LEVELS
from woda_lib.places.county import NATIONAL_GRID, WORCESTERSHIRE, County
from woda_lib.places.derived import derived_areas, derived_districts
from woda_lib.places.errors import PlacesError
from woda_lib.places.finding import AREA, boundaries, official_file
from woda_lib.places.mending import quarantine_counts, quarantined
from woda_lib.places.official import read_boundaries

__all__ = [
    "AREA",
    "LEVELS",
    "NATIONAL_GRID",
    "WORCESTERSHIRE",
    "County",
    "PlacesError",
    "boundaries",
    "derived_areas",
    "derived_districts",
    "official_file",
    "quarantine_counts",
    "quarantined",
    "read_boundaries",
]
