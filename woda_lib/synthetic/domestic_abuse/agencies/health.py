"""Emergency attendances that the hospital shares, and midwifery bookings.

The hospital shares attendances that a safeguarding nurse marked: assaults, overdoses, people in
mental distress, and injuries that raised a question. How many those are is nowhere published for
the whole; the rates are assumed, and raised about incidents.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.domestic_abuse.agencies.clerks import (
    EMERGENCY,
    PERSON,
    details,
    numbers,
    registered,
)
from woda_lib.synthetic.domestic_abuse.agencies.records import (
    Records,
    blanked,
    drawn,
    known_people,
    once,
)
from woda_lib.synthetic.domestic_abuse.agencies.world import World
from woda_lib.synthetic.draws import add_days, as_days
from woda_lib.synthetic.registers import local_numbers

YEARLY = {
    "ed_assault": 0.0016,
    "ed_injury": 0.0060,
    "ed_overdose": 0.0020,
    "ed_mental_health": 0.0050,
}
"""Attendances a resident and year that have nothing to do with an incident."""

_AGES = {
    "ed_assault": (10, 70), "ed_injury": (0, 110), "ed_overdose": (12, 90),
    "ed_mental_health": (11, 95),
}  # fmt: skip
HURT = {"grave": 0.24, "violent": 0.09, "other": 0.02}
"""Share of incidents after which the victim comes to the department, by what happened."""

VIOLENT = ("actual_bodily_harm", "common_assault")
AROUND_DAYS = 90
EXTRA_AROUND = {"victim": 0.05, "perpetrator": 0.03}
"""Further attendances that each incident brings within 90 days before or after it."""

DISCLOSED_AFTER, DISCLOSED_AROUND, DISCLOSED_ELSE = 0.45, 0.15, 0.015
"""Share of attendances in which the person speaks of abuse."""

_NOT_ASKED = {"after": 0.30, "else": 0.68, "booking": 0.22}
_BOOKING_DISCLOSED, _BOOKING_DISCLOSED_ELSE = 0.35, 0.012
_WEEKS_BEFORE_BIRTH = (30.0, 2.2)  # a booking at about ten weeks
_BOOKED_ELSEWHERE = 0.06


def draw_flags(world: World, rng: Generator) -> pd.DataFrame:
    """Draw what the hospital shares.

    Returns
    -------
    pandas.DataFrame
        By day: ``person_id, kind, occurred_on, abuse_disclosed`` (yes, no, or None where nobody
        asked).
    """
    table = pd.concat(
        [
            _anyhow(world, rng),
            _hurt(world, rng),
            _around(world, "victim", rng),
            _around(world, "perpetrator", rng),
            _bookings(world, rng),
        ],
        ignore_index=True,
    )
    person, day = table["person_id"].to_numpy(), as_days(table["occurred_on"])
    kept = world.lives(person, day) & (day >= world.profile.opens)
    table = table.loc[kept]
    return table.sort_values(["occurred_on", "person_id", "kind"], ignore_index=True)


def _flags(
    kind: np.ndarray | str,
    person: np.ndarray,
    on: np.ndarray,
    *,
    not_asked: float,
    disclosed: np.ndarray | float,
    rng: Generator,
) -> pd.DataFrame:
    says = np.where(rng.random(len(person)) < disclosed, "yes", "no").astype(object)
    says[rng.random(len(person)) < not_asked] = None
    return pd.DataFrame(
        {"person_id": person, "kind": kind, "occurred_on": on, "abuse_disclosed": says}
    )


def _anyhow(world: World, rng: Generator) -> pd.DataFrame:
    parts = []
    for kind, yearly in YEARLY.items():
        spread = rng.gamma(0.7, 1 / 0.7, len(world.people))
        rate = yearly * spread * world.hardship[world.people]
        who, on = world.draw_events(world.people, rate, _AGES[kind], rng)
        parts.append(
            _flags(kind, who, on, not_asked=_NOT_ASKED["else"], disclosed=DISCLOSED_ELSE, rng=rng)
        )
    return pd.concat(parts, ignore_index=True)


def _hurt(world: World, rng: Generator) -> pd.DataFrame:
    """Victims who come on the day of an incident or the day after."""
    incidents = world.incidents
    violent = incidents["crime_type"].isin(VIOLENT)
    chance = np.select(
        [incidents["grave"], violent], [HURT["grave"], HURT["violent"]], HURT["other"]
    )
    comes = rng.random(len(incidents)) < chance
    day = as_days(incidents["occurred_at"])[comes]
    n = int(comes.sum())
    kind = drawn({"ed_assault": 0.62, "ed_injury": 0.38}, n, rng)
    on = add_days(day, rng.random(n) < 0.3)
    who = incidents["victim"].to_numpy()[comes]
    after = _NOT_ASKED["after"]
    return _flags(kind, who, on, not_asked=after, disclosed=DISCLOSED_AFTER, rng=rng)


def _around(world: World, role: str, rng: Generator) -> pd.DataFrame:
    """Overdoses, distress and injuries in the months about an incident."""
    incidents = world.incidents
    nth = np.repeat(np.arange(len(incidents)), rng.poisson(EXTRA_AROUND[role], len(incidents)))
    who = incidents[role].to_numpy()[nth]
    day = as_days(incidents["occurred_at"])[nth]
    on = add_days(day, rng.integers(-AROUND_DAYS, AROUND_DAYS + 1, len(nth)))
    shares = {"ed_mental_health": 0.45, "ed_overdose": 0.25, "ed_injury": 0.30}
    kind = drawn(shares, len(nth), rng)
    old_enough = world.ages(who, on) >= 12
    disclosed = DISCLOSED_AROUND if role == "victim" else 0.0
    return _flags(
        kind[old_enough], who[old_enough], on[old_enough],
        not_asked=_NOT_ASKED["else"], disclosed=disclosed, rng=rng,
    )  # fmt: skip


def _bookings(world: World, rng: Generator) -> pd.DataFrame:
    """A booking for each birth, some thirty weeks before it; twins have one between them."""
    residents, profile = world.residents, world.profile
    household = residents["household"].to_numpy()
    role = residents["role"].to_numpy()
    adult = np.isin(role, ["head", "partner"])
    mothers = world.people[(adult & world.female)[world.people]]
    mother_of = pd.Series(mothers, index=household[mothers])
    mother_of = mother_of.loc[~mother_of.index.duplicated()]
    children = world.people[(role == "child")[world.people]]
    born = pd.DataFrame({"household": household[children], "born": world.born[children]})
    born = born.loc[as_days(born["born"]) > profile.opens].drop_duplicates()
    mother = born["household"].map(mother_of).to_numpy(dtype=float)
    known = ~np.isnan(mother) & (rng.random(len(born)) >= _BOOKED_ELSEWHERE)
    who = mother[known].astype(np.int64)
    weeks = np.clip(rng.normal(*_WEEKS_BEFORE_BIRTH, len(who)), 14, 34)
    birth = as_days(born["born"])[known]
    on = add_days(birth, -np.floor(weeks * 7))
    fertile = (world.ages(who, birth) >= 15) & (world.ages(who, birth) < 51)
    who, on = who[fertile], on[fertile]
    abused = np.isin(who, world.incidents["victim"].to_numpy())
    disclosed = np.where(abused, _BOOKING_DISCLOSED, _BOOKING_DISCLOSED_ELSE)
    return _flags(
        "midwifery_booking", who, on,
        not_asked=_NOT_ASKED["booking"], disclosed=disclosed, rng=rng,
    )  # fmt: skip


def write_flags(world: World, flags: pd.DataFrame, rng: Generator) -> Records:
    """Write what the hospital shares, under the department's own numbers."""
    on = as_days(flags["occurred_on"])
    register = registered(world, "AE", flags["person_id"].to_numpy(), on, EMERGENCY, rng)
    known = details(register, on, (*PERSON, "postcode"))
    columns = {
        "flag_id": local_numbers("HF", len(flags), rng),
        "attender_id": numbers(register),
        **known,
        "postcode": blanked(known["postcode"], 0.02, rng),
        "kind": flags["kind"].to_numpy(),
        "occurred_on": on,
        "abuse_disclosed": flags["abuse_disclosed"].to_numpy(),
    }
    rows = pd.DataFrame(columns)
    return once("worcestershire_acute", "health_flags", rows, on, known_people(register))
