"""Is acting on the scores better than looking into everybody, nobody, or whom a rule names?

Whoever looks into a household from a risk of one in twenty on says that one event found is worth
19 visits for nothing. At that threshold the net benefit of a way of choosing is its true positives
less its false positives at that rate of exchange, of all households (Vickers and Elkin 2006,
Medical Decision Making 26: 565-574): TP/n - FP/n × t/(1 - t). Choosing nobody has none; a way is
worth using where it lies above both choosing everybody and choosing nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from woda_lib.figures import Picture
from woda_lib.prediction.assessment.decision_picture import decision_picture
from woda_lib.prediction.assessment.ranking import Ranking, share_of
from woda_lib.prediction.assessment.resampling import draws_of, limits
from woda_lib.prediction.assessment.scored import (
    PROBABILITIES,
    SCORERS,
    Numbers,
    Scored,
    take_scored,
)
from woda_lib.prediction.errors import PredictionError

THRESHOLDS = tuple(round(0.01 * step, 2) for step in range(1, 41))
"""Risks, from 1% to 40%, from which on somebody might look into a household."""

EVERYBODY, NOBODY = "everybody", "nobody"


def net_benefit(
    true_positives: Numbers | float,
    false_positives: Numbers | float,
    households: float,
    threshold: Numbers | float,
) -> Numbers | float:
    """Return true positives a household, less false ones at the threshold's rate of exchange.

    Examples
    --------
    >>> round(net_benefit(80, 120, 1000, 0.2), 3)
    0.05
    """
    return (true_positives - false_positives * threshold / (1 - threshold)) / households


def decision_curve(
    frame: pd.DataFrame,
    *,
    capacity: float,
    seed: int,
    scorers: Mapping[str, str] = SCORERS,
    thresholds: Sequence[float] = THRESHOLDS,
    draws: int = 500,
    level: float = 0.95,
) -> DecisionCurve:
    """Work out the net benefit of each way of choosing households, over threshold probabilities.

    Who states a probability chooses whose risk is at the threshold or above. The rule states none:
    it chooses its list at capacity, whatever the threshold.

    Parameters
    ----------
    frame, capacity, seed, scorers, draws, level
        As `assess` takes them. A scorer that is prevalence chooses everybody or nobody, and is left
        out.
    thresholds
        Probabilities, above 0 and below 1.

    Returns
    -------
    DecisionCurve

    Raises
    ------
    PredictionError
        If the table cannot be judged, or a threshold is no probability.
    """
    at = np.asarray(thresholds, dtype=float)
    if len(at) == 0 or ((at <= 0) | (at >= 1)).any() or (np.diff(at) <= 0).any():
        raise PredictionError(
            "Thresholds are probabilities above 0 and below 1, each above the one before it."
        )
    scored = take_scored(
        frame, {name: column for name, column in scorers.items() if name != "prevalence"}
    )
    chooser = _Chooser(scored, at, share_of(capacity))
    whole = chooser.benefit(np.ones(scored.rows))
    drawn = np.stack([chooser.benefit(weights) for weights in draws_of(scored, draws, seed)])
    low, high = limits(drawn, level)
    places = pd.MultiIndex.from_product([chooser.ways, list(at)], names=["way", "threshold"])
    numbers = {"value": whole.ravel(), "low": low.ravel(), "high": high.ravel()}
    table = pd.DataFrame(numbers, index=places).reset_index()
    first = chooser.ways[0]
    over = drawn[:, :1] - drawn[:, 1:]
    over_low, over_high = limits(over, level)
    over_best = pd.DataFrame(
        {
            "threshold": np.tile(at, len(chooser.ways) - 1),
            "against": np.repeat(chooser.ways[1:], len(at)),
            "value": (whole[:1] - whole[1:]).ravel(),
            "low": over_low.ravel(),
            "high": over_high.ravel(),
        }
    )
    return DecisionCurve(table=table, differences=over_best, judged=first, level=level)


@dataclass(frozen=True, eq=False)
class DecisionCurve:
    """The net benefit of each way of choosing, over thresholds.

    Attributes
    ----------
    table : DataFrame
        ``way, threshold, value, low, high``: events found a household, less visits for nothing.
    differences : DataFrame
        The judged way less each other: ``threshold, against, value, low, high``, on the same draws.
    judged : str
        The first scorer.
    level : float
    """

    table: pd.DataFrame
    differences: pd.DataFrame
    judged: str
    level: float

    @property
    def worth_it(self) -> tuple[float, float] | None:
        """The widest run of thresholds where the judged way beats every other, intervals and all.

        None where there is no such threshold.
        """
        least = self.differences.groupby("threshold")["low"].min()
        runs = (least.gt(0) != least.gt(0).shift()).cumsum()
        best: tuple[float, float] | None = None
        for _, run in least[least.gt(0)].groupby(runs):
            ends = (float(run.index[0]), float(run.index[-1]))
            if best is None or ends[1] - ends[0] > best[1] - best[0]:
                best = ends
        return best

    @property
    def finding(self) -> str:
        """Say in a clause where the judged way beats all others."""
        if self.worth_it is None:
            return f"at no threshold is the {self.judged} better than every other way beyond chance"
        low, high = self.worth_it
        where = f"at {low:.0%}" if low == high else f"from {low:.0%} to {high:.0%}"
        return f"the {self.judged} is better than every other way, beyond chance, {where}"

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to keep in mind."""
        return (
            "A threshold is a judgement of what a visit for nothing costs a family and a "
            "caseworker, and comes from people, not from the curve.",
        )

    def summary(self, at: Sequence[float] = (0.02, 0.05, 0.1, 0.2)) -> pd.DataFrame:
        """Return net benefit of 1,000 households, a row a threshold and a column a way."""
        rows = self.table.loc[np.isin(self.table["threshold"].round(6), np.round(at, 6))]
        wide = (1000 * rows.pivot(index="threshold", columns="way", values="value")).round(2)
        ways = list(dict.fromkeys(self.table["way"]))
        return wide[ways].rename_axis(columns=None).reset_index()

    def plot(self) -> Picture:
        """Draw the curves."""
        return decision_picture(self.table, judged=self.judged)


