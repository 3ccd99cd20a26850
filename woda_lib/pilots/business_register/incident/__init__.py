"""Who and what lies inside an incident's area: areas, what is in them, and who must be helped."""

from __future__ import annotations

from woda_lib.pilots.business_register.incident.area import Area, IncidentError
from woda_lib.pilots.business_register.incident.reading import outlines_for, read_area

__all__ = ["Area", "IncidentError", "outlines_for", "read_area"]
