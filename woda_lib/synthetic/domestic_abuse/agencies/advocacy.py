"""The refuge and advocacy service: referrals to it, and its attempts to reach victims.

From the day on which the triage pack goes live the service hears of incidents sooner, and its first
attempt comes after a part only of the hours that it would have taken. Hours with and without the
pack are kept for every incident, so that the difference is known and not only planted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.domestic_abuse.agencies.clerks import (
    NAMED,
    REFUGE,
    details,
    numbers,
    registered,
)
from woda_lib.synthetic.domestic_abuse.agencies.records import (
    NOT_A_DAY,
    Records,
    blanked,
    drawn,
    known_people,
    nobody,
    once,
)
from woda_lib.synthetic.domestic_abuse.agencies.world import World
from woda_lib.synthetic.draws import add_days, as_days, whole_minutes
from woda_lib.synthetic.registers import local_numbers

FIRST_ATTEMPT_HOURS = 46.0
"""Median hours from the report of an incident to the first attempt, without the pack."""

HOURS_LEFT = 0.70
"""Part of those hours that is left once the pack is there."""

REFERRED, REFERRED_GRAVE = 0.50, 0.85
"""Share of incidents whose victims the service tries to reach."""

REACHED = 0.46
"""Share of attempts in which the victim is reached."""

MOST_ATTEMPTS = 5
_SPREAD = 0.75  # of the logarithm of hours
_HOURS_BETWEEN = 26.0
_OLD_ENOUGH = 16.0

REFUGE_AFTER = {"grave": 0.10, "repeated": 0.06, "other": 0.025}
_OTHERWISE_YEARLY = 0.0006  # a woman and year, without an incident that police know
_REFERRED_BY_AFTER = {
    "police": 0.46, "self": 0.22, "social_care": 0.14, "health": 0.06, "housing": 0.07,
    "other": 0.05,
}  # fmt: skip
_REFERRED_BY_ELSE = {
    "self": 0.46, "health": 0.18, "social_care": 0.12, "housing": 0.12, "other": 0.12,
}  # fmt: skip
_OUTCOMES = {"accommodated": 0.17, "outreach": 0.46, "no_space": 0.22, "declined": 0.15}
_STAYS = {"accommodated": 95.0, "outreach": 120.0}


def draw_referrals(world: World, rng: Generator) -> pd.DataFrame:
    """Draw referrals to refuge or outreach.

    Returns
    -------
    pandas.DataFrame
        By day: ``person_id, referred_on, referred_by, outcome, ended_on`` (NaT for who is still
        supported).
    """
    incidents = world.incidents
    grave, repeated = incidents["grave"], incidents["earlier"].ge(2)
    chance = np.select(
        [grave, repeated], [REFUGE_AFTER["grave"], REFUGE_AFTER["repeated"]], REFUGE_AFTER["other"]
    )
    goes = rng.random(len(incidents)) < chance
    after = incidents["victim"].to_numpy()[goes]
    day = as_days(incidents["day"])[goes]
    women = world.people[world.female[world.people]]
    rate = _OTHERWISE_YEARLY * world.hardship[women]
    who, on = world.draw_events(women, rate, (_OLD_ENOUGH, 80), rng)
    n = len(after), len(who)
    person = np.concatenate([after, who])
    referred = np.concatenate([add_days(day, rng.integers(0, 22, n[0])), on])
    outcome = drawn(_OUTCOMES, sum(n), rng)
    supported = pd.Series(outcome).map(_STAYS).fillna(0).to_numpy()
    ended = add_days(referred, np.floor(rng.gamma(1.6, np.maximum(supported, 1) / 1.6)))
    ended = np.where(supported > 0, ended, referred)
    by = [drawn(_REFERRED_BY_AFTER, n[0], rng), drawn(_REFERRED_BY_ELSE, n[1], rng)]
    table = pd.DataFrame(
        {
            "person_id": person,
            "referred_on": referred,
            "referred_by": np.concatenate(by),
            "outcome": outcome,
            "ended_on": np.where(ended <= world.profile.as_of, ended, NOT_A_DAY),
        }
    )
    kept = world.lives(person, referred) & (world.ages(person, referred) >= _OLD_ENOUGH)
    return table.loc[kept].sort_values(["referred_on", "person_id"], ignore_index=True)


@dataclass(frozen=True)
class Attempts:
    """The service's attempts, and the hours that they took with and without the pack.

    Attributes
    ----------
    table : pandas.DataFrame
        ``incident, attempted_at, reached``; all attempts, in order of time.
    hours : pandas.DataFrame
        A row an incident that was passed on: ``incident``, ``treated`` (reported from go-live
        on), ``attempt_without, attempt_with`` (hours to the first attempt), ``contact_without,
        contact_with`` (hours to the first attempt that reached the victim; NaN if none did).
    """

    table: pd.DataFrame
    hours: pd.DataFrame


def draw_attempts(world: World, rng: Generator) -> Attempts:
    """Draw the attempts to reach the victims of incidents."""
    incidents = world.incidents
    age = world.ages(incidents["victim"].to_numpy(), as_days(incidents["day"]))
    chance = np.where(incidents["grave"], REFERRED_GRAVE, REFERRED)
    passed_on = (rng.random(len(incidents)) < chance) & (age >= _OLD_ENOUGH)
    chosen = incidents.loc[passed_on]
    n = len(chosen)
    reported = chosen["reported_at"].to_numpy().astype("datetime64[s]")
    treated = reported >= np.datetime64(world.profile.triage_go_live)
    without = rng.lognormal(np.log(FIRST_ATTEMPT_HOURS), _SPREAD, n)
    with_pack = without * HOURS_LEFT
    gaps = np.cumsum(rng.gamma(2.0, _HOURS_BETWEEN / 2.0, (n, MOST_ATTEMPTS - 1)), axis=1)
    later = np.concatenate([np.zeros((n, 1)), gaps], axis=1)
    reaches = rng.random((n, MOST_ATTEMPTS)) < REACHED
    nth = np.where(reaches.any(axis=1), reaches.argmax(axis=1), MOST_ATTEMPTS)
    made = np.arange(MOST_ATTEMPTS) <= nth[:, None]
    hours = np.where(treated, with_pack, without)[:, None] + later
    moments = reported[:, None] + whole_minutes(hours)
    row, column = np.nonzero(made)
    table = pd.DataFrame(
        {
            "incident": chosen.index.to_numpy()[row],
            "attempted_at": moments[row, column],
            "reached": np.where(reaches[row, column], "yes", "no").astype(object),
        }
    )
    to_contact = np.where(
        nth < MOST_ATTEMPTS, later[np.arange(n), np.minimum(nth, MOST_ATTEMPTS - 1)], np.nan
    )
    taken = pd.DataFrame(
        {
            "incident": chosen.index.to_numpy(),
            "treated": treated,
            "attempt_without": without,
            "attempt_with": with_pack,
            "contact_without": without + to_contact,
            "contact_with": with_pack + to_contact,
        }
    )
    return Attempts(table.sort_values(["attempted_at", "incident"], ignore_index=True), taken)


def hours_cut(attempts: Attempts) -> dict[str, float]:
    """Median hours to the first attempt and to the first contact, before go-live and from it on.

    Those from go-live on are given as they are ``with`` the pack and as they had been ``without``.
    Nobody is left out for never being reached: such hours are longer than any other.
    """
    hours = attempts.hours.fillna({"contact_without": np.inf, "contact_with": np.inf})
    treated = hours["treated"]
    medians = {
        f"median_{what}_{how}": hours.loc[treated, f"{what}_{how}"].median()
        for what in ("attempt", "contact")
        for how in ("without", "with")
    }
    medians |= {
        f"median_{what}_before": hours.loc[~treated, f"{what}_without"].median()
        for what in ("attempt", "contact")
    }
    return {"hours_left": HOURS_LEFT} | {
        name: round(float(value), 4) for name, value in medians.items()
    }


def write_referrals(world: World, referrals: pd.DataFrame, rng: Generator) -> Records:
    """Write the referrals by name alone: where somebody lives is not written down."""
    on, ended = as_days(referrals["referred_on"]), as_days(referrals["ended_on"])
    register = registered(world, "SV", referrals["person_id"].to_numpy(), on, REFUGE, rng)
    known = details(register, on, NAMED)
    columns = {
        "refuge_referral_id": local_numbers("RR", len(referrals), rng),
        "survivor_id": numbers(register),
        **known,
        "date_of_birth": blanked(known["date_of_birth"], 0.08, rng),
        "referred_on": on,
        "referred_by": blanked(referrals["referred_by"], 0.03, rng),
        "outcome": referrals["outcome"].to_numpy(),
        "ended_on": ended,
    }
    return Records(
        "refuge_service",
        "refuge_referrals",
        pd.DataFrame(columns),
        on,
        ended,
        {"ended_on": pd.NaT},
        known_people(register),
    )


def write_attempts(attempts: Attempts, incident_ids: pd.Series, rng: Generator) -> Records:
    """Write the attempts under the force's numbers of the incidents."""
    table = attempts.table
    columns = {
        "contact_id": local_numbers("VC", len(table), rng),
        "incident_id": incident_ids.loc[table["incident"]].to_numpy(dtype=object),
        "attempted_at": table["attempted_at"].to_numpy(),
        "reached": table["reached"].to_numpy(),
    }
    rows = pd.DataFrame(columns)
    on = as_days(table["attempted_at"])
    return once("refuge_service", "victim_contacts", rows, on, nobody())
