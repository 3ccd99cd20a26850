"""What a process chart raises."""

from __future__ import annotations

from woda_lib.evaluation.errors import EvaluationError


class ProcessChartError(EvaluationError):
    """The series cannot be put on a process chart."""
