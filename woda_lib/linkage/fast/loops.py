"""The loops over record pairs, written once and compiled around the kernel of a specification.

These functions are not run as they stand: `generate` copies their source behind a `pair_code` that
it has written for one specification, and numba compiles the two together. Each handles a stretch of
slots, so that several threads share a rule; see `block.Slots` for what a slot is.

The loops over pairs, `walk` and `walk_given`, stand apart from what makes the arrays that they
read: only so can they be `compiled.borrowing`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from woda_lib.linkage.fast.kernels import KEPT

SIMILARITIES = 0  # stands in for what is generated: how many comparisons grade similarity


def pair_code(left: int, right: int, lefts: Any, rights: Any, memo: Any, tables: Any) -> int:
    """Return the pattern code of two rows; stands in for the generated function."""
    raise NotImplementedError("the loops are compiled by woda_lib.linkage.fast.generate")


def scan(
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
    """
    if low >= high:
        return
    fetched = last[high - 1] - low
    near = np.empty((fetched, rows.shape[1]), rows.dtype)
    near_blocks = np.empty((fetched, rule), blocks.dtype)
    memo = (
        np.full((SIMILARITIES, KEPT), ~np.uint64(0), np.uint64),
        np.empty((SIMILARITIES, KEPT), np.float64),
    )
    for place in range(fetched):
        record = order[low + place]
        for field in range(rows.shape[1]):
            near[place, field] = rows[record, field]
        for earlier in range(rule):
            near_blocks[place, earlier] = blocks[record, earlier]
    walk(low, high, at, first, last, near, near_blocks, memo, tables, known, tape, counts)


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


def compare(low: int, high: int, left: Any, right: Any, rows: Any, tables: Any, codes: Any) -> None:
    """Write the pattern codes of given pairs low to high; rows are fetched as in `scan`."""
    lefts = np.empty((high - low, rows.shape[1]), rows.dtype)
    rights = np.empty((high - low, rows.shape[1]), rows.dtype)
    memo = (
        np.full((SIMILARITIES, KEPT), ~np.uint64(0), np.uint64),
        np.empty((SIMILARITIES, KEPT), np.float64),
    )
    for pair in range(low, high):
        for field in range(rows.shape[1]):
            lefts[pair - low, field] = rows[left[pair], field]
            rights[pair - low, field] = rows[right[pair], field]
    walk_given(lefts, rights, memo, tables, codes[low:high])


def walk_given(lefts: Any, rights: Any, memo: Any, tables: Any, codes: Any) -> None:
    """Compare each row of `lefts` with the same one of `rights`."""
    for pair in range(len(codes)):
        codes[pair] = pair_code(pair, pair, lefts, rights, memo, tables)
