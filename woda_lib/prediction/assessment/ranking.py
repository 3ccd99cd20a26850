"""Measures of an order: who stands above whom, and who is on a list of so many.

Households with the same score are not ordered by it. So everything here is worked out from how many
households, and how many events, share each score: the AUC counts a tie as half, average precision
takes ties together, and precision at capacity is what breaking ties by lot gives on average. A rule
with a few points is then not judged by the luck of one draw.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from woda_lib.prediction.assessment.scored import Numbers
from woda_lib.prediction.errors import PredictionError

PER = 1000
"""Capacity is said of so many households."""


class Ranking:
    """Households by falling score, those with one score together.

    Parameters
    ----------
    scores : array of float
        A household each.
    happened : array of bool
    """

    def __init__(self, scores: Numbers, happened: NDArray[np.bool_]) -> None:
        _, place = np.unique(-scores, return_inverse=True)
        self._place = place
        self._places = int(place.max()) + 1
        self._events = np.flatnonzero(happened)
        self._place_of_events = place[self._events]

    def weighed(self, weights: Numbers) -> Ranked:
        """Count households and events at each score, each household as often as `weights` says."""
        everybody = np.bincount(self._place, weights, self._places)
        events = np.bincount(self._place_of_events, weights[self._events], self._places)
        return Ranked(everybody.astype(float), events.astype(float))


class Ranked:
    """How many households and events there are at each score, the highest first.

    Parameters
    ----------
    everybody, events : array of float
        Numbers at each score.
    """

    def __init__(self, everybody: Numbers, events: Numbers) -> None:
        self._everybody, self._events = everybody, events
        self._above = np.cumsum(everybody)
        self._events_above = np.cumsum(events)
        self._total, self._happened = float(self._above[-1]), float(self._events_above[-1])

    @property
    def auc(self) -> float:
        """The chance that a household with an event stands above one without; ties count half."""
        spared = self._everybody - self._events
        below = (self._total - self._happened) - np.cumsum(spared)
        pairs = self._happened * (self._total - self._happened)
        return float(self._events @ (below + spared / 2)) / pairs if pairs else np.nan

    @property
    def average_precision(self) -> float:
        """Precision, averaged over the events in the order in which they are reached.

        As `sklearn.metrics.average_precision_score`: no interpolation, ties together.
        """
        if not self._happened:
            return np.nan
        precision = np.divide(
            self._events_above,
            self._above,
            out=np.zeros_like(self._above),
            where=self._above > 0,
        )
        return float(self._events @ precision) / self._happened

    def found(self, share: float) -> tuple[float, float]:
        """Return the length of a list of this share of the households, and the events on it.

        Of those who tie at the end of the list, as many are on it as there is room for, and the
        events among them are what a lot finds on average.
        """
        length = listed(self._total, share)
        last = int(np.searchsorted(self._above, length))
        before = self._above[last - 1] if last else 0.0
        events_before = self._events_above[last - 1] if last else 0.0
        room = (length - before) / self._everybody[last]
        return length, float(events_before + room * self._events[last])

    def precision_and_recall(self, share: float) -> tuple[float, float]:
        """Return the share of a list who have an event, and of events that are on the list."""
        length, found = self.found(share)
        return found / length, found / self._happened if self._happened else np.nan


def listed(households: float, share: float) -> int:
    """Return how many households a list of this share of them holds: at least one."""
    return max(1, round(share * households))


def share_of(capacity: float) -> float:
    """Return caseworkers' capacity, of 1,000 households, as a share.

    Raises
    ------
    PredictionError
        If it is not above 0 and below 1,000.
    """
    if not 0 < capacity < PER:
        raise PredictionError(
            f"Capacity is the number of households, of 1,000, that caseworkers have the time to "
            f"look into: above 0 and below 1,000, and not {capacity:g}."
        )
    return capacity / PER


def listed_share(scores: Numbers, share: float) -> Numbers:
    """Return each household's chance to be on a list of this share: 0 or 1, between them in a tie.

    Those who tie at the end of the list have the same chance of what room there is.
    """
    length = listed(len(scores), share)
    end = np.sort(scores)[-length]
    above, tied = scores > end, scores == end
    room = (length - above.sum()) / tied.sum()
    return np.where(tied, room, above.astype(float))


def on_the_list(scores: pd.Series, capacity: float, *, seed: int) -> pd.Series:
    """Say who is on a list at capacity, ties broken by lot.

    Parameters
    ----------
    scores
        A household each.
    capacity
        Of 1,000 households.
    seed
        Of the lot, so that one run draws the same list again.

    Returns
    -------
    Series of bool
        With the index of `scores`.

    Raises
    ------
    PredictionError
        If there is no household, a score is missing, or the capacity makes no sense.
    """
    share = share_of(capacity)
    if scores.empty or scores.isna().any():
        raise PredictionError(
            "A list can be drawn only from households that all have a score; "
            f"{int(scores.isna().sum()):,} of {len(scores):,} have none."
        )
    lot = np.random.default_rng(seed).random(len(scores))
    order = np.lexsort((lot, -scores.to_numpy(float)))
    chosen = np.zeros(len(scores), bool)
    chosen[order[: listed(len(scores), share)]] = True
    return pd.Series(chosen, index=scores.index, name="listed")
