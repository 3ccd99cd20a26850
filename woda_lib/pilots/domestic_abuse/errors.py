"""What can go wrong in the rules of the domestic-abuse pilot, in words to act on."""

from __future__ import annotations

from woda_lib.errors import WodaError


class DomesticAbuseError(WodaError):
    """A table or a parameter file of the pilot is not what its rules need."""
