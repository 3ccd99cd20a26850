"""Candidate pairs by sorting: each rule becomes a list of slots from which pairs follow.

A rule's keys are combined into one number a record; sorted by it, records of one block stand
together. No pair is made before all are counted, and none is ever held: the loops walk the slots.

Blocks that are too large are split on request: a rule's crowded blocks are crossed with every key
of the other rules in turn, so that two Mary Smiths are still compared when they share a birth
year or a postcode.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.errors import BlockingError
from woda_lib.linkage.fast.encode import Encoded
from woda_lib.linkage.keys import Key
from woda_lib.linkage.spec import LinkageSpec

Numbers = npt.NDArray[np.int64]
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
    pairs_before
        Pairs of the slots before each slot, with the total at the end; shape (slots + 1,).
    largest_block
        Records in the largest block.
    """

    rule: str
    order: npt.NDArray[np.int32]
    first: npt.NDArray[np.int32]
    last: npt.NDArray[np.int32]
    pairs_before: Numbers
    largest_block: int

    @property
    def pairs(self) -> int:
        """How many pairs the rule makes."""
        return int(self.pairs_before[-1])

    def stretches(self, number: int) -> Numbers:
        """Cut the slots into stretches with about as many pairs each; shape (≤ number + 1,)."""
        targets = np.linspace(0, self.pairs, number + 1)[1:-1]
        cuts = np.searchsorted(self.pairs_before, targets)
        return np.unique(np.concatenate([[0], cuts, [len(self.first)]]))


@dataclass(frozen=True)
class Blocking:
    """All rules of a specification, ready to be walked.

    Attributes
    ----------
    slots
        The rules' slots, in order; crossed rules follow the rule whose blocks they split.
    blocks
        Block of every record by rule, −1 for none; shape (records, rules), int32.
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


def block(encoded: Encoded, spec: LinkageSpec) -> Blocking:
    """Sort the records by every rule, and count.

    Raises
    ------
    BlockingError
        A rule would make more than ``max_pairs`` pairs; the message names it.
    """
    numbers = {key: encoded.key(key) for key in dict.fromkeys(chain(*spec.rules))}
    free = np.array([source.free_of_duplicates for source in spec.sources])
    slots: list[Slots] = []
    blocks: list[npt.NDArray[np.int32]] = []
    for number, rule in enumerate(spec.rules, start=1):
        name = " and ".join(spec.blocking[number - 1])
        combined = _combined([numbers[key] for key in rule])
        found, crowded = _block_numbers(combined, spec.largest_block)
        blocks.append(found)
        slots.append(_slots(name, found, encoded.source, free))
        if crowded.any():
            for key in _other_keys(rule, spec):
                inside = np.where(crowded, combined, -1), int(combined.max(initial=0)) + 1
                crossed = _combined([inside, numbers[key]])
                found, _ = _block_numbers(crossed, spec.largest_block)
                blocks.append(found)
                slots.append(_slots(f"{name}, crossed with {key}", found, encoded.source, free))
        for made in slots:
            _refuse_too_many(made, number, spec)
    return Blocking(slots, np.stack(blocks, axis=1))


def _refuse_too_many(slots: Slots, number: int, spec: LinkageSpec) -> None:
    if slots.pairs > spec.max_pairs:
        raise BlockingError(
            f"Blocking rule {number} ({slots.rule}) would make {slots.pairs:,} pairs, more than "
            f"the {spec.max_pairs:,} that max_pairs allows; its largest block holds "
            f"{slots.largest_block:,} records. Add a key to this rule, or raise max_pairs."
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
        combined = combined * number + codes
        reached *= max(number, 1)
        missing |= codes < 0
    combined[missing] = -1
    return combined


def _block_numbers(
    combined: Numbers, largest: int | None
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
    """Number the blocks of two records or more, from 0; say which records' blocks are crowded."""
    order = _sorted(combined)
    keys = combined[order]
    begins = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    sizes = np.diff(np.append(begins, len(keys)))
    crowded = np.zeros(len(sizes), bool) if largest is None else sizes > largest
    crowded &= keys[begins] >= 0
    kept = (sizes > 1) & (keys[begins] >= 0) & ~crowded
    number = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)
    blocks = np.empty(len(combined), dtype=np.int32)
    blocks[order] = np.repeat(number, sizes)
    is_crowded = np.empty(len(combined), dtype=bool)
    is_crowded[order] = np.repeat(crowded, sizes)
    return blocks, is_crowded


def _sorted(numbers: npt.NDArray) -> Numbers:
    """Sort stably; a number and its place in one word sort fastest."""
    total = len(numbers)
    if int(numbers.max(initial=0)) + 2 > _MOST_SORTED // max(total, 1):
        return np.argsort(numbers, kind="stable")
    return np.sort((numbers.astype(np.int64) + 1) * total + np.arange(total)) % total


def _slots(
    rule: str,
    blocks: npt.NDArray[np.int32],
    source: Numbers,
    free: npt.NDArray[np.bool_],
) -> Slots:
    """Lay out the slots of one rule; records of a source free of duplicates skip one another."""
    inside = np.flatnonzero(blocks >= 0)
    order = inside[_sorted(blocks[inside])].astype(np.int32)
    block = blocks[order]
    ends = _ends_of_runs(block)
    first = np.arange(1, len(order) + 1)
    if free.any():
        last_of_source = _ends_of_runs(block.astype(np.int64) * len(free) + source[order])
        first = np.where(free[source[order]], last_of_source, first)
    pairs_before = np.concatenate([[0], np.cumsum(ends - first)])
    largest = int(np.bincount(block).max(initial=0)) if len(block) else 0
    return Slots(rule, order, first.astype(np.int32), ends.astype(np.int32), pairs_before, largest)


def _ends_of_runs(keys: npt.NDArray) -> Numbers:
    """For each place of a sorted array, where the run of equal keys that it is in ends."""
    if not len(keys):
        return np.empty(0, dtype=np.int64)
    begins = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    ends = np.append(begins[1:], len(keys))
    return np.repeat(ends, ends - begins)
