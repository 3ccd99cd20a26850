"""When incidents happen: each raises the risk of the next, for weeks.

Incidents of a couple are a self-exciting point process in its cluster form (Hawkes and Oakes 1974,
Journal of Applied Probability 11:493): one brings the couple to notice, some come by themselves at
the couple's own rate, and each, of any sort, brings on a Poisson number of others after a delay.

Three couples in four come to police once, and a few come again and again (Bland and Ariel 2015,
International Criminal Justice Review 25(1):30: of couples in Suffolk from 2009 to 2014 76% had no
repeat call).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.draws import as_days, days_between, weighted
from woda_lib.synthetic.profiles import Profile

# Classes of couples: their share, the relative rate of incidents that come by themselves, and how
# many others each incident brings on.
_SHARES = (0.70, 0.25, 0.05)
_RATES = (0.4, 3.0, 9.0)
_BRINGS_ON = (0.07, 0.32, 0.62)
_RATE_SHAPE = 1.2  # of the gamma spread of rates within a class

NEAR_SHARE = 0.75
NEAR_DAYS = 14.0
"""Mean delay of most incidents that another brings on: the risk halves in ten days."""
_LATER_DAYS = 100.0
_SOONEST_DAYS = 0.25

SEPARATION_RISK = 3.0
"""The couple's own rate, as a multiple, in the weeks after they separate."""
_SEPARATION_DAYS = 90
_NOTICED_AFTER = 0.6  # of couples who separate: they come to notice when they have
_TAIL_DAYS = 320.0

# By the hour from midnight; and of weekdays some move to the weekend that follows.
_HOURS = (
    5.5, 4.4, 3.2, 2.2, 1.4, 1.0, 1.1, 1.6, 2.4, 2.9, 3.2, 3.4,
    3.7, 3.6, 3.7, 4.1, 4.5, 5.0, 5.6, 6.1, 6.6, 7.0, 7.0, 6.4,
)  # fmt: skip
_TO_THE_WEEKEND = 0.10

# How long until police hear: most at once, some after days, a few after weeks.
_DELAYS = ((0.82, 0.03), (0.14, 2.5), (0.04, 30.0))  # share, mean days


def draw_incidents(couples: pd.DataFrame, profile: Profile, rng: Generator) -> pd.DataFrame:
    """Draw the incidents of couples that police hear of in the window and the days beyond.

    Parameters
    ----------
    couples : pandas.DataFrame
        From `woda_lib.synthetic.domestic_abuse.couples.draw_couples`.

    Returns
    -------
    pandas.DataFrame
        ``couple`` (position), ``occurred_at, reported_at`` (whole minutes), in the order of
        reports.
    """
    begins, ends, separated = (
        days_between(profile.opens, as_days(couples[column])).astype(float)
        for column in ("begins", "ends", "separated_on")
    )
    separated[couples["separated_on"].isna()] = np.inf
    ends = np.minimum(ends, separated + 30 + rng.exponential(_TAIL_DAYS, len(couples)))
    after = separated, np.minimum(separated + _SEPARATION_DAYS, ends)
    kind = weighted(rng, len(couples), _SHARES)
    rate = np.array(_RATES)[kind] * rng.gamma(_RATE_SHAPE, 1 / _RATE_SHAPE, len(couples))
    brings_on = np.array(_BRINGS_ON)[kind]
    at_risk = np.maximum(ends - begins, 0.0)
    raised = np.where(
        np.isinf(separated), 0.0, np.maximum(after[1] - np.maximum(after[0], begins), 0.0)
    )
    rate *= _scale(profile, rate, at_risk, raised, brings_on)

    streams = [
        _coming_to_notice(begins, separated, ends, rng),
        _by_themselves(rate, begins, at_risk, rng),
        _by_themselves(
            rate * (SEPARATION_RISK - 1),
            np.maximum(np.where(raised > 0, separated, 0), begins),
            raised,
            rng,
        ),
    ]
    couple = np.concatenate([stream[0] for stream in streams])
    day = np.concatenate([stream[1] for stream in streams])
    couple, day = _with_others(couple, day, ends, brings_on, rng)
    return _as_reported(couple, day, ends, profile, rng)


