"""Groups that a model may not know and must be fair to; what is planted never looks at them.

They go along with deprivation and with who lives together, as in the world, so that a model that is
blind to them can still treat them unlike.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.draws import drawn_by, take, weighted

ETHNICITIES: Final = ("White", "Asian", "Black", "Mixed", "Other", "more than one", "not known")
_SHARES: Final = np.array(
    [
        (0.78, 0.065, 0.030, 0.022, 0.011, 0.038, 0.054),
        (0.83, 0.048, 0.016, 0.018, 0.008, 0.034, 0.046),
        (0.87, 0.030, 0.009, 0.015, 0.006, 0.030, 0.040),
        (0.89, 0.022, 0.006, 0.013, 0.005, 0.028, 0.036),
        (0.90, 0.020, 0.004, 0.012, 0.004, 0.026, 0.034),
    ]
)
"""By fifth of deprivation, 1 first; more than nine in ten of the county's residents are white."""

_OLDER: Final = ("65-74", "75-84", "85+")
_GROWN: Final = ("16-24", "25-44", "45-64")
_FIFTH_UNKNOWN: Final = 0.01


def draw_groups(homes: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Draw the groups of households.

    Parameters
    ----------
    homes
        From `woda_lib.synthetic.complex_dependencies.living.draw_living`.

    Returns
    -------
    pandas.DataFrame
        ``uprn, kind, people, ethnicity, sex, age, deprivation`` (text), a row a household.
    """
    n = len(homes)
    fifth = homes["deprivation"].to_numpy(int)
    kind = homes["kind"].astype(object).to_numpy()
    single = homes["people"].to_numpy() - homes["children"].to_numpy() == 1
    ethnicity = drawn_by(ETHNICITIES, _SHARES, fifth - 1, rng)
    ethnicity[(ethnicity == "more than one") & (homes["people"].to_numpy() == 1)] = "White"
    women = np.select([kind == "lone_parent", kind == "older_one_person"], [0.86, 0.66], 0.45)
    alone = np.where(rng.random(n) < women, "women", "men")
    sex = np.where(single, alone, np.where(rng.random(n) < 0.03, "women", "both")).astype(object)
    sex[rng.random(n) < 0.008] = "not known"
    older = np.isin(kind, ["older_one_person", "older_couple", "care_home"])
    age = take(_GROWN, weighted(rng, n, (0.06, 0.47, 0.47)))
    age[older] = take(_OLDER, weighted(rng, int(older.sum()), (0.47, 0.37, 0.16)))
    family = homes["children"].to_numpy() > 0
    age[family] = take(_GROWN, weighted(rng, int(family.sum()), (0.04, 0.74, 0.22)))
    deprivation = fifth.astype(str).astype(object)
    deprivation[rng.random(n) < _FIFTH_UNKNOWN] = "not known"
    return pd.DataFrame(
        {
            "uprn": homes["uprn"],
            "kind": homes["kind"].astype(object),
            "people": homes["people"].astype(int),
            "ethnicity": ethnicity,
            "sex": sex,
            "age": age,
            "deprivation": deprivation,
        }
    )
