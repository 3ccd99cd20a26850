"""Score any pairs of records with a fitted model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.cluster import VETO
from woda_lib.linkage.compare import Levels
from woda_lib.linkage.engines import PairComparer
from woda_lib.linkage.fellegi_sunter import Floats, LinkageModel
from woda_lib.linkage.frequency import TermFrequencies, log_shares, term_frequency_weights
from woda_lib.linkage.spec import LinkageSpec


@dataclass(frozen=True)
class Scores:
    """The evidence of pairs, in bits.

    Attributes
    ----------
    levels, weights, frequency
        Level, log2(m/u) and term-frequency weight, shape (pairs, comparisons).
    dependence, household
        What the dependence among non-matches and the household rival take off, shape (pairs,).
    match_weight
        Sum of all of these: log2 of the Bayes factor.
    probability
        Match probability.
    """

    levels: Levels
    weights: Floats
    frequency: Floats
    dependence: Floats
    household: Floats
    match_weight: Floats
    probability: Floats


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
        self._source = pd.factorize(records["source"])[0]
        free = {source.name for source in spec.sources if source.free_of_duplicates}
        self._free = records["source"].isin(free).to_numpy()

    def score(self, pairs: Pairs, levels: Levels | None = None) -> Scores:
        """Compare and score pairs; `levels` saves the comparison where it has been done."""
        if levels is None:
            levels = self._comparer.levels(pairs)
        weights = self._model.weights(levels)
        frequency = term_frequency_weights(self._shares, pairs, levels, self._model)
        household = self._model.household_weight(levels, frequency)
        dependence = self._model.dependence_weight(levels)
        total = weights.sum(axis=1) + frequency.sum(axis=1) + dependence + household
        probability = self._model.probability(total)
        return Scores(levels, weights, frequency, dependence, household, total, probability)

    def log2_odds(self, pairs: Pairs) -> Floats:
        """Posterior odds for clustering; pairs that cannot be one entity get `VETO`."""
        prior = self._model.prior
        odds = self.score(pairs).match_weight + np.log2(prior / (1 - prior))
        same = self._source[pairs.left] == self._source[pairs.right]
        return np.where(same & self._free[pairs.left], VETO, odds)
