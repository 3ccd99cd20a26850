"""Orders: those that a court makes of anybody, and those that protect somebody by name.

Community orders, suspended sentences and licences follow rounded counts for England and Wales
(Ministry of Justice, *Offender management statistics quarterly*: some 70,000, 40,000 and 50,000
begun in a year among 48 million grown-ups). How often an incident leads to an order that protects
its victim is assumed.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.domestic_abuse.agencies.clerks import (
    COURTS,
    HOME,
    NAMED,
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
)
from woda_lib.synthetic.domestic_abuse.agencies.world import CHILDHOOD, World
from woda_lib.synthetic.draws import add_days, as_days
from woda_lib.synthetic.registers import local_numbers

# Begun a grown-up and year, and mean days.
SENTENCES = {
    "community_order": (0.0015, 380.0),
    "suspended_sentence": (0.0009, 520.0),
    "licence": (0.0010, 400.0),
}
_PERPETRATOR_FACTOR = 6.0
_OVER_60 = 60.0

PROTECTED_AFTER = {
    "restraining_order": {"grave": 0.08, "repeated": 0.03, "other": 0.006},
    "non_molestation_order": {"grave": 0.055, "repeated": 0.05, "other": 0.012},
    "protection_order": {"grave": 0.04, "repeated": 0.025, "other": 0.005},
}
"""Chance that an incident leads to an order, by how grave it was and whether it was repeated."""

REPEATED = 2
"""Incidents of the couple in the year before, from which on one counts as repeated."""

# Days from the incident to the order, and how long it runs, both from and to.
_BEGINS_AFTER = {
    "restraining_order": (60, 240), "non_molestation_order": (7, 45), "protection_order": (1, 3),
}  # fmt: skip
_RUNS = {
    "restraining_order": (730, 1_826), "non_molestation_order": (182, 366),
    "protection_order": (14, 29),
}  # fmt: skip
_WITHOUT_END = 0.12  # restraining orders "until further order"
BREACH_KNOWN = 0.70
"""Share of incidents under an order that the service records as its breach."""

_ADMITTED_DAYS_BEFORE = (
    150  # a breach supposes an order; one that nothing else explains is this old
)


def draw_orders(world: World, rng: Generator) -> pd.DataFrame:
    """Draw all orders, with those that protect somebody.

    Returns
    -------
    pandas.DataFrame
        By first day: ``person_id, protects`` (person_id, -1 for nobody), ``kind, starts_on,
        ends_on`` (NaT for none), ``breached_on`` (NaT for none).
    """
    orders = pd.concat(
        [_sentences(world, rng), _protecting(world, rng), _breached_by_crime(world, rng)],
        ignore_index=True,
    )
    orders["breached_on"] = _last_breaches(world, orders, rng)
    person = orders["person_id"].to_numpy()
    start = as_days(orders["starts_on"])
    kept = world.lives(person, start) & (start <= world.profile.as_of)
    kept &= world.ages(person, start) >= 16
    order = ["starts_on", "person_id", "kind"]
    return orders.loc[kept].sort_values(order, kind="stable", ignore_index=True)


def _sentences(world: World, rng: Generator) -> pd.DataFrame:
    """Sentences among grown-ups of any kind, oftener among perpetrators and men."""
    person = world.people
    perpetrates = np.isin(person, world.incidents["perpetrator"].to_numpy())
    weight = np.where(world.female[person], 0.3, 1.7) * world.hardship[person]
    weight = weight * np.where(perpetrates, _PERPETRATOR_FACTOR, 1.0)
    # The rates are of grown-ups, and few past sixty are sentenced.
    age = world.ages(person, np.full(len(person), world.profile.opens))
    of_age = (age >= CHILDHOOD) & (age < _OVER_60)
    weight = weight * np.count_nonzero(age >= CHILDHOOD) / weight[of_age].sum()
    parts = []
    for kind, (yearly, days) in SENTENCES.items():
        who, on = world.draw_events(person, yearly * weight, (CHILDHOOD, _OVER_60), rng)
        length = np.maximum(60, rng.gamma(6.0, days / 6.0, len(who)))
        parts.append(
            pd.DataFrame(
                {
                    "person_id": who,
                    "protects": -1,
                    "kind": kind,
                    "starts_on": on,
                    "ends_on": add_days(on, np.floor(length)),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _protecting(world: World, rng: Generator) -> pd.DataFrame:
    incidents = world.incidents
    day = as_days(incidents["day"])
    repeated = incidents["earlier"].ge(REPEATED)
    parts = []
    for kind, chances in PROTECTED_AFTER.items():
        chance = np.select(
            [incidents["grave"], repeated],
            [chances["grave"], chances["repeated"]],
            chances["other"],
        )
        made = rng.random(len(incidents)) < chance
        start = add_days(day[made], rng.integers(*_BEGINS_AFTER[kind], int(made.sum())))
        parts.append(_orders(incidents.loc[made], kind, start, rng))
    return pd.concat(parts, ignore_index=True)


def _breached_by_crime(world: World, rng: Generator) -> pd.DataFrame:
    """The order behind each couple's first recorded breach: nobody breaches what is not there."""
    incidents = world.incidents
    breaches = incidents.loc[incidents["crime_type"].eq("breach_of_order")]
    first = breaches.drop_duplicates("couple")
    start = add_days(as_days(first["day"]), -rng.integers(20, _ADMITTED_DAYS_BEFORE, len(first)))
    kind = drawn({"non_molestation_order": 0.7, "restraining_order": 0.3}, len(first), rng)
    parts = [
        _orders(first.loc[kind == one], one, start[kind == one], rng)
        for one in ("non_molestation_order", "restraining_order")
    ]
    return pd.concat(parts, ignore_index=True)


