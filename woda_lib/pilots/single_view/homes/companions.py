"""Who went along with somebody, and whose home has passed to others, compiled.

Each stay is held against the others at its property, of which there are few; see `following` for
the rules.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from numba import njit

from woda_lib.linkage.fast.compiled import kept_with
from woda_lib.linkage.fast.radix import in_order
from woda_lib.pilots.single_view.homes import days, together
from woda_lib.pilots.single_view.homes.days import NEVER, Days
from woda_lib.pilots.single_view.homes.together import Tied, tied_by

GROWN, PARENT = 6_574, 5_844
"""Days: eighteen years; sixteen years by which a parent is older."""
HALF_A_YEAR, MONTH = 183, 31
"""How late a move is heard of."""


class Families(NamedTuple):
    """What tells who belongs together, by person.

    Attributes
    ----------
    born
        Whole days; a number far below any where it is not known.
    family
        The number of the surname, −1 where there is none.
    tied
        See `together.tied_of`.
    """

    born: Days
    family: npt.NDArray[np.int32]
    tied: Tied


def followed(stays: pd.DataFrame, families: Families) -> pd.DataFrame:
    """Return who followed somebody: `i`, the stay, in order, and `u`, `day` where to and when.

    Who follows several goes with the first; of those who left on one day with the first by number.

    Parameters
    ----------
    stays
        From `open_stays.open_stays`.
    families
        By the numbers `e`.
    """
    order, of = _by_property(stays)
    names = ("e", "starts", "ends", "newest", "known_from", "known_until", "next_u", "next_on")
    parts = (stays[name].to_numpy()[order] for name in names)
    leader = np.empty(len(order), dtype=np.int64)
    leader[order] = _led(of, *parts, families.born, families.family, *families.tied)
    places = np.append(order, np.int32(-1))[leader]  # −1 is of nobody
    some = np.flatnonzero(places >= 0)
    by = places[some]
    told = {"i": stays["i"].to_numpy()[some], "u": stays["next_u"].to_numpy()[by]}
    return pd.DataFrame(told | {"day": stays["next_on"].to_numpy()[by]})


def passed_on(stays: pd.DataFrame, families: Families) -> pd.DataFrame:
    """Return whose home has passed to others: `i`, the stay, in order, and `day`, when first.

    Parameters
    ----------
    stays, families
        As for `followed`.
    """
    order, of = _by_property(stays)
    names = ("e", "starts", "ends", "newest", "known_from", "known_until")
    parts = (stays[name].to_numpy()[order] for name in names)
    day = np.empty(len(order), dtype=np.int32)
    day[order] = _over(of, *parts, families.family, *families.tied)
    some = np.flatnonzero(day < NEVER)
    return pd.DataFrame({"i": stays["i"].to_numpy()[some], "day": day[some]})


def _by_property(stays: pd.DataFrame) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """Return the places that sort stays by property, and where each property begins and ends."""
    order, u = in_order(stays["u"].to_numpy(np.int64))
    first = np.flatnonzero(np.append(True, u[1:] != u[:-1])[: len(u)])
    return order, np.append(first, len(u))


@kept_with(together, days)
def _led(
    of: Any,
    e: Any,
    starts: Any,
    ends: Any,
    newest: Any,
    known_from: Any,
    known_until: Any,
    next_u: Any,
    next_on: Any,
    born: Any,
    family: Any,
    ties_of: Any,
    groups: Any,
) -> Any:
    """Return the stay of whom each stay's person followed; −1 of whoever followed nobody."""
    leader = np.full(len(e), -1, dtype=np.int64)
    for home in range(len(of) - 1):
        first, end = of[home], of[home + 1]
        for stay in range(first, end):
            for other in range(first, end):
                day = next_on[other]
                if next_u[other] < 0 or e[other] == e[stay]:
                    continue
                if starts[stay] >= day or ends[stay] <= day or starts[other] >= ends[stay]:
                    continue
                if newest[stay] > day or known_until[stay] > day:
                    continue
                if ends[other] < day - HALF_A_YEAR:
                    continue
                best = leader[stay]
                if best >= 0 and (next_on[best], e[best]) <= (day, e[other]):
                    continue
                one, elder = e[stay], e[other]
                child = born[one] + GROWN > day and born[elder] + PARENT <= born[one]
                if not child and not (
                    known_until[other] > 0 and _related(one, elder, family, ties_of, groups)
                ):
                    continue
                if not _somebody_known(day, first, end, starts, ends, known_from, known_until):
                    leader[stay] = other
    return leader


@kept_with(together, days)
def _over(
    of: Any,
    e: Any,
    starts: Any,
    ends: Any,
    newest: Any,
    known_from: Any,
    known_until: Any,
    family: Any,
    ties_of: Any,
    groups: Any,
) -> Any:
    """Return the first day on which each stay's home had passed to others, or `NEVER`."""
    over = np.full(len(e), NEVER, dtype=np.int32)
    for home in range(len(of) - 1):
        first, end = of[home], of[home + 1]
        for stay in range(first, end):
            for other in range(first, end):
                day = known_from[other]
                if e[other] == e[stay] or day == NEVER or day < starts[other]:
                    continue
                if starts[stay] >= day - MONTH or ends[stay] <= day:
                    continue
                if newest[stay] >= day - MONTH or known_until[stay] > day:
                    continue
                if over[stay] <= day:
                    continue
                if _somebody_known(day - MONTH, first, end, starts, ends, known_from, known_until):
                    continue
                # Relatives who are there too, or come soon: the home has stayed in the family.
                stayed = False
                for third in range(first, end):
                    there = ends[third] > day and starts[third] < day + HALF_A_YEAR
                    if there and e[third] != e[stay] and not stayed:
                        stayed = _related(e[stay], e[third], family, ties_of, groups)
                if not stayed:
                    over[stay] = day
    return over


@njit(nogil=True)
def _related(one: int, other: int, family: Any, ties_of: Any, groups: Any) -> bool:
    """Say whether two people bear one name or stand in one tenancy, claim or account."""
    if family[one] >= 0 and family[one] == family[other]:
        return True
    return tied_by(one, other, ties_of, groups)


@njit(nogil=True)
def _somebody_known(
    day: int, first: int, end: int, starts: Any, ends: Any, known_from: Any, known_until: Any
) -> bool:
    """Say whether somebody stays whom a trusted register knows there on a day."""
    for stay in range(first, end):
        if (
            starts[stay] < day
            and ends[stay] > day + HALF_A_YEAR
            and known_from[stay] < day
            and known_until[stay] > day
        ):
            return True
    return False
