"""How large a gap is when nothing happened: the donors' own gaps, and the interval they give.

Every donor is treated as if the change had come to it, and followed by a mixture of the other
donors. If the treated unit might as well have been any of them, its gap without an effect would be
one more draw from theirs. So an average effect is compatible with the data when the gap left over
after taking it away, in multiples of the root mean squared gap before the start, is no rarer than
the level allows among the donors' (Firpo and Possebom 2018, Journal of Causal Inference 6:
20160026, who invert such tests; Abadie, Diamond and Hainmueller 2010 for the ratio). The smallest
possible p value is 1 / (donors + 1): with 19 donors a 95% interval is the widest of all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from woda_lib.evaluation.donors.match import Match

Floats = NDArray[np.floating[Any]]

_PERFECT = 1e-6


def attainable(level: float, donors: int) -> float:
    """Return the level, or the highest that so many donors allow.

    Examples
    --------
    >>> attainable(0.95, donors=38)
    0.95
    >>> attainable(0.95, donors=9)
    0.9
    """
    return min(level, donors / (donors + 1))


def rank_p_value(treated: float, placebos: Floats) -> float:
    """Return the share of all units, the treated one included, that are as extreme as it."""
    return float((1 + (placebos >= treated * (1 - 1e-12)).sum()) / (len(placebos) + 1))


@dataclass(frozen=True, eq=False)
class PlaceboScale:
    """Gaps of donors, in multiples of how well each was followed before the start.

    Attributes
    ----------
    spread
        Of the treated unit before the start: what multiples are taken of.
    spreads
        (donors,) of each placebo.
    scaled
        Whether spreads are root mean squared gaps. Where some mixture fits perfectly, because
        periods are few, they are all 1, and gaps are compared as they are.
    """

    spread: float
    spreads: Floats
    scaled: bool

    @classmethod
    def of(cls, spread: float, spreads: Sequence[float], *, size: float) -> PlaceboScale:
        """Take the spreads of the treated unit and of the placebos, and the outcome's size."""
        others = np.asarray(spreads, dtype=float)
        if min(spread, others.min()) <= _PERFECT * size:
            return cls(1.0, np.ones(len(others)), scaled=False)
        return cls(spread, others, scaled=True)

    def reach(self, gaps: Floats, level: float) -> Floats | float:
        """Return half the width of the interval.

        Parameters
        ----------
        gaps
            (donors, …) gaps of the placebos.
        level
            As `attainable` returns it.

        Returns
        -------
        Floats or float
            One for each trailing entry of `gaps`.
        """
        donors = len(self.spreads)
        multiples = np.abs(gaps) / self.spreads.reshape(-1, *[1] * (gaps.ndim - 1))
        place = min(math.ceil(level * (donors + 1) - 1e-9), donors) - 1
        return np.sort(multiples, axis=0)[place] * self.spread

    def p_value(self, gap: float, gaps: Floats) -> float:
        """Return how often a gap as large comes about among the donors and the treated unit."""
        return rank_p_value(abs(gap) / self.spread, np.abs(gaps) / self.spreads)


def placebo_scale(treated: Match, placebos: Sequence[Match], *, size: float) -> PlaceboScale:
    """Scale the gaps of matches."""
    return PlaceboScale.of(treated.rmspe, [match.rmspe for match in placebos], size=size)
