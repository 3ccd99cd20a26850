"""Candidate pairs by blocks: each rule becomes a list of slots from which pairs follow.

A rule's keys are combined into one number a record, and records of one number are brought together.
No pair is made before all are counted, and none is ever held: the loops walk the slots.

Blocks that are too large are split on request: a rule's crowded blocks are crossed with every key
of the other rules in turn, so that two Mary Smiths are still compared when they share a birth
year or a postcode.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.errors import LinkageWarning
from woda_lib.linkage.fast.compiled import kept
from woda_lib.linkage.fast.encode import Encoded, side_by_side
from woda_lib.linkage.fast.heaps import dealt, lay_out, pass_over
from woda_lib.linkage.fast.threads import share_out
from woda_lib.linkage.feasible import CountedRule, require_few_pairs, require_memory
from woda_lib.linkage.keys import Key
from woda_lib.linkage.spec import LinkageSpec

Numbers = npt.NDArray[np.int64]
Blocks = npt.NDArray[np.int32]
CountedSlots = tuple["Slots", CountedRule]
# A stretch is what one thread takes at a time; its records and codes should fit into a processor's
# cache.
SLOTS_A_STRETCH = 1 << 14
PAIRS_A_STRETCH = 1 << 18
_MOST_TOLD_APART = 2**62


@dataclass(frozen=True)
class Slots:
    """The pairs of one rule, not yet made.

    Slot i pairs the record ``order[i]`` with each of ``order[first[i]:last[i]]``, which stand
    after it in the table of records.

    Attributes
    ----------
    rule
        What it is called.
    fields
        On which of the fields the records of a block agree, and all records of one block alone;
        empty where other keys than whole fields, or the size of blocks, come into it.
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
    fields: tuple[str, ...]
    order: npt.NDArray[np.int32]
    first: npt.NDArray[np.int32]
    last: npt.NDArray[np.int32]
    stretches: list[tuple[int, int, int, int]]
    largest_block: int

    @property
    def pairs(self) -> int:
        """How many pairs the rule makes."""
        return self.stretches[-1][3] if self.stretches else 0

    def blocks(self, number: int) -> Blocks:
        """Return the block of each of so many records, −1 for none; shape (records,)."""
        blocks = np.full(number, -1, dtype=np.int32)
        blocks[self.order] = self.last  # which no two blocks share
        return blocks


@dataclass(frozen=True)
class Blocking:
    """All rules of a specification, ready to be walked.

    Attributes
    ----------
    slots
        The rules' slots, in order; crossed rules follow the rule whose blocks they split.
    records
        How many records there are.
    """

    slots: list[Slots]
    records: int

    @cached_property
    def blocks(self) -> Blocks:
        """Block of every record by rule, −1 for none; shape (records, rules or more)."""
        shares = [(slots, self.records) for slots in self.slots]
        return side_by_side(share_out(Slots.blocks, shares))

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
    """Bring together the records of every rule's blocks, and count.

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

    def laid_out(number: int) -> list[CountedSlots]:
        rule, name = spec.rules[number], " and ".join(spec.blocking[number])
        combined = _combined([numbers[key] for key in rule])
        slots, crowded = _laid_out(name, combined, encoded.source, free, largest)
        parts = [slots]
        if not crowded.any():
            parts = [replace(slots, fields=_whole_fields(rule))]
        else:
            inside = np.where(crowded, combined, -1), int(combined.max(initial=0)) + 1
            still, placed = np.zeros_like(crowded), np.zeros_like(crowded)
            for key in _other_keys(rule, spec):
                crossed = _combined([inside, numbers[key]])
                name_of_both = f"{name}, crossed with {key}"
                made = _laid_out(name_of_both, crossed, encoded.source, free, largest)
                parts.append(made[0])
                placed[made[0].order] = True
                still |= made[1]
            left_out[number] = int((still & ~placed).sum())
        counted = [
            CountedRule(
                number + 1,
                made.rule,
                made.pairs,
                partial(made.blocks, len(encoded)),
                lambda key: numbers[key][0],
            )
            for made in parts
        ]
        for one in counted:
            require_few_pairs(one, spec)
        return list(zip(parts, counted, strict=True))

    found = list(chain(*share_out(laid_out, [(number,) for number in range(len(spec.rules))])))
    for number, records in sorted(left_out.items()):
        _warn_of_the_left_out(number, records, spec)
    require_memory([rule for _, rule in found], bytes_a_pair)
    return Blocking([slots for slots, _ in found], len(encoded))


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
        if reached > _MOST_TOLD_APART // max(number, 1):
            combined = pd.factorize(combined)[0].astype(np.int64)
            reached = int(combined.max(initial=0)) + 1
        combined *= number
        combined += codes
        reached *= max(number, 1)
        missing |= codes < 0
    combined[missing] = -1
    return combined


def _whole_fields(rule: list[Key]) -> tuple[str, ...]:
    """Return the fields that a rule compares whole; none if it compares a part of one."""
    if any(key.function for key in rule):
        return ()
    return tuple(dict.fromkeys(key.field for key in rule))


def _laid_out(
    rule: str,
    combined: Numbers,
    source: npt.NDArray[np.int16],
    free: npt.NDArray[np.bool_],
    largest: int,
) -> tuple[Slots, npt.NDArray[np.bool_]]:
    """Lay out the slots of one rule; return them, and which records are crowded."""
    heaps = dealt(combined)
    crowded = np.zeros(len(combined), dtype=bool)
    # What is never written to takes no memory, and need not be cut off by copying the rest.
    order, last = (np.empty(len(heaps[1]) + 1, dtype=np.int32) for _ in range(2))
    number, most = lay_out(*heaps, largest, order, last, crowded)
    order, last, first = order[:number], last[:number], np.arange(1, number + 1, dtype=np.int32)
    if free.any():
        pass_over(order, source, free, first, last)
    return Slots(rule, (), order, first, last, _stretches(first, last), most), crowded


def _stretches(
    first: npt.NDArray[np.int32], last: npt.NDArray[np.int32]
) -> list[tuple[int, int, int, int]]:
    """Cut slots where a stretch has enough of them, or of pairs."""
    ends = np.empty((len(first), 2), dtype=np.int64)
    number = cut(first, last, SLOTS_A_STRETCH, PAIRS_A_STRETCH, ends)
    stretches = np.column_stack([np.vstack([[0, 0], ends[:number]])[:-1], ends[:number]])
    return [(low, high, begin, end) for low, begin, high, end in stretches.tolist()]


@kept
def cut(first: Any, last: Any, most_slots: int, most_pairs: int, ends: Any) -> int:
    """Write how many slots and pairs there are up to the end of each stretch; count these."""
    number, low, begin, pairs = 0, 0, 0, 0
    for slot in range(len(first)):
        pairs += last[slot] - first[slot]
        enough = slot + 1 - low >= most_slots or pairs - begin >= most_pairs
        if enough or slot + 1 == len(first):
            low, begin = slot + 1, pairs
            ends[number, 0], ends[number, 1] = low, begin
            number += 1
    return number
