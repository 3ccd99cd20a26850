"""Does it happen as often as was said? Households by stated risk, and what became of them.

Most risks are low, so that groups of equal size would show next to nothing of the high ones, which
are acted on. Groups here are cut so that each *expects* as many events.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from woda_lib.figures import LINES, TOKENS, Picture, house_axes
from woda_lib.phrases import say_count
from woda_lib.prediction.assessment.resampling import draws_of, limits
from woda_lib.prediction.assessment.scored import SCORERS, Numbers, take_scored
from woda_lib.prediction.errors import PredictionError


def calibration_curve(
    frame: pd.DataFrame,
    *,
    seed: int,
    scorers: Mapping[str, str] = SCORERS,
    scorer: str = "model",
    groups: int = 10,
    draws: int = 500,
    level: float = 0.95,
) -> CalibrationCurve:
    """Set what happened beside what was said, by groups of stated risk.

    Parameters
    ----------
    frame, seed, scorers, draws, level
        As `assess` takes them.
    scorer
        Whose probabilities.
    groups
        Of households, each with about as many expected events. Households of one risk stay
        together, so that there may be fewer.

    Returns
    -------
    CalibrationCurve

    Raises
    ------
    PredictionError
        If the table cannot be judged, or the scorer states no probability.
    """
    if scorer not in scorers or scorer == "rule":
        raise PredictionError(f"The {scorer} states no probability that could come true.")
    scored = take_scored(frame, {scorer: scorers[scorer]})
    risk = scored.scores[scorer]
    group = _groups(risk, groups)
    number = int(group.max()) + 1
    happened = np.flatnonzero(scored.happened)

    def observed(weights: Numbers) -> Numbers:
        everybody = np.bincount(group, weights, number)
        events = np.bincount(group[happened], weights[happened], number)
        return np.divide(events, everybody, out=np.full(number, np.nan), where=everybody > 0)

    whole = np.ones(scored.rows)
    drawn = np.stack([observed(weights) for weights in draws_of(scored, draws, seed)])
    low, high = limits(drawn, level)
    households = np.bincount(group, minlength=number)
    table = pd.DataFrame(
        {
            "from_risk": pd.Series(risk).groupby(group).min(),
            "to_risk": pd.Series(risk).groupby(group).max(),
            "households": households,
            "said": np.bincount(group, risk, number) / households,
            "happened": observed(whole),
            "low": low,
            "high": high,
        }
    )
    return CalibrationCurve(table=table, scorer=scorer, level=level)


@dataclass(frozen=True, eq=False)
class CalibrationCurve:
    """What was said and what happened, by groups of stated risk.

    Attributes
    ----------
    table : DataFrame
        ``from_risk, to_risk, households, said`` (mean stated risk), ``happened`` (share), with
        ``low, high``.
    scorer : str
    level : float
    """

    table: pd.DataFrame
    scorer: str
    level: float

    @property
    def missed(self) -> int:
        """Groups whose interval does not hold what was said."""
        table = self.table
        return int(((table["said"] < table["low"]) | (table["said"] > table["high"])).sum())

    @property
    def finding(self) -> str:
        """Say in a clause how often it came true."""
        held = len(self.table) - self.missed
        return (
            f"in {say_count(held)} of {say_count(len(self.table))} groups it happened as often as "
            "was said, within chance"
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to keep in mind."""
        return (
            "Each interval is of one group: with ten groups one in two times some group lies "
            "outside by chance alone."
            if len(self.table) >= 10
            else "Each interval is of one group, and one in twenty lies outside by chance alone.",
        )

    def summary(self) -> pd.DataFrame:
        """Return the groups in per cent, as a table shows them."""
        table = self.table
        return pd.DataFrame(
            {
                "stated_risk": [
                    f"{100 * a:.1f}% to {100 * b:.1f}%"
                    for a, b in zip(table["from_risk"], table["to_risk"], strict=True)
                ],
                "households": table["households"],
                "said": (100 * table["said"]).round(1),
                "happened": (100 * table["happened"]).round(1),
                "low": (100 * table["low"]).round(1),
                "high": (100 * table["high"]).round(1),
            }
        )

    def plot(self) -> Picture:
        """Draw what happened over what was said; on the line, both are the same."""
        columns = ["households", "said", "happened", "low", "high"]
        per_cent = {name: 100 * self.table[name] for name in columns[1:]}
        data = self.table[["households"]].assign(**per_cent)
        seen = data[["said", "happened", "low"]]
        # On a logarithmic axis nought lies nowhere: an interval that begins there begins at the
        # foot of the picture.
        foot = 0.7 * float(np.nanmin(seen.where(seen > 0).to_numpy(float)))
        data = data.assign(drawn_from=data["low"].clip(lower=foot))
        return Picture(draw=_draw, data=data, counts=("households",), height=4.2, gaps=True)


def _draw(figure: Figure, narrow: bool, data: pd.DataFrame) -> None:
    axes = house_axes(
        figure,
        measure="It happened to, per cent",
        narrow=narrow,
        band=(0.06, 1.0),
        above=0.4,
        right=0.15,
    )
    axes.grid(axis="x", color=TOKENS["rule"], lw=0.75)
    # A group of too few households to be shown comes without numbers, and is not drawn.
    data = data.dropna().astype(float)
    least = float(data["drawn_from"].min())
    most = 1.3 * float(np.nanmax(data[["said", "high"]]))
    for row in data.to_dict("records"):
        axes.plot([row["said"]] * 2, [row["drawn_from"], row["high"]], **LINES["mean"])
    axes.plot(data["said"], data["happened"], "o", ms=5.5, mew=0, color=TOKENS["ink"])
    least = min(least, 0.7 * float(data["said"].min()))
    axes.set(xscale="log", yscale="log", xlim=(least, most), ylim=(least, most))
    axes.axline((1, 1), (10, 10), **LINES["comparison"])
    ticks = [tick for tick in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100) if least <= tick <= most]
    for set_ticks in (axes.set_xticks, axes.set_yticks):
        set_ticks(ticks, [f"{tick:g}" for tick in ticks])
        set_ticks([], minor=True)
    figure.text(0, 0.01, "It was said to happen to, per cent", ha="left", va="bottom")


def _groups(risk: Numbers, groups: int) -> NDArray[np.intp]:
    """Number groups of rising risk, each expecting about as many events; ties stay together."""
    values, place, times = np.unique(risk, return_inverse=True, return_counts=True)
    expected = np.cumsum(values * times)
    if expected[-1] == 0:
        return np.zeros(len(risk), dtype=np.intp)
    # A value belongs where the middle of its events falls.
    middle = (expected - values * times / 2) / expected[-1]
    cut = np.minimum((middle * groups).astype(int), groups - 1)
    _, number = np.unique(cut, return_inverse=True)
    return number[place]
