"""What this part raises where a table of events cannot answer the question."""

from __future__ import annotations

from woda_lib.evaluation.errors import EvaluationError


class RepeatsError(EvaluationError):
    """The events cannot say how concentrated they are, or how soon they repeat."""


def check_share(share: float, argument: str) -> float:
    """Return a share, or say that it is none.

    Raises
    ------
    RepeatsError
        If it does not lie between 0 and 1.
    """
    if isinstance(share, bool) or not 0 < share < 1:
        raise RepeatsError(f"`{argument}` is a share between 0 and 1, such as 0.05.")
    return float(share)
