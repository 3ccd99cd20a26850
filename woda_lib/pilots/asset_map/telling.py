"""What the map says of buildings and land, and the numbers that runs of it are compared by."""

from __future__ import annotations

import pandas as pd

from woda_lib.partners.names import say_partner_shortly
from woda_lib.pilots.asset_map.county import (
    LAND_CLASSES,
    land_in_the_county,
    say_uses,
)

_OTHER_LAND = "Other"


def told_buildings(buildings: pd.DataFrame) -> pd.DataFrame:
    """Return buildings with owner and use in words, as the map and the tables say them."""
    return buildings.assign(
        partner=buildings["partner"].map(say_partner_shortly, na_action="ignore").astype("string"),
        use=say_uses(buildings["use"]),
        tenure=say_uses(buildings["tenure"]),
    )


def told_land(land: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return sites of land in the county, and how many lie outside it.

    ``land_class`` is one of the seven classes of their broad use.
    """
    inside, outside = land_in_the_county(land)
    kept = land.loc[land["osid"].isin(inside["osid"])]
    return kept.assign(
        land_class=kept["tier_a"].map(dict(LAND_CLASSES)).fillna(_OTHER_LAND)
    ), outside


def headline(
    buildings: pd.DataFrame,
    placed: int,
    areas: pd.DataFrame,
    businesses: int,
    layers: int,
    not_on_the_map: int,
) -> pd.DataFrame:
    """Return ``name, label, value, unit, decimals``, a row a number by which runs are compared."""
    share = 100 * placed / max(len(buildings), 1)
    rows = [
        ("buildings", "Buildings in use", len(buildings), "buildings", 0),
        ("owners", "Partners who use buildings", buildings["partner"].nunique(), "partners", 0),
        ("buildings_placed", "Buildings placed on the map", share, "%", 1),
        ("areas", "Areas on the map", len(areas), "areas", 0),
        ("businesses_on_the_map", "Business sites on the map", businesses, "business sites", 0),
        ("layers", "Layers of the map", layers, "layers", 0),
        ("not_on_the_map", "Rows left out of the map", not_on_the_map, "rows", 0),
    ]
    return pd.DataFrame(rows, columns=["name", "label", "value", "unit", "decimals"])


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
        f"{where}{{owners}} use {{buildings}}, the {first.lower()} more than any other; "
        "{buildings_placed} of these stand on one map with {areas} and {businesses_on_the_map}."
    )
    if marks.set_index("name").loc["not_on_the_map", "value"]:
        text += (
            "\n\nLeft out of the layers, without a place that holds or outside the county: "
            "{not_on_the_map}."
        )
    return text[0].upper() + text[1:]
