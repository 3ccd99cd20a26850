"""What can go wrong when households are listed for review, in words to act on."""

from __future__ import annotations

from woda_lib.errors import WodaError


class ReviewError(WodaError):
    """A list cannot be made, or what caseworkers decided about it cannot be read."""
