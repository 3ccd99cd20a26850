"""The arrays that compiled functions read and write, bundled by what they are about."""

from __future__ import annotations

from typing import Any, NamedTuple


class Text(NamedTuple):
    """Texts in tokens: where each begins in `tokens`, and what each distinct token is.

    `hashes`, `powers`, `meanings`, `starts`, `letters` and `masks` are those of `tokens.Tokens`.
    """

    first: Any
    tokens: Any
    hashes: Any
    powers: Any
    meanings: Any
    starts: Any
    letters: Any
    masks: Any


class Lexicon(NamedTuple):
    """An open-addressing table from the hash of a text without spaces to its number."""

    keys: Any
    numbers: Any


class Lexicons(NamedTuple):
    """What the gazetteer calls streets, places and buildings."""

    streets: Lexicon
    places: Lexicon
    names: Lexicon


class Fixes(NamedTuple):
    """What a distinct token may have been meant to be: hashes, 0 for none, and their powers."""

    hashes: Any
    powers: Any


class Blocks(NamedTuple):
    """Rows in the order of a key: those of key k stand where `keys` equals k."""

    keys: Any
    rows: Any


class Held(NamedTuple):
    """What the gazetteer holds: a row of numbers a way of addressing, and how rows are found.

    `text` has the streets first, `streets` of them, then the names of buildings.
    """

    rows: Any
    text: Text
    streets: int
    postcodes: Any
    by_street: Blocks
    by_postcode: Blocks
    by_name: Blocks


class Asked(NamedTuple):
    """The postcode of each line, as a row of `postcodes`; −1 for none."""

    given: Any
    postcodes: Any


class Readings(NamedTuple):
    """Readings, a row each, their words, and where each line's begin."""

    rows: Any
    names: Any
    begins: Any


class Fitting(NamedTuple):
    """The properties that fit each distinct line, best first.

    `rows` of the gazetteer, −1 where fewer fit; their `weights` in bits; the level of each of
    their parts; and `total`, two to the power of every weight and of `levels.NOT_HELD`, summed.
    """

    rows: Any
    weights: Any
    levels: Any
    total: Any
