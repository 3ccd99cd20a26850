"""What services tell of homes by the property's number before any step: school, tax, landlord.

Who is in need is behind with more of it. From `MORE_REMINDERS_FROM` on, reminders go to who owes
less: there are more of them, and no more need.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.complex_dependencies.units import Units
from woda_lib.synthetic.draws import add_days, as_days, days_between, drawn_by
from woda_lib.synthetic.single_view.world import YEAR

MORE_REMINDERS_FROM: Final = np.datetime64("2024-10-01", "D")
"""The planted shift: after the year that models are tested on."""

_TERMS: Final = (("01-06", "03-28"), ("04-15", "07-22"), ("09-04", "12-20"))
_ABSENCES: Final = ("below_10", "persistent", "severe")
# Of a term, by what the school census says of the pupil.
_TERM_SHARES: Final = {
    "below_10": (0.925, 0.072, 0.003),
    "persistent": (0.42, 0.53, 0.05),
    "severe": (0.16, 0.38, 0.46),
}
# Days a term, of who is marked as suspended in the census, and of others.
_SUSPENDED, _NOT_SUSPENDED = 0.9, 0.03

_REMINDED, _REMINDED_IN_ARREARS = 0.06, 0.75  # a year, at average need
_MORE_TIMES: Final = 1.5  # of the reminders there were
_SUMMONED, _LIABLE = 0.35, 0.60  # of who was reminded, of who was summoned
_NOTICED, _NOTICED_IN_ARREARS = 0.035, 0.24  # a year, of the association's homes
_CLAIMED: Final = 0.32
_NEXT_STEP: Final = 30  # days


def terms(units: Units, census: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Draw each pupil's terms of the window.

    Returns
    -------
    pandas.DataFrame
        ``unit, dwelling, started_on, ended_on, absence, suspended_days``, by the last day.
    """
    profile = units.world.profile
    began, ended = as_days(census["started_on"]), as_days(census["ended_on"])
    person = census["person_id"].to_numpy()
    parts = []
    for first, last in _days_of_terms(profile.opens, profile.as_of):
        rows = np.flatnonzero((began <= first) & ~(ended < last))
        unit = units.unit_on(person[rows], np.full(len(rows), last))
        rows, unit = rows[unit >= 0], unit[unit >= 0]
        said = census["absence"].to_numpy()[rows]
        kind = np.select([said == name for name in _ABSENCES], range(len(_ABSENCES)))
        shares = np.array([_TERM_SHARES[name] for name in _ABSENCES])
        days = np.where(census["excluded"].to_numpy()[rows] == "yes", _SUSPENDED, _NOT_SUSPENDED)
        parts.append(
            pd.DataFrame(
                {
                    "unit": unit,
                    "dwelling": units.home_on(unit, np.full(len(unit), last)),
                    "started_on": first,
                    "ended_on": last,
                    "absence": drawn_by(_ABSENCES, shares, kind, rng),
                    "suspended_days": np.minimum(_suspensions(days, rng), 45),
                }
            )
        )
    found = pd.concat(parts, ignore_index=True)
    return found.loc[found["dwelling"].ge(0)].reset_index(drop=True)


def _suspensions(days: np.ndarray, rng: Generator) -> np.ndarray:
    """Few are suspended, and most of them for two or three days at a time."""
    times = rng.poisson(days / 2.5)
    return times + rng.poisson(1.5 * times)


def _days_of_terms(
    opens: np.datetime64, as_of: np.datetime64
) -> list[tuple[np.datetime64, np.datetime64]]:
    years = range(opens.astype(object).year, as_of.astype(object).year + 1)
    days = [
        (np.datetime64(f"{year}-{first}"), np.datetime64(f"{year}-{last}"))
        for year in years
        for first, last in _TERMS
    ]
    return [(first, last) for first, last in days if first >= opens and last <= as_of]


