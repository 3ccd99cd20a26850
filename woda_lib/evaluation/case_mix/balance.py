"""Are the groups alike, before and after weighting, and is there anybody to compare with?

The standardised mean difference is the difference of two means in units of the groups' standard
deviation, sqrt((s1² + s0²) / 2), taken before weighting in both cases so that the two can be
compared (Austin 2009, Statistics in Medicine 28: 3083-3107); a tenth is the usual line. The
effective number of people is (sum of weights)² / sum of squared weights (Kish 1965).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from woda_lib.evaluation.case_mix.columns import CaseMix
from woda_lib.evaluation.case_mix.means import Population, group_weights
from woda_lib.evaluation.case_mix.models import Propensity
from woda_lib.phrases import say_count

Floats = NDArray[np.floating[Any]]
Booleans = NDArray[np.bool_]

WORTH_NOTING = 0.1
_SMALL_SHARE = 0.5
_LARGE_WEIGHT = 20.0
_RARE = 0.01


def person_weights(propensity: Propensity, compared: Booleans, population: Population) -> Floats:
    """Return everybody's stabilised weight: of mean 1 in each group if the model is right."""
    weights = np.zeros(len(compared))
    for side in (False, True):
        inside = compared == side
        weights[inside] = group_weights(propensity, compared, side, population)[0][inside]
    if population == "everybody":
        weights *= np.where(compared, compared.mean(), 1 - compared.mean())
    else:
        other = compared != (population == "compared")
        weights[other] *= other.mean() / (1 - other.mean())
    return weights


def balance_table(mix: CaseMix, compared: Booleans, weights: Floats) -> pd.DataFrame:
    """Compare both groups, feature by feature.

    Parameters
    ----------
    mix
        What people bring with them.
    compared
        (people,) true in the group compared.
    weights
        (people,) after weighting.

    Returns
    -------
    DataFrame
        One row a number or level: `feature, reference, compared` (means or shares before
        weighting), `before` and `after` (standardised mean differences, compared less reference).
    """
    values = mix.features.to_numpy()
    spread = np.sqrt((values[compared].var(axis=0) + values[~compared].var(axis=0)) / 2)
    rows = {"feature": list(mix.features.columns)}
    means = {side: values[compared == side].mean(axis=0) for side in (False, True)}
    weighted = {
        side: np.average(values[compared == side], axis=0, weights=weights[compared == side])
        for side in (False, True)
    }
    with np.errstate(divide="ignore", invalid="ignore"):  # a feature that is constant in both
        before = (means[True] - means[False]) / spread
        after = (weighted[True] - weighted[False]) / spread
    return pd.DataFrame(
        {**rows, "reference": means[False], "compared": means[True], "before": before}
        | {"after": after}
    ).fillna({"before": 0.0, "after": 0.0})


def overlap_table(
    propensity: Propensity, compared: Booleans, weights: Floats, names: tuple[str, str]
) -> pd.DataFrame:
    """Say how far weights stretch each group.

    Returns
    -------
    DataFrame
        A row each for the reference group and the group compared: `group, people, effective`
        (people that the weighted group is worth), `chance_low, chance_high` (of being in the group
        compared) and `weight_low, weight_mean, weight_high`.
    """
    rows = []
    for side, name in zip((False, True), names, strict=True):
        inside = compared == side
        w, chance = weights[inside], propensity.chance[inside]
        effective = w.sum() ** 2 / (w**2).sum()
        of_chances = (chance.min(), chance.max())
        of_weights = (w.min(), w.mean(), w.max())
        rows.append((name, int(inside.sum()), effective, *of_chances, *of_weights))
    columns = "group people effective chance_low chance_high weight_low weight_mean weight_high"
    return pd.DataFrame(rows, columns=columns.split())


def one_sided_levels(mix: CaseMix, compared: Booleans) -> list[str]:
    """Warn of categories with levels that only one of the groups has."""
    found = []
    for name, levels in mix.categories.items():
        alone = set(levels[compared]) ^ set(levels[~compared])
        if alone:
            people = int(levels.isin(alone).sum())
            found.append(
                f"{say_count(len(alone)).capitalize()} level{'s' if len(alone) > 1 else ''} of "
                f"{name!r}, with {people} people, {'are' if len(alone) > 1 else 'is'} found in one "
                "group only: for them the comparison rests on the model alone."
            )
    return found


def overlap_warnings(
    propensity: Propensity, compared: Booleans, overlap: pd.DataFrame, balance: pd.DataFrame
) -> list[str]:
    """Say where the groups hardly overlap, or where weighting has not made them alike."""
    found = []
    chance = propensity.chance
    rare = int((np.minimum(chance, 1 - chance) < _RARE).sum())
    if rare:
        found.append(
            f"{rare} of {len(chance)} people had a chance under {_RARE:.0%} of being in one of the "
            "groups: there is hardly anybody like them in it."
        )
    thin = overlap[overlap["effective"] < _SMALL_SHARE * overlap["people"]]
    for row in thin.to_dict("records"):
        found.append(
            f"Weighted, the {row['people']} people of {row['group']} are worth "
            f"{row['effective']:.0f}: a few people carry the comparison."
        )
    if (overlap["weight_high"] > _LARGE_WEIGHT * overlap["weight_mean"]).any():
        found.append("One person has more than twenty times the average weight of their group.")
    apart = int((balance["after"].abs() > WORTH_NOTING).sum())
    if apart:
        found.append(
            f"{apart} of {len(balance)} features still differ by more than a tenth of a standard "
            "deviation between the weighted groups."
        )
    return found
