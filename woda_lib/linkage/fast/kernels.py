"""What one test says of two values, compiled: the answers of `woda_lib.linkage.levels`.

Values are known by their number in a sorted dictionary (see `encode`), so that the smaller text has
the smaller number; every test is asked with the smaller number first, as the reference does.

Jaro–Winkler decides most of the time of a linkage. Few pairs of strangers reach the lowest level
that a specification names, so an upper bound is taken first, from two masks and the first letters,
without touching the texts.

Method
    Winkler, W. E. (1990), String comparator metrics and enhanced decision rules in the
    Fellegi–Sunter model of record linkage, ASA Survey Research Methods, 354–359.
    Damerau, F. J. (1964), A technique for computer detection and correction of spelling errors,
    CACM 7, 171–176.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, uint64

from woda_lib.linkage.fast.compiled import owning

# Columns of a dictionary's heads, one row of 64-bit words a value; see `encode.Texts`.
# 32 bytes in all, so that a row seldom lies across two lines of a processor's cache.
MASK, HEAD, SPAN, INITIAL = range(4)
WIDTH_OF_HEADS = 4
BITS_OF_LENGTH = 8

# What stands for a missing value, and for a record that a blocking rule puts into no block.
NO_SIGN = -1

_ONE = uint64(1)
_ROUNDING = 1e-9
_BITS_OF_A_WORD = 64

# How many similarities a thread remembers of one field, and how pairs are scattered among them
# (Knuth 1998, volume 3, section 6.4: multiplication by the golden ratio).
KEPT = 1 << 12
_KEPT_BITS = uint64(64 - 12)
_SCATTER = uint64(0x9E3779B97F4A7C15)


@njit(nogil=True, forceinline=True)
def ones(word: Any) -> Any:
    """Count the bits that are set in a 64-bit word (Warren 2003, *Hacker's Delight*, 5–1)."""
    word = word - ((word >> _ONE) & uint64(0x5555555555555555))
    word = (word & uint64(0x3333333333333333)) + ((word >> uint64(2)) & uint64(0x3333333333333333))
    word = (word + (word >> uint64(4))) & uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * uint64(0x0101010101010101)) >> uint64(56))


@njit(nogil=True, forceinline=True)
def length(span: Any) -> Any:
    """How many letters a text has."""
    return np.int64(span & uint64((1 << BITS_OF_LENGTH) - 1))


@njit(nogil=True, forceinline=True)
def start(span: Any) -> Any:
    """Where its letters start."""
    return np.int64(span >> uint64(BITS_OF_LENGTH))


@njit(nogil=True, forceinline=True)
def jaro_winkler(
    x: int,
    y: int,
    heads: Any,
    letters: Any,
    memo: Any,
    row: int,
    least: float,
) -> float:
    """Jaro–Winkler similarity of values x < y, or 0 where it cannot reach `least`.

    A letter of x that the mask shows missing from y cannot be matched. That bounds the matches m,
    and with no transposition assumed the similarity, which for a common prefix of p letters is
    J + p (1 − J) / 10 where J = (m / length of x + m / length of y + 1) / 3. Here both sides of the
    bound are multiplied by 30 and both lengths, for a division takes as long as all the rest.

    Parameters
    ----------
    x, y
        Their numbers.
    heads, letters
        Of all values.
    memo, row
        Values in blocks that share a Soundex meet again and again: the pairs that were compared
        lately, by their numbers, and what came of it; and the row of both for this field.
    least
        Least similarity that matters.
    """
    length_x, length_y = length(heads[x, SPAN]), length(heads[y, SPAN])
    mask_x, mask_y = heads[x, MASK], heads[y, MASK]
    matches = min(length_x - ones(mask_x & ~mask_y), length_y - ones(mask_y & ~mask_x))
    prefix = same_at_first(heads[x, HEAD], heads[y, HEAD])
    area = length_x * length_y
    bound = (matches * (length_x + length_y) + area) * (10 - prefix) + 3 * prefix * area
    if matches <= 0 or bound < 30.0 * (least - _ROUNDING) * area:
        return 0.0
    pair = uint64(x) << uint64(32) | uint64(y)
    place = (pair * _SCATTER) >> _KEPT_BITS
    known, similarities = memo
    if known[row, place] == pair:
        return similarities[row, place]
    start_x, start_y = start(heads[x, SPAN]), start(heads[y, SPAN])
    if max(length_x, length_y) <= _BITS_OF_A_WORD:
        similarity = _jaro_winkler_short(letters, start_x, length_x, start_y, length_y)
    else:
        similarity = _jaro_winkler_long(letters, start_x, length_x, start_y, length_y)
    known[row, place], similarities[row, place] = pair, similarity
    return similarity


@njit(nogil=True, forceinline=True)
def same_at_first(one: Any, other: Any) -> Any:
    """How many of the first four letters are the same up to the first that is not."""
    unlike = one ^ other
    return (
        np.int64(unlike & uint64(0xFFFF) == 0)
        + np.int64(unlike & uint64(0xFFFFFFFF) == 0)
        + np.int64(unlike & uint64(0xFFFFFFFFFFFF) == 0)
        + np.int64(unlike == 0)
    )


