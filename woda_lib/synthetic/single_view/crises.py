"""Whom police, the fire service and charities meet, and the address that was then given."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.draws import as_days, drawn_by, take, weighted
from woda_lib.synthetic.population import NOT_A_DAY
from woda_lib.synthetic.single_view.holdings import Holding, hold
from woda_lib.synthetic.single_view.units import private_homes
from woda_lib.synthetic.single_view.world import OF_AGE, World

# Contacts with police a person and year at average need, and for how much each age counts.
_CONTACTS = 0.030
_CONTACT_LIMITS = (0, 10, 14, 18, 30, 45, 65)
_CONTACT_BY_AGE = (0.10, 0.7, 1.5, 2.2, 1.6, 0.8, 0.35)
_CASE_DAYS = 75.0
_PARTS = ("victim", "suspect", "missing")
_PART_SHARES = ((0.64, 0.22, 0.14), (0.62, 0.36, 0.02))  # of children, and of grown-ups
_OFFENCES = ("violence", "acquisitive", "antisocial", "domestic", "welfare")
_OFFENCE_SHARES = (
    (0.26, 0.28, 0.12, 0.24, 0.10),  # victims
    (0.30, 0.22, 0.20, 0.24, 0.04),  # suspects
    (0.00, 0.00, 0.00, 0.00, 1.00),  # missing people
)

_VISITED = 0.062  # of households, in the window
_SEEN = (0.85, 0.40)  # of heads and their partners, and of others
_NO_ALARM = 0.14
_HAZARDS = ("none", "oxygen", "hoarding", "smoking", "cannot_leave_alone")

_CLIENTS = 0.0145  # spells a person and year at average need
_CLIENT_SERVICES = {
    "debt": 0.24, "food": 0.27, "housing": 0.14, "employment": 0.10, "family": 0.13,
    "loneliness": 0.12,
}  # fmt: skip
_CLIENT_DAYS = 150.0
_CHARITIES = ("Severn Advice", "Wyre Foodbank", "Malvern Families", "Good Neighbours", "Vale Debt")


def draw_contacts(world: World, rng: Generator) -> Holding:
    """Draw whom police meet in a crime or incident, and until when each case is open."""
    age = world.ages(world.people, np.full(len(world.people), world.profile.opens))
    band = np.maximum(np.searchsorted(_CONTACT_LIMITS, age, side="right") - 1, 0)
    weight = np.array(_CONTACT_BY_AGE)[band] * world.need[world.people]
    spells = world.draw_spells(_CONTACTS * weight / weight.mean(), (0.0, 130.0), _CASE_DAYS, rng)
    on = as_days(spells["started_on"])
    grown = world.ages(spells["person_id"].to_numpy(), on) >= OF_AGE
    part = drawn_by(_PARTS, np.array(_PART_SHARES), grown.astype(int), rng)
    kind = np.select([part == name for name in _PARTS], [0, 1, 2])
    offence = drawn_by(_OFFENCES, np.array(_OFFENCE_SHARES), kind, rng)
    return hold("police_contacts", spells.assign(part=part, offence_group=offence), world, rng)


def draw_visits(world: World, rng: Generator) -> Holding:
    """Draw visits to homes, more often to old people and to those in need, and who was seen."""
    homes = private_homes(world)
    unit, of = np.unique(homes["unit"], return_inverse=True)
    oldest, need = np.zeros(len(unit)), np.zeros(len(unit))
    np.maximum.at(oldest, of, homes["age"].to_numpy())
    np.maximum.at(need, of, np.sqrt(world.need[homes["person_id"].to_numpy()]))
    weight = np.where(oldest >= 75, 2.6, np.where(oldest >= 65, 1.5, 0.6)) * (0.4 + need)
    visited = rng.random(len(unit)) < _VISITED * weight / weight.mean()
    on = world.any_days(len(unit), rng)[of]
    there = visited[of] & (as_days(homes["starts"]) <= on) & ~(as_days(homes["ends"]) < on)
    leads = homes["role"].isin(["head", "partner"]).to_numpy()
    seen = there & (rng.random(len(homes)) < np.where(leads, _SEEN[0], _SEEN[1]))
    rows = np.flatnonzero(seen)
    at = of[rows]
    alarm = rng.random(len(unit)) >= np.minimum(_NO_ALARM * (0.5 + need), 0.6)
    shares = np.where(
        oldest[:, None] >= 70, [[0.70, 0.05, 0.04, 0.10, 0.11]], [[0.72, 0.01, 0.05, 0.18, 0.04]]
    )
    hazard = drawn_by(_HAZARDS, shares, np.arange(len(unit)), rng)
    spells = pd.DataFrame(
        {
            "person_id": homes["person_id"].to_numpy()[rows],
            "started_on": on[rows],
            "ended_on": on[rows],
            "at": homes["dwelling"].to_numpy()[rows],
            "alarm": np.where(alarm[at], "yes", "no").astype(object),
            "hazard": hazard[at],
        }
    )
    return hold("safe_and_well_visits", spells, world, rng)


def draw_clients(world: World, rng: Generator) -> Holding:
    """Draw who comes to a charity, and what for."""
    need = world.need[world.people]
    spells = world.draw_spells(_CLIENTS * need, (15.0, 130.0), _CLIENT_DAYS, rng)
    n = len(spells)
    service = take(tuple(_CLIENT_SERVICES), weighted(rng, n, list(_CLIENT_SERVICES.values())))
    team = take(_CHARITIES, rng.integers(len(_CHARITIES), size=n))
    # Nobody writes down when a client is not coming back.
    forgotten = rng.random(n) < 0.15
    ended = np.where(forgotten, NOT_A_DAY, as_days(spells["ended_on"]))
    spells = spells.assign(ended_on=ended, service=service, team=team)
    return hold("support_clients", spells, world, rng)
