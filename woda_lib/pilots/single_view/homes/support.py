"""How well each property of a person is supported in each piece of time, compiled.

A person's time is cut at every day on which a word about a home begins or ends. In each piece a
dataset gives a property its trust, faded by how long ago it said so; two rows of one dataset are
one voice, that of the later; and the support of a property is the sum of its voices.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.fast.compiled import kept_with
from woda_lib.linkage.fast.radix import in_order
from woda_lib.pilots.single_view.homes import few
from woda_lib.pilots.single_view.homes.few import distinct

HALF = 0.5
"""What is left of a word's weight after its half-life.

It is handed to the compiled code, which would otherwise turn powers of a half into powers of two,
by another function, that differs in the last bit.
"""
_ROWS_A_WORD = 4
"""More than are needed: room for them is asked for at once, so as to weigh the words once."""


def supports(words: pd.DataFrame, *, until: int) -> pd.DataFrame:
    """Return the support of each property in each piece of time, the best supported first.

    Parameters
    ----------
    words
        `e` (person), `u` (property), `d` (dataset), `starts`, `ends` (whole days, the end
        exclusive), `trust`, and `half` (days in which it fades by half). Those of one dataset
        about one property that end on one day are one word, from the first of them on.
    until
        The last day on which a piece begins.

    Returns
    -------
    DataFrame
        `e`, `day` (on which the piece begins), `u`, `support`, `first` (the day on which a voice
        was first heard) and `datasets` (the number of voices), by person, day, support, first
        (the greatest of both first) and property. A piece of which nobody speaks has one row
        whose `u` is −1.
    """
    e, d, u, ends, starts = (
        words[name].to_numpy(np.int64) for name in ("e", "d", "u", "ends", "starts")
    )
    homes = d * (u.max(initial=-1) + 1) + u
    order = _by(e, homes, ends, starts)
    e, d, u, ends, starts = (part[order] for part in (e, d, u, ends, starts))
    same = [part[1:] == part[:-1] for part in (e, d, u, ends)]
    once = np.append(True, ~np.logical_and.reduce(same))[: len(order)]
    half = words["half"].to_numpy(np.float32)[order][once]
    trust = words["trust"].to_numpy(np.float64)[order][once]
    e, d, u, ends, starts = (part[once] for part in (e, d, u, ends, starts))
    first = np.flatnonzero(np.append(True, np.diff(e) != 0)[: len(e)])
    first = np.append(first, len(e))
    given = (first, d, u, starts, ends, trust, half, until, HALF)
    room = _ROWS_A_WORD * len(e)
    size, whole = _weighed(given, room)
    if size > room:
        size, whole = _weighed(given, size)
    told = {name: column[:size] for name, column in whole.items()}
    return pd.DataFrame({"e": e[told.pop("place")].astype(np.int32)} | told, copy=False)


def _by(*parts: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    """Return the places that sort rows by several numbers, the first before the next."""
    order = np.arange(len(parts[0]), dtype=np.int32)
    for part in reversed(parts):
        order = order[in_order(part[order] - part.min(initial=0))[0]]
    return order


def _weighed(given: tuple[Any, ...], room: int) -> tuple[int, dict[str, npt.NDArray]]:
    """Return how many rows are needed, and the columns, filled as far as there is room."""
    whole: dict[str, npt.NDArray] = {
        name: np.empty(room, dtype=np.float64 if name == "support" else np.int32)
        for name in ("place", "day", "u", "support", "first", "datasets")
    }
    return _weigh(*given, *whole.values()), whole


@kept_with(few)
def _weigh(
    of: Any,
    d: Any,
    u: Any,
    starts: Any,
    ends: Any,
    trust: Any,
    half: Any,
    until: int,
    fading: float,
    place: Any,
    day: Any,
    where: Any,
    support: Any,
    first: Any,
    datasets: Any,
) -> int:
    """Fill the columns of `supports` and return how many rows they need.

    Once there is no more room for the rows of a piece, they are counted alone.

    The words of each person lie between two numbers of `of`, in the order of datasets and, of one
    dataset, of properties: a sum of fractions hangs by its last bit on its order, which tells
    between equals.
    """
    row, most = 0, np.max(np.append(np.diff(of), 0))
    sums, earliest = np.zeros(most), np.zeros(most, dtype=np.int64)
    at, voices = np.zeros(most, dtype=np.int64), np.zeros(most, dtype=np.int64)
    last = np.array([until])
    for person in range(len(of) - 1):
        begin, end = of[person], of[person + 1]
        days = distinct(distinct(starts[begin:end], ends[begin:end]), last)
        homes = distinct(u[begin:end], u[:0])
        for word in range(begin, end):
            at[word - begin] = np.searchsorted(homes, u[word])
        for now in days:
            if now > until:
                break
            voices[: len(homes)] = 0
            word = begin
            while word < end:
                voice, since = -1.0, now
                after = word
                while after < end and d[after] == d[word] and u[after] == u[word]:
                    if starts[after] <= now < ends[after]:
                        faded = np.float32(now - starts[after]) / half[after]
                        one = trust[after] * fading**faded
                        since = min(since, starts[after])
                        voice = max(voice, one)
                    after += 1
                if voice >= 0:
                    home = at[word - begin]
                    if voices[home] == 0:
                        sums[home], earliest[home] = 0.0, since
                    sums[home] += voice
                    earliest[home] = min(earliest[home], since)
                    voices[home] += 1
                word = after
            piece = row
            row += max(1, int(np.count_nonzero(voices[: len(homes)])))
            if row > len(place):
                continue
            place[piece:row], day[piece:row], where[piece] = begin, now, -1
            support[piece], first[piece], datasets[piece] = np.nan, 0, 0
            found = piece
            for home in range(len(homes)):
                if voices[home] > 0:
                    rank = found  # among those of the piece, of which there are few
                    while rank > piece and (
                        sums[home] > support[rank - 1]
                        or (sums[home] == support[rank - 1] and earliest[home] > first[rank - 1])
                    ):
                        where[rank], support[rank] = where[rank - 1], support[rank - 1]
                        first[rank], datasets[rank] = first[rank - 1], datasets[rank - 1]
                        rank -= 1
                    where[rank], support[rank] = homes[home], sums[home]
                    first[rank], datasets[rank] = earliest[home], voices[home]
                    found += 1
    return row
