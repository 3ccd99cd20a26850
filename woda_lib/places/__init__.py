"""Where things are: boundaries, maps that open offline, and what lies near what."""

from __future__ import annotations

from woda_lib.places.codes import LEVELS
from woda_lib.places.county import NATIONAL_GRID, WORCESTERSHIRE, County
from woda_lib.places.deprivation import deprivation
from woda_lib.places.derived import derived_areas, derived_districts
from woda_lib.places.errors import PlacesError
from woda_lib.places.finding import AREA, boundaries, official_file
from woda_lib.places.grid import parse_references, to_degrees, to_grid
from woda_lib.places.layer_features import Features, layer_features
from woda_lib.places.layers import Columns, Layer, Origin, read_layers
from woda_lib.places.located import Located, locate
from woda_lib.places.mending import quarantine_counts, quarantined
from woda_lib.places.official import read_boundaries
from woda_lib.places.partner_tables import read_partner_table
from woda_lib.places.vintage import Joined, join_by_code

__all__ = [
    "AREA",
    "LEVELS",
    "NATIONAL_GRID",
    "WORCESTERSHIRE",
    "Columns",
    "County",
    "Features",
    "Joined",
    "Layer",
    "Located",
    "Origin",
    "PlacesError",
    "boundaries",
    "deprivation",
    "derived_areas",
    "derived_districts",
    "join_by_code",
    "layer_features",
    "locate",
    "official_file",
    "parse_references",
    "quarantine_counts",
    "quarantined",
    "read_boundaries",
    "read_layers",
    "read_partner_table",
    "to_degrees",
    "to_grid",
]
