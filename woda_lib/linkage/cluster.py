"""Clusters: from linked pairs to groups of records, one group an entity.

Connected components alone join two people as soon as one wrong link stands between them. Here
links only propose: within each component every pair is scored, and groups merge from the best
upwards while the records of both are, on average, more likely one entity than not (average
linkage: Sokal and Michener 1958; for record linkage, Hassanzadeh and others 2009). Two records
that cannot be one, because their source holds each entity once, veto any merge of their groups.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.fellegi_sunter import Floats

Labels = npt.NDArray[np.int64]

# Larger components are cut at higher and higher odds first: no person has so many records, and
# the scores of all their pairs would fill the memory.
LARGEST_COMPONENT = 400
GROUPS_A_STRETCH = 1 << 10  # what one thread takes at a time
_TOLD_BY_ITS_LINK = 2  # records: a group of so many has no other pair
VETO = -1e6  # log2 odds of a pair that cannot be one entity


def cluster(
    number: int,
    links: Pairs,
    odds: Floats,
    score: Callable[[Pairs], Floats],
) -> Labels:
    """Group records into entities.

    Parameters
    ----------
    number
        Number of records.
    links
        Linked pairs.
    odds
        Their log2 odds of being one entity.
    score
        Gives the log2 odds of any pairs, `VETO` or less for those that cannot be one.

    Returns
    -------
    numpy.ndarray of int64, shape (number,)
        The smallest position of a record's group.
    """
    # Imported here: numba takes a second to start, and only clustering needs it in some engines.
    from woda_lib.linkage.fast.agglomerate import average_linkage, groups, pair_off
    from woda_lib.linkage.fast.threads import share_out, stretches

    component = _components(number, links, odds)
    members, starts, ends = groups(component, _TOLD_BY_ITS_LINK + 1)
    sizes = ends - starts
    before = np.concatenate([[0], np.cumsum(sizes * (sizes - 1) // 2)])
    inside = Pairs(*(np.empty(before[-1], dtype=np.int64) for _ in range(2)))
    pair_off(members, starts, ends, inside.left, inside.right)
    inside_odds = score(inside)
    labels = component.copy()

    def merge(low: int, high: int) -> None:
        odds_of_these = inside_odds[before[low] : before[high]]
        average_linkage(members, starts[low:high], ends[low:high], odds_of_these, labels)

    share_out(merge, stretches(len(starts), GROUPS_A_STRETCH))
    return labels


def _components(number: int, links: Pairs, odds: Floats) -> Labels:
    """Connected components, oversize ones cut again at odds that rise bit by bit."""
    from woda_lib.linkage.fast.components import components  # here for the same reason

    labels: Labels = components(number, links.left, links.right)
    if np.bincount(labels, minlength=1).max() <= LARGEST_COMPONENT:
        return labels
    labels = np.arange(number)
    step = float(odds.min(initial=0.0))
    while len(links):
        component = components(number, links.left, links.right)
        size = np.bincount(component, minlength=number)[component]
        settled = (size > 1) & (size <= LARGEST_COMPONENT)
        labels[settled] = component[settled]
        step += 1
        kept = (size[links.left] > LARGEST_COMPONENT) & (odds > step)
        links, odds = links.take(kept), odds[kept]
    return labels
