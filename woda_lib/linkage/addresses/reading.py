"""A line read into its parts, in as many ways as there are streets that it may name.

A street is any stretch of words that the gazetteer has as a street. What stands before it is the
premises, what follows it the places. One more reading supposes that the street is misspelt or left
out: its words are then whatever follows the house's number. Which reading holds is decided by the
property that fits best, not here.

The kernels are plain functions over arrays, one row of whole numbers a reading (see `columns`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from woda_lib.linkage.addresses import columns
from woda_lib.linkage.addresses.bundles import Lexicon
from woda_lib.linkage.addresses.columns import (
    FIXED,
    HIGH,
    HIGH_LETTER,
    HOUSE,
    HOUSE_LETTER,
    LOOSE,
    LOOSE_LETTER,
    NAME,
    NAMES,
    OTHER_PLACE,
    PLACE,
    RESTS,
    STREET,
    UNIT,
    UNIT_FLOOR,
    UNIT_LETTER,
    UNIT_SAID,
    UNKNOWN,
)
from woda_lib.linkage.fast.compiled import kept, kept_with

READINGS = 4  # of a line: three streets, and one without
WORDS_KEPT = 12
LONGEST_STREET = 6
LONGEST_PLACE = 3
LONGEST_NAME = 5
LONGEST_LINE = 200
CORRECTIONS = 3

# As in `words`; numba takes them as constants.
_WORD, _NUMBER, _RANGE, _SLASH, _LETTER, _CODE = 0, 1, 2, 3, 4, 5
_UNIT, _STORED_UNIT, _FLOOR, _FLOOR_WORD, _FILLER, _COUNTY = 6, 7, 8, 9, 10, 11
_NO_FLOOR = -9


def lexicon_of(hashes: Any) -> Lexicon:
    """Return an open-addressing table from the hash of each value to its place; 0 is left out."""
    size = 8
    while size < 2 * len(hashes) + 2:
        size *= 2
    keys, values = np.zeros(size, np.uint64), np.full(size, -1, np.int32)
    _fill(np.asarray(hashes, np.uint64), keys, values)
    return Lexicon(keys, values)


@kept
def _fill(hashes: Any, keys: Any, values: Any) -> None:
    mask = np.uint64(len(keys) - 1)
    for place in range(len(hashes)):
        value = hashes[place]
        if value == 0:
            continue
        at = (value ^ (value >> np.uint64(29))) & mask
        while keys[at] != 0 and keys[at] != value:
            at = (at + np.uint64(1)) & mask
        if keys[at] == 0:
            keys[at] = value
            values[at] = place


@njit(nogil=True)
def _find(value: Any, lexicon: Any) -> int:
    """Return the number of a text by its hash, or −1."""
    keys = lexicon.keys
    mask = np.uint64(len(keys) - 1)
    at = (value ^ (value >> np.uint64(29))) & mask
    while keys[at] != 0:
        if keys[at] == value:
            return lexicon.numbers[at]
        at = (at + np.uint64(1)) & mask
    return -1


@njit(nogil=True)
def _take_id(row: Any, token: int, meanings: Any) -> None:
    """Let a token be the flat's number or letter."""
    row[UNIT], row[UNIT_LETTER] = meanings[token, 1], meanings[token, 2]
    if meanings[token, 0] == _CODE:
        row[UNIT_SAID] = 2


@njit(nogil=True)
def _no_number(zone: Any, start: int, size: int, meanings: Any) -> bool:
    for at in range(start, size):
        kind = meanings[zone[at], 0]
        if kind in (_NUMBER, _RANGE):
            return False
    return True


