"""What the land is used for: sites that do not overlap, around postcodes, buildings and farms.

Each site grows from a point until it meets a neighbour half-way or has its kind's size: the cell of
its point among all points (a Voronoi cell), cut off at a distance. Codes and descriptions are those
of Ordnance Survey's feature type *Site* (``lus-fts-site-2``), in which a shape is a multipolygon.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from numpy.random import Generator

from woda_lib.synthetic.draws import add_days, days_between
from woda_lib.synthetic.estate.ground import Ground
from woda_lib.synthetic.profiles import Profile

_FIRST_SURVEY = np.datetime64("2018-01-01", "D")
_REVISED = 0.02  # of sites, anew while files came
_GRID = 0.1  # metres to which coordinates are written
_SMALLEST = 200.0  # square metres
_CORNERS = 3  # of a quarter of a circle


@dataclass(frozen=True)
class _Kind:
    """A kind of site: how far it reaches from its point, and what it is called."""

    metres: float
    tier_a: str
    tier_b: str | None
    description: str


_HOMES = _Kind(120, "Residential Accommodation", "Private Residence", "Private Residential Site")
# Number, the power of density that draws them, how far off the postcode, and the kind.
_SHOP, _LEISURE, _FARM = "Commercial Activity: Retail", "Attraction Or Activity", "Farm Site"
_ROAD, _RAIL = "Transport: Road, Track Or Path", "Transport: Rail"
_SCATTERED = (
    (150, 1.6, 80, _Kind(70, _SHOP, None, "Retail Site")),
    (25, 1.2, 150, _Kind(150, _SHOP, None, "Retail Complex")),
    (170, 0.4, 250, _Kind(140, _LEISURE, "Outdoor Amenity", "Public Park Or Garden")),
    (110, 0.2, 200, _Kind(90, _LEISURE, "Allotments", "Allotments")),
    (430, -0.9, 700, _Kind(520, "Agriculture Or Aquaculture", "Agriculture", _FARM)),
    (14, 0.5, 200, _Kind(120, _RAIL, "Rail Travel Interchange", "Railway Station")),
    (8, 1.2, 100, _Kind(70, _ROAD, "Bus Network Interchange", "Bus Station")),
    (45, 1.2, 100, _Kind(60, _ROAD, None, "Public Car Park")),
)  # fmt: skip
_ESTATES = 20  # where industry stands together
_ON_AN_ESTATE = (4, 10)
_WORKS = "Commercial Activity: Industrial Or Manufacturing"
_STORE = "Commercial Activity: Distribution Or Storage"
_INDUSTRY = (
    _Kind(130, _WORKS, None, "Manufacturing Site"),
    _Kind(110, _STORE, None, "Distribution Or Storage Site"),
)
_OF_USES = {
    "office": _Kind(45, "Government Services", None, "Local Government Site"),
    "library": _Kind(35, "Community Services: Other", None, "Library"),
    "school": _Kind(95, "Education", "School", "School"),
    "clinic": _Kind(40, "Medical Or Health Care", "Primary Health Care", "Health Centre"),
    "hospital": _Kind(170, "Medical Or Health Care", "Secondary Health Care", "Hospital"),
    "police_station": _Kind(
        45, "Community Services: Emergency Services", "Police Services", "Police Station"
    ),
    "fire_station": _Kind(
        45, "Community Services: Emergency Services", "Fire Services", "Fire Station"
    ),
    "community_centre": _Kind(
        40, "Community Services: Other", "Community Meeting Place", "Community Meeting Place"
    ),
    "leisure_centre": _Kind(
        85, "Sports Attraction Or Facility", "Leisure Or Sports Centre", "Leisure Or Sports Centre"
    ),
    "depot": _Kind(70, "Government Services", None, "Local Government Site"),
    "care_home": _Kind(
        50, "Residential Accommodation", "Communal Residential", "Communal Residential Site"
    ),
}
_COMMON = _Kind(0, _LEISURE, "Outdoor Amenity", "Amenity And Open Space Site")
_COMMON_MIDDLE, _COMMON_METRES, _COMMON_CORNERS = (376_900.0, 243_500.0), 900.0, 7_500
_OUTSIDE = (430_000.0, 215_000.0)
"""In Oxfordshire, far beyond the county's edge."""


