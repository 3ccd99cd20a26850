"""What this room raises where data or settings cannot answer the question."""

from __future__ import annotations

from woda_lib.errors import WodaError


class EvaluationError(WodaError):
    """The question cannot be answered from what was given; the base of this room's errors."""

    exit_code = 2


class FrameError(EvaluationError):
    """The table lacks a column, or a column holds what it cannot."""
