"""What properties are by their class in the gazetteer, as far as an incident asks.

References
----------
GeoPlace and Ordnance Survey, *AddressBase classification scheme*: RI01 care or nursing home, RD08
sheltered accommodation, CE02 nursery, CE03 primary and CE04 secondary school, CE06 special needs
establishment, CM02 surgery or clinic, CM03 hospital or hospice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

VULNERABLE: Final[Mapping[str, tuple[str, ...]]] = {
    "Care homes": ("RI01",),
    "Sheltered housing": ("RD08",),
    "Nurseries": ("CE02",),
    "Schools": ("CE03", "CE04", "CE06"),
    "Hospitals and hospices": ("CM03",),
    "Surgeries and clinics": ("CM02",),
}
"""Where many people may need help to leave, by the first four characters of the class."""

SHELTERED: Final = "Sheltered housing"
"""Each of these is somebody's own front door: counted as people are, and never drawn or named."""

ONE_OF: Final[Mapping[str, str]] = {
    "Care homes": "Care home",
    "Nurseries": "Nursery",
    "Schools": "School",
    "Hospitals and hospices": "Hospital or hospice",
    "Surgeries and clinics": "Surgery or clinic",
}
"""The kinds of `VULNERABLE` that are services, and what one of each is called."""

_KIND_OF_CLASS = {code: kind for kind, codes in VULNERABLE.items() for code in codes}
_SHELL = "PP"  # a building that is addressed only by what is in it
_IN_USE = ("approved", "provisional")


def standing(ways: pd.DataFrame, on: pd.Timestamp) -> pd.DataFrame:
    """Return the properties that stand on a day, each once.

    Parameters
    ----------
    ways
        The columns of the contracts ``gazetteer`` or ``premises``: a row a way of addressing.
    on
        The day.

    Returns
    -------
    DataFrame
        The same columns, of the approved address or else the provisional one, with ``vulnerable``
        (a key of `VULNERABLE`, or missing) and ``is_home``.
    """
    now = ways["logical_status"].isin(_IN_USE) & (ways["ended_on"].isna() | ways["ended_on"].gt(on))
    rank = ways["logical_status"].map({name: place for place, name in enumerate(_IN_USE)})
    kept = ways.assign(rank=rank)[now & ways["class_code"].ne(_SHELL)]
    kept = kept.sort_values(["uprn", "rank"], kind="stable").drop_duplicates("uprn")
    code = kept["class_code"].astype("string").str.upper()
    return kept.assign(
        vulnerable=code.str[:4].map(_KIND_OF_CLASS).astype("string"),
        is_home=code.str.startswith("R").fillna(False).astype(bool),
    ).drop(columns="rank")


def services(properties: pd.DataFrame) -> pd.DataFrame:
    """Return the places where many may need help to leave that are services.

    Parameters
    ----------
    properties
        Of `standing`.

    Returns
    -------
    DataFrame
        The rows of a kind of `ONE_OF`. A room with a number of its own in a care home is its
        resident's address and no care home, and is left out.
    """
    room = properties["is_home"].astype(bool) & properties["parent_uprn"].notna()
    return properties[properties["vulnerable"].isin(list(ONE_OF)).fillna(False) & ~room]


def drawn(properties: pd.DataFrame) -> pd.DataFrame:
    """Return the `services` that may stand on a map: no dwelling, or one that an organisation runs.

    A care home of which the gazetteer names no organisation may be the home of a few.
    """
    held = services(properties)
    return held[~held["is_home"].astype(bool) | held["organisation"].notna()]
