"""How good are the scores? The model beside a rule, logistic regression and prevalence."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from woda_lib.figures import Picture
from woda_lib.phrases import say_number, say_range
from woda_lib.prediction.assessment.measures_picture import measures_picture
from woda_lib.prediction.assessment.ranking import PER, Ranking, share_of
from woda_lib.prediction.assessment.recalibration import Recalibration
from woda_lib.prediction.assessment.resampling import draws_of, limits
from woda_lib.prediction.assessment.scored import (
    PROBABILITIES,
    SCORERS,
    Numbers,
    Scored,
    take_scored,
)
from woda_lib.prediction.errors import PredictionError

MEASURES: Mapping[str, str] = MappingProxyType(
    {
        "precision": "Precision at capacity",
        "recall": "Recall at capacity",
        "lift": "Times the precision of the rule",
        "auc": "AUC",
        "average_precision": "Average precision",
        "brier": "Brier score",
        "scaled_brier": "Scaled Brier score",
        "calibration_slope": "Calibration slope",
        "calibration_intercept": "Calibration intercept",
    }
)
"""What is measured, and what it is called in a table."""

_FEW_EVENTS = 100  # Collins, Ogundimu and Altman 2016, Statistics in Medicine 35: 214-226


def assess(
    frame: pd.DataFrame,
    *,
    capacity: float,
    seed: int,
    scorers: Mapping[str, str] = SCORERS,
    draws: int = 500,
    level: float = 0.95,
) -> Assessment:
    """Measure every scorer on households that were followed, with household-bootstrap intervals.

    Parameters
    ----------
    frame
        ``household_id, happened`` and a column a scorer; see `with_outcomes`.
    capacity
        Households, of 1,000, that caseworkers have the time to look into.
    seed
        Of the bootstrap.
    scorers
        Name and column; the first is the one that is judged, set against each of the others. One
        that is called "rule" is what `lift` is measured by.
    draws
        Of the bootstrap.
    level
        Of the intervals (percentile).

    Returns
    -------
    Assessment

    Raises
    ------
    PredictionError
        If the table cannot be judged (see `take_scored`), or capacity or draws make no sense.

    Examples
    --------
    >>> frame = pd.DataFrame({"household_id": [str(n) for n in range(40)],
    ...                       "happened": [n % 4 == 0 or n < 3 for n in range(40)],
    ...                       "risk": [0.9 - n / 50 for n in range(40)],
    ...                       "points": [int(n % 8 == 0) for n in range(40)]})
    >>> found = assess(frame, capacity=100, seed=1,
    ...                scorers={"model": "risk", "rule": "points"})
    >>> found.value("precision", "model"), found.value("precision", "rule")
    (0.75, 1.0)
    """
    share = share_of(capacity)
    scored = take_scored(frame, scorers)
    meter = _Meter(scored, share)
    whole = meter.measure(np.ones(scored.rows))
    drawn = np.stack([meter.measure(weights) for weights in draws_of(scored, draws, seed)])
    low, high = limits(drawn, level)
    places = pd.MultiIndex.from_product(
        [list(MEASURES), list(scored.scores)], names=["measure", "scorer"]
    )
    table = pd.DataFrame({"value": whole, "low": low, "high": high}, index=places).reset_index()
    first, *others = scored.scores
    return Assessment(
        table=table,
        differences=_differences(
            pd.Series(whole, places), pd.DataFrame(drawn, columns=places), first, others, level
        ),
        capacity=capacity,
        households=scored.households,
        events=int(scored.happened.sum()),
        rows=scored.rows,
        draws=draws,
        level=level,
    )


@dataclass(frozen=True, eq=False)
class Assessment:
    """What was measured of each scorer on one index date.

    Attributes
    ----------
    table : DataFrame
        A row a measure and scorer: ``measure, scorer, value, low, high``. Precision, recall and AUC
        are shares from 0 to 1. A measure that a scorer has none of (points are no probability) is
        missing.
    differences : DataFrame
        The first scorer less each other: ``measure, scorer, against, value, low, high``, from the
        same draws.
    capacity : float
        Of 1,000 households.
    households, rows, events : int
        Different households, their rows, and rows to which the outcome came.
    draws : int
    level : float
    """

    table: pd.DataFrame
    differences: pd.DataFrame
    capacity: float
    households: int
    rows: int
    events: int
    draws: int
    level: float

    @property
    def rate(self) -> float:
        """The share to whom the outcome came."""
        return self.events / self.rows

    @property
    def listed(self) -> int:
        """Households on a list at capacity."""
        return max(1, round(self.capacity / PER * self.rows))

    @property
    def method(self) -> str:
        """How each number was reached."""
        return (
            f"Intervals: {self.draws} draws of whole households with replacement, all scorers on "
            "the same draws (percentile bootstrap). Ties at the end of a list count as a lot would "
            "break them on average."
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What speaks against reading more into these numbers, a sentence each."""
        found = []
        if self.events < _FEW_EVENTS:
            found.append(
                f"The outcome came {self.events} times. With fewer than {_FEW_EVENTS} events "
                "measures of a model can be far out, and calibration most of all."
            )
        shaky = self.row("calibration_slope", str(self.table["scorer"].iloc[0]))
        if np.isnan(shaky["value"]):
            found.append(
                "The calibration slope cannot be told: all stated risks are the same, or they part "
                "those with an event from all others."
            )
        return tuple(found)

    def row(self, measure: str, scorer: str) -> pd.Series:
        """Return value, low and high of one measure of one scorer.

        Raises
        ------
        PredictionError
            If it was not measured.
        """
        return _one(self.table, measure=measure, scorer=scorer)

    def value(self, measure: str, scorer: str) -> float:
        """Return one measure of one scorer."""
        return float(self.row(measure, scorer)["value"])

    def difference(self, measure: str, against: str) -> pd.Series:
        """Return value, low and high of how far the first scorer is above another."""
        return _one(self.differences, measure=measure, against=against)

    def summary(self) -> pd.DataFrame:
        """Return a row a measure and a column a scorer, each number with its interval in words."""
        said = self.table.assign(said=[_said(row) for row in self.table.to_dict("records")])
        wide = said.pivot(index="measure", columns="scorer", values="said")
        scorers = list(dict.fromkeys(self.table["scorer"]))
        wide = wide.loc[list(MEASURES), scorers].rename(index=MEASURES)
        return wide.rename_axis(index="measure", columns=None).reset_index()

    def compared(self) -> pd.DataFrame:
        """Return a row a measure: how far the first scorer is above each other, in words."""
        said = self.differences.assign(
            said=[_said(row, " points") for row in self.differences.to_dict("records")]
        )
        said = said.loc[said["value"].notna() & said["measure"].ne("lift")]
        wide = said.pivot(index="measure", columns="against", values="said")
        others = list(dict.fromkeys(self.differences["against"]))
        kept = [name for name in MEASURES if name in wide.index]
        wide = wide.loc[kept, others].fillna("–").rename(index=MEASURES)
        return wide.rename_axis(index="measure", columns=None).reset_index()

    def plot(self) -> Picture:
        """Draw precision and recall at capacity, a line a scorer."""
        return measures_picture(self.table, rate=self.rate, capacity=self.capacity)

    def __str__(self) -> str:
        return "\n".join(
            [
                self.summary().to_string(index=False),
                f"Method: {self.method}",
                *(f"Warning: {sentence}" for sentence in self.warnings),
            ]
        )


