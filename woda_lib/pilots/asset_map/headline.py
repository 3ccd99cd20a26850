"""The numbers that runs of the overlay are compared by."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from woda_lib.places.analysis import Gaps, HotSpots, Together


def headline(
    found: Together, missing: Mapping[str, Gaps], spots: HotSpots, *, placed: float
) -> pd.DataFrame:
    """Return ``name, label, value, unit, decimals``, a row a number.

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
    low, high = (float(plan[f"saved_{end}"].sum()) for end in ("low", "high"))
    hot = int(spots.table["spot"].eq("hot").sum())
    rows = [
        ("pairs_together", "Pairs of buildings that stand together", len(found.table), "pairs", 0),
        ("moves_possible", "Moves into another partner’s building", len(plan), "moves", 0),
        ("saved_at_most_low", "Saved a year by all moves at most, low end", low, "pounds", -3),
        ("saved_at_most_high", "Saved a year by all moves at most, high end", high, "pounds", -3),
        ("areas_without", "Deprived areas without a service near", len(gap), "areas", 0),
        ("homes_without", "Homes out of reach in deprived areas", int(beyond), "homes", 0),
        ("buildings_in_hot_spots", "Buildings in hot spots of empty floor", hot, "buildings", 0),
        ("buildings_placed", "Buildings placed on the map", 100 * placed, "%", 1),
    ]
    return pd.DataFrame(rows, columns=["name", "label", "value", "unit", "decimals"])
