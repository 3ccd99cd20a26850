"""How wrong would the links have to be to overturn the conclusion?

A growing share of links is made wrong, or taken away, at random, and the estimate made again, until
its interval holds no effect. That share, beside the share that is thought to be wrong, says how
much weight the conclusion puts on the links. (For missing data this is called a tipping point:
Yan, Lee and Li 2009, Journal of Biopharmaceutical Statistics 19: 1085-1098.)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from woda_lib.evaluation.distributions import Floats
from woda_lib.evaluation.errors import EvaluationError, FrameError
from woda_lib.evaluation.frames import take
from woda_lib.evaluation.linkage_pictures import tipping_picture
from woda_lib.evaluation.result import Result
from woda_lib.evaluation.rubin import read_estimate
from woda_lib.figures import Picture
from woda_lib.phrases import say_number

Places = NDArray[np.integer[Any]]

SHARES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_MOST_LOST = 0.99
"""Links that are lost leave at least one in a hundred, or there is nothing to estimate from."""


class TippingPointError(EvaluationError):
    """It cannot be said how wrong links would have to be."""


def tipping_point(
    estimate: Callable[[pd.DataFrame], Any],
    linked: pd.DataFrame,
    *,
    link: Sequence[str],
    how: Literal["wrong", "lost"] = "wrong",
    block: Sequence[str] = (),
    wrong: Sequence[pd.DataFrame] = (),
    known: float | None = None,
    shares: Sequence[float] = SHARES,
    replications: int = 20,
    seed: int = 20260101,
    level: float = 0.95,
) -> TippingPoint:
    """Make a growing share of links wrong until the interval holds no effect.

    Parameters
    ----------
    estimate
        As in `over_linkages`.
    linked
        One row a record, with what is linked to it.
    link
        The columns that say what; missing where a record has no link.
    how
        "wrong": links go to somebody else. "lost": they are taken away.
    block
        Columns within which wrong links are drawn: two records of a block swap what they are linked
        to. Without columns, any two may.
    wrong
        Instead: tables like `linked`, row by row, in which every link is wrong. Replications take
        them in turn. Better than swapping where records that are linked to nobody may be taken.
    known
        The share that is thought to be wrong, for the words.
    shares
        The shares to try, rising.
    replications
        How often it is done anew.
    seed
        Equal seeds give equal results.
    level
        Of the intervals.

    Returns
    -------
    TippingPoint

    Raises
    ------
    FrameError
        If `linked` lacks a column, or `wrong` has other rows.
    TippingPointError
        If there are no links, or the shares or replications make no sense.
    """
    take(linked, **{column: column for column in (*link, *block)})
    if not link:
        raise FrameError("`link` must name the columns that say what a record is linked to.")
    if any(len(frame) != len(linked) for frame in wrong):
        raise FrameError("A table of wrong links must have the rows of `linked`, in its order.")
    if list(shares) != sorted(set(shares)) or not all(0 < share <= 1 for share in shares):
        raise TippingPointError("The shares must rise, and lie between 0 and 1.")
    if replications < 2:
        raise TippingPointError("At least two replications are needed, and 20 are better.")
    rows = np.flatnonzero(linked[list(link)].notna().all(axis=1).to_numpy())
    if len(rows) < 2:
        raise TippingPointError("No records are linked, so that no link can be wrong.")
    rng = np.random.default_rng(seed)
    orders = [rng.permutation(rows) for _ in range(replications)]
    others = [
        wrong[n % len(wrong)] if wrong else _swapped(linked, link, block, rows, rng)
        for n in range(replications if how == "wrong" else 0)
    ]

    def near(frame: pd.DataFrame) -> tuple[float, float, float]:
        found = read_estimate(estimate(frame), level)
        return (found.value, *found.limits(level))

    path = [np.array([near(linked)] * replications)]
    tried = [0.0]
    for share in shares:
        if _holds_none(path[-1]).all() or (how == "lost" and share > _MOST_LOST):
            break
        number = round(share * len(rows))
        at = []
        for n, order in enumerate(orders):
            taken = order[:number]
            if how == "lost":
                spoilt = _lost(linked, link, taken)
            else:
                columns = {each: others[n][each].to_numpy(dtype=object)[taken] for each in link}
                spoilt = _replaced(linked, taken, columns)
            at.append(near(spoilt))
        path.append(np.array(at))
        tried.append(float(share))
    return TippingPoint(
        shares=np.array(tried), path=np.array(path), how=how, known=known, level=level
    )


def _swapped(
    linked: pd.DataFrame,
    link: Sequence[str],
    block: Sequence[str],
    rows: Places,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Link every record to what the next one of its block, in random order, is linked to."""
    mixed = rng.permutation(rows)
    groups = (
        linked.iloc[mixed].groupby(list(block), sort=False, dropna=False).ngroup().to_numpy()
        if block
        else np.zeros(len(mixed), dtype=int)
    )
    order = mixed[np.argsort(groups, kind="stable")]
    inside = np.sort(groups, kind="stable")
    last = np.r_[inside[1:] != inside[:-1], True]
    first = np.flatnonzero(np.r_[True, inside[1:] != inside[:-1]])
    following = np.arange(1, len(order) + 1)
    following[last] = first
    onward = order[following]
    return _replaced(
        linked, order, {column: linked[column].to_numpy(dtype=object)[onward] for column in link}
    )