class _Meter:
    """All measures of all scorers for any weights, in the order of measures and then scorers."""

    def __init__(self, scored: Scored, share: float) -> None:
        self._share = share
        self._happened = scored.happened.astype(float)
        self._names = list(scored.scores)
        self._rankings = {
            name: Ranking(values, scored.happened) for name, values in scored.scores.items()
        }
        stated = {name: scored.scores[name] for name in self._names if name in PROBABILITIES}
        self._errors = {name: (risk - self._happened) ** 2 for name, risk in stated.items()}
        self._calibrations = {
            name: Recalibration(risk, scored.happened) for name, risk in stated.items()
        }

    def measure(self, weights: Numbers) -> Numbers:
        by_scorer = {name: self._of(name, weights) for name in self._names}
        rule = by_scorer.get("rule", {}).get("precision", np.nan)
        for found in by_scorer.values():
            found["lift"] = found["precision"] / rule if rule else np.nan
        return np.array(
            [by_scorer[name].get(one, np.nan) for one in MEASURES for name in self._names]
        )

    def _of(self, name: str, weights: Numbers) -> dict[str, float]:
        ranked = self._rankings[name].weighed(weights)
        precision, recall = ranked.precision_and_recall(self._share)
        found = {
            "precision": precision,
            "recall": recall,
            "auc": ranked.auc,
            "average_precision": ranked.average_precision,
        }
        if name in self._errors:
            found |= self._of_probability(name, weights)
        return found

    def _of_probability(self, name: str, weights: Numbers) -> dict[str, float]:
        total = weights.sum()
        rate = weights @ self._happened / total
        brier = float(weights @ self._errors[name] / total)
        slope, intercept = self._calibrations[name].resampled(weights)
        return {
            "brier": brier,
            "scaled_brier": 1 - brier / (rate * (1 - rate)) if 0 < rate < 1 else np.nan,
            "calibration_slope": slope,
            "calibration_intercept": intercept,
        }


def _differences(
    whole: pd.Series, drawn: pd.DataFrame, first: str, others: list[str], level: float
) -> pd.DataFrame:
    rows = []
    for measure in MEASURES:
        for other in others:
            one, another = (measure, first), (measure, other)
            low, high = limits((drawn[one] - drawn[another]).to_numpy(float), level)
            rows.append((measure, first, other, whole[one] - whole[another], low, high))
    columns = ["measure", "scorer", "against", "value", "low", "high"]
    return pd.DataFrame(rows, columns=columns).astype({"low": float, "high": float})


def _one(table: pd.DataFrame, **wanted: str) -> pd.Series:
    found = table
    for column, name in wanted.items():
        found = found.loc[found[column] == name]
    if len(found) != 1:
        raise PredictionError(
            f"Nothing was measured of {' and '.join(wanted.values())}. Measures are "
            f"{', '.join(MEASURES)}."
        )
    return found.iloc[0]


def _said(row: Mapping[Hashable, Any], hundredths: str = "%") -> str:
    """One number with its interval; shares of a list in per cent, or in percentage points."""
    value, low, high = (float(row[name]) for name in ("value", "low", "high"))
    if np.isnan(value):
        return "–"
    if row["measure"] in ("precision", "recall"):
        return f"{say_number(100 * value)}{hundredths} ({say_range(100 * low, 100 * high)})"
    decimals = {"brier": 4, "calibration_slope": 2, "calibration_intercept": 2, "lift": 2}
    digits = decimals.get(str(row["measure"]), 3)
    return f"{say_number(value, digits)} ({say_range(low, high, digits)})"
