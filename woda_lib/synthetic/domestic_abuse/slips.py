"""Slips of the keyboard in whole texts, which leave names, figures and short words alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from woda_lib.synthetic.misspellings import mistype

# Negations are spared: a slip that turned one into another word would change what a text says.
_SPARED = frozenset("never denies denied without nothing nobody neither cannot unarmed".split())
_WORD = re.compile(r"(?<![\w'-])[A-Za-z]{5,}(?![\w-])")
_WORDS_A_CHARACTER = 0.07
"""Such words in a character of these texts, as counted."""


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
    # Places are drawn, not words: the next long word after a place is mistyped.
    count = rng.poisson(np.array(lengths) * _WORDS_A_CHARACTER * share)
    places = rng.random(int(count.sum()))
    drawn = 0
    for row in np.flatnonzero(count).tolist():
        spared = {part for name in names[row] for part in name.split()}
        taken: set[int] = set()
        for place in places[drawn : drawn + count[row]]:
            found = _WORD.search(texts[row], int(place * lengths[row]))
            if found is None or found.start() in taken:
                continue
            if found[0] not in spared and found[0].lower() not in _SPARED:
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
