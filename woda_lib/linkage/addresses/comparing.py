"""How a reading of a line writes each part of one property: levels of agreement, compiled.

A property with another house's number, or another flat, never fits.
"""

from __future__ import annotations

from typing import Any

from numba import njit

from woda_lib.linkage.addresses.columns import (
    FIXED,
    G_FLATS,
    G_FLOOR,
    G_HIGH,
    G_HIGH_LETTER,
    G_HOUSE,
    G_LETTER,
    G_LOCALITY,
    G_NAME,
    G_POSTCODE,
    G_SHARED,
    G_STATUS,
    G_STREET,
    G_SUB_NAME,
    G_TOWN,
    G_UNIT,
    G_UNIT_LETTER,
    G_WHOLE_NAME,
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
from woda_lib.linkage.addresses.covering import SLIP, cover, explained
from woda_lib.linkage.addresses.levels import LEAST

_NO_FLOOR = -9
WEIGHT, NAME_WEIGHT = 5, 6  # columns of a token's meaning
LETTER_IS_FLATS = 16
_MOST, _PART = 0.8, 0.55
_TOO_LITTLE = LEAST - 1.0  # whatever the order in which weights are summed


@njit(nogil=True)
def _house(row: Any, g: Any, house: int, letter: int, unit: int, unit_letter: int) -> int:
    """Return the level of the house's number, or −1 where it is another house's.

    Add `LETTER_IS_FLATS` where the letter after the number is the flat's.
    """
    if g[G_HOUSE] < 0:
        return 0 if house < 0 else 6
    if house < 0:
        return 5
    if house != g[G_HOUSE]:
        if g[G_HIGH] < 0 or house > g[G_HIGH]:
            return -1
        if house == g[G_HIGH]:
            return 3 if letter == g[G_HIGH_LETTER] else -1
        return 4 if house > g[G_HOUSE] and (house - g[G_HOUSE]) % 2 == 0 else -1
    if letter == g[G_LETTER]:
        return 0 if row[HIGH] == g[G_HIGH] and row[HIGH_LETTER] == g[G_HIGH_LETTER] else 3
    if letter > 0 and g[G_LETTER] == 0 and unit < 0:
        if g[G_UNIT] == 0 and g[G_UNIT_LETTER] == letter:
            return LETTER_IS_FLATS + 1
        if g[G_UNIT] == letter and g[G_UNIT_LETTER] == 0:
            return LETTER_IS_FLATS + 2
        return 7 if g[G_UNIT] < 0 and g[G_FLATS] == 1 else -1
    if letter == 0 and unit == 0 and unit_letter == g[G_LETTER] and g[G_UNIT] < 0:
        return LETTER_IS_FLATS + 1
    return -1


@njit(nogil=True)
def _flat(row: Any, g: Any, unit: int, letter: int, loose: bool) -> int:
    """Return the level of the flat, or −1 where it is another one; 6 is yet to be seen by name."""
    floor = row[UNIT_FLOOR]
    written = unit >= 0 or floor != _NO_FLOOR
    if g[G_UNIT] < 0 and g[G_FLOOR] == _NO_FLOOR and g[G_SUB_NAME] < 0:
        if not written:
            if row[UNIT_SAID] > 0:
                return 4
            return 2 if g[G_FLATS] == 1 else 0
        if loose:
            return -1
        return 5 if g[G_SHARED] == 1 else 3
    if not written:
        return 6 if g[G_UNIT] < 0 and g[G_SUB_NAME] >= 0 else -1
    if unit >= 0 and g[G_UNIT] >= 0:
        if unit == g[G_UNIT] and letter == g[G_UNIT_LETTER]:
            return 1 if loose else 0
        if g[G_UNIT_LETTER] == 0 and unit == 0 and g[G_UNIT] == letter:
            return 7
        before = row[UNIT_SAID] == 2 and unit == g[G_UNIT]  # Flat B11, of block B
        return 8 if before and g[G_UNIT_LETTER] == 0 else -1
    if floor != _NO_FLOOR and floor == g[G_FLOOR] and (unit < 0 or g[G_UNIT] < 0):
        return 0
    return -1


@njit(nogil=True)
def _postcode(given: int, held: int, given_letters: Any, held_letters: Any) -> int:
    if given < 0 or held < 0:
        return 1
    away = 0
    for place in range(7):
        away += given_letters[given, place] != held_letters[held, place]
    if away < 2:
        return 2 if away else 0
    for place in range(5):
        if given_letters[given, place] != held_letters[held, place]:
            return 5 if place < 4 else 4
    return 3


@njit(nogil=True)
def _place(row: Any, g: Any, same_postcode: bool) -> int:
    first, other = row[PLACE], row[OTHER_PLACE]
    if first < 0:
        return 4 if row[UNKNOWN] > 0 and not same_postcode else 1
    if g[G_LOCALITY] >= 0 and (first == g[G_LOCALITY] or other == g[G_LOCALITY]):
        return 0
    if first == g[G_TOWN] or other == g[G_TOWN]:
        return 0 if other < 0 or first == other else 5
    return 2 if same_postcode else 3


@njit(nogil=True)
def _by_cover(cover: float) -> int:
    """Levels 0, 3, 4 and 5 of a name; those of a street are one less."""
    if cover > 0.96:
        return 0
    return 3 if cover >= _MOST else 4 if cover >= _PART else 5


@njit(nogil=True)
def _name(row: Any, g: Any, words: Any, lines: Any, held: Any, house: int, flat: int) -> int:
    """Return the level of the building's name, or −1 where only it could tell and does not."""
    by_name = house in (5, 6) or flat == 6 or (g[G_HOUSE] < 0 and g[G_NAME] >= 0)
    if g[G_NAME] < 0 and flat != 6:
        if by_name:
            return -1
        return 0 if row[NAMES] == 0 else 2
    if row[NAME] >= 0 and row[NAME] == g[G_WHOLE_NAME]:
        return 0
    if row[NAME] >= 0 and row[NAME] == g[G_NAME]:
        return -1 if flat == 6 else 0
    size = row[NAMES] + row[RESTS]
    if size == 0:
        return -1 if by_name else 1
    name = held.streets + (g[G_WHOLE_NAME] if flat == 6 else g[G_NAME])
    share = cover(name, held.text, words, size, lines, NAME_WEIGHT)
    level = _by_cover(share)
    if not by_name:
        # Its words may all be the street's.
        return 1 if level == 5 and row[STREET] < 0 and row[NAMES] == 0 else level
    street = -1 if row[STREET] >= 0 else g[G_STREET]
    holds = explained(street, name, held.text, words, size, lines, NAME_WEIGHT)
    if level == 3:
        return 3 if min(share, holds) >= SLIP else -1
    # What is written of a name is written rightly, and nothing else is.
    return level if level == 0 or (level == 4 and holds > 0.96) else -1


@njit(nogil=True)
def _street(row: Any, g: Any, words: Any, lines: Any, held: Any, name: int, elsewhere: bool) -> int:
    if row[STREET] >= 0:
        return 1 if row[FIXED] else 0
    if g[G_STREET] < 0:
        return 0
    size = row[NAMES] + row[RESTS]
    if row[RESTS] == 0:
        return 4
    share = cover(g[G_STREET], held.text, words, size, lines, WEIGHT)
    whole = held.streets + g[G_WHOLE_NAME] if g[G_WHOLE_NAME] >= 0 else -1
    holds = explained(g[G_STREET], whole, held.text, words, size, lines, WEIGHT)
    level = _by_cover(0.5 * share + 0.5 * holds) if share >= _PART else 5
    if level == 5:
        # Its words may all be the building's name, and no street be written.
        return 4 if name in (0, 3, 4) and g[G_NAME] >= 0 and holds > 0.9 else 5
    if level > 0 and elsewhere:
        return 6 if level == 3 else 5
    return level - 1 if level > 0 else 0


@njit(nogil=True)
def _only_street(row: Any, g: Any, words: Any, lines: Any, held: Any) -> bool:
    """Tell whether a line has no words besides the street's."""
    size = row[NAMES] + row[RESTS]
    if size == 0 or row[STREET] >= 0 or g[G_STREET] < 0:
        return size == 0
    return explained(g[G_STREET], -1, held.text, words, size, lines, WEIGHT) > 0.96


@njit(nogil=True)
def levels_of(
    row: Any, g: Any, words: Any, lines: Any, asked: Any, line: int, held: Any, elsewhere: bool,
    table: Any, out: Any,
) -> bool:  # fmt: skip
    """Write the level of every part of one property; False where it cannot be the one.

    `elsewhere` tells that another street of the gazetteer is called just as the line says. Words
    are compared last, and not where the other parts leave too little by the weights of `table`.
    """
    house, letter = row[HOUSE], row[HOUSE_LETTER]
    unit, unit_letter, loose = row[UNIT], row[UNIT_LETTER], False
    if row[LOOSE] >= 0 and row[LOOSE] == unit and house < 0:
        if g[G_HOUSE] == unit and g[G_UNIT] != unit:
            unit, unit_letter, house, letter = -1, 0, unit, unit_letter
    elif row[LOOSE] >= 0 and (house < 0 or house == row[LOOSE]):
        house, letter = row[LOOSE], row[LOOSE_LETTER]
        as_unit = unit < 0 and g[G_UNIT] == house and g[G_UNIT_LETTER] == letter
        if as_unit and g[G_HOUSE] != house:
            unit, unit_letter, house, letter, loose = house, letter, -1, 0, True
    level = _house(row, g, house, letter, unit, unit_letter)
    if level < 0:
        return False
    flat = 0
    if level >= LETTER_IS_FLATS:
        level -= LETTER_IS_FLATS
    elif level != 7:
        flat = _flat(row, g, unit, unit_letter, loose)
    if flat < 0:
        return False
    out[4] = _postcode(asked.given[line], g[G_POSTCODE], asked.postcodes, held.postcodes)
    out[5] = _place(row, g, out[4] == 0)
    out[6] = g[G_STATUS]
    weight = table[1, flat] + table[4, out[4]] + table[5, out[5]] + table[6, out[6]]
    if weight < _TOO_LITTLE:
        return False
    name = _name(row, g, words, lines, held, level, flat)
    if house < 0 and g[G_UNIT] >= 0 and flat in (0, 1) and _only_street(row, g, words, lines, held):
        level, name = 8, 1
    if name < 0 or weight + table[0, level] + table[2, name] < _TOO_LITTLE:
        return False
    out[0], out[1], out[2] = level, flat, name
    out[3] = _street(row, g, words, lines, held, name, elsewhere)
    return True
