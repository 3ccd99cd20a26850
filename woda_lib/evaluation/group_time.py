"""Group-time average effects: what treatment did to one cohort in one period.

ATT(g, t) is the average effect in period t on the units first treated in period g. It compares how
far the outcome of cohort g moved from before its treatment to t with how far it moved in units that
were untreated all the while: those never treated, or those not treated yet (Callaway and Sant'Anna
2021, Journal of Econometrics 225: 200-230). No comparison uses a unit that was treated before as
its control, which is what bends two-way fixed effects when effects grow or differ.

Without covariates each ATT(g, t) is a weighted sum of the mean outcomes by cohort and period, and
the influence of a row is its weight times its distance from its mean. With covariates see
`adjusted_effect`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from woda_lib.evaluation.adjusted_effect import adjusted_change, adjusted_cross_sections
from woda_lib.evaluation.adoption import NEVER, Adoption, AdoptionError
from woda_lib.evaluation.cluster_spread import Part, Spread, sum_by

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.integer[Any]]

Control = Literal["never", "not-yet"]
BasePeriod = Literal["last", "average", "varying"]
AdjustBy = Literal["doubly-robust", "regression"]
Stage = Literal["before", "anticipation", "after"]

SMALL_GROUP = 5


@dataclass(frozen=True)
class Cell:
    """One cohort in one period, and the periods and cohorts that it is compared with.

    Attributes
    ----------
    cohort
        Position of its first treatment.
    place
        Of the period among the study's periods.
    event_time
        Steps since first treatment.
    stage
        Whether the period lies before treatment, in its anticipation, or after.
    change
        (periods,) weights of the periods: 1 at the cell's own, the base's below nought.
    base
        Place of the last period of the base.
    controls
        Cohorts that are untreated in all the periods compared.
    """

    cohort: float
    place: int
    event_time: float
    stage: Stage
    change: Floats
    base: int
    controls: Floats


@dataclass(frozen=True, eq=False)
class GroupTime:
    """All group-time average effects of a study.

    Attributes
    ----------
    study
        What they were estimated from.
    cells
        Cohort and period of each effect.
    estimates
        (cells,) effects.
    coefficients
        (cells, groups, periods) weights of the mean outcomes that make each effect; None where
        covariates were adjusted for.
    influence
        (clusters or rows, cells) influences; the variance is the sum of their squares.
    group, cluster
        Codes of the rows of `influence`: the cohort's place, and the cluster.
    row_cluster
        Code of the cluster of each row of the study.
    without_control
        Cells in which nobody was left to compare with.
    """

    study: Adoption
    cells: tuple[Cell, ...]
    estimates: Floats
    coefficients: Floats | None
    influence: Floats
    group: Integers
    cluster: Integers
    row_cluster: Integers
    without_control: int

    @classmethod
    def of(
        cls,
        study: Adoption,
        *,
        control: Control,
        base_period: BasePeriod,
        adjust_by: AdjustBy,
        cluster: Integers,
    ) -> GroupTime:
        """Estimate each cohort's effect in each period.

        Parameters
        ----------
        study
            Rows with cohort and period.
        control
            Which units to compare with.
        base_period
            What a cohort's outcome is compared with: the last period before treatment, the average
            of all before it, or (before treatment only) the period before.
        adjust_by
            How covariates are adjusted for, if there are any.
        cluster
            (rows,) codes of independent clusters.

        Raises
        ------
        AdoptionError
            If no effect can be estimated with these controls.
        """
        cells, missing = [], 0
        for cell in _cells(study, control, base_period):
            if len(cell.controls):
                cells.append(cell)
            else:
                missing += cell.stage == "after"
        if not any(cell.stage == "after" for cell in cells):
            raise AdoptionError(_no_control(control))
        groups, group = np.unique(study.cohort, return_inverse=True)
        if study.covariates.shape[1]:
            coefficients = None
            estimates, influence = _adjusted(study, cells, adjust_by)
        else:
            coefficients = _coefficients(study, cells, groups)
            estimates, influence = _plain(study, coefficients, groups, group)
        clusters = int(cluster.max()) + 1
        group_of = np.zeros(clusters, dtype=int)
        group_of[cluster] = group
        codes = cluster
        if (group_of[cluster] == group).all():
            influence, group = sum_by(influence, cluster, clusters), group_of
            codes = np.arange(clusters)
        return cls(
            study=study,
            cells=tuple(cells),
            estimates=estimates,
            coefficients=coefficients,
            influence=influence,
            group=group,
            cluster=codes,
            row_cluster=cluster,
            without_control=missing,
        )

    @cached_property
    def sizes(self) -> dict[float, float]:
        """Total weight of each cohort: of its units in a panel, of its rows otherwise."""
        share = len(self.study.periods) if self.study.rows == "panel" else 1
        return {
            float(g): float(self.study.weight[self.study.cohort == g].sum() / share)
            for g in np.unique(self.study.cohort)
        }

    @cached_property
    def weight_by_cluster(self) -> Floats:
        """(clusters, cohorts) weight of each cohort's units in each cluster."""
        study = self.study
        share = len(study.periods) if study.rows == "panel" else 1
        mine = study.cohort[:, None] == study.cohorts[None, :]
        cluster = self.row_cluster
        return sum_by(mine * study.weight[:, None] / share, cluster, int(cluster.max()) + 1)

    @property
    def small(self) -> list[float]:
        """Cohorts, and those never treated, that hold fewer than five units."""
        cohort = self.study.cohort
        counts = {float(g): self.study.count(cohort == g) for g in np.unique(cohort)}
        return [g for g, count in counts.items() if count < SMALL_GROUP]

    @property
    def can_pool(self) -> bool:
        """Whether units have trajectories whose spread can be pooled over groups."""
        return (
            self.study.rows == "panel"
            and not self.study.clusters_given
            and not self.study.covariates.shape[1]
        )

    def spread(self, *, pooled: list[float]) -> Spread:
        """Return the variance of the effects.

        Parameters
        ----------
        pooled
            Cohorts whose spread is taken from all units, because they have too few of their own.
        """
        if not pooled:
            return Spread.of(self.influence, self.group, self.cluster)
        assert self.coefficients is not None  # `can_pool` is true
        panel, cohort, weight = _panel(self.study)
        groups = np.unique(cohort)
        members = [cohort == g for g in groups]
        borrowers = [place for place, g in enumerate(groups) if float(g) in pooled]
        df = len(cohort) - len(groups)
        parts = []
        for place, mine in enumerate(members):
            free = int(mine.sum()) - 1
            if free < 1:
                continue
            total = np.zeros((len(self.cells), len(self.cells)))
            if place not in borrowers:
                own = self.influence[self.group == place]
                total += (free + 1) / free * own.T @ own
            distance = panel[mine] - np.average(panel[mine], axis=0, weights=weight[mine])
            # What this group tells of the pooled spread, carried to each borrower: so a unit's
            # chance stands in one part only, and parts remain independent.
            for borrower in borrowers:
                w = weight[members[borrower]]
                moved = distance @ self.coefficients[:, borrower, :].T
                total += moved.T @ moved / df * float(np.sum(w**2) / w.sum() ** 2)
            parts.append(Part(total, free))
        return Spread(tuple(parts), len(self.cells))


