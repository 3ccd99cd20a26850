"""What case-mix adjustment raises where groups cannot be compared."""

from __future__ import annotations

from woda_lib.evaluation.errors import EvaluationError


class CaseMixError(EvaluationError):
    """The groups, or what tells them apart, do not allow an adjusted comparison."""


class OverlapError(CaseMixError):
    """Some people could only ever be in one of the groups, so weights would have no bound."""
