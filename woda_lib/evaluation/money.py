"""From days to pounds: days saved a person, bed-days a month, cost avoided, cash released.

A day saved for one person is a bed free for a day. Times the people of a month this is bed-days;
times what a bed-day costs it is money. Which money depends on the price put on a bed-day:

- the *average* cost shares out the whole hospital, its buildings and salaried staff included. It
  says what the beds' days are worth to someone else, not what can be taken from a budget;
- the *marginal* cost holds only what stops when one bed stands empty for a day: meals, linen,
  drugs, agency nurses;
- *cash released* lies between nothing, if no ward closes, and the marginal cost.

HM Treasury's Green Book and the supplementary guidance on cost-benefit analysis for local
partnerships (2014) ask that these be kept apart. The numbers reported by the Worcestershire Office
of Data Analytics are the worked example: 2.7 days, 185 people a month and £306 a bed-day (2015/16
reference costs) make £152,847 a month.

Here intervals are carried along by arithmetic; `benefit` does it by Monte Carlo, over years, and
with who pays and who gains.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from woda_lib.evaluation.errors import EvaluationError
from woda_lib.evaluation.interval import Interval


class MoneyError(EvaluationError):
    """The money cannot be worked out from these numbers."""


def people_per_month(counts: pd.Series, *, level: float = 0.95) -> Interval:
    """Estimate how many people a month go through, from the months there are.

    Parameters
    ----------
    counts
        People of each month.
    level
        Of the interval, from the t distribution over months, so that months may differ by more
        than chance alone.

    Raises
    ------
    MoneyError
        If there are fewer than two months, or a count is missing.
    """
    if len(counts) < 2 or counts.isna().any():
        raise MoneyError(
            "People a month need at least two months with a count in each. "
            "Check that the months after go-live are in the data."
        )
    people = counts.to_numpy(dtype=float)
    mean = float(people.mean())
    error = float(people.std(ddof=1)) / np.sqrt(len(people))
    half = float(stats.t.ppf(0.5 + level / 2, len(people) - 1)) * error
    return Interval(mean, max(mean - half, 0.0), mean + half, "people")


def bed_days_per_month(days_saved: Interval, people: Interval) -> Interval:
    """Multiply days saved a person by people a month.

    Parameters
    ----------
    days_saved
        Days a person; a saving is positive.
    people
        People a month, from `people_per_month`, or a fixed number with both limits equal to it.
    """
    return days_saved.times(people, unit="bed-days")


def cost_avoided(bed_days: Interval, *, bed_day_cost: float) -> Interval:
    """Price bed-days at a cost a bed-day.

    Parameters
    ----------
    bed_days
        Bed-days a month.
    bed_day_cost
        Pounds a bed-day.

    Raises
    ------
    MoneyError
        If the cost is negative.

    Examples
    --------
    >>> days = Interval(2.7, 2.7, 2.7, "days")
    >>> people = Interval(185, 185, 185, "people")
    >>> round(cost_avoided(bed_days_per_month(days, people), bed_day_cost=306).estimate)
    152847
    """
    if bed_day_cost < 0:
        raise MoneyError("A bed-day cannot cost less than nothing. Give its cost in pounds.")
    return bed_days.scaled(bed_day_cost, unit="pounds")


def money_table(
    bed_days: Interval, *, bed_day_cost: float, marginal_bed_day_cost: float
) -> pd.DataFrame:
    """Price the same bed-days three ways, from what they are worth to what can be banked.

    Parameters
    ----------
    bed_days
        Bed-days a month.
    bed_day_cost
        Average cost, pounds a bed-day.
    marginal_bed_day_cost
        What one empty bed stops costing, pounds a bed-day.

    Returns
    -------
    DataFrame
        One row a pricing: `pricing, bed_day_cost, pounds_per_month, low, high, kind`, where kind is
        "cost avoided" or "cash released". Cash is put at nothing, with the marginal value as the
        most that it could be.

    Raises
    ------
    MoneyError
        If a cost is negative, or the marginal cost is above the average.
    """
    if marginal_bed_day_cost > bed_day_cost:
        raise MoneyError(
            "The marginal cost of a bed-day is above its average cost. "
            "Check the two parameters: the marginal cost is a part of the average."
        )
    average = cost_avoided(bed_days, bed_day_cost=bed_day_cost)
    marginal = cost_avoided(bed_days, bed_day_cost=marginal_bed_day_cost)
    return pd.DataFrame(
        [
            ("Average cost", bed_day_cost, average.estimate, average.low, average.high, "avoided"),
            (
                "Marginal cost",
                marginal_bed_day_cost,
                marginal.estimate,
                marginal.low,
                marginal.high,
                "avoided",
            ),
            (
                "Cash released, no ward closed",
                0.0,
                0.0,
                min(0.0, marginal.low),
                max(0.0, marginal.high),
                "cash",
            ),
        ],
        columns=["pricing", "bed_day_cost", "pounds_per_month", "low", "high", "kind"],
    )
