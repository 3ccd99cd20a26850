"""Official codes of areas: which column holds them, of what level, and of which year.

The Office for National Statistics names a column of codes by level, two digits of the year, and CD:
LSOA21CD, WD25CD, LAD25CD; names stand in LSOA21NM. Who uses them writes ``lsoa21_code`` or
``LSOA code (2011)``, so that the year is looked for in any such name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

LEVELS = {
    "oa": "output areas",
    "lsoa": "lower layer super output areas",
    "msoa": "middle layer super output areas",
    "ward": "wards",
    "district": "districts",
    "county": "counties",
}
"""Levels of official areas, finest first, with what they are called."""

_LEVEL_OF = {
    "OA": "oa",
    "LSOA": "lsoa",
    "MSOA": "msoa",
    "WD": "ward",
    "WARD": "ward",
    "LAD": "district",
    "LTLA": "district",
    "DISTRICT": "district",
    "CTY": "county",
    "UTLA": "county",
}
_OFFICIAL = re.compile(r"^(OA|LSOA|MSOA|WD|LAD|LTLA|CTY|UTLA)(\d{2})?CD(?:_ACTIVE)?$", re.I)
_ANY = re.compile(
    r"(?<![a-z])(lsoa|msoa|oa|ward|wd|lad|ltla|district)(?=$|[\W_\d]|code|cd)"
    r"[\s_(]*(?:codes?[\s_(]*)?((?:19|20)?\d{2})?(?!\d)",
    re.I,
)
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")


@dataclass(frozen=True)
class CodeColumn:
    """A column of official codes.

    Attributes
    ----------
    name : str
        Of the column.
    level : str
        One of `LEVELS`.
    year : str
        Four digits, or nothing where the name does not say.
    """

    name: str
    level: str
    year: str


def code_columns(columns: Iterable[str]) -> list[CodeColumn]:
    """Return the columns that the ONS's naming says hold codes, the finest level first."""
    found = []
    for name in columns:
        if match := _OFFICIAL.match(str(name)):
            year = f"20{match[2]}" if match[2] else ""
            found.append(CodeColumn(str(name), _LEVEL_OF[match[1].upper()], year))
    order = list(LEVELS)
    return sorted(found, key=lambda column: (order.index(column.level), column.year == ""))


def read_code_column(name: str) -> CodeColumn | None:
    """Return what the name of a column of codes says, in whatever way it says it."""
    if official := code_columns([name]):
        return official[0]
    match = _ANY.search(name)
    if match is None:
        return None
    year = (match[2] or "")[-2:]
    anywhere = _YEAR.search(name)
    told = anywhere[1] if anywhere else f"20{year}" if year else ""
    return CodeColumn(name, _LEVEL_OF[match[1].upper()], told)