def reminders(units: Units, liable: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Draw notices about council tax: a reminder, and what comes of it.

    Returns
    -------
    pandas.DataFrame
        ``unit, dwelling, started_on, notice``, by day.
    """
    world = units.world
    opens, as_of = world.profile.opens, world.profile.as_of
    person = liable["person_id"].to_numpy()
    began = np.maximum(as_days(liable["started_on"]), opens)
    unit = units.unit_on(person, began)
    need, behind = np.zeros(units.number), np.zeros(units.number)
    here = unit >= 0
    np.maximum.at(need, unit[here], np.sqrt(world.need[person[here]]))
    owes = (liable["arrears"].to_numpy() == "yes")[here]
    np.maximum.at(behind, unit[here], owes.astype(float))
    usual = _REMINDED * np.minimum(need, 4.0) + _REMINDED_IN_ARREARS * behind
    # Who owes little is now written to as well, so that need tells less of who is.
    more = _MORE_TIMES * (0.5 * usual + 0.5 * usual[need > 0].mean()) * (need > 0)
    first = _at_rates(usual, opens, as_of, rng)
    later = _at_rates(more, MORE_REMINDERS_FROM, as_of, rng)
    unit, day = (np.concatenate(both) for both in zip(first, later, strict=True))
    return _step_by_step(
        units, unit, day, {"reminder": 1.0, "summons": _SUMMONED, "liability_order": _LIABLE}, rng
    )


def landlords_notices(units: Units, tenants: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Draw the landlord's steps towards taking homes back.

    Returns
    -------
    pandas.DataFrame
        ``unit, dwelling, started_on, notice``, by day.
    """
    world = units.world
    lets = tenants.drop_duplicates("letting_id")
    person = lets["person_id"].to_numpy()
    began = np.maximum(as_days(lets["started_on"]), world.profile.opens)
    ended = as_days(lets["ended_on"])
    last = np.where(np.isnat(ended), world.profile.as_of, np.minimum(ended, world.profile.as_of))
    years = np.maximum(days_between(began, last), 0) / YEAR
    in_arrears = lets["arrears"].to_numpy() == "yes"
    rate = np.where(in_arrears, _NOTICED_IN_ARREARS, _NOTICED)
    rate = rate * np.clip(np.sqrt(world.need[person]), 0.4, 2.5)
    which = np.repeat(np.arange(len(lets)), rng.poisson(rate * years))
    span = days_between(began, last)[which] + 1
    day = add_days(began[which], np.floor(rng.random(len(which)) * span))
    unit = units.unit_on(person[which], day)
    return _step_by_step(
        units, unit[unit >= 0], day[unit >= 0], {"notice": 1.0, "court_claim": _CLAIMED}, rng
    )


def _at_rates(
    yearly: np.ndarray, first: np.datetime64, last: np.datetime64, rng: Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Households and days, at so many a year each."""
    days = max(int(days_between(first, last)) + 1, 0)
    unit = np.repeat(np.arange(len(yearly)), rng.poisson(yearly * days / YEAR))
    return unit, add_days(np.full(len(unit), first), rng.integers(0, max(days, 1), len(unit)))


def _step_by_step(
    units: Units, unit: np.ndarray, day: np.ndarray, shares: Mapping[str, float], rng: Generator
) -> pd.DataFrame:
    """Follow each first notice: some are followed by the next, while the household stays."""
    as_of = units.world.profile.as_of
    parts = []
    for notice, share in shares.items():
        goes_on = rng.random(len(unit)) < share
        unit, day = unit[goes_on], day[goes_on]
        dwelling = units.home_on(unit, day)
        there = (dwelling >= 0) & (day <= as_of)
        unit, day, dwelling = unit[there], day[there], dwelling[there]
        parts.append(
            pd.DataFrame({"unit": unit, "dwelling": dwelling, "started_on": day, "notice": notice})
        )
        day = add_days(day, _NEXT_STEP + np.floor(rng.exponential(20.0, len(day))))
    table = pd.concat(parts, ignore_index=True).astype({"notice": object})
    return table.sort_values(["started_on", "unit"], kind="stable", ignore_index=True)
