"""Two-way fixed effects: one regression with an effect for each unit and each period.

With one date of adoption this is the classic difference in differences. With several dates it
averages over comparisons of which some take units that were treated before as controls; when
effects grow or differ between cohorts, those comparisons are wrong and may even turn the sign
(Goodman-Bacon 2021, Journal of Econometrics 225: 254-277). `comparisons` says how much of the
estimate rests on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from woda_lib.evaluation.adoption import NEVER, Adoption, AdoptionError
from woda_lib.evaluation.cluster_spread import sum_by

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class TwoWay:
    """The regression's effect with what its standard errors are made of.

    Attributes
    ----------
    estimate
        Coefficient of being treated.
    influence
        (rows,) influence of each row on it.
    classical_error, classical_df
        Standard error when all rows are independent with one variance, and rows less coefficients.
    absorbed
        How many covariates the fixed effects take up wholly, so that they adjust for nothing.
    coefficients
        Coefficients that the cluster-robust small-sample factor counts: those not within a unit.
    """

    estimate: float
    influence: Floats
    classical_error: float
    classical_df: int
    absorbed: int
    coefficients: int

    @classmethod
    def of(cls, study: Adoption) -> TwoWay:
        """Fit the regression to a study's rows.

        Raises
        ------
        AdoptionError
            If treatment cannot be told from the fixed effects.
        """
        unit = (
            np.unique(study.cohort, return_inverse=True)[1] if study.units_seen_once else study.unit
        )
        w = study.weight
        periods = np.eye(len(study.periods))[study.period][:, 1:]
        columns = np.column_stack([study.outcome, study.on, periods, study.covariates])
        within = columns - _means(columns, unit, w)[unit]
        scale = np.sqrt(np.average(columns**2, axis=0, weights=w))
        covariates = slice(2 + periods.shape[1], None)
        left = np.sqrt(np.average(within**2, axis=0, weights=w))[covariates]
        absorbed = int(np.sum(left <= 1e-9 * np.maximum(scale[covariates], 1e-300)))
        root = np.sqrt(w)[:, None]
        others = within[:, 2:] * root
        explained, _, rank, _ = np.linalg.lstsq(others, within[:, :2] * root, rcond=1e-10)
        y, d = (within[:, :2] - within[:, 2:] @ explained).T
        squares = float(w @ d**2)
        if squares <= 1e-9 * len(d):
            raise AdoptionError(
                "Being treated cannot be told from the differences between units and periods: "
                "no period has treated and untreated units at once. Add units that were treated "
                "later or never, or leave out a covariate that marks treatment."
            )
        estimate = float(w @ (d * y)) / squares
        residual = y - estimate * d
        units = int(unit.max()) + 1
        df = len(y) - units - int(rank) - 1
        error = np.sqrt(float(w @ residual**2) / df / squares) if df > 0 else np.nan
        return cls(
            estimate=estimate,
            influence=w * d * residual / squares,
            classical_error=float(error),
            classical_df=max(df, 0),
            absorbed=absorbed,
            coefficients=int(rank) + 2,
        )

    def clustered(self, cluster: Integers) -> tuple[float, int]:
        """Return the usual cluster-robust standard error (CR1) and clusters less one.

        Parameters
        ----------
        cluster
            (rows,) codes.
        """
        rows, clusters = len(self.influence), int(cluster.max()) + 1
        if clusters < 2:
            return float("nan"), 0
        sums = sum_by(self.influence[:, None], cluster, clusters)[:, 0]
        free = max(rows - self.coefficients, 1)
        share = clusters / (clusters - 1) * (rows - 1) / free
        return float(np.sqrt(share * sums @ sums)), clusters - 1


def comparisons(study: Adoption) -> pd.DataFrame:
    """Take two-way fixed effects apart into its comparisons of two groups (Goodman-Bacon 2021).

    Parameters
    ----------
    study
        A balanced panel without weights or covariates.

    Returns
    -------
    DataFrame
        One row a comparison: `comparison` ("treated with never treated", "earlier with later
        treated", "later with earlier treated"), `treated` and `control` (positions of first
        treatment), `weight` (adding up to one) and `estimate`. The last kind takes units that are
        treated already as controls.

    Raises
    ------
    AdoptionError
        If the study is no such panel.
    """
    if study.rows != "panel" or study.covariates.shape[1] or np.ptp(study.weight) > 0:
        raise AdoptionError(
            "The decomposition of two-way fixed effects is for a balanced panel without weights "
            "and covariates."
        )
    groups = np.unique(study.cohort)
    table = pd.DataFrame({"g": study.cohort, "t": study.period, "y": study.outcome})
    means = table.pivot_table(index="g", columns="t", values="y", aggfunc="mean").to_numpy()
    units = np.array([study.count(study.cohort == g) for g in groups], dtype=float)
    on = study.periods[None, :] >= groups[:, None]
    share = on.mean(axis=1)
    treated = [place for place, g in enumerate(groups) if g <= study.periods[-1]]
    rows = []
    for k in treated:
        for other in range(len(groups)):
            if other == k:
                continue
            pair = units[k] * units[other]
            if not on[other].any():
                kind = "treated with never treated"
                weight, seen = share[k] * (1 - share[k]), np.ones_like(on[k])
            elif groups[k] < groups[other]:
                kind = "earlier with later treated"
                weight, seen = (share[k] - share[other]) * (1 - share[k]), ~on[other]
            else:
                kind = "later with earlier treated"
                weight, seen = share[k] * (share[other] - share[k]), on[other]
            after, before = seen & on[k], seen & ~on[k]
            moved = [means[g][after].mean() - means[g][before].mean() for g in (k, other)]
            control = NEVER if kind.endswith("never treated") else groups[other]
            rows.append((kind, groups[k], control, pair * weight, moved[0] - moved[1]))
    found = pd.DataFrame(rows, columns=["comparison", "treated", "control", "weight", "estimate"])
    return found.assign(weight=found["weight"] / found["weight"].sum())


def _means(columns: Floats, unit: Integers, weight: Floats) -> Floats:
    """(units, columns) weighted means."""
    units = int(unit.max()) + 1
    total = np.bincount(unit, weights=weight, minlength=units)
    return sum_by(columns * weight[:, None], unit, units) / total[:, None]