def _orders(incidents: pd.DataFrame, kind: str, start: np.ndarray, rng: Generator) -> pd.DataFrame:
    end = add_days(start, rng.integers(*_RUNS[kind], len(start)))
    if kind == "restraining_order":
        end[rng.random(len(end)) < _WITHOUT_END] = NOT_A_DAY
    return pd.DataFrame(
        {
            "person_id": incidents["perpetrator"].to_numpy(),
            "protects": incidents["victim"].to_numpy(),
            "kind": kind,
            "starts_on": start,
            "ends_on": end,
        }
    )


def _last_breaches(world: World, orders: pd.DataFrame, rng: Generator) -> np.ndarray:
    """The last incident of the same two people while each order ran; a recorded breach always."""
    incidents = world.incidents
    known = incidents["crime_type"].eq("breach_of_order") | (
        rng.random(len(incidents)) < BREACH_KNOWN
    )
    among = incidents.loc[known, ["perpetrator", "victim", "day"]]
    pairs = orders.reset_index(names="order").merge(
        among, left_on=["person_id", "protects"], right_on=["perpetrator", "victim"]
    )
    runs = pairs["ends_on"].isna() | pairs["day"].le(pairs["ends_on"])
    last = pairs.loc[pairs["day"].ge(pairs["starts_on"]) & runs].groupby("order")["day"].max()
    return as_days(last.reindex(np.arange(len(orders))))


def write_orders(world: World, orders: pd.DataFrame, rng: Generator) -> Records:
    """Write the orders: when made, and again at the last breach that is known."""
    start, breached = as_days(orders["starts_on"]), as_days(orders["breached_on"])
    register = registered(world, "PS", orders["person_id"].to_numpy(), start, COURTS, rng)
    protects = orders["protects"].to_numpy()
    names_somebody = protects >= 0
    # Whoever is protected has no number with the service: the order's text names them.
    victims = registered(
        world, "PV", np.where(names_somebody, protects, 0), start, COURTS, rng, anew=True
    )
    named = details(victims, start, ("forename", "surname"))
    known = details(register, start, (*NAMED, *HOME))
    columns = {
        "order_id": local_numbers("PO", len(orders), rng),
        "supervisee_id": numbers(register),
        **known,
        "address": blanked(known["address"], 0.05, rng),
        "kind": orders["kind"].to_numpy(),
        "protects_forename": named["forename"].where(names_somebody),
        "protects_surname": named["surname"].where(names_somebody),
        "starts_on": start,
        "ends_on": as_days(orders["ends_on"]),
        "breached_on": breached,
    }
    return Records(
        "probation_service",
        "probation_orders",
        pd.DataFrame(columns),
        start,
        breached,
        {"breached_on": pd.NaT},
        known_people(register),
    )
