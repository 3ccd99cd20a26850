"""Where each building stands: by its coordinates where they can be, by its postcode where not.

Coordinates that lie in no part of the county are not believed, and not turned round either, though
northings in place of eastings are easily told: the postcode says where the building is, and the
partner is told to put it right. A building that neither places is left out, and counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from woda_lib.pilots.asset_map.county import say_partners
from woda_lib.places import WORCESTERSHIRE
from woda_lib.places.analysis import points
from woda_lib.places.directory import look_up

_MARGIN = 3_000.0  # metres beyond the county's bounds at which something may still stand
_TOO_FAR = 5_000.0  # metres between a building and its postcode at which one of them is wrong

SWAPPED = "easting and northing in the wrong order"
ELSEWHERE = "coordinates far from the county"
FAR = "coordinates far from the postcode"
NO_POINT = "no coordinates"
NO_POSTCODE = "no postcode"
UNKNOWN = "postcode that does not exist"
NOWHERE = "neither coordinates nor a postcode that exists"


@dataclass(frozen=True)
class Placed:
    """Buildings that could be placed, and what was wrong with what was written of where they are.

    Attributes
    ----------
    buildings : GeoDataFrame
        With ``placed_by``: *coordinates* or *postcode*.
    left_out : DataFrame
        Buildings that nothing places.
    faults : DataFrame
        ``partner, reason, placed_by, buildings``; *nothing* placed those that are left out.
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
    """
    given = _metres(buildings)
    by_code = look_up(buildings["postcode"])[["easting", "northing"]].astype(float)
    has_point = given.notna().all(axis=1)
    has_code = by_code.notna().all(axis=1)
    inside = has_point & _inside(given["easting"], given["northing"])
    turned = has_point & ~inside & _inside(given["northing"], given["easting"])
    away = np.hypot(given["easting"] - by_code["easting"], given["northing"] - by_code["northing"])
    far = inside & has_code & (away > _TOO_FAR)
    by_point = inside & ~far
    by_postcode = ~by_point & has_code
    reasons = {
        SWAPPED: turned,
        ELSEWHERE: has_point & ~inside & ~turned,
        FAR: far,
        NO_POINT: ~has_point & has_code,
        NO_POSTCODE: buildings["postcode"].isna() & has_point,
        UNKNOWN: buildings["postcode"].notna() & ~has_code,
        NOWHERE: ~by_point & ~by_postcode,
    }
    how = pd.Series(np.where(by_point, "coordinates", np.where(by_postcode, "postcode", "nothing")))
    how.index = buildings.index
    placed = by_point | by_postcode
    where = given.where(by_point, by_code)
    table = buildings.assign(easting=where["easting"], northing=where["northing"], placed_by=how)
    return Placed(
        buildings=points(table.loc[placed]).reset_index(drop=True),
        left_out=buildings.loc[~placed].reset_index(drop=True),
        faults=_counted(buildings["partner"], reasons, how),
    )


def faults_table(placed: Placed) -> pd.DataFrame:
    """Return what is wrong by partner, for a report."""
    return say_partners(placed.faults, "partner").rename(
        columns={
            "partner": "Partner",
            "reason": "What is wrong",
            "placed_by": "Placed by",
            "buildings": "Buildings",
        }
    )


def _metres(buildings: pd.DataFrame) -> pd.DataFrame:
    names = ["easting", "northing"]
    return buildings[names].astype("Float64").astype(float)


def _inside(easting: pd.Series, northing: pd.Series) -> pd.Series:
    west, south, east, north = WORCESTERSHIRE.bounds_with(_MARGIN)
    return easting.between(west, east) & northing.between(south, north)


def _counted(partner: pd.Series, reasons: dict[str, pd.Series], how: pd.Series) -> pd.DataFrame:
    parts = [
        pd.DataFrame({"partner": partner[where], "placed_by": how[where]}).assign(reason=reason)
        for reason, where in reasons.items()
    ]
    rows = pd.concat(parts, ignore_index=True)
    by = ["partner", "reason", "placed_by"]
    return rows.groupby(by, sort=True, observed=True).size().rename("buildings").reset_index()
