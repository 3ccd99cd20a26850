"""Candidate pairs by sorting: each rule becomes a list of slots from which pairs follow.

A rule's keys are combined into one number a record; sorted by it, records of one block stand
together. No pair is made before all are counted, and none is ever held: the loops walk the slots.

Blocks that are too large are split on request: a rule's crowded blocks are crossed with every key
of the other rules in turn, so that two Mary Smiths are still compared when they share a birth
year or a postcode.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.errors import LinkageWarning
from woda_lib.linkage.fast.compiled import kept
from woda_lib.linkage.fast.encode import Encoded, side_by_side
from woda_lib.linkage.fast.radix import in_order
from woda_lib.linkage.fast.threads import share_out
from woda_lib.linkage.feasible import CountedRule, require_few_pairs, require_memory
from woda_lib.linkage.keys import Key
from woda_lib.linkage.spec import LinkageSpec

Numbers = npt.NDArray[np.int64]
Blocks = npt.NDArray[np.int32]
# A stretch is what one thread takes at a time; its records and codes should fit into a processor's
# cache.
SLOTS_A_STRETCH = 1 << 14
PAIRS_A_STRETCH = 1 << 18
_MOST_SORTED = 2**62


@dataclass(frozen=True)
class Slots:
    """The pairs of one rule, not yet made.

    Slot i pairs the record ``order[i]`` with each of ``order[first[i]:last[i]]``, which stand
    after it in the table of records.

    Attributes
    ----------
    rule
        What it is called.
    order
        Records by block, within a block by position.
    first, last
        Where each slot's partners begin and end.
    stretches
        The slots cut into stretches for threads to share, each with its part of the slots and of
        the pairs: its first slot, the one after its last, and the pairs before and up to there.
    largest_block
        Records in the largest block.
    """

    rule: str
    order: npt.NDArray[np.int32]
    first: npt.NDArray[np.int32]
    last: npt.NDArray[np.int32]
    stretches: list[tuple[int, int, int, int]]
    largest_block: int

    @property
    def pairs(self) -> int:
        """How many pairs the rule makes."""
        return self.stretches[-1][3] if self.stretches else 0


@dataclass(frozen=True)
class Blocking:
    """All rules of a specification, ready to be walked.

    Attributes
    ----------
    slots
        The rules' slots, in order; crossed rules follow the rule whose blocks they split.
    blocks
        Block of every record by rule, −1 for none; shape (records, rules or more), int32.
    """

    slots: list[Slots]
    blocks: npt.NDArray[np.int32]

    def report(self, new: list[int]) -> pd.DataFrame:
        """Return the table that `blocking.candidate_pairs` returns, a row a rule."""
        return pd.DataFrame(
            {
                "rule": [slots.rule for slots in self.slots],
                "pairs": [slots.pairs for slots in self.slots],
                "new": new,
                "largest_block": [slots.largest_block for slots in self.slots],
            }
        )


def block(encoded: Encoded, spec: LinkageSpec, bytes_a_pair: int = 0) -> Blocking:
    """Sort the records by every rule, and count.

    Parameters
    ----------
    encoded
        The records.
    spec
        The specification.
    bytes_a_pair
        What will be held of each pair.

    Raises
    ------
    BlockingError
        A rule would make more than ``max_pairs`` pairs, or all of them more than the memory
        holds; the message names the rule.

    Warns
    -----
    LinkageWarning
        Records stand in blocks of more than ``largest_block``, whatever a rule is crossed with,
        and so are not compared under it.
    """
    numbers = {key: encoded.key(key) for key in dict.fromkeys(chain(*spec.rules))}
    free = np.array([source.free_of_duplicates for source in spec.sources])
    largest = spec.largest_block or len(encoded)
    left_out: dict[int, int] = {}

    def laid_out(number: int) -> list[tuple[Slots, Blocks, CountedRule]]:
        rule, name = spec.rules[number], " and ".join(spec.blocking[number])
        combined = _combined([numbers[key] for key in rule])
        slots, blocks, crowded = _laid_out(name, combined, encoded.source, free, largest)
        parts = [(slots, blocks)]
        if crowded.any():
            inside = np.where(crowded, combined, -1), int(combined.max(initial=0)) + 1
            still, placed = np.zeros_like(crowded), np.zeros_like(crowded)
            for key in _other_keys(rule, spec):
                crossed = _combined([inside, numbers[key]])
                name_of_both = f"{name}, crossed with {key}"
                made = _laid_out(name_of_both, crossed, encoded.source, free, largest)
                parts.append(made[:2])
                placed |= made[1] >= 0
                still |= made[2]
            left_out[number] = int((still & ~placed).sum())
        counted = [
            CountedRule(number + 1, made.rule, made.pairs, each, lambda key: numbers[key][0])
            for made, each in parts
        ]
        for one in counted:
            require_few_pairs(one, spec)
        return [(*part, one) for part, one in zip(parts, counted, strict=True)]

    found = list(chain(*share_out(laid_out, [(number,) for number in range(len(spec.rules))])))
    slots, blocks, rules = (list(each) for each in zip(*found, strict=True))
    for number, records in sorted(left_out.items()):
        _warn_of_the_left_out(number, records, spec)
    require_memory(rules, bytes_a_pair)
    return Blocking(slots, side_by_side(blocks))


def _warn_of_the_left_out(number: int, records: int, spec: LinkageSpec) -> None:
    if records:
        warnings.warn(
            f"Blocking rule {number + 1} ({' and '.join(spec.blocking[number])}) compares nothing "
            f"of {records:,} records: whatever it is crossed with, their blocks hold more than the "
            f"{spec.largest_block:,} records that largest_block allows. Raise it, add a rule, or "
            f"empty placeholders in the source.",
            LinkageWarning,
            stacklevel=2,
        )


def _other_keys(rule: list[Key], spec: LinkageSpec) -> list[Key]:
    """Keys of the other rules, on fields that this rule does not use."""
    used = {key.field for key in rule}
    return [key for key in dict.fromkeys(chain(*spec.rules)) if key.field not in used]


def _combined(keys: list[tuple[npt.NDArray, int]]) -> Numbers:
    """Number the combinations of keys; −1 where one is missing."""
    combined, missing = np.zeros(len(keys[0][0]), dtype=np.int64), np.zeros(len(keys[0][0]), bool)
    reached = 1
    for codes, number in keys:
        if reached > _MOST_SORTED // max(number, 1):
            combined = pd.factorize(combined)[0].astype(np.int64)
            reached = int(combined.max(initial=0)) + 1
        combined *= number
        combined += codes
        reached *= max(number, 1)
        missing |= codes < 0
    combined[missing] = -1
    return combined


def _laid_out(
    rule: str,
    combined: Numbers,
    source: npt.NDArray[np.int16],
    free: npt.NDArray[np.bool_],
    largest: int,
) -> tuple[Slots, Blocks, npt.NDArray[np.bool_]]:
    """Lay out the slots of one rule; return them, every record's block, and who is crowded."""
    records, keys = in_order(combined)
    blocks = np.full(len(combined), -1, dtype=np.int32)
    crowded = np.zeros(len(combined), dtype=bool)
    first, last = (np.empty(len(records), dtype=np.int32) for _ in range(2))
    number, most = lay_out(records, keys, source, free, largest, first, last, blocks, crowded)
    # Copies, so that what is left over is given back.
    order, first, last = (each[:number].copy() for each in (records, first, last))
    return Slots(rule, order, first, last, _stretches(first, last), most), blocks, crowded


