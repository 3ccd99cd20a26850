"""The stock of public buildings: by partner and use, and how each was placed."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from woda_lib.partners.names import say_partner_shortly

LAND, OUTSIDE = "Land use", "it lies outside the county"


def by_partner_and_use(buildings: pd.DataFrame) -> pd.DataFrame:
    """Return a row a partner and a column a use, with the number of buildings.

    Parameters
    ----------
    buildings
        ``partner`` and ``use``.
    """
    table = pd.crosstab(buildings["partner"].astype(str), buildings["use"].astype(str))
    table = table[table.sum().sort_values(ascending=False).index]
    table.insert(0, "all", table.sum(axis=1))
    table = table.sort_values("all", ascending=False)
    table.columns = [str(use).replace("_", " ").capitalize() for use in table.columns]
    return table.rename(index=say_partner_shortly).rename_axis("partner").reset_index()


def by_use(buildings: pd.DataFrame) -> pd.DataFrame:
    """Return a row a use: buildings, owners, floor and empty floor (square metres), cost (pounds).

    Parameters
    ----------
    buildings
        ``partner, use, floor_area, spare_area, running_cost``.
    """
    grouped = buildings.groupby(buildings["use"].astype(str))
    table = pd.DataFrame(
        {
            "buildings": grouped.size(),
            "owners": grouped["partner"].nunique(),
            "floor_square_metres": grouped["floor_area"].sum(),
            "spare_square_metres": grouped["spare_area"].sum(min_count=1),
            "running_cost_pounds": grouped["running_cost"].sum(min_count=1),
        }
    )
    table = table.sort_values("buildings", ascending=False).reset_index()
    table["use"] = table["use"].str.replace("_", " ").str.capitalize()
    return table


def not_placed(quarantines: Mapping[str, pd.DataFrame], *, land_outside: int = 0) -> pd.DataFrame:
    """Return a row a layer and reason: how many rows are not on the map.

    Parameters
    ----------
    quarantines
        By layer: ``reason`` and ``rows``.
    land_outside
        Sites of land outside the county, which are left out before a layer is made of the rest.
    """
    parts = [frame[["reason", "rows"]].assign(layer=name) for name, frame in quarantines.items()]
    outside = {"layer": [LAND], "reason": [OUTSIDE], "rows": [land_outside]}
    table = pd.concat([*parts, pd.DataFrame(outside)], ignore_index=True)
    if not table["rows"].sum():
        return pd.DataFrame({"layer": ["all"], "reason": ["none"], "rows": [0]})
    return table.loc[table["rows"] > 0, ["layer", "reason", "rows"]].reset_index(drop=True)