@njit(nogil=True)
def premises(zone: Any, meanings: Any, row: Any, names: Any) -> int:
    """Read what stands before a street; return how many names precede the last bare number.

    Writes unit, house, letters, range and `LOOSE` (a number that is a flat's or a house's) into
    `row`, and the words that are names into `names`. −1: there was no bare number.
    """
    size = len(zone)
    found, split, adjacent = 0, -1, False
    earlier, last = -1, -1
    i = 0
    while i < size:
        token = zone[i]
        kind = meanings[token, 0]
        follows = meanings[zone[i + 1], 0] if i + 1 < size else -1
        adjacent_now = False
        if kind in (_UNIT, _STORED_UNIT):
            after = zone[i + 1] if i + 1 < size else -1
            numbered = follows in (_NUMBER, _LETTER, _CODE)
            spelled = kind == _UNIT and follows == _WORD and meanings[after, 1] > 0
            if follows == _SLASH:
                row[UNIT], row[UNIT_LETTER] = meanings[after, 1], meanings[after, 2]
                earlier, last, split, adjacent_now = last, after, found, True
                i += 1
            elif follows == _RANGE and kind == _UNIT:
                i += 1
            elif (
                numbered
                and row[UNIT_FLOOR] != _NO_FLOOR
                and _no_number(zone, i + 2, size, meanings)
            ):
                row[UNIT_SAID] = 1  # first floor flat 30 mill lane: 30 is the house
            elif numbered or spelled:
                row[UNIT_SAID] = 1
                _take_id(row, after, meanings)
                i += 1
                if follows == _NUMBER and i + 1 == size and last < 0:
                    # Flat 30 Mill Lane: a flat whose house, or a house whose flat, is not told.
                    row[LOOSE], row[LOOSE_LETTER] = row[UNIT], row[UNIT_LETTER]
                lone = i + 2 < size and meanings[zone[i + 1], 0] == _LETTER
                lone = lone and meanings[zone[i + 2], 0] == _NUMBER
                if follows == _NUMBER and row[UNIT_LETTER] == 0 and lone:
                    row[UNIT_LETTER] = meanings[zone[i + 1], 2]
                    i += 1
            elif kind == _UNIT:
                row[UNIT_SAID] = 1
            elif found < WORDS_KEPT:
                names[found] = token
                found += 1
        elif kind == _FLOOR and (follows in (_FLOOR_WORD, _UNIT) or row[UNIT_SAID] > 0):
            row[UNIT_FLOOR] = meanings[token, 1]
            if follows == _FLOOR_WORD:
                i += 1
        elif kind in (_NUMBER, _RANGE):
            earlier, last, split, adjacent_now = last, token, found, True
            if follows == _LETTER and meanings[token, 2] == 0 and i + 2 == size:
                row[HOUSE_LETTER] = meanings[zone[i + 1], 2]
                i += 1
        elif kind == _SLASH:
            row[UNIT], row[UNIT_LETTER] = meanings[token, 1], meanings[token, 2]
            earlier, last, split, adjacent_now = last, token, found, True
        elif row[UNIT] < 0 and (
            kind == _CODE or (kind == _LETTER and (follows == _NUMBER or size == 1 or i == 0))
        ):
            _take_id(row, token, meanings)
        elif kind == _FILLER or (kind == _FLOOR_WORD and row[UNIT_FLOOR] != _NO_FLOOR):
            pass
        elif found < WORDS_KEPT:
            names[found] = token
            found += 1
        adjacent = adjacent_now
        i += 1
    row[NAMES] = found
    if last < 0:
        return -1
    slash = meanings[last, 0] == _SLASH
    low = meanings[last, 3] if slash else meanings[last, 1]
    letter = meanings[last, 4] if slash else meanings[last, 2]
    if letter == 0:
        letter = row[HOUSE_LETTER]
    if meanings[last, 0] == _RANGE:
        row[HIGH], row[HIGH_LETTER] = meanings[last, 3], meanings[last, 4]
    if row[UNIT] < 0 and earlier >= 0:
        _take_id(row, earlier, meanings)
    if adjacent or row[UNIT] >= 0:
        row[HOUSE], row[HOUSE_LETTER] = low, letter
    else:
        row[HOUSE_LETTER] = 0
    if not adjacent:
        row[LOOSE], row[LOOSE_LETTER] = low, letter
    return split


@njit(nogil=True)
def clear(row: Any) -> None:
    """Let a reading say nothing."""
    row[:] = 0
    row[STREET] = row[UNIT] = row[HOUSE] = row[HIGH] = row[LOOSE] = -1
    row[PLACE] = row[OTHER_PLACE] = row[NAME] = -1
    row[UNIT_FLOOR] = _NO_FLOOR


@njit(nogil=True)
def window(tokens: Any, start: int, stop: int, text: Any) -> Any:
    """Return the hash of a stretch of tokens without the spaces between them."""
    value = np.uint64(0)
    for at in range(start, stop):
        token = tokens[at]
        if text.meanings[token, 0] != _FILLER:
            value = value * text.powers[token] + text.hashes[token]
    return value


@njit(nogil=True)
def _place_at(start: int, stop: int, text: Any, places: Any) -> Any:
    """Return the longest place that begins at `start`, and where it ends; −1 for none."""
    for length in range(min(LONGEST_PLACE, stop - start), 0, -1):
        place = _find(window(text.tokens, start, start + length, text), places)
        if place >= 0:
            return place, start + length
    return -1, start


@njit(nogil=True)
def _put_place(row: Any, place: int) -> None:
    if row[PLACE] < 0:
        row[PLACE] = place
    elif row[OTHER_PLACE] < 0:
        row[OTHER_PLACE] = place


@njit(nogil=True)
def _tail(start: int, stop: int, text: Any, lexicons: Any, row: Any) -> None:
    """Read what follows a street: places, a flat written last, words that nobody knows."""
    tokens, meanings = text.tokens, text.meanings
    at = start
    while at < stop:
        place, end = _place_at(at, stop, text, lexicons.places)
        if place >= 0:
            _put_place(row, place)
            at = end
            continue
        token = tokens[at]
        kind = meanings[token, 0]
        follows = meanings[tokens[at + 1], 0] if at + 1 < stop else -1
        if kind in (_UNIT, _STORED_UNIT):
            if follows in (_NUMBER, _LETTER, _CODE) and row[UNIT] < 0:
                row[UNIT_SAID] = 1
                _take_id(row, tokens[at + 1], meanings)
                at += 1
            elif kind == _UNIT:
                row[UNIT_SAID] = 1
        elif kind == _FLOOR and follows in (_FLOOR_WORD, _UNIT):
            row[UNIT_FLOOR] = meanings[token, 1]
            at += 1
        elif kind == _NUMBER and row[HOUSE] < 0 and row[LOOSE] < 0:
            row[LOOSE], row[LOOSE_LETTER] = meanings[token, 1], meanings[token, 2]
        elif kind == _NUMBER and row[UNIT] < 0:
            _take_id(row, token, meanings)
        elif kind in (_WORD, _FLOOR):
            at += _known_street(at, stop, text, lexicons.streets, row) - 1
        at += 1


