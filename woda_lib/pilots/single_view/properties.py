"""The properties of the gazetteer, each once: its address, what it is and where it lies."""

from __future__ import annotations

import pandas as pd

KINDS = ("house", "flat", "care_home", "caravan", "shared", "other")

_OF_CLASS = {
    "RD01": "caravan",
    "RD02": "house",
    "RD03": "house",
    "RD04": "house",
    "RD06": "flat",
    "RD10": "caravan",
    "RH01": "shared",
    "RH02": "shared",
    "RH03": "shared",
    "RI01": "care_home",
}
"""By class of AddressBase (GeoPlace, *BLPU classification*); whatever else is *other*."""

_STANDING = ("approved", "provisional", "alternative", "historical")
"""Of several ways of addressing a property, the first that it has names it."""

COLUMNS = [
    "uprn",
    "parent_uprn",
    "kind",
    "class_code",
    "address",
    "postcode",
    "town",
    "district",
    "area",
    "deprivation_quintile",
    "easting",
    "northing",
]


def properties(gazetteer: pd.DataFrame) -> pd.DataFrame:
    """Return a row a property: `COLUMNS`, ordered by `uprn`.

    Parameters
    ----------
    gazetteer
        The columns of the contract ``gazetteer``, a row a way of addressing a property.
    """
    standing = gazetteer["logical_status"].map({name: n for n, name in enumerate(_STANDING)})
    order = gazetteer.assign(standing=standing).sort_values(
        ["uprn", "standing", "started_on"], ascending=[True, True, False], kind="stable"
    )
    best = order.drop_duplicates("uprn").reset_index(drop=True)
    number_and_street = _joined(best, ["building", "street"], " ")
    lines = best.assign(line=number_and_street)
    best["address"] = _joined(lines, ["sub_building", "line", "locality", "town"], ", ")
    best["kind"] = pd.Categorical(best["class_code"].map(_OF_CLASS).fillna("other"), KINDS)
    return best[COLUMNS]


def _joined(table: pd.DataFrame, names: list[str], between: str) -> pd.Series:
    """Join the texts that are there; missing where none is."""
    said = pd.Series("", index=table.index, dtype="string")
    for name in names:
        part = table[name].astype("string").fillna("")
        gap = pd.Series(between, index=table.index).where((said != "") & (part != ""), "")
        said = said + gap.astype("string") + part
    return said.where(said != "")
