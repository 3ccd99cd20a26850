"""The ways in which a gazetteer addresses its properties, as numbers, and those of buildings.

Texts are numbered as they come, so that which rows are alike, or are of one building, is asked of
whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.as_arrow import as_held
from woda_lib.linkage.errors import SourceError
from woda_lib.linkage.plain_forms import numbered
from woda_lib.linkage.record_keys import at_places

COLUMNS = (
    "uprn", "parent_uprn", "logical_status", "class_code", "sub_building", "building", "street",
    "locality", "town", "postcode",
)  # fmt: skip
STATUSES = {
    "1": 0, "approved": 0, "3": 1, "alternative": 1, "6": 2, "provisional": 2, "8": 3,
    "historical": 3,
}  # fmt: skip

_NUMBERS = ["uprn", "parent_uprn"]
_OF_BUILDING = ["building", "street", "locality", "town", "postcode"]
_BUILDING = "PP"
"""The class of a building that only its flats name: a shell, which holds properties."""


@dataclass(frozen=True)
class Ways:
    """Rows of a gazetteer, and one for each building that only its flats name.

    Attributes
    ----------
    rows
        Of each of `COLUMNS` the number of the text, −1 where it is missing, and `status`.
    texts
        By column, in the order of their coming; a property and its building have one numbering.
    """

    rows: pd.DataFrame
    texts: dict[str, npt.NDArray[np.object_]]

    @classmethod
    def of(cls, gazetteer: pd.DataFrame) -> Ways:
        """Number a gazetteer's texts, and let flats and buildings share their addresses.

        Raises
        ------
        SourceError
            A column is missing.
        """
        missing = [name for name in COLUMNS if name not in gazetteer]
        if missing:
            raise SourceError(
                f"The gazetteer has no column {', '.join(missing)}. Give it the columns of the "
                "contract gazetteer."
            )
        told = gazetteer["uprn"].notna().to_numpy()
        held = {name: np.asarray(as_held(gazetteer[name]), dtype=object)[told] for name in COLUMNS}
        codes, uprns = numbered(np.concatenate([held.pop(name) for name in _NUMBERS]))
        coded = {name: numbered(values) for name, values in held.items()}
        coded |= {
            name: (part, uprns) for name, part in zip(_NUMBERS, np.split(codes, 2), strict=True)
        }
        statuses, names = coded["logical_status"]
        meant = np.array([STATUSES.get(str(each), 0) for each in names], dtype=np.int32)
        rows = pd.DataFrame({name: coded[name][0].astype(np.int32) for name in COLUMNS})
        rows["status"] = at_places(meant, statuses, 0)
        texts = {name: coded[name][1] for name in COLUMNS}
        if _BUILDING not in texts["class_code"]:
            texts["class_code"] = np.append(texts["class_code"], _BUILDING)
        building = int(np.flatnonzero(texts["class_code"] == _BUILDING)[0])
        return cls(_with_buildings(rows, building), texts)

    def column(self, name: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.object_]]:
        """Return the number of each row's text, and the texts."""
        return self.rows[name].to_numpy(dtype=np.int64), self.texts[name]

    def written(self, name: str, rows: npt.NDArray[np.integer]) -> npt.NDArray[np.object_]:
        """Return what some rows say in a column; missing where one says nothing."""
        return at_places(self.texts[name], self.rows[name].to_numpy()[rows], np.nan)


def _with_buildings(rows: pd.DataFrame, building: int) -> pd.DataFrame:
    """Let flats be addressed as their building is, and a building as its flats are.

    A building that is also called Mill Court lends that name to flats that only its number
    addresses. What is so added is alternative, and historical where the building's way is.
    """
    flats = rows[rows["parent_uprn"] >= 0]
    flats = flats[~flats["parent_uprn"].isin(flats["uprn"])]  # rooms of flats say too little
    if flats.empty:
        return rows
    buildings = rows[rows["uprn"].isin(flats["parent_uprn"])]
    own = buildings.assign(parent_uprn=buildings["uprn"])[["parent_uprn", "status", *_OF_BUILDING]]
    of_flats = flats[["parent_uprn", "status", *_OF_BUILDING]]
    ways = pd.concat([own, of_flats[of_flats["building"] >= 0]], ignore_index=True)
    ways = ways.sort_values("status", kind="stable")
    ways = ways.drop_duplicates(["parent_uprn", *_OF_BUILDING])

    nothing = {"parent_uprn": -1, "logical_status": -1, "sub_building": -1, "class_code": building}
    shell = ways.assign(uprn=ways["parent_uprn"], **nothing)
    each = flats[["uprn", "parent_uprn", "class_code", "sub_building"]].drop_duplicates(
        ["uprn", "sub_building"]
    )
    lent = each[each["sub_building"] >= 0].merge(ways, on="parent_uprn").assign(logical_status=-1)
    added = pd.concat([shell, lent], ignore_index=True)
    added["status"] = np.where(added["status"].eq(STATUSES["historical"]), added["status"], 1)
    lone = ~added["uprn"].isin(rows["uprn"])
    added.loc[lone, "status"] = 0
    whole = pd.concat([rows, added], ignore_index=True).astype(np.int32)
    return whole.drop_duplicates(["uprn", "sub_building", *_OF_BUILDING], ignore_index=True)
