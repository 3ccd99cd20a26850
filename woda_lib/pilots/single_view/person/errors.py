"""What can go wrong when somebody is looked up."""

from __future__ import annotations

from woda_lib.errors import WodaError


class PersonError(WodaError):
    """Nobody can be shown: there is no such person, or no reason was given."""