@njit(nogil=True)
def _jaro_winkler_short(letters: Any, x: Any, length_x: Any, y: Any, length_y: Any) -> float:
    """Jaro–Winkler of texts that begin at x and y; one bit of a word marks a matched letter."""
    reach = max(max(length_x, length_y) // 2 - 1, 0)
    marked_x, marked_y = uint64(0), uint64(0)
    matches = 0
    for i in range(length_x):
        letter = letters[x + i]
        for j in range(max(i - reach, 0), min(i + reach + 1, length_y)):
            if letters[y + j] == letter and (marked_y >> uint64(j)) & _ONE == 0:
                marked_x |= _ONE << uint64(i)
                marked_y |= _ONE << uint64(j)
                matches += 1
                break
    if matches == 0:
        return 0.0
    halves, j = 0, 0
    for i in range(length_x):
        if (marked_x >> uint64(i)) & _ONE:
            while (marked_y >> uint64(j)) & _ONE == 0:
                j += 1
            if letters[x + i] != letters[y + j]:
                halves += 1
            j += 1
    return _winkler(letters, x, length_x, y, length_y, matches, halves // 2)


@owning
def _jaro_winkler_long(letters: Any, x: Any, length_x: Any, y: Any, length_y: Any) -> float:
    """The same for texts longer than a word has bits."""
    reach = max(max(length_x, length_y) // 2 - 1, 0)
    marked_x, marked_y = np.zeros(length_x, np.bool_), np.zeros(length_y, np.bool_)
    matches = 0
    for i in range(length_x):
        for j in range(max(i - reach, 0), min(i + reach + 1, length_y)):
            if letters[y + j] == letters[x + i] and not marked_y[j]:
                marked_x[i] = marked_y[j] = True
                matches += 1
                break
    if matches == 0:
        return 0.0
    halves, j = 0, 0
    for i in range(length_x):
        if marked_x[i]:
            while not marked_y[j]:
                j += 1
            if letters[x + i] != letters[y + j]:
                halves += 1
            j += 1
    return _winkler(letters, x, length_x, y, length_y, matches, halves // 2)


@njit(nogil=True)
def _winkler(
    letters: Any, x: Any, length_x: Any, y: Any, length_y: Any, matches: int, transposed: int
) -> float:
    """Jaro's similarity with Winkler's bonus; the order of operations decides the last bit."""
    jaro = (matches / length_x + matches / length_y + (matches - transposed) / matches) / 3.0
    if jaro <= 0.7:
        return jaro
    prefix = 0
    while prefix < min(4, length_x, length_y) and letters[x + prefix] == letters[y + prefix]:
        prefix += 1
    return jaro + prefix * 0.1 * (1.0 - jaro)


@njit(nogil=True, forceinline=True)
def one_edit(x: int, y: int, heads: Any, letters: Any) -> bool:
    """Say whether one letter is replaced, lost or added, or two neighbours are exchanged."""
    length_x, length_y = length(heads[x, SPAN]), length(heads[y, SPAN])
    if abs(length_x - length_y) > 1 or ones(heads[x, MASK] ^ heads[y, MASK]) > 2:
        return False
    start_x, start_y = start(heads[x, SPAN]), start(heads[y, SPAN])
    shorter = min(length_x, length_y)
    same = 0
    while same < shorter and letters[start_x + same] == letters[start_y + same]:
        same += 1
    end_x, end_y = start_x + length_x - 1, start_y + length_y - 1
    tail = 0
    while tail < shorter - same and letters[end_x - tail] == letters[end_y - tail]:
        tail += 1
    if length_x != length_y:
        return same + tail == shorter
    if same + tail == length_x - 1:
        return True
    return (
        same + tail == length_x - 2
        and letters[start_x + same] == letters[start_y + same + 1]
        and letters[start_x + same + 1] == letters[start_y + same]
    )


@njit(nogil=True, forceinline=True)
def initial(x: int, y: int, heads: Any) -> bool:
    """Say whether one text is a single letter and the other begins with it."""
    one, other = heads[x, INITIAL], heads[y, INITIAL]
    return (one >> _ONE) == (other >> _ONE) and ((one | other) & _ONE) == _ONE


@njit(nogil=True)
def shared_words(x: int, y: int, spans: Any, words: Any) -> float:
    """Words in both, as a share of the shorter text's; words are sorted and without repetition."""
    i, j = spans[x], spans[y]
    end_i, end_j = spans[x + 1], spans[y + 1]
    fewest = min(end_i - i, end_j - j)
    shared = 0
    while i < end_i and j < end_j:
        if words[i] == words[j]:
            shared += 1
            i += 1
            j += 1
        elif words[i] < words[j]:
            i += 1
        else:
            j += 1
    return shared / fewest


# Dates are eight decimal digits, four bits each: 0x19310920.


@njit(nogil=True, forceinline=True)
def date_one_edit(x: int, y: int) -> bool:
    """Say whether one digit differs, or two neighbouring digits are exchanged."""
    unlike = uint64(x ^ y) & uint64(0xFFFFFFFF)
    if unlike == 0:
        return False
    at = 0
    while unlike & uint64(15) == 0:
        unlike >>= uint64(4)
        at += 4
    if unlike <= uint64(15):
        return True
    if unlike > uint64(255):
        return False
    return ((x >> at) & 15) == ((y >> (at + 4)) & 15) and ((x >> (at + 4)) & 15) == ((y >> at) & 15)


@njit(nogil=True, forceinline=True)
def day_month_swapped(x: int, y: int) -> bool:
    """Say whether exchanging day and month of one date gives the other."""
    turned = (x & ~0xFFFF) | ((x & 0xFF) << 8) | ((x >> 8) & 0xFF)
    return turned == y and x != y


@njit(nogil=True, forceinline=True)
def same_year(x: int, y: int) -> bool:
    """Say whether both dates lie in one year."""
    return (x >> 16) == (y >> 16)


@njit(nogil=True, forceinline=True)
def same_day_and_month(x: int, y: int) -> bool:
    """Say whether only the years differ."""
    return ((x ^ y) & 0xFFFF) == 0


@njit(nogil=True, forceinline=True)
def same_part(x: int, y: int, parts: Any) -> bool:
    """Say whether two values share a part, such as the sector of a postcode."""
    return parts[x] >= 0 and parts[x] == parts[y]
