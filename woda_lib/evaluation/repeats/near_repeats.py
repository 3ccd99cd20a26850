"""Near repeats: does it happen again to the same, or close by, sooner than chance would have it?

Pairs of events that share a person, a couple or a place are counted by the time between them, and
held against the same events with their times dealt out anew: each person keeps the number of
events, and the calendar keeps its busy weeks; only which event came when is chance. A ratio of 2
says that there are twice as many pairs so close in time as there would be. This is the test of Knox
(1964, Journal of the Royal Statistical Society C 13: 25-30) with the permutations of Mantel (1967,
Cancer Research 27: 209-220), which criminology uses for burglary and shootings (Johnson et al.
2007, Journal of Quantitative Criminology 23: 201-219).

What permutation gives is a p value and no interval. The interval of the ratio comes from the spread
between people (or chains of close events): one person with thirty incidents has 435 pairs, which
stand or fall together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from woda_lib.evaluation.frames import numbers, take
from woda_lib.evaluation.repeats.close_pairs import (
    ClosePairs,
    Floats,
    all_pairs_within,
    counted,
)
from woda_lib.evaluation.repeats.errors import RepeatsError, check_share
from woda_lib.evaluation.repeats.window_picture import window_picture
from woda_lib.evaluation.result import Result
from woda_lib.figures import Picture
from woda_lib.phrases import say_count, say_number, say_range

WINDOWS = (7, 14, 28, 56, 91, 182)
FEW, FEW_GROUPS = 10, 20


def near_repeats(
    frame: pd.DataFrame,
    *,
    time: str,
    same: str | None = None,
    apart: str | None = None,
    x: str | None = None,
    y: str | None = None,
    within: float | None = None,
    windows: Sequence[float] = WINDOWS,
    permutations: int = 999,
    seed: int = 0,
    level: float = 0.95,
    unit: str = "days",
) -> NearRepeats:
    """Compare how soon events repeat with what chance would give, window by window.

    Parameters
    ----------
    frame
        A row an event. Leave out events that were entered twice: two records of one event are the
        nearest repeat of all.
    time
        Column of when: days, of which the time of day is dropped, or numbers.
    same
        Column of the person, couple or place that events share; events without one pair with none.
    apart
        Column in which the two must differ, such as the victim where `same` is the home: then a
        repeat is somebody else's.
    x, y, within
        In place of `same`: columns of coordinates, and how far apart is close.
    windows
        The last day of each window, rising: 7, 14 is 0 to 7 days, and 8 to 14.
    permutations, seed
        Of the times.
    level
        Of the intervals.
    unit
        Of the time, in the plural.

    Returns
    -------
    NearRepeats
        Its estimate is the ratio of the first window; 1 is what chance gives.

    Raises
    ------
    RepeatsError
        If neither `same` nor coordinates are given, or both; windows do not rise; an event has no
        time; or no two events belong together.
    FrameError
        If a column is missing, or a coordinate is no number.

    Examples
    --------
    >>> frame = pd.DataFrame({"home": ["a", "a", "b", "b", "c", "c", "d", "e"],
    ...                       "day": [1, 3, 40, 41, 80, 120, 150, 200]})
    >>> found = near_repeats(frame, time="day", same="home", windows=[7, 60])
    >>> found.table[["window", "pairs", "expected"]].round(2).values.tolist()
    [['0 to 7', 2, 0.21], ['8 to 60', 1, 0.96]]
    """
    edges = _edges(windows)
    level = check_share(level, "level")
    given = take(frame, time=time, same=same, apart=apart, x=x, y=y)
    times = _times(given["time"], time)
    pairs = _pairs(given, same=same, x=x, y=y, within=within)
    if apart is not None:
        codes, _ = pd.factorize(given["apart"])
        pairs = pairs.where(codes[pairs.first] != codes[pairs.second])
    if not len(pairs):
        raise RepeatsError(
            "No two events belong together, so that nothing repeats. Check the column of what "
            "they share, or take a longer period."
        )
    gaps = pairs.gaps(times)
    chance = np.diff(all_pairs_within(times, edges), prepend=0.0)
    chance /= len(times) * (len(times) - 1) / 2
    rng = np.random.default_rng(seed)
    dealt = np.array(
        [counted(pairs.gaps(rng.permutation(times)), edges) for _ in range(permutations)]
    )
    observed = counted(gaps, edges)
    tail = (1 - level) / 2
    limits = np.quantile(dealt, [tail, 1 - tail], axis=0)
    rows = pd.DataFrame(
        {
            "window": _names(edges, times),
            "until": edges,
            "pairs": observed,
            "expected": chance * len(pairs),
            "chance_low": limits[0],
            "chance_high": limits[1],
        }
    )
    ratios = _ratios(gaps, edges, pairs.cluster, chance, level)
    above = (dealt >= observed).sum(axis=0)
    return NearRepeats(
        table=pd.concat([rows, ratios], axis=1).assign(p_value=(above + 1) / (permutations + 1)),
        events=len(times),
        close=len(pairs),
        clusters=len(np.unique(pairs.cluster)),
        permutations=permutations,
        level=level,
        span=unit,
    )


@dataclass(frozen=True, eq=False)
class NearRepeats(Result):
    """How many times as often as by chance events follow each other so soon.

    Attributes
    ----------
    table
        A row a window: `window, until, pairs` (close in time, of those that belong together),
        `expected, chance_low, chance_high` (of chance alone), `ratio, low, high, p_value`
        (one-sided: so many pairs or more).
    events, close, clusters
        How many events; pairs that belong together, however far apart in time; and groups of them.
    permutations, level
        As asked for.
    span
        Unit of the time.
    """

    table: pd.DataFrame
    events: int
    close: int
    clusters: int
    permutations: int
    level: float
    span: str
    unit: str = ""

    @property
    def estimate(self) -> float:
        """Ratio of the first window: pairs as recorded, over pairs by chance."""
        return float(self.table["ratio"].iloc[0])

    @property
    def low(self) -> float:
        """Lower limit of its interval."""
        return float(self.table["low"].iloc[0])

    @property
    def high(self) -> float:
        """Upper limit of its interval."""
        return float(self.table["high"].iloc[0])

    @property
    def no_effect(self) -> float:
        """One: as often as by chance."""
        return 1.0

    @property
    def finding(self) -> str:
        """Say in a clause how much the first window stands out."""
        first = self.table.iloc[0]
        return (
            f"within {first['window'].removeprefix('0 to ')} {self.span} there are "
            f"{say_number(self.estimate)} times as many repeats as by chance (95% interval "
            f"{say_range(self.low, self.high)})"
        ).replace("95%", f"{self.level:.0%}")

    @property
    def method(self) -> str:
        """What was done, in a sentence."""
        return (
            f"Knox's test by windows of time, {self.close:,} pairs of {self.events:,} events; "
            f"p values from {self.permutations} permutations of the times (Mantel 1967); intervals "
            f"of the ratios robust to {self.clusters:,} groups of close events, on the log scale."
        )

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the interval rests on."""
        return (
            "By chance each event could have come at the time of any other: somebody who was not "
            "there the whole time, a couple that parted, say, repeats sooner than this allows for.",
            "What befalls one group of close events does not depend on another.",
            "No event stands twice among the rows.",
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """Which windows hold too few pairs, and whether too few groups stand behind all of them."""
        found = []
        if few := self.table.loc[self.table["pairs"] < FEW, "window"].tolist():
            found.append(f"Fewer than {FEW} pairs lie in {', '.join(few)} {self.span}.")
        if self.clusters < FEW_GROUPS:
            found.append(
                f"All pairs belong to {say_count(self.clusters)} group"
                f"{'' if self.clusters == 1 else 's'} of close events, too few for intervals to be "
                "relied on; the p values hold."
            )
        return tuple(found)

    def summary(self) -> pd.DataFrame:
        """Return a row a window: `measure, estimate` (the ratio)`, low, high, pairs, expected,
        p_value`."""
        columns = ["window", "ratio", "low", "high", "pairs", "expected", "p_value"]
        return self.table[columns].rename(columns={"window": "measure", "ratio": "estimate"})

    def plot(self) -> Picture:
        """Draw the ratio of each window, and the band that chance stays in."""
        return window_picture(self.table, span=self.span)


def _edges(windows: Sequence[float]) -> Floats:
    edges = np.asarray(list(windows), dtype=float)
    if (
        not len(edges)
        or not np.isfinite(edges).all()
        or edges[0] < 0
        or (np.diff(edges) <= 0).any()
    ):
        raise RepeatsError(
            "`windows` are the last days of each window, nought or more and rising: 7, 14, 28."
        )
    return edges


def _times(values: pd.Series, column: str) -> Floats:
    if not pd.api.types.is_datetime64_any_dtype(values):
        return numbers(values, column).to_numpy()
    if values.isna().any():
        row = int(values.isna().to_numpy().argmax()) + 1
        raise RepeatsError(
            f"The column {column!r} has no time in row {row}. Leave such rows out, and report how "
            "many there were."
        )
    return ((values.dt.normalize() - pd.Timestamp(0)).dt.days).to_numpy(float)


def _pairs(
    given: pd.DataFrame, *, same: str | None, x: str | None, y: str | None, within: float | None
) -> ClosePairs:
    if same is not None:
        if any(part is not None for part in (x, y, within)):
            raise RepeatsError("Give either `same`, or `x`, `y` and `within`.")
        return ClosePairs.sharing(given["same"], column=same)
    if x is None or y is None or within is None:
        raise RepeatsError(
            "Say what events share: `same` is the column of a person or place, or give `x`, `y` "
            "and `within`."
        )
    places = np.column_stack([numbers(given["x"], x), numbers(given["y"], y)])
    return ClosePairs.within(places, within)


def _names(edges: Floats, times: Floats) -> list[str]:
    """Name the windows: 8 to 14 where times are whole days, else over 7 to 14."""
    ends = [f"{edge:g}" for edge in edges]
    if (times % 1 == 0).all() and (edges % 1 == 0).all():
        starts = [f"{edge + 1:g}" for edge in edges[:-1]]
    else:
        starts = [f"over {end}" for end in ends[:-1]]
    return [f"{start} to {end}" for start, end in zip(["0", *starts], ends, strict=True)]


def _ratios(
    gaps: Floats, edges: Floats, cluster: Any, chance: Floats, level: float
) -> pd.DataFrame:
    """Return the ratio of each window with limits that let pairs of one group move together.

    The share of pairs in a window is a ratio of two sums over groups; its error on the log scale is
    that of the groups' contributions to it (Taylor linearisation, as for survey ratios).
    """
    codes, _ = pd.factorize(cluster)
    groups = int(codes.max()) + 1
    whole = np.bincount(codes, minlength=groups)
    window = np.searchsorted(edges, gaps, side="left")
    z = stats.norm.ppf(0.5 + level / 2)
    rows = []
    for place in range(len(edges)):
        mine = np.bincount(codes[window == place], minlength=groups)
        found, expected = int(mine.sum()), float(chance[place] * len(gaps))
        if not found:  # of none, the largest number that would leave none so often
            rows.append((0.0, 0.0, -np.log((1 - level) / 2) / expected if expected else np.inf))
            continue
        ratio = found / expected if expected else np.inf
        if groups < 2:  # one group says nothing of how far groups differ
            rows.append((ratio, 0.0, np.inf))
            continue
        parts = mine / found - whole / len(gaps)
        error = np.sqrt((parts**2).sum() * groups / (groups - 1))
        rows.append((ratio, ratio * np.exp(-z * error), ratio * np.exp(z * error)))
    return pd.DataFrame(rows, columns=["ratio", "low", "high"])
