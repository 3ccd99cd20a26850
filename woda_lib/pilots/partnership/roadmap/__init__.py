"""The sharing roadmap: who holds what, how good it is, and what blocks sharing it."""

from woda_lib.pilots.partnership.roadmap.access import agreements_table
from woda_lib.pilots.partnership.roadmap.errors import RoadmapError
from woda_lib.pilots.partnership.roadmap.levels import LEVELS
from woda_lib.pilots.partnership.roadmap.quality import DIMENSIONS, Thresholds
from woda_lib.pilots.partnership.roadmap.reading import Sources, read_sources
from woda_lib.pilots.partnership.roadmap.register import Register, check_waits, read_register

__all__ = [
    "DIMENSIONS",
    "LEVELS",
    "Register",
    "RoadmapError",
    "Sources",
    "Thresholds",
    "agreements_table",
    "check_waits",
    "read_register",
    "read_sources",
]
