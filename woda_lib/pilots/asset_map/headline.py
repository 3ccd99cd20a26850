"""The numbers that runs of the overlay are compared by."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from woda_lib.places.analysis import Gaps, HotSpots, Together


def headline(
    found: Together, missing: Mapping[str, Gaps], spots: HotSpots, *, placed: float
) -> pd.DataFrame:
    """Return ``name, value, unit, decimals``, a row a number.

    Parameters
    ----------
    placed
        Share of buildings in use that could be placed.
    """
    plan = found.plan
    gap = {area for one in missing.values() for area in one.table.loc[one.table["gap"], one.area]}
    homes = pd.concat(
        [one.table.loc[one.table["gap"], [one.area, "beyond"]] for one in missing.values()]
    )
    beyond = homes.groupby(homes.columns[0])["beyond"].max().sum()
    rows = [
        ("pairs_together", len(found.table), "pairs", 0),
        ("moves_possible", len(plan), "moves", 0),
        ("saved_at_most_low", float(plan["saved_low"].sum()), "pounds", -3),
        ("saved_at_most_high", float(plan["saved_high"].sum()), "pounds", -3),
        ("areas_without", len(gap), "areas", 0),
        ("homes_without", int(beyond), "homes", 0),
        ("buildings_in_hot_spots", int(spots.table["spot"].eq("hot").sum()), "buildings", 0),
        ("buildings_placed", 100 * placed, "%", 1),
    ]
    return pd.DataFrame(rows, columns=["name", "value", "unit", "decimals"])
