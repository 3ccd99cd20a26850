"""The daily triage meetings of two councils: how many cases, and how long they took.

Both councils have the case load of a county of 600,000 residents, whatever the profile, so that the
evaluation has the same power in each; in Worcestershire it also follows the incidents of the days
before, the closer the larger the profile. The model, for meeting *i* in month *t* at council *j*::

    without_i = cases_i · G_i · (level_j + trend·t + season_t + shared_t + own_jt)
    with_i    = without_i − scale · share_i · cases_i, and no less than half

``G_i`` is gamma with mean 1 and narrower the more cases there are; ``shared_t`` is an AR(1) that
both councils feel (a new form, a winter of illness), ``own_jt`` one of each council. Minutes are
whole. ``scale`` is solved for so that the minutes saved per case over all meetings from go-live on
are the planted ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.addresses import COUNTIES
from woda_lib.synthetic.domestic_abuse.agencies.records import (
    Records,
    nobody,
    once,
)
from woda_lib.synthetic.domestic_abuse.agencies.world import World
from woda_lib.synthetic.draws import add_days, as_days, autoregressive
from woda_lib.synthetic.patient_flow import solve_scale
from woda_lib.synthetic.registers import local_numbers

COUNCILS = ("county_council", "severnside_council")
MINUTES_PER_CASE_CUT = 2.1
COUNTY_RESIDENTS = 600_000
DISCUSSED = 0.27
"""Share of incidents that are discussed: the others need no meeting."""

_LEVEL = (9.2, 9.6)  # minutes a case at the start, by council
_TREND = (0.006, 0.005)  # minutes a month
_SEASON = 0.35  # amplitude in minutes, longest in January
_SHARED_SD, _SHARED_CORRELATION = 0.40, 0.6
_OWN_SD, _OWN_CORRELATION = 0.20, 0.3
_CASE_SHAPE = 4.0  # gamma shape of one case's minutes
_MEETING_SHAPE = 90.0  # and of what a whole meeting has in common
_CONTROL_LOAD = 0.93
_MOST_CASES, _LONGEST = 150, 590


@dataclass(frozen=True)
class Meetings:
    """All meetings, with both potential outcomes, and what the pack saves.

    `table` has, by day, ``council, held_on, cases, attendees, minutes_without, minutes_with,
    minutes`` and ``treated``.
    """

    table: pd.DataFrame
    minutes_per_case_cut: float


def draw_meetings(world: World, rng: Generator) -> Meetings:
    """Draw every weekday's meeting of both councils."""
    days = np.arange(world.profile.opens, world.profile.as_of + 1)
    days = days[np.is_busday(days)]
    means = _month_means(world, rng)
    month = world.profile.month_of(days)
    parts = []
    for council in (0, 1):
        cases = np.clip(rng.poisson(_expected_cases(world, days, council)), 1, _MOST_CASES)
        spread = rng.gamma(_CASE_SHAPE * cases, 1 / (_CASE_SHAPE * cases))
        spread = spread * rng.gamma(_MEETING_SHAPE, 1 / _MEETING_SHAPE, len(days))
        parts.append(
            pd.DataFrame(
                {
                    "council": COUNCILS[council],
                    "held_on": days,
                    "cases": cases,
                    "attendees": np.clip(rng.poisson(11.0 - council, len(days)), 4, 30),
                    "exact": cases * spread * means[council, month],
                }
            )
        )
    table = pd.concat(parts, ignore_index=True)
    share = rng.beta(6.0, 4.0, len(table)) / 0.6
    treated = _is_treated(world, table)
    exact, cases = table.pop("exact").to_numpy(), table["cases"].to_numpy()

    def per_case(scale: float) -> float:
        saved = _whole(exact) - _whole(_shortened(exact, share * cases, scale))
        return float(saved[treated].sum() / cases[treated].sum())

    scale = solve_scale(per_case, MINUTES_PER_CASE_CUT)
    table = table.assign(
        treated=treated,
        minutes_without=_whole(exact),
        minutes_with=_whole(_shortened(exact, share * cases, scale)),
    )
    table["minutes"] = np.where(treated, table["minutes_with"], table["minutes_without"])
    order = ["held_on", "council"]
    return Meetings(table.sort_values(order, ignore_index=True), per_case(scale))


def _is_treated(world: World, table: pd.DataFrame) -> np.ndarray:
    since = as_days(table["held_on"]) >= np.datetime64(world.profile.triage_go_live)
    return since & table["council"].eq(COUNCILS[0]).to_numpy()


def _whole(minutes: np.ndarray) -> np.ndarray:
    return np.floor(np.clip(minutes, 1, _LONGEST) + 0.5).astype(np.int64)


def _shortened(exact: np.ndarray, most: np.ndarray, scale: float) -> np.ndarray:
    return np.maximum(exact - scale * most, exact / 2)


def _month_means(world: World, rng: Generator) -> np.ndarray:
    """Mean minutes of a case, shape (2 councils, months)."""
    profile = world.profile
    index = np.arange(profile.months)
    season = _SEASON * np.cos(2 * np.pi * (profile.periods.month.to_numpy() - 1) / 12)
    shared = autoregressive(profile.months, _SHARED_SD, _SHARED_CORRELATION, rng)
    own = [autoregressive(profile.months, _OWN_SD, _OWN_CORRELATION, rng) for _ in COUNTIES]
    level, trend = np.array(_LEVEL)[:, None], np.array(_TREND)[:, None]
    return level + trend * index + season + shared + np.stack(own)


def _expected_cases(world: World, days: np.ndarray, council: int) -> np.ndarray:
    """Cases to expect at each meeting: a share of the incidents since the meeting before."""
    profile = world.profile
    since = np.where((days.astype(np.int64) + 3) % 7 == 0, 3, 1)  # 1970-01-01 was a Thursday
    # What a county of full size would have had, a little more in summer and at Christmas.
    month = days.astype("datetime64[M]").astype(np.int64) % 12
    usual = 0.025 * COUNTY_RESIDENTS / 365.25 * (1 + 0.06 * np.cos(2 * np.pi * (month - 6) / 12))
    if council == 1:
        return DISCUSSED * usual * since * _CONTROL_LOAD
    reported = np.sort(as_days(world.incidents["day"]))
    before = np.searchsorted(reported, days) - np.searchsorted(reported, add_days(days, -since))
    scale = 0.025 * COUNTY_RESIDENTS / (len(reported) * 365.25 / world.window_days)
    # A small county's few incidents say little of a day, a whole county's all of it.
    weight = min(1.0, profile.residents / COUNTY_RESIDENTS)
    return DISCUSSED * (weight * before * scale + (1 - weight) * usual * since)


def write_meetings(meetings: Meetings, council: str, rng: Generator) -> Records:
    """Write one council's meetings."""
    table = meetings.table.loc[meetings.table["council"].eq(council)]
    on = as_days(table["held_on"])
    columns = {
        "meeting_id": local_numbers("TM", len(table), rng),
        "held_on": on,
        **{name: table[name].astype("Int64").array for name in ("minutes", "cases", "attendees")},
    }
    rows = pd.DataFrame(columns)
    return once(council, "triage_meetings", rows, on, nobody())
