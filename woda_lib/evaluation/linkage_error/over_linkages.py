"""Linkage error carried through: the same estimate over other links that are as plausible.

An evaluation of linked records takes its links as given, and some are wrong. A linkage that knows
its match probabilities can draw plausible alternatives, and the estimate is made over each. How
much it differs among them is the part of its uncertainty that linkage brings; Rubin's rules add it
to the rest (Goldstein, Harron and Wade 2012, Statistics in Medicine 31: 3481-3493; `rubin`).

Two things this cannot do are said with every result. Draws that know nothing of the outcome hold
*more* wrong links than the likeliest linkage, so that their average lies nearer to no effect. And
links that no draw finds stay missing. For the first there is a correction: the estimate is followed
from the draws to the links as they are, and as far beyond as it takes to get to none that are
wrong. It is the simulation-extrapolation of Cook and Stefanski (1994, Journal of the American
Statistical Association 89: 1314-1328), with the shares of wrong links as the scale, and pays for
less bias with a wider interval.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from woda_lib.evaluation.errors import FrameError
from woda_lib.evaluation.frames import take
from woda_lib.evaluation.interval import Interval
from woda_lib.evaluation.linkage_error.linkage_pictures import estimates_picture
from woda_lib.evaluation.linkage_error.rubin import Estimate, Pooled, pool, read_estimate
from woda_lib.evaluation.linkage_error.tipping_point import TippingPoint, tipping_point
from woda_lib.evaluation.money.distributions import Floats
from woda_lib.evaluation.result import Result
from woda_lib.figures import Picture
from woda_lib.phrases import say_number

Estimator = Callable[[pd.DataFrame], Any]

_FURTHEST = 5.0
"""How many times the way from the draws to the links may be gone on beyond them."""


def over_linkages(
    estimate: Estimator,
    linkages: pd.DataFrame | Iterable[pd.DataFrame],
    *,
    linked: pd.DataFrame,
    draw: str = "draw",
    key: Sequence[str] = (),
    link: Sequence[str] = (),
    thresholds: Mapping[float, pd.DataFrame] | None = None,
    unit: str = "",
    level: float = 0.95,
) -> OverLinkages:
    """Make an estimate over draws of links, and pool it.

    Parameters
    ----------
    estimate
        Takes a table of linked records and returns a result or an interval, or a tuple of an
        estimate and its standard error, with degrees of freedom or without.
    linkages
        Draws of the links: a table each, or one table with a column that numbers the draws. Each
        is like `linked`.
    linked
        The records as they are linked: one row a record of the one side, with what is linked to it.
    draw
        That column.
    key, link
        Columns of `linked` that name a record, and that say what it is linked to. With them it is
        counted how often draws differ, and the estimate is corrected for wrong links.
    thresholds
        The links at other thresholds of the match probability, by threshold. They show how the
        estimate depends on that choice, and are in no interval.
    unit
        Of the estimate.
    level
        Of the intervals.

    Returns
    -------
    OverLinkages

    Raises
    ------
    FrameError
        If `linked` or a draw lacks a column, or a key is repeated.
    PoolingError
        If there are fewer than five draws, or `estimate` returns nothing that can be pooled.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> days = rng.gamma(2.0, 5.0, 400)
    >>> def mean(frame):
    ...     return frame["days"].mean(), frame["days"].sem()
    >>> linked = pd.DataFrame({"days": days})
    >>> others = [
    ...     linked.assign(days=np.where(rng.random(400) < 0.1, rng.permutation(days), days))
    ...     for _ in range(20)
    ... ]
    >>> result = over_linkages(mean, others, linked=linked, unit="days")
    >>> bool(result.pooled.between > 0 and result.low < days.mean() < result.high)
    True
    """
    take(linked, **{column: column for column in (*key, *link)})
    if bool(key) != bool(link):
        raise FrameError("Give both `key` and `link`, or neither.")
    if key and linked.duplicated(list(key)).any():
        raise FrameError(f"A record stands in `linked` more than once, by {', '.join(key)}.")
    frames = list(_draws(linkages, draw))
    found = [read_estimate(estimate(frame), level) for frame in frames]
    pooled = pool(found)
    as_linked = read_estimate(estimate(linked), level)
    doubts = _doubts(linked, frames, key, link) if key else None
    at = {
        float(threshold): read_estimate(estimate(frame), level)
        for threshold, frame in sorted((thresholds or {}).items())
    }
    return OverLinkages(
        pooled=pooled,
        as_linked=as_linked,
        by_draw=tuple(found),
        by_threshold=at,
        doubts=doubts,
        level=level,
        unit=unit,
        linked=linked,
        estimator=estimate,
        link=tuple(link),
    )


def _draws(linkages: pd.DataFrame | Iterable[pd.DataFrame], draw: str) -> Iterable[pd.DataFrame]:
    if not isinstance(linkages, pd.DataFrame):
        yield from linkages
        return
    take(linkages, draw=draw)
    for _, frame in linkages.groupby(draw, sort=True):
        yield frame.drop(columns=draw).reset_index(drop=True)


def _doubts(
    linked: pd.DataFrame, draws: Sequence[pd.DataFrame], key: Sequence[str], link: Sequence[str]
) -> Floats:
    """Return for each linked record the share of draws that link it otherwise, or not."""
    rows = np.flatnonzero(linked[list(link)].notna().all(axis=1).to_numpy())
    base = linked[[*key, *link]].iloc[rows]
    names = pd.MultiIndex.from_frame(base[list(key)])
    differ = np.zeros(len(base))
    for frame in draws:
        take(frame, **{column: column for column in (*key, *link)})
        if len(frame) == len(linked) and frame[list(key)].equals(linked[list(key)]):
            other = frame[list(link)].iloc[rows]
        else:
            once = frame.drop_duplicates(list(key))
            places = pd.MultiIndex.from_frame(once[list(key)]).get_indexer(names)
            # Whom a draw leaves out is linked to nobody by it.
            other = once[list(link)].reset_index(drop=True).reindex(places)
        same = np.all([_plain(other[each]) == _plain(base[each]) for each in link], axis=0)
        differ += ~same
    shares: Floats = differ / len(draws)
    return shares


def _plain(values: pd.Series) -> Any:
    """Values that can be compared one by one: what is missing equals no link."""
    plain = values.to_numpy(dtype=object, copy=True)
    plain[values.isna().to_numpy()] = None
    return plain


@dataclass(frozen=True, eq=False)
class OverLinkages(Result):
    """An estimate with linkage error in its interval.

    Attributes
    ----------
    pooled
        Over the draws, with the variance within (chance) and between them (linkage).
    as_linked
        Over the links as they are.
    by_draw, by_threshold
        Each estimate.
    doubts
        For each linked record the share of draws that link it otherwise; if keys were given.
    """

    pooled: Pooled
    as_linked: Estimate
    by_draw: tuple[Estimate, ...] = field(repr=False)
    by_threshold: Mapping[float, Estimate] = field(repr=False)
    doubts: Floats | None = field(repr=False)
    level: float
    unit: str
    linked: pd.DataFrame = field(repr=False)
    estimator: Estimator = field(repr=False)
    link: tuple[str, ...] = ()

    @property
    def estimate(self) -> float:
        """Average over the draws."""
        return self.pooled.value

    @property
    def low(self) -> float:
        """The lower limit, linkage error included."""
        return self.pooled.limits(self.level)[0]

    @property
    def high(self) -> float:
        """The upper limit."""
        return self.pooled.limits(self.level)[1]

    @property
    def with_linkage(self) -> Interval:
        """The estimate over the links as they are, its interval widened by what linkage adds.

        Draws know nothing of the outcome and pull an estimate towards no effect, so that the links
        as they are stay its centre; the variance between draws is added to its own.
        """
        low, high = self._widened.limits(self.level)
        return Interval(self.as_linked.value, low, high, self.unit)

    @property
    def _linkage_error(self) -> float:
        """The standard deviation that linkage brings by itself."""
        return math.sqrt((1 + 1 / self.pooled.draws) * self.pooled.between)

    @property
    def _widened(self) -> Estimate:
        error = math.hypot(self.as_linked.standard_error, self._linkage_error)
        return Estimate(self.as_linked.value, error, self.pooled.df)

    @property
    def linkage_share(self) -> float:
        """The part of the variance that linkage brings, 0 to 1."""
        return self.pooled.share

    @property
    def wrong_share(self) -> float | None:
        """The share of links that are wrong, by the linkage's own probabilities; if known."""
        return None if self.doubts is None else float(self.doubts.mean())

    @property
    def corrected(self) -> Estimate | None:
        """The estimate followed on to no wrong links; none where it cannot be told how far.

        With p the share of draws that keep a link, the links as they are hold a share w of wrong
        ones, the mean of 1 − p, and a draw holds v, the mean of 2p(1 − p). The estimate is gone on
        by k = w/(v − w) times the way from the draws. The variance follows for wrong links that
        bring values of others, independent of each other.
        """
        if self.doubts is None or self.pooled.between == 0:
            return None
        number, wrong = self.pooled.draws, self.doubts
        both = float((wrong * (1 - wrong)).sum()) * number / (number - 1)
        further = 2 * both - float(wrong.sum())
        if further <= 0 or wrong.sum() / further > _FURTHEST:
            return None
        k = float(wrong.sum()) / further
        # The mean of (1 − p)² and of 1 − p, over that of p(1 − p), which between measures.
        squares = (float(wrong.sum()) - both) / both
        added = k**2 * (squares + 1 / number) + k * float(wrong.sum()) / both
        value = self.as_linked.value + k * (self.as_linked.value - self.pooled.value)
        variance = self.as_linked.standard_error**2 + added * self.pooled.between
        return Estimate(value, math.sqrt(variance), self.pooled.df)

    @property
    def method(self) -> str:
        """How it was worked out."""
        doubt = ""
        if self.wrong_share is not None:
            share = _percent(self.wrong_share)
            doubt = f"; by the linkage's own probabilities {share} of its links are wrong"
        return (
            f"{self.pooled.draws} draws of the links, pooled by Rubin's rules (1987; degrees of "
            f"freedom of Barnard and Rubin 1999). Linkage brings {_percent(self.linkage_share)} of "
            f"the variance{doubt}."
        )

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What must hold."""
        return (
            "The match probabilities are right on average.",
            "Pairs that were never compared are not one person's, or are missing by chance.",
            "Draws know nothing of the outcome, so that they pull the estimate towards no effect.",
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What speaks against it in these data."""
        said = []
        if self.linkage_share > 0.1:
            said.append(
                f"Linkage brings {_percent(self.linkage_share)} of the variance. Look at the "
                "corrected estimate too: where many links are wrong, the pooled interval holds the "
                "truth less often than it says."
            )
        moved = abs(self.pooled.value - self.as_linked.value)
        if moved > self.as_linked.standard_error / 2:
            said.append(
                f"The average over draws lies {say_number(moved, self.decimals)} {self.unit} from "
                "the estimate over the links as they are."
            )
        return tuple(said)

    @property
    def table(self) -> pd.DataFrame:
        """Every estimate: `kind` (draw, threshold), `which, estimate, low, high`."""
        rows = [("draw", float(n), *self._of(each)) for n, each in enumerate(self.by_draw, 1)]
        rows += [("threshold", at, *self._of(each)) for at, each in self.by_threshold.items()]
        return pd.DataFrame(rows, columns=["kind", "which", "estimate", "low", "high"])

    def summary(self) -> pd.DataFrame:
        """Return the estimate as linked, pooled and corrected, and the parts of its variance.

        Returns
        -------
        DataFrame
            `estimate_of, estimate, low, high, standard_error, chance, linkage`: the last two are
            the standard deviations that chance and linkage bring by themselves.
        """
        own, linkage = self.as_linked.standard_error, self._linkage_error
        rows = [
            ("links as they are", self.as_linked, own, 0.0),
            ("the same, linkage error added", self._widened, own, linkage),
            ("draws of links, pooled", self.pooled, math.sqrt(self.pooled.within), linkage),
        ]
        if self.corrected is not None:
            rest = math.sqrt(max(self.corrected.standard_error**2 - own**2, 0.0))
            rows.append(("corrected for wrong links", self.corrected, own, rest))
        return pd.DataFrame(
            [
                (name, *self._of(each), each.standard_error, mine, theirs)
                for name, each, mine, theirs in rows
            ],
            columns=[
                *("estimate_of", "estimate", "low", "high"),
                *("standard_error", "chance", "linkage"),
            ],
        )

    def tipping_point(self, **settings: Any) -> TippingPoint:
        """Say how many links would have to be wrong; see `tipping_point.tipping_point`."""
        return tipping_point(
            self.estimator,
            self.linked,
            **{"link": self.link, "level": self.level, "known": self.wrong_share, **settings},
        )

    def plot(self) -> Picture:
        """Draw the pooled estimate, every draw's, and those at other thresholds."""
        return estimates_picture(self.summary(), self.table, unit=self.unit)

    def _of(self, each: Estimate) -> tuple[float, float, float]:
        return (each.value, *each.limits(self.level))


def _percent(share: float) -> str:
    percent = 100 * share
    if percent == 0:
        return "none"
    if percent < 0.01:
        return "under 0.01%"
    digits = 0 if percent >= 10 else (1 if percent >= 1 else 2)
    return f"{percent:.{digits}f}%"
