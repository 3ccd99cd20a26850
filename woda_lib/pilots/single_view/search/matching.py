"""How what was typed agrees with what partners gave, and what each kind of agreement is worth.

Each term that was typed is weighed as linkage weighs a field (Fellegi and Sunter): an agreement of
some kind is worth log2(m / u), where *m* is how often what people type about the right person
agrees so, and *u* how often it would with anybody. Of *u* the index knows all: it is the share of
people who bear any value of that agreement. So *Smyth* tells more than *Smith*, and a short form
that could stand for a tenth of the county tells little.

The m probabilities are assumptions about people who search, not estimates: no log of searches is
kept that they could be learned from. docs/single_view_search.md measures what follows from them.

References
----------
Fellegi, I. P. and Sunter, A. B. (1969), A theory for record linkage, Journal of the American
Statistical Association 64, 1183-1210.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import jellyfish
import numpy as np
import numpy.typing as npt

from woda_lib.pilots.single_view.search.index import Index, Postings
from woda_lib.pilots.single_view.search.terms import Born

NAME = {
    "exact": 0.82,
    "alias": 0.05,
    "letter": 0.06,
    "letters": 0.015,
    "sound": 0.02,
    "beginning": 0.02,
}
"""m of a word of a name: it is spelt so; a short form; one letter or two off; it sounds alike; it
is the beginning of the name."""
INITIAL = {"initial": 0.95}
PLACE = {"exact": 0.80, "letter": 0.06, "beginning": 0.02}
"""m of a word of an address."""
HOUSE = {"exact": 0.85}
POSTCODE = {"exact": 0.84, "letter": 0.05, "outward": 0.06}
PART_OF_POSTCODE = {"exact": 0.93}
BIRTH_DATE = {"exact": 0.85, "swapped": 0.02, "digit": 0.05, "two_parts": 0.04}
PART_OF_BIRTH_DATE = {"exact": 0.93, "year_beside": 0.03}

ROLES = {"forename": 0.4, "surname": 0.4, "address": 0.2}
"""How often a word that is typed is meant as which."""

_LONG = 6
"""Letters from which two may be wrong."""


@dataclass(frozen=True)
class Match:
    """The values that agree with a term in one way.

    Attributes
    ----------
    role : str
        ``forename``, ``surname``, ``address``, ``postcode`` or ``born``.
    level : str
        How they agree.
    weight : float
        log2(m / u).
    places : ndarray of int
        Which values of the role's postings.
    """

    role: str
    level: str
    weight: float
    places: npt.NDArray[np.intp]


@dataclass(frozen=True)
class Matched:
    """A term, and everything that agrees with it.

    Attributes
    ----------
    term : str
        As it was typed, or read.
    matches : tuple of Match
    missed : float
        What it is worth that nothing agrees: log2 of what m leaves.
    """

    term: str
    matches: tuple[Match, ...]
    missed: float
    _known: dict[str, dict[str, Match]] = field(default_factory=dict, repr=False)

    def of(self, role: str, value: str, postings: Postings) -> Match | None:
        """Return how a value agrees with the term in a role, if it does."""
        if role not in self._known:
            found: dict[str, Match] = {}
            for match in self.matches:
                if match.role == role:
                    for each in postings.values[match.places].astype(str).tolist():
                        if each not in found or found[each].weight < match.weight:
                            found[each] = match
            self._known[role] = found
        return self._known[role].get(value)


def match_word(word: str, index: Index) -> Matched:
    """Match a word that may be of a forename, a surname or an address."""
    matches: list[Match] = []
    for role, postings in postings_of(index).items():
        if role not in ROLES:
            continue
        m = PLACE if role == "address" else INITIAL if len(word) == 1 else NAME
        aliases = index.aliases if role == "forename" else {}
        levels = _words_like(word, postings, aliases, m)
        matches += _weighed(role, levels, m, postings, index.people, ROLES[role])
    return Matched(word, tuple(matches), _missed(INITIAL if len(word) == 1 else NAME))


def match_house(number: str, index: Index) -> Matched:
    """Match the number of a house or a flat."""
    levels = {"exact": _equal(number, index.addresses)}
    found = _weighed("address", levels, HOUSE, index.addresses, index.people)
    return Matched(number, tuple(found), _missed(HOUSE))


def match_postcode(postcode: str, index: Index) -> Matched:
    """Match a postcode without its space, or its first part."""
    known = index.postcodes.values
    if len(postcode) >= 5 and postcode[-3].isdigit():
        outward = np.flatnonzero(np.strings.startswith(known, postcode[:-3]))
        outward = outward[np.strings.str_len(known[outward]) == len(postcode)]
        near = [p for p in outward if _off(postcode, str(known[p])) == 1]
        levels = {
            "exact": _equal(postcode, index.postcodes),
            "letter": np.array(near, dtype=np.intp),
            "outward": outward,
        }
        m = POSTCODE
    else:
        begins = np.flatnonzero(np.strings.startswith(known, postcode))
        # WR1 is no beginning of WR14 9AA: what follows is the three of the inward part, or its end.
        rest = np.strings.str_len(known[begins]) - len(postcode)
        levels = {"exact": begins[(rest == 3) | ((rest == 2) & (len(postcode) > 3))]}
        m = PART_OF_POSTCODE
    found = _weighed("postcode", levels, m, index.postcodes, index.people)
    return Matched(postcode, tuple(found), _missed(m))


def match_born(born: Born, index: Index) -> Matched:
    """Match what is known of a birth date."""
    days = index.births.values
    months = days.astype("datetime64[M]")
    year = months.astype("datetime64[Y]").astype(int) + 1970
    month = months.astype(int) % 12 + 1
    day = (days - months.astype("datetime64[D]")).astype(int) + 1
    m = BIRTH_DATE if born.whole else PART_OF_BIRTH_DATE
    if born.decade is not None:
        levels = {"exact": np.flatnonzero(year // 10 * 10 == born.decade)}
        said = f"{born.decade}s"
    else:
        agree = {
            "year": year == born.year if born.year else None,
            "month": month == born.month if born.month else None,
            "day": day == born.day if born.day else None,
        }
        asked = [each for each in agree.values() if each is not None]
        levels = {"exact": np.flatnonzero(np.logical_and.reduce(asked))}
        if born.whole:
            swapped = (year == born.year) & (month == born.day) & (day == born.month)
            parts = np.add.reduce([each.astype(int) for each in asked])
            digits = _digits_off(born, year, month, day)
            levels["swapped"] = np.flatnonzero(swapped)
            levels["digit"] = np.flatnonzero(digits == 1)
            levels["two_parts"] = np.flatnonzero(parts == 2)
        elif born.year and not born.month:
            levels["year_beside"] = np.flatnonzero(np.abs(year - born.year) == 1)
        said = "-".join(
            f"{part:0{width}d}" if part else "?" * width
            for part, width in ((born.year, 4), (born.month, 2), (born.day, 2))
        )
    found = _weighed("born", levels, m, index.births, index.people)
    return Matched(said, tuple(found), _missed(m))


def postings_of(index: Index) -> dict[str, Postings]:
    """Return the postings of each role."""
    return {
        "forename": index.forenames,
        "surname": index.surnames,
        "address": index.addresses,
        "postcode": index.postcodes,
        "born": index.births,
    }


def _words_like(
    word: str, postings: Postings, aliases: Mapping[str, str], m: Mapping[str, float]
) -> dict[str, npt.NDArray[np.intp]]:
    known = postings.values
    if "initial" in m:
        return {"initial": np.flatnonzero(np.strings.startswith(known, word))}
    levels = {"exact": _equal(word, postings)}
    if aliases:
        levels["alias"] = _aliases_of(word, known, aliases)
    one, two = _misspelt(word, postings)
    levels["letter"] = one
    levels["letters"] = two
    levels["sound"] = np.flatnonzero(postings.sounds == jellyfish.metaphone(word))
    if len(word) >= 3:
        levels["beginning"] = np.flatnonzero(np.strings.startswith(known, word))
    return {name: places for name, places in levels.items() if name in m}


def _misspelt(word: str, postings: Postings) -> tuple[npt.NDArray[np.intp], ...]:
    """Return the words that are one and two letters off, as far as those who type are.

    Letters that only one of two words has are a bound on how far apart they are: hardly any word
    is left to be compared letter by letter.
    """
    letters = np.bitwise_or.reduce([1 << (ord(x) - 97) for x in word if "a" <= x <= "z"] or [0])
    apart = np.bitwise_count(postings.letters ^ np.uint32(letters))
    longer = np.abs(postings.lengths - len(word))
    near = (apart <= 2) & (longer <= 1)
    if len(word) >= _LONG:
        same = np.strings.startswith(postings.values, word[0])
        near |= (apart <= 4) & (longer <= 2) & same
    places = np.flatnonzero(near & (postings.lengths > 2))
    off = np.array([_off(word, str(postings.values[place])) for place in places], dtype=int)
    return places[off == 1], places[(off == 2) & (len(word) >= _LONG)]


def _off(word: str, other: str) -> int:
    return jellyfish.damerau_levenshtein_distance(word, other)


def _aliases_of(word: str, known: npt.NDArray, aliases: Mapping[str, str]) -> npt.NDArray[np.intp]:
    form = aliases.get(word, word)
    same = [form, *(short for short, whole in aliases.items() if whole == form)]
    places = np.searchsorted(known, same)
    there = [p for p, each in zip(places, same, strict=True) if p < len(known) and known[p] == each]
    return np.array(there, dtype=np.intp)


def _digits_off(born: Born, year: npt.NDArray, month: npt.NDArray, day: npt.NDArray) -> npt.NDArray:
    """Return how many of the eight digits of each date are others."""
    typed = (born.year or 0) * 10_000 + (born.month or 0) * 100 + (born.day or 0)
    known = year * 10_000 + month * 100 + day
    return np.add.reduce(
        [(known // 10**place % 10 != typed // 10**place % 10).astype(int) for place in range(8)]
    )


def _equal(value: str, postings: Postings) -> npt.NDArray[np.intp]:
    place = int(np.searchsorted(postings.values, value))
    there = place < len(postings.values) and postings.values[place] == value
    return np.array([place] if there else [], dtype=np.intp)


def _weighed(
    role: str,
    levels: Mapping[str, npt.NDArray[np.intp]],
    m: Mapping[str, float],
    postings: Postings,
    people: int,
    meant: float = 1.0,
) -> Iterator[Match]:
    """Weigh each level, its values those that no better one has."""
    taken = np.zeros(len(postings.values), dtype=bool)
    for level in m:
        places = levels.get(level)
        if places is None:
            continue
        places = places[~taken[places]]
        taken[places] = True
        bear = int(postings.counts[places].sum())
        if bear:
            weight = float(np.log2(meant * m[level] * people / bear))
            yield Match(role, level, weight, places)


def _missed(m: Mapping[str, float]) -> float:
    return float(np.log2(1 - sum(m.values())))
