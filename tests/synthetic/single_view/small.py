"""A handful of people and homes, made by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.synthetic.profiles import PROFILES
from woda_lib.synthetic.single_view.life_events import AWAY
from woda_lib.synthetic.single_view.world import World

QUICK = PROFILES["quick"]
NOT_A_DAY = pd.NaT


def homes_of(*rows: tuple[int, int, str, str | None]) -> pd.DataFrame:
    """Rows of ``person_id, dwelling, starts, ends``, each person the only one of a unit."""
    table = pd.DataFrame(rows, columns=["person_id", "dwelling", "starts", "ends"])
    table["starts"] = pd.to_datetime(table["starts"]).astype("datetime64[s]")
    table["ends"] = pd.to_datetime(table["ends"]).astype("datetime64[s]")
    return table.assign(unit=table["person_id"], role="head")


def world_of(homes: pd.DataFrame) -> World:
    """A world of these homes, in which everybody was born in 1970 and all homes are houses."""
    people, places = homes["person_id"].max() + 1, max(homes["dwelling"].max(), AWAY) + 1
    residents = pd.DataFrame(
        {
            "county": "worcestershire",
            "household": np.arange(people),
            "kind": "lone_younger",
            "born": pd.Timestamp("1970-01-01"),
            "died": pd.Series([pd.NaT] * people, dtype="datetime64[ns]"),
        }
    )
    dwellings = pd.DataFrame({"county": "worcestershire", "kind": ["house"] * places})
    return World(QUICK, residents, dwellings, homes, seed=1)
