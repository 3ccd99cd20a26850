"""One unit and the mixture of donors that follows it: weights, and the gap in every period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from woda_lib.evaluation.donors.nearest import mixture
from woda_lib.evaluation.donors.predictors import Importance, predicted_weights

Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class Match:
    """A followed unit beside its mixture.

    Attributes
    ----------
    weights
        (donors,).
    shares
        (predictors,) how much each counts; empty where outcomes alone were matched.
    gaps
        (periods,) the unit less its mixture.
    before
        Periods before the start.
    """

    weights: Floats
    shares: Floats
    gaps: Floats
    before: int

    @property
    def effect(self) -> float:
        """Mean gap from the start on."""
        return float(self.gaps[self.before :].mean())

    @property
    def rmspe(self) -> float:
        """Root mean squared gap before the start."""
        return float(np.sqrt(np.mean(self.gaps[: self.before] ** 2)))

    @property
    def rmspe_after(self) -> float:
        """Root mean squared gap from the start on."""
        return float(np.sqrt(np.mean(self.gaps[self.before :] ** 2)))


@dataclass(frozen=True, eq=False)
class Matcher:
    """How mixtures are chosen: by outcomes before the start, or by predictors.

    Attributes
    ----------
    outcomes
        (units, periods).
    before
        Periods before the start.
    predictors
        (predictors, units), or nothing to match the outcomes of each period before the start.
    importance
        How predictors are weighed.
    """

    outcomes: Floats
    before: int
    predictors: Floats | None = None
    importance: Importance = "fit"

    def match(self, unit: int, donors: Sequence[int]) -> Match:
        """Choose the mixture of these donors that follows this unit."""
        followed, others = self.outcomes[unit], self.outcomes[list(donors)]
        shares: Floats = np.empty(0)
        if self.predictors is None:
            weights = mixture(others[:, : self.before].T, followed[: self.before])
        else:
            order = [unit, *donors]
            weights, shares = predicted_weights(
                self.predictors[:, order], self.outcomes[order, : self.before], self.importance
            )
        return Match(weights, shares, followed - weights @ others, self.before)

    def treated(self) -> Match:
        """Follow the treated unit with all donors."""
        return self.match(0, range(1, len(self.outcomes)))

    def placebos(self) -> list[Match]:
        """Follow each donor with the other donors.

        The treated unit is in none of these mixtures, since after the start it carries the effect.
        """
        donors = range(1, len(self.outcomes))
        return [self.match(unit, [other for other in donors if other != unit]) for unit in donors]
