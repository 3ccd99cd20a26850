"""Statutory steps, drawn month by month: what a household needs, and what of it anybody records.

On the first of each month a household's features are what services had written down by the day
before. Steps of the month come at the planted rates; what is recorded raises the rates of later
months. A service takes no second step while one of its goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.complex_dependencies.inputs import MORE_REMINDERS_FROM
from woda_lib.synthetic.complex_dependencies.mechanism import (
    SERVICES,
    found,
    hazards,
    two_or_more,
)
from woda_lib.synthetic.complex_dependencies.signs import Signs
from woda_lib.synthetic.complex_dependencies.units import Units
from woda_lib.synthetic.draws import add_days, days_between
from woda_lib.synthetic.population import NOT_A_DAY

LOOK_BACK: Final = 12
"""Months for which what is over still tells something."""

_MOVES_IN: Final = 24
_A_MONTH: Final = 365.25 / 12
_SHIFT: Final = 1.0  # twice the weight of notices of possession
# Mean days that a step of each service goes on; the last is over on its day.
_LASTS: Final = {
    "childrens_social_care": 28.0,
    "housing": 75.0,
    "mental_health": 20.0,
    "youth_justice": 150.0,
    "school_attendance": 0.0,
}


@dataclass(frozen=True)
class Inputs:
    """What there was before any step.

    Attributes
    ----------
    signs
        Of people.
    terms, reminders, notices : pandas.DataFrame
        Of households: see `woda_lib.synthetic.complex_dependencies.inputs`.
    """

    signs: Signs
    terms: pd.DataFrame
    reminders: pd.DataFrame
    notices: pd.DataFrame


@dataclass(frozen=True)
class Followed:
    """What came of it.

    Attributes
    ----------
    steps : pandas.DataFrame
        ``unit, dwelling, service, started_on, ended_on, recorded``, a row a step that was needed.
    risks : pandas.DataFrame
        ``unit, dwelling, index_date``, ``recorded_*`` and ``needed_*`` (a true yearly rate a
        service), ``risk`` and ``risk_of_need`` (the chance of two services or more in a year).
    features : dict
        The features of every household on each index date, as truly known to services; empty
        unless they were to be kept.
    """

    steps: pd.DataFrame
    risks: pd.DataFrame
    features: dict[np.datetime64, pd.DataFrame]


def index_dates(opens: np.datetime64, as_of: np.datetime64) -> list[np.datetime64]:
    """Return the days of the question: the window's end, and 12, 18, 30 and 36 months before."""
    end = (as_of + 1).astype("datetime64[M]")
    days = [(end - back).astype("datetime64[D]") - 1 for back in (36, 30, 18, 12, 0)]
    return [day for day in days if day > opens]


def follow(
    units: Units, inputs: Inputs, rng: Generator, *, keep_features: bool = False
) -> Followed:
    """Draw the steps of the window."""
    profile = units.world.profile
    wanted = index_dates(profile.opens, profile.as_of)
    past = _Past(units.number, profile.months)
    steps, risks, kept = [], [], {}
    features_on = _features_by_day(units, inputs, past)
    for month, first in enumerate(_firsts(profile.opens, profile.months)):
        features = features_on(first - 1, month)
        shift = _SHIFT if first >= MORE_REMINDERS_FROM else 0.0
        rates, share = hazards(features, shift=shift), found(features)
        if first - 1 in wanted:
            risks.append(_risks(features, rates, share, first - 1))
            if keep_features:
                kept[first - 1] = features
        if month < profile.months:
            days = int(days_between(first, (first.astype("datetime64[M]") + 1)))
            drawn = _draw(features.index.to_numpy(), rates, share, first, days, units, past, rng)
            past.take(drawn.loc[drawn["recorded"]], month)
            steps.append(drawn)
    return Followed(pd.concat(steps, ignore_index=True), pd.concat(risks, ignore_index=True), kept)


def _firsts(opens: np.datetime64, months: int) -> Iterator[np.datetime64]:
    """The first day of each month of the window, and of the month after it."""
    for number in range(months + 1):
        yield (opens.astype("datetime64[M]") + number).astype("datetime64[D]")


class _Past:
    """What was recorded of each household so far."""

    def __init__(self, units: int, months: int) -> None:
        self.number = np.zeros((units, months), dtype=np.int8)
        self.last = np.full(units, NOT_A_DAY)
        self.open_until = np.full((units, len(SERVICES)), np.datetime64("1900-01-01", "D"))

    def take(self, drawn: pd.DataFrame, month: int) -> None:
        """Add the steps of a month."""
        unit = drawn["unit"].to_numpy()
        np.add.at(self.number[:, month], unit, 1)
        on = drawn["started_on"].to_numpy().astype("datetime64[D]")
        order = np.argsort(on, kind="stable")
        self.last[unit[order]] = on[order]
        at = np.select([drawn["service"] == name for name in SERVICES], range(len(SERVICES)))
        ended = drawn["ended_on"].to_numpy().astype("datetime64[D]")
        self.open_until[unit, at] = ended


