"""The Kaplan-Meier curve: the share still waiting by time, its area and its quantiles.

lifelines draws the same curve. This one exists for what lifelines does not give: the variance of
the area under it, intervals on the scale that other software uses by default, and quantiles with an
interval; all three come from the same counts.

Sources: Kaplan and Meier (1958), JASA 53: 457-481. Greenwood's variance and the interval of a
quantile by turning round the curve's intervals: Brookmeyer and Crowley (1982), Biometrics 38:
29-41. The variance of the area: Klein and Moeschberger, Survival Analysis (2nd edition 2003),
section 4.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from woda_lib.evaluation.durations import Booleans, Durations, Floats

Scale = Literal["log", "log-log", "plain"]


@dataclass(frozen=True, eq=False)
class Curve:
    """A Kaplan-Meier curve, a step at each time at which anything happened.

    Attributes
    ----------
    times, at_risk, ended, censored
        (t,) as in `durations.Counts`, however it ended.
    """

    times: Floats
    at_risk: Floats
    ended: Floats
    censored: Floats

    @classmethod
    def of(cls, durations: Durations) -> Curve:
        """Count people by time; every way of ending is an end."""
        counts = durations.counts
        return cls(counts.times, counts.at_risk, counts.ended.sum(axis=1), counts.censored)

    @cached_property
    def survival(self) -> Floats:
        """(t,) share still waiting after each time."""
        return np.cumprod(1 - self.ended / self.at_risk)

    @cached_property
    def greenwood(self) -> Floats:
        """(t,) Greenwood's sum, the variance of the logarithm of the curve."""
        return np.cumsum(self._terms)

    @property
    def _terms(self) -> Floats:
        # Where everybody leaves at once the curve is nought, and no term is wanted.
        spread = self.at_risk * (self.at_risk - self.ended)
        return np.divide(self.ended, spread, out=np.zeros_like(spread), where=spread > 0)

    def at(self, times: Floats) -> Floats:
        """Return the share still waiting after some times."""
        return np.append(1.0, self.survival)[np.searchsorted(self.times, times, side="right")]

    def waiting(self, times: Floats) -> Floats:
        """Return how many were in view just before some times."""
        return np.append(self.at_risk, 0.0)[np.searchsorted(self.times, times, side="left")]

    def area(self, horizon: float) -> float:
        """Return the area up to a horizon: the restricted mean. Past the last time it is flat."""
        edges = np.concatenate([[0.0], self.times[self.times < horizon], [horizon]])
        return float(np.dot(np.append(1.0, self.survival)[: len(edges) - 1], np.diff(edges)))

    def area_variance(self, horizon: float) -> float:
        """Return Greenwood's plug-in: the sum of (area to the right)^2 d / (n (n - d))."""
        inside = self.times < horizon
        strips = self.survival[inside] * np.diff(np.append(self.times[inside], horizon))
        to_the_right = strips[::-1].cumsum()[::-1]
        return float(np.sum(to_the_right**2 * self._terms[inside]))

    def limits(self, level: float, scale: Scale = "log") -> tuple[Floats, Floats]:
        """Return pointwise limits of the curve.

        Parameters
        ----------
        level
            Of each point's interval.
        scale
            On which the interval is symmetric: "log" (R's default), "log-log" (lifelines', Stata's
            and SAS's) or "plain".
        """
        z = stats.norm.ppf(0.5 + level / 2)
        curve, error = self.survival, np.sqrt(self.greenwood)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            if scale == "log":
                low, high = curve * np.exp(-z * error), curve * np.exp(z * error)
            elif scale == "plain":
                low, high = curve * (1 - z * error), curve * (1 + z * error)
            else:
                turned = np.exp(z * error / np.log(curve))
                low, high = curve ** (1 / turned), curve**turned
        unsettled = (curve <= 0) | (curve >= 1)
        low = np.where(unsettled, curve, np.clip(low, 0, 1))
        return low, np.where(unsettled, curve, np.clip(high, 0, 1))

    def quantile(
        self, share: float, level: float, scale: Scale = "log"
    ) -> tuple[float, float, float]:
        """Return the time by which a share has ended, with its interval; infinite if never seen.

        The interval holds the times at which the curve's interval holds 1 - share.
        """
        low, high = self.limits(level, scale)
        # A certain point says nothing of a limit: before the first end both limits are 1.
        left = 1 - share
        estimate = self._first_at_or_below(self.survival, left)
        return (
            estimate,
            min(self._first_at_or_below(low, left), estimate),
            max(self._first_at_or_below(high, left, final=self.survival <= 0), estimate),
        )

    def _first_at_or_below(
        self, curve: Floats, share: float, final: Booleans | None = None
    ) -> float:
        tolerance = 1e-9
        below = curve < share - tolerance
        level = np.abs(curve - share) <= tolerance
        if final is not None:
            # Where the last people leave at once, the upper limit is not known to have fallen.
            below, level = below & ~final, level & ~final
        if not (below | level).any():
            return np.inf
        first = int((below | level).argmax())
        if level[first]:
            # The curve lies flat on the share: the middle of the stretch, as R takes it.
            beyond = np.flatnonzero(below)
            end = self.times[beyond[0]] if len(beyond) else self.times[-1]
            return float((self.times[first] + end) / 2)
        return float(self.times[first])

    def table(self, level: float, scale: Scale = "log") -> pd.DataFrame:
        """Return the curve, a row a time: `time, at_risk, ended, censored, waiting, low, high`."""
        low, high = self.limits(level, scale)
        return pd.DataFrame(
            {
                "time": self.times,
                "at_risk": self.at_risk.astype(int),
                "ended": self.ended.astype(int),
                "censored": self.censored.astype(int),
                "waiting": self.survival,
                "low": low,
                "high": high,
            }
        )
