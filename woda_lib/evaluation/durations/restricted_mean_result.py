"""The result of a comparison of restricted means: difference, ratios, bounds and picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from woda_lib.evaluation.durations.curve_picture import Words, curve_picture
from woda_lib.evaluation.durations.durations import Booleans, DurationError, Durations, Floats
from woda_lib.evaluation.durations.lost_from_sight import lost_table
from woda_lib.evaluation.durations.pseudo_values import Adjustment
from woda_lib.evaluation.durations.survival_curve import Curve
from woda_lib.evaluation.durations.words import INDEPENDENT
from woda_lib.evaluation.result import Result
from woda_lib.figures import Picture
from woda_lib.phrases import say_number, say_range

ASSUMPTIONS = (
    "Those lost from sight before the horizon would have waited on as the others did "
    "(`.bounds` says how much hangs on it).",
    INDEPENDENT,
)


@dataclass(frozen=True, eq=False)
class RestrictedMean(Result):
    """The difference of two restricted means (or one mean), and what stands behind it.

    Attributes
    ----------
    means
        A row a group, the reference first: `group, people, ended` and `censored` (before the
        horizon), `restricted_mean, standard_error, low, high`.
    curves
        The Kaplan-Meier curve of each group.
    horizon
        Up to which time counted.
    adjustment
        The regression of pseudo-values, where one was asked for.
    durations, lost
        What was read, for `bounds`.
    """

    means: pd.DataFrame
    curves: Mapping[str, Curve] = field(repr=False)
    horizon: float
    level: float
    unit: str
    warnings: tuple[str, ...]
    adjustment: Adjustment | None
    durations: Mapping[str, Durations] = field(repr=False)
    lost: Mapping[str, Booleans] = field(repr=False)

    @property
    def is_difference(self) -> bool:
        """Whether two groups are compared."""
        return len(self.means) == 2

    @property
    def unadjusted(self) -> tuple[float, float]:
        """Difference and its standard error as the curves give them, without any adjustment."""
        means = self.means["restricted_mean"].to_numpy()
        errors = self.means["standard_error"].to_numpy()
        if not self.is_difference:
            return float(means[0]), float(errors[0])
        return float(means[1] - means[0]), float(np.hypot(*errors))

    @property
    def estimate(self) -> float:
        """The other group's restricted mean less the reference's; of one group, its mean."""
        return self.adjustment.estimate if self.adjustment else self.unadjusted[0]

    @property
    def standard_error(self) -> float:
        """Of the estimate."""
        return self.adjustment.standard_error if self.adjustment else self.unadjusted[1]

    @property
    def low(self) -> float:
        """Lower limit of the interval."""
        return self.estimate - self._times_error * self.standard_error

    @property
    def high(self) -> float:
        """Upper limit of the interval."""
        return self.estimate + self._times_error * self.standard_error

    @property
    def p_value(self) -> float:
        """Of no difference; of one group not a number."""
        if not self.is_difference or self.standard_error == 0:
            return float("nan")
        return 2 * float(self._law.sf(abs(self.estimate) / self.standard_error))

    @property
    def _law(self) -> Any:
        return self.adjustment.law if self.adjustment else stats.norm

    @property
    def _times_error(self) -> float:
        return float(self._law.ppf(0.5 + self.level / 2))

    @property
    def ratio(self) -> pd.Series:
        """The other's restricted mean over the reference's: `estimate, low, high, p_value`."""
        self._needs_two("ratio")
        return self._ratio(self.means["restricted_mean"].to_numpy(float))

    @property
    def ratio_lost(self) -> pd.Series:
        """As `ratio`, of the restricted mean time lost: the horizon less the mean."""
        self._needs_two("ratio_lost")
        return self._ratio(self.horizon - self.means["restricted_mean"].to_numpy(float))

    @property
    def method(self) -> str:
        """What was done, in a sentence."""
        what = (
            f"Restricted mean up to {self.horizon:g} {self.unit}, the area under the Kaplan-Meier "
            "curve"
        )
        if self.adjustment is None:
            return (
                f"{what}; Greenwood plug-in standard error and a normal interval (Klein and "
                "Moeschberger 2003)."
            )
        return f"{what}; {self.adjustment.method}"

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the interval rests on."""
        if self.adjustment is None:
            return ASSUMPTIONS
        return (ASSUMPTIONS[0], *self.adjustment.assumptions)

    @property
    def table(self) -> pd.DataFrame:
        """The curves, a row a group and time: `group` and the columns of `Curve.table`."""
        return pd.concat(
            [curve.table(self.level).assign(group=name) for name, curve in self.curves.items()],
            ignore_index=True,
        )[["group", "time", "at_risk", "ended", "censored", "waiting", "low", "high"]]

    def summary(self) -> pd.DataFrame:
        """The difference, the ratios, and each group's mean and time lost, a row each."""
        rows: list[dict[str, Any]] = []
        if self.is_difference:
            reference, other = self.means["group"]
            name = f"Difference, {other} less {reference}"
            rows.append(
                {
                    "measure": f"{name}, adjusted" if self.adjustment else name,
                    "estimate": self.estimate,
                    "low": self.low,
                    "high": self.high,
                    "standard_error": self.standard_error,
                    "p_value": self.p_value,
                }
            )
            if self.adjustment:
                rows.append(self._unadjusted_row(name))
            for what, found in (("mean", self.ratio), ("time lost", self.ratio_lost)):
                rows.append({"measure": f"Ratio of {what}, {other} to {reference}", **found})
        rows += [
            {
                "measure": f"Restricted mean, {row['group']}",
                **self._limits(row, row["restricted_mean"]),
            }
            for row in self.means.to_dict("records")
        ]
        rows += [
            {
                "measure": f"Time lost before {self.horizon:g}, {row['group']}",
                **self._limits(row, self.horizon - row["restricted_mean"]),
            }
            for row in self.means.to_dict("records")
        ]
        table = pd.DataFrame(rows)
        order = ["measure", "estimate", "low", "high", "standard_error", "p_value"]
        return table.reindex(columns=order)

    def bounds(self, *, hazards: Sequence[float] = (0.0, 0.5, 1.0, 2.0, np.inf)) -> pd.DataFrame:
        """Say what becomes of the estimate if those lost from sight waited otherwise than others.

        After being lost, a person is taken to be `hazard` times as likely to leave at each time as
        those in view: 1 is the usual assumption, 0 means never, infinity at once. The rows in which
        one group's lost never left and the other's left at once are the worst and the best that
        can be true.

        Parameters
        ----------
        hazards
            Multiples to try, in every pairing of the two groups' extremes and alike in both.

        Returns
        -------
        DataFrame
            `assumed, reference_hazard, other_hazard, estimate, low, high` (the interval counts
            chance at that assumption, by 400 bootstrap draws of people); for one group `hazard`
            stands in place of the two. The adjustment, if any, is not used.
        """
        return lost_table(
            self.durations, self.lost, horizon=self.horizon, level=self.level, hazards=hazards
        )

    def plot(self) -> Picture:
        """Draw the curves with the area between them, and how many were still in view."""
        words = ""
        if self.is_difference:
            words = (
                f"difference {say_number(self.estimate, self.decimals)} {self.unit}\n"
                f"{self.level:.0%}: {say_range(self.low, self.high, self.decimals)}"
            )
        return curve_picture(
            self.curves,
            horizon=self.horizon,
            words=Words("Still waiting, %", self.unit, words),
        )

    def _needs_two(self, what: str) -> None:
        if not self.is_difference:
            raise DurationError(
                f"`{what}` compares two groups, and this result is the mean of everyone. Give "
                "`group`."
            )

    def _ratio(self, values: Floats) -> pd.Series:
        if (values <= 0).any():
            return pd.Series({"estimate": np.nan, "low": np.nan, "high": np.nan, "p_value": np.nan})
        middle = float(np.log(values[1] / values[0]))
        error = float(np.hypot(*(self.means["standard_error"].to_numpy(float) / values)))
        half = stats.norm.ppf(0.5 + self.level / 2) * error
        p_value = 2 * stats.norm.sf(abs(middle) / error) if error > 0 else np.nan
        limits = np.exp([middle, middle - half, middle + half])
        return pd.Series([*limits, p_value], index=["estimate", "low", "high", "p_value"])

    def _unadjusted_row(self, name: str) -> dict[str, Any]:
        estimate, error = self.unadjusted
        half = stats.norm.ppf(0.5 + self.level / 2) * error
        return {
            "measure": f"{name}, unadjusted",
            "estimate": estimate,
            "low": estimate - half,
            "high": estimate + half,
            "standard_error": error,
            "p_value": 2 * stats.norm.sf(abs(estimate) / error) if error > 0 else np.nan,
        }

    def _limits(self, row: dict[Any, Any], estimate: float) -> dict[str, float]:
        half = stats.norm.ppf(0.5 + self.level / 2) * row["standard_error"]
        return {
            "estimate": estimate,
            "low": estimate - half,
            "high": estimate + half,
            "standard_error": row["standard_error"],
        }
