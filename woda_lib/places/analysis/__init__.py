"""What lies in what, near what, and where it gathers: measured in metres on the National Grid."""

from woda_lib.places.analysis.catchments import Nearest, nearest
from woda_lib.places.analysis.frames import points, shapes
from woda_lib.places.analysis.gaps import Gaps, gaps
from woda_lib.places.analysis.hot_spots import HotSpots, hot_spots
from woda_lib.places.analysis.joins import PointsInAreas, points_in_areas
from woda_lib.places.analysis.land_mix import LandMix, land_mix
from woda_lib.places.analysis.neighbours import Neighbours, nearest_few, touching, within
from woda_lib.places.analysis.overlay import Overlaid, overlay_by_area
from woda_lib.places.analysis.result import Finding
from woda_lib.places.analysis.together import UPPER_BOUND, Together, numbers_of, together
from woda_lib.places.analysis.travel import MODES, Mode

__all__ = [
    "MODES",
    "UPPER_BOUND",
    "Finding",
    "Gaps",
    "HotSpots",
    "LandMix",
    "Mode",
    "Nearest",
    "Neighbours",
    "Overlaid",
    "PointsInAreas",
    "Together",
    "gaps",
    "hot_spots",
    "land_mix",
    "nearest",
    "nearest_few",
    "numbers_of",
    "overlay_by_area",
    "points",
    "points_in_areas",
    "shapes",
    "together",
    "touching",
    "within",
]
