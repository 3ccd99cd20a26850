"""How long a way takes without a road network: a straight line, longer by a detour, at a speed.

Roads are not straight. Their length over that of the straight line, the detour factor, is about
1.2 for people on foot in towns (1.21 to 1.23: O'Sullivan and Morrall, *Walking distances to and
from light-rail transit stations*, Transportation Research Record 1538, 1996) and about 1.4 by car
(Boscoe, Henry and Zdeb, *A nationwide comparison of driving distance versus straight-line distance
to hospitals*, Professional Geographer 64, 2012, from 66,000 places in the United States; the two
are correlated with r² over 0.9). A river without a bridge is not known to it: near the Severn and
the Avon ways are longer than it says. Speeds of walking and cycling are those of the Department for
Transport's journey time statistics, 4.8 and 16 kilometres an hour.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from woda_lib.places.errors import PlacesError

Metres = npt.NDArray[np.floating] | float


@dataclass(frozen=True)
class Mode:
    """A way of getting about.

    Attributes
    ----------
    name : str
        As it is said: *on foot*.
    detour : float
        Length of a way over that of the straight line, 1 or more.
    kilometres_an_hour : float
    minutes_before : float
        Spent before and after: parking, waiting.
    """

    name: str
    detour: float
    kilometres_an_hour: float
    minutes_before: float = 0.0

    def __post_init__(self) -> None:
        if self.detour < 1:
            raise PlacesError(
                f"A way {self.name} cannot be shorter than the straight line: detour is "
                f"{self.detour:g} and must be 1 or more."
            )
        if self.kilometres_an_hour <= 0 or self.minutes_before < 0:
            raise PlacesError(
                f"The speed {self.name} must be above 0, and no time is spent before nought."
            )

    def minutes(self, straight_metres: Metres) -> Metres:
        """Return how long the way takes whose straight line is so long."""
        way = np.asarray(straight_metres) * self.detour
        return self.minutes_before + way / (self.kilometres_an_hour * 1_000 / 60)

    def reach(self, minutes: float) -> float:
        """Return how far, in a straight line, one gets in so many minutes; 0 where nowhere."""
        moving = max(0.0, minutes - self.minutes_before)
        return moving * self.kilometres_an_hour * 1_000 / 60 / self.detour


FOOT = Mode("on foot", detour=1.22, kilometres_an_hour=4.8)
BICYCLE = Mode("by bicycle", detour=1.3, kilometres_an_hour=16.0, minutes_before=2.0)
CAR = Mode("by car", detour=1.4, kilometres_an_hour=35.0, minutes_before=5.0)
"""The bicycle's detour, the car's speed and the minutes before are assumed."""

MODES = {"foot": FOOT, "bicycle": BICYCLE, "car": CAR}
