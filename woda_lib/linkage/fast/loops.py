"""The loops over record pairs, written once and compiled around the kernel of a specification.

These functions are not run as they stand: `generate` copies their source behind a `pair_code` that
it has written for one specification, and numba compiles the two together. Each handles a stretch of
slots, so that several threads share a rule; see `block.Slots` for what a slot is.
"""

from __future__ import annotations

from typing import Any


def pair_code(left: int, right: int, rows: Any, tables: Any) -> int:
    """Return the pattern code of a pair of records; stands in for the generated function."""
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
    are too many codes to count them by number.
    """
    counted = len(counts) > 0
    for slot in range(low, high):
        left = order[slot]
        for other in range(first[slot], last[slot]):
            right = order[other]
            seen = False
            for earlier in range(rule):
                block = blocks[left, earlier]
                if block >= 0 and block == blocks[right, earlier]:
                    seen = True
                    break
            if seen:
                tape[at] = known
            else:
                code = pair_code(left, right, rows, tables)
                tape[at] = code
                if counted:
                    counts[code] += 1
            at += 1


def compare(low: int, high: int, left: Any, right: Any, rows: Any, tables: Any, codes: Any) -> None:
    """Write the pattern codes of given pairs low to high."""
    for pair in range(low, high):
        codes[pair] = pair_code(left[pair], right[pair], rows, tables)


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
    to: int,
    lefts: Any,
    rights: Any,
    codes: Any,
) -> int:
    """Count the pairs that weigh at least `least`; write them from `to` on, if there is room.

    `weights` and `agreeing` are by pattern code: its weight before term frequencies, and a bit for
    each comparison with term frequencies that agrees. `rarity` is by record and such comparison.
    """
    number = 0
    room = len(lefts) > 0
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
                if room:
                    lefts[to + number] = order[slot]
                    rights[to + number] = order[other]
                    codes[to + number] = code
                number += 1
    return number
