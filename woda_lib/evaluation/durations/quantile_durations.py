"""Quantile regression with some still waiting: what did the change do to the median, or to the long
waits, all else alike?

A change may leave the typical wait alone and shorten the longest, or the other way round; a mean
does not say which. Each wait that was seen to its end stands for itself and for those like it who
were lost from sight before, in the proportion 1 / (share not yet lost by then), within each group.
Waits are followed to a horizon: whoever was seen waiting there is complete, since no quantile below
the horizon asks for more. Without case mix the answer is the Kaplan-Meier quantile itself.

Sources: Koenker and Bassett (1978), Econometrica 46: 33-50; the weights: Bang and Tsiatis (2002),
Biometrics 58: 643-649. The interval is from draws of people (or of clusters), weights and all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_array

from woda_lib.evaluation.durations.durations import (
    Booleans,
    DurationError,
    Durations,
    Floats,
    Ints,
    check_horizon,
    check_level,
    name_of,
    two_groups,
)
from woda_lib.evaluation.durations.pseudo_values import read_clusters
from woda_lib.evaluation.durations.survival_curve import Curve
from woda_lib.evaluation.durations.terms import read_levels
from woda_lib.evaluation.durations.words import independence
from woda_lib.evaluation.forest import forest
from woda_lib.evaluation.frames import take
from woda_lib.evaluation.result import Result
from woda_lib.figures import Picture

SEED = 20_240_401
LEAST_IN_VIEW = 0.05
FEWEST_ENDS = 5
ENDS_A_TERM = 10


def quantile_durations(
    frame: pd.DataFrame,
    *,
    duration: str,
    event: str,
    group: str,
    horizon: float,
    quantile: float = 0.5,
    others: Sequence[float] = (0.25, 0.5, 0.75),
    reference: Any = None,
    adjust: Sequence[str] = (),
    cluster: str | None = None,
    ended: Any = None,
    draws: int = 200,
    level: float = 0.95,
    unit: str = "days",
) -> QuantileDurations:
    """Compare a quantile of two groups' waits, with case mix held alike.

    Parameters
    ----------
    frame, duration, event, group, reference, ended, level, unit
        As in `restricted_mean`.
    horizon
        Up to which waits are followed; quantiles beyond it are not asked for.
    quantile
        The share of people: 0.5 is the median, 0.9 the wait that one in ten exceeds.
    others
        Quantiles to show beside it.
    adjust
        Columns of case mix, as in `cox`; each adds so many units of time.
    cluster
        Column of what moves people together; whole clusters are drawn for the interval.
    draws
        How many, for the interval.

    Returns
    -------
    QuantileDurations
        Its estimate is the other group's quantile less the reference's; negative is shorter.

    Raises
    ------
    DurationError
        As `cox`; or a group's curve does not fall to the quantile before the horizon, or hardly
        anybody is still in view there.

    Examples
    --------
    >>> frame = pd.DataFrame({"days": [1, 2, 3, 4, 5, 3, 5, 7, 9, 11], "left": 1,
    ...                       "slow": [False] * 5 + [True] * 5})
    >>> quantile_durations(frame, duration="days", event="left", group="slow",
    ...                    horizon=20, draws=50).estimate
    4.0
    """
    horizon, level = check_horizon(horizon), check_level(level)
    wanted = sorted({quantile, *others})
    if draws < 50:
        raise DurationError("An interval needs 50 `draws` at the least; 200 are usual.")
    if any(not 0 < share < 1 for share in wanted):
        raise DurationError("Quantiles are shares of people between 0 and 1: 0.5 is the median.")
    adjust = [adjust] if isinstance(adjust, str) else list(adjust)
    durations = Durations.of(frame, duration=duration, event=event, ended=ended)
    place, groups = two_groups(take(frame, group=group)["group"], group, reference=reference)
    levels = read_levels(frame, adjust, "adjust")
    design = np.column_stack([np.ones(len(place)), place, levels.to_numpy(dtype=float)])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise DurationError(
            f"The {design.shape[1] - 1} terms cannot be told apart: one follows from the others. "
            "Leave one of the columns out."
        )
    names = [name_of(each) for each in groups]
    for number, name in enumerate(names):
        wanted = _reached(durations.where(place == number), wanted, quantile, horizon, name, unit)
    members = None if cluster is None else read_clusters(frame, cluster)[0]
    seen = _Seen(
        np.minimum(durations.times, horizon),
        durations.ended | (durations.times >= horizon),
        place,
        design,
    )
    rng = np.random.default_rng(SEED)
    estimates = np.array([seen.fit(share, np.ones(len(place))) for share in wanted])
    drawn_anew = []
    for _ in range(draws):
        times = _draw(rng, len(place), members)
        drawn_anew.append([seen.fit(share, times) for share in wanted])
    again = np.array(drawn_anew)
    limits = np.nanquantile(again, [0.5 - level / 2, 0.5 + level / 2], axis=0)
    terms = ["intercept", f"{names[1]} less {names[0]}", *levels.columns]
    rows = [
        (share, term, estimates[q, t], limits[0, q, t], limits[1, q, t])
        for q, share in enumerate(wanted)
        for t, term in enumerate(terms)
    ]
    return QuantileDurations(
        table=pd.DataFrame(rows, columns=["quantile", "term", "estimate", "low", "high"]),
        quantile=quantile,
        people=len(place),
        ended=int(durations.ended.sum()),
        horizon=horizon,
        cluster=cluster,
        level=level,
        unit=unit,
        draws=draws,
        missed=int(np.isnan(again[:, :, 1]).any(axis=1).sum()),
    )


@dataclass(frozen=True, eq=False)
class QuantileDurations(Result):
    """Differences of quantiles, case mix held alike.

    Attributes
    ----------
    table
        A row a quantile and term: `quantile, term, estimate, low, high`.
    quantile
        The one that the estimate is about.
    people, ended
        How many there were, and how many left.
    draws, missed
        Draws for the interval, and those in which some quantile could not be found.
    """

    table: pd.DataFrame
    quantile: float
    people: int
    ended: int
    horizon: float
    cluster: str | None
    level: float
    unit: str
    draws: int
    missed: int

    @property
    def _effects(self) -> pd.DataFrame:
        return self.table.iloc[1 :: self.table["term"].nunique()].reset_index(drop=True)

    def _value(self, column: str) -> float:
        effects = self._effects
        return float(effects.loc[effects["quantile"] == self.quantile, column].iloc[0])

    @property
    def estimate(self) -> float:
        """Difference of the quantile asked for, the other group less the reference."""
        return self._value("estimate")

    @property
    def low(self) -> float:
        """Lower limit of the interval."""
        return min(self._value("low"), self.estimate)

    @property
    def high(self) -> float:
        """Upper limit of the interval."""
        return max(self._value("high"), self.estimate)

    @property
    def method(self) -> str:
        """What was done, in a sentence."""
        what = f"clusters of {self.cluster}" if self.cluster else "people"
        return (
            f"Quantile regression at {self.quantile:g} of waits up to {self.horizon:g} "
            f"{self.unit}, weighted by the inverse probability of not being lost from sight (Bang "
            f"and Tsiatis 2002); interval from {self.draws} draws of {what}; {self.people:,} "
            f"people, {self.ended:,} of whom left."
        )

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the interval rests on."""
        return (
            "Within a group, being lost from sight depends neither on the case mix nor on what "
            "would have come.",
            "Each term adds so many units of time to the quantile.",
            independence(self.cluster),
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What speaks against the model's size."""
        found = []
        terms = self.table["term"].nunique() - 1
        if self.ended < ENDS_A_TERM * terms:
            found.append(
                f"{self.ended} people left and the model has {terms} terms; use fewer terms."
            )
        if self.missed:
            found.append(
                f"In {self.missed} of {self.draws} draws a quantile could not be found; the "
                "interval rests on the others."
            )
        return tuple(found)

    def summary(self) -> pd.DataFrame:
        """The difference at each quantile, a row each."""
        table = self._effects
        names = "Quantile " + table["quantile"].map("{:g}".format) + ", " + table["term"]
        return pd.DataFrame({"measure": names, **table[["estimate", "low", "high"]]})

    def plot(self) -> Picture:
        """Draw the difference at each quantile: short waits above, long ones below."""
        table = self._effects
        kinds = np.where(table["quantile"] == self.quantile, "primary", "other model")
        names = [
            "median" if share == 0.5 else f"{share:.0%} have left" for share in table["quantile"]
        ]
        return forest(
            table[["estimate", "low", "high"]].assign(method=names, kind=kinds),
            measure=f"Difference of waits, {self.unit}: {table['term'].iloc[0]}",
        )


class _Seen:
    """Waits up to the horizon, and the regression of their quantiles for any weights of people."""

    def __init__(self, times: Floats, complete: Booleans, place: Ints, design: Floats) -> None:
        self.times, self.complete, self.place, self.design = times, complete, place, design

    def fit(self, share: float, people: Floats) -> Floats:
        """Coefficients at a quantile; not numbers where there is no answer."""
        weights = self._stands_for(people)
        used = weights > 0
        design, times, weights = self.design[used], self.times[used], weights[used]
        # The dual: as many unknowns as people, as few equations as terms.
        found = linprog(
            -times,
            A_eq=csr_array(design.T),
            b_eq=np.zeros(design.shape[1]),
            bounds=np.column_stack([(share - 1) * weights, share * weights]),
            method="highs",
        )
        if not found.success:
            return np.full(design.shape[1], np.nan)
        return -np.asarray(found.eqlin.marginals)

    def _stands_for(self, people: Floats) -> Floats:
        """People whom each complete wait stands for: itself, and those lost before it."""
        weights = np.zeros(len(people))
        for group in (0, 1):
            rows = self.place == group
            place = np.unique(self.times[rows], return_inverse=True)[1]
            leaving = np.bincount(place, people[rows])
            lost = np.bincount(place, people[rows] * ~self.complete[rows])
            ended = leaving - lost
            at_risk = leaving[::-1].cumsum()[::-1] - ended
            kept = np.divide(lost, at_risk, out=np.zeros_like(lost), where=at_risk > 0)
            share = np.append(1.0, np.cumprod(1 - kept)[:-1])[place]
            weights[rows] = np.divide(
                people[rows] * self.complete[rows], share, out=np.zeros_like(share), where=share > 0
            )
        return weights


def _draw(rng: np.random.Generator, size: int, members: Ints | None) -> Floats:
    if members is None:
        return rng.multinomial(size, np.full(size, 1 / size)).astype(float)
    groups = int(members.max()) + 1
    return rng.multinomial(groups, np.full(groups, 1 / groups)).astype(float)[members]


def _reached(
    part: Durations,
    wanted: Sequence[float],
    quantile: float,
    horizon: float,
    name: str,
    unit: str,
) -> list[float]:
    """Keep the quantiles to which a group's curve falls before the horizon."""
    inside = part.ended & (part.times <= horizon)
    if inside.sum() < FEWEST_ENDS or len(np.unique(part.times[inside])) < 2:
        raise DurationError(
            f"Of {name}, {int(inside.sum())} people left within the horizon, or all at one time; "
            f"quantiles need at least {FEWEST_ENDS} who left at different times in each group."
        )
    curve = Curve.of(part)
    left = float(curve.at(np.array([np.nextafter(horizon, 0)]))[0])
    if 1 - quantile <= left:
        raise DurationError(
            f"Of {name}, {left:.0%} were still waiting at {horizon:g} {unit}, so that the quantile "
            f"{quantile:g} lies beyond. Use a longer horizon, a lower quantile, or restricted "
            "means."
        )
    lost = Curve.of(
        Durations(part.times, (~part.ended & (part.times < horizon)).astype(int), part.ways)
    )
    if float(lost.survival[-1]) < LEAST_IN_VIEW:
        raise DurationError(
            f"Of {name}, fewer than {LEAST_IN_VIEW:.0%} would have been kept in view up to "
            f"{horizon:g} {unit}, so that single people would stand for very many. Use a shorter "
            "horizon."
        )
    return [share for share in wanted if 1 - share > left]
