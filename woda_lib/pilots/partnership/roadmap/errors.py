"""What is wrong with the register of sharing."""

from __future__ import annotations

from woda_lib.errors import WodaError


class RoadmapError(WodaError):
    """The register is missing or does not say what it must; the message names the key."""

    exit_code = 2
