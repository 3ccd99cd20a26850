"""Where partners' buildings stand, and what is wrong with what partners write of it."""

from __future__ import annotations

import pandas as pd

from woda_lib.pilots.business_register.incident.located import AXES
from woda_lib.places import Columns, locate

_COLUMNS = Columns(uprn="uprn", easting="easting", northing="northing", postcode="postcode")

OTHERWISE = "placed by what else is written"
NOWHERE = "in no area"


def place_buildings(
    buildings: pd.DataFrame, properties: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Place partners' buildings as the asset map does: by property, coordinates, or postcode.

    Coordinates that cannot be meant (swapped, degrees, outside the county) place nothing: a
    building there would be inside no area, or inside a wrong one, and nobody would know.

    Parameters
    ----------
    buildings
        ``uprn, easting, northing, postcode`` and others.
    properties
        ``uprn, easting, northing, postcode``, each property once.

    Returns
    -------
    buildings
        The same, each with its place; ``easting`` and ``northing`` are missing where it has none.
    faults
        ``reason, outcome, buildings``: what did not hold, and what became of the building.

    Raises
    ------
    PlacesError
        If most of them look like one mistake.
    """
    if buildings.empty:
        none = pd.DataFrame(columns=["reason", "outcome", "buildings"])
        return buildings.astype(dict.fromkeys(AXES, float)), none.astype({"buildings": "int64"})
    found = locate(buildings, _COLUMNS, properties=properties, what="Partners' buildings")
    placed = pd.DataFrame(found.points.drop(columns="geometry"))
    placed = placed.assign(easting=found.points.geometry.x, northing=found.points.geometry.y)
    # A postcode that the directory lacks is where the gazetteer has properties of it.
    points = properties.astype(dict.fromkeys(AXES, float))
    middle = points.groupby(points["postcode"].astype(object))[list(AXES)].mean()
    code = found.quarantine["postcode"].astype(object)
    left = found.quarantine.assign(**{axis: code.map(middle[axis]) for axis in AXES})
    stands = left["easting"].notna()
    parts = {
        OTHERWISE: [found.passed_over, _counted(left.loc[stands, "reason"])],
        NOWHERE: [_counted(left.loc[~stands, "reason"])],
    }
    faults = pd.concat(
        [table.assign(outcome=outcome) for outcome, tables in parts.items() for table in tables]
    )
    summed = faults.groupby(["reason", "outcome"])["rows"].sum().astype("int64")
    faults = summed.rename("buildings").reset_index()
    together = pd.concat([placed, left], ignore_index=True)
    return together[list(buildings.columns)].astype(dict.fromkeys(AXES, float)), faults


def _counted(reasons: pd.Series) -> pd.DataFrame:
    counts = reasons.value_counts()
    return pd.DataFrame({"reason": list(counts.index), "rows": counts.to_numpy(dtype=int)})
