"""What police write down of missing people, and the council of the interviews afterwards."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.domestic_abuse.agencies.records import (
    NOT_A_MOMENT,
    Records,
    nobody,
)
from woda_lib.synthetic.domestic_abuse.agencies.world import World
from woda_lib.synthetic.domestic_abuse.presence import dwelling_on
from woda_lib.synthetic.draws import add_days, as_days
from woda_lib.synthetic.registers import local_numbers


def write_episodes(
    world: World, episodes: pd.DataFrame, nominal_ids: np.ndarray, rng: Generator
) -> Records:
    """Write the episodes: on the day of the report, and again when found or withdrawn.

    Parameters
    ----------
    nominal_ids
        The force's number of the person of each episode.
    """
    reported = as_days(episodes["reported_at"])
    found = as_days(episodes["found_at"])
    withdrawn = episodes["withdrawn"].to_numpy(dtype=bool)
    home = dwelling_on(world.residents, episodes["person_id"].to_numpy(), reported)
    taken_back = add_days(np.fmax(reported, found), rng.integers(1, 8, len(episodes)))
    again = np.where(withdrawn, taken_back, found)
    columns = {
        "missing_id": local_numbers("MP", len(episodes), rng),
        "record_status": np.where(withdrawn, "withdrawn", "current").astype(object),
        "nominal_id": nominal_ids,
        "reported_at": episodes["reported_at"].to_numpy(),
        "found_at": episodes["found_at"].to_numpy(),
        "missing_from": episodes["missing_from"].to_numpy(),
        "risk": episodes["risk"].to_numpy(),
        "district": world.dwellings["town"].to_numpy()[home],
        "deprivation_quintile": pd.array(
            world.dwellings["deprivation_quintile"].to_numpy()[home], dtype="Int64"
        ),
    }
    return Records(
        "west_mercia_police",
        "missing_episodes",
        pd.DataFrame(columns),
        reported,
        again,
        {"record_status": "current", "found_at": NOT_A_MOMENT},
        nobody(),
    )


def write_interviews(interviews: pd.DataFrame, missing_ids: np.ndarray, rng: Generator) -> Records:
    """Write the interviews: when offered, and again when held.

    Parameters
    ----------
    missing_ids
        The force's number of each episode.
    """
    offered = as_days(interviews["offered_at"])
    held = as_days(interviews["held_at"])
    columns = {
        "interview_id": local_numbers("RI", len(interviews), rng),
        "missing_id": missing_ids[interviews["episode"].to_numpy()],
        **{name: interviews[name].to_numpy() for name in ("offered_at", "held_at", "accepted")},
    }
    return Records(
        "county_council",
        "return_interviews",
        pd.DataFrame(columns),
        offered,
        held,
        {"held_at": NOT_A_MOMENT},
        nobody(),
    )