def _cells(study: Adoption, control: Control, base_period: BasePeriod) -> Iterator[Cell]:
    """Say for each cohort and period what it is compared with."""
    everyone = np.unique(study.cohort)
    for g in study.cohorts:
        before = np.flatnonzero(study.periods < g - study.anticipation)
        for place, period in enumerate(study.periods):
            stage: Stage = (
                "after" if period >= g else "anticipation" if place > before[-1] else "before"
            )
            change = np.zeros(len(study.periods))
            change[place] = 1.0
            if base_period == "average":
                base = int(before[-1])
                change[before] -= 1 / len(before)
            else:
                varying = base_period == "varying" and stage == "before"
                base = place - 1 if varying else int(before[-1])
                if base < 0:
                    continue
                change[base] -= 1.0
            if not change.any():
                continue  # the base itself
            latest = study.periods[max(place, base)]
            untreated = (
                everyone == NEVER
                if control == "never"
                else (everyone > latest + study.anticipation) & (everyone != g)
            )
            yield Cell(float(g), place, float(period - g), stage, change, base, everyone[untreated])


def _coefficients(study: Adoption, cells: list[Cell], groups: Floats) -> Floats:
    """(cells, groups, periods) weights of the mean outcomes whose sum is each effect."""
    totals = _totals(study, groups)
    change = np.stack([cell.change for cell in cells])
    treated = np.array([cell.cohort for cell in cells])[:, None] == groups[None, :]
    compared = np.stack([np.isin(groups, cell.controls) for cell in cells]).astype(float)
    shares = compared[:, :, None] * totals / (compared @ totals)[:, None, :]
    return change[:, None, :] * (treated[:, :, None] - shares)


