"""What can go wrong in planning by counts, in words to act on."""

from __future__ import annotations

from woda_lib.errors import WodaError


class PlanningError(WodaError):
    """The early-help schema, or a table that it reads, is not as it must be."""
