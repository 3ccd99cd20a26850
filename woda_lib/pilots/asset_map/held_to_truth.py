"""How well the overlay finds what was planted in a made-up county."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from woda_lib.places.analysis import Gaps, HotSpots, Together


def against_truth(
    found: Together,
    missing: Mapping[str, Gaps],
    spots: HotSpots,
    buildings: pd.DataFrame,
    truth: Mapping[str, pd.DataFrame],
) -> pd.DataFrame:
    """Return ``what, planted, delivered, found``, a row a kind of thing that was planted.

    Parameters
    ----------
    buildings
        All that could be placed.
    truth
        The tables ``am_colocated``, ``am_gaps`` and ``am_hot_spots``. What was planted can only be
        found where the buildings' rows were delivered, kept and placed, and their empty floor is
        known: *delivered* counts those.
    """
    placed = set(zip(buildings["partner"], buildings["building_id"], strict=True))
    known = set(zip(spots.table["partner"], spots.table["building_id"], strict=True))
    pairs = truth["am_colocated"]
    pairs = pairs.loc[pairs["planted"]]
    guest = list(zip(pairs["guest_partner"], pairs["guest"], strict=True))
    host = list(zip(pairs["host_partner"], pairs["host"], strict=True))
    both = [one in placed and other in known for one, other in zip(guest, host, strict=True)]
    moves = found.moves[["guest_partner", "guest", "host_partner", "host"]]
    made = set(moves.itertuples(index=False, name=None))
    hit = [(*one, *other) in made for one, other in zip(guest, host, strict=True)]
    gap = truth["am_gaps"]
    planted = gap.loc[gap["planted"], ["service", "area"]]
    seen = [
        area in set(missing[service].table.loc[missing[service].table["gap"], "area"])
        for service, area in planted.itertuples(index=False)
        if service in missing
    ]
    hot = truth["am_hot_spots"]
    hot = hot.loc[hot["hot_spot"].gt(0), ["partner", "building_id"]]
    there = hot.merge(spots.table[["partner", "building_id", "spot"]])
    rows = [
        ("Moves between buildings that were put together", len(pairs), sum(both), sum(hit)),
        ("Services missing in the deprived area", len(planted), len(planted), sum(seen)),
        ("Buildings in hot spots", len(hot), len(there), int(there["spot"].eq("hot").sum())),
    ]
    return pd.DataFrame(rows, columns=["What was planted", "Planted", "Delivered", "Found"])
