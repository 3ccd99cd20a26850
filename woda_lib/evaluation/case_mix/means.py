"""The mean that each group would have with one and the same case mix, and each person's influence.

Three ways, for one of three target populations (everybody, or those of one group):

- *standardise*: a model of the outcome predicts everybody's outcome as if they were in the one
  group, and in the other; the predictions are averaged over the target (g-computation);
- *inverse probability*: people count as many times as there are people like them in the target for
  each one in their group;
- *doubly robust*: the first, corrected by the second's weighted mean of what it got wrong; right if
  either model is (Robins, Rotnitzky and Zhao 1994, JASA 89: 846-866).

Sources: Hernán and Robins, Causal Inference: What If (2020), chapters 12 and 13; Lunceford and
Davidian 2004, Statistics in Medicine 23: 2937-2960, for the influence of estimated weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from woda_lib.evaluation.case_mix.errors import CaseMixError
from woda_lib.evaluation.case_mix.models import (
    Family,
    OutcomeModel,
    Propensity,
    bandwidth,
    fit_outcome,
    fit_propensity,
)

Floats = NDArray[np.floating[Any]]
Booleans = NDArray[np.bool_]
Adjustment = Literal["none", "standardise", "inverse probability", "doubly robust"]
Population = Literal["everybody", "compared", "reference"]


@dataclass(frozen=True, eq=False)
class People:
    """What a comparison rests on, one entry a person.

    Attributes
    ----------
    outcome
        Finite numbers.
    compared
        True in the group compared, false in the reference group.
    terms
        (people, terms) to adjust for.
    """

    outcome: Floats
    compared: Booleans
    terms: Floats

    def these(self, rows: NDArray[np.intp]) -> People:
        """Return some of the people, or some of them more than once."""
        return People(self.outcome[rows], self.compared[rows], self.terms[rows])


@dataclass(frozen=True)
class Settings:
    """How to adjust.

    Attributes
    ----------
    adjustment, family, quantile, population
        As `adjusted_difference` takes them.
    interactions
        Whether every term may matter differently in each group.
    name
        Of the outcome, for errors.
    """

    adjustment: Adjustment
    family: Family
    quantile: float
    population: Population
    interactions: bool
    name: str


@dataclass(frozen=True, eq=False)
class GroupMeans:
    """Means (or quantiles) of the reference group and of the group compared.

    Attributes
    ----------
    means
        (2,).
    influence
        (people, 2) of each person on each mean: their mean squares over n are the variances.
    terms
        How many coefficients were estimated for the outcome.
    """

    means: Floats
    influence: Floats
    terms: int


def group_means(people: People, settings: Settings) -> GroupMeans:
    """Work out both groups' adjusted means."""
    if settings.adjustment == "none":
        weights = (np.ones(len(people.outcome)), np.zeros((len(people.outcome), 1)))
        found = [_weighted(people, settings, side, *weights, None) for side in (False, True)]
        return _both(found, terms=2)
    target = _target(people.compared, settings.population)
    if settings.adjustment == "inverse probability":
        propensity = fit_propensity(people.compared, people.terms)
        found = [
            _weighted(
                people,
                settings,
                side,
                *group_weights(propensity, people.compared, side, settings.population),
                propensity,
            )
            for side in (False, True)
        ]
        return _both(found, terms=2)
    model = fit_outcome(
        people.outcome,
        _design(people.terms, people.compared, settings.interactions),
        settings.family,
        settings.quantile,
        settings.name,
    )
    terms = len(model.coefficients)
    found = [_predicted(people, settings, side, model, target) for side in (False, True)]
    if settings.adjustment == "standardise":
        return _both(found, terms)
    if settings.family == "quantile":
        raise CaseMixError(
            "There is no doubly robust quantile here. Standardise, or weigh by inverse probability."
        )
    propensity = fit_propensity(people.compared, people.terms)
    wrong = [_correction(people, settings, side, model, propensity) for side in (False, True)]
    plain, correction = _both(found, terms), _both(wrong, terms)
    return GroupMeans(plain.means + correction.means, plain.influence + correction.influence, terms)


