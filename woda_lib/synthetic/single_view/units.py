"""Who lives together as one household, and what each is to the first named of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.draws import as_days
from woda_lib.synthetic.single_view.life_events import AWAY
from woda_lib.synthetic.single_view.world import World

_ROLES = ("head", "partner", "sharer", "elder", "child")
# What a member of each role is to the first named, by the first named's role.
_TO_FIRST = {
    "head": ("other_relative", "partner", "not_related", "parent", "child"),
    "partner": ("partner", "other_relative", "not_related", "other_relative", "child"),
    "sharer": ("not_related",) * 5,
    "elder": ("child", "other_relative", "not_related", "other_relative", "other_relative"),
    "child": ("parent", "parent", "not_related", "other_relative", "other_relative"),
}
_NOT_SAID, _SAID_OTHERWISE = 0.03, 0.02


def private_homes(world: World) -> pd.DataFrame:
    """Return the rows of `World.homes` in private homes of the county, with ``stay``, their number.

    ``age`` is that of the person on the first day, or when the window opens if that is later.
    """
    in_care = world.dwellings["kind"].eq("care_home").to_numpy()
    dwelling = world.dwelling
    private = np.flatnonzero((dwelling != AWAY) & ~in_care[dwelling])
    homes = world.homes.iloc[private].assign(stay=private)
    on = np.maximum(as_days(homes["starts"]), world.profile.opens)
    return homes.assign(age=world.ages(homes["person_id"].to_numpy(), on)).reset_index(drop=True)


def kinship(case: np.ndarray, role: np.ndarray, born: np.ndarray, rng: Generator) -> np.ndarray:
    """Say what each member of a case is to its first named, as the form has it.

    The first named is the head, else the partner, and so on; of two the older.

    Returns
    -------
    numpy.ndarray
        Codes of the contracts' ``kinship``; None where nobody said.
    """
    if not len(case):
        return np.empty(0, dtype=object)
    rank = pd.Series(role).map({name: place for place, name in enumerate(_ROLES)}).to_numpy()
    order = np.lexsort((born, rank, case))
    first = order[np.r_[True, case[order][1:] != case[order][:-1]]]
    of = np.searchsorted(case[first], case)
    table = np.array([_TO_FIRST[name] for name in _ROLES], dtype=object)
    said = table[rank[first][of], rank]
    said[rng.random(len(case)) < _SAID_OTHERWISE] = "other_relative"
    said[rng.random(len(case)) < _NOT_SAID] = None
    said[first] = "self"
    return said
