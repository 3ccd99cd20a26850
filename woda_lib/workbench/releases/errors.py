"""Why something is not released, signed or withdrawn."""

from __future__ import annotations

from woda_lib.errors import WodaError


class ReleaseError(WodaError):
    """A run may not be released, or a release may not be signed or withdrawn."""
