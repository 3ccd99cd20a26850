"""What the words of an address are: their one spelling, and what numbers, letters and units mean.

*Rd* and *Road* are one word, and so are *St* for a street and *St* for a saint: both are *street*.
A token is a number (``12``, ``12a``), a range (``12-14``), two numbers by a slash (``3/12``), a
letter, a code (``b7``), a word for a unit (*flat*, *room*, *pitch*), for a floor, or another word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

(
    WORD,
    NUMBER,
    RANGE,
    SLASH,
    LETTER,
    CODE,
    UNIT,
    STORED_UNIT,
    FLOOR,
    FLOOR_WORD,
    FILLER,
    COUNTY,
) = range(12)
"""Kinds of token. `STORED_UNIT` is a word such as *caravan*, a unit only where a number follows."""

_SPELLINGS = {
    "st": "street", "str": "street", "saint": "street", "strt": "street", "rd": "road",
    "ave": "avenue", "av": "avenue",
    "avn": "avenue", "ln": "lane", "la": "lane", "dr": "drive", "drv": "drive", "cl": "close",
    "clo": "close", "cls": "close", "crt": "court", "ct": "court", "cres": "crescent",
    "cresc": "crescent", "gdns": "gardens", "gdn": "garden", "gds": "gardens", "grn": "green",
    "gr": "grove", "gro": "grove", "grv": "grove", "pl": "place", "plc": "place", "sq": "square",
    "terr": "terrace", "ter": "terrace", "tce": "terrace", "pk": "park", "wy": "way",
    "wlk": "walk", "hse": "house", "ho": "house", "cott": "cottage", "cot": "cottage",
    "ctg": "cottage", "cotts": "cottages", "fm": "farm", "bldg": "building",
    "bldgs": "buildings", "mt": "mount", "mnt": "mount", "upr": "upper", "lwr": "lower",
    "gt": "great", "lt": "little", "lit": "little", "bung": "bungalow", "mans": "mansions",
    "hts": "heights", "vw": "view", "nth": "north", "sth": "south", "br": "bridge",
    "ch": "church", "sch": "school", "nr": "near", "apt": "apartment", "appt": "apartment",
    "apts": "apartment", "rm": "room", "flr": "floor", "fl": "floor", "grd": "ground",
    "gnd": "ground", "bsmt": "basement", "1st": "first", "2nd": "second", "3rd": "third",
    "4th": "fourth", "5th": "fifth", "flt": "flat", "flats": "flat", "apartments": "apartment",
    "rooms": "room", "units": "unit", "cvn": "caravan", "annex": "annexe", "orch": "orchard",
    "mdw": "meadow", "mdws": "meadows", "ctr": "centre", "cntr": "centre", "center": "centre",
    "lo": "lodge", "ldg": "lodge", "pde": "parade", "prom": "promenade", "hl": "hill",
    "rdg": "ridge", "vly": "valley", "nurs": "nursing", "res": "residential", "ctge": "cottage",
}  # fmt: skip
_UNITS = frozenset("flat apartment unit room maisonette studio bedsit suite".split())
_STORED_UNITS = frozenset("pitch plot caravan van berth chalet".split())
_FLOORS = {
    "basement": -1, "ground": 0, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5,
    "top": 9, "upper": 8, "lower": -2, "garden": -3,
}  # fmt: skip
_FILLERS = frozenset(["the", "no", "number"])
_COUNTIES = frozenset(
    """worcestershire worcs warwickshire warks gloucestershire glos herefordshire shropshire salop
    staffordshire staffs oxfordshire oxon birmingham midlands england uk gb""".split()
)
_DIGITS = {
    word: str(place)
    for place, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve".split(), start=1
    )
}
_STREET_TYPES = frozenset(
    """road street lane close avenue drive crescent way gardens court grove place rise view walk
    terrace square park green hill row mews parade""".split()
)
_GENERIC = frozenset("care home nursing residential rest caravan mobile and of at".split())
_KINDS_OF_BUILDING = frozenset(
    """cottage cottages house farm farmhouse barn barns lodge view bungalow court mansions heights
    point villa villas hall grange manor building buildings works stables park homes
    site""".split()
)
KIND, LIGHT, SLIGHT = 2, 2, 1
"""What a word such as *cottage* weighs in a name, *road* in a street, *care* anywhere."""

_NUMBER = re.compile(r"0*(\d{1,5})([a-z]?)")
_RANGE = re.compile(r"0*(\d{1,5})([a-z]?)-0*(\d{1,5})([a-z]?)")
_SLASH = re.compile(r"0*(\d{1,5})([a-z]?)/0*(\d{1,5})([a-z]?)")
_LETTER_SLASH = re.compile(r"([a-z])/0*(\d{1,5})([a-z]?)")
_CODE = re.compile(r"([a-z])-?0*(\d{1,4})")
_HYPHENED = re.compile(r"0*(\d{1,5})-([a-z])")
_JOINED = re.compile(r"(\d+)([a-z]{3,})|([a-z]{2,})(\d+[a-z]?)")
_ORDINALS = frozenset(["1st", "2nd", "3rd", "4th", "5th"])


@dataclass(frozen=True)
class Meaning:
    """What one token is.

    Attributes
    ----------
    kind
        `WORD`, `NUMBER` and so on.
    low, low_letter
        The number, the first of two, or the floor; the letter (1 for a) that follows it.
    high, high_letter
        The second number of a range or by a slash.
    weight, name_weight
        How much a word says in a street and in a building's name: its letters, few for *road* in
        the one, few for *care home* in both.
    """

    kind: int
    low: int = 0
    low_letter: int = 0
    high: int = 0
    high_letter: int = 0
    weight: int = 0
    name_weight: int = 0


def spelt(token: str) -> str:
    """Return a token in small letters in its one spelling, which may be several words.

    >>> spelt("rd"), spelt("12mill"), spelt("stratford-upon-avon"), spelt("007")
    ('road', '12 mill', 'stratford upon avon', '7')
    """
    if token in _SPELLINGS:
        return _SPELLINGS[token]
    if token.isalpha():
        return token
    if token.isdigit():
        return token.lstrip("0") or "0"
    if _NUMBER.fullmatch(token) or _RANGE.fullmatch(token) or _SLASH.fullmatch(token):
        return token.lstrip("0")
    if found := _HYPHENED.fullmatch(token):
        return found[1] + found[2]
    if _LETTER_SLASH.fullmatch(token) or _CODE.fullmatch(token):
        return token
    if found := _JOINED.fullmatch(token):
        return f"{spelt(found[1] or found[3])} {spelt(found[2] or found[4])}"
    parts = re.split(r"[-/]+", token)
    return " ".join(spelt(part) for part in parts if part) if len(parts) > 1 else token


def meaning(token: str) -> Meaning:
    """Return what a token in its one spelling is.

    >>> meaning("12a").low, meaning("12a").low_letter, meaning("3/12").high
    (12, 1, 12)
    """
    if token.isalpha():
        return _of_letters(token)
    if found := _NUMBER.fullmatch(token):
        return Meaning(NUMBER, int(found[1]), _place(found[2]))
    for kind, pattern in ((RANGE, _RANGE), (SLASH, _SLASH)):
        if found := pattern.fullmatch(token):
            return Meaning(kind, int(found[1]), _place(found[2]), int(found[3]), _place(found[4]))
    if found := _LETTER_SLASH.fullmatch(token):
        return Meaning(SLASH, 0, _place(found[1]), int(found[2]), _place(found[3]))
    if found := _CODE.fullmatch(token):
        return Meaning(CODE, int(found[2]), _place(found[1]))
    return Meaning(WORD, weight=len(token), name_weight=len(token))


def _of_letters(token: str) -> Meaning:
    letters = SLIGHT if token in _GENERIC else len(token)
    weight = LIGHT if token in _STREET_TYPES else letters
    name_weight = min(letters, KIND) if token in _KINDS_OF_BUILDING else letters
    if len(token) == 1:
        return Meaning(LETTER, low_letter=_place(token), weight=1, name_weight=1)
    if token in _UNITS or token == "floor":
        return Meaning(UNIT if token in _UNITS else FLOOR_WORD, weight=LIGHT, name_weight=LIGHT)
    if token in _FLOORS:
        return Meaning(FLOOR, low=_FLOORS[token], weight=weight, name_weight=name_weight)
    if token in _FILLERS:
        return Meaning(FILLER)
    kind = STORED_UNIT if token in _STORED_UNITS else COUNTY if token in _COUNTIES else WORD
    low = int(_DIGITS.get(token, 0))
    return Meaning(kind, low=low, weight=weight, name_weight=name_weight)


def _place(letter: str) -> int:
    return ord(letter) - ord("a") + 1 if letter else 0
