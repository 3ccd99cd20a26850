"""How much of a text of the gazetteer the words of a line write, compiled.

A word may be written as one with its neighbour, or with a slip or two of the pen.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from woda_lib.linkage.fast.compiled import owning

# Of a word that is written as one with another, or a slip or two of the pen away.
_JOINED, SLIP, _TWO = 0.95, 0.85, 0.7


@njit(nogil=True)
def near(a: int, b: int, size_a: int, size_b: int, text_a: Any, text_b: Any) -> bool:
    """Tell whether two words are a slip apart: a letter more, less, other, or two swapped."""
    if size_a > size_b:
        return near(b, a, size_b, size_a, text_b, text_a)
    if size_b - size_a > 1 or size_a < 3:
        return False
    i = 0
    while i < size_a and text_a[a + i] == text_b[b + i]:
        i += 1
    if i == size_a:
        return True
    if size_a == size_b:
        j = i + 1
        if j < size_a and text_a[a + i] == text_b[b + j] and text_a[a + j] == text_b[b + i]:
            j += 1
        while j < size_a and text_a[a + j] == text_b[b + j]:
            j += 1
        return j == size_a
    while i < size_a and text_a[a + i] == text_b[b + i + 1]:
        i += 1
    return i == size_a


@owning
def _two_apart(a: int, b: int, size_a: int, size_b: int, text_a: Any, text_b: Any) -> bool:
    """Tell whether two letters more, less or other make one word the other."""
    if abs(size_a - size_b) > 2 or min(size_a, size_b) < 5:
        return False
    before, now = np.empty(size_b + 1, np.int64), np.empty(size_b + 1, np.int64)
    for j in range(size_b + 1):
        before[j] = j
    for i in range(size_a):
        now[0] = i + 1
        least = now[0]
        for j in range(size_b):
            changed = before[j] + (text_a[a + i] != text_b[b + j])
            now[j + 1] = min(changed, before[j + 1] + 1, now[j] + 1)
            least = min(least, now[j + 1])
        if least > 2:
            return False
        before, now = now, before
    return before[size_b] <= 2


@njit(nogil=True)
def slips(one: Any, other: Any) -> int:
    """Return how many slips of the pen at least make one word the other, by the letters of each.

    A slip puts at most one letter in place of another.
    """
    unlike, letters = one ^ other, 0
    while unlike:
        unlike &= unlike - np.uint32(1)
        letters += 1
    return (letters + 1) // 2


@njit(nogil=True)
def _alike(word: int, token: int, held: Any, lines: Any) -> float:
    """Return how much of a word of the gazetteer a token of a line is: 0 unless nearly it."""
    if slips(held.masks[word], lines.masks[token]) > 2:
        return 0.0
    a, b = held.starts[word], lines.starts[token]
    size_a, size_b = held.starts[word + 1] - a, lines.starts[token + 1] - b
    if near(a, b, size_a, size_b, held.letters, lines.letters):
        return SLIP
    return _TWO if _two_apart(a, b, size_a, size_b, held.letters, lines.letters) else 0.0


@njit(nogil=True)
def cover(text: int, held: Any, words: Any, size: int, lines: Any, column: int) -> float:
    """Return the share of a held text that the words of a line write, weighed by a column."""
    total, found, before = 0.0, 0.0, False
    for place in range(held.first[text], held.first[text + 1]):
        word = held.tokens[place]
        weight = float(held.meanings[word, column])
        total += weight
        if before:  # written as one with the word before it
            found += _JOINED * weight
            before = False
            continue
        best = 0.0
        joined = np.uint64(0)
        if place + 1 < held.first[text + 1]:
            following = held.tokens[place + 1]
            joined = held.hashes[word] * held.powers[following] + held.hashes[following]
        for at in range(size):
            token = words[at]
            if lines.hashes[token] == held.hashes[word]:
                best = 1.0
                break
            if joined != 0 and lines.hashes[token] == joined:
                best, before = _JOINED, True
                break
            if at + 1 < size:
                after = words[at + 1]
                both = lines.hashes[token] * lines.powers[after] + lines.hashes[after]
                if both == held.hashes[word]:
                    best = _JOINED
            if best < SLIP:
                best = max(best, _alike(word, token, held, lines))
        found += weight * best
    return found / total if total > 0.0 else 0.0


@njit(nogil=True)
def explained(
    street: int, name: int, held: Any, words: Any, size: int, lines: Any, column: int
) -> float:
    """Return the share of a line's words that a street and a name hold, by the words' weights."""
    total, found = 0.0, 0.0
    for at in range(size):
        token = words[at]
        weight = float(lines.meanings[token, column])
        total += weight
        best = 0.0
        for turn in range(2):
            text = street if turn == 0 else name
            if text < 0:
                continue
            for place in range(held.first[text], held.first[text + 1]):
                word = held.tokens[place]
                if lines.hashes[token] == held.hashes[word]:
                    best = 1.0
                elif best < SLIP:
                    best = max(best, _alike(word, token, held, lines))
        found += weight * best
    return found / total if total > 0.0 else 0.0
