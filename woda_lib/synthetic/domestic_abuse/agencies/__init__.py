"""What every agency but police knows of the people of the county, and delivers."""

from woda_lib.synthetic.domestic_abuse.agencies.drawing import Known, draw_known
from woda_lib.synthetic.domestic_abuse.agencies.writing import write_known

__all__ = ["Known", "draw_known", "write_known"]
