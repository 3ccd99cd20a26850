"""Words as they are compared: small letters without accents, street types spelt out.

The index is made of every value that a partner gave, in SQL; what somebody types, and the few rows
that are told about, are made in Python. Both must come to the same words.
"""

from __future__ import annotations

import re
import unicodedata

_APART = re.compile(r"[^a-z0-9]+")
_LETTERS = {"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae"}
"""Letters that are no accented ones."""

_BARE = re.compile(r"[^A-Z0-9]")

STREET_TYPES = {
    "ave": "avenue",
    "cl": "close",
    "cres": "crescent",
    "ct": "court",
    "dr": "drive",
    "gdns": "gardens",
    "gr": "grove",
    "ln": "lane",
    "pl": "place",
    "rd": "road",
    "sq": "square",
    "tce": "terrace",
    "terr": "terrace",
    "apartment": "flat",
    "apt": "flat",
}
"""How the last word of a street is shortened; *St* is left alone, for it is a saint's too."""


def words(text: str | None) -> list[str]:
    """Return the words of a name or an address.

    Examples
    --------
    >>> words("Zoë O'Brien-Smith")
    ['zoe', 'obrien', 'smith']
    """
    if not text:
        return []
    bare = text.lower().replace("'", "")
    if not bare.isascii():
        apart = unicodedata.normalize("NFKD", bare.replace("’", ""))
        bare = "".join(_LETTERS.get(x, x) for x in apart if not unicodedata.combining(x))
    return [word for word in _APART.split(bare) if word]


def address_words(text: str | None) -> list[str]:
    """Return the words of an address, street types spelt out.

    Examples
    --------
    >>> address_words("Apt 3, 12 Mill Ln")
    ['flat', '3', '12', 'mill', 'lane']
    """
    return [STREET_TYPES.get(word, word) for word in words(text)]


def bare_postcode(text: str | None) -> str:
    """Return a postcode, or a part of one, in capitals and without its space."""
    return _BARE.sub("", str(text or "").upper())


def words_sql(column: str) -> str:
    """Return the SQL that makes a list of `words` of a column."""
    plain = f"lower(strip_accents(replace(replace({column}, '''', ''), '’', '')))"
    for letter, written in _LETTERS.items():
        plain = f"replace({plain}, '{letter}', '{written}')"
    return f"string_split_regex({plain}, '[^a-z0-9]+')"
