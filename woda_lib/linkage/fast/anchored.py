"""Groups that grow from the surest link, and hold at most one anchor each; compiled.

Average linkage suits records that all hold the same fields. Where each register knows an entity by
another name, records chain: a company and a rates account share the registered name, the account
and an inspection the one over the door. Single linkage follows such chains; what keeps them from
running together is that no group may hold two *anchors*, records that are known to be two entities.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from woda_lib.linkage.fast.compiled import kept
from woda_lib.linkage.fast.components import _root


@kept
def anchored(number: int, left: Any, right: Any, anchor: Any) -> Any:
    """Return the group of each record and the link by which it joined.

    Parameters
    ----------
    number
        How many records there are.
    left, right
        The linked pairs, the surest first.
    anchor
        By record the number of its anchor, or −1; groups with two different ones are not joined.

    Returns
    -------
    groups, joined : ndarray of int64, shape (number,) and (pairs,)
        The smallest record of each record's group; and by pair 1 where it joined two groups, 0
        where both were together by then, −1 where anchors kept them apart.
    """
    parent = np.arange(number)
    held = anchor.copy()
    joined = np.zeros(len(left), dtype=np.int64)
    for pair in range(len(left)):
        one, other = _root(parent, left[pair]), _root(parent, right[pair])
        if one == other:
            continue
        if held[one] >= 0 and held[other] >= 0 and held[one] != held[other]:
            joined[pair] = -1
            continue
        low, high = min(one, other), max(one, other)
        parent[high] = low
        held[low] = max(held[low], held[high])
        joined[pair] = 1
    for record in range(number):
        parent[record] = parent[parent[record]]
    return parent, joined
