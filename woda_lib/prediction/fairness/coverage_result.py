"""What was found of coverage bias: its name, its size, its picture, and what it cannot tell."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from woda_lib.figures import Picture
from woda_lib.phrases import say_number, say_range
from woda_lib.prediction.fairness.coverage_picture import coverage_picture

CANNOT_TELL = (
    "Need that no service has written down is unseen here. If being known to a service goes with "
    "such need, what looks like coverage bias is in part need; if services look away from those "
    "whom nobody knows, their need is in no figure of this page."
)


@dataclass(frozen=True, eq=False)
class CoverageBias:
    """Whether being known to more services goes with more records and higher scores.

    Attributes
    ----------
    table : DataFrame
        ``name`` ("recorded", "happened", "scored"), ``words, ratio, low, high, p_value, rows``:
        by how much each further service multiplies it, at equal recorded needs.
    more_known : DataFrame
        ``services, households, recorded, expected, ratio, low, high``: services that stepped in,
        for each one that recorded needs let expect, by how many more know the household than its
        needs let expect ("fewer", "as many", "one more", "two or more").
    households, rows
        How many were compared.
    needs
        Features that were held equal.
    level, smallest
        As asked for.
    """

    table: pd.DataFrame
    more_known: pd.DataFrame
    households: int
    rows: int
    needs: tuple[str, ...]
    level: float
    smallest: float

    @property
    def estimate(self) -> float:
        """What each further service multiplies recorded services by, at equal needs."""
        return float(self._of("recorded")["ratio"])

    @property
    def low(self) -> float:
        """The lower limit of its interval."""
        return float(self._of("recorded")["low"])

    @property
    def high(self) -> float:
        """The upper limit of its interval."""
        return float(self._of("recorded")["high"])

    @property
    def found(self) -> bool:
        """Whether records rise by what is called a bias, and the interval excludes no rise."""
        return self.low > 1 and self.estimate >= self.smallest

    @property
    def finding(self) -> str:
        """Say in a sentence, which begins with its name, whether there is coverage bias."""
        within = f"{say_number(self.estimate, 2)} ({say_range(self.low, self.high, 2)})"
        if self.found:
            return (
                "Coverage bias: of households with equal recorded needs, those that one service "
                f"more knows have {within} times as many new statutory steps on record"
                f"{self._said_of_scores()}. Part of what the model calls risk is being known."
            )
        if self.high < 1 and 1 / self.estimate >= self.smallest:
            return (
                "Coverage bias is not found, and what is found runs the other way: one service "
                f"more that knows a household goes with {within} times as many new statutory "
                "steps on record."
            )
        return (
            "Coverage bias is not found: of households with equal recorded needs, those that one "
            f"service more knows have {within} times as many new statutory steps on record, and "
            f"anything under {say_number(self.smallest, 2)}, or not told from one, is not called "
            "a bias."
        )

    @property
    def method(self) -> str:
        """How each number was reached."""
        return (
            "What recorded needs let expect is learnt by gradient boosting, of each household from "
            "other households; the number of services that know it, less what needs let expect, "
            "then enters a Poisson, a logistic and a linear regression with errors by household. "
            f"Intervals are of {self.level:.0%}."
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What it cannot tell, a sentence each."""
        said = [CANNOT_TELL]
        if pd.isna(self._of("scored")["ratio"]):
            said.append(
                "Fewer than 100 of these households were scored, so nothing is said of the scores."
            )
        return tuple(said)

    def sizes(self) -> pd.DataFrame:
        """Return ``of, times_for_each_further_service``, a row each, with its interval in words."""
        said = [
            "not known"
            if pd.isna(row["ratio"])
            else f"{say_number(row['ratio'], 2)} ({say_range(row['low'], row['high'], 2)})"
            for row in self.table.to_dict("records")
        ]
        return pd.DataFrame({"of": self.table["words"], "times_for_each_further_service": said})

    def summary(self) -> pd.DataFrame:
        """Return what each further service multiplies by, a row each: as `table`."""
        return self.table.copy()

    def plot(self) -> Picture:
        """Draw what was recorded for each one expected, by how many more services know it."""
        return coverage_picture(self.more_known)

    def _of(self, name: str) -> pd.Series:
        return self.table[self.table["name"] == name].iloc[0]

    def _said_of_scores(self) -> str:
        scored = self._of("scored")
        if pd.isna(scored["ratio"]):
            return ""
        return (
            f", and the odds that the model gives them are {say_number(float(scored['ratio']), 2)} "
            f"({say_range(float(scored['low']), float(scored['high']), 2)}) times as high"
        )
