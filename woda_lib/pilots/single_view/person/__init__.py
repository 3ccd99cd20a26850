"""Who one person is to all partners: looked up at a desk, shown on a page, told in counts."""

from woda_lib.pilots.single_view.person.asked import page_of_found
from woda_lib.pilots.single_view.person.desk import Desk
from woda_lib.pilots.single_view.person.dossier import dossier_of
from woda_lib.pilots.single_view.person.errors import PersonError
from woda_lib.pilots.single_view.person.making import make_page
from woda_lib.pilots.single_view.person.page import person_page
from woda_lib.pilots.single_view.person.panel import LookUpPanel
from woda_lib.pilots.single_view.person.planted import search_quality
from woda_lib.pilots.single_view.person.tables import (
    conflicts_by_field,
    headline,
    hidden_table,
    look_ups_this_month,
    who_can_be_looked_up,
)

__all__ = [
    "Desk",
    "LookUpPanel",
    "PersonError",
    "conflicts_by_field",
    "dossier_of",
    "headline",
    "hidden_table",
    "look_ups_this_month",
    "make_page",
    "page_of_found",
    "person_page",
    "search_quality",
    "who_can_be_looked_up",
]
