"""Everything that agencies come to know, drawn in the order in which one thing leads to another.

Incidents with children lead to contacts with the front door, these to work by social care; looked-
after children and children of violent homes go missing more often, and that leads to further
contacts, interviews and referrals. Each family of records draws from random numbers of its own, so
that a change to one leaves the bytes of the others alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.random import default_rng

from woda_lib.synthetic.domestic_abuse.agencies.advocacy import (
    Attempts,
    draw_attempts,
    draw_referrals,
    hours_cut,
)
from woda_lib.synthetic.domestic_abuse.agencies.conferences import draw_cases
from woda_lib.synthetic.domestic_abuse.agencies.front_door import (
    contacts_about_missing,
    draw_contacts,
)
from woda_lib.synthetic.domestic_abuse.agencies.health import draw_flags
from woda_lib.synthetic.domestic_abuse.agencies.housing import draw_tenancies
from woda_lib.synthetic.domestic_abuse.agencies.meetings import Meetings, draw_meetings
from woda_lib.synthetic.domestic_abuse.agencies.missing import (
    draw_episodes,
    draw_exploitation,
    draw_interviews,
    interviews_held,
)
from woda_lib.synthetic.domestic_abuse.agencies.probation import draw_orders
from woda_lib.synthetic.domestic_abuse.agencies.schools import draw_enrolments
from woda_lib.synthetic.domestic_abuse.agencies.social_care import (
    draw_spells,
    looked_after_spells,
)
from woda_lib.synthetic.domestic_abuse.agencies.world import World


@dataclass(frozen=True)
class Known:
    """What agencies know, as it is: nobody's number and nobody's mistake is in it yet.

    Attributes
    ----------
    contacts, spells, tenancies, flags, orders, enrolments, referrals, cases, episodes, interviews,
    exploitation : pandas.DataFrame
        See the module of each; `interviews` names rows of `episodes`.
    attempts : Attempts
    meetings : Meetings
    """

    contacts: pd.DataFrame
    spells: pd.DataFrame
    tenancies: pd.DataFrame
    flags: pd.DataFrame
    orders: pd.DataFrame
    enrolments: pd.DataFrame
    referrals: pd.DataFrame
    cases: pd.DataFrame
    episodes: pd.DataFrame
    interviews: pd.DataFrame
    exploitation: pd.DataFrame
    attempts: Attempts
    meetings: Meetings

    def effect(self) -> dict[str, Any]:
        """What was planted, as it came out."""
        return {
            "minutes_per_case_cut": self.meetings.minutes_per_case_cut,
            "first_contact": hours_cut(self.attempts),
            "return_interviews": interviews_held(self.episodes, self.interviews),
        }


def draw_known(world: World, seed: int) -> Known:
    """Draw what every agency but police comes to know, and who goes missing."""
    streams = iter(default_rng([seed, 3]).spawn(11))
    as_of = world.profile.as_of
    contacts = draw_contacts(world, next(streams))
    spells = draw_spells(world, contacts, next(streams))
    safeguarding = next(streams)
    episodes = draw_episodes(world, looked_after_spells(spells), safeguarding)
    about_missing = contacts_about_missing(episodes, safeguarding)
    together = pd.concat([contacts, about_missing], ignore_index=True)
    return Known(
        contacts=_until(as_of, together.sort_values(["received_on", "person_id"]), "received_on"),
        spells=spells,
        tenancies=draw_tenancies(world, next(streams)),
        flags=_until(as_of, draw_flags(world, next(streams)), "occurred_on"),
        orders=draw_orders(world, next(streams)),
        enrolments=draw_enrolments(world, next(streams)),
        referrals=_until(as_of, draw_referrals(world, next(streams)), "referred_on"),
        cases=_until(as_of, draw_cases(world, next(streams)), "heard_on"),
        episodes=episodes,
        interviews=draw_interviews(world, episodes, safeguarding),
        exploitation=draw_exploitation(world, episodes, safeguarding),
        attempts=draw_attempts(world, next(streams)),
        meetings=draw_meetings(world, next(streams)),
    )


def _until(as_of: np.datetime64, table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Leave out what happens after the window: only police deliver the days beyond it."""
    return table.loc[table[column].le(pd.Timestamp(as_of))].reset_index(drop=True)
