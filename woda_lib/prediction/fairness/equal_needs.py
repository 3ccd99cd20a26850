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

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.model_selection import GroupKFold

Floats = npt.NDArray[np.float64]

_FOLDS = 3
_FEWEST_EXPECTED = 1e-4


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
    for others, own in folds.split(needs, groups=household):
        for target, loss, into in (
            (services_new, "poisson", expected.services_new),
            (known, "squared_error", expected.known),
        ):
            model = HistGradientBoostingRegressor(
                loss=loss,
                learning_rate=0.1,
                max_iter=80,
                max_leaf_nodes=15,
                min_samples_leaf=40,
                l2_regularization=1.0,
                categorical_features="from_dtype",
                random_state=seed,
            )
            into[own] = model.fit(needs.iloc[others], target[others]).predict(needs.iloc[own])
    np.maximum(expected.services_new, _FEWEST_EXPECTED, out=expected.services_new)
    return expected
