"""Score any pairs of records with a fitted model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from woda_lib.linkage.blocking import Pairs, source_numbers
from woda_lib.linkage.cluster import VETO
from woda_lib.linkage.engines import PairComparer
from woda_lib.linkage.fellegi_sunter import Floats, LinkageModel, Patterns
from woda_lib.linkage.frequency import TermFrequencies, log_shares, term_frequency_weights
from woda_lib.linkage.levels import Levels
from woda_lib.linkage.spec import LinkageSpec


@dataclass(frozen=True)
class Scores:
    """The evidence of pairs, in bits.

    What depends on the levels alone is worked out once a pattern, and looked up for its pairs.

    Attributes
    ----------
    patterns
        The patterns of the pairs' levels; its `where` leads from pair to pattern.
    model
        The model that weighed them.
    frequency
        Term-frequency weight of each pair, by place of the comparison.
    household
        What the household rival takes off, shape (pairs,).
    match_weight
        Sum of all evidence: log2 of the Bayes factor.
    probability
        Match probability.
    """

    patterns: Patterns
    model: LinkageModel
    frequency: dict[int, Floats]
    household: Floats
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
        self._source = source_numbers(records, spec)
        self._group = float(np.log2(spec.thresholds.group / (1 - spec.thresholds.group)))
        self._free = np.array([source.free_of_duplicates for source in spec.sources])

    def score(self, pairs: Pairs, patterns: Patterns | None = None) -> Scores:
        """Compare and score pairs; `patterns` saves the comparison where it has been done."""
        from woda_lib.linkage.fast.threads import by_stretches  # here: numba takes a while to start

        model = self._model
        if patterns is None:
            patterns = self._comparer.patterns(pairs)
        frequency = term_frequency_weights(self._shares, pairs, patterns, model)
        total = model.evidence(patterns.levels)[patterns.where]
        household = np.zeros(len(pairs))
        if model.h is not None:
            household = model.household_evidence(patterns.levels)[patterns.where]
            for place in np.flatnonzero(model.shared):
                household += frequency.get(int(place), 0.0)
            household = by_stretches(model.weight_of_household, household)
        for weight in (*frequency.values(), household):
            total += weight
        probability = by_stretches(model.probability, total)
        return Scores(patterns, model, frequency, household, total, probability)

    def log2_odds(self, pairs: Pairs) -> Floats:
        """Posterior odds for clustering, above those of the threshold ``group``.

        Pairs that cannot be one entity get `VETO`.
        """
        return self.with_vetoes(pairs, self.score(pairs).match_weight)

    def with_vetoes(self, pairs: Pairs, match_weight: Floats) -> Floats:
        """Turn match weights of pairs into `log2_odds`."""
        prior = self._model.prior
        odds = match_weight + np.log2(prior / (1 - prior)) - self._group
        if not self._free.any():
            return odds
        same = self._source[pairs.left] == self._source[pairs.right]
        return np.where(same & self._free[self._source[pairs.left]], VETO, odds)
