"""Stays at properties where somebody is known by weak words alone, and somebody else has been.

Only there can anybody have followed others, or have been replaced by them (`following`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.fast.radix import in_order
from woda_lib.pilots.single_view.homes.coding import several_of
from woda_lib.pilots.single_view.homes.days import NEVER, Days


@dataclass(frozen=True)
class Known:
    """What words say of each person at each property, in the order of `at`.

    Attributes
    ----------
    at
        Person and property in one number; see `places_of`.
    newest
        The first day of the word that began last.
    known_from, known_until
        First and last day of words that are trusted; `NEVER` and 0 where there is none.
    """

    at: npt.NDArray[np.int64]
    newest: Days
    known_from: Days
    known_until: Days


def places_of(table: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return person `e` and property `u` of each row in one number."""
    return (table["e"].to_numpy(np.int64) << 32) + table["u"].to_numpy(np.int64)


def known_of(words: pd.DataFrame, *, trusted: float) -> Known:
    """Sum up the words of each person about each property.

    Parameters
    ----------
    words
        `e`, `u`, `starts`, `ends`, `trust`, a row a word.
    trusted
        From which trust on a word holds somebody at a home.
    """
    order, every = in_order(places_of(words))
    first = np.flatnonzero(np.append(True, every[1:] != every[:-1])[: len(every)])
    at = every[first].astype(np.int64)
    starts, ends = words["starts"].to_numpy()[order], words["ends"].to_numpy()[order]
    sure = words["trust"].to_numpy(np.float64)[order] >= trusted
    if not len(at):
        return Known(at, starts, starts, ends)
    return Known(
        at,
        np.maximum.reduceat(starts, first),
        np.minimum.reduceat(np.where(sure, starts, NEVER), first).astype(np.int32),
        np.maximum.reduceat(np.where(sure, ends, 0), first).astype(np.int32),
    )


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
        `next_on`, the person's next home and its first day (missing where there is none).
    """
    e, u = homes["e"].to_numpy(), homes["u"].to_numpy()
    starts, ends = homes["starts"].to_numpy(), homes["ends"].to_numpy()
    at = places_of(homes)
    place = np.searchsorted(known.at, at)
    said = np.append(known.at, -1)[place] == at
    until = np.where(said, np.append(known.known_until, 0)[place], 0)
    size = int(u.max()) + 1 if len(u) else 0
    weak, alone = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    weak[u[until < ends]] = True
    alone[many[many < size]] = True
    kept = np.flatnonzero((weak & ~alone)[u] & several_of(u, e))
    goes_on = np.append(e[1:] == e[:-1], False)[kept] if len(e) else kept.astype(bool)
    after = np.where(goes_on, kept + 1, kept)
    return pd.DataFrame(
        {
            "i": homes["i"].to_numpy()[kept],
            "e": e[kept],
            "u": u[kept],
            "starts": starts[kept],
            "ends": ends[kept],
            "newest": np.where(said, np.append(known.newest, 0)[place], starts)[kept],
            "known_from": np.where(said, np.append(known.known_from, 0)[place], NEVER)[kept],
            "known_until": until[kept],
            "next_u": pd.arrays.IntegerArray(u[after], ~goes_on),
            "next_on": pd.arrays.IntegerArray(starts[after], ~goes_on),
        }
    )
