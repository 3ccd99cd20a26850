"""Slips of the keyboard in whole texts, which leave names, figures and short words alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from woda_lib.synthetic.misspellings import mistype

# Negations are spared: a slip that turned one into another word would change what a text says.
_SPARED = frozenset({"never", "denies", "denied", "without", "nothing"})
_WORD = re.compile(r"[A-Za-z]{5,}")


def slip(
    texts: Sequence[str], names: Sequence[Sequence[str]], share: float, rng: Generator
) -> list[str]:
    """Mistype about `share` of the words of five letters and more.

    Parameters
    ----------
    texts : sequence of str
    names : sequence of sequences of str
        What is never mistyped in each text: the names of its people.
    share : float
        Share of words that get one slip each.
    """
    slipped = list(texts)
    chosen: list[tuple[int, int, int]] = []
    lengths = [len(text) for text in texts]
    # About one character in seven begins a word of five letters: places are drawn, not words.
    count = rng.poisson(np.array(lengths) / 10 * share)
    places = rng.random(int(count.sum()))
    drawn = 0
    for row in np.flatnonzero(count).tolist():
        spared = {part for name in names[row] for part in name.split()}
        taken: set[int] = set()
        for place in places[drawn : drawn + count[row]]:
            found = _WORD.search(texts[row], int(place * lengths[row]))
            if found is None or found.start() in taken or not _whole(texts[row], found):
                continue
            word = found[0]
            if word not in spared and word.lower() not in _SPARED:
                taken.add(found.start())
                chosen.append((row, found.start(), found.end()))
        drawn += int(count[row])
    words = np.array([texts[row][start:end] for row, start, end in chosen], dtype=object)
    wrong = mistype(words, rng)
    # From the last place of a text to its first, so that earlier places stay where they were.
    order = sorted(range(len(chosen)), key=lambda each: chosen[each], reverse=True)
    for each in order:
        row, start, end = chosen[each]
        slipped[row] = slipped[row][:start] + wrong[each] + slipped[row][end:]
    return slipped


def _whole(text: str, found: re.Match[str]) -> bool:
    """Whether what was found is a word to its first letter, and no part of a longer name."""
    before = text[found.start() - 1] if found.start() else " "
    after = text[found.end()] if found.end() < len(text) else " "
    return not (before.isalnum() or before in "'’-" or after.isalnum() or after in "’-")
