"""Many group-time effects as few numbers: overall, by cohort, by calendar period, by event time.

Each average is a weighted sum of the effects ATT(g, t), in which cohorts count by their number of
units (Callaway and Sant'Anna 2021, section 3). Those numbers may be taken as given, when the
question is what treatment did to the units of this study; or as a draw from many units of which
others might have adopted, when cohorts that differ in their effects add to the uncertainty.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from woda_lib.evaluation.cluster_spread import Part
from woda_lib.evaluation.group_time import GroupTime, Stage

Floats = NDArray[np.floating[Any]]
Booleans = NDArray[np.bool_]
By = Literal["cohort", "period", "event"]
Aggregate = Literal["group", "simple", "event", "calendar"]

OVERALL: dict[Aggregate, str] = {
    "group": "averaged over treated units, each over its periods under treatment",
    "simple": "averaged over all treated units and periods",
    "event": "averaged over event times from 0 on",
    "calendar": "averaged over calendar periods",
}
"""The four overall averages, by the name of the setting that makes each the headline."""


@dataclass(frozen=True, eq=False)
class Averages:
    """Weighted sums of group-time effects.

    Attributes
    ----------
    labels
        What each average belongs to: a cohort, period or event time; 0 for an overall one.
    weights
        (averages, effects).
    counts
        How many cohorts each average rests on.
    chance
        (averages, cohorts) by how much one more unit of weight in a cohort would move the average,
        because cohorts differ in their effects.
    """

    labels: Floats
    weights: Floats
    counts: NDArray[np.integer[Any]]
    chance: Floats

    def part(self, effects: GroupTime) -> Part:
        """Return the variance that drawing the cohorts' sizes adds."""
        sums = effects.weight_by_cluster @ self.chance.T
        clusters = int((effects.weight_by_cluster.sum(axis=1) > 0).sum())
        return Part(sums.T @ sums, max(clusters - 1, 1))


def averages(effects: GroupTime, by: By, *, stage: Stage | None = "after") -> Averages:
    """Average effects within each cohort, period or event time.

    Parameters
    ----------
    effects
        Group-time effects.
    by
        What the effects of one average share.
    stage
        Of the effects to use; None for all.
    """
    values, mask = _values(effects, by), _mask(effects, stage)
    labels = np.unique(values[mask])
    members = (labels[:, None] == values[None, :]) & mask
    weights, chance = _weigh(effects, members.astype(float))
    return Averages(labels, weights, _cohorts_of(effects, members), chance)


def each_effect(effects: GroupTime) -> Averages:
    """Return each effect as an average of itself alone."""
    count = len(effects.cells)
    chance = np.zeros((count, len(effects.study.cohorts)))
    return Averages(np.arange(count, dtype=float), np.eye(count), np.ones(count, dtype=int), chance)


def overall(effects: GroupTime, name: Aggregate) -> Averages:
    """Average all effects after treatment into one number; `OVERALL` says how."""
    after = _mask(effects, "after")
    if name == "simple":
        members = after[None, :].astype(float)
    elif name == "group":
        cohort = _values(effects, "cohort")
        periods = (after & (cohort[:, None] == cohort[None, :])).sum(axis=1)
        members = np.where(after, 1 / np.maximum(periods, 1), 0.0)[None, :]
    else:
        values = _values(effects, "event" if name == "event" else "period")
        labels = np.unique(values[after])
        members = ((labels[:, None] == values[None, :]) & after).astype(float)
    weights, chance = _weigh(effects, members)
    count = _cohorts_of(effects, after[None, :])
    return Averages(
        np.zeros(1), weights.mean(axis=0, keepdims=True), count, chance.mean(axis=0, keepdims=True)
    )


def _weigh(effects: GroupTime, members: Floats) -> tuple[Floats, Floats]:
    """Weights by the cohorts' sizes, and what each cohort's size does to the average."""
    cohorts = effects.study.cohorts
    cohort = _values(effects, "cohort")
    size = np.array([effects.sizes[float(g)] for g in cohorts])[np.searchsorted(cohorts, cohort)]
    total = (members * size).sum(axis=1, keepdims=True)
    weights = members * size / total
    mine = cohort[:, None] == cohorts[None, :]
    distance = effects.estimates[None, :] - (weights @ effects.estimates)[:, None]
    return weights, (members * distance) @ mine / total


def _values(effects: GroupTime, by: By) -> Floats:
    if by == "cohort":
        return np.array([cell.cohort for cell in effects.cells])
    if by == "period":
        return effects.study.periods[[cell.place for cell in effects.cells]]
    return np.array([cell.event_time for cell in effects.cells])


def _mask(effects: GroupTime, stage: Stage | None) -> Booleans:
    return np.array([stage in (None, cell.stage) for cell in effects.cells])


def _cohorts_of(effects: GroupTime, members: Booleans) -> NDArray[np.integer[Any]]:
    cohort = _values(effects, "cohort")
    return np.array([len(np.unique(cohort[row])) for row in members])
