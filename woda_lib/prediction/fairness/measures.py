"""What is measured of each group: five figures out of five counts, and what each says in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from woda_lib.prediction.fairness.counts import COUNTED, GroupCounts
from woda_lib.prediction.fairness.enough import HAPPENED_OR_EXPECTED
from woda_lib.prediction.few import may_be_shown

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Measure:
    """One figure of a group.

    Attributes
    ----------
    name
        In tables.
    words
        In sentences and pictures.
    of
        Names what the figure is a share of, and what a group needs enough of to be told.
    top, bottom
        Numerator and denominator, from the counts by name.
    share
        Whether the figure is a share, between nought and one.
    """

    name: str
    words: str
    of: str
    top: Callable[[dict[str, Floats]], Floats]
    bottom: Callable[[dict[str, Floats]], Floats]
    share: bool = True

    def value(self, counts: Floats) -> Floats:
        """Work the figure out of counts whose last axis is `COUNTED`; none where nothing counts."""
        named = {name: counts[..., place] for place, name in enumerate(COUNTED)}
        with np.errstate(divide="ignore", invalid="ignore"):
            found = self.top(named) / self.bottom(named)
        return np.where(self.bottom(named) > 0, found, np.nan)

    def parts(self, counts: Floats) -> tuple[Floats, Floats]:
        """Return numerator and denominator."""
        named = {name: counts[..., place] for place, name in enumerate(COUNTED)}
        return self.top(named), self.bottom(named)

    def shown(self, counts: GroupCounts, fewest: int) -> npt.NDArray[np.bool_]:
        """Return the groups of which no figure counts few, nor of the rest, with the total."""
        mine, others = self._counts_no_few(counts.seen, fewest), counts.rest.seen
        nobody_else = others[:, COUNTED.index("households")] == 0
        return mine & (self._counts_no_few(others, fewest) | nobody_else)

    def _counts_no_few(self, counts: Floats, fewest: int) -> npt.NDArray[np.bool_]:
        top, bottom = self.parts(counts)
        return may_be_shown(top, bottom if self.share else np.inf, fewest)


MEASURES = (
    Measure(
        "selection_rate",
        "on the list, of all households",
        "households",
        lambda n: n["listed"],
        lambda n: n["households"],
    ),
    Measure(
        "false_positive_rate",
        "on the list, of those to whom it did not happen",
        "households",
        lambda n: n["listed"] - n["caught"],
        lambda n: n["households"] - n["happened"],
    ),
    Measure(
        "false_negative_rate",
        "not on the list, of those to whom it happened",
        "happened",
        lambda n: n["happened"] - n["caught"],
        lambda n: n["happened"],
    ),
    Measure(
        "precision",
        "it happened, of those on the list",
        "listed",
        lambda n: n["caught"],
        lambda n: n["listed"],
    ),
    Measure(
        "observed_over_expected",
        "happened for each one expected",
        HAPPENED_OR_EXPECTED,
        lambda n: n["happened"],
        lambda n: n["expected"],
        share=False,
    ),
)
"""The measures of a group, in the order of tables."""

SLOPE = "calibration_slope"
WORDS = {measure.name: measure.words for measure in MEASURES} | {
    SLOPE: "slope of what happened on what was predicted"
}
"""What each measure says, by its name in tables."""

PLAIN = ("observed_over_expected", SLOPE)
"""Measures that are no shares, and are not told in per cent."""

BOUNDS = {
    "false_positive_rate": 0.05,
    "false_negative_rate": 0.15,
    "observed_over_expected": 0.25,
}
"""How far a group may lie from the rest where nothing else was registered.

Selection rate, precision and slope are told and not bounded: they differ wherever need does, also
where nobody is wronged, and a bound on them would ask for a list that misses those in need.
"""
