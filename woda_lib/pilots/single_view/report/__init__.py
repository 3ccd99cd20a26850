"""What reviewers read of the build: how much of the county is seen, and how well."""

from woda_lib.pilots.single_view.report import (
    coverage,
    hard_cases,
    headline,
    homes,
    links,
    pictures,
    places,
    sizes,
    truth,
)

__all__ = [
    "coverage",
    "hard_cases",
    "headline",
    "homes",
    "links",
    "pictures",
    "places",
    "sizes",
    "truth",
]
