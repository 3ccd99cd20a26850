"""Hashes of texts as pandas has them, compiled: read from Arrow's letters, no text made of each.

A million names, each made an object and hashed by itself, take longer than to sort them.

Method
    Aumasson, J.-P. and Bernstein, D. J. (2012), SipHash: a fast short-input PRF, INDOCRYPT 2012,
    489–508: two rounds a word, four at the end. What follows is of pandas: its key, and the mixing
    of `pandas.util.hash_array` (Steele, Lea and Flood 2014, OOPSLA, 453–472).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from numba import njit, uint64

from woda_lib.linkage.fast.compiled import kept

_KEY = np.frombuffer(b"0123456789123456", dtype="<u8")
_BYTES_A_WORD = 8


def hashes_of(texts: pa.Array) -> npt.NDArray[np.uint64]:
    """Return the hash that pandas gives to each text, shape (texts,).

    Parameters
    ----------
    texts
        Of Arrow's type ``large_string``, none missing.
    """
    out = np.empty(len(texts), dtype=np.uint64)
    if not len(texts):  # no buffers without a text
        return out
    _, offsets, data = texts.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    letters = np.frombuffer(b"" if data is None else data, dtype=np.uint8)
    hash_texts(ends, letters, _KEY[0], _KEY[1], out)
    return out


@kept
def hash_texts(ends: Any, letters: Any, key: int, other_key: int, out: Any) -> None:
    """Hash texts that begin and end at `ends` among the letters."""
    for text in range(len(out)):
        begin, end = ends[text], ends[text + 1]
        one, two = key ^ uint64(0x736F6D6570736575), other_key ^ uint64(0x646F72616E646F6D)
        three, four = key ^ uint64(0x6C7967656E657261), other_key ^ uint64(0x7465646279746573)
        whole = begin + (end - begin) // _BYTES_A_WORD * _BYTES_A_WORD
        for at in range(begin, whole + 1, _BYTES_A_WORD):
            # The last word says, behind what letters are left, how many there are in all.
            word = uint64(0) if at < whole else uint64(end - begin) << uint64(56)
            for place in range(_BYTES_A_WORD if at < whole else end - whole):
                word |= uint64(letters[at + place]) << uint64(8 * place)
            four ^= word
            for _ in range(2):
                one, two, three, four = _mixed(one, two, three, four)
            one ^= word
        three ^= uint64(0xFF)
        for _ in range(4):
            one, two, three, four = _mixed(one, two, three, four)
        found = one ^ two ^ three ^ four
        found = (found ^ (found >> uint64(30))) * uint64(0xBF58476D1CE4E5B9)
        found = (found ^ (found >> uint64(27))) * uint64(0x94D049BB133111EB)
        out[text] = found ^ (found >> uint64(31))


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