def _stretches(
    first: npt.NDArray[np.int32], last: npt.NDArray[np.int32]
) -> list[tuple[int, int, int, int]]:
    before = np.concatenate([[0], np.cumsum(last - first, dtype=np.int64)])
    by_pairs = np.searchsorted(before, np.arange(0, before[-1], PAIRS_A_STRETCH))
    cuts = np.concatenate([by_pairs, np.arange(0, len(first), SLOTS_A_STRETCH), [len(first)]])
    cuts = np.unique(cuts)
    ends = cuts.tolist(), before[cuts].tolist()
    low, high, begin, end = ends[0][:-1], ends[0][1:], ends[1][:-1], ends[1][1:]
    return list(zip(low, high, begin, end, strict=True))


@kept
def lay_out(
    records: Any,
    keys: Any,
    source: Any,
    free: Any,
    largest: int,
    first: Any,
    last: Any,
    blocks: Any,
    crowded: Any,
) -> tuple[int, int]:
    """Turn runs of equal keys into blocks of two records or more, and these into slots.

    Parameters
    ----------
    records, keys
        Positions in the order of their keys, and the keys. The slots' records come to stand in
        front.
    source, free
        Source of every record; which sources are free of duplicates: two records of one skip
        each other.
    largest
        Records in a block, beyond which it is crowded and makes no pairs.
    first, last, blocks, crowded
        To be filled; see `Slots` and `Blocking`.

    Returns
    -------
    slots, largest_block : int
    """
    slots, most, number, begin = 0, 0, 0, 0
    some_free = False
    for each in free:
        some_free = some_free or each
    while begin < len(records):
        key, end = keys[begin], begin + 1
        while end < len(records) and keys[end] == key:
            end += 1
        size = end - begin
        if size > largest:
            for place in range(begin, end):
                crowded[records[place]] = True
        elif size > 1:
            for place in range(begin, end):
                record = records[place]
                blocks[record] = number
                records[slots + place - begin] = record
                first[slots + place - begin] = slots + place - begin + 1
                last[slots + place - begin] = slots + size
            if some_free:
                for place in range(slots + size - 2, slots - 1, -1):
                    own = source[records[place]]
                    if free[own] and source[records[place + 1]] == own:
                        first[place] = first[place + 1]
            number += 1
            slots += size
            most = max(most, size)
        begin = end
    return slots, most
