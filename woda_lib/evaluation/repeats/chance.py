"""What concentration chance alone would give.

Twelve incidents cannot be spread evenly over ten people, and fewer than ten leave some with none:
some concentration is arithmetic and no finding. So the same events are dealt out at random, and the
curve is drawn again (Chalfin, Kaplan and Cuellar 2021, Journal of Research in Crime and Delinquency
58: 467-504; Bernasco and Steenbeek 2017, Journal of Quantitative Criminology 33: 451-467, on why
perfect equality is the wrong yardstick).
"""

from __future__ import annotations

import numpy as np

from woda_lib.evaluation.repeats.lorenz import Floats, Lorenz


def dealt_at_random(
    amounts: Floats,
    units: int,
    *,
    everyone_has_one: bool,
    at: Floats,
    times: int,
    rng: np.random.Generator,
) -> Floats:
    """Return the share of the amount on the heaviest shares of units, events dealt at random.

    Parameters
    ----------
    amounts
        (n,) of the events, kept as they are.
    units
        Among whom they are dealt.
    everyone_has_one
        Whether a unit is there only because it has an event: one each is then dealt first, and
        only the others fall anywhere.
    at
        (s,) shares of units.
    times
        Deals.
    rng

    Returns
    -------
    (times, s) array
    """
    first = units if everyone_has_one else 0
    found = np.empty((times, len(at)))
    for deal in range(times):
        owners = rng.integers(0, units, len(amounts))
        owners[:first] = np.arange(first)
        totals = np.bincount(owners, weights=rng.permutation(amounts), minlength=units)
        found[deal] = Lorenz.of(totals).share_of_top(at)
    return found
