"""Balancing measures: did anything get worse while the thing that was aimed at got better?

"No significant rise" is not "no rise": a study too small to see harm would pass everything. So each
measure is held to a margin, fixed beforehand: the worsening that would still be put up with. Only
where the whole interval stays short of it is the measure said to be no worse; where the interval
holds the margin, nothing can be told (Piaggio, Elbourne, Pocock, Evans and Altman 2012, JAMA 308:
2594-2604, figure 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from woda_lib.evaluation.errors import EvaluationError
from woda_lib.evaluation.forest import forest
from woda_lib.evaluation.frames import numbers, take
from woda_lib.evaluation.series.interrupted_time_series import interrupted_time_series
from woda_lib.figures import Picture

NO_WORSE, WORSE, UNTOLD = "no worse", "worse", "cannot be told"
_SAID = {
    NO_WORSE: "{0} {1} no worse",
    WORSE: "{0} {1} worse by more than the margin",
    UNTOLD: "of {0} it cannot be told",
}


class BalancingError(EvaluationError):
    """A measure has no margin, or a margin no measure."""


def balancing_measures(
    frame: pd.DataFrame,
    *,
    measure: str,
    outcome: str,
    time: str,
    start: Any,
    margins: Mapping[str, float],
    control: str | None = None,
    level: float = 0.95,
    **settings: Any,
) -> BalancingMeasures:
    """Hold each measure's change to the margin that was fixed for it.

    Parameters
    ----------
    frame
        A row a time and measure.
    measure
        Column of the measure's name.
    outcome, control, time, start, level
        As `interrupted_time_series` takes them.
    margins
        For each measure the change that is just not put up with, in its own unit: above nought
        where a rise is worse, below nought where a fall is.
    **settings
        More settings of `interrupted_time_series`, the same for every measure.

    Returns
    -------
    BalancingMeasures

    Raises
    ------
    BalancingError
        If a measure has no margin, a margin no measure, or a margin is nought.
    FrameError
        If a column is missing, or a value is no number.
    """
    given = take(frame, measure=measure, outcome=outcome, time=time, control=control)
    given["measure"] = given["measure"].astype("string")
    for name, column in (("outcome", outcome), ("control", control)):
        if column is not None:
            given[name] = numbers(given[name], column)
    names = list(dict.fromkeys(given["measure"]))
    _require_margins(names, margins)
    rows = []
    for name in names:
        result = interrupted_time_series(
            given[given["measure"] == name].drop(columns="measure").reset_index(drop=True),
            outcome="outcome",
            time="time",
            start=start,
            control="control" if control is not None else None,
            level=level,
            **settings,
        )
        first = result.summary().iloc[0]
        change = (float(first["estimate"]), float(first["low"]), float(first["high"]))
        rows.append((name, *change, margins[name], judged(change, margins[name])))
    columns = ["measure", "estimate", "low", "high", "margin", "verdict"]
    return BalancingMeasures(pd.DataFrame(rows, columns=columns), level)


def judged(change: tuple[float, float, float], margin: float) -> str:
    """Say what an interval means beside its margin.

    Parameters
    ----------
    change
        Estimate, low, high.
    margin
        Above nought where a rise is worse.

    Returns
    -------
    str
        "no worse" (the whole interval stays short of the margin), "worse" (the whole interval lies
        beyond it), or "cannot be told".
    """
    _, low, high = change
    if margin < 0:
        low, high = -high, -low
    if high < abs(margin):
        return NO_WORSE
    return WORSE if low > abs(margin) else UNTOLD


@dataclass(frozen=True, eq=False)
class BalancingMeasures:
    """Each measure's change beside its margin.

    Attributes
    ----------
    table : DataFrame
        ``measure, estimate, low, high, margin, verdict``.
    level : float
        Of the intervals. A two-sided 95% interval tests at 2.5% on the side that matters.
    """

    table: pd.DataFrame
    level: float

    @property
    def finding(self) -> str:
        """Say in a clause which measures are no worse, which are worse, and which untold."""
        said = []
        for verdict in (NO_WORSE, WORSE, UNTOLD):
            names = self.table.loc[self.table["verdict"] == verdict, "measure"].tolist()
            if names:
                said.append(
                    _SAID[verdict].format(_listed(names), "is" if len(names) == 1 else "are")
                )
        return "; ".join(said)

    def summary(self) -> pd.DataFrame:
        """Return the table, a row a measure."""
        return self.table

    def plot(self) -> Picture:
        """Draw each worsening as a share of its margin, so that one axis serves every unit."""
        shares = self.table[["estimate", "low", "high"]].div(self.table["margin"], axis=0)
        rows = pd.DataFrame(
            {
                "method": self.table["measure"],
                "estimate": shares["estimate"],
                "low": shares[["low", "high"]].min(axis=1),
                "high": shares[["low", "high"]].max(axis=1),
                "kind": ["primary" if v == NO_WORSE else "other model" for v in self._verdicts],
            }
        )
        return forest(rows, measure="Worsening, as a share of the margin (1 is the margin)")

    @property
    def _verdicts(self) -> list[str]:
        return list(self.table["verdict"])


def _listed(names: list[str]) -> str:
    words = [name.replace("_", " ") for name in names]
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]


def _require_margins(names: list[str], margins: Mapping[str, float]) -> None:
    for name in names:
        if name not in margins:
            raise BalancingError(
                f"The measure {name!r} has no margin. Fix one before its outcome is looked at."
            )
        if not margins[name]:
            raise BalancingError(
                f"The margin of {name!r} is nought, which no study could show. Give the worsening "
                "that would still be put up with."
            )
    if unknown := sorted(set(margins) - set(names)):
        raise BalancingError(f"A margin is given for {unknown[0]!r}, which is no measure here.")
