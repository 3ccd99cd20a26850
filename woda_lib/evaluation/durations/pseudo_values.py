"""Jackknife pseudo-values: a censored duration turned into a number that a regression can take.

A person's pseudo-value is n times the restricted mean of everyone less n - 1 times that of everyone
else. For somebody seen to leave it is close to min(duration, horizon); for somebody still waiting
it is what the others' curve makes of the rest. Regressing them on group and case mix gives the
adjusted difference of restricted means, with errors that are robust to the strange distribution
that pseudo-values have.

Sources: Andersen, Klein and Rosthøj (2003), Biometrika 90: 15-27; Andersen, Hansen and Klein
(2004), Lifetime Data Analysis 10: 335-350. The values are worked out within each group, so that
losing more people from sight in one group than in the other does no harm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.regression.linear_model import OLS

from woda_lib.evaluation.durations.durations import DurationError, Durations, Floats, Ints
from woda_lib.evaluation.durations.survival_curve import Curve
from woda_lib.evaluation.durations.terms import read_levels
from woda_lib.evaluation.frames import take

FEW_CLUSTERS = 20
EFFECT = "effect"


def pseudo_values(durations: Durations, horizon: float) -> Floats:
    """Return each person's pseudo-value of the restricted mean.

    Parameters
    ----------
    durations
        Of at least two people.
    horizon
        As in `restricted_mean`.

    Returns
    -------
    ndarray
        (n,) in the unit of the durations. Every leave-one-out curve is exact; all of them together
        take one pass, since a curve without one person differs up to that person's time only.

    Raises
    ------
    DurationError
        If there is one person only.

    Examples
    --------
    >>> from woda_lib.evaluation.durations.durations import Durations
    >>> seen = Durations(np.array([2.0, 4.0, 6.0]), np.array([1, 1, 1]), (True,))
    >>> pseudo_values(seen, 5.0).round(6).tolist()
    [2.0, 4.0, 5.0]
    """
    people = len(durations)
    if people < 2:
        raise DurationError("A pseudo-value leaves one person out, so each group needs two.")
    curve = Curve.of(durations)
    times, at_risk, ended = curve.times, curve.at_risk, curve.ended
    place = np.searchsorted(times, durations.times)
    # Up to a person's own time the others are one fewer at each step.
    fewer = np.maximum(at_risk - 1, 1)
    without = np.cumprod(np.maximum(1 - ended / fewer, 0.0))
    edges = np.minimum(np.append(0.0, times), horizon)
    strips = np.diff(np.append(edges, horizon))
    before = np.append(1.0, without)
    area_before = np.append(0.0, (before[: len(times)] * strips[: len(times)]).cumsum())
    heights = np.append(1.0, curve.survival)
    area_after = np.append((heights * strips)[::-1].cumsum()[::-1], 0.0)
    left = at_risk[place] - 1
    gone = ended[place] - durations.ended
    kept = np.where(left > 0, 1 - gone / np.maximum(left, 1), 1.0)
    after = before[place] * kept
    # From there on the curve without the person keeps the shape of the curve of everyone.
    share = curve.survival[place]
    rest = np.where(
        share > 0,
        after * area_after[place + 1] / np.where(share > 0, share, 1.0),
        after * np.maximum(horizon - durations.times, 0.0),
    )
    alone = area_before[place + 1] + rest
    return people * curve.area(horizon) - (people - 1) * alone


@dataclass(frozen=True, eq=False)
class Adjustment:
    """The group's coefficient in a regression of pseudo-values.

    Attributes
    ----------
    estimate, standard_error
        Of the other group less the reference, all else alike.
    law
        The distribution that the interval takes: a t.
    coefficients
        A row a term: `term, estimate, standard_error`.
    method
        The second half of a sentence.
    assumptions, warnings
        Sentences.
    """

    estimate: float
    standard_error: float
    law: Any
    coefficients: pd.DataFrame
    method: str
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]


def adjusted_difference(
    frame: pd.DataFrame,
    durations: Durations,
    place: Ints,
    *,
    horizon: float,
    adjust: Sequence[str],
    started_on: str | None,
    season: int,
    cluster: str | None,
    level: float,
) -> Adjustment:
    """Regress pseudo-values on group, case mix, trend and season.

    Parameters
    ----------
    frame, horizon, adjust, started_on, season, cluster, level
        As in `restricted_mean`.
    durations
        Of the rows of `frame`.
    place
        (n,) 0 for the reference, 1 for the other group.

    Raises
    ------
    DurationError
        If a term cannot be told apart from the others, a column says the same of everyone, or there
        are too few clusters.
    """
    if isinstance(adjust, str):
        adjust = [adjust]
    design = pd.concat(
        [
            pd.DataFrame({"all": 1.0, EFFECT: place.astype(float)}),
            read_levels(frame, adjust, "adjust"),
            _calendar(frame, started_on, season),
        ],
        axis=1,
    )
    people, terms = design.shape
    if people <= terms + 1 or np.linalg.matrix_rank(design.to_numpy()) < terms:
        raise DurationError(
            f"The {terms} terms of the adjustment cannot be told apart on these {people} people: "
            "one follows from the others, as a period does from a trend with too few dates. Leave "
            "out a column of `adjust`, the trend or the season."
        )
    outcome = np.empty(people)
    for group in (0, 1):
        rows = place == group
        outcome[rows] = pseudo_values(durations.where(rows), horizon)
    model, warnings = OLS(outcome, design), []
    assumptions = [
        "Case mix, trend and season each add so many units of time, whoever the person is.",
        "Within a group, how soon people are lost from sight does not depend on the case mix.",
    ]
    if started_on:
        warnings.append(
            "Those who started last were followed for the shortest time. Leave out starts with "
            "less follow-up than the horizon (`mature_months`), so that the trend does not rest "
            "on the early leavers among them."
        )
    if cluster is None:
        fitted, freedom = model.fit(cov_type="HC2"), float(people - terms)
        errors = "robust errors (HC2)"
        assumptions.append("People are independent: no bad week moves many of them together.")
    else:
        members, names = read_clusters(frame, cluster)
        fitted = model.fit(cov_type="cluster", cov_kwds={"groups": members})
        freedom, errors = float(names - 1), f"errors clustered by {cluster} ({names} clusters)"
        assumptions.append("One cluster does not move with the next.")
        if names < FEW_CLUSTERS:
            warnings.append(
                f"Clustered errors need many clusters, and there are {names}: with fewer than "
                f"{FEW_CLUSTERS} the interval is too narrow."
            )
    return Adjustment(
        estimate=float(fitted.params[EFFECT]),
        standard_error=float(fitted.bse[EFFECT]),
        law=stats.t(freedom),
        coefficients=pd.DataFrame(
            {
                "term": design.columns,
                "estimate": fitted.params.to_numpy(),
                "standard_error": fitted.bse.to_numpy(),
            }
        ),
        method=(
            "difference from a regression of jackknife pseudo-values on "
            f"{_list_of(['group', *adjust, *_calendar_words(started_on, season)])}, with {errors} "
            "(Andersen, Hansen and Klein 2004)."
        ),
        assumptions=tuple(assumptions),
        warnings=tuple(warnings),
    )


def _calendar(frame: pd.DataFrame, started_on: str | None, season: int) -> pd.DataFrame:
    if season < 0 or season > 4 or season != int(season):
        raise DurationError("`season` counts pairs of cosine and sine: a whole number from 0 to 4.")
    if started_on is None:
        if season:
            raise DurationError("A season needs the date of each start: give `started_on`.")
        return pd.DataFrame(index=range(len(frame)))
    days = read_dates(frame, started_on, "started_on")
    made = {"trend (years)": (days - days.min()).dt.days / 365.25}
    angle = 2 * np.pi * days.dt.dayofyear / 365.25
    for pair in range(1, int(season) + 1):
        made[f"cosine {pair}"], made[f"sine {pair}"] = np.cos(pair * angle), np.sin(pair * angle)
    return pd.DataFrame(made)


def read_dates(frame: pd.DataFrame, column: str, argument: str) -> pd.Series:
    """Return a column as dates without time of day.

    Raises
    ------
    DurationError
        If a value is missing, is no date, or carries a time zone.
    """
    values = take(frame, **{argument: column})[argument]
    if pd.api.types.is_numeric_dtype(values):
        raise DurationError(
            f"The column {column!r}, given as `{argument}`, holds numbers and not dates. Turn them "
            "into dates, such as 2024-04-01, first."
        )
    try:
        days = pd.to_datetime(values)
    except (ValueError, TypeError):
        days = pd.Series(pd.NaT, index=values.index)
    if not pd.api.types.is_datetime64_any_dtype(days) or days.isna().any():
        raise DurationError(
            f"The column {column!r}, given as `{argument}`, must hold a date in every row, such as "
            "2024-04-01. Mend such rows or leave them out, and report how many there were."
        )
    if days.dt.tz is not None:
        raise DurationError(
            f"The dates in the column {column!r} carry a time zone, so that a day may begin on the "
            "day before. Give plain dates (`.dt.tz_localize(None)`)."
        )
    return days.dt.normalize()


def read_clusters(frame: pd.DataFrame, column: str) -> tuple[Ints, int]:
    """Return each row's cluster and how many there are.

    Raises
    ------
    DurationError
        If a row has none, or there are fewer than three.
    """
    values = take(frame, cluster=column)["cluster"]
    if values.isna().any():
        raise DurationError(f"The column {column!r}, given as `cluster`, has rows without a value.")
    codes, names = pd.factorize(values)
    if len(names) < 3:
        raise DurationError(
            f"The column {column!r}, given as `cluster`, holds {len(names)} clusters; at least "
            "three are needed, and many more are better."
        )
    return np.asarray(codes), len(names)


def _calendar_words(started_on: str | None, season: int) -> list[str]:
    return [*(["trend"] if started_on else []), *(["season"] if season else [])]


def _list_of(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
