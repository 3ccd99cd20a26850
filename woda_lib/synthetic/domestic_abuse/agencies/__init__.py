"""What every agency but police knows of the people of the county, and delivers."""

from woda_lib.synthetic.domestic_abuse.agencies.drawing import Known, draw_known
from woda_lib.synthetic.domestic_abuse.agencies.world import World
from woda_lib.synthetic.domestic_abuse.agencies.writing import (
    deliver_known,
    who_is_who,
    write_known,
)

__all__ = ["Known", "World", "deliver_known", "draw_known", "who_is_who", "write_known"]
