"""Stays at properties where somebody is known by weak words alone, and somebody else has been.

Only there can anybody have followed others, or have been replaced by them (`following`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.fast.compiled import kept_with
from woda_lib.pilots.single_view.homes import days
from woda_lib.pilots.single_view.homes.coding import in_one, several_of, stretches
from woda_lib.pilots.single_view.homes.days import NEVER, Days


@dataclass(frozen=True)
class Known:
    """What words say of each person at each property, in the order of `at`.

    Attributes
    ----------
    at
        Person and property in one number; see `coding.in_one`.
    newest
        The first day of the word that began last.
    known_from, known_until
        First and last day of words that are trusted; `NEVER` and 0 where there is none.
    """

    at: npt.NDArray[np.int64]
    newest: Days
    known_from: Days
    known_until: Days


def known_of(words: pd.DataFrame, *, trusted: float) -> Known:
    """Sum up the words of each person about each property.

    Parameters
    ----------
    words
        `e`, `u`, `starts`, `ends`, `trust`, a row a word; −1 for a person or a property that is
        not among those asked of, whose word counts for nothing.
    trusted
        From which trust on a word holds somebody at a home.
    """
    strange = (words["e"] < 0) | (words["u"] < 0)
    words = words[~strange] if strange.any() else words
    e = words["e"].to_numpy()
    of = stretches(e, int(e.max(initial=-1)) + 1)
    sure = words["trust"].to_numpy(np.float64) >= trusted
    told = (words[name].to_numpy() for name in ("u", "starts", "ends"))
    who, (u, newest, known_from, known_until) = _summed(of, e, *told, sure)
    return Known(in_one(who, u), newest, known_from, known_until)


@kept_with(days)
def _summed(of: Any, e: Any, u: Any, starts: Any, ends: Any, sure: Any) -> Any:
    """Return persons, and by them properties with what `Known` holds of each, in order.

    There is room for the properties of each person between two numbers of `of`.
    """
    number = np.zeros(len(of), dtype=np.int32)
    found = np.empty((len(e), 4), dtype=np.int32)  # what is told of one stands side by side
    for word in range(len(e)):
        first = of[e[word]]
        place, end = first, first + number[e[word]]
        while place < end and found[place, 0] != u[word]:
            place += 1
        if place == end:
            number[e[word]] += 1
            while place > first and found[place - 1, 0] > u[word]:
                found[place] = found[place - 1]
                place -= 1
            found[place, 0], found[place, 1] = u[word], starts[word]
            found[place, 2], found[place, 3] = NEVER, 0
        found[place, 1] = max(found[place, 1], starts[word])
        if sure[word]:
            found[place, 2] = min(found[place, 2], starts[word])
            found[place, 3] = max(found[place, 3], ends[word])
    size = number.sum()
    who, parts = np.empty(size, dtype=np.int32), np.empty((4, size), dtype=np.int32)
    at = 0
    for person in range(len(of) - 1):
        for place in range(of[person], of[person] + number[person]):
            who[at] = person
            for part in range(4):
                parts[part, at] = found[place, part]
            at += 1
    return who, parts


def open_stays(homes: pd.DataFrame, known: Known, many: npt.NDArray[np.int32]) -> pd.DataFrame:
    """Return the stays among which somebody may have followed, or been replaced.

    Parameters
    ----------
    homes
        `i`, `e`, `u`, `starts`, `ends`, by person and day.
    known
        From `known_of`.
    many
        Properties that are left alone: care homes and buildings that hold several homes.

    Returns
    -------
    DataFrame
        `i, e, u, starts, ends`; `newest`, `known_from`, `known_until` as in `Known`; `next_u`,
        `next_on`, the person's next home and its first day: −1 where there is none, where it is
        the same and where it is left alone.
    """
    e, u = homes["e"].to_numpy(), homes["u"].to_numpy()
    starts, ends = homes["starts"].to_numpy(), homes["ends"].to_numpy()
    at = in_one(e, u)
    place = np.searchsorted(known.at, at)
    said = np.append(known.at, -1)[place] == at
    until = np.where(said, np.append(known.known_until, 0)[place], 0)
    size = int(u.max(initial=-1)) + 1
    weak, alone = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    weak[u[until < ends]] = True
    alone[many[many < size]] = True
    kept = np.flatnonzero((weak & ~alone)[u] & several_of(u, e))
    after = np.minimum(kept + 1, max(len(e) - 1, 0))
    goes = (e[after] == e[kept]) & (u[after] != u[kept]) & ~alone[u[after]]
    said, place = said[kept], place[kept]
    return pd.DataFrame(
        {
            "i": homes["i"].to_numpy()[kept],
            "e": e[kept],
            "u": u[kept],
            "starts": starts[kept],
            "ends": ends[kept],
            "newest": np.where(said, np.append(known.newest, 0)[place], starts[kept]),
            "known_from": np.where(said, np.append(known.known_from, 0)[place], NEVER),
            "known_until": until[kept],
            "next_u": np.where(goes, u[after], -1),
            "next_on": np.where(goes, starts[after], -1),
        },
        copy=False,
    )
