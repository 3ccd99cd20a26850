"""Texts in the order of their code points, told from their first letters wherever these differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Places = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]

_LETTERS = 8
_BITS = np.uint64(8)
_KEPT = np.array([(1 << 64) - (1 << 8 * (_LETTERS - n)) for n in range(9)], dtype=np.uint64)
"""Which bits of eight bytes are those of the first so many."""
_MOSTLY = 8
"""Where more than one text in so many goes on as another does, more is read."""


def order_of_texts(texts: pa.Array) -> Places:
    """Return the places that sort texts, none missing, by their code points.

    UTF-8 sorts bytes as it sorts code points, so that eight bytes are one whole number, and numbers
    are sorted several times as fast as texts. What all of them begin with is passed over; where
    most go on alike, the next eight bytes tell as well. Those that are alike in all that are sorted
    anew. Equal texts stay as they stand.

    Parameters
    ----------
    texts
        Of type string or large_string.
    """
    letters = _Letters.of(texts.cast(pa.large_string()))
    words = [letters.eight(letters.shared)]
    order = np.argsort(words[0])
    alike = _alike(words, order)
    if len(alike) * _MOSTLY > len(order):
        words.append(letters.eight(letters.shared + _LETTERS))
        order = np.lexsort(words[::-1])
        alike = _alike(words, order)
    if len(alike) * _MOSTLY > len(order):
        return np.asarray(pc.array_sort_indices(texts).to_numpy(), dtype=np.int64)
    theirs = np.sort(order[alike])
    order[alike] = theirs[pc.array_sort_indices(texts.take(pa.array(theirs))).to_numpy()]
    return order


def _alike(words: list[Words], order: Places) -> Places:
    """Return where in an order there is a text whose words are those of the next or the last."""
    same = np.ones(max(len(order) - 1, 0), dtype=bool)
    for each in words:
        ordered = each[order]
        same &= ordered[1:] == ordered[:-1]
    beside = np.concatenate([[False], same, [False]])
    return np.flatnonzero(beside[1:] | beside[:-1])[: len(order)]


@dataclass(frozen=True)
class _Letters:
    """The bytes of texts one after another, where each text begins, how long it is, and how many
    bytes all of them begin with."""

    held: npt.NDArray[np.uint8]
    first: Places
    length: Places
    shared: int

    @classmethod
    def of(cls, texts: pa.LargeStringArray) -> Self:
        _, ends, letters = texts.buffers()
        if not len(texts) or letters is None or not letters.size:
            nothing = np.zeros(len(texts), dtype=np.int64)
            return cls(np.empty(0, dtype=np.uint8), nothing, nothing, 0)
        at = np.frombuffer(ends, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
        held = np.frombuffer(letters, dtype=np.uint8)[at[0] : at[-1]]
        first, length = at[:-1] - at[0], np.diff(at)
        shared, shortest = 0, int(length.min())
        while shared < shortest and (held[first + shared] == held[first[0] + shared]).all():
            shared += 1
        filled = np.concatenate([held, np.zeros(_LETTERS, dtype=np.uint8)])
        return cls(filled, first, length, shared)

    def eight(self, passed: int) -> Words:
        """Return eight bytes of each text as a number, behind so many.

        A text that ends is filled with noughts. So an ``a`` and an ``a`` with a nought behind it
        go on alike, as the same texts do.
        """
        if not len(self.held):
            return np.zeros(len(self.first), dtype=np.uint64)
        behind = np.minimum(passed, self.length)
        each = np.lib.stride_tricks.sliding_window_view(self.held, _LETTERS)[self.first + behind]
        words = np.ascontiguousarray(each).view(">u8").ravel().astype(np.uint64)
        return words & _KEPT[np.minimum(self.length - behind, _LETTERS)]
