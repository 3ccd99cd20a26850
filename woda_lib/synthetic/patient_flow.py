"""How long people wait between referral and discharge, with and without the new pathway.

The model, for referral *i* that starts in month *t* at trust *j*::

    without_i = round(case_i · G_i · (level_j + trend·t + regime_t + season_t + shared_t + own_jt))
    with_i    = round(the same before rounding · (1 − scale · share_i))

``G_i`` is gamma with mean 1; ``case_i`` follows the pathway and the age band, whose mix drifts;
``shared_t`` is an AR(1) that both trusts feel (a hard winter, a shortage of carers), ``own_jt`` is
independent from month to month and trust to trust. ``share_i`` varies from person to person and
lies in [0, 1), so nobody's wait ever becomes negative. Both potential outcomes of everybody are
kept, and ``scale`` is solved for so that the realised difference of restricted means over the
treated is the planted one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.addresses import COUNTIES
from woda_lib.synthetic.draws import add_days, autoregressive
from woda_lib.synthetic.profiles import Profile

BANDS = ("18-64", "65-74", "75-84", "85+")
BAND_LIMITS = (18, 65, 75, 85, 130)

_LEVEL = (9.6, 9.9)  # mean days at the start of the window, by county
_TREND = (0.012, 0.010)  # days a month: nearly parallel, which a control series needs
_DISCHARGE_TO_ASSESS = -0.4  # days, both trusts, once the notices ended
_SEASON = 0.8  # amplitude in days, worst in January
_SHARED_SD, _SHARED_CORRELATION = 0.6, 0.6
_OWN_SD = 0.28
_GAMMA_SHAPE = 2.3  # with the spread between cases, a coefficient of variation of about 0.75

_PATHWAY_SHARE = (0.06, 0.55, 0.25, 0.14)  # pathways 0 to 3 among referred people
_PATHWAY_DRIFT = (0.0, -0.0008, 0.0002, 0.0006)  # a month: slowly more people need a care home
_PATHWAY_DAYS = (0.50, 0.88, 1.15, 1.50)
_BAND_SHARE = (0.13, 0.18, 0.36, 0.33)
_BAND_DRIFT = (-0.0004, -0.0004, 0.0002, 0.0006)
_BAND_DAYS = (0.95, 0.97, 1.00, 1.04)

# Hazard of death a day of waiting, by age band; about one referred person in 25 dies in hospital.
_DEATH_HAZARD = (0.0015, 0.003, 0.0045, 0.0065)
_MAX_DAYS = 240

# Beta parameters of the share of the wait that the new pathway removes, by pathway: it was made
# for people who go home with support (pathway 1) and does little for a search for a care home.
_SHARE_OF_WAIT = ((1.5, 4.0), (3.0, 4.5), (2.5, 5.0), (1.5, 6.0))
_LARGEST_SHARE = 0.95


@dataclass(frozen=True)
class Waits:
    """Referrals with both potential outcomes, and the effect that they carry.

    `table` has one row a clock: ``county, started_on, month, band`` (position in `BANDS`),
    ``pathway``, ``days_without``, ``days_with``, ``days`` (the one that happens), ``dies_after``
    (days of waiting after which the person would die in hospital).
    """

    table: pd.DataFrame
    days_saved: float


def draw_waits(profile: Profile, rng: Generator) -> Waits:
    """Draw every referral clock of both trusts."""
    month_means = _draw_month_means(profile, rng)
    table = pd.concat(
        [_draw_clocks(profile, county, month_means[county], rng) for county in (0, 1)],
        ignore_index=True,
    )
    without = table.pop("exact_days").to_numpy()
    table["days_without"] = _whole(without)
    share = _draw_shares(table["pathway"].to_numpy(), rng)
    go_live = np.datetime64(profile.go_live)
    treated = table["county"].eq(COUNTIES[0]) & table["started_on"].ge(go_live)
    mask = treated.to_numpy()

    def days_saved(scale: float) -> float:
        saved = restricted(without[mask], profile) - restricted(
            shortened(without[mask], share[mask], scale), profile
        )
        return float(saved.mean())

    scale = solve_scale(days_saved, profile.planted_days)
    table["days_with"] = _whole(shortened(without, share, scale))
    table["days"] = np.where(mask, table["days_with"], table["days_without"])
    hazard = np.array(_DEATH_HAZARD)[table["band"]]
    table["dies_after"] = np.floor(rng.exponential(1.0, len(table)) / hazard).astype(np.int64)
    return Waits(table, days_saved(scale))


def _whole(days: np.ndarray) -> np.ndarray:
    return np.floor(np.clip(days, 0, _MAX_DAYS) + 0.5).astype(np.int64)


def restricted(days: np.ndarray, profile: Profile) -> np.ndarray:
    """Whole days, those past the horizon counted as the horizon."""
    return np.minimum(_whole(days), profile.horizon_days)


def shortened(days: np.ndarray, share: np.ndarray, scale: float) -> np.ndarray:
    """The wait that is left when `scale · share` of it is taken away."""
    return days * (1 - np.minimum(scale * share, _LARGEST_SHARE))


def solve_scale(days_saved: Callable[[float], float], target: float) -> float:
    """Bisect for the scale whose realised saving is `target` (savings rise with the scale)."""
    low, high = 0.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if days_saved(middle) < target else (low, middle)
    return (low + high) / 2


def _draw_month_means(profile: Profile, rng: Generator) -> np.ndarray:
    """Mean days of a standard case, shape (2 counties, months)."""
    n = profile.months
    index = np.arange(n)
    shared = autoregressive(n, _SHARED_SD, _SHARED_CORRELATION, rng)
    calendar_month = profile.periods.month.to_numpy()
    season = _SEASON * np.cos(2 * np.pi * (calendar_month - 1) / 12)
    after_notices = profile.periods.start_time > pd.Timestamp(profile.last_notice_day)
    common = season + shared + _DISCHARGE_TO_ASSESS * after_notices
    own = rng.normal(0, _OWN_SD, (2, n))
    level, trend = np.array(_LEVEL)[:, None], np.array(_TREND)[:, None]
    return level + trend * index + common + own


def _drifting(
    rng: Generator, month: np.ndarray, start: tuple[float, ...], drift: tuple[float, ...]
) -> np.ndarray:
    """Draw categories whose shares move linearly with the month."""
    shares = np.array(start) + month[:, None] * np.array(drift)
    cumulative = np.cumsum(shares, axis=1)
    return (rng.random(len(month))[:, None] * cumulative[:, -1:] > cumulative).sum(axis=1)


def _draw_clocks(
    profile: Profile, county: int, month_means: np.ndarray, rng: Generator
) -> pd.DataFrame:
    winter = np.isin(profile.periods.month, [12, 1, 2])
    counts = rng.poisson(profile.referrals_per_month * np.where(winter, 1.04, 0.987))
    month = np.repeat(np.arange(profile.months), counts)
    started_on = _draw_start_days(profile, month, rng)
    pathway = _drifting(rng, month, _PATHWAY_SHARE, _PATHWAY_DRIFT)
    band = _drifting(rng, month, _BAND_SHARE, _BAND_DRIFT)
    case = np.array(_PATHWAY_DAYS)[pathway] * np.array(_BAND_DAYS)[band]
    case /= np.dot(_PATHWAY_SHARE, _PATHWAY_DAYS) * np.dot(_BAND_SHARE, _BAND_DAYS)
    spread = rng.gamma(_GAMMA_SHAPE, 1 / _GAMMA_SHAPE, len(month))
    return pd.DataFrame(
        {
            "county": COUNTIES[county],
            "started_on": started_on,
            "month": month,
            "band": band,
            "pathway": pathway,
            "exact_days": case * spread * month_means[month],
        }
    )


def _draw_start_days(profile: Profile, month: np.ndarray, rng: Generator) -> np.ndarray:
    """Days within each month; half of those at a weekend wait for Monday, inside the month."""
    lengths = profile.periods.days_in_month.to_numpy()[month]
    first = profile.periods.start_time.to_numpy().astype("datetime64[D]")[month]
    day = add_days(first, np.floor(rng.random(len(month)) * lengths))
    weekday = (day.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
    postponed = add_days(day, np.where(weekday >= 5, 7 - weekday, 0))
    fits = postponed.astype("datetime64[M]") == day.astype("datetime64[M]")
    return np.where((rng.random(len(day)) < 0.5) & fits, postponed, day)


def _draw_shares(pathway: np.ndarray, rng: Generator) -> np.ndarray:
    a, b = np.array(_SHARE_OF_WAIT)[pathway].T
    return rng.beta(a, b)