@njit(nogil=True)
def _known_street(at: int, stop: int, text: Any, streets: Any, row: Any) -> int:
    """Return how many tokens a second street takes; a word that is none counts as unknown."""
    for length in range(min(LONGEST_STREET, stop - at), 0, -1):
        if _find(window(text.tokens, at, at + length, text), streets) >= 0:
            return length
    row[UNKNOWN] += 1
    return 1


@njit(nogil=True)
def _street_at(start: int, stop: int, text: Any, streets: Any, fixes: Any) -> Any:
    """Return the longest street that begins at `start`: its number, end, whether one was misspelt.

    A word that the gazetteer does not know may stand for one a slip of the pen away.
    """
    tokens = text.tokens
    for length in range(min(LONGEST_STREET, stop - start), 0, -1):
        street = _find(window(tokens, start, start + length, text), streets)
        if street >= 0:
            return street, start + length, 0
    for length in range(min(LONGEST_STREET, stop - start), 0, -1):
        wrong = -1
        several = False
        for at in range(start, start + length):
            if fixes.hashes[tokens[at], 0] != 0:
                several = several or wrong >= 0
                wrong = at
        if wrong < 0 or several:
            continue
        for other in range(CORRECTIONS):
            if fixes.hashes[tokens[wrong], other] == 0:
                break
            value = np.uint64(0)
            for at in range(start, start + length):
                token = tokens[at]
                if at == wrong:
                    value = value * fixes.powers[token, other] + fixes.hashes[token, other]
                elif text.meanings[token, 0] != _FILLER:
                    value = value * text.powers[token] + text.hashes[token]
            street = _find(value, streets)
            if street >= 0:
                return street, start + length, 1
    return -1, start, 0


@kept_with(columns)
def read(low: int, high: int, text: Any, lexicons: Any, fixes: Any, out: Any) -> None:
    """Write the readings of lines `low` to `high`; the last one of each is that without a street.

    The words of a reading are those of the premises' name and, where no street was found, after
    them those that may be a street.
    """
    at = 0
    for line in range(low, high):
        out.begins[line - low] = at
        start = text.first[line]
        stop = min(text.first[line + 1], start + LONGEST_LINE)
        covered, streets = start, 0
        for place in range(start, stop):
            if streets == READINGS - 1:
                break
            street, end, fixed = _street_at(place, stop, text, lexicons.streets, fixes)
            if street < 0 or end <= covered:
                continue
            row, names = out.rows[at], out.names[at]
            clear(row)
            row[STREET], row[FIXED] = street, fixed
            premises(text.tokens[start:place], text.meanings, row, names)
            _tail(end, stop, text, lexicons, row)
            if row[NAMES] > 0:
                row[NAME] = _find(window(names, 0, row[NAMES], text), lexicons.names)
            covered = end
            streets += 1
            at += 1
        _without_street(start, stop, text, lexicons, out.rows[at], out.names[at])
        at += 1
    out.begins[high - low] = at


@njit(nogil=True)
def _without_street(start: int, stop: int, text: Any, lexicons: Any, row: Any, names: Any) -> None:
    """Read a line whose street, if it has one, nobody knows."""
    clear(row)
    end = _without_places(start, stop, text, lexicons.places, row)
    split = premises(text.tokens[start:end], text.meanings, row, names)
    if row[HOUSE] < 0:
        row[HOUSE], row[HOUSE_LETTER] = row[LOOSE], row[LOOSE_LETTER]
    count = row[NAMES]
    row[NAMES] = 0 if split < 0 or split == count else split
    row[RESTS] = count - row[NAMES]
    # The longest name of a building that the gazetteer knows, wherever it stands.
    for length in range(min(LONGEST_NAME, count), 0, -1):
        for place in range(count - length + 1):
            found = _find(window(names, place, place + length, text), lexicons.names)
            if found >= 0:
                row[NAME] = found
                return


@njit(nogil=True)
def _without_places(start: int, stop: int, text: Any, places: Any, row: Any) -> int:
    """Take places from the end of a line, and return where the rest ends."""
    trimmed = True
    while trimmed and stop > start + 1:
        trimmed = text.meanings[text.tokens[stop - 1], 0] == _COUNTY
        stop -= 1 if trimmed else 0
        for length in range(min(LONGEST_PLACE, stop - start - 1), 0, -1):
            place = _find(window(text.tokens, stop - length, stop, text), places)
            if place >= 0:
                _put_place(row, place)
                stop -= length
                trimmed = True
                break
    return stop
