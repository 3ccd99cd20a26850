"""The loop over record pairs, written once and compiled around the kernel of a specification.

`walk` is not run as it stands: `generate` copies its source behind a `pair_code` that it has
written for one specification, and numba compiles the two together. It handles a stretch of slots,
so that several threads share a rule; see `block.Slots` for what a slot is. It is all that is
compiled for a specification. What it reads is fetched by `scan` and `compare`, which are the same
for all, and it makes no array: only so can it be `compiled.borrowing`.

`walk_rows` does the same for slots with many partners, whom it looks at several at once before it
asks pair by pair what is still open. Most linkages never need it, and would wait for its compiling.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import uint64

from woda_lib.linkage.fast.kernels import KEPT, NO_SIGN
from woda_lib.linkage.fast.spread import Beside, side_by_side

# Codes up to here are counted in an array; beyond, the patterns that occur are numbered.
MOST_COUNTED = 2**18
# Partners that are looked at at once, so that what is noted of them stays in a processor's cache.
MOST_AT_ONCE = 512


NO_RULES = np.empty((0, 1), dtype=np.intp)


def pair_code(left: int, right: int, lefts: Any, rights: Any, memo: Any, tables: Any) -> int:
    """Return the pattern code of two rows; stands in for the generated function."""
    raise NotImplementedError("the loops are compiled by woda_lib.linkage.fast.generate")


TOLD, SEEN = 0, 0  # also generated: from where on a number says more than a code, and its last bit


def row_codes(
    left: Any, begin: Any, end: Any, ints: Any, wides: Any, across: Any, codes: Any
) -> None:
    """Tell of a record's pairs with others what a glance tells; also generated."""
    raise NotImplementedError("the loops are compiled by woda_lib.linkage.fast.generate")


def opened_code(
    number: int, left: int, right: int, lefts: Any, rights: Any, memo: Any, tables: Any
) -> int:
    """Return the code of a pair of which a glance has told but a part; also generated."""
    raise NotImplementedError("the loops are compiled by woda_lib.linkage.fast.generate")


def walk(
    low: int,
    high: int,
    at: int,
    first: Any,
    last: Any,
    near: Any,
    signs: Any,
    earlier: Any,
    memo: Any,
    tables: Any,
    known: int,
    tape: Any,
    counts: Any,
) -> None:
    """Compare the pairs of slots low to high, whose rows are `near`.

    What tells the blocks of their records is in `signs`, and in which columns of it each rule
    before this one looks, in `earlier`.
    """
    counted = len(counts) > 0
    for slot in range(low, high):
        left = slot - low
        for other in range(first[slot], last[slot]):
            right = other - low
            seen = False
            for rule in range(len(earlier)):
                seen = True
                for place in range(earlier.shape[1]):
                    column = uint64(earlier[rule, place])
                    sign = signs[left, column]
                    if sign == NO_SIGN or sign != signs[right, column]:
                        seen = False
                        break
                if seen:
                    break
            if seen:
                tape[at] = known
            else:
                code = pair_code(left, right, near, near, memo, tables)
                tape[at] = code
                if counted:
                    counts[code] += 1
            at += 1


def walk_rows(
    low: int,
    high: int,
    at: int,
    first: Any,
    last: Any,
    near: Any,
    across: Any,
    memo: Any,
    tables: Any,
    known: int,
    tape: Any,
    counts: Any,
    ints: Any,
    wides: Any,
    codes: Any,
) -> None:
    """Compare as `walk` does, many partners at once, about whom `ints` and `wides` say more.

    What is told of them is noted in `codes`. `across` has a row for each rule before this one.
    """
    counted = len(counts) > 0
    for slot in range(low, high):
        left, begin, stop = slot - low, first[slot] - low, last[slot] - low
        while begin < stop:
            end = min(stop, begin + len(codes))
            # Without a sign: a place that might be negative would be asked whether it is.
            row_codes(uint64(left), uint64(begin), uint64(end), ints, wides, across, codes)
            for pair in range(end - begin):
                code = codes[pair]
                if code & SEEN:
                    tape[at + pair] = known
                else:
                    if code >= TOLD:
                        code = opened_code(code, left, begin + pair, near, near, memo, tables)
                    tape[at + pair] = code
                    if counted:
                        counts[code] += 1
            at += end - begin
            begin = end


def counted(codes: int) -> bool:
    """Whether so many pattern codes are few enough to count each in an array."""
    return codes <= MOST_COUNTED


def tape_type(codes: int) -> type[np.integer[Any]]:
    """Return the type of a tape for so many pattern codes and the mark of known pairs."""
    if not counted(codes):
        return np.int64
    return np.uint16 if codes < np.iinfo(np.uint16).max else np.uint32


def scan(
    walk: Callable[..., None],
    similarities: int,
    beside: Beside | None,
    low: int,
    high: int,
    at: int,
    order: Any,
    first: Any,
    last: Any,
    rows: Any,
    told_by: Any,
    earlier: Any,
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
    beside : Beside or None
        What `walk_rows` reads of the records' values; None for `walk`.
    told_by, earlier
        What tells which block a record is in, which may be `rows`; and in which columns of it each
        rule before this one looks: two records that agree on all of them are known to it. For
        `walk_rows` one column a rule.
    """
    if low >= high:
        return
    records = order[low : last[high - 1]]
    near = _fetched(rows, records)
    signs = near if told_by is rows or not len(earlier) else _fetched(told_by, records)
    memo = _nothing_remembered(similarities)
    if beside is None:
        walk(low, high, at, first, last, near, signs, earlier, memo, tables, known, tape, counts)
        return
    across = signs[:, : len(earlier)].T.copy()
    ints, wides = side_by_side(beside, near, tables)
    told = np.empty(MOST_AT_ONCE, beside.number)
    walk(
        low, high, at, first, last, near, across,
        memo, tables, known, tape, counts, ints, wides, told,
    )  # fmt: skip


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
    near = _fetched(rows, np.concatenate([left[low:high], right[low:high]]))
    partner = np.arange(pairs, 2 * pairs + 1, dtype=np.int32)
    tape = np.empty(pairs, tape_type(codes_there_are))
    not_counted = np.empty(0, np.int64)
    memo = _nothing_remembered(similarities)
    walk(
        0, pairs, 0, partner[:-1], partner[1:], near, near, NO_RULES,
        memo, tables, 0, tape, not_counted,
    )  # fmt: skip
    codes[low:high] = tape


def _fetched(table: Any, records: Any) -> Any:
    """Copy the rows of records; no record is out of range, so that none need be looked at twice."""
    return np.take(table, records, axis=0, mode="clip")


def _nothing_remembered(similarities: int) -> tuple[Any, Any]:
    return (
        np.full((similarities, KEPT), ~np.uint64(0), np.uint64),
        np.empty((similarities, KEPT), np.float64),
    )
