"""Each agency's own copy of what it knows, with its numbers and its mistakes."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import default_rng

from woda_lib.synthetic.deliveries import Delivery
from woda_lib.synthetic.domestic_abuse.agencies.advocacy import write_attempts, write_referrals
from woda_lib.synthetic.domestic_abuse.agencies.care_records import write_care
from woda_lib.synthetic.domestic_abuse.agencies.conferences import write_cases
from woda_lib.synthetic.domestic_abuse.agencies.drawing import Known
from woda_lib.synthetic.domestic_abuse.agencies.health import write_flags
from woda_lib.synthetic.domestic_abuse.agencies.housing import write_tenancies
from woda_lib.synthetic.domestic_abuse.agencies.meetings import COUNCILS, write_meetings
from woda_lib.synthetic.domestic_abuse.agencies.missing_records import (
    write_episodes,
    write_interviews,
)
from woda_lib.synthetic.domestic_abuse.agencies.probation import write_orders
from woda_lib.synthetic.domestic_abuse.agencies.records import Records, deliver_records
from woda_lib.synthetic.domestic_abuse.agencies.schools import write_roll
from woda_lib.synthetic.domestic_abuse.agencies.world import World


def write_known(
    world: World, known: Known, incident_ids: pd.Series, nominal_ids: np.ndarray, seed: int
) -> list[Records]:
    """Write down what every agency knows.

    Parameters
    ----------
    incident_ids
        The force's number of each incident, by ``incident``.
    nominal_ids
        The force's number of the person of each row of ``known.episodes``.

    Returns
    -------
    list of Records
        In the order of partners and datasets.
    """
    streams = iter(default_rng([seed, 3, 1]).spawn(11))
    episodes = write_episodes(world, known.episodes, nominal_ids, next(streams))
    missing_ids = episodes.rows["missing_id"].to_numpy(dtype=object)
    meetings = next(streams)
    return [
        *write_care(world, known.spells, known.contacts, known.exploitation, next(streams)),
        write_tenancies(world, known.tenancies, next(streams)),
        write_flags(world, known.flags, next(streams)),
        write_orders(world, known.orders, next(streams)),
        write_roll(world, known.enrolments, next(streams)),
        write_referrals(world, known.referrals, next(streams)),
        write_cases(world, known.cases, next(streams)),
        write_attempts(known.attempts, incident_ids, next(streams)),
        episodes,
        write_interviews(known.interviews, missing_ids, next(streams)),
        *(write_meetings(known.meetings, council, meetings) for council in COUNCILS),
    ]


def deliver_known(records: list[Records], world: World) -> dict[str, list[Delivery]]:
    """Cut all records into each partner's files."""
    deliveries: dict[str, list[Delivery]] = {}
    for one in records:
        deliveries.setdefault(one.partner, []).append(deliver_records(one, world.profile))
    return deliveries


def who_is_who(records: list[Records]) -> pd.DataFrame:
    """Return ``partner, dataset, local_id, person_id`` of everybody in the records."""
    return pd.concat(
        [
            one.people.assign(partner=one.partner, dataset=one.dataset)
            for one in records
            if len(one.people)
        ],
        ignore_index=True,
    )[["partner", "dataset", "local_id", "person_id"]]
