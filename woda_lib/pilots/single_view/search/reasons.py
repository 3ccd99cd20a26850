"""Why somebody was found, in words: which terms agreed with what, and how."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from woda_lib.pilots.single_view.search.weighing import Agreed, Weighed
from woda_lib.pilots.single_view.search.words import words

_HOW = {
    "alias": "{term} is a short or other form of it",
    "letter": "one letter off {term}",
    "letters": "two letters off {term}",
    "sound": "sounds like {term}",
    "beginning": "begins with {term}",
    "initial": "begins with {term}",
    "outward": "only the first part of {term}",
    "swapped": "day and month swapped",
    "digit": "one digit off",
    "two_parts": "day, month or year differs",
    "year_beside": "a year off",
}


def reason_for(weighed: Weighed, numbers: Iterable[str] = ()) -> str:
    """Return the reason for a hit.

    Parameters
    ----------
    weighed : Weighed
    numbers : iterable of str
        Whose number was typed, such as ``fire service``.

    Examples
    --------
    >>> reason_for(weighed)
    'forename Elizabeth (liz is a short or other form of it); former surname Smith (one letter off
    smyth); born 1945; former address 12 Mill Lane'
    """
    parts = [f"this number of {whose}" for whose in numbers]
    for role in ("forename", "surname", "born"):
        parts += [_said(each) for each in weighed.agreed if each.match.role == role]
    parts += _where(weighed.agreed)
    if weighed.swapped:
        parts.append("names swapped")
    if weighed.missed:
        parts.append(f"nothing for {', '.join(weighed.missed)}")
    return "; ".join(dict.fromkeys(parts))


def _said(each: Agreed) -> str:
    former = "former " if each.former else ""
    how = _HOW.get(each.match.level, "").format(term=each.term)
    if each.match.role == "born":
        said = _born(each)
    else:
        said = f"{former}{each.match.role} {_word_of(each)}"
    return f"{said} ({how})" if how else said


def _born(each: Agreed) -> str:
    if each.match.level == "exact" and each.term.endswith("s"):
        return f"born in the {each.term}"
    if each.match.level == "exact" and each.term.endswith("-??-??"):
        return f"born in {each.term[:4]}"
    return f"born {pd.Timestamp(each.value):%-d %B %Y}"


def _word_of(each: Agreed) -> str:
    """Return the word of a name, as the partner wrote it."""
    for part in each.text.replace("-", " ").split():
        if each.value in words(part):
            return part
    return each.text


def _where(agreed: Iterable[Agreed]) -> list[str]:
    """Tell all words of an address together."""
    parts = []
    places = [each for each in agreed if each.match.role == "address"]
    if places:
        former = "former " if places[0].former else ""
        off = [
            _HOW[each.match.level].format(term=each.term)
            for each in places
            if each.match.level in _HOW
        ]
        how = f" ({', '.join(off)})" if off else ""
        parts.append(f"{former}address {places[0].text}{how}")
    for each in agreed:
        if each.match.role == "postcode":
            former = "former " if each.former else ""
            how = _HOW.get(each.match.level, "").format(term=each.term)
            parts.append(f"{former}postcode {each.text}{f' ({how})' if how else ''}")
    return parts
