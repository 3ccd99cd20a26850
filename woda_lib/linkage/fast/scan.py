"""Walk all candidate pairs once, count their patterns, and keep the pairs with some chance.

A pair's levels become one pattern code. The model is fitted to the counts of the codes, and
scoring a pair is a look-up by its code. Most pairs are of strangers, and any model would find them
so: a stretch of pairs is compared, weighed by what is expected of the model, and forgotten but for
those that come near enough. What was expected is held against what the model finds at the end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.fast.block import Blocking, Slots
from woda_lib.linkage.fast.comparer import FastComparer
from woda_lib.linkage.fast.emit import EVERY_PAIR, Weighed, choose, emit
from woda_lib.linkage.fast.encode import Codes
from woda_lib.linkage.fast.loops import tape_type
from woda_lib.linkage.fast.positions import in_order_of_positions
from woda_lib.linkage.fast.rarity import NO_VALUE, Rarity
from woda_lib.linkage.fast.threads import VALUES_A_STRETCH, share_out, stretches, threads
from woda_lib.linkage.fellegi_sunter import LinkageModel, Patterns

# Bits by which a model may find a pattern likelier than was expected, and lose none of its pairs.
# In a county of eleven registers some patterns are found likelier by twelve; to compare all pairs
# once more takes as long as the first time, and to keep one in five more takes little. Of very many
# pairs one in five takes gigabytes: there fewer bits are given at first.
LEEWAY, LESS_LEEWAY, VERY_MANY_PAIRS = 14.0, 8.0, 300_000_000
# From so many partners on, on average, a record is compared with a row of them at once. That saves
# some twelve nanoseconds a pair, and what it takes to compile it, three seconds the first time, is
# earned back within two or three linkages where there are so many such pairs.
LONG_ROW, MANY_PAIRS = 12, 100_000_000
_ROUNDING = 1e-3  # of weights in four bytes
_KNOWN_NUMBER = 2**32 - 1

Part = list[npt.NDArray]  # first and second records of pairs, and their codes


class Tape:
    """The candidate pairs with some chance, in the order in which the rules' slots make them.

    Parameters
    ----------
    comparer
        Compares the records.
    blocking
        The rules.
    expected
        What the model will be like: the model itself, or `em.at_first`. Pairs that it gives log2
        odds of so many bits below `log2_odds` are counted and not kept: `LEEWAY`, or `LESS_LEEWAY`
        where the rules make `VERY_MANY_PAIRS`. Without it all are kept.
    log2_odds
        The least that `likely` will be asked for.

    Attributes
    ----------
    new
        For each rule the number of pairs that no rule before it made.
    """

    BYTES_A_PAIR = 3  # at twelve for the one in four that is kept

    def __init__(
        self,
        comparer: FastComparer,
        blocking: Blocking,
        expected: LinkageModel | None = None,
        log2_odds: float = -np.inf,
    ) -> None:
        self._comparer = comparer
        self._counted = comparer.counts_codes
        self._known, self._type = self._width()
        self._counts = np.zeros(comparer.kernel.codes if self._counted else 0, dtype=np.int64)
        self._codes = np.arange(len(self._counts))
        self._expected = expected
        self._rarities: dict[tuple[str, ...], Rarity] = {}  # the same before the pairs and after
        pairs = sum(slots.pairs for slots in blocking.slots)
        leeway = LEEWAY if pairs < VERY_MANY_PAIRS else LESS_LEEWAY
        self._least = np.float32(log2_odds - leeway)
        self._kept_by = EVERY_PAIR
        if expected is not None:
            self._kept_by = self._settled(expected, self._codes, self._least)
        self._kept: list[Part] = []
        self.new: list[int] = []
        scans = self._scans(blocking)
        told_by, columns = self._told_apart(blocking, scans)
        for number, (slots, scan) in enumerate(zip(blocking.slots, scans, strict=True)):
            self._kept += self._scanned(scan, slots, told_by, columns[:number])

    @property
    def patterns(self) -> Patterns:
        """The patterns that occur, in the order of their codes, with the pairs that show each."""
        occur = np.flatnonzero(self._counts)
        occur = occur[np.argsort(self._codes[occur])]
        levels = self._comparer.kernel.decode(self._codes[occur])
        return Patterns(levels, self._counts[occur].astype(float), np.empty(0, np.int64))

    def all_pairs(self) -> Pairs:
        """Return every pair that is kept, in the order of positions. For tests and small tables."""
        return self._chosen(EVERY_PAIR, np.float32(-np.inf))[0]

    def has_likely(self, model: LinkageModel, log2_odds: float) -> bool:
        """Say whether all pairs that reach a threshold under the model are surely kept."""
        if self._expected is None:
            return True
        occur = self._codes[self._counts > 0]
        weights, agreeing = self._weights(model, occur)
        least = log2_odds - _ROUNDING
        _, highest = self._rarity(model).bounds(weights, agreeing)
        expected, agreeing = self._weights(self._expected, occur)
        lowest, _ = self._rarity(self._expected).bounds(expected, agreeing)
        unexpected = weights - expected > least - self._least - _ROUNDING
        some_left_out = lowest < self._least + _ROUNDING
        return not (unexpected & some_left_out & (highest >= least - _ROUNDING)).any()

    def likely(self, model: LinkageModel, log2_odds: float) -> tuple[Pairs, Patterns]:
        """Return the pairs whose log2 odds reach a threshold, and their patterns.

        The household rival counts for what it takes off a pair that shares the commonest values,
        which is the least; whoever scores the pairs takes off the rest.
        """
        occur = np.flatnonzero(self._counts)
        least = np.float32(log2_odds - _ROUNDING)
        weighed = self._settled(model, self._codes[occur], least)
        weights = np.full(len(self._codes), -np.inf, dtype=np.float32)
        agreeing = np.zeros(len(self._codes), dtype=np.uint32)
        weights[occur], agreeing[occur] = weighed[:2]
        pairs, codes = self._chosen((weights, agreeing, weighed[2]), least)
        return pairs, self._patterns(codes)

    def _patterns(self, numbers: npt.NDArray[np.uint32]) -> Patterns:
        """Return the patterns of pairs in the order of their codes; `numbers` is used up."""
        codes = len(self._codes)

        def tallied(low: int, high: int) -> npt.NDArray[np.int64]:
            tally = np.zeros(codes, dtype=np.int64)
            for begin, end in stretches(high - low, VALUES_A_STRETCH):
                tally += np.bincount(numbers[low + begin : low + end], minlength=codes)
            return tally

        # There may be more codes than pairs in a stretch: a tally of all is held for each thread.
        a_thread = max(-(-len(numbers) // threads()), VALUES_A_STRETCH)
        tallies = share_out(tallied, stretches(len(numbers), a_thread))
        tally = np.sum([np.zeros(codes, dtype=np.int64), *tallies], axis=0)
        occur = np.flatnonzero(tally)
        occur = occur[np.argsort(self._codes[occur])]
        place = np.zeros(len(tally), dtype=np.uint32)
        place[occur] = np.arange(len(occur), dtype=np.uint32)

        def renumber(low: int, high: int) -> None:
            some = numbers[low:high]
            np.take(place, some, out=some, mode="clip")  # no number is out of range

        share_out(renumber, stretches(len(numbers), VALUES_A_STRETCH))
        levels = self._comparer.kernel.decode(self._codes[occur])
        return Patterns(levels, tally[occur].astype(float), numbers)

    def _weights(
        self, model: LinkageModel, codes: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.uint32]]:
        """Weigh patterns before term frequencies, and mark which of these agree."""
        levels = self._comparer.kernel.decode(codes)
        weights = np.empty(len(codes), dtype=np.float32)
        weights[:] = model.evidence(levels) + np.log2(model.prior / (1 - model.prior))
        agreeing = np.zeros(len(codes), dtype=np.uint32)
        commonest = np.zeros(levels.shape)
        counted = [place for place, each in enumerate(model.comparisons) if each.term_frequency]
        for bit, (place, least) in enumerate(zip(counted, self._rarity(model).least, strict=True)):
            best = len(model.comparisons[place].levels)
            agree = levels[:, place] == best
            agreeing[agree] |= np.uint32(1 << bit)
            weights[agree] += np.log2(model.u[place, best])
            # A value that everybody holds is no sign of a household, nor of anything else.
            commonest[agree, place] = np.log2(model.u[place, best]) + (least or NO_VALUE)
        weights += model.household_weight(levels, commonest)
        return weights, agreeing

    def _settled(
        self, model: LinkageModel, codes: npt.NDArray[np.int64], least: np.float32
    ) -> Weighed:
        """Weigh patterns as `emit` takes them, which asks for no rarity where none matters."""
        return self._rarity(model).settled(*self._weights(model, codes), least)

    def _rarity(self, model: LinkageModel) -> Rarity:
        """How rare the values are that records hold of the fields with term frequencies."""
        fields = tuple(each.field for each in model.comparisons if each.term_frequency)
        if fields not in self._rarities:
            self._rarities[fields] = Rarity.of(self._comparer.encoded, fields)
        return self._rarities[fields]

    def _width(self) -> tuple[int, type]:
        """Return the mark of known pairs and the type of codes."""
        kind = tape_type(self._comparer.kernel.codes)
        return int(np.iinfo(kind).max) if self._counted else -1, kind

    def _scans(self, blocking: Blocking) -> list[Callable[..., None]]:
        """Choose what each rule's pairs are compared by."""
        kernel = self._comparer.kernel
        long = [slots.pairs >= LONG_ROW * len(slots.order) for slots in blocking.slots]
        pairs = sum(
            slots.pairs for slots, is_long in zip(blocking.slots, long, strict=True) if is_long
        )
        if pairs < MANY_PAIRS:
            return [kernel.scan] * len(long)
        return [kernel.scan_rows if is_long else kernel.scan for is_long in long]

    def _told_apart(
        self, blocking: Blocking, scans: list[Callable[..., None]]
    ) -> tuple[Codes, npt.NDArray[np.intp]]:
        """Return what tells each record's blocks, and the columns of it that each rule looks at.

        Nobody looks at the last rule. Where all before it compare whole fields, records are of one
        block if their rows say the same.
        """
        fields = self._comparer.kernel.fields
        rules = [slots.fields for slots in blocking.slots[:-1]]
        if not rules:
            return self._comparer.rows, np.empty((0, 1), dtype=np.intp)
        by_rows = all(rule and set(rule) <= set(fields) for rule in rules)
        if not by_rows or any(scan is not self._comparer.kernel.scan for scan in scans):
            return blocking.blocks, np.arange(len(rules), dtype=np.intp)[:, None]
        most = max(len(rule) for rule in rules)
        columns = [[fields.index(field) for field in rule] for rule in rules]
        filled = [each + each[:1] * (most - len(each)) for each in columns]
        return self._comparer.rows, np.array(filled, dtype=np.intp)

    def _scanned(
        self,
        scan: Callable[..., None],
        slots: Slots,
        told_by: Codes,
        earlier: npt.NDArray[np.intp],
    ) -> list[Part]:
        """Compare the pairs of one rule; return those that are kept, by stretch.

        See `loops.scan` for what tells the blocks of the rules before it.
        """
        width = len(self._counts) if self._counted else 0
        tallies = [np.zeros(width, dtype=np.int64) for _ in range(threads())]
        rows, tables = self._comparer.rows, self._comparer.tables

        def one(low: int, high: int, begin: int, end: int) -> tuple[Part, Any]:
            tape: npt.NDArray = np.empty(end - begin, dtype=self._type)
            tally = tallies.pop()
            scan(
                low, high, 0, slots.order, slots.first, slots.last, rows,
                told_by, earlier, tables, self._known, tape, tally,
            )  # fmt: skip
            tallies.append(tally)
            known, weighed, met = self._known, self._kept_by, None
            if not self._counted:
                tape, known, met = _numbered(tape)
                if self._expected is not None:
                    weighed = self._settled(self._expected, met[0], self._least)
            # Room for every pair: memory that is never written to is never taken.
            out = [np.empty(end - begin, kind) for kind in (np.int32, np.int32, tape.dtype)]
            kept = emit(
                low, high, slots.order, slots.first, slots.last,
                known, tape, *weighed, self._least, *out,
            )  # fmt: skip
            return [each[:kept].copy() for each in out], met

        found = share_out(one, slots.stretches)
        if not self._counted:
            return self._renumbered(found)
        tally = np.sum(tallies, axis=0)
        self._counts += tally
        self.new.append(int(tally.sum()))
        return [part for part, _ in found]

    def _renumbered(self, found: list[tuple[Part, Any]]) -> list[Part]:
        """Number alike the patterns that stretches of pairs have numbered each for itself."""
        own = [codes for _, (codes, _) in found]
        numbers, self._codes = pd.factorize(np.concatenate([self._codes, *own]))
        before = len(self._counts)
        counts = np.zeros(len(self._codes), dtype=np.int64)
        counts[:before] = self._counts
        self._counts = counts
        self.new.append(0)
        places = np.split(
            numbers[before:].astype(np.uint32), np.cumsum([len(each) for each in own])
        )
        parts = []
        for ((left, right, codes), (_, tally)), place in zip(found, places[:-1], strict=True):
            counts[place] += tally
            self.new[-1] += int(tally.sum())
            parts.append([left, right, place[codes]])
        return parts

    def _chosen(self, weighed: Weighed, least: np.float32) -> tuple[Pairs, npt.NDArray[np.uint32]]:
        """Return the kept pairs that weigh enough, in the order of positions."""

        def one(*part: npt.NDArray) -> Part:
            out = [np.empty(len(part[0]), kind) for kind in (np.int32, np.int32, np.uint32)]
            number = choose(*part, *weighed, least, *out)
            return [each[:number].copy() for each in out]

        parts: list[Any] = share_out(one, [tuple(part) for part in self._kept])
        return in_order_of_positions(parts, len(self._comparer.encoded))


def _numbered(
    tape: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.uint32], int, tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """Number the codes of a stretch of pairs.

    Returns
    -------
    numbers : numpy.ndarray of uint32, shape (pairs,)
    known : int
        The number of known pairs.
    codes, counts : numpy.ndarray of int64
        By number.
    """
    numbers, codes = pd.factorize(np.append(-1, tape))  # which is how a known pair is marked
    tally = np.bincount(numbers, minlength=len(codes))[1:]
    return (numbers[1:] - 1).astype(np.uint32), _KNOWN_NUMBER, (codes[1:], tally)
