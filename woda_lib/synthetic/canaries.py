"""Residents with names that nobody has, planted to be looked for in whatever leaves the county.

They are ordinary residents in all but name: they have been in hospital, the council knows them, and
their records are linked, misspelt and counted like anybody's. Nothing is drawn for them, so that a
county with canaries is otherwise the county without.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.disclosure import Canary
from woda_lib.synthetic.addresses import COUNTIES

CANARIES = (
    Canary("Zephyrine", "Quillfeatherby"),
    Canary("Barnabus", "Oxwhistleton"),
    Canary("Philomena", "Grimblethwick"),
    Canary("Ptolemy", "Vexingbourne"),
    Canary("Hepzibah", "Nightjarwood"),
    Canary("Caractacus", "Puddlehurst"),
    Canary("Euphrosyne", "Thistlequick"),
    Canary("Leopoldine", "Zwickelbury"),
)
"""Half in each county."""


def plant_canaries(
    residents: pd.DataFrame, stays: pd.DataFrame, referrals: pd.DataFrame
) -> pd.DataFrame:
    """Return the residents with canaries among those whom both hospital and council know.

    Parameters
    ----------
    residents, stays, referrals : DataFrame
        As `woda_lib.synthetic.county.County` has them.
    """
    planted = residents.copy()
    both = np.intersect1d(stays["person_id"], referrals["person_id"])
    each = len(CANARIES) // len(COUNTIES)
    for number, county in enumerate(COUNTIES):
        here = both[residents.loc[both, "county"].eq(county).to_numpy()]
        # Evenly along the county's residents, so that they lie in different places and households.
        people = here[np.linspace(0, len(here) - 1, each + 2).astype(int)[1:-1]]
        for person, canary in zip(people, CANARIES[number * each :], strict=False):
            planted.loc[person, ["forename", "surname"]] = [canary.forename, canary.surname]
            planted.loc[person, "former_surname"] = ""
            planted.loc[person, "surname_changed_on"] = pd.NaT
    return planted
