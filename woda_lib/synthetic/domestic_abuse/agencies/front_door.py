"""Contacts with the Family Front Door about children, and what it decided.

The yearly contacts are set so that about one child in twenty is referred and assessed in a year:
657,800 referrals in England in 2013-14 among some 11.5 million children, nearly a quarter of them
from police (Department for Education, SFR 43/2014, *Characteristics of children in need*). Contacts
of which nothing comes are counted by no return; two in three are assumed to be such.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.domestic_abuse.agencies.records import drawn
from woda_lib.synthetic.domestic_abuse.agencies.world import CHILDHOOD, World
from woda_lib.synthetic.draws import add_days, as_days, drawn_by

DECISIONS = ("no_further_action", "advice", "early_help", "assessment", "strategy_discussion")
PASSED_ON, PASSED_ON_GRAVE = 0.60, 0.88
"""Share of children at an incident about whom police contact the front door."""

YEARLY_CONTACTS = 0.11
"""Contacts a child and year for any other reason."""

ABUSE_HOUSEHOLD_FACTOR = 2.5
_CONCENTRATION = 0.5  # gamma shape of how often families come to notice
_SOURCES = {
    "school": 0.36, "health": 0.22, "police": 0.16, "family": 0.12, "housing": 0.04, "other": 0.10,
}  # fmt: skip
_REASONS = {
    "neglect": 0.26, "physical_abuse": 0.12, "domestic_abuse": 0.10, "exploitation": 0.03,
    "other": 0.49,
}  # fmt: skip
# Shares of DECISIONS by what the contact is about.
_DECIDED = {
    "other_concern": (0.38, 0.25, 0.11, 0.23, 0.03),
    "incident": (0.34, 0.32, 0.14, 0.17, 0.03),
    "grave_incident": (0.10, 0.18, 0.16, 0.42, 0.14),
}
_DAYS_TO_DECIDE = 1.2
_MISSING_PASSED_ON = 0.55


def draw_contacts(world: World, rng: Generator) -> pd.DataFrame:
    """Draw the contacts after incidents and for other concerns.

    Returns
    -------
    pandas.DataFrame
        By day: ``person_id, received_on, contact_source, reason, decision, decided_on`` and
        ``incident`` (the one that it follows, -1 for none) and ``grave``.
    """
    table = pd.concat(
        [_after_incidents(world, rng), _other_concerns(world, rng)], ignore_index=True
    )
    kind = np.where(table["incident"].lt(0), 0, np.where(table["grave"], 2, 1))
    table["decision"] = drawn_by(DECISIONS, np.array(list(_DECIDED.values())), kind, rng)
    received = as_days(table["received_on"])
    table["decided_on"] = add_days(received, rng.poisson(_DAYS_TO_DECIDE, len(table)))
    return table.sort_values(["received_on", "person_id"], kind="stable", ignore_index=True)


def _after_incidents(world: World, rng: Generator) -> pd.DataFrame:
    """What police pass on about the children of an incident, a day or two after its report."""
    there = world.children_present
    day = as_days(there["day"])
    person = there["person_id"].to_numpy()
    grave = there["grave"].to_numpy(dtype=bool)
    chance = np.where(grave, PASSED_ON_GRAVE, PASSED_ON)
    told = (rng.random(len(there)) < chance) & (world.ages(person, day) < CHILDHOOD)
    return pd.DataFrame(
        {
            "person_id": person[told],
            "received_on": add_days(day, rng.integers(0, 3, len(there)))[told],
            "contact_source": "police",
            "reason": "domestic_abuse",
            "incident": there["incident"].to_numpy()[told],
            "grave": grave[told],
        }
    )


def _other_concerns(world: World, rng: Generator) -> pd.DataFrame:
    person = world.people
    spread = rng.gamma(_CONCENTRATION, 1 / _CONCENTRATION, len(person))
    raised = np.where(world.in_abuse_household[person], ABUSE_HOUSEHOLD_FACTOR, 1.0)
    yearly = YEARLY_CONTACTS * spread * raised * world.hardship[person]
    who, on = world.draw_events(person, yearly, (0, CHILDHOOD), rng)
    return pd.DataFrame(
        {
            "person_id": who,
            "received_on": on,
            "contact_source": drawn(_SOURCES, len(who), rng),
            "reason": drawn(_REASONS, len(who), rng),
            "incident": -1,
            "grave": False,
        }
    )


def contacts_about_missing(episodes: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Draw what police pass on about missing children, in the form of `draw_contacts`.

    Of children who are looked after or open to a team already, the front door decides nothing new.
    """
    told = episodes.loc[
        episodes["child"].to_numpy() & (rng.random(len(episodes)) < _MISSING_PASSED_ON)
    ]
    received = add_days(as_days(told["reported_at"]), rng.integers(0, 3, len(told)))
    decision = drawn(
        {"no_further_action": 0.55, "advice": 0.3, "strategy_discussion": 0.15}, len(told), rng
    )
    return pd.DataFrame(
        {
            "person_id": told["person_id"].to_numpy(),
            "received_on": received,
            "contact_source": "police",
            "reason": "missing",
            "decision": decision,
            "decided_on": add_days(received, rng.poisson(_DAYS_TO_DECIDE, len(told))),
            "incident": -1,
            "grave": False,
        }
    )