def _totals(study: Adoption, groups: Floats) -> Floats:
    """(groups, periods) total weight of the rows."""
    code = np.searchsorted(groups, study.cohort) * len(study.periods) + study.period
    cells = len(groups) * len(study.periods)
    totals = np.bincount(code, study.weight, cells).astype(float).reshape(len(groups), -1)
    if (totals == 0).any():
        where, when = np.argwhere(totals == 0)[0]
        who = (
            "the units never treated"
            if groups[where] == NEVER
            else f"the units first treated in {study.axis.say(groups[where])}"
        )
        raise AdoptionError(
            f"In {study.axis.say(study.periods[when])} nobody was seen among {who}, so their means "
            "cannot be compared over time. Leave out that period or that group, or join periods."
        )
    return totals


def _plain(
    study: Adoption, coefficients: Floats, groups: Floats, group: Integers
) -> tuple[Floats, Floats]:
    """Effects and influences of rows without covariates."""
    totals = _totals(study, groups)
    code = group * len(study.periods) + study.period
    sums = np.bincount(code, weights=study.weight * study.outcome, minlength=totals.size)
    means = sums.reshape(totals.shape) / totals
    estimates = np.einsum("kgt,gt->k", coefficients, means)
    distance = (
        study.weight * (study.outcome - means[group, study.period]) / totals[group, study.period]
    )
    return estimates, coefficients[:, group, study.period].T * distance[:, None]


def _panel(study: Adoption) -> tuple[Floats, Floats, Floats]:
    """(units, periods) outcomes of a panel, with cohort and mean weight of each unit."""
    units = int(study.unit.max()) + 1
    outcomes = np.empty((units, len(study.periods)))
    outcomes[study.unit, study.period] = study.outcome
    cohort = np.empty(units)
    cohort[study.unit] = study.cohort
    weight = np.bincount(study.unit, weights=study.weight) / len(study.periods)
    return outcomes, cohort, weight


def _adjusted(study: Adoption, cells: list[Cell], adjust_by: AdjustBy) -> tuple[Floats, Floats]:
    """Effects and influences of rows with covariates, each cell by itself."""
    rows = len(study.outcome)
    influence = np.zeros((rows, len(cells)))
    estimates = np.zeros(len(cells))
    if study.rows == "panel":
        outcomes, cohort, weight = _panel(study)
        units = len(cohort)
        covariates = np.empty((units, len(study.periods), study.covariates.shape[1]))
        covariates[study.unit, study.period] = study.covariates
        first_row = np.empty(units, dtype=int)
        first_row[study.unit[::-1]] = np.arange(rows)[::-1]
        for k, cell in enumerate(cells):
            used = (cohort == cell.cohort) | np.isin(cohort, cell.controls)
            estimates[k], found = adjusted_change(
                change=(outcomes @ cell.change)[used],
                treated=(cohort == cell.cohort)[used],
                covariates=covariates[used, cell.base],
                weight=weight[used],
                adjust_by=adjust_by,
            )
            influence[first_row[used], k] = found
        return estimates, influence
    if adjust_by == "doubly-robust":
        raise AdoptionError(
            'Doubly robust adjustment is for panels. Set adjust_by="regression" for repeated '
            "cross-sections."
        )
    for k, cell in enumerate(cells):
        if np.count_nonzero(cell.change) > 2:
            raise AdoptionError(
                "With covariates and repeated cross-sections a period is compared with one other: "
                'set base_period="last".'
            )
        used = (study.cohort == cell.cohort) | np.isin(study.cohort, cell.controls)
        used &= cell.change[study.period] != 0
        estimates[k], influence[used, k] = adjusted_cross_sections(
            outcome=study.outcome[used],
            later=cell.change[study.period[used]] > 0,
            treated=study.cohort[used] == cell.cohort,
            covariates=study.covariates[used],
            weight=study.weight[used],
        )
    return estimates, influence


def _no_control(control: Control) -> str:
    if control == "never":
        return (
            "No unit is never treated, so there is nobody to compare with. Set "
            'control="not-yet" to compare with units that were treated later.'
        )
    return (
        "In no period after a first treatment was any unit left untreated, so there is nobody to "
        "compare with. Add units that were treated later or never."
    )
