"""Inputs that move together: probabilities drawn by a Gaussian copula.

Two inputs from one source are often wrong in the same direction. Rank correlation says how much,
whatever the inputs' distributions, and a Gaussian copula draws them so: a rank correlation of r
needs a correlation of 2 sin(πr/6) between the normals beneath (Pearson 1907; Iman and Conover 1982
do the same by re-ordering).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy import stats

from woda_lib.evaluation.distributions import Floats
from woda_lib.evaluation.errors import EvaluationError

Correlations = Mapping[tuple[str, str], float] | pd.DataFrame
"""Rank correlations by pair of names, or as a square table; pairs left out are independent."""


class CorrelationError(EvaluationError):
    """The correlations do not fit the inputs, or each other."""


def correlated_probabilities(
    names: Sequence[str], correlations: Correlations | None, *, draws: int, seed: int
) -> Floats:
    """Draw probabilities, a column an input.

    Parameters
    ----------
    names
        Of the inputs.
    correlations
        Their rank correlations (Spearman's).
    draws
        How many.
    seed
        Equal seeds give equal draws.

    Returns
    -------
    ndarray, shape (draws, inputs)
        Each column uniform between 0 and 1.

    Raises
    ------
    CorrelationError
        If a pair names no input, a correlation is not between −1 and 1, or all of them together
        are impossible.

    Examples
    --------
    >>> u = correlated_probabilities(["a", "b"], {("a", "b"): 0.8}, draws=5000, seed=1)
    >>> round(float(stats.spearmanr(u).statistic), 1)
    0.8
    """
    normals = np.random.default_rng(seed).standard_normal((draws, len(names)))
    if correlations is not None:
        normals = normals @ _factor(names, correlations).T
    probabilities: Floats = stats.norm.cdf(normals)
    return probabilities


def _factor(names: Sequence[str], correlations: Correlations) -> Floats:
    matrix = np.eye(len(names))
    for (one, other), rank in _pairs(correlations).items():
        for name in (one, other):
            if name not in names:
                raise CorrelationError(
                    f"A correlation is given for {name!r}, which is no input. "
                    f"The inputs are {', '.join(names)}."
                )
        if one == other or not -1 <= rank <= 1:
            raise CorrelationError(
                f"The rank correlation of {one} and {other} must be of two inputs, and lie between "
                "−1 and 1."
            )
        i, j = names.index(one), names.index(other)
        matrix[i, j] = matrix[j, i] = 2 * np.sin(np.pi * rank / 6)
    values, vectors = np.linalg.eigh(matrix)
    if values.min() < -1e-9:
        raise CorrelationError(
            "The rank correlations are impossible together: where two inputs both move with a "
            "third, they cannot move against each other as much as is said. Lower some of them."
        )
    factor: Floats = vectors * np.sqrt(np.clip(values, 0, None))
    return factor


def _pairs(correlations: Correlations) -> dict[tuple[str, str], float]:
    if not isinstance(correlations, pd.DataFrame):
        return {pair: float(rank) for pair, rank in correlations.items()}
    ranks = correlations.to_numpy(dtype=float)
    if list(correlations.index) != list(correlations.columns) or not np.allclose(ranks, ranks.T):
        raise CorrelationError(
            "The table of correlations must be square and symmetric, with the inputs' names along "
            "both sides in one order."
        )
    names = [str(name) for name in correlations.columns]
    return {
        (names[i], names[j]): float(ranks[i, j])
        for i in range(len(names))
        for j in range(i + 1, len(names))
        if ranks[i, j] != 0
    }
