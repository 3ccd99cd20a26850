"""Five levels of maturity in sharing a dataset, each with what it takes.

The names are those of the Data Maturity Assessment for Government, which asks organisations to
place themselves on five levels in each of its rows, and warns against adding rows up to one score.
What a level takes is this office's own, for one row of it: a dataset that one partner shares.

References
----------
Central Digital and Data Office (2023). *Data Maturity Assessment for Government: Framework*.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """A level, what it is called, and what it takes beyond the one below."""

    number: int
    name: str
    takes: str


LEVELS = (
    Level(1, "Beginning", "The partner holds it; no file of it has been read here"),
    Level(2, "Emerging", "Files came and were read"),
    Level(
        3,
        "Learning",
        "An agreement in force shares it; rows enough to judge by, and nothing measured is poor",
    ),
    Level(4, "Developing", "Everything measured is good"),
    Level(
        5,
        "Mastering",
        "By the partner's own word sent without a hand, and accurate",
    ),
)
TOP = LEVELS[-1].number
