"""Two texts word by word: what was kept, what is gone, what is new."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from woda_lib.workbench.review.differences.model import Piece

_WORD = re.compile(r"\S+\s*")  # a word with the space after it
_ALIKE = 0.4  # below this share of words in common, a sentence is another sentence


def compare_words(before: str, after: str) -> tuple[Piece, ...]:
    """Return the stretches of words that lead from one text to the other.

    A number with its sign and unit is one word, so that 2.4 becomes 2.7 and not 2 points something.
    Texts with little in common are shown as gone and new, each whole.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    match = _matched(old, new)
    if match.ratio() < _ALIKE:
        whole = (Piece(before, "removed"), Piece(after, "added"))
        return tuple(piece for piece in whole if piece.text)
    pieces = []
    for what, i, j, k, m in match.get_opcodes():
        if what == "equal":
            pieces.append(Piece("".join(new[k:m]), "same"))
            continue
        if j > i:
            pieces.append(Piece("".join(old[i:j]), "removed"))
        if m > k:
            pieces.append(Piece("".join(new[k:m]), "added"))
    return tuple(pieces)


def compare_paragraphs(before: list[str], after: list[str]) -> list[tuple[Piece, ...]]:
    """Return the paragraphs that differ, each word by word, in the newer order.

    Parameters
    ----------
    before, after : list of str

    Returns
    -------
    list of tuple of Piece
        Nothing for paragraphs that are the same.
    """
    changed = []
    match = SequenceMatcher(None, before, after, autojunk=False)
    for what, i, j, k, m in match.get_opcodes():
        if what != "equal":
            changed.extend(_paired(before[i:j], after[k:m]))
    return changed


def _paired(gone: list[str], new: list[str]) -> list[tuple[Piece, ...]]:
    """Pair each new paragraph with the first old one that is like it; the rest are gone or new."""
    left = list(gone)
    pairs: list[tuple[Piece, ...]] = []
    for text in new:
        like = next((old for old in left if _like(old, text)), None)
        if like is None:
            pairs.append((Piece(text, "added"),))
        else:
            left.remove(like)
            pairs.append(compare_words(like, text))
    pairs.extend((Piece(text, "removed"),) for text in left)
    return pairs


def _like(before: str, after: str) -> bool:
    return _matched(_WORD.findall(before), _WORD.findall(after)).ratio() >= _ALIKE


def _matched(old: list[str], new: list[str]) -> SequenceMatcher[str]:
    bare, newer = ([word.strip() for word in words] for words in (old, new))
    return SequenceMatcher(None, bare, newer, autojunk=False)
