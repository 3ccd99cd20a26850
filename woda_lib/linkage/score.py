"""Score any pairs of records with a fitted model."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from woda_lib.linkage.blocking import Pairs, source_numbers
from woda_lib.linkage.cluster import VETO
from woda_lib.linkage.engines import PairComparer
from woda_lib.linkage.fellegi_sunter import Floats, LinkageModel, Patterns
from woda_lib.linkage.frequency import (
    LogShares,
    TermFrequencies,
    log_shares,
    term_frequency_weights,
)
from woda_lib.linkage.levels import Levels
from woda_lib.linkage.spec import LinkageSpec


@dataclass(frozen=True)
class Scores:
    """The evidence of pairs, in bits.

    What depends on the levels alone is worked out once a pattern, and looked up for its pairs. The
    parts that a sum is made of are worked out again where somebody asks for them: few do, and a
    million pairs would take as much memory for them as for all else that is known of a pair.

    Attributes
    ----------
    pairs
        The pairs.
    patterns
        The patterns of the pairs' levels; its `where` leads from pair to pattern.
    model
        The model that weighed them.
    shares
        From `log_shares`.
    match_weight
        Sum of all evidence: log2 of the Bayes factor.
    probability
        Match probability.
    """

    pairs: Pairs
    patterns: Patterns
    model: LinkageModel
    shares: dict[int, LogShares]
    match_weight: Floats
    probability: Floats

    @property
    def levels(self) -> Levels:
        """Comparison vectors, shape (pairs, comparisons)."""
        return self.patterns.levels[self.patterns.where]

    @property
    def weights(self) -> Floats:
        """log2(m/u), shape (pairs, comparisons)."""
        return self.model.weights(self.patterns.levels)[self.patterns.where]

    @property
    def dependence(self) -> Floats:
        """What the dependence among non-matches takes off, shape (pairs,)."""
        return self.model.dependence_weight(self.patterns.levels)[self.patterns.where]

    @property
    def frequency(self) -> dict[int, Floats]:
        """Term-frequency weight of each pair, by place of the comparison."""
        return term_frequency_weights(self.shares, self.pairs, self.patterns, self.model)

    @property
    def household(self) -> Floats:
        """What the household rival takes off, shape (pairs,)."""
        for_household = self.model.household_evidence(self.patterns.levels)
        return off_for_household(self.model, for_household[self.patterns.where], self.frequency)


def off_for_household(
    model: LinkageModel, evidence: Floats, frequency: dict[int, Floats]
) -> Floats:
    """Return what the household rival takes off pairs, in bits; 0 without households.

    Parameters
    ----------
    model
        The fitted model.
    evidence
        What the pairs' levels say for a household, shape (pairs,); it is used up.
    frequency
        Their term-frequency weights, by place of the comparison.
    """
    if model.h is None:
        return np.zeros(len(evidence))
    for place in np.flatnonzero(model.shared):
        evidence += frequency.get(int(place), 0.0)
    return model.weight_of_household(evidence)


class Scorer:
    """Scores pairs of one table of records.

    Parameters
    ----------
    records
        Standardised records, as `sources.gather` returns them.
    spec
        The specification.
    comparer
        Compares the same records.
    model
        The fitted model.
    frequencies
        Term frequencies to go by; by default those of `records`.
    """

    def __init__(
        self,
        records: pd.DataFrame,
        spec: LinkageSpec,
        comparer: PairComparer,
        model: LinkageModel,
        frequencies: TermFrequencies | None = None,
    ) -> None:
        self._comparer = comparer
        self._model = model
        self._shares = log_shares(records, model.comparisons, frequencies)
        self._group = float(np.log2(spec.thresholds.group / (1 - spec.thresholds.group)))
        self._free = np.array([source.free_of_duplicates for source in spec.sources])
        # Sources are asked for nothing else than which two records cannot be one entity.
        self._source = source_numbers(records if self._free.any() else records[:0], spec)

    def score(self, pairs: Pairs, patterns: Patterns | None = None) -> Scores:
        """Compare and score pairs; `patterns` saves the comparison where it has been done.

        A stretch of pairs at a time, so that what is made on the way stays in a processor's cache.
        """
        from woda_lib.linkage.fast.threads import (  # here: numba takes a while to start
            VALUES_A_STRETCH,
            share_out,
            stretches,
        )

        model = self._model
        if patterns is None:
            patterns = self._comparer.patterns(pairs)
        for_match = model.evidence(patterns.levels)
        for_household = model.household_evidence(patterns.levels)
        match_weight, probability = (np.empty(len(pairs)) for _ in range(2))

        def one(low: int, high: int) -> None:
            these = slice(low, high)
            where = patterns.where[these]
            part = replace(patterns, where=where)
            frequency = term_frequency_weights(self._shares, pairs.take(these), part, model)
            total = for_match[where]
            household = off_for_household(model, for_household[where], frequency)
            for weight in (*frequency.values(), household):
                total += weight
            match_weight[these], probability[these] = total, model.probability(total)

        share_out(one, stretches(len(pairs), VALUES_A_STRETCH))
        return Scores(pairs, patterns, model, self._shares, match_weight, probability)

    def log2_odds(self, pairs: Pairs, known: Scores | None = None) -> Floats:
        """Posterior odds for clustering, above those of the threshold ``group``.

        Pairs that cannot be one entity get `VETO`. Those that are among the `known` ones, which
        stand in the order of positions, are not scored again.
        """
        if known is None or not len(known.pairs):
            return self.with_vetoes(pairs, self.score(pairs).match_weight)
        from woda_lib.linkage.fast.positions import places_of  # here: numba takes a while to start

        places = places_of(pairs, known.pairs)
        match_weight = known.match_weight[places]  # of some other pair, where −1 takes the last
        others = np.flatnonzero(places < 0)
        if len(others):
            match_weight[others] = self.score(pairs.take(others)).match_weight
        return self.with_vetoes(pairs, match_weight)

    def spare(self) -> None:
        """Let go of what is quickly made again where more pairs are scored later."""
        self._comparer.spare()

    def with_vetoes(self, pairs: Pairs, match_weight: Floats) -> Floats:
        """Turn match weights of pairs into `log2_odds`."""
        prior = self._model.prior
        odds = match_weight + np.log2(prior / (1 - prior)) - self._group
        if not self._free.any():
            return odds
        same = self._source[pairs.left] == self._source[pairs.right]
        return np.where(same & self._free[self._source[pairs.left]], VETO, odds)