def _replaced(frame: pd.DataFrame, rows: Places, new: Mapping[str, Any]) -> pd.DataFrame:
    """Return a table with other values in some rows, and every column of its own type."""
    made = {}
    for column, values in new.items():
        whole = frame[column].to_numpy(dtype=object).copy()
        whole[rows] = values
        made[column] = pd.Series(whole, index=frame.index).astype(frame[column].dtype)
    return frame.assign(**made)


def _lost(frame: pd.DataFrame, link: Sequence[str], rows: Places) -> pd.DataFrame:
    gone = np.zeros(len(frame), dtype=bool)
    gone[rows] = True
    return frame.assign(**{column: frame[column].mask(gone) for column in link})


def _holds_none(estimates: Floats) -> Any:
    """Whether each interval (rows of estimate, low, high) holds no effect."""
    return (estimates[:, 1] <= 0) & (estimates[:, 2] >= 0)


@dataclass(frozen=True, eq=False)
class TippingPoint(Result):
    """The share of links that would have to be wrong, in %, over replications.

    `path` holds estimate, low and high, shape (shares, replications, 3).
    """

    shares: Floats
    path: Floats = field(repr=False)
    how: Literal["wrong", "lost"]
    known: float | None
    level: float
    unit: str = "% of links"

    @property
    def points(self) -> Floats:
        """The share of each replication, in %; infinite where none that was tried is enough."""
        found = np.full(self.path.shape[1], np.inf)
        # How far the limit that is nearer to no effect lies from it; below nought beyond it.
        sign = np.sign(self.path[0, :, 0])
        limits = np.where(sign < 0, -self.path[..., 2], self.path[..., 1])
        for n in range(len(found)):
            below = np.flatnonzero(limits[:, n] <= 0)
            if not len(below):
                continue
            at = below[0]
            if at == 0:
                found[n] = 0.0
                continue
            before, after = limits[at - 1, n], limits[at, n]
            step = self.shares[at] - self.shares[at - 1]
            found[n] = 100 * (self.shares[at - 1] + step * before / (before - after))
        return found

    @property
    def estimate(self) -> float:
        """The median over replications; infinite where most were never overturned."""
        return float(np.quantile(self.points, 0.5, method="inverted_cdf"))

    @property
    def low(self) -> float:
        """The lower end of what replications gave."""
        share = (1 - self.level) / 2
        return float(np.quantile(self.points, share, method="inverted_cdf"))

    @property
    def high(self) -> float:
        """The upper end."""
        share = (1 + self.level) / 2
        return float(np.quantile(self.points, share, method="inverted_cdf"))

    @property
    def finding(self) -> str:
        """The answer as a sentence."""
        done = "wrong" if self.how == "wrong" else "missing"
        known = (
            ""
            if self.known is None or self.how == "lost"
            else f"; {_share(100 * self.known)} are thought to be"
        )
        if self.estimate == 0:
            return "The interval holds no effect as it is, without any link being wrong."
        if math.isinf(self.estimate):
            most = _share(100 * float(self.shares[-1]))
            return (
                f"Even with {most} of the links {done}, the interval would hold an effect{known}."
            )
        ends = ""
        if math.isfinite(self.high) and self.high - self.low >= 0.5:
            ends = f" ({say_number(self.low, 0)} to {say_number(self.high, 0)}%, by which ones)"
        return (
            f"About {_share(self.estimate)} of the links{ends} would have to be {done} before the "
            f"interval held no effect{known}."
        )

    @property
    def method(self) -> str:
        """How it was worked out."""
        done = "linked to somebody else" if self.how == "wrong" else "taken away"
        number, shares = self.path.shape[1], len(self.shares) - 1
        return (
            f"Records were {done} at random, {number} times over, and the estimate made again at "
            f"{shares} shares; in between it is interpolated. {self.finding}"
        )

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What must hold."""
        return (
            "Links are wrong at random. Errors that go with the outcome and with the change would "
            "need fewer.",
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What speaks against it."""
        if math.isinf(self.high) and not math.isinf(self.estimate):
            return ("Some replications were not overturned by the largest share that was tried.",)
        return ()

    @property
    def table(self) -> pd.DataFrame:
        """By share (%): `estimate, low, high`, medians over replications, and `overturned` (%)."""
        middle = np.median(self.path, axis=1)
        holds = [100 * float(_holds_none(at).mean()) for at in self.path]
        return pd.DataFrame(
            {
                "share": 100 * self.shares,
                "estimate": middle[:, 0],
                "low": middle[:, 1],
                "high": middle[:, 2],
                "overturned": holds,
            }
        )

    def summary(self) -> pd.DataFrame:
        """Return the share that overturns the conclusion, and the share thought to be wrong."""
        rows = [(f"Links that would have to be {self.how}", self.estimate, self.low, self.high)]
        if self.known is not None and self.how == "wrong":
            rows.append(("Links thought to be wrong", 100 * self.known, np.nan, np.nan))
        return pd.DataFrame(rows, columns=["measure", "estimate", "low", "high"])

    def plot(self) -> Picture:
        """Draw the estimate and its interval against the share of links that are wrong."""
        return tipping_picture(self.table, at=self.estimate, how=self.how)


def _share(percent: float) -> str:
    if percent == 100:
        return "all"
    digits = 0 if percent >= 10 else (1 if percent >= 1 else 2)
    return f"{say_number(percent, digits)}%"
