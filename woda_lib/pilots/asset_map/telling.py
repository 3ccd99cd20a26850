"""What the map says of buildings and land, and the numbers that runs of it are compared by."""

from __future__ import annotations

import pandas as pd

from woda_lib.pilots.asset_map.county import LAND_CLASSES, PARTNERS, say_uses

_OTHER_LAND = "Other"


def told_buildings(buildings: pd.DataFrame) -> pd.DataFrame:
    """Return buildings with owner and use in words, as the map and the tables say them."""
    return buildings.assign(
        partner=buildings["partner"].astype("string").replace(dict(PARTNERS)),
        use=say_uses(buildings["use"]),
        tenure=say_uses(buildings["tenure"]),
    )


def told_land(land: pd.DataFrame) -> pd.DataFrame:
    """Return sites of land with ``land_class``, one of the seven classes of their broad use."""
    return land.assign(land_class=land["tier_a"].map(dict(LAND_CLASSES)).fillna(_OTHER_LAND))


def headline(
    buildings: pd.DataFrame,
    placed: int,
    areas: pd.DataFrame,
    businesses: int,
    layers: int,
    not_on_the_map: int,
) -> pd.DataFrame:
    """Return ``name, value, unit, decimals``, a row a number by which runs are compared."""
    rows = [
        ("buildings", len(buildings), "buildings", 0),
        ("owners", buildings["partner"].nunique(), "partners", 0),
        ("buildings_placed", 100 * placed / max(len(buildings), 1), "%", 1),
        ("areas", len(areas), "areas", 0),
        ("businesses_on_the_map", businesses, "businesses", 0),
        ("layers", layers, "layers", 0),
        ("not_on_the_map", not_on_the_map, "rows", 0),
    ]
    return pd.DataFrame(rows, columns=["name", "value", "unit", "decimals"])


def answer(marks: pd.DataFrame, owners: pd.DataFrame, *, made_up: bool) -> str:
    """Return the map's answer, with the places of its values.

    Parameters
    ----------
    marks
        Of `headline`.
    owners
        Of `stock.by_partner_and_use`: the first owns most.
    made_up
        Whether the county is.
    """
    first = str(owners["partner"].iloc[0])
    where = "In the made-up county " if made_up else ""
    text = (
        f"{where}{{owners}} partners use {{buildings}} buildings, most of them the "
        f"{first.lower()}; {{buildings_placed}} of them stand on one map with {{areas}} areas and "
        "{businesses_on_the_map} businesses."
    )
    if marks.set_index("name").loc["not_on_the_map", "value"]:
        text += "\n\n{not_on_the_map} rows of the layers have no place that holds, and are counted."
    return text[0].upper() + text[1:]
