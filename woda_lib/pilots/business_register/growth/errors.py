"""What growth raises where the register cannot answer."""

from __future__ import annotations

from woda_lib.errors import WodaError


class GrowthError(WodaError):
    """The register holds nothing by which growth could be told."""

    exit_code = 2