def _features_by_day(
    units: Units, inputs: Inputs, past: _Past
) -> Callable[[np.datetime64, int], pd.DataFrame]:
    world = units.world
    deprivation = world.dwellings["deprivation_quintile"].to_numpy(float)
    counted = {
        "absence_terms": _ByDay.of(
            inputs.terms.loc[inputs.terms["absence"].ne("below_10")], "ended_on"
        ),
        "suspended_days": _ByDay.of(inputs.terms, "ended_on", "suspended_days"),
        "arrears_notices": _ByDay.of(inputs.reminders, "started_on"),
        "possession_notices": _ByDay.of(inputs.notices, "started_on"),
    }

    def features(day: np.datetime64, month: int) -> pd.DataFrame:
        members = units.members(day)
        n = units.number
        everybody = np.arange(len(world.born))
        age = np.floor(world.ages(everybody, np.full(len(everybody), day)))
        own = age[members.person]
        people = np.bincount(members.unit, minlength=n)
        children = np.bincount(members.unit[own < 16], minlength=n)
        grown = np.bincount(members.unit[own >= 18], minlength=n)
        dwelling = np.full(n, -1)
        dwelling[members.unit] = members.dwelling
        here = np.flatnonzero(people > 0)
        since = (day.astype("datetime64[M]") - LOOK_BACK + 1).astype("datetime64[D]")
        columns = {
            "people": people,
            "children": children,
            "under_fives": np.bincount(members.unit[own < 5], minlength=n),
            "lone_parent": (children > 0) & (grown == 1),
            "moves": units.moves_of(day, _MOVES_IN),
            **inputs.signs.on(day, members, age, n),
            **{name: events.between(since, day, n) for name, events in counted.items()},
            "statutory_12m": past.number[:, max(month - LOOK_BACK, 0) : month].sum(axis=1),
            "months_since_statutory": _months(past.last, day),
        }
        frame = pd.DataFrame(
            {name: values[here].astype(float) for name, values in columns.items()}, index=here
        )
        home = dwelling[here]
        frame["deprivation"] = deprivation[home]
        frame["months_here"] = _months(units.came_on(here, home), day)
        frame["dwelling"] = home
        return frame

    return features


def _months(since: np.ndarray, day: np.datetime64) -> np.ndarray:
    """Months from days to a day, with decimals; NaN from none."""
    return np.where(np.isnat(since), np.nan, (day - since).astype(float) / _A_MONTH)


@dataclass(frozen=True)
class _ByDay:
    """Events of households in the order of days, each with how much it counts."""

    day: np.ndarray
    unit: np.ndarray
    value: np.ndarray

    @classmethod
    def of(cls, table: pd.DataFrame, on: str, value: str = "") -> _ByDay:
        day = table[on].to_numpy().astype("datetime64[D]")
        order = np.argsort(day, kind="stable")
        worth = table[value].to_numpy(float) if value else np.ones(len(table))
        return cls(day[order], table["unit"].to_numpy()[order], worth[order])

    def between(self, first: np.datetime64, last: np.datetime64, units: int) -> np.ndarray:
        """Return the sum of each household from one day to another, both included."""
        low, high = np.searchsorted(self.day, [first, last + 1])
        return np.bincount(self.unit[low:high], weights=self.value[low:high], minlength=units)


def _risks(
    features: pd.DataFrame,
    rates: pd.DataFrame,
    share: np.ndarray,
    day: np.datetime64,
) -> pd.DataFrame:
    seen = rates.mul(share, axis=0)
    table = pd.DataFrame(
        {
            "unit": features.index.to_numpy(),
            "dwelling": features["dwelling"].to_numpy(),
            "index_date": day,
        }
    )
    for kind, of in (("recorded", seen), ("needed", rates)):
        for service in SERVICES:
            table[f"{kind}_{service}"] = of[service].to_numpy(np.float32)
    return table.assign(risk=two_or_more(seen), risk_of_need=two_or_more(rates))


def _draw(
    unit: np.ndarray,
    rates: pd.DataFrame,
    share: np.ndarray,
    first: np.datetime64,
    days: int,
    units: Units,
    past: _Past,
    rng: Generator,
) -> pd.DataFrame:
    """Draw the steps of a month."""
    chance = 1 - np.exp(-rates.to_numpy() / 12)
    rows, service = np.nonzero(rng.random(chance.shape) < chance)
    of = unit[rows]
    day = add_days(np.full(len(rows), first), rng.integers(0, days, len(rows)))
    recorded = rng.random(len(rows)) < share[rows]
    mean = np.array([_LASTS[name] for name in SERVICES])[service]
    ended = add_days(day, np.floor(rng.exponential(1.0, len(rows)) * mean))
    dwelling = units.home_on(of, day)
    kept = (dwelling >= 0) & (past.open_until[of, service] < day)
    return pd.DataFrame(
        {
            "unit": of[kept],
            "dwelling": dwelling[kept],
            "service": np.array(SERVICES, dtype=object)[service[kept]],
            "started_on": day[kept],
            "ended_on": ended[kept],
            "recorded": recorded[kept],
        }
    )
