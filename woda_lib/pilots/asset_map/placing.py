"""Where each building stands, and which partner has what to put right.

A building is placed by its coordinates, and by its postcode where those are missing or cannot be:
northings in place of eastings are told and not turned round, because whoever slipped there may have
slipped elsewhere too. A building that nothing places is left out, and counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from woda_lib.pilots.asset_map.county import say_partners
from woda_lib.places import locate
from woda_lib.places.directory import look_up
from woda_lib.places.layers import Columns

_COLUMNS = Columns(easting="easting", northing="northing", postcode="postcode")
_TOO_FAR = 5_000.0  # metres between a building and its postcode at which one of them is wrong

FAR = "its coordinates lie far from its postcode"
UNKNOWN = "its postcode is not in the directory"


@dataclass(frozen=True)
class Placed:
    """Buildings that could be placed, and what was wrong with what was written of where they are.

    Attributes
    ----------
    buildings : GeoDataFrame
        With ``placed_by``: *coordinates* or *postcode*.
    left_out : DataFrame
        Buildings that nothing places, with the ``reason``.
    faults : DataFrame
        ``partner, reason, outcome, buildings``.
    """

    buildings: gpd.GeoDataFrame
    left_out: pd.DataFrame
    faults: pd.DataFrame


def place_buildings(buildings: pd.DataFrame) -> Placed:
    """Place partners' buildings on the National Grid.

    Parameters
    ----------
    buildings
        ``partner, building_id, postcode, easting, northing`` and others.

    Raises
    ------
    PlacesError
        If most of a partner's rows look like one mistake.
    """
    placed, left, faults = [], [], []
    for partner, own in buildings.groupby("partner", sort=True):
        found = locate(own, _COLUMNS, what=f"The list of {partner}")
        placed.append(found.points)
        left.append(found.quarantine)
        passed = found.passed_over.rename(columns={"rows": "buildings"})
        gone = found.reasons.rename(columns={"rows": "buildings"})
        faults.append(passed.assign(partner=partner, outcome="placed by its postcode"))
        faults.append(_doubts(found.points).assign(partner=partner, outcome="kept, to be checked"))
        faults.append(gone.assign(partner=partner, outcome="left out"))
    together = pd.concat(faults, ignore_index=True)
    together = together.loc[together["buildings"].gt(0)]
    return Placed(
        buildings=pd.concat(placed, ignore_index=True),
        left_out=pd.concat(left, ignore_index=True),
        faults=together[["partner", "reason", "outcome", "buildings"]].reset_index(drop=True),
    )


def faults_table(placed: Placed) -> pd.DataFrame:
    """Return what is wrong by partner, for a report."""
    return say_partners(placed.faults, "partner").rename(
        columns={
            "partner": "Partner",
            "reason": "What is wrong",
            "outcome": "What was done",
            "buildings": "Buildings",
        }
    )


def _doubts(points: gpd.GeoDataFrame) -> pd.DataFrame:
    """Count buildings whose coordinates hold though their postcode speaks against them."""
    by_point = points.loc[points["placed_by"].eq("coordinates")]
    code = look_up(by_point["postcode"])
    away = np.hypot(code["easting"] - by_point.geometry.x, code["northing"] - by_point.geometry.y)
    unknown = by_point["postcode"].notna() & code["easting"].isna()
    counts = {FAR: int(away.gt(_TOO_FAR).sum()), UNKNOWN: int(unknown.sum())}
    return pd.DataFrame({"reason": list(counts), "buildings": list(counts.values())})
