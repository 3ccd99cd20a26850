"""Weighing one person again, by the rows that partners have, and keeping what agreed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from woda_lib.pilots.single_view.search.index import Index
from woda_lib.pilots.single_view.search.matching import Match, Matched, postings_of
from woda_lib.pilots.single_view.search.words import address_words, bare_postcode, words

Row = Mapping[str, Any]

IN_ORDER = 0.9
"""The share of searches in which a forename is typed before its surname; an assumption."""

AS_IT_IS_NOW = 0.8
"""The share of searches by the name or address that somebody has now, not had; an assumption."""

_PLACE = ("address", "postcode")
_CHANGE = ("surname", "address")
_LIVE_TOGETHER = 3
"""People who share an address: it cannot tell more than which of the county's homes is meant."""


@dataclass(frozen=True)
class Agreed:
    """One term that agreed with a value of a person.

    Attributes
    ----------
    term : str
    match : Match
    value : str
        The word, postcode or day that it agreed with, as it is compared.
    text : str
        The value as a partner wrote it.
    former : bool
        Whether every row with the value has ended, and the best view has another.
    """

    term: str
    match: Match
    value: str
    text: str
    former: bool


@dataclass(frozen=True)
class Weighed:
    """One person, weighed.

    Attributes
    ----------
    weight : float
    agreed : tuple of Agreed
    missed : tuple of str
        Terms that agreed with nothing.
    swapped : bool
        Whether the surname was typed first.
    """

    weight: float
    agreed: tuple[Agreed, ...]
    missed: tuple[str, ...]
    swapped: bool


@dataclass(frozen=True)
class _Value:
    """A value of one row: its words, and whether the row still holds."""

    role: str
    value: str
    text: str
    now: bool
    home: int


def weigh(rows: Sequence[Row], best: Row, matched: Sequence[Matched], index: Index) -> Weighed:
    """Weigh a person by the rows that partners have of them.

    Parameters
    ----------
    rows : sequence of mapping
        ``forename, surname, date_of_birth, address, postcode`` of each row of the person, and
        ``now``: whether it still holds.
    best : mapping
        The same of the best view, which counts as another row.
    matched : sequence of Matched
        The terms.
    index : Index
    """
    values = _values(rows, best)
    options = [
        (match, place, value)
        for place, term in enumerate(matched)
        for value in values
        if (match := term.of(value.role, value.value, postings_of(index)[value.role]))
        and match.weight > term.missed
    ]
    home = _home(options, matched)
    chosen: dict[int, tuple[Match, _Value]] = {}
    taken: set[tuple[str, str]] = set()
    for match, place, value in sorted(options, key=lambda each: (-each[0].weight, not each[2].now)):
        elsewhere = value.role in _PLACE and value.home != home
        if place in chosen or elsewhere or (value.role, value.value) in taken:
            continue
        chosen[place] = (match, value)
        taken.add((value.role, value.value))
    told = sum(match.weight for match, value in chosen.values() if value.role not in _PLACE)
    lives = sum(match.weight for match, value in chosen.values() if value.role in _PLACE)
    most = float(np.log2(max(index.people, _LIVE_TOGETHER) / _LIVE_TOGETHER))
    missed = [place for place in range(len(matched)) if place not in chosen]
    weight = told + min(lives, most) + sum(matched[place].missed for place in missed)
    order = _order(chosen)
    weight += order + _tense(chosen)
    agreed = tuple(
        Agreed(matched[place].term, match, value.value, value.text, not value.now)
        for place, (match, value) in sorted(chosen.items())
    )
    return Weighed(weight, agreed, tuple(matched[place].term for place in missed), order < 0)


def _values(rows: Sequence[Row], best: Row) -> list[_Value]:
    """Return every word, day and postcode of the rows, each once for each address."""
    homes: dict[str, int] = {}
    found: dict[tuple[str, str, int], _Value] = {}

    def add(role: str, value: str, text: str, now: bool, home: int = -1) -> None:
        known = found.get((role, value, home))
        if known is None or (now and not known.now):
            found[role, value, home] = _Value(role, value, text, now, home)

    for row in (*rows, {**best, "now": True}):
        now = row["now"]
        for role in ("forename", "surname"):
            for word in words(row[role]):
                add(role, word, row[role], now)
        if row["date_of_birth"]:
            add("born", str(row["date_of_birth"]), "", True)
        address, postcode = address_words(row["address"]), bare_postcode(row["postcode"])
        home = homes.setdefault(f"{' '.join(address)} {postcode}", len(homes))
        for word in address:
            add("address", word, row["address"], now, home)
        if postcode:
            add("postcode", postcode, row["postcode"], now, home)
    return list(found.values())


def _home(options: list[tuple[Match, int, _Value]], matched: Sequence[Matched]) -> int:
    """Return the address at which most is found that is no name of the person."""
    as_name: dict[int, float] = {}
    for match, place, value in options:
        if value.role in ("forename", "surname"):
            as_name[place] = max(as_name.get(place, -np.inf), match.weight)
    gained: dict[tuple[int, int], float] = {}
    for match, place, value in options:
        if value.home >= 0:
            gain = match.weight - max(as_name.get(place, -np.inf), matched[place].missed)
            gained[value.home, place] = max(gained.get((value.home, place), 0.0), gain)
    totals: dict[int, float] = {}
    for (home, _), gain in gained.items():
        totals[home] = totals.get(home, 0.0) + gain
    return max(totals, key=lambda home: (totals[home], -home), default=-1)


def _order(chosen: dict[int, tuple[Match, _Value]]) -> float:
    """Return what the order of two names is worth: log2 odds; nothing where there are not two."""
    first = [place for place, (_, value) in chosen.items() if value.role == "forename"]
    last = [place for place, (_, value) in chosen.items() if value.role == "surname"]
    if not first or not last:
        return 0.0
    in_order = min(first) < min(last)
    return float(np.log2(2 * (IN_ORDER if in_order else 1 - IN_ORDER)))


def _tense(chosen: dict[int, tuple[Match, _Value]]) -> float:
    """Return what it is worth that a surname and an address are those of now, or former ones."""
    now = {value.role: value.now for _, value in chosen.values() if value.role in _CHANGE}
    shares = [AS_IT_IS_NOW if each else 1 - AS_IT_IS_NOW for each in now.values()]
    return float(np.log2([2 * share for share in shares]).sum())
