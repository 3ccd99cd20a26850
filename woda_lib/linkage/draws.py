"""Plausible alternative linkages, so that an evaluation can carry the linkage's uncertainty.

A linkage states one grouping of the records; the model knows others that are nearly as likely. A
*draw* is one grouping taken at random by how likely it is. Downstream, an estimate is made once
for each draw, and the spread between draws is the part of its uncertainty that linkage error
brings (multiple imputation: Rubin 1987; for linkage, Goldstein, Harron and Wade 2012).

Every pair of records is a coin that shows "one entity" with its match probability, and only those
throws count in which the links form whole groups. A grouping G of a component thus has

    P(G) proportional to the product of the match odds of all pairs that G puts together.

Two records that no third touches are together with exactly their match probability. A pair that
a person or a source free of duplicates keeps apart has odds of 0 and never meets. Groupings are
drawn exactly, not by a Markov chain: the sum over all groupings of a set of records splits by
the group of its first record (the recursion behind Bell numbers), which takes 3^k steps for k.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numba
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.cluster.hierarchy import fcluster, linkage

from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.cluster import Labels
from woda_lib.linkage.errors import LinkageError
from woda_lib.linkage.fast.components import components
from woda_lib.linkage.fellegi_sunter import Floats
from woda_lib.linkage.quality import pairs_of

PLAUSIBLE = 0.01  # match probability below which a pair does not bring records into one component
LARGEST = 12  # records (or groups of them) whose groupings are summed exactly
SETTLED = 1e-6  # a component whose grouping is doubtful by less than this is not drawn anew

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Draws:
    """Alternative linkages, each a table like ``result.clusters``; a sequence of tables.

    Attributes
    ----------
    records
        ``source``, ``id``, ``entity_id`` of the linkage itself.
    uncertain
        Positions, in order, of the records whose group may differ between draws.
    labels
        Shape (draws, uncertain records): position of the first record of each one's group.
    """

    records: pd.DataFrame
    uncertain: Labels
    labels: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    def __iter__(self) -> Iterator[pd.DataFrame]:
        return (self[number] for number in range(len(self)))

    def __getitem__(self, number: int) -> pd.DataFrame:
        """Return one draw: ``source``, ``id``, ``entity_id``.

        A group whose first record is also the first of its entity in the linkage bears that
        entity's name; any other bears that name with the first record's position behind it.
        """
        names = self.records["entity_id"].to_numpy(dtype=object)
        first = self.labels[number]
        own = self._leads[first]
        given = names[first]
        given[~own] = given[~own] + "/" + first[~own].astype(str).astype(object)
        drawn = names.copy()
        drawn[self.uncertain] = given
        return self.records[["source", "id"]].assign(entity_id=drawn)

    @cached_property
    def _leads(self) -> npt.NDArray[np.bool_]:
        """Which records are the first of their entity in the linkage."""
        return ~self.records["entity_id"].duplicated().to_numpy()

    def together(self, left: int, right: int) -> float:
        """Return the share of draws in which two records, by position, are one entity."""
        places = np.searchsorted(self.uncertain, [left, right])
        if not np.isin([left, right], self.uncertain).all():
            names = self.records["entity_id"].to_numpy(dtype=object)
            return float(names[left] == names[right])
        return float((self.labels[:, places[0]] == self.labels[:, places[1]]).mean())


def draw(
    records: pd.DataFrame,
    candidates: Pairs,
    probability: Floats,
    odds: Callable[[Pairs], Floats],
    n: int,
    seed: int,
) -> Draws:
    """Draw groupings of records.

    Parameters
    ----------
    records
        ``source``, ``id``, ``entity_id`` of the linkage.
    candidates, probability
        Candidate pairs and their match probabilities.
    odds
        Gives the log2 odds of any pairs.
    n
        How many draws.
    seed
        Equal seeds give equal draws.

    Returns
    -------
    Draws

    Raises
    ------
    LinkageError
        `n` is less than one.

    Notes
    -----
    The draws take the model's parameters as known. They vary the linkage given the model, not
    the model; where that matters, fit it anew on samples of the records.

    A component of more than `LARGEST` entities of the linkage is parted at the least likely links
    between them. In one of more records than that, those most likely to be one entity are drawn
    as if they were one record, until `LARGEST` are left.

    References
    ----------
    Goldstein, H., Harron, K. and Wade, A. (2012), The analysis of record-linked data using
    multiple imputation with data value priors, Statistics in Medicine 31, 3481–3493.
    """
    if n < 1:
        raise LinkageError("The number of draws must be at least 1.")
    settled = pd.factorize(records["entity_id"])[0].astype(np.int64)
    links = candidates.take(probability >= PLAUSIBLE)
    part = _parts(settled, links, odds(links))
    members = np.argsort(part, kind="stable")
    members = members[np.bincount(part)[part[members]] > 1]
    nodes = _Nodes.of(members, part[members], settled[members], odds)
    drawn, doubtful = _sample(
        nodes.weights, nodes.offsets, nodes.settled, n, np.uint32(seed % 2**32)
    )
    chosen = np.flatnonzero(doubtful[nodes.of_member])
    chosen = chosen[np.argsort(members[chosen])]
    labels = nodes.first[drawn[:, nodes.of_member[chosen]]]
    return Draws(records[["source", "id", "entity_id"]], members[chosen], labels)


@dataclass(frozen=True)
class _Nodes:
    """What is drawn: records, or groups that are drawn as one, numbered part by part.

    Attributes
    ----------
    of_member
        Node of each record.
    first
        Position of each node's first record.
    offsets
        First node of each part, and the end.
    weights
        log2 odds between the nodes of a part: for each part a square table, row after row.
    settled
        First node of the entity that the linkage has each node in.
    """

    of_member: Labels
    first: Labels
    offsets: Counts
    weights: Floats
    settled: Labels

    @classmethod
    def of(
        cls, members: Labels, part: Labels, settled: Labels, odds: Callable[[Pairs], Floats]
    ) -> _Nodes:
        """Make the nodes of records that are ordered by part."""
        inside = pairs_of(part)
        inside = inside.take(np.lexsort((inside.right, inside.left)))
        evidence = odds(Pairs(members[inside.left], members[inside.right]))
        of_member = _merged(part, inside, evidence)
        first = np.unique(of_member, return_index=True)[1]
        part_of_node = pd.factorize(part[first])[0]
        sizes = np.bincount(part_of_node)
        offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        squares = np.concatenate([[0], np.cumsum(sizes**2)]).astype(np.int64)
        left, right = of_member[inside.left], of_member[inside.right]
        apart = left != right
        left, right, evidence = left[apart], right[apart], evidence[apart]
        where = part_of_node[left]
        row, column = left - offsets[where], right - offsets[where]
        weights = np.zeros(squares[-1])
        for one, other in ((row, column), (column, row)):
            np.add.at(weights, squares[where] + one * sizes[where] + other, evidence)
        entity = pd.factorize(settled[first])[0]  # entities never reach over parts
        first_of_entity = np.unique(entity, return_index=True)[1]
        return cls(of_member, members[first], offsets, weights, first_of_entity[entity])


def _parts(settled: Labels, links: Pairs, odds: Floats) -> Labels:
    """Components of plausible links, those of too many entities parted at rising odds."""
    number = len(settled)
    first = np.unique(settled, return_index=True)[1][settled]
    one, other = settled[links.left], settled[links.right]
    links, odds = links.take(one != other), odds[one != other]
    bar = float(odds.min(initial=0.0))
    while True:
        left = np.concatenate([np.arange(number), links.left])
        right = np.concatenate([first, links.right])
        component = components(number, left, right)
        entities = np.bincount(component[np.unique(first)], minlength=component.max(initial=0) + 1)
        crowded = entities[component[links.left]] > LARGEST
        if not crowded.any():
            return component
        bar += 1
        kept = ~crowded | (odds > bar)
        links, odds = links.take(kept), odds[kept]


def _merged(part: Labels, inside: Pairs, odds: Floats) -> Labels:
    """Number the nodes; in parts of too many records, merge the likeliest by average linkage."""
    within = np.arange(len(part))
    starts = np.flatnonzero(np.r_[True, part[1:] != part[:-1]]) if len(part) else part
    sizes = np.diff(np.append(starts, len(part)))
    for start, size in zip(starts[sizes > LARGEST], sizes[sizes > LARGEST], strict=True):
        here = slice(*np.searchsorted(inside.left, [start, start + size]))
        distance = odds[here].max() - odds[here]  # in the order of scipy's condensed matrices
        merged = fcluster(linkage(distance, method="average"), LARGEST, criterion="maxclust")
        within[start : start + size] = start + merged
    return pd.factorize(part * (len(part) + LARGEST + 1) + within)[0].astype(np.int64)


@numba.njit(cache=True)
def _sample(
    weights: Floats, offsets: Counts, settled: Labels, n: int, seed: np.uint32
) -> tuple[Labels, npt.NDArray[np.bool_]]:
    """Draw n groupings of every part; a node gets the number of the first node of its group.

    Parts whose grouping is not in doubt keep the linkage's and are marked so.
    """
    np.random.seed(seed)  # noqa: NPY002  (numba's own generator, apart from NumPy's)
    drawn = np.empty((n, len(settled)), dtype=np.int64)
    doubtful = np.zeros(len(settled), dtype=np.bool_)
    square = 0
    for part in range(len(offsets) - 1):
        start, k = offsets[part], offsets[part + 1] - offsets[part]
        everyone = (1 << k) - 1
        group = np.zeros(everyone + 1)  # log2 weight of a set of nodes as one group
        total = np.zeros(everyone + 1)  # log2 of the sum over all its groupings
        for nodes in range(1, everyone + 1):
            low = 0
            while not (nodes >> low) & 1:
                low += 1
            rest = nodes & (nodes - 1)
            group[nodes] = group[rest]
            for other in range(low + 1, k):
                if (rest >> other) & 1:
                    group[nodes] += weights[square + low * k + other]
            highest = -np.inf
            others = rest
            while True:
                highest = max(highest, group[nodes ^ others] + total[others])
                if others == 0:
                    break
                others = (others - 1) & rest
            mass = 0.0
            others = rest
            while True:
                mass += 2.0 ** (group[nodes ^ others] + total[others] - highest)
                if others == 0:
                    break
                others = (others - 1) & rest
            total[nodes] = highest + np.log2(mass)
        square += k * k
        chosen = 0.0
        for low in range(k):
            nodes = 0
            for other in range(k):
                if settled[start + other] == start + low:
                    nodes |= 1 << other
            chosen += group[nodes]
        # Node by node: numba compiles a sentence about shapes with an assignment of slices, which
        # takes three times as long as all the rest.
        settled_enough = 2.0 ** (chosen - total[everyone]) > 1 - SETTLED
        for node in range(start, start + k):
            doubtful[node] = not settled_enough
            for number in range(n):
                drawn[number, node] = settled[node]
        if settled_enough:
            continue
        for number in range(n):
            nodes = everyone
            while nodes:
                low = 0
                while not (nodes >> low) & 1:
                    low += 1
                rest = nodes & (nodes - 1)
                left = np.random.random()  # noqa: NPY002
                others = rest
                while True:
                    left -= 2.0 ** (group[nodes ^ others] + total[others] - total[nodes])
                    if left <= 0 or others == 0:
                        break
                    others = (others - 1) & rest
                for other in range(k):
                    if ((nodes ^ others) >> other) & 1:
                        drawn[number, start + other] = start + low
                nodes = others
    return drawn, doubtful