def _both(found: list[tuple[float, Floats]], terms: int) -> GroupMeans:
    return GroupMeans(
        np.array([mean for mean, _ in found]),
        np.column_stack([influence for _, influence in found]),
        terms,
    )


def _target(compared: Booleans, population: Population) -> Floats:
    """Return each person's share in the target, of mean 1."""
    inside = {
        "everybody": np.ones(len(compared)),
        "compared": compared.astype(float),
        "reference": (~compared).astype(float),
    }[population]
    return inside / inside.mean()


def _design(terms: Floats, compared: Booleans | bool, interactions: bool) -> Floats:
    side = np.broadcast_to(np.asarray(compared, dtype=float), (len(terms),))[:, None]
    parts = [np.ones((len(terms), 1)), side, terms]
    if interactions:
        parts.append(side * terms)
    return np.hstack(parts)


def _predicted(
    people: People, settings: Settings, side: bool, model: OutcomeModel, target: Floats
) -> tuple[float, Floats]:
    design = _design(people.terms, side, settings.interactions)
    predicted = model.predict(design)
    mean = float(np.mean(target * predicted))
    through_model = model.influence @ (target @ model.gradient(design) / len(target))
    return mean, target * (predicted - mean) + through_model


def group_weights(
    propensity: Propensity, compared: Booleans, side: bool, population: Population
) -> tuple[Floats, Floats]:
    """Return (people,) weights of one group, nought for the other, and their derivatives.

    The derivatives, (people, k), are by the coefficients of the propensity model.
    """
    chance = propensity.chance
    mine, others = (chance, 1 - chance) if side else (1 - chance, chance)
    sign = -1.0 if side else 1.0
    if population == "everybody":
        weights, slope = 1 / mine, sign * others / mine
    elif (population == "compared") == side:
        weights, slope = np.ones_like(chance), np.zeros_like(chance)
    else:
        weights, slope = others / mine, sign * others / mine
    inside = compared == side
    return weights * inside, (slope * inside)[:, None] * propensity.design


def _weighted(
    people: People,
    settings: Settings,
    side: bool,
    weights: Floats,
    slopes: Floats,
    propensity: Propensity | None,
) -> tuple[float, Floats]:
    """Weighted mean or quantile of one group."""
    weights = weights * (people.compared == side)
    scale = weights.mean()
    if settings.family == "quantile":
        centre = weighted_quantile(people.outcome, weights, settings.quantile)
        residuals = people.outcome - centre
        inside = weights > 0
        width = bandwidth(residuals[inside], settings.quantile)
        density = weights[np.abs(residuals) < width].sum() / (2 * width * len(weights))
        scores, scale = settings.quantile - (residuals < 0), density
    else:
        centre = float(np.average(people.outcome, weights=weights))
        scores = people.outcome - centre
    influence = weights * scores / scale
    if propensity is not None:
        influence = influence + propensity.influence @ ((scores @ slopes) / len(scores) / scale)
    return centre, influence


def weighted_quantile(values: Floats, weights: Floats, quantile: float) -> float:
    """Return the smallest value with at least this share of the weight at or below it."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(below, quantile * below[-1] * (1 - 1e-12))])


def _correction(
    people: People, settings: Settings, side: bool, model: OutcomeModel, propensity: Propensity
) -> tuple[float, Floats]:
    """Weighted mean of what the outcome model got wrong in one group."""
    design = _design(people.terms, side, settings.interactions)
    weights, slopes = group_weights(propensity, people.compared, side, settings.population)
    scale = weights.mean()
    wrong = people.outcome - model.predict(design)
    mean = float(np.average(wrong, weights=weights))
    influence = weights * (wrong - mean) / scale
    influence += propensity.influence @ (((wrong - mean) @ slopes) / len(wrong) / scale)
    influence -= model.influence @ (weights @ model.gradient(design) / len(wrong) / scale)
    return mean, influence
