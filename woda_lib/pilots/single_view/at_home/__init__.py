"""Who is left at an address when everybody else there is accounted for."""

from woda_lib.pilots.single_view.at_home.counting import counted_off
from woda_lib.pilots.single_view.at_home.learned import Learned
from woda_lib.pilots.single_view.at_home.said import said_of

__all__ = ["Learned", "counted_off", "said_of"]
