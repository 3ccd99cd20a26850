"""A whole log or referral, cut where words are marked: which flags each piece speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from woda_lib.pilots.domestic_abuse.card_lines import FlagLine, WholeText, Words


@dataclass(frozen=True)
class Piece:
    """Some of a text, and whether it speaks for or against flags; `flags` are titles."""

    words: str
    mark: Literal["for", "against", ""] = ""
    flags: tuple[str, ...] = ()


def cut_up(whole: WholeText, flags: Sequence[FlagLine]) -> list[Piece]:
    """Cut a text at every mark.

    Words that raise one flag and speak against another are shown as raising; both are named. Words
    that do not stand in the text where they should are left unmarked rather than marked elsewhere.

    Parameters
    ----------
    whole
        A text of the card.
    flags
        Of the card.
    """
    text = whole.words
    marks = [
        (words.start, words.end, raises, line.title)
        for line in flags
        for raises, found in ((True, line.raised_by), (False, line.against))
        for words in found
        if _stands(words, whole)
    ]
    edges = sorted({0, len(text), *(edge for start, end, *_ in marks for edge in (start, end))})
    pieces = []
    for start, end in pairwise(edges):
        over = [(raises, title) for low, high, raises, title in marks if low <= start < high]
        titles = tuple(dict.fromkeys(title for _, title in over))
        mark: Literal["for", "against", ""] = "against" if over else ""
        if any(raises for raises, _ in over):
            mark = "for"
        pieces.append(Piece(text[start:end], mark, titles))
    return pieces


def _stands(words: Words, whole: WholeText) -> bool:
    here = (words.incident, words.text) == (whole.incident, whole.text)
    return here and whole.words[words.start : words.end] == words.mark != ""
