"""Which buildings partners have: how many of each use, how large, how dear, and when they open.

Numbers are those of a county of 600,000 and do not shrink with a smaller one: buildings a street
apart, and a hot spot of empty ones, are to be found in every size. All of them are assumed, but for
the order of size: Worcestershire has about 20 libraries and 25 fire stations.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Use:
    """One use of buildings.

    Attributes
    ----------
    called : tuple of str
        What a name ends with.
    square_metres : float
        Median floor area.
    cost : float
        Pounds a square metre a year, median.
    hours : tuple of str
    towards_town : float
        How much the middle of a town draws it: the power of the number of postcodes around.
    """

    called: tuple[str, ...]
    square_metres: float
    cost: float
    hours: tuple[str, ...]
    towards_town: float


_DAY = ("Mo-Fr 09:00-17:00", "Mo-Fr 08:30-17:00", "Mo-Th 08:45-17:15; Fr 08:45-16:30")
_ALWAYS = ("24/7",)
USES = {
    "office": Use(("House", "Civic Centre", "Council House"), 1_100, 115, _DAY, 0.9),
    "library": Use(("Library",), 600, 95, ("Mo-Sa 09:30-17:30", "Tu-Sa 10:00-17:00"), 0.6),
    "school": Use(("Primary School", "First School", "High School"), 2_200, 70, _DAY, 0.0),
    "clinic": Use(("Health Centre", "Clinic"), 700, 130, ("Mo-Fr 08:00-18:30",), 0.3),
    "hospital": Use(("Hospital", "Infirmary"), 9_000, 210, _ALWAYS, 0.6),
    "police_station": Use(("Police Station",), 900, 120, (*_ALWAYS, "Mo-Fr 09:00-17:00"), 0.6),
    "fire_station": Use(("Fire Station",), 650, 90, _ALWAYS, 0.2),
    "community_centre": Use(
        ("Community Centre", "Village Hall"), 380, 60, ("Mo-Su 09:00-22:00",), 0.1
    ),
    "leisure_centre": Use(("Leisure Centre",), 3_200, 140, ("Mo-Su 06:30-22:00",), 0.5),
    "depot": Use(("Depot",), 1_600, 45, ("Mo-Fr 06:00-18:00",), 0.2),
    "care_home": Use(("Court", "Lodge"), 1_600, 85, _ALWAYS, 0.1),
}

PORTFOLIOS: dict[str, dict[str, int]] = {
    "county_council": {
        "office": 14,
        "library": 21,
        "school": 120,
        "community_centre": 12,
        "depot": 7,
        "care_home": 4,
    },
    "district_councils": {"office": 9, "leisure_centre": 14, "community_centre": 26, "depot": 8},
    "worcestershire_acute": {"hospital": 3, "clinic": 5, "office": 3},
    "health_and_care_trust": {"clinic": 42, "hospital": 5, "office": 8},
    "west_mercia_police": {"police_station": 14, "office": 4},
    "fire_service": {"fire_station": 25, "office": 2, "depot": 1},
    "voluntary_sector": {"community_centre": 34, "office": 9},
}
NUMBERS = {
    "county_council": "WCC",
    "district_councils": "DC",
    "worcestershire_acute": "WAH",
    "health_and_care_trust": "HCT",
    "west_mercia_police": "WMP",
    "fire_service": "HWF",
    "voluntary_sector": "VCS",
}
"""What each partner's numbers of buildings begin with."""

SHARE_A_BUILDING = ("office", "library", "clinic", "community_centre", "police_station")
"""Uses that could move in with another, and take one in."""

SERVICES = ("clinic", "library")
"""Uses that are put where homes are near to them, and whose absence is a gap."""
