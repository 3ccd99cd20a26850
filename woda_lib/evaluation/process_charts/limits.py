"""Mean and limits of one stretch of points, by the kind of chart.

XmR, for any measured value (Wheeler, Understanding Variation, 1993). With m the mean size of the
moving ranges, the changes from each point to the next, sigma is m / 1.128, so that the limits lie
2.66 m either side of the mean. A moving range above 3.267 m is first left out of m, because it is
itself a signal and would widen the limits that are to show it (Nelson 1982, Journal of Quality
Technology 14: 172-173).

p, for the share of cases that have some feature, out of a known number: the mean share is all
cases by all of the denominator, and sigma its binomial standard error, which changes with the
denominator. u, for events in some exposure (falls in bed-days): likewise, Poisson. c is u with the
same exposure always. Source: Montgomery, Introduction to Statistical Quality Control, chapter 7.

Laney's p' and u' multiply that sigma by how much the standardised points really move from one to
the next (Laney 2002, Quality Engineering 14: 531-537). On large denominators the plain limits hug
the mean, since no real process has one share that never stirs.

t, for the time between rare events: times are raised to the power 1/3.6, which makes exponential
times all but normal, put on an XmR chart, and raised back (Nelson 1994, Journal of Quality
Technology 26: 232-236).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Kind = Literal["xmr", "p", "u", "c", "t"]

MEAN_RANGE_OF_TWO = 1.128  # standard deviations: the mean range of two normal values (d2)
NATURAL_LIMIT = 2.66  # mean moving ranges: 3 / 1.128 as every table prints it
RANGE_LIMIT = 3.267  # mean moving ranges: the upper limit of one of them (D4)
ROOT = 3.6  # Nelson's power


@dataclass(frozen=True, eq=False)
class Limits:
    """Limits of a stretch.

    Attributes
    ----------
    mean
        The centre.
    sigma
        (points,) a third of the distance from the centre to a limit, on the scale where the two
        distances are equal.
    range_mean
        Mean moving range behind `sigma`, after screening; not a number where ranges are not used.
    screened
        How many moving ranges were left out.
    over_dispersion
        How far neighbouring points differ, as a multiple of what pure chance would make (Laney's
        sigma z); not a number unless the chart is p, u or c.
    """

    mean: float
    sigma: Floats
    range_mean: float = float("nan")
    screened: int = 0
    over_dispersion: float = float("nan")


def from_ranges(values: Floats, *, used: NDArray[np.bool_], screen: bool) -> Limits:
    """Return XmR limits.

    Parameters
    ----------
    values
        (points,) in the order of time.
    used
        Which of them limits may rest on.
    screen
        Whether to leave out moving ranges above their own limit.
    """
    known = values[used]
    range_mean, screened = _mean_range(known, screen=screen)
    sigma = np.full(len(values), range_mean * NATURAL_LIMIT / 3)
    return Limits(float(known.mean()), sigma, range_mean, screened)


def from_counts(
    cases: Floats,
    denominator: Floats,
    *,
    used: NDArray[np.bool_],
    binomial: bool,
    laney: bool,
    screen: bool,
) -> Limits:
    """Return limits of shares (p) or of rates (u, c), one sigma a point.

    Parameters
    ----------
    cases, denominator
        (points,) in the order of time.
    used
        Which of them limits may rest on.
    binomial
        Whether a case is one of the denominator (p) or an event in its exposure (u, c).
    laney
        Whether to widen the limits by the over-dispersion.
    screen
        Whether its moving ranges are screened.
    """
    mean = float(cases[used].sum() / denominator[used].sum())
    sigma = np.sqrt(mean * ((1 - mean) if binomial else 1.0) / denominator)
    if not (sigma > 0).all():
        return Limits(mean, sigma)
    standard = (cases / denominator - mean) / sigma
    range_mean, screened = _mean_range(standard[used], screen=screen and laney)
    dispersion = range_mean / MEAN_RANGE_OF_TWO
    return Limits(
        mean,
        sigma * dispersion if laney else sigma,
        screened=screened,
        over_dispersion=dispersion,
    )


def _mean_range(values: Floats, *, screen: bool) -> tuple[float, int]:
    ranges = np.abs(np.diff(values))
    mean = float(ranges.mean())
    kept = ranges[ranges <= RANGE_LIMIT * mean] if screen else ranges
    return float(kept.mean()), len(ranges) - len(kept)
