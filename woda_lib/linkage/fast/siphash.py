"""Hashes of texts as pandas has them, compiled: read from Arrow's letters, no text made of each.

A million names, each made an object and hashed by itself, take longer than to sort them.

Method
    Aumasson, J.-P. and Bernstein, D. J. (2012), SipHash: a fast short-input PRF, INDOCRYPT 2012,
    489–508: two rounds a word, four at the end. What follows is of pandas: its key, and the mixing
    of `pandas.util.hash_array` (Steele, Lea and Flood 2014, OOPSLA, 453–472).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from numba import njit, uint64

from woda_lib.linkage.fast.compiled import kept

_KEY = np.frombuffer(b"0123456789123456", dtype="<u8")
_BYTES_A_WORD = 8
_EVERY_TEXT = np.empty(0, dtype=np.int64)

Hashes = npt.NDArray[np.uint64]


def hashes_of(
    texts: pa.Array, heads: Sequence[str] = ("",), which: npt.NDArray[np.int64] = _EVERY_TEXT
) -> Hashes:
    """Return the hash that pandas gives to each text, shape (texts,).

    Parameters
    ----------
    texts
        Of Arrow's type ``large_string``, none missing.
    heads
        What stands before the texts, and is hashed with them: few, so that each is read once.
    which
        The place of each text's head; without, all have the first.
    """
    out = np.empty(len(texts), dtype=np.uint64)
    if not len(texts):  # no buffers without a text
        return out
    states = np.empty((len(heads), _WIDTH_OF_STATE), dtype=np.uint64)
    begin_with(*_written(pa.array(heads, type=pa.large_string())), _KEY[0], _KEY[1], states)
    hash_texts(*_written(texts), states, which, out)
    return out


def _written(texts: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """Return where each text begins and the last one ends, and their letters."""
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    return ends, np.frombuffer(b"" if data is None else data, dtype=np.uint8)


# Of a head that has been read: the four words of SipHash, the letters that do not fill one more,
# and how many letters there were.
_WIDTH_OF_STATE = 6


@kept
def begin_with(ends: Any, letters: Any, key: int, other_key: int, states: Any) -> None:
    """Fill the state of each head, which begins and ends at `ends` among the letters."""
    for head in range(len(states)):
        one, two = key ^ uint64(0x736F6D6570736575), other_key ^ uint64(0x646F72616E646F6D)
        three, four = key ^ uint64(0x6C7967656E657261), other_key ^ uint64(0x7465646279746573)
        begin, end = ends[head], ends[head + 1]
        one, two, three, four, word = _read(
            letters, begin, end, 0, one, two, three, four, uint64(0)
        )
        states[head, 0], states[head, 1], states[head, 2] = one, two, three
        states[head, 3], states[head, 4], states[head, 5] = four, word, end - begin


@kept
def hash_texts(ends: Any, letters: Any, states: Any, which: Any, out: Any) -> None:
    """Hash texts that begin and end at `ends` among the letters, each behind its head."""
    for text in range(len(out)):
        state = states[which[text] if len(which) else 0]
        begin, end, before = ends[text], ends[text + 1], np.int64(state[5])
        one, two, three, four, word = _read(
            letters, begin, end, before, state[0], state[1], state[2], state[3], state[4]
        )
        # The last word says, behind what letters are left, how many there are in all.
        word |= uint64(before + end - begin) << uint64(56)
        one, two, three, four = _taken_in(word, one, two, three, four)
        three ^= uint64(0xFF)
        for _ in range(4):
            one, two, three, four = _mixed(one, two, three, four)
        found = one ^ two ^ three ^ four
        found = (found ^ (found >> uint64(30))) * uint64(0xBF58476D1CE4E5B9)
        found = (found ^ (found >> uint64(27))) * uint64(0x94D049BB133111EB)
        out[text] = found ^ (found >> uint64(31))


@njit(nogil=True, forceinline=True)
def _read(
    letters: Any,
    begin: int,
    end: int,
    before: Any,
    one: Any,
    two: Any,
    three: Any,
    four: Any,
    word: Any,
) -> Any:
    """Read letters behind so many; return the words of SipHash, and the one that is not full."""
    place = before % _BYTES_A_WORD
    for at in range(begin, end):
        word |= uint64(letters[at]) << uint64(8 * place)
        place += 1
        if place == _BYTES_A_WORD:
            one, two, three, four = _taken_in(word, one, two, three, four)
            word, place = uint64(0), 0
    return one, two, three, four, word


@njit(nogil=True, forceinline=True)
def _taken_in(word: Any, one: Any, two: Any, three: Any, four: Any) -> Any:
    four ^= word
    for _ in range(2):
        one, two, three, four = _mixed(one, two, three, four)
    one ^= word
    return one, two, three, four


@njit(nogil=True, forceinline=True)
def _turned(word: Any, bits: int) -> Any:
    return word << uint64(bits) | word >> uint64(64 - bits)


@njit(nogil=True, forceinline=True)
def _mixed(one: Any, two: Any, three: Any, four: Any) -> Any:
    """One round of SipHash."""
    one += two
    two = _turned(two, 13) ^ one
    one = _turned(one, 32)
    three += four
    four = _turned(four, 16) ^ three
    one += four
    four = _turned(four, 21) ^ one
    three += two
    two = _turned(two, 17) ^ three
    three = _turned(three, 32)
    return one, two, three, four
