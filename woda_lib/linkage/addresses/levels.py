"""How a line may write each part of an address, and what each way of writing weighs.

A part's level is how the line writes what the gazetteer holds, such as *same*, *misspelt* or *not
written*; its weight is the base-2 logarithm of how often a line that is about the property writes
it so, beside the most usual way.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

# Parts, and the levels of each.
PARTS = ("house", "flat", "name", "street", "postcode", "place", "status")
LEVELS: dict[str, tuple[tuple[str, float], ...]] = {
    "house": (
        ("same", 0.0),
        ("its letter is the flat's", -1.0),
        ("its letter counts the flat", -2.0),
        ("one end of its range", -3.0),
        ("within its range", -4.5),
        ("not written", -3.0),
        ("not held", -5.0),
        ("no flat of its letter is held", -7.0),
        ("neither its number nor its name written", -6.0),
    ),
    "flat": (
        ("same", 0.0),
        ("a number without a word for flat", -0.5),
        ("none written: the building", -0.3),
        ("not held: the building", -6.0),
        ("no number written: the building", -1.5),
        ("a room that is not held", -1.0),
        ("written by its name", -0.3),
        ("a letter for its number", -5.0),
        ("a letter before its number that is not held", -3.0),
    ),
    "name": (
        ("same", 0.0),
        ("not written", -1.0),
        ("not held", -1.5),
        ("nearly the same", -2.0),
        ("in part", -4.0),
        ("another", -7.0),
    ),
    "street": (
        ("same", 0.0),
        ("misspelt", -3.0),
        ("nearly the same", -3.5),
        ("in part", -6.0),
        ("not written", -4.0),
        ("another", -16.0),
        ("nearly the same, though another is so called", -8.0),
    ),
    "postcode": (
        ("same", 0.0),
        ("not given", -4.5),
        ("one letter away", -6.0),
        ("of the same sector", -6.5),
        ("of the same district", -8.0),
        ("elsewhere", -10.0),
    ),
    "place": (
        ("same", 0.0),
        ("none written", -2.5),
        ("another, though the postcode agrees", -3.0),
        ("another", -8.0),
        ("unknown words", -4.0),
        ("the town, but another locality", -2.0),
    ),
    "status": (
        ("approved", 0.0),
        ("alternative", -1.0),
        ("provisional", -1.5),
        ("historical", -3.0),
    ),
}
NOT_HELD = -13.5
"""Weight of a property that the gazetteer does not hold and that would be written just so."""
LEAST = NOT_HELD - 6.0
"""Weight below which a property is not asked after: beside one that is not held it is nothing."""

MOST_LEVELS = 9


def weights() -> npt.NDArray[np.float64]:
    """Return the weight of every level, one row a part."""
    table = np.zeros((len(PARTS), MOST_LEVELS))
    for part, name in enumerate(PARTS):
        for level, (_, weight) in enumerate(LEVELS[name]):
            table[part, level] = weight
    return table
