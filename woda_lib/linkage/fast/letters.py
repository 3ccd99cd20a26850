"""Which letters a text holds, compiled: one look at each letter of a county's names."""

from __future__ import annotations

from typing import Any

from numba import uint64

from woda_lib.linkage.fast.compiled import kept

BUCKETS = 32


@kept
def mark_letters(letters: Any, lengths: Any, marks: Any) -> None:
    """Mark in the lower half which letters each text holds, in the upper which it holds twice.

    Parameters
    ----------
    letters
        Numbers of the letters of all texts, end to end; those that leave the same rest when divided
        by `BUCKETS` count as one.
    lengths
        How many each text has, shape (texts,).
    marks
        uint64, shape (texts,), to be filled.
    """
    at = 0
    for text in range(len(lengths)):
        once, twice = uint64(0), uint64(0)
        for _ in range(lengths[text]):
            letter = uint64(1) << uint64(letters[at] % BUCKETS)
            twice |= once & letter
            once |= letter
            at += 1
        marks[text] = once | twice << uint64(BUCKETS)
