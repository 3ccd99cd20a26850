"""Maps that a reader can search, switch, print, listen to, and operate without a mouse."""

from woda_lib.places.drawing.areas import Choropleth, Kinds
from woda_lib.places.drawing.classes import Classes, make_classes
from woda_lib.places.drawing.configured import drawn
from woda_lib.places.drawing.features import Field
from woda_lib.places.drawing.heat import Heat, density
from woda_lib.places.drawing.points import Circles, Points
from woda_lib.places.drawing.sheet import Incident, Sheet

__all__ = [
    "Choropleth",
    "Circles",
    "Classes",
    "Field",
    "Heat",
    "Incident",
    "Kinds",
    "Points",
    "Sheet",
    "density",
    "drawn",
    "make_classes",
]
