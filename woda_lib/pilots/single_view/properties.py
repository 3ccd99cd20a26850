"""The properties of the gazetteer, each once: its address, what it is and where it lies."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from woda_lib.beside import MANY_ROWS
from woda_lib.linkage.as_arrow import as_held
from woda_lib.linkage.fast.radix import in_order
from woda_lib.linkage.fast.threads import meanwhile
from woda_lib.linkage.plain_forms import numbered, places_in_order

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

_LAST = len(_STANDING)
"""Whatever else it may be said to be, or if nothing is said."""

_NEVER = np.iinfo(np.int32).max

_LINES = ("sub_building", "building", "street", "locality", "town")
_TOLD_BY = {*COLUMNS, *_LINES}


def properties_beside(gazetteer: pd.DataFrame) -> Callable[[], pd.DataFrame]:
    """Let another thread find the properties; return what waits for them, see `properties`."""
    return meanwhile(lambda: properties(gazetteer), worth_it=len(gazetteer) >= MANY_ROWS)


def properties(gazetteer: pd.DataFrame) -> pd.DataFrame:
    """Return a row a property: `COLUMNS`, ordered by `uprn`.

    Parameters
    ----------
    gazetteer
        The columns of the contract ``gazetteer``, a row a way of addressing a property.
    """
    which, said = numbered(np.asarray(as_held(gazetteer["logical_status"]), dtype=object))
    ranks = {name: rank for rank, name in enumerate(_STANDING)}
    standing = np.array([*(ranks.get(name, _LAST) for name in said), _LAST])[which]
    number = places_in_order(np.asarray(as_held(gazetteer["uprn"]), dtype=object))
    began = gazetteer["started_on"].to_numpy("datetime64[D]").astype(np.int64)
    known = began != np.iinfo(np.int64).min  # NaT
    latest = np.where(known, began.max(initial=0) - began, _NEVER)
    order = in_order(latest)[0]
    order = order[in_order((number * np.int64(_LAST + 1) + standing)[order])[0]]  # with a number
    rows = order[np.diff(number[order], prepend=-1) > 0]
    told = [name for name in gazetteer if name in _TOLD_BY]
    best = pd.DataFrame({name: gazetteer[name].array.take(rows) for name in told}, copy=False)
    inside, building, street, locality, town = (_texts(best[name]) for name in _LINES)
    line = _joined([building, street], " ")
    best["address"] = pd.Series(
        _joined([inside, line, locality, town], ", ").to_pandas(), dtype="string"
    )
    kind = best["class_code"].map(_OF_CLASS).fillna("other")
    best["kind"] = pd.Categorical(kind, KINDS)
    return best[COLUMNS]


def _texts(column: pd.Series) -> pa.LargeStringArray:
    """Return a column as Arrow's texts; an empty one is as good as none."""
    held = np.asarray(column.astype("string"), dtype=object)
    texts = pa.array(held, pa.large_string(), from_pandas=True)
    return pc.if_else(pc.equal(texts, ""), None, texts)


def _joined(texts: Sequence[pa.LargeStringArray], between: str) -> pa.LargeStringArray:
    """Join the texts that are there; missing where none is.

    Two at a time: Arrow, told to skip what is missing, leaves a row out where all is.
    """
    gap = pa.scalar(between, pa.large_string())
    said = texts[0]
    for more in texts[1:]:
        said = pc.coalesce(pc.binary_join_element_wise(said, more, gap), said, more)
    return said