def draw_land(
    profile: Profile, ground: Ground, buildings: pd.DataFrame, rng: Generator
) -> pd.DataFrame:
    """Draw the sites.

    One of them, a common with a ragged edge, is written in more characters than Python's own
    reader of comma-separated text takes in one cell; one lies outside the county.

    Returns
    -------
    pandas.DataFrame
        The columns of the contract ``land_use``, and ``revised_on`` and ``outside``; the shapes as
        geometries, in metres on the National Grid.
    """
    points, kinds = _points(ground, buildings, rng)
    points, first = np.unique(np.rint(points), axis=0, return_index=True)
    kinds = [kinds[at] for at in first]
    cells = shapely.voronoi_polygons(shapely.multipoints(points), ordered=True)
    metres = np.array([kind.metres for kind in kinds]) * np.exp(rng.normal(0, 0.2, len(kinds)))
    around = shapely.buffer(shapely.points(points), metres, quad_segs=_CORNERS)
    shapes = shapely.intersection(shapely.get_parts(cells), around)
    common = _common(rng)
    near = shapely.intersects(shapes, common)
    shapes[near] = shapely.difference(shapes[near], common)
    outside = shapely.box(*_OUTSIDE, _OUTSIDE[0] + 400, _OUTSIDE[1] + 300)
    shapes = _tidy(np.array([*shapes, common, outside], dtype=object))
    table = pd.DataFrame(
        [(k.description, k.tier_a, k.tier_b) for k in (*kinds, _COMMON, _COMMON)],
        columns=["description", "tier_a", "tier_b"],
        dtype=object,
    ).assign(geometry=shapes, outside=False)
    table.loc[len(table) - 1, "outside"] = True
    kept = shapely.area(shapes) >= _SMALLEST
    return _surveyed(table.loc[kept].reset_index(drop=True), profile, rng)


def _points(
    ground: Ground, buildings: pd.DataFrame, rng: Generator
) -> tuple[np.ndarray, list[_Kind]]:
    """Return where sites grow from, public buildings first, and what kind each is."""
    parts = [buildings[["easting", "northing"]].to_numpy(dtype=float)]
    kinds = [_OF_USES[use] for use in buildings["use"]]
    streets = ground.homes.groupby("postcode")[["easting", "northing"]].mean().to_numpy()
    parts.append(streets)
    kinds += [_HOMES] * len(streets)
    for number, power, off, kind in _SCATTERED:
        at = ground.pick(number, power, rng)
        parts.append(ground.points[at] + rng.uniform(-off, off, (number, 2)))
        kinds += [kind] * number
    for middle in ground.points[ground.pick(_ESTATES, 0.3, rng)]:
        here = int(rng.integers(*_ON_AN_ESTATE))
        beside = rng.uniform(250, 450, 2)
        parts.append(middle + beside + rng.uniform(-300, 300, (here, 2)))
        kinds += [_INDUSTRY[which] for which in rng.integers(len(_INDUSTRY), size=here)]
    return np.concatenate(parts), kinds


def _common(rng: Generator) -> shapely.Polygon:
    """A hill's common: seen from its middle, every part of its ragged edge is in sight."""
    angle = np.linspace(0, 2 * np.pi, _COMMON_CORNERS, endpoint=False)
    waves = np.arange(2, 40)
    size, turn = rng.normal(0, 0.35, len(waves)) / waves, rng.uniform(0, 2 * np.pi, len(waves))
    metres = _COMMON_METRES * np.exp(np.sin(np.outer(angle, waves) + turn) @ size)
    edge = np.column_stack([np.cos(angle), np.sin(angle)]) * metres[:, None]
    return shapely.polygons(np.array(_COMMON_MIDDLE) + edge)


def _tidy(shapes: np.ndarray) -> np.ndarray:
    """Put corners on the grid on which they are written, and every shape into a multipolygon."""
    placed = shapely.set_precision(shapes, _GRID)
    single = shapely.get_type_id(placed) == shapely.GeometryType.POLYGON
    placed[single] = [shapely.multipolygons([shape]) for shape in placed[single]]
    return np.asarray(placed)


def _surveyed(table: pd.DataFrame, profile: Profile, rng: Generator) -> pd.DataFrame:
    """Give each site its identifier, a version 4 UUID, and the days of its versions."""
    n = len(table)
    digits = rng.bytes(16 * n).hex()
    ids = [digits[at : at + 32] for at in range(0, 32 * n, 32)]
    opens = profile.shared.begins[0].astype("datetime64[D]")
    first = add_days(
        np.full(n, _FIRST_SURVEY), rng.integers(0, int(days_between(_FIRST_SURVEY, opens)), n)
    )
    again = add_days(
        np.full(n, opens), rng.integers(10, int(days_between(opens, profile.as_of)), n)
    )
    revised = rng.random(n) < _REVISED
    return table.assign(
        osid=[f"{d[:8]}-{d[8:12]}-4{d[13:16]}-a{d[17:20]}-{d[20:]}" for d in ids],
        version_on=first,
        revised_on=np.where(revised, again, np.datetime64("NaT", "D")),
    )


def written(shapes: pd.Series) -> np.ndarray:
    """Write shapes as well-known text, to the decimetre."""
    return np.asarray(shapely.to_wkt(shapes.to_numpy(), rounding_precision=1), dtype=object)