def _scale(
    profile: Profile,
    rate: np.ndarray,
    at_risk: np.ndarray,
    raised: np.ndarray,
    brings_on: np.ndarray,
) -> float:
    """The factor by which rates give the wanted number of incidents a year."""
    exposure = at_risk + (SEPARATION_RISK - 1) * raised
    drawn = float((rate * exposure / (1 - brings_on)).sum())
    # The year before the window is lived through as well, so that it opens on couples in a state.
    wanted = profile.incidents_a_year * (profile.months / 12 + 1)
    return (wanted - float((1 / (1 - brings_on)).sum())) / drawn


def _coming_to_notice(
    begins: np.ndarray, separated: np.ndarray, ends: np.ndarray, rng: Generator
) -> tuple[np.ndarray, np.ndarray]:
    """One incident of each couple that police hear of."""
    after = (separated < ends) & (rng.random(len(begins)) < _NOTICED_AFTER)
    first = np.where(after, np.maximum(separated, begins), begins)
    day = first + rng.random(len(begins)) * (ends - first)
    exists = np.flatnonzero(ends > begins)
    return exists, day[exists]


def _by_themselves(
    rate: np.ndarray, begins: np.ndarray, length: np.ndarray, rng: Generator
) -> tuple[np.ndarray, np.ndarray]:
    couple = np.repeat(np.arange(len(rate)), rng.poisson(rate * length))
    return couple, begins[couple] + rng.random(len(couple)) * length[couple]


def _with_others(
    couple: np.ndarray, day: np.ndarray, ends: np.ndarray, brings_on: np.ndarray, rng: Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Add, generation by generation, the incidents that others bring on."""
    couples, days = [couple], [day]
    while len(couple):
        again = np.repeat(np.arange(len(couple)), rng.poisson(brings_on[couple]))
        mean = np.where(rng.random(len(again)) < NEAR_SHARE, NEAR_DAYS, _LATER_DAYS)
        later = day[again] + _SOONEST_DAYS + rng.exponential(mean)
        couple = couple[again]
        lives = later < ends[couple]
        couple, day = couple[lives], later[lives]
        couples.append(couple)
        days.append(day)
    return np.concatenate(couples), np.concatenate(days)


def _as_reported(
    couple: np.ndarray, day: np.ndarray, ends: np.ndarray, profile: Profile, rng: Generator
) -> pd.DataFrame:
    n = len(couple)
    whole = np.floor(day).astype(np.int64)
    weekday = (whole + int(profile.opens.astype(np.int64)) + 3) % 7  # 1970-01-01 was a Thursday
    moves = (weekday < 4) & (rng.random(n) < _TO_THE_WEEKEND)
    whole = np.where(moves, whole + rng.integers(4, 7, n) - weekday, whole)
    minute = 60 * weighted(rng, n, _HOURS) + rng.integers(0, 60, n)
    occurred = profile.opens.astype("datetime64[m]") + (1440 * whole + minute).astype(
        "timedelta64[m]"
    )
    how = weighted(rng, n, [share for share, _ in _DELAYS])
    delay = 1 + np.floor(1440 * rng.exponential(np.array([days for _, days in _DELAYS])[how]))
    reported = occurred + delay.astype("timedelta64[m]")
    heard = (
        (reported >= profile.opens.astype("datetime64[m]"))
        & (reported < (profile.last_day + 1).astype("datetime64[m]"))
        & (whole + 1 <= ends[couple])
    )
    table = pd.DataFrame(
        {
            "couple": couple[heard],
            "occurred_at": occurred[heard].astype("datetime64[ns]"),
            "reported_at": reported[heard].astype("datetime64[ns]"),
        }
    )
    return table.sort_values(
        ["reported_at", "occurred_at", "couple"], kind="stable", ignore_index=True
    )
