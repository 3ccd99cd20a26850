"""Police and social care, linked by name and birth date: the least specification that does."""

from __future__ import annotations

from datetime import date

from woda_lib.linkage import LinkageSpec
from woda_lib.notebook import Identities

SPEC = LinkageSpec.from_dict(
    {
        "sources": [{"name": "police", "id": "id"}, {"name": "care", "id": "id"}],
        "fields": [
            {"name": "forename", "kind": "name"},
            {"name": "surname", "kind": "name"},
            {"name": "born", "kind": "date_of_birth"},
        ],
        "comparisons": [
            {"field": "forename", "levels": ["exact", {"test": "jaro_winkler", "at_least": 0.9}]},
            {"field": "surname", "levels": ["exact", {"test": "jaro_winkler", "at_least": 0.9}]},
            {"field": "born", "levels": ["exact", "one_edit"]},
        ],
        "blocking": [["born"], ["surname"]],
        "random_pairs": 1000,
    }
)
FIRST = Identities(on=date(2025, 3, 31), run="first", says="Began from nothing.")
