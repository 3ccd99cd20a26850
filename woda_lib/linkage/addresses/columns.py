"""What the columns of a reading, and of a way of addressing that the gazetteer holds, are.

Both are rows of whole numbers. −1 stands for none, except for letters (1 is a, 0 none), floors and
yes or no.
"""

from __future__ import annotations

# Of a reading: its street, the flat, the house, a number that is either, places, and words.
# `UNIT_SAID` is 1 where a word such as flat is written, 2 where a letter stands before its number.
(
    STREET,
    FIXED,
    UNIT,
    UNIT_LETTER,
    UNIT_FLOOR,
    UNIT_SAID,
    HOUSE,
    HOUSE_LETTER,
    HIGH,
    HIGH_LETTER,
    LOOSE,
    LOOSE_LETTER,
    PLACE,
    OTHER_PLACE,
    UNKNOWN,
    NAME,
    NAMES,
    RESTS,
) = range(18)
FIELDS = 18
# Of a way of addressing.
(
    G_STREET,
    G_HOUSE,
    G_LETTER,
    G_HIGH,
    G_HIGH_LETTER,
    G_UNIT,
    G_UNIT_LETTER,
    G_FLOOR,
    G_NAME,
    G_SUB_NAME,
    G_WHOLE_NAME,
    G_POSTCODE,
    G_LOCALITY,
    G_TOWN,
    G_STATUS,
    G_FLATS,
    G_PROPERTY,
    G_SHARED,
) = range(18)
G_FIELDS = 18
