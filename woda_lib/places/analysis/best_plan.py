"""Which of the possible moves to make together, so that what could be saved is largest.

A guest moves once, a host does not move itself, and no room is given away twice. That is an
assignment with capacities, solved exactly by mixed-integer programming (HiGHS).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

from woda_lib.places.errors import PlacesError

_WITHOUT_COST = 1.0
"""Pounds by which a move is preferred to none where nobody knows what the guest costs."""


def best_plan(moves: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Return which moves are made.

    Parameters
    ----------
    moves
        ``guest, host, guest_partner, host_partner, square_metres, spare_area, saved_low``.

    Raises
    ------
    PlacesError
        If no plan is found, which cannot be: to move nobody is one.
    """
    n = len(moves)
    if not n:
        return np.zeros(0, dtype=bool)
    guest, host = (
        pd.MultiIndex.from_arrays([moves[f"{side}_partner"].astype(str), moves[side].astype(str)])
        for side in ("guest", "host")
    )
    everybody = guest.append(host).unique()
    g, h = everybody.get_indexer(guest), everybody.get_indexer(host)
    at, one = np.arange(n), np.ones(n)
    size = (len(everybody), n)
    leaves = csr_array((one, (g, at)), shape=size)
    filled = csr_array((moves["square_metres"].to_numpy(dtype=float), (h, at)), shape=size)
    room = pd.Series(moves["spare_area"].to_numpy(dtype=float)).groupby(h).first()
    capacity = room.reindex(range(len(everybody)), fill_value=0.0).to_numpy()
    # A move and any move of its host exclude each other: x of the move, and all x of its host.
    stays = csr_array((one, (at, at)), shape=(n, n)) + leaves[h]
    limits = np.concatenate([np.ones(len(everybody)), capacity, np.ones(n)])
    gain = np.maximum(np.nan_to_num(moves["saved_low"].to_numpy(dtype=float)), _WITHOUT_COST)
    found = milp(
        -gain,
        integrality=one,
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(vstack([leaves, filled, stays]), ub=limits),
    )
    if found.x is None:
        raise PlacesError(f"No plan of moves was found: {found.message}")
    return np.asarray(found.x > 0.5)
