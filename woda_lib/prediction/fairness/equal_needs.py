"""What needs alone let one expect of a household, learnt from other households than itself.

To set households of equal needs side by side, two things are learnt from the recorded needs, and
each household's are taken from a model that never saw it: how many services will step in, and how
many know the household. What is left of the second when the first is held is chance, unless being
known does something of its own. That both are learnt, and not only the first, keeps a curve that
the models missed from looking like an effect (Robinson 1988, Econometrica 56: 931-954;
Chernozhukov, Chetverikov, Demirer et al. 2018, Econometrics Journal 21: C1-C68).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from lightgbm import LGBMRegressor
from sklearn.model_selection import GroupKFold

Floats = npt.NDArray[np.float64]

_FOLDS = 3
_FEWEST_EXPECTED = 1e-4
_SETTINGS: dict[str, Any] = {
    "n_estimators": 80,
    "learning_rate": 0.1,
    "num_leaves": 15,
    "min_child_samples": 40,
    "reg_lambda": 1.0,
    "n_jobs": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}


@dataclass(frozen=True, eq=False)
class EqualNeeds:
    """What is expected of each household from its needs alone.

    Attributes
    ----------
    services_new
        Expected number of services that step in.
    known
        Expected number of services that know the household.
    """

    services_new: Floats
    known: Floats


def expect_from_needs(
    needs: pd.DataFrame, services_new: Floats, known: Floats, household: pd.Series, *, seed: int
) -> EqualNeeds:
    """Learn from recorded needs what is expected, each household from the others.

    Parameters
    ----------
    needs
        Columns of what is recorded of a household's needs; categories as such, none as missing.
    services_new
        How many services stepped in.
    known
        How many services know the household.
    household
        Rows of one household are never on both sides.
    seed
        Of the split and of the models.
    """
    folds = GroupKFold(_FOLDS, shuffle=True, random_state=seed)
    expected = EqualNeeds(np.empty(len(needs)), np.empty(len(needs)))
    # By numbers in the order of names: the folds are the same, and names are compared slowly.
    numbers = pd.factorize(household, sort=True)[0]
    for others, own in folds.split(needs, groups=numbers):
        for target, loss, into in (
            (services_new, "poisson", expected.services_new),
            (known, "regression", expected.known),
        ):
            model = LGBMRegressor(objective=loss, random_state=seed, **_SETTINGS)
            into[own] = model.fit(needs.iloc[others], target[others]).predict(needs.iloc[own])
    np.maximum(expected.services_new, _FEWEST_EXPECTED, out=expected.services_new)
    return expected
