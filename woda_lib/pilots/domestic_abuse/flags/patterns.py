"""The little language that rules are written in: words, lists of words, gaps and ends.

=================  ===========================================================================
``knife``          the word, in any case; a long one with one slip of the pen
``strangl*``       a word that begins so
``neck|throat``    either
``@body``          any word of the list ``body`` that the file defines
``her?``           the word, or nothing
``..`` ``..5``     up to three (five; at most 19) words of any kind, within the sentence
``<number>``       a number, in digits or words
``<year>``         a year from 1950 to 2049
``<name>``         a name of a person; ``<child>`` one who is a child
``no $``           the word, and there the clause ends
``^ son``          the word, and there the sentence begins
=================  ===========================================================================
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from woda_lib.pilots.domestic_abuse.flags.errors import PatternError

NUMBER, YEAR, NAME, CHILD = "<number>", "<year>", "<name>", "<child>"
SPECIAL = frozenset((NUMBER, YEAR, NAME, CHILD))
_SPELLING = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*\*?|\d+|[^\W\d_]/[^\W\d_]?")
_GAP = re.compile(r"\.\.(\d?|1\d)")
_USUAL_GAP = 3
_COMMON = frozenset(
    "a an and are as at be been by for from had has have he her him his i in is it its of on or "
    "she so that the their them they this to up was were with you your my me who will would not "
    "no any all into out off over if ip sus suspect victim vic did does do".split()
)
_FREQUENT = frozenset(
    "says said states told saying tells report reported reports asked denies denied about after "
    "before since when which what now but back down only partner husband wife ex family police "
    "officers officer male female caller neighbour kill put made took taken left called call came "
    "went got gets get give given face door house home address car phone day night morning time "
    "again still never both there than then through under never hit hurt push pushed used use "
    "can could may might must us we more than one other last next two like just "
    "mark sex kicked honour account son daughter child children baby dog cat threatened threats "
    "drugs neck throat broke broken following knife harm cut arm head wall window drink drunk "
    "marriage sexual unit himself hit slapped punched grabbed strangled mental health control "
    "assault money name having week ring alcohol pregnant seen found asking".split()
)
_OFTEN = {NAME: 60, NUMBER: 40, YEAR: 20, CHILD: 10}
"""How often words stand in logs and referrals, beside the rest (1): only to look for the rarest."""


@dataclass(frozen=True)
class Element:
    """One place of a pattern: the words that may stand there, and how far from the one before."""

    words: frozenset[str]
    optional: bool = False
    gap: int = 0


@dataclass(frozen=True)
class Pattern:
    """A sequence of words to look for.

    Attributes
    ----------
    elements
        What must stand there, in order.
    anchor
        Position of the element that is looked for first: the one that is rarest in texts.
    at_end, at_start
        Whether the last word must end its clause, or the first begin its sentence.
    """

    elements: tuple[Element, ...]
    anchor: int
    at_end: bool = False
    at_start: bool = False


def read_pattern(written: str, lists: Mapping[str, Sequence[str]]) -> Pattern:
    """Read a pattern.

    Parameters
    ----------
    written
        As in the table above.
    lists
        Lists of words, by the name that follows ``@``.

    Raises
    ------
    PatternError
        If it is not of that form, or names a list that there is not.

    Examples
    --------
    >>> [sorted(each.words) for each in read_pattern("hands .. neck|throat", {}).elements]
    [['hands'], ['neck', 'throat']]
    """
    elements: list[Element] = []
    parts = written.lower().split()
    at_end = bool(parts) and parts[-1] == "$"
    at_start = parts[:1] == ["^"]
    gap = 0
    for part in parts[at_start : len(parts) - at_end]:
        if found := _GAP.fullmatch(part):
            if not elements or gap:
                raise PatternError(f"“{written}”: a gap stands between two words.")
            gap = int(found[1] or _USUAL_GAP)
            continue
        optional = part.endswith("?")
        words = _alternatives(part.removesuffix("?"), written, lists)
        elements.append(Element(words, optional, gap))
        gap = 0
    if gap:
        raise PatternError(f"“{written}”: a gap stands between two words.")
    needed = [place for place, element in enumerate(elements) if not element.optional]
    if not needed or elements[0].optional or elements[-1].optional:
        raise PatternError(f"“{written}”: the first and the last word must not be optional.")
    anchor = min(needed, key=lambda place: _how_common(elements[place].words))
    return Pattern(tuple(elements), anchor, at_end, at_start)


def _alternatives(part: str, written: str, lists: Mapping[str, Sequence[str]]) -> frozenset[str]:
    words: set[str] = set()
    for word in part.split("|"):
        if word.startswith("@"):
            if word[1:] not in lists:
                known = ", ".join(sorted(lists)) or "none"
                raise PatternError(f"“{written}”: there is no list {word}. Known are: {known}.")
            words |= {each.lower() for each in lists[word[1:]]}
        elif word in SPECIAL or _SPELLING.fullmatch(word):
            words.add(word)
        else:
            raise PatternError(
                f"“{written}”: “{word}” is no word. Write letters (a hyphen as a space), "
                "word*, one|other, @list, word?, .., <number>, <year>, <name>, <child>, ^ at the "
                "beginning or $ at the end."
            )
    return frozenset(words)


@cache
def _how_common(words: frozenset[str]) -> int:
    """Return roughly how often one of some words stands in a text."""
    return sum(
        100
        if word in _COMMON
        else 15
        if word in _FREQUENT
        else _OFTEN.get(word, 3 if word.endswith("*") else 1)
        for word in words
    )
