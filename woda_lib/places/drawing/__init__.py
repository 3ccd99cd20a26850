"""Maps that a reader can search, switch, print, listen to, and operate without a mouse."""

from woda_lib.places.drawing.areas import Choropleth, Kinds
from woda_lib.places.drawing.classes import Classes, make_classes
from woda_lib.places.drawing.configured import drawn
from woda_lib.places.drawing.features import Field
from woda_lib.places.drawing.heat import Heat, density
from woda_lib.places.drawing.layer import Layer
from woda_lib.places.drawing.points import Circles, Points
from woda_lib.places.drawing.sheet import Incident, Sheet
from woda_lib.places.drawing.still import draw_shown, shown_layers

__all__ = [
    "Choropleth",
    "Circles",
    "Classes",
    "Field",
    "Heat",
    "Incident",
    "Kinds",
    "Layer",
    "Points",
    "Sheet",
    "density",
    "draw_shown",
    "drawn",
    "make_classes",
    "shown_layers",
]
