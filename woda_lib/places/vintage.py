"""Tables joined to boundaries by official code, and refused where their codes are of another year.

When an area's boundary changes, the Office for National Statistics gives it a new code. A table of
2011 codes therefore fits boundaries of 2021 for most areas, and silently leaves holes where areas
were split or merged. The name of a column usually says its year, and the set of codes tells it too.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from woda_lib.places.codes import LEVELS, read_code_column
from woda_lib.places.errors import PlacesError

_BESIDE = 10
"""A code with one of the boundaries' so few numbers below and above is one of the county's.

Codes were handed out county by county, so that an area's neighbours in number are its neighbours.
"""


@dataclass(frozen=True)
class Joined:
    """Boundaries with a table's columns.

    Attributes
    ----------
    areas : GeoDataFrame
        All of the boundaries, each with its row's columns, or absent values.
    without_row : tuple of str
        Codes of areas for which the table has no row.
    elsewhere : tuple of str
        Codes of the table that are no area's: other counties'.
    """

    areas: gpd.GeoDataFrame
    without_row: tuple[str, ...]
    elsewhere: tuple[str, ...]

    @property
    def counts(self) -> pd.DataFrame:
        """What was matched: ``codes, number``."""
        total = len(self.areas)
        rows = {
            "areas with a row": total - len(self.without_row),
            "areas without a row": len(self.without_row),
            "rows of areas elsewhere": len(self.elsewhere),
        }
        return pd.DataFrame({"codes": list(rows), "number": list(rows.values())})


def join_by_code(
    areas: gpd.GeoDataFrame,
    table: pd.DataFrame,
    *,
    code: str,
    covers_more: bool = False,
    what: str = "The table",
) -> Joined:
    """Give boundaries a table's columns, by official code, if both are of one vintage.

    Parameters
    ----------
    areas : GeoDataFrame
        From `woda_lib.places.boundaries`.
    table : DataFrame
        One row a code.
    code : str
        Its column of codes.
    covers_more : bool
        Whether the table covers more than the county, so that codes of other areas are expected.
    what : str
        How an error calls the table.

    Raises
    ------
    PlacesError
        If the codes are of another level or year than the boundaries, a code stands twice, or none
        matches. What to do is said.
    """
    if code not in table:
        there = ", ".join(map(str, table.columns[:20]))
        raise PlacesError(f"{what} has no column {code}. It has {there}.")
    codes = table[code].astype("string").str.strip()
    own = set(areas["code"])
    theirs = set(codes.dropna())
    without_row, elsewhere = sorted(own - theirs), sorted(theirs - own)
    if own != theirs:
        _refuse_other_vintage(areas, code, what)
        _refuse_other_codes(areas, own, without_row, elsewhere, covers_more, what)
    if twice := sorted(codes[codes.duplicated() & codes.isin(own)].unique()):
        raise PlacesError(
            f"{what}: {len(twice):,} codes stand on several rows ({_some(twice)}). A map shows one "
            "value an area: sum or choose first, for instance one year."
        )
    rows = table.drop(columns=[c for c in areas.columns if c in table and c != code])
    rows = rows.assign(**{code: codes}).loc[codes.isin(own)]
    if code == "code":
        joined = areas.merge(rows, on="code", how="left")
    else:
        joined = areas.merge(rows, left_on="code", right_on=code, how="left")
    joined.attrs = dict(areas.attrs)
    return Joined(joined, tuple(without_row), tuple(elsewhere))


def _refuse_other_vintage(areas: gpd.GeoDataFrame, code: str, what: str) -> None:
    """Refuse what the column's name says to be of another level or year."""
    column = read_code_column(code)
    level = areas.attrs.get("level")
    if column is None or level not in LEVELS:
        return
    if column.level != level:
        raise PlacesError(
            f"{what}: the column {code} holds codes of {LEVELS[column.level]}, and the boundaries "
            f"are {LEVELS[level]}. Join it to boundaries of {LEVELS[column.level]}."
        )
    year = str(areas["vintage"].iloc[0])
    if column.year and year and not areas.attrs.get("derived") and column.year != year:
        raise PlacesError(
            f"{what}: the column {code} holds codes of {column.year}, and the boundaries are of "
            f"{year}. {_what_to_do(level, column.year, year)}"
        )


def _refuse_other_codes(
    areas: gpd.GeoDataFrame,
    own: set[str],
    without_row: list[str],
    elsewhere: list[str],
    covers_more: bool,
    what: str,
) -> None:
    """Refuse what the set of codes shows to be of another year."""
    level = str(areas.attrs.get("level", ""))
    year = str(areas["vintage"].iloc[0])
    called = LEVELS.get(level, "areas")
    if len(without_row) == len(own):
        raise PlacesError(
            f"{what}: none of its {len(elsewhere):,} codes ({_some(elsewhere)}) is one of the "
            f"{len(own):,} {called} {year} ({_some(sorted(own))}). It is of another county, level "
            f"or year. {_what_to_do(level, 'another year', year)}"
        )
    if not (without_row and elsewhere):
        return
    old = _beside(elsewhere, own) if covers_more else elsewhere
    if old:
        more = (
            ""
            if covers_more
            else " If it covers more than the county, say so with covers_more=True."
        )
        raise PlacesError(
            f"{what}: {len(old):,} of its codes ({_some(old)}) are no {called} of {year}, and "
            f"{len(without_row):,} of these ({_some(without_row)}) have no row. It looks like a "
            f"table of another year. {_what_to_do(level, 'another year', year)}{more}"
        )


def _beside(codes: list[str], own: set[str]) -> list[str]:
    """Those codes which stand, by number, among the county's own."""
    letters = pd.Series(codes).str[:3]
    numbers = pd.to_numeric(pd.Series(codes).str[3:], errors="coerce")
    ours = pd.Series(sorted(own))
    found = pd.Series(False, index=letters.index)
    for start, group in ours.groupby(ours.str[:3]):
        known = np.sort(pd.to_numeric(group.str[3:], errors="coerce").dropna().to_numpy())
        same = letters.eq(start) & numbers.notna()
        at = np.searchsorted(known, numbers[same].to_numpy())
        below = np.where(at > 0, known[np.maximum(at - 1, 0)], -np.inf)
        above = np.where(at < len(known), known[np.minimum(at, len(known) - 1)], np.inf)
        number = numbers[same].to_numpy()
        found[same] = (number - below <= _BESIDE) & (above - number <= _BESIDE)
    return [code for code, is_beside in zip(codes, found, strict=True) if is_beside]


def _what_to_do(level: str, theirs: str, ours: str) -> str:
    called = LEVELS.get(level, "areas")
    if level == "lsoa" or level == "msoa" or level == "oa":
        lookup = f"the lookup from {level.upper()} (2011) to {level.upper()} (2021)"
    else:
        lookup = f"a best-fit lookup to {called} of {ours}, or its Code History Database"
    source = "the Open Geography Portal of the Office for National Statistics"
    if theirs == "another year":
        return f"Bring {lookup}, from {source}, and turn its codes into those of {ours} first."
    return (
        f"Bring boundaries of {theirs}, or {lookup}, from {source}, and turn the codes into those "
        f"of {ours} first."
    )


def _some(codes: list[str]) -> str:
    return ", ".join(codes[:2]) + (", …" if len(codes) > 2 else "")
