"""Which spells of people overlap others of the same person, compiled."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from woda_lib.linkage.fast.compiled import kept
from woda_lib.linkage.fast.radix import in_order
from woda_lib.pilots.single_view.homes.coding import stretches
from woda_lib.pilots.single_view.homes.days import Days


class Spells(NamedTuple):
    """Spells of people: `e` (−1 is nobody), `starts` and `ends` (whole days, the end exclusive)."""

    e: npt.NDArray[np.int32]
    starts: Days
    ends: Days


def overlapping(spells: Spells, others: Spells) -> npt.NDArray[np.bool_]:
    """Say which spells overlap any of the others that is of the same person."""
    order, whose = in_order(others.e.astype(np.int64))
    people = int(spells.e.max(initial=-1)) + 1
    of = stretches(whose, people)
    return np.asarray(_overlapping(*spells, of, others.starts[order], others.ends[order]))


@kept
def _overlapping(e: Any, starts: Any, ends: Any, of: Any, begins: Any, until: Any) -> Any:
    """Do it for others of each person that lie between two numbers of `of`."""
    found = np.zeros(len(e), dtype=np.bool_)
    for spell in range(len(e)):
        if e[spell] < 0:
            continue
        for other in range(of[e[spell]], of[e[spell] + 1]):
            if begins[other] < ends[spell] and starts[spell] < until[other]:
                found[spell] = True
                break
    return found
