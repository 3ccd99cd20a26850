"""Who lives in a made-up household: its kind, its people and children, and how poor its area."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.random import Generator

from woda_lib.synthetic.draws import take, weighted
from woda_lib.synthetic.single_view.homes import KINDS

# Share of households of each kind, as counted in the made-up county, and how much commoner each is
# in the most deprived fifth than in the middle one.
_SHARES: Final = {
    "care_home": (0.001, 1.0),
    "older_one_person": (0.168, 0.95),
    "one_person": (0.217, 1.25),
    "house_share": (0.015, 1.3),
    "three_generations": (0.010, 1.1),
    "older_couple": (0.102, 0.8),
    "couple": (0.175, 0.85),
    "couple_with_children": (0.158, 0.9),
    "lone_parent": (0.066, 1.5),
    "grown_children": (0.085, 1.0),
    "other": (0.003, 1.1),
}
_CHILDREN: Final = {"couple_with_children": 0.62, "lone_parent": 0.50, "three_generations": 0.4}
_UNDER_FIVE: Final = 0.27
_YEARS_HERE: Final = 9.0


def draw_living(n: int, rng: Generator) -> pd.DataFrame:
    """Draw `n` households.

    Returns
    -------
    pandas.DataFrame
        ``kind`` (a category of `KINDS`), ``people, children`` (under 16), ``under_fives,
        lone_parent`` (0 or 1), ``deprivation`` (fifth, 1 the poorest), ``came`` (days before the
        first index date), ``uprn``.
    """
    fifth = rng.integers(1, 6, n)
    names = list(_SHARES)
    share, poor = (np.array(column) for column in zip(*_SHARES.values(), strict=True))
    kind = np.empty(n, dtype=np.int64)
    for level in range(1, 6):
        of = np.flatnonzero(fifth == level)
        kind[of] = weighted(rng, len(of), share * poor ** ((3 - level) / 2))
    name = take(names, kind)
    mean = np.array([_CHILDREN.get(each, -1.0) for each in names])[kind]
    families = mean >= 0
    children = np.where(families, 1 + rng.poisson(np.maximum(mean, 0.0)), 0)
    grown = np.select(
        [np.isin(name, ["older_one_person", "one_person", "lone_parent"]), name == "care_home"],
        [1, 12],
        2,
    )
    more = np.isin(name, ["house_share", "three_generations", "grown_children"])
    grown = grown + more * (1 + rng.poisson(0.3, n)) * (grown == 2)
    return pd.DataFrame(
        {
            "kind": pd.Categorical(name, categories=list(KINDS)),
            "people": (children + grown).astype(float),
            "children": children.astype(float),
            "under_fives": rng.binomial(children, _UNDER_FIVE).astype(float),
            "lone_parent": (name == "lone_parent").astype(float),
            "deprivation": fifth.astype(float),
            "came": np.floor(rng.exponential(_YEARS_HERE * 365.25, n)),
            "uprn": (100_120_000_000 + rng.permutation(n)).astype(str).astype(object),
        }
    )
