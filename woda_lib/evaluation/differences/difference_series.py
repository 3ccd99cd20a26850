"""Two groups over many periods: the difference of their means as one series that remembers.

With one treated group (or one treated unit) the chance that matters is not between people: a bad
month for a hospital moves all its patients together, and remains for a while. More people do not
average that away. So the groups' means by period are subtracted, and the step in the difference is
estimated with errors that follow a first-order autoregression, by the recipe of `autoregressive`:
restricted maximum likelihood, the covariance of Kenward and Roger, Satterthwaite's degrees of
freedom.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from woda_lib.evaluation.differences.adoption import Adoption
from woda_lib.evaluation.differences.adoption_columns import AdoptionError
from woda_lib.evaluation.differences.cluster_spread import sum_by
from woda_lib.evaluation.series.autoregressive import (
    LEAST_SPARE_MONTHS,
    AutoregressiveFit,
    AutoregressiveModel,
    Contrast,
)

Floats = NDArray[np.floating[Any]]
Booleans = NDArray[np.bool_]

FEWEST_PERIODS = 12
FEWEST_A_SIDE = 3


@dataclass(frozen=True, eq=False)
class DifferenceSeries:
    """Means of the treated group and of its controls by period, and the step between them.

    Attributes
    ----------
    positions
        (periods,) whole steps from the first period.
    treated, control
        (periods,) means.
    after
        (periods,) whether the treated group was under treatment.
    fit
        The fitted difference: level and step.
    """

    positions: Floats
    treated: Floats
    control: Floats
    after: Booleans
    fit: AutoregressiveFit

    @classmethod
    def of(cls, study: Adoption) -> DifferenceSeries:
        """Average a study with one date of adoption by group and period, and fit the step.

        Periods in which treatment was anticipated, or in which one of the groups was not seen, are
        left out; the errors know of the gap.

        Raises
        ------
        AdoptionError
            If fewer than 12 periods are left, or fewer than 3 before or after.
        """
        treated = study.treated.astype(int)
        code = treated * len(study.periods) + study.period
        outcome = _adjusted(study, code)
        total = np.bincount(code, weights=study.weight, minlength=2 * len(study.periods))
        sums = np.bincount(code, weights=study.weight * outcome, minlength=total.size)
        start = study.cohorts[0]
        early = (study.periods >= start - study.anticipation) & (study.periods < start)
        use = (total.reshape(2, -1) > 0).all(axis=0) & ~early
        means = sums.reshape(2, -1)[:, use] / total.reshape(2, -1)[:, use]
        positions = study.periods[use]
        after = positions >= start
        sides = int((~after).sum()), int(after.sum())
        if sum(sides) < FEWEST_PERIODS or min(sides) < FEWEST_A_SIDE:
            raise AdoptionError(
                f"The series of differences has {sides[0]} periods before treatment and {sides[1]} "
                f"after; the autoregressive errors need {FEWEST_PERIODS} in all and "
                f'{FEWEST_A_SIDE} on each side. Use more periods, or errors="cluster" if there are '
                "several treated units and several controls."
            )
        model = _model(tuple(positions), tuple(after))
        return cls(positions, means[1], means[0], after, model.fit(means[1] - means[0]))

    @property
    def difference(self) -> Floats:
        """(periods,) treated less control."""
        return self.treated - self.control

    def step(self, level: float) -> Contrast:
        """Return the effect."""
        return self.fit.contrast([0.0, 1.0], level=level)

    def drift_before(self, level: float) -> Contrast | None:
        """Return the slope, a step, of the difference before treatment; None if too short."""
        before = ~self.after
        if before.sum() < LEAST_SPARE_MONTHS + 2:
            return None
        place = self.positions[before]
        design = np.column_stack([np.ones(len(place)), place - place.mean()])
        fit = AutoregressiveModel(design, at=place).fit(self.difference[before])
        return fit.contrast([0.0, 1.0], level=level)


@lru_cache(maxsize=64)
def _model(positions: tuple[float, ...], after: tuple[bool, ...]) -> AutoregressiveModel:
    """Prepare the algebra once for all series of the same periods."""
    design = np.column_stack([np.ones(len(positions)), np.array(after, dtype=float)])
    return AutoregressiveModel(design, at=np.array(positions))


def _adjusted(study: Adoption, code: NDArray[np.integer[Any]]) -> Floats:
    """Take from the outcome what covariates explain within group and period."""
    x = study.covariates
    if not x.shape[1]:
        return study.outcome
    cells = int(code.max()) + 1
    total = np.maximum(np.bincount(code, weights=study.weight, minlength=cells), 1e-300)
    columns = np.column_stack([study.outcome, x])
    within = columns - (sum_by(columns * study.weight[:, None], code, cells) / total[:, None])[code]
    root = np.sqrt(study.weight)
    slopes, _, rank, _ = np.linalg.lstsq(within[:, 1:] * root[:, None], within[:, 0] * root)
    if rank < x.shape[1]:
        raise AdoptionError(
            "Some covariates do not vary among the rows of one group and period, or repeat each "
            "other, so the means cannot be adjusted for them. Leave them out."
        )
    return study.outcome - (x - np.average(x, axis=0, weights=study.weight)) @ slopes
