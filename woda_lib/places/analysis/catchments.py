"""Who is near what: the nearest service of each home, and how many homes each one serves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from woda_lib.places.analysis.guards import require, require_once
from woda_lib.places.analysis.result import Finding
from woda_lib.places.analysis.travel import Mode


@dataclass(frozen=True, eq=False)
class Nearest(Finding):
    """Homes with the service that is nearest to each.

    Attributes
    ----------
    table : DataFrame
        The homes, in their order, with ``nearest`` (the service's identifier), ``metres`` (in a
        straight line) and ``minutes``.
    minutes : tuple of float
        The limits that `summary` and `catchments` count by.
    """

    table: pd.DataFrame
    mode: Mode
    minutes: tuple[float, ...]
    method: str
    warnings: tuple[str, ...]

    def summary(self) -> pd.DataFrame:
        """Return ``minutes, homes, share``: how many homes have a service within each limit."""
        taken = self.table["minutes"].to_numpy()
        homes = [int((taken <= limit).sum()) for limit in self.minutes]
        return pd.DataFrame(
            {"minutes": self.minutes, "homes": homes, "share": np.array(homes) / len(taken)}
        )

    def catchments(self) -> pd.DataFrame:
        """Return a row a service that is nearest to any home.

        Columns: ``service, homes, median_minutes`` and, of each limit, ``within_<minutes>``.
        """
        by = self.table.groupby("nearest", sort=True)["minutes"]
        table = by.agg(homes="size", median_minutes="median").reset_index()
        for limit in self.minutes:
            near = self.table.loc[self.table["minutes"].le(limit)].groupby("nearest").size()
            table[f"within_{limit:g}"] = table["nearest"].map(near).fillna(0).astype(int)
        return table.rename(columns={"nearest": "service"})


def nearest(
    homes: gpd.GeoDataFrame,
    services: gpd.GeoDataFrame,
    mode: Mode,
    *,
    service: str = "building_id",
    minutes: Sequence[float] = (10, 20, 30),
) -> Nearest:
    """Find the service that is nearest to each home.

    Where two are equally near, the one whose identifier comes first is taken.

    Parameters
    ----------
    homes, services
        Points on British National Grid.
    mode
        How people get there.
    service
        The column that identifies a service.
    minutes
        The limits to count by.

    Raises
    ------
    PlacesError
        See `woda_lib.places.analysis.guards.require`.
    """
    homes = require(homes, "homes", "points")
    services = require(services, "services", "points")
    require_once(services, "services", service)
    ordered = services.sort_values(service)
    metres, at = cKDTree(coordinates(ordered)).query(coordinates(homes))
    table = pd.DataFrame(homes.drop(columns="geometry")).assign(
        nearest=ordered[service].to_numpy()[at], metres=metres, minutes=mode.minutes(metres)
    )
    return Nearest(
        table=table,
        mode=mode,
        minutes=tuple(sorted(minutes)),
        method=(
            f"The nearest service in a straight line; minutes {mode.name} at "
            f"{mode.kilometres_an_hour:g} kilometres an hour, on ways {mode.detour:g} times as "
            "long. No road network is used."
        ),
        warnings=(),
    )


def coordinates(points: gpd.GeoDataFrame) -> npt.NDArray[np.float64]:
    """Return the eastings and northings of points, a row each."""
    return np.column_stack([points.geometry.x, points.geometry.y])
