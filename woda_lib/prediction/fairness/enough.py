"""How many households a group needs before anything is told of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from woda_lib.prediction.fairness.counts import COUNTED
from woda_lib.prediction.few import FEWEST_SHOWN

HAPPENED_OR_EXPECTED = "happened_or_expected"


@dataclass(frozen=True)
class Enough:
    """The fewest of which a figure is told, of a group and of the rest alike.

    Attributes
    ----------
    households
        For the selection rate and the false-positive rate.
    happened
        Households to whom it happened, for the false-negative rate. Of 30, a rate is known to some
        15 in 100 either way. Of observed over expected, the larger of the two: a group whose risk
        is far overstated has few to whom it happened, and is not too small for that.
    listed
        Households on the list, for the precision.
    happened_for_slope
        Households to whom it happened, for a calibration slope. Of 100 it is known to about a
        third either way; 200 are asked for to judge a calibration curve by Collins, Ogundimu and
        Altman (2016, Statistics in Medicine 35: 214-226).
    shown
        Households in a share's numerator, and in what is left of its denominator, for it to be
        shown: the agreement's threshold. What is told and not shown is judged all the same.
    """

    households: int = 100
    happened: int = 30
    listed: int = 30
    happened_for_slope: int = 100
    shown: int = FEWEST_SHOWN

    def told(self, of: str, counts: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        """Return which groups have enough to be told.

        Parameters
        ----------
        of
            `households`, `happened` or `listed`; or `HAPPENED_OR_EXPECTED`, the larger of the two.
        counts
            Its last axis is `COUNTED`.
        """
        if of == HAPPENED_OR_EXPECTED:
            both = [COUNTED.index("happened"), COUNTED.index("expected")]
            return np.asarray(counts[..., both].max(axis=-1) >= self.happened)
        return np.asarray(counts[..., COUNTED.index(of)] >= getattr(self, of))
