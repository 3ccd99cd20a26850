"""Walk all candidate pairs once, keep a small number for each, and score by looking that up.

A pair's levels become one pattern code on a tape of two or four bytes a pair. The model is fitted
to the counts of the codes; scoring the tape is a look-up; only pairs worth keeping are ever
written out as pairs of records.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.fast.block import Blocking, Slots
from woda_lib.linkage.fast.emit import emit
from woda_lib.linkage.fast.encode import Encoded, encode
from woda_lib.linkage.fast.generate import kernel_for
from woda_lib.linkage.fast.positions import in_order_of_positions
from woda_lib.linkage.fast.threads import share_out, threads
from woda_lib.linkage.fellegi_sunter import LinkageModel, Patterns
from woda_lib.linkage.levels import Levels
from woda_lib.linkage.spec import LinkageSpec

# Codes up to here are counted in an array; beyond, the patterns that occur are numbered.
MOST_COUNTED = 2**22
PAIRS_A_STRETCH = 1 << 14
_RENUMBERED_KNOWN = 2**32 - 1


class FastComparer:
    """Compares pairs of one table of records with a compiled kernel; stands in for `Comparer`.

    Parameters
    ----------
    records
        Standardised records, as `sources.gather` returns them.
    spec
        The specification.
    """

    def __init__(self, records: pd.DataFrame, spec: LinkageSpec) -> None:
        self.encoded: Encoded = encode(records, spec)
        self.kernel = kernel_for(spec)
        self.rows = self.encoded.rows(list(self.kernel.fields))
        self.tables = self.kernel.gather_tables(self.encoded)

    def codes(self, pairs: Pairs) -> npt.NDArray[np.int64]:
        """Return the pattern code of each pair."""
        codes = np.empty(len(pairs), dtype=np.int64)
        cuts = np.append(np.arange(0, len(pairs), PAIRS_A_STRETCH), len(pairs))
        share_out(
            lambda low, high: self.kernel.compare(
                low, high, pairs.left, pairs.right, self.rows, self.tables, codes
            ),
            list(zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True)),
        )
        return codes

    def levels(self, pairs: Pairs) -> Levels:
        """Return the comparison vectors of pairs; see `Comparer.levels`."""
        return self.kernel.decode(self.codes(pairs))

    def patterns(self, pairs: Pairs) -> Patterns:
        """Compare pairs and count their patterns."""
        return self.numbered(self.codes(pairs))

    def numbered(self, codes: npt.NDArray[np.int64]) -> Patterns:
        """Turn pattern codes of pairs into patterns, numbered in the order of their codes.

        `codes` is used up: the numbers of the pairs' patterns take its place.
        """
        if self.kernel.codes > MOST_COUNTED:
            occur, where, counts = np.unique(codes, return_inverse=True, return_counts=True)
        else:
            tally = np.bincount(codes, minlength=self.kernel.codes)
            occur = np.flatnonzero(tally)
            number = np.empty(len(tally), dtype=np.int64)
            number[occur] = np.arange(len(occur))
            where = np.take(number, codes, out=codes, mode="clip")  # no code is out of range
            counts = tally[occur]
        return Patterns(self.kernel.decode(occur), counts.astype(float), where)


class Tape:
    """The pattern of every candidate pair, in the order in which the rules' slots make them.

    Parameters
    ----------
    comparer
        Compares the records.
    blocking
        The rules.

    Attributes
    ----------
    new
        For each rule the number of pairs that no rule before it made.
    """

    def __init__(self, comparer: FastComparer, blocking: Blocking) -> None:
        self._comparer = comparer
        self._slots = blocking.slots
        self._counted = comparer.kernel.codes <= MOST_COUNTED
        self._known, self._type = self._width()
        self._counts = np.zeros(comparer.kernel.codes if self._counted else 0, dtype=np.int64)
        self._codes = np.arange(len(self._counts))
        self._tapes: list[npt.NDArray] = []
        self.new: list[int] = []
        for number, slots in enumerate(self._slots):
            self._tapes.append(self._scanned(number, slots, blocking.blocks))

    @staticmethod
    def bytes_a_pair(comparer: FastComparer) -> int:
        """What a tape takes of memory for each pair."""
        codes = comparer.kernel.codes
        if codes > MOST_COUNTED:
            return 28  # while the patterns that occur are numbered
        return 2 if codes < np.iinfo(np.uint16).max else 4

    @property
    def patterns(self) -> Patterns:
        """The patterns that occur, in the order of their codes, with the pairs that show each."""
        occur = np.flatnonzero(self._counts)
        occur = occur[np.argsort(self._codes[occur])]
        levels = self._comparer.kernel.decode(self._codes[occur])
        return Patterns(levels, self._counts[occur].astype(float), np.empty(0, np.int64))

    def all_pairs(self) -> Pairs:
        """Return every candidate pair, in the order of positions. For tests and small tables."""
        everything = np.zeros(len(self._counts), dtype=np.float32)
        rarity = np.zeros((len(self._comparer.encoded), 0), dtype=np.float32)
        return self._emitted(everything, everything.astype(np.uint8), rarity, 0.0)[0]

    def likely(self, model: LinkageModel, log2_odds: float) -> tuple[Pairs, Patterns]:
        """Return the pairs whose log2 odds reach a threshold, and their patterns.

        The household rival counts for what it takes off a pair that shares the commonest values,
        which is the least; whoever scores the pairs takes off the rest.
        """
        occur = np.flatnonzero(self._counts)
        levels = self._comparer.kernel.decode(self._codes[occur])
        weights = np.full(len(self._counts), -np.inf, dtype=np.float32)
        weights[occur] = model.evidence(levels) + np.log2(model.prior / (1 - model.prior))
        agreeing = np.zeros(len(self._counts), dtype=np.uint32)
        rarity: list[npt.NDArray[np.float32]] = []
        commonest = np.zeros(levels.shape)
        for place, comparison in enumerate(model.comparisons):
            if comparison.term_frequency:
                best = len(comparison.levels)
                agree = levels[:, place] == best
                agreeing[occur[agree]] |= np.uint32(1 << len(rarity))
                weights[occur[agree]] += np.log2(model.u[place, best])
                rarity.append(self._rarity(comparison.field))
                known = rarity[-1][rarity[-1] > 0]
                commonest[agree, place] = np.log2(model.u[place, best]) + known.min(initial=64)
        weights[occur] += model.household_weight(levels, commonest)
        shape = (len(self._comparer.encoded), 0)
        by_record = np.stack(rarity, axis=1) if rarity else np.empty(shape, dtype=np.float32)
        pairs, codes = self._emitted(weights, agreeing, by_record, log2_odds - 1e-3)
        return pairs, self._comparer.numbered(self._codes[codes])

    def _width(self) -> tuple[int, type]:
        """Return the mark of known pairs and the tape's type."""
        if not self._counted:
            return -1, np.int64
        codes = self._comparer.kernel.codes
        narrow = np.uint16 if codes < np.iinfo(np.uint16).max else np.uint32
        return int(np.iinfo(narrow).max), narrow

    def _scanned(self, number: int, slots: Slots, blocks: npt.NDArray[np.int32]) -> npt.NDArray:
        """Compare the pairs of one rule."""
        tape: npt.NDArray = np.empty(slots.pairs, dtype=self._type)
        width = len(self._counts) if self._counted else 0
        tallies = [np.zeros(width, dtype=np.int64) for _ in range(threads())]
        comparer = self._comparer

        def one(low: int, high: int, begin: int, end: int) -> None:
            tally = tallies.pop()
            comparer.kernel.scan(
                low, high, begin, slots.order, slots.first, slots.last,
                blocks, number, comparer.rows, comparer.tables, self._known, tape, tally,
            )  # fmt: skip
            tallies.append(tally)

        share_out(one, slots.stretches)
        if not self._counted:
            return self._renumbered(tape)
        found = np.sum(tallies, axis=0)
        self._counts += found
        self.new.append(int(found.sum()))
        return tape

    def _renumbered(self, tape: npt.NDArray[np.int64]) -> npt.NDArray[np.uint32]:
        """Number the patterns that occur in the order in which they are met."""
        numbers, uniques = pd.factorize(np.append(self._codes, tape[tape != self._known]))
        found = np.bincount(numbers[len(self._codes) :], minlength=len(uniques))
        new = found.copy()
        new[: len(self._counts)] += self._counts
        renumbered = np.full(len(tape), _RENUMBERED_KNOWN, dtype=np.uint32)
        renumbered[tape != self._known] = numbers[len(self._codes) :]
        self._codes, self._counts = uniques, new
        self.new.append(int(found.sum()))
        return renumbered

    def _rarity(self, field: str) -> npt.NDArray[np.float32]:
        """Minus log2 of the share of records that hold each record's value; 0 where missing."""
        codes = self._comparer.encoded.codes[field]
        known = codes >= 0
        count = np.bincount(codes[known], minlength=1)
        share = np.append(count / max(known.sum(), 1), 1.0)
        with np.errstate(divide="ignore"):
            return -np.log2(share).astype(np.float32)[codes]

    def _emitted(
        self, weights: Any, agreeing: Any, rarity: Any, least: float
    ) -> tuple[Pairs, npt.NDArray]:
        """Write out the pairs that weigh enough, in the order of positions."""
        known = self._known if self._counted else _RENUMBERED_KNOWN
        kinds = (np.int32, np.int32, np.uint32)
        parts: list[Any] = []
        for slots, tape in zip(self._slots, self._tapes, strict=True):

            def one(
                low: int, high: int, begin: int, end: int, by: Slots = slots, on: Any = tape
            ) -> list[npt.NDArray]:
                # Room for every pair: memory that is never written to is never taken.
                out = [np.empty(end - begin, kind) for kind in kinds]
                number = emit(
                    low, high, begin, by.order, by.first, by.last,
                    known, on, weights, agreeing, rarity, np.float32(least), *out,
                )  # fmt: skip
                return [each[:number].copy() for each in out]

            parts += share_out(one, slots.stretches)
        return in_order_of_positions(parts, len(self._comparer.encoded))
