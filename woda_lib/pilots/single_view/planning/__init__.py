"""Planning by counts: which households several services know, and which properties are at risk.

Nothing here reads a name, a birth date or an address: ages are bands, properties are numbers that
are counted and never shown.
"""

from woda_lib.pilots.single_view.planning import counts, fire, shares
from woda_lib.pilots.single_view.planning.area_map import area_map, most_and_least
from woda_lib.pilots.single_view.planning.planted import (
    beside_truth,
    children_found,
    still_shown,
    true_families,
)
from woda_lib.pilots.single_view.planning.view import DATASETS, TABLES, View, schema_of

__all__ = [
    "DATASETS",
    "TABLES",
    "View",
    "area_map",
    "beside_truth",
    "children_found",
    "counts",
    "fire",
    "most_and_least",
    "schema_of",
    "shares",
    "still_shown",
    "true_families",
]
