"""A text in pieces, so that a page can mark the words that raise a flag and those against."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from woda_lib.pilots.domestic_abuse.flags.mentions import Mention


@dataclass(frozen=True)
class Piece:
    """A stretch of a text; all pieces, joined, are the text.

    Attributes
    ----------
    text
        As written; not escaped.
    raises
        Flags that these words raise (state ``now``).
    beside
        Flags that these words speak of without raising them.
    against
        Flag and state, for words of context: what makes another mention past, denied and so on.
    """

    text: str
    raises: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    against: tuple[tuple[str, str], ...] = ()


def marked(text: str, mentions: Iterable[Mention]) -> list[Piece]:
    """Cut a text where a mention or its context begins or ends.

    Parameters
    ----------
    text
        The text in which they were found.
    mentions
        From `find_flags`; all, or those of one flag.
    """
    mentions = list(mentions)
    cuts = {0, len(text)}
    for mention in mentions:
        cuts |= {mention.start, mention.end}
        for each in mention.context:
            cuts |= {each.start, each.end}
    ordered = sorted(cuts)
    return [_piece(text, start, end, mentions) for start, end in pairwise(ordered)]


def _piece(text: str, start: int, end: int, mentions: list[Mention]) -> Piece:
    raises: set[str] = set()
    beside: set[str] = set()
    against: set[tuple[str, str]] = set()
    for mention in mentions:
        if mention.start <= start and end <= mention.end:
            (raises if mention.state == "now" else beside).add(mention.flag)
        for each in mention.context:
            if each.start <= start and end <= each.end:
                against.add((mention.flag, each.state))
    return Piece(
        text[start:end],
        tuple(sorted(raises)),
        tuple(sorted(beside - raises)),
        tuple(sorted(against)),
    )
