"""What this room raises where data or settings cannot answer the question."""

from __future__ import annotations

from woda_lib.errors import WodaError


class PredictionError(WodaError):
    """What was given cannot be learned from or scored; says which place, and what to do next."""

    exit_code = 2
