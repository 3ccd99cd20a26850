"""Where an incident happened, who else was there, and who told police."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.addresses import COUNTIES
from woda_lib.synthetic.draws import add_days, as_days, take, weighted

NOBODY = -1

_AT_VICTIMS = 0.80  # of incidents of people who live apart; the others at the perpetrator's
_CHILDREN_SEE = 0.72
_EACH_CHILD = 0.9
_WITNESSED = 0.30
_OLD_ENOUGH_TO_RING = 6
_OTHER_PREGNANCIES = 0.03

_REPORTERS = ("victim", "child", "family", "neighbour", "professional", "officer")
_REPORTER_SHARES = (0.47, 0.12, 0.14, 0.14, 0.09, 0.04)


def dwelling_on(residents: pd.DataFrame, person: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Where people live on a day, as positions of dwellings."""
    moved = as_days(residents["moved_on"])[person] <= day
    before, after = (residents[c].to_numpy()[person] for c in ("dwelling", "dwelling_after"))
    return np.where(moved, after, before)


def place(
    incidents: pd.DataFrame, residents: pd.DataFrame, rng: Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw at whose home incidents happened: the person, and the dwelling."""
    day = as_days(incidents["occurred_at"])
    victim, other = (incidents[side].to_numpy() for side in ("victim", "perpetrator"))
    host = np.where(rng.random(len(incidents)) < _AT_VICTIMS, victim, other)
    return host, dwelling_on(residents, host, day)


def draw_present(
    incidents: pd.DataFrame, host: np.ndarray, residents: pd.DataFrame, rng: Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw who saw or heard incidents.

    Returns
    -------
    present : pandas.DataFrame
        ``incident, person_id, role`` (child, witness).
    household : pandas.DataFrame
        ``incident, person_id, age``: everybody else of the household, there or not.
    """
    day = as_days(incidents["occurred_at"])
    here = residents.loc[residents["county"].eq(COUNTIES[0]) & residents["role"].ne("care_home")]
    members = pd.DataFrame({"household": here["household"], "person_id": here.index})
    asked = pd.DataFrame(
        {
            "incident": np.arange(len(incidents)),
            "household": residents["household"].to_numpy()[host],
        }
    )
    others = asked.merge(members, on="household")
    at = others["incident"].to_numpy()
    person = others["person_id"].to_numpy()
    age = (day[at] - as_days(residents["born"])[person]).astype(np.int64) / 365.25
    died = as_days(residents["died"])[person]
    lives = (age >= 0) & (np.isnat(died) | (died > day[at]))
    for side in ("victim", "perpetrator"):
        lives &= incidents[side].to_numpy()[at] != person
    others = others.assign(age=age).loc[lives].reset_index(drop=True)

    at, minor = others["incident"].to_numpy(), others["age"].lt(18).to_numpy()
    seen = rng.random(len(incidents)) < _CHILDREN_SEE
    watched = rng.random(len(incidents)) < _WITNESSED
    there = np.where(minor, seen[at] & (rng.random(len(at)) < _EACH_CHILD), watched[at])
    role = np.where(minor, "child", "witness").astype(object)
    present = others[["incident", "person_id"]].assign(role=role).loc[there]
    return present.reset_index(drop=True), others


def draw_reporters(
    incidents: pd.DataFrame,
    dwelling: np.ndarray,
    present: pd.DataFrame,
    household: pd.DataFrame,
    residents: pd.DataFrame,
    rng: Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw who told police: the kind, and the person where it is somebody else.

    A child rings who is there and old enough; family is a grown member of the household; a
    neighbour lives next door. Where there is none, the victim told.
    """
    n = len(incidents)
    kind = weighted(rng, n, _REPORTER_SHARES)
    ages = household.set_index(["incident", "person_id"])["age"]
    children = present.loc[present["role"].eq("child")]
    keys = pd.MultiIndex.from_frame(children[["incident", "person_id"]])
    able = children.loc[ages.loc[keys].to_numpy() >= _OLD_ENOUGH_TO_RING]
    grown = household.loc[household["age"].ge(18)]
    who = {
        "child": _first(able, n),
        "family": _first(grown, n),
        "neighbour": _next_door(incidents, dwelling, residents),
    }
    reporter = np.full(n, NOBODY)
    for name, candidate in who.items():
        asks = kind == _REPORTERS.index(name)
        reporter[asks] = candidate[asks]
        kind[asks & (candidate == NOBODY)] = 0
    return take(_REPORTERS, kind), reporter


def _first(candidates: pd.DataFrame, n: int) -> np.ndarray:
    person = np.full(n, NOBODY)
    first = candidates.drop_duplicates("incident")
    person[first["incident"].to_numpy()] = first["person_id"].to_numpy()
    return person


def _next_door(
    incidents: pd.DataFrame, dwelling: np.ndarray, residents: pd.DataFrame
) -> np.ndarray:
    """The head of the next household along the street, who does not die or move in the window."""
    stays = residents["role"].eq("head") & residents["moved_on"].isna() & residents["died"].isna()
    heads = residents.loc[stays & residents["county"].eq(COUNTIES[0])].sort_values("dwelling")
    after = np.searchsorted(heads["dwelling"].to_numpy(), dwelling, side="right")
    person = heads.index.to_numpy()[np.minimum(after, len(heads) - 1)]
    involved = (person == incidents["victim"].to_numpy()) | (
        person == incidents["perpetrator"].to_numpy()
    )
    return np.where(involved, NOBODY, person)


def expects_a_child(
    victims: np.ndarray, day: np.ndarray, residents: pd.DataFrame, rng: Generator
) -> np.ndarray:
    """Draw which victims are pregnant: those whose child is born within nine months, and some more.

    The made-up households know the births of their own children alone.
    """
    born = as_days(residents["born"])
    is_child = residents["role"].eq("child") & residents["county"].eq(COUNTIES[0])
    births = residents.loc[is_child, ["household"]].assign(born=born[is_child.to_numpy()])
    asked = pd.DataFrame(
        {
            "row": np.arange(len(victims)),
            "household": residents["household"].to_numpy()[victims],
            "day": day,
        }
    )
    near = asked.merge(births, on="household")
    birth, on = as_days(near["born"]), as_days(near["day"])
    soon = (birth > on) & (birth <= add_days(on, np.full(len(near), 270)))
    expects = np.zeros(len(victims), dtype=bool)
    expects[near.loc[soon, "row"].to_numpy()] = True
    age = (day - born[victims]).astype(np.int64) / 365.25
    could = residents["female"].to_numpy()[victims] & (age < 45)
    mother = residents["role"].isin(["head", "partner"]).to_numpy()[victims]
    return could & ((expects & mother) | (rng.random(len(victims)) < _OTHER_PREGNANCIES))
