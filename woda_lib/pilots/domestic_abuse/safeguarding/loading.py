"""What `5_safeguarding` loads: every agency's rows, and beside each row whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from woda_lib.notebook import Run
from woda_lib.pilots.domestic_abuse.records import heard, where, whose, whose_conference
from woda_lib.pilots.domestic_abuse.registers import MARAC, PERSON_NUMBERS
from woda_lib.pilots.domestic_abuse.safeguarding.episodes import born_on
from woda_lib.pilots.domestic_abuse.safeguarding.history import ABUSE_ROLES

MISSING, INTERVIEWS, POLICE = "missing_episodes", "return_interviews", "police_persons"
_BORN = (
    POLICE,
    "social_care_involvements",
    "front_door_contacts",
    "exploitation_referrals",
    "school_roll",
)
_HOMES = (POLICE, "school_roll", "housing_tenancies")


@dataclass(frozen=True)
class Rows:
    """What agencies recorded, with whose it is.

    Attributes
    ----------
    missing, interviews
        As delivered.
    people, cases, incident_people
        From 1_link.
    born
        Birth dates by entity; nobody keeps them longer than for an age.
    homes
        `entity_id, address_id`: where police, schools and landlords have somebody live.
    known
        For `history.known_before`: to each dataset its rows.
    named
        Police's records of people, with names.
    """

    missing: pd.DataFrame
    interviews: pd.DataFrame
    people: pd.DataFrame
    cases: pd.DataFrame
    incident_people: pd.DataFrame
    born: pd.Series
    homes: pd.DataFrame
    known: Mapping[str, pd.DataFrame]
    named: pd.DataFrame


def load_rows(run: Run) -> Rows:
    """Load every dataset of the step, and what 1_link found.

    Parameters
    ----------
    run
        Of a step that needs 1_link.
    """
    tables = ("people", "places", "cases", "incident_people")
    people, places, cases, roles = (run.load(f"{run.pilot.pilot}/1_link:{name}") for name in tables)
    loaded = {name: run.load(name) for name in run.step.datasets}
    theirs = {
        name: whose(name, frame, people)
        for name, frame in loaded.items()
        if name in PERSON_NUMBERS and name != MISSING
    }
    lived = [where(name, theirs[name], places)[["entity_id", "address_id"]] for name in _HOMES]
    known = {name: frame for name, frame in theirs.items() if name != POLICE}
    known[MARAC] = heard(whose_conference(loaded[MARAC], people))
    known["police_involvements"] = met_by_police(roles, cases)
    return Rows(
        missing=loaded[MISSING],
        interviews=loaded[INTERVIEWS],
        people=people,
        cases=cases,
        incident_people=roles,
        born=born_on({name: theirs[name] for name in _BORN}),
        homes=pd.concat(lived, ignore_index=True),
        known=known,
        named=theirs[POLICE],
    )


def met_by_police(incident_people: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """Return who was in an incident, and when: `entity_id, role, occurred_at`.

    Witnesses and whoever called are left out: police met them about somebody else.
    """
    there = incident_people[incident_people["role"].isin(list(ABUSE_ROLES))]
    happened = there.merge(cases[["incident_id", "occurred_at"]], on="incident_id")
    return happened[["entity_id", "role", "occurred_at"]]
