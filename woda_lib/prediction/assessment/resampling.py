"""Households drawn with replacement: how much a measure would move with other households.

A household is drawn whole, with all its rows, because its rows resemble each other. All scorers are
measured on the same draw, so that their differences have intervals of their own. A draw is a number
of times for each household and no copy of its rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import numpy as np

from woda_lib.prediction.assessment.scored import Numbers, Scored
from woda_lib.prediction.errors import PredictionError

FEWEST_DRAWS = 20


def draws_of(scored: Scored, draws: int, seed: int) -> Iterator[Numbers]:
    """Yield how often each row counts, a draw at a time.

    Raises
    ------
    PredictionError
        If so few draws are asked for that they bound nothing.
    """
    if draws < FEWEST_DRAWS:
        raise PredictionError(
            f"An interval needs {FEWEST_DRAWS} draws of households at the least, and 500 for a "
            f"report; {draws} were asked for."
        )
    rng = np.random.default_rng(seed)
    households = scored.households
    for _ in range(draws):
        drawn = rng.integers(households, size=households)
        times = np.bincount(drawn, minlength=households).astype(float)
        yield times[scored.household]


def limits(drawn: Numbers, level: float) -> tuple[Numbers, Numbers]:
    """Return the percentile interval of drawn values, along the first axis.

    A draw in which a value cannot be told (nobody in it had an event) is left out; a value that
    cannot be told at all has no interval.
    """
    tail = (1 - level) / 2
    known = ~np.isnan(drawn).all(axis=0)
    both = np.full((2, *drawn.shape[1:]), np.nan)
    both[:, known] = np.nanquantile(drawn[:, known], [tail, 1 - tail], axis=0)
    return cast(Numbers, both[0]), cast(Numbers, both[1])
