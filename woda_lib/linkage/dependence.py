"""Comparisons that agree together by chance: the dependence tree of Chow and Liu (1968).

Strangers who share a postcode sector share a postcode district too, and two Gretas are of one sex
and often of one age. Fellegi and Sunter's model takes comparisons as independent and counts such
evidence twice. Here the levels of non-matches follow a tree: each comparison depends on at most one
other, and of all trees the one with the largest mutual information is the likeliest. An edge that
does not pay for its parameters is left out (Schwarz 1978), so that small samples get no tree. Two
comparisons get none: an edge between them accounts for whatever they show together, and leaves
nothing to tell matches by (Goodman 1974).

Method
    Chow, C. K. and Liu, C. N. (1968), Approximating discrete probability distributions with
    dependence trees, IEEE Transactions on Information Theory 14, 462–467.
    Schwarz, G. (1978), Estimating the dimension of a model, Annals of Statistics 6, 461–464.
    Goodman, L. A. (1974), Exploratory latent structure analysis using both identifiable and
    unidentifiable models, Biometrika 61, 215–231.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FEWEST = 3  # comparisons of which a tree may be fitted
SHRINKAGE = 2.0  # pairs by which each cell is drawn towards independence


@dataclass(frozen=True)
class Dependence:
    """One edge of the tree: two comparisons, and how much oftener their levels meet than apart.

    Attributes
    ----------
    first, second
        Places of the comparisons.
    excess
        log2 of P(both levels) / (P(one) × P(other)) among non-matches; row and column 0 stand for
        missing and hold 0, so that level l is found at l + 1.
    """

    first: int
    second: int
    excess: Floats


def fit_tree(
    levels: npt.NDArray,
    weights: Floats,
    number: int,
    explained: npt.NDArray[np.bool_] | None = None,
) -> tuple[Dependence, ...]:
    """Fit the tree to weighted comparison vectors of non-matches.

    Parameters
    ----------
    levels
        Distinct comparison vectors, shape (patterns, comparisons); −1 is missing.
    weights
        How many pairs of non-matches show each.
    number
        Number of levels that the widest comparison has.
    explained
        Comparisons whose dependence on one another the household class explains. An edge between
        two of them would explain it again, and draw household pairs over to the strangers.

    Returns
    -------
    tuple of Dependence
        At most one edge fewer than there are comparisons, the strongest first.
    """
    if levels.shape[1] < FEWEST:
        return ()
    tables = {
        (first, second): _cross_table(levels[:, first], levels[:, second], weights, number)
        for first, second in combinations(range(levels.shape[1]), 2)
        if explained is None or not (explained[first] and explained[second])
    }
    gains = {edge: _gain(table) for edge, table in tables.items()}
    worthwhile = [edge for edge, gain in gains.items() if gain > 0]
    group = list(range(levels.shape[1]))  # Kruskal: an edge joins two groups, or is left out
    tree = []
    for first, second in sorted(worthwhile, key=lambda edge: -gains[edge]):
        if group[first] != group[second]:
            old, new = group[first], group[second]
            group = [new if each == old else each for each in group]
            tree.append(Dependence(first, second, _excess(tables[first, second])))
    return tuple(tree)


def excess(tree: Sequence[Dependence], levels: npt.NDArray) -> Floats:
    """Bits by which the tree finds comparison vectors likelier among non-matches than apart.

    Parameters
    ----------
    tree
        Its edges.
    levels
        Comparison vectors, shape (pairs, comparisons).
    """
    total = np.zeros(len(levels))
    for edge in tree:
        one, other = levels[:, edge.first], levels[:, edge.second]
        total += edge.excess[one.astype(np.int64) + 1, other.astype(np.int64) + 1]
    return total


def _cross_table(one: npt.NDArray, other: npt.NDArray, weights: Floats, number: int) -> Floats:
    """Weigh the meetings of two comparisons' levels; pairs that miss either are left out."""
    present = (one >= 0) & (other >= 0)
    cell = one[present].astype(np.int64) * number + other[present]
    totals = np.zeros(number**2)
    totals += np.bincount(cell, weights[present], minlength=number**2)
    return totals.reshape(number, number)


def _gain(table: Floats) -> float:
    """Log likelihood that the edge adds, in nats, less half of Schwarz's penalty for its cells."""
    total = table.sum()
    if total <= 0:
        return 0.0
    apart = _apart(table)
    with np.errstate(divide="ignore", invalid="ignore"):
        information = np.where(table > 0, table * np.log(table / apart), 0.0).sum()
    freedom = ((table.sum(axis=1) > 0).sum() - 1) * ((table.sum(axis=0) > 0).sum() - 1)
    return float(information - freedom * np.log(total) / 2)


def _excess(table: Floats) -> Floats:
    padded = np.zeros((len(table) + 1, len(table) + 1))
    padded[1:, 1:] = np.log2((table + SHRINKAGE) / (_apart(table) + SHRINKAGE))
    return padded


def _apart(table: Floats) -> Floats:
    """Return the table that independence would give."""
    return np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
