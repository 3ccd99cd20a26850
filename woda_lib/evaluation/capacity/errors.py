"""What a question about places raises."""

from __future__ import annotations

from woda_lib.evaluation.errors import EvaluationError


class CapacityError(EvaluationError):
    """The number of places cannot be worked out from what was given."""
