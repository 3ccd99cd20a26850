"""What children's and adults' social care write down, three datasets under one list of people."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.address_lines import address_lines
from woda_lib.synthetic.addresses import COUNTIES
from woda_lib.synthetic.domestic_abuse.agencies.clerks import (
    CARE,
    HOME,
    PERSON,
    details,
    numbers,
    registered,
)
from woda_lib.synthetic.domestic_abuse.agencies.records import (
    Records,
    blanked,
    known_people,
    once,
)
from woda_lib.synthetic.domestic_abuse.agencies.world import World
from woda_lib.synthetic.draws import as_days
from woda_lib.synthetic.registers import Register, local_numbers

_COUNCIL = "county_council"
_ADDRESS_UNKNOWN = 0.03


def write_care(
    world: World,
    spells: pd.DataFrame,
    contacts: pd.DataFrame,
    exploitation: pd.DataFrame,
    rng: Generator,
) -> list[Records]:
    """Write spells of work, contacts and referrals with the ``care_person_id`` of one list.

    Parameters
    ----------
    spells, contacts, exploitation
        With ``person_id`` and the days ``started_on``, ``received_on`` and ``referred_on``.
    """
    tables = (spells, contacts, exploitation)
    days = [
        as_days(table[day])
        for table, day in zip(tables, ("started_on", "received_on", "referred_on"), strict=True)
    ]
    person = np.concatenate([table["person_id"].to_numpy() for table in tables])
    register = registered(world, "CP", person, np.concatenate(days), CARE, rng)
    parts = np.split(register.rows, np.cumsum([len(table) for table in tables])[:-1])
    of_spells, of_contacts, of_referrals = (Register(register.people, rows) for rows in parts)
    return [
        _spells(world, spells, days[0], of_spells, rng),
        _contacts(contacts, days[1], of_contacts, rng),
        _referrals(exploitation, days[2], of_referrals, rng),
    ]


def _who(register: Register, on: np.ndarray, rng: Generator) -> dict[str, Any]:
    known = details(register, on, (*PERSON, *HOME))
    return {
        "care_person_id": numbers(register),
        **known,
        "address": blanked(known["address"], _ADDRESS_UNKNOWN, rng),
    }


def _spells(
    world: World, spells: pd.DataFrame, started: np.ndarray, register: Register, rng: Generator
) -> Records:
    ended = as_days(spells["ended_on"])
    who = _who(register, started, rng)
    placed = spells["kind"].eq("looked_after").to_numpy()
    homes = _placements(world, int(placed.sum()), rng)
    for column, values in (("address", address_lines(homes, rng)), ("postcode", homes["postcode"])):
        written = np.array(who[column], dtype=object)
        written[placed] = values
        who[column] = written
    columns = {
        "care_involvement_id": local_numbers("CI", len(spells), rng),
        **who,
        **{name: spells[name].to_numpy() for name in ("service", "kind", "team")},
        "lead_worker": blanked(spells["lead_worker"], 0.04, rng),
        "started_on": started,
        "ended_on": ended,
    }
    dataset = "social_care_involvements"
    rows = pd.DataFrame(columns)
    people = known_people(register, register.rows)
    return Records(_COUNCIL, dataset, rows, started, ended, {"ended_on": pd.NaT}, people)


def _placements(world: World, n: int, rng: Generator) -> pd.DataFrame:
    """Draw the homes of foster carers: a looked-after child's address is no longer the family's."""
    here = world.dwellings["county"].eq(COUNTIES[0]) & world.dwellings["kind"].eq("house")
    return world.dwellings.iloc[rng.choice(np.flatnonzero(here), n)]


def _contacts(
    contacts: pd.DataFrame, received: np.ndarray, register: Register, rng: Generator
) -> Records:
    decided = as_days(contacts["decided_on"])
    columns = {
        "front_door_contact_id": local_numbers("FD", len(contacts), rng),
        **_who(register, received, rng),
        **{name: contacts[name].to_numpy() for name in ("contact_source", "reason", "decision")},
        "received_on": received,
        "decided_on": decided,
    }
    dataset = "front_door_contacts"
    return Records(
        _COUNCIL,
        dataset,
        pd.DataFrame(columns),
        received,
        decided,
        {"decision": None, "decided_on": pd.NaT},
        known_people(register, register.rows),
    )


def _referrals(
    referrals: pd.DataFrame, referred: np.ndarray, register: Register, rng: Generator
) -> Records:
    columns = {
        "exploitation_referral_id": local_numbers("XR", len(referrals), rng),
        **_who(register, referred, rng),
        "referred_on": referred,
        "kind": referrals["kind"].to_numpy(),
        "level": blanked(referrals["level"], 0.05, rng),
    }
    dataset = "exploitation_referrals"
    rows = pd.DataFrame(columns)
    return once(_COUNCIL, dataset, rows, referred, known_people(register, register.rows))
