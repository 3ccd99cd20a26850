"""The loop over record pairs, written once and compiled around the kernel of a specification.

`walk` is not run as it stands: `generate` copies its source behind a `pair_code` that it has
written for one specification, and numba compiles the two together. It handles a stretch of slots,
so that several threads share a rule; see `block.Slots` for what a slot is. It is all that is
compiled for a specification. What it reads is fetched by `scan` and `compare`, which are the same
for all, and it makes no array: only so can it be `compiled.borrowing`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from woda_lib.linkage.fast.compiled import kept
from woda_lib.linkage.fast.kernels import KEPT


def pair_code(left: int, right: int, lefts: Any, rights: Any, memo: Any, tables: Any) -> int:
    """Return the pattern code of two rows; stands in for the generated function."""
    raise NotImplementedError("the loops are compiled by woda_lib.linkage.fast.generate")


def walk(
    low: int,
    high: int,
    at: int,
    first: Any,
    last: Any,
    near: Any,
    near_blocks: Any,
    memo: Any,
    tables: Any,
    known: int,
    tape: Any,
    counts: Any,
) -> None:
    """Compare the pairs of slots low to high, whose rows and earlier blocks are `near`."""
    counted = len(counts) > 0
    for slot in range(low, high):
        left = slot - low
        for other in range(first[slot], last[slot]):
            right = other - low
            seen = False
            for earlier in range(near_blocks.shape[1]):
                block = near_blocks[left, earlier]
                if block >= 0 and block == near_blocks[right, earlier]:
                    seen = True
                    break
            if seen:
                tape[at] = known
            else:
                code = pair_code(left, right, near, near, memo, tables)
                tape[at] = code
                if counted:
                    counts[code] += 1
            at += 1


def scan(
    walk: Callable[..., None],
    similarities: int,
    low: int,
    high: int,
    at: int,
    order: Any,
    first: Any,
    last: Any,
    blocks: Any,
    rule: int,
    rows: Any,
    tables: Any,
    known: int,
    tape: Any,
    counts: Any,
) -> None:
    """Write the pattern code of every pair of slots low to high on the tape, and count codes.

    A pair that an earlier rule made is marked `known` instead. `counts` has no length where there
    are too many codes to count them by number. Records lie far apart in memory: all rows of the
    stretch are fetched first, one fetch not waiting for another, and compared side by side.

    Parameters
    ----------
    walk : callable
        Compiled around the `pair_code` of the specification.
    similarities : int
        How many comparisons grade similarity.
    """
    if low >= high:
        return
    records = order[low : last[high - 1]]
    near = np.empty((len(records), rows.shape[1]), rows.dtype)
    near_blocks = np.empty((len(records), rule), blocks.dtype)
    _fetch(rows, records, near)
    _fetch(blocks, records, near_blocks)
    memo = _nothing_remembered(similarities)
    walk(low, high, at, first, last, near, near_blocks, memo, tables, known, tape, counts)


def compare(
    walk: Callable[..., None],
    similarities: int,
    codes_there_are: int,
    low: int,
    high: int,
    left: Any,
    right: Any,
    rows: Any,
    tables: Any,
    codes: Any,
) -> None:
    """Write the pattern codes of given pairs low to high; rows are fetched as in `scan`.

    The left records are slots, and each one's only partner stands as far behind it as there are
    pairs, so that `walk` need not be compiled once more.
    """
    pairs = high - low
    near = np.empty((2 * pairs, rows.shape[1]), rows.dtype)
    _fetch(rows, left[low:high], near[:pairs])
    _fetch(rows, right[low:high], near[pairs:])
    partner = np.arange(pairs, 2 * pairs + 1, dtype=np.int32)
    tape = np.empty(pairs, _narrow(codes_there_are))
    no_rule, not_counted = np.empty((2 * pairs, 0), np.int32), np.empty(0, np.int64)
    memo = _nothing_remembered(similarities)
    walk(0, pairs, 0, partner[:-1], partner[1:], near, no_rule, memo, tables, 0, tape, not_counted)
    codes[low:high] = tape


@kept
def _fetch(rows: Any, records: Any, near: Any) -> None:
    """Copy the rows of records, as many of their columns as `near` has."""
    for place in range(len(records)):
        record = records[place]
        for field in range(near.shape[1]):
            near[place, field] = rows[record, field]


def _narrow(codes: int) -> type[np.integer[Any]]:
    """Return a type for codes. A tape has the same, unless they are too many to count one by one.

    For another type `walk` would be compiled once more.
    """
    if codes < np.iinfo(np.uint16).max:
        return np.uint16
    return np.uint32 if codes < np.iinfo(np.uint32).max else np.int64


def _nothing_remembered(similarities: int) -> tuple[Any, Any]:
    return (
        np.full((similarities, KEPT), ~np.uint64(0), np.uint64),
        np.empty((similarities, KEPT), np.float64),
    )
