"""Small hand-made tables of people for the linkage tests."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pandas as pd

from woda_lib.linkage import LinkageSpec


def table(text: str) -> pd.DataFrame:
    """Read a small table: words in columns, ``-`` for a missing value, ``_`` for a space."""
    frame = pd.read_csv(StringIO(text), sep=r"\s+", dtype=str, na_values=["-"])
    return frame.apply(lambda column: column.astype("string").str.replace("_", " "))


# Two people of a are two of b, as somebody misheard them; a3 and b3 are nobody else.
A = table(
    """
    id  forename surname born       postcode
    a1  Mary     Smith   1931-09-20 WR1_2AB
    a2  John     Brown   1948-02-11 WR9_8XY
    a3  Ann      Lee     1960-05-05 B1_1AA
    """
)
B = table(
    """
    id  forename surname born       postcode
    b1  Mary     Smyth   1931-09-20 WR1_2AB
    b2  Jon      Brown   1948-02-11 WR9_8XY
    b3  Zoe      Quill   1988-08-08 HR1_1HR
    """
)


def specification(**changes: Any) -> LinkageSpec:
    """Two sources, a and b, compared on four fields."""
    content: dict[str, Any] = {
        "entity": "person",
        "sources": [{"name": "a", "id": "id"}, {"name": "b", "id": "id"}],
        "fields": [
            {"name": "forename", "kind": "name"},
            {"name": "surname", "kind": "name"},
            {"name": "born", "kind": "date_of_birth"},
            {"name": "postcode", "kind": "postcode"},
        ],
        "comparisons": [
            {
                "field": "forename",
                "levels": [
                    "exact",
                    {"test": "swapped", "with": "surname"},
                    {"test": "jaro_winkler", "at_least": 0.92},
                    "initial",
                ],
            },
            {"field": "surname", "levels": ["exact", {"test": "jaro_winkler", "at_least": 0.9}]},
            {"field": "born", "levels": ["exact", "one_edit", "day_month_swapped", "same_year"]},
            {"field": "postcode", "levels": ["exact", "one_edit", "same_sector", "same_outward"]},
        ],
        "blocking": [["born"], ["surname", "forename"], ["postcode"]],
        "random_pairs": 1000,
    }
    return LinkageSpec.from_dict(content | changes)
