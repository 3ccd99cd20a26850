"""Texts in the order of their code points, told from their first letters wherever these differ."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Places = npt.NDArray[np.int64]

_LETTERS = 8
_BITS = np.uint64(8)
_KEPT = np.array([(1 << 64) - (1 << 8 * (_LETTERS - n)) for n in range(9)], dtype=np.uint64)
"""Which bits of eight bytes are those of the first so many."""
_MOSTLY = 8
"""Where more than one text in so many begins as another does, all are compared letter by letter."""


def order_of_texts(texts: pa.Array) -> Places:
    """Return the places that sort texts, none missing, by their code points.

    UTF-8 sorts bytes as it sorts code points, so that eight bytes are one whole number, and numbers
    are sorted several times as fast as texts. What all of them begin with is passed over, and those
    that go on alike are sorted anew. Equal texts stay as they stand.

    Parameters
    ----------
    texts
        Of type string or large_string.
    """
    begins = _beginnings(texts.cast(pa.large_string()))
    order = np.argsort(begins)
    ordered = begins[order]
    same = np.concatenate([[False], ordered[1:] == ordered[:-1], [False]])
    alike = np.flatnonzero(same[1:] | same[:-1])
    if len(alike) * _MOSTLY > len(order):
        return np.asarray(pc.array_sort_indices(texts).to_numpy(), dtype=np.int64)
    theirs = np.sort(order[alike])
    order[alike] = theirs[pc.array_sort_indices(texts.take(pa.array(theirs))).to_numpy()]
    return order


def _beginnings(texts: pa.LargeStringArray) -> npt.NDArray[np.uint64]:
    """Return eight bytes of each text as a number, behind what all begin with.

    A text that ends is filled with noughts. So an ``a`` and an ``a`` with a nought behind it begin
    alike, as the same texts do.
    """
    _, ends, letters = texts.buffers()
    if not len(texts) or letters is None or not letters.size:
        return np.zeros(len(texts), dtype=np.uint64)
    at = np.frombuffer(ends, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    held = np.frombuffer(letters, dtype=np.uint8)[at[0] : at[-1]]
    first, length = at[:-1] - at[0], np.diff(at)
    passed, shortest = 0, length.min()
    while passed < shortest and (held[first + passed] == held[first[0] + passed]).all():
        passed += 1
    filled = np.concatenate([held, np.zeros(_LETTERS, dtype=np.uint8)])
    each = np.lib.stride_tricks.sliding_window_view(filled, _LETTERS)[first + passed]
    begins = np.ascontiguousarray(each).view(">u8").ravel().astype(np.uint64)
    left = np.minimum(length - passed, _LETTERS)
    return begins & _KEPT[left]
