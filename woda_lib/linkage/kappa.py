"""How well two reviewers agree, beyond what chance alone would give: Cohen's kappa."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from woda_lib.linkage.errors import LinkageError


@dataclass(frozen=True)
class Agreement:
    """How often two people decided alike.

    Attributes
    ----------
    table
        Decisions of the first (rows) by those of the second (columns), counted.
    pairs
        How many both decided on.
    observed, by_chance
        Share on which they agree, and on which two people would who decide as often in the same
        ways, but blindfolded.
    kappa
        (observed − by_chance) / (1 − by_chance): 1 is full agreement, 0 no better than chance;
        missing where both always decided the same one way.
    low, high
        95% interval.
    """

    table: pd.DataFrame
    pairs: int
    observed: float
    by_chance: float
    kappa: float
    low: float
    high: float


def cohen_kappa(first: Sequence[str], second: Sequence[str]) -> Agreement:
    """Return the agreement of two people who judged the same things.

    Parameters
    ----------
    first, second
        Their decisions, in the same order.

    Raises
    ------
    LinkageError
        There are no decisions, or not equally many.

    References
    ----------
    Cohen, J. (1960), A coefficient of agreement for nominal scales, Educational and Psychological
    Measurement 20, 37–46: kappa, and its standard error √(p(1 − p) / (n(1 − c)²)) for observed
    agreement p and agreement by chance c.
    """
    if len(first) != len(second) or not len(first):
        raise LinkageError(
            f"Agreement needs two decisions on every pair; there are {len(first)} and "
            f"{len(second)}. Give both reviewers the same pairs."
        )
    names = sorted({*first, *second})
    counted = pd.crosstab(
        pd.Series(list(first), name="first"), pd.Series(list(second), name="second")
    )
    table = counted.reindex(index=names, columns=names, fill_value=0)
    shares = table.to_numpy() / len(first)
    observed = float(np.trace(shares))
    by_chance = float(shares.sum(axis=1) @ shares.sum(axis=0))
    if by_chance >= 1:
        return Agreement(table, len(first), observed, by_chance, np.nan, np.nan, np.nan)
    kappa = (observed - by_chance) / (1 - by_chance)
    error = np.sqrt(observed * (1 - observed) / len(first)) / (1 - by_chance)
    reach = float(ndtri(0.975)) * float(error)
    low, high = max(-1.0, kappa - reach), min(1.0, kappa + reach)
    return Agreement(table, len(first), observed, by_chance, kappa, low, high)