class _Chooser:
    """The net benefit of every way at every threshold, for any weights."""

    def __init__(self, scored: Scored, thresholds: Numbers, share: float) -> None:
        self._happened, self._thresholds, self._share = scored.happened, thresholds, share
        self._events = np.flatnonzero(scored.happened)
        # A household falls between two thresholds, once for all draws.
        self._above = {
            name: np.searchsorted(thresholds, values, side="right")
            for name, values in scored.scores.items()
            if name in PROBABILITIES
        }
        self._lists = {
            name: Ranking(values, scored.happened)
            for name, values in scored.scores.items()
            if name not in PROBABILITIES
        }
        lists = {name: f"{name} at capacity" for name in self._lists}
        self.ways = [*(lists.get(name, name) for name in scored.scores), EVERYBODY, NOBODY]
        self._order = list(scored.scores)

    def benefit(self, weights: Numbers) -> Numbers:
        total, happened = weights.sum(), weights[self._events].sum()
        rows = []
        for name in self._order:
            chosen, found = self._chosen(name, weights)
            rows.append(net_benefit(found, chosen - found, total, self._thresholds))
        rows.append(net_benefit(happened, total - happened, total, self._thresholds))
        rows.append(np.zeros_like(self._thresholds))
        return np.stack([np.broadcast_to(row, self._thresholds.shape) for row in rows])

    def _chosen(self, name: str, weights: Numbers) -> tuple[Numbers | float, Numbers | float]:
        """Households that are chosen at each threshold, and events among them."""
        if name in self._lists:
            return self._lists[name].weighed(weights).found(self._share)
        above = self._above[name]
        bins = len(self._thresholds) + 1
        everybody = np.bincount(above, weights, bins)
        events = np.bincount(above[self._events], weights[self._events], bins)
        return everybody[::-1].cumsum()[::-1][1:], events[::-1].cumsum()[::-1][1:]
