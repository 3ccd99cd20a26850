"""An agreement's disclosure rule as the gate uses it, and the refusal that it can end in."""

from __future__ import annotations

from dataclasses import dataclass

from woda_lib.errors import WodaError


class DisclosureError(WodaError):
    """Something would have shown a person; says which part, which rule, and what would be safe."""


@dataclass(frozen=True)
class Rule:
    """What is unsafe to show.

    Attributes
    ----------
    threshold : int
        The smallest count of people that may be shown; nought may be shown too.
    rounding : int
        Counts are rounded to the nearest multiple of this.
    dominance_n, dominance_k : int, float
        A sum is unsafe where its `n` largest contributors make up more than `k` per cent of it.
    p_percent : float
        A sum is unsafe where its second largest contributor could work out the largest one to
        within this many per cent.
    minimum_degrees_of_freedom : int
        A model with fewer residual degrees of freedom is not shown.
    """

    threshold: int = 5
    rounding: int = 5
    dominance_n: int = 2
    dominance_k: float = 90.0
    p_percent: float = 10.0
    minimum_degrees_of_freedom: int = 10
