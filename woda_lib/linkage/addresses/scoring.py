"""Which properties fit a line best: by street, by postcode and by name, and their weights.

The weights of all that fit, and of the property that the gazetteer does not hold, give the
probability of the best by Bayes' theorem.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from woda_lib.linkage.addresses import columns, comparing, covering
from woda_lib.linkage.addresses import levels as weighing
from woda_lib.linkage.addresses.bundles import Fitting
from woda_lib.linkage.addresses.columns import (
    FIXED,
    G_PROPERTY,
    HOUSE,
    LOOSE,
    NAME,
    NAMES,
    STREET,
    UNIT,
)
from woda_lib.linkage.addresses.comparing import levels_of
from woda_lib.linkage.addresses.levels import LEAST, NOT_HELD
from woda_lib.linkage.fast.compiled import borrowing, kept_with

MOST_FITTING = 256
MOST_NUMBERS = 1 << 17
ANY_NUMBER = -2
_IMPOSSIBLE = -1e9
PARTS = 7
_GOOD, _FAIR = -4.0, -9.0  # weights that end the search


@njit(nogil=True)
def _first_at(keys: Any, key: int) -> int:
    """Return the first place whose key is not below `key`: a loop, that loads without scipy."""
    low, high = 0, len(keys)
    while low < high:
        middle = (low + high) // 2
        if keys[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low


@njit(nogil=True)
def _candidates(stage: int, row: Any, number: int, given: int, held: Any) -> tuple[int, int]:
    """Tell where the rows of a stage that have a number stand, or those of a name.

    They stand in ``by_street``, ``by_postcode`` and ``by_name`` by stage.
    """
    if stage == 0:
        street = row[STREET] * MOST_NUMBERS
        if number == ANY_NUMBER:
            return (
                _first_at(held.by_street.keys, street),
                _first_at(held.by_street.keys, street + MOST_NUMBERS),
            )
        keys, key = held.by_street.keys, street + number + 1
    elif stage == 1:
        keys, key = held.by_postcode.keys, given * MOST_NUMBERS + number + 1
    else:
        keys, key = held.by_name.keys, np.int64(row[NAME])
    return _first_at(keys, key), _first_at(keys, key + 1)


@njit(nogil=True)
def _numbered(row: Any) -> bool:
    """Tell whether a reading with a street has a house's number and no name.

    Nothing of it could tell a building that has a name alone.
    """
    return row[HOUSE] >= 0 and row[LOOSE] < 0 and row[NAMES] == 0


@njit(nogil=True)
def _called_so(rows: Any, begin: int, end: int) -> bool:
    """Tell whether a line has the name of a street, letter by letter."""
    called = False
    for at in range(begin, end):
        called |= rows[at, FIXED] == 0
    return called


@kept_with(columns, comparing, covering, weighing)
def score(
    low: int, high: int, lines: Any, asked: Any, readings: Any, held: Any, table: Any, out: Any
) -> None:
    """Write the properties that fit lines `low` to `high` best, and the sum over all that fit."""
    levels = np.empty(PARTS, np.int8)
    numbers = np.empty(3, np.int64)
    room = Fitting(
        np.empty(MOST_FITTING, np.int32),
        np.empty(MOST_FITTING, np.float64),
        np.empty((MOST_FITTING, PARTS), np.int8),
        np.empty(0, np.float64),
    )
    _score(low, high, lines, asked, readings, held, table, levels, numbers, room, out)


@borrowing
def _score(
    low: int, high: int, lines: Any, asked: Any, readings: Any, held: Any, table: Any, levels: Any,
    numbers: Any, room: Any, out: Any,
) -> None:  # fmt: skip
    for line in range(low, high):
        count, best = 0, _IMPOSSIBLE
        begin, end = readings.begins[line - low], readings.begins[line - low + 1]
        elsewhere = _called_so(readings.rows, begin, end - 1)
        for stage in range(3):
            # Streets first; then what is at the postcode; then buildings by their name.
            if (stage == 1 and best > _GOOD) or (stage == 2 and best > _FAIR):
                break
            blocks = held.by_name.rows
            if stage == 0:
                blocks = held.by_street.rows
            elif stage == 1:
                blocks = held.by_postcode.rows
            for at in range(begin if stage == 0 else end - 1, end - 1 if stage == 0 else end):
                row = readings.rows[at]
                numbers[0], numbers[1], numbers[2] = row[HOUSE], row[LOOSE], -1
                for slot in range(3):
                    number = numbers[slot]
                    if (slot < 2 and number < 0) or (slot == 1 and number == numbers[0]):
                        continue
                    if slot == 2 and stage == 0 and row[HOUSE] < 0 and row[UNIT] >= 0:
                        number = ANY_NUMBER  # a flat whose house is not told
                    if stage == 1 and asked.given[line] < 0:
                        continue
                    if stage == 2 and (slot < 2 or row[NAME] < 0):
                        continue
                    if slot == 2 and stage == 0 and _numbered(row):
                        continue
                    first, last = _candidates(stage, row, number, asked.given[line], held)
                    for place in range(first, last):
                        candidate = blocks[place]
                        if not levels_of(
                            row, held.rows[candidate], readings.names[at], lines, asked, line,
                            held, elsewhere, table, levels,
                        ):  # fmt: skip
                            continue
                        total = 0.0
                        for part in range(PARTS):
                            total += table[part, levels[part]]
                        if total > LEAST:
                            best = max(best, total)
                            count = _keep(candidate, total, levels, held, room, count)
        _rank(line, count, room, out)


@njit(nogil=True)
def _keep(candidate: int, total: float, levels: Any, held: Any, room: Any, count: int) -> int:
    """Keep one row a property: the one that fits best."""
    at = count
    for place in range(count):
        if held.rows[room.rows[place], G_PROPERTY] == held.rows[candidate, G_PROPERTY]:
            at = place
            break
    if at == count:
        if count == MOST_FITTING:
            return count
        count += 1
    elif room.weights[at] >= total:
        return count
    room.rows[at], room.weights[at] = candidate, total
    for part in range(PARTS):
        room.levels[at, part] = levels[part]
    return count


@njit(nogil=True)
def _rank(line: int, count: int, room: Any, out: Any) -> None:
    """Write the best, and the sum of two to the power of every weight."""
    total = 2.0**NOT_HELD
    for place in range(count):
        total += 2.0 ** room.weights[place]
    out.total[line] = total
    for rank in range(min(out.rows.shape[1], count)):
        best = 0
        for place in range(count):
            if room.weights[place] > room.weights[best]:
                best = place
        out.rows[line, rank], out.weights[line, rank] = room.rows[best], room.weights[best]
        for part in range(PARTS):
            out.levels[line, rank, part] = room.levels[best, part]
        room.weights[best] = _IMPOSSIBLE
