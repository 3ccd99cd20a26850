"""What truly happened: who harmed whom and when, before anybody wrote anything down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.canaries import CANARIES
from woda_lib.synthetic.domestic_abuse.couples import draw_couples
from woda_lib.synthetic.domestic_abuse.crimes import (
    draw_crime_types,
    draw_flags,
    what_to_the_victim,
)
from woda_lib.synthetic.domestic_abuse.presence import draw_present, draw_reporters, place
from woda_lib.synthetic.domestic_abuse.timing import draw_incidents
from woda_lib.synthetic.draws import as_days
from woda_lib.synthetic.profiles import Profile

FLAGS = (
    "strangulation",
    "weapons",
    "pregnancy",
    "stalking",
    "coercive_control",
    "threats_to_kill",
    "suicidal_thoughts",
    "sexual_violence",
    "honour_based_abuse",
    "child_harm",
    "alcohol",
    "drugs",
    "mental_health",
    "separation",
    "pets",
)
"""What a text can say that the meeting needs to know; the rules in ``flags.yaml`` name the same."""


@dataclass(frozen=True)
class Histories:
    """Domestic abuse among the residents of Worcestershire, as it was.

    Attributes
    ----------
    couples : pandas.DataFrame
        A row a pair of people, index ``couple``: ``victim, perpetrator`` (person_id), ``kind``
        (partner, former_partner, parent, child, sibling: what the perpetrator is to the victim
        when they first come to notice), ``since``, ``separated_on`` (NaT where they have not).
    incidents : pandas.DataFrame
        A row an incident, index ``incident``, in the order of ``reported_at``: ``couple, victim,
        perpetrator, relationship`` (what the perpetrator is to the victim by then), ``occurred_at,
        reported_at, crime_type, reported_by, reporter`` (person_id, -1 where nobody but the victim
        or an officer), ``dwelling`` (position; where it happened), ``children_present``, and a
        boolean column a flag of `FLAGS`: what is true of it now.
    present : pandas.DataFrame
        ``incident, person_id, role`` of children and witnesses.
    residents : pandas.DataFrame
        The county's residents, with the homes of those who moved out when they separated.
    """

    couples: pd.DataFrame
    incidents: pd.DataFrame
    present: pd.DataFrame
    residents: pd.DataFrame


def draw_histories(
    profile: Profile, residents: pd.DataFrame, dwellings: pd.DataFrame, rng: Generator
) -> Histories:
    """Draw the incidents of the window and of the few days beyond it.

    Parameters
    ----------
    residents
        As `woda_lib.synthetic.county.County` has them, ``died`` in hospital or out of it.
    dwellings
        See `woda_lib.synthetic.addresses.make_dwellings`.
    """
    couples = draw_couples(profile, residents, dwellings, rng, _canaries(residents))
    residents = _move_out(couples, residents, dwellings, rng)
    incidents = draw_incidents(couples, profile, rng)
    for side in ("victim", "perpetrator"):
        incidents[side] = couples[side].to_numpy()[incidents["couple"]]
    kind = what_to_the_victim(
        couples, incidents["couple"].to_numpy(), as_days(incidents["occurred_at"])
    )
    incidents["relationship"] = kind
    incidents["crime_type"] = draw_crime_types(couples, incidents["couple"].to_numpy(), kind, rng)
    host, incidents["dwelling"] = place(incidents, residents, rng)
    present, household = draw_present(incidents, host, residents, rng)
    incidents["reported_by"], incidents["reporter"] = draw_reporters(
        incidents, incidents["dwelling"].to_numpy(), present, household, residents, rng
    )
    children = present.loc[present["role"].eq("child"), "incident"]
    incidents["children_present"] = np.bincount(children, minlength=len(incidents))
    flags = draw_flags(incidents, couples, kind, residents, rng)
    incidents = incidents.join(flags[list(FLAGS)])

    # Couples in whom nothing was heard of are nobody's history.
    heard = np.unique(incidents["couple"])
    incidents["couple"] = np.searchsorted(heard, incidents["couple"])
    kept = ["victim", "perpetrator", "kind", "since", "separated_on"]
    couples = couples.loc[heard, kept].reset_index(drop=True)
    couples.index.name, incidents.index.name = "couple", "incident"
    return Histories(couples, incidents, present, residents)


def _canaries(residents: pd.DataFrame) -> np.ndarray:
    """Whether residents bear names that must never be published: they are wanted in incidents."""
    names = {(canary.forename, canary.surname) for canary in CANARIES}
    surname = residents["surname"].isin({surname for _, surname in names})
    return (surname & residents["forename"].isin({name for name, _ in names})).to_numpy()


def _move_out(
    couples: pd.DataFrame, residents: pd.DataFrame, dwellings: pd.DataFrame, rng: Generator
) -> pd.DataFrame:
    """Give those who leave a shared home an empty dwelling to go to."""
    residents = residents.copy()
    leaves = couples.loc[couples["moves_out"]].drop_duplicates("perpetrator")
    used = np.zeros(len(dwellings), dtype=bool)
    used[residents[["dwelling", "dwelling_after"]].to_numpy().ravel()] = True
    same = dwellings["county"].eq(dwellings["county"].iloc[0]).to_numpy()
    empty = np.flatnonzero(~used & same & dwellings["kind"].ne("care_home").to_numpy())
    person = leaves["perpetrator"].to_numpy()
    homes = rng.choice(empty, len(person), replace=len(empty) < len(person))
    residents.loc[person, "dwelling_after"] = homes
    residents.loc[person, "moved_on"] = leaves["separated_on"].to_numpy()
    return residents
