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
_EVERYWHERE = frozenset("a and her in on the to was".split())
_COMMON = frozenset(
    "about ap at by call* ex for had has he his ip is it mark no not of police report* say* "
    "says she suspect tak* that this victim were with".split()
)
_FREQUENT = frozenset(
    "999 abus* act* address after an any are argument as ask* asked assault* attend* back be "
    "been being call car check* com* control* crime dash denies disclosed does dog drink* drug* "
    "family female follow* from harm* him husband incident kick* kill kill* left log made male "
    "neighbour never off officer officers other out over partner preg* re referral report said "
    "see* sex* since sus susp taken threat* told unit up us use* vic what when which who will "
    "work* would".split()
)
_USUAL = frozenset(
    "12 2 abuse according account across action adult advice against agencies agg aggd alcohol "
    "alcohol* all anything arm arrested arrival asking asks assault assessment attended "
    "attending attention baby bed before began between both boyfriend broke brother bruis* but "
    "called caller calling calls came case cat causing check child children clear* clos* closed "
    "cocaine complainant concern* concerns consent consent* considered contact* continu* "
    "control could couple crew custody cut* damag* damage* daughter day decision depress* desk "
    "did door down drink drugs drunk drunk* during dvpn face father flat follow following forc* "
    "force* form found friday friend front further get given go gone grazed happy harm have "
    "having health hear* heard himself hit hit* hold* home honour hurt hurt* if inf information "
    "informed inft into investigation kicked knife known last let line mak* may meeting mental "
    "mental* money morning named neck neither next nil nothing now number one online only own "
    "parties party passed patrol per perp phon* phone photo* plac* place pregnan* pregnant "
    "punch* punched push* pushed put put* raised rap* rape* record* regarding relative reported "
    "reporting respondent reviews ring ring* risk round row say saying scene seen sent separat* "
    "sex sexual sexual* share share* shared shout* shouting slap* slapped so son stalk* "
    "stalking states still stop* stopp* strang* strangl* strangled submitted suicid* support "
    "swear* take takes tell* tells them there they think* threaten* threatened throat through "
    "time took touch* touched under update use used voices walk* wall want* wants watch* we "
    "weapon* went wife wish* wishing within words work worker working you".split()
)
_OFTEN = {NAME: 300, NUMBER: 400, YEAR: 150, CHILD: 60} | {
    word: often
    for words, often in ((_EVERYWHERE, 400), (_COMMON, 150), (_FREQUENT, 60), (_USUAL, 25))
    for word in words
}
"""How often words stand in 413 made-up texts, roughly; others 1: only to look for the rarest."""


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
    return sum(_OFTEN.get(word, 3 if word.endswith("*") else 1) for word in words)
