"""The loops over record pairs, written once and compiled around the kernel of a specification.

These functions are not run as they stand: `generate` copies their source behind `pattern_codes`,
which it has written for one specification, and numba compiles the two together. Each handles a
stretch of slots, so that several threads share a rule; see `block.Slots` for what a slot is.
"""

from __future__ import annotations

from typing import Any

import numpy as np

PAIRS_A_BATCH = 1024
"""Pairs compared at once: few enough for a processor's nearest cache to hold them."""


def pattern_codes(
    number: int, left: Any, right: Any, lefts: Any, rights: Any, tables: Any, codes: Any
) -> None:
    """Write the pattern codes of pairs 0 to number; stands in for the generated function.

    Pair p is made of row ``left[p]`` of `lefts` and row ``right[p]`` of `rights`.
    """
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
    counted = len(counts) > 0
    fetched = last[high - 1] - low
    near = np.empty((fetched, rows.shape[1]), rows.dtype)
    near_blocks = np.empty((fetched, rule), blocks.dtype)
    for place in range(fetched):
        record = order[low + place]
        for field in range(rows.shape[1]):
            near[place, field] = rows[record, field]
        for earlier in range(rule):
            near_blocks[place, earlier] = blocks[record, earlier]
    left = np.empty(PAIRS_A_BATCH, np.int32)
    right = np.empty(PAIRS_A_BATCH, np.int32)
    place_on_tape = np.empty(PAIRS_A_BATCH, np.int64)
    codes = np.empty(PAIRS_A_BATCH, np.int64)
    slot, other = low, first[low]
    while slot < high:
        number = 0
        while slot < high and number < PAIRS_A_BATCH:
            if other >= last[slot]:
                slot += 1
                if slot < high:
                    other = first[slot]
                continue
            seen = False
            for earlier in range(rule):
                block = near_blocks[slot - low, earlier]
                if block >= 0 and block == near_blocks[other - low, earlier]:
                    seen = True
                    break
            if seen:
                tape[at] = known
            else:
                left[number], right[number] = slot - low, other - low
                place_on_tape[number] = at
                number += 1
            at += 1
            other += 1
        pattern_codes(number, left, right, near, near, tables, codes)
        for pair in range(number):
            tape[place_on_tape[pair]] = codes[pair]
            if counted:
                counts[codes[pair]] += 1


def compare(low: int, high: int, left: Any, right: Any, rows: Any, tables: Any, codes: Any) -> None:
    """Write the pattern codes of given pairs low to high; rows are fetched as in `scan`."""
    lefts = np.empty((PAIRS_A_BATCH, rows.shape[1]), rows.dtype)
    rights = np.empty((PAIRS_A_BATCH, rows.shape[1]), rows.dtype)
    same = np.arange(PAIRS_A_BATCH, dtype=np.int32)
    for begin in range(low, high, PAIRS_A_BATCH):
        number = min(PAIRS_A_BATCH, high - begin)
        for pair in range(number):
            for field in range(rows.shape[1]):
                lefts[pair, field] = rows[left[begin + pair], field]
                rights[pair, field] = rows[right[begin + pair], field]
        pattern_codes(number, same, same, lefts, rights, tables, codes[begin : begin + number])


def emit(
    low: int,
    high: int,
    at: int,
    order: Any,
    first: Any,
    last: Any,
    known: int,
    tape: Any,
    weights: Any,
    agreeing: Any,
    rarity: Any,
    least: float,
    lefts: Any,
    rights: Any,
    codes: Any,
) -> int:
    """Write out the pairs that weigh at least `least`; return how many there are.

    `weights` and `agreeing` are by pattern code: its weight before term frequencies, and a bit for
    each comparison with term frequencies that agrees. `rarity` is by record and such comparison.
    """
    number = 0
    for slot in range(low, high):
        for other in range(first[slot], last[slot]):
            code = tape[at]
            at += 1
            if code == known:
                continue
            weight = weights[code]
            bits = agreeing[code]
            place = 0
            while bits:
                if bits & 1:
                    weight += rarity[order[slot], place]
                bits >>= 1
                place += 1
            if weight >= least:
                lefts[number] = order[slot]
                rights[number] = order[other]
                codes[number] = code
                number += 1
    return number
