"""Who lives together at one property: stays that overlap, split where a property has several homes.

At a house or a flat everybody who lives there at one time is one household; a building that holds
flats, and whose flat nobody wrote down, holds as many households as its people have ties: a shared
tenancy, claim or account, or a surname. A care home is one communal establishment.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from numba import njit

from woda_lib.linkage.fast.compiled import kept
from woda_lib.linkage.fast.radix import in_order
from woda_lib.pilots.single_view.homes.coding import codes_in, stretches

TOGETHER = 31
"""Days for which two stays overlap from which on it was no mere handing-over of keys."""


class Tied(NamedTuple):
    """Who stands in which tenancies, claims and accounts.

    Attributes
    ----------
    of
        Those of each person lie between their number in it and the next.
    groups
        A number each.
    """

    of: npt.NDArray[np.int64]
    groups: npt.NDArray[np.int64]


def tied_of(tied: pd.DataFrame, names: pd.Index) -> Tied:
    """Return the ties of people, from `ties.ties`, by their place among names."""
    numbers, _ = pd.factorize(tied["group"])
    order, whose = in_order(codes_in(tied["entity_id"], names).astype(np.int64))
    return Tied(stretches(whose, len(names)), numbers[order])


def together(stays: pd.DataFrame, tied: Tied) -> npt.NDArray[np.int32]:
    """Number the groups of stays at one property whose people lived together.

    Parameters
    ----------
    stays
        `e` (person), `u` (property), `starts`, `ends` (whole days, the end exclusive), `family`
        (number of the surname, missing where unknown), `several` and `care_home` (of the
        property: it holds several homes; it is a care home).
    tied
        From `tied_of`, by the numbers `e`.

    Returns
    -------
    ndarray of int32, shape (stays,)
        Groups are numbered in the order of their first stays.
    """
    order, u = in_order(stays["u"].to_numpy(np.int64))
    first = _joined(
        order,
        np.flatnonzero(np.append(True, u[1:] != u[:-1])[: len(u)]),
        stays["e"].to_numpy(np.int64),
        stays["starts"].to_numpy(np.int64),
        stays["ends"].to_numpy(np.int64),
        stays["family"].to_numpy(np.float64, na_value=np.nan),
        stays["several"].to_numpy(bool),
        stays["care_home"].to_numpy(bool),
        *tied,
        TOGETHER,
    )
    begins = first == np.arange(len(first))
    return (np.cumsum(begins) - 1)[first].astype(np.int32)


@kept
def _joined(
    order: Any,
    starts_of: Any,
    e: Any,
    starts: Any,
    ends: Any,
    family: Any,
    several: Any,
    care_home: Any,
    ties_of: Any,
    groups: Any,
    days: int,
) -> Any:
    """Return of each stay the first stay of its group, property after property.

    `order` sorts the stays by property, each of which begins at one of `starts_of`; `groups` holds
    the tenancies, claims and accounts of each person from `ties_of` on.
    """
    parent = np.arange(len(order))
    for place in range(len(starts_of)):
        end = starts_of[place + 1] if place + 1 < len(starts_of) else len(order)
        for left in range(starts_of[place], end):
            a = order[left]
            for right in range(left + 1, end):
                b = order[right]
                if e[a] != e[b] and not care_home[a]:
                    overlap = min(ends[a], ends[b]) - max(starts[a], starts[b])
                    least = min(days, ends[a] - starts[a], ends[b] - starts[b])
                    if overlap <= 0 or overlap < least:
                        continue
                    strangers = several[a] and family[a] != family[b]
                    if strangers and not tied_by(e[a], e[b], ties_of, groups):
                        continue
                _join(parent, a, b)
    for stay in range(len(parent)):  # a parent is smaller than its children, and so is settled
        parent[stay] = parent[parent[stay]]
    return parent


@njit(nogil=True)
def _join(parent: Any, a: int, b: int) -> None:
    while parent[a] != a:
        parent[a] = parent[parent[a]]
        a = parent[a]
    while parent[b] != b:
        parent[b] = parent[parent[b]]
        b = parent[b]
    parent[max(a, b)] = min(a, b)


@njit(nogil=True)
def tied_by(one: int, other: int, ties_of: Any, groups: Any) -> bool:
    """Say whether two people stand in one tenancy, claim or account."""
    for a in range(ties_of[one], ties_of[one + 1]):
        for b in range(ties_of[other], ties_of[other + 1]):
            if groups[a] == groups[b]:
                return True
    return False
