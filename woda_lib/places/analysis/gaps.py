"""Where need has no service near: deprived areas most of whose homes lie out of reach."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from woda_lib.places.analysis.catchments import Nearest
from woda_lib.places.analysis.guards import require_columns
from woda_lib.places.analysis.result import Finding, figures
from woda_lib.places.errors import PlacesError


@dataclass(frozen=True, eq=False)
class Gaps(Finding):
    """Areas, with how many of their homes are out of reach.

    Attributes
    ----------
    table : DataFrame
        A row an area: its identifier, what is known of it, ``homes, beyond`` (homes out of reach),
        ``share_beyond, median_minutes`` and ``gap``; the worst first.
    """

    table: pd.DataFrame
    area: str
    method: str
    warnings: tuple[str, ...]

    def summary(self) -> pd.DataFrame:
        """Return how many areas are gaps, and how many homes there are out of reach."""
        found = self.table.loc[self.table["gap"]]
        return figures(
            areas=len(self.table),
            gaps=len(found),
            homes_out_of_reach_in_gaps=int(found["beyond"].sum()),
            homes_out_of_reach_everywhere=int(self.table["beyond"].sum()),
        )


def gaps(
    near: Nearest,
    *,
    minutes: float,
    area: str = "area",
    deprivation: str = "deprivation_quintile",
    most_deprived: int = 1,
    share: float = 0.5,
) -> Gaps:
    """Find deprived areas without a service within reach.

    Parameters
    ----------
    near
        From `nearest`; its homes have the columns `area` and `deprivation`.
    minutes
        What is within reach.
    deprivation
        Fifth of deprivation, 1 the most deprived.
    most_deprived
        Up to which fifth an area is deprived.
    share
        An area is a gap if more than this share of its homes is out of reach.

    Raises
    ------
    PlacesError
        If a column is missing, `share` is not from 0 to 1, or an area has several fifths.
    """
    homes = near.table
    require_columns(homes, "homes", area, deprivation)
    if not 0 <= share <= 1:
        raise PlacesError(f"A share lies between 0 and 1, and {share:g} does not.")
    known = homes.loc[homes[area].notna()]
    several = known.groupby(area)[deprivation].nunique().gt(1)
    if several.any():
        raise PlacesError(
            f"{int(several.sum()):,} areas have homes of several fifths of deprivation. It belongs "
            "to areas: give each home that of its own."
        )
    by = known.assign(beyond=known["minutes"].gt(minutes)).groupby(area, sort=True)
    table = by.agg(
        **{deprivation: (deprivation, "first")},
        homes=("minutes", "size"),
        beyond=("beyond", "sum"),
        median_minutes=("minutes", "median"),
    ).reset_index()
    table["share_beyond"] = table["beyond"] / table["homes"]
    deprived = table[deprivation].le(most_deprived).fillna(False).astype(bool)
    table["gap"] = deprived & table["share_beyond"].gt(share)
    nowhere = len(homes) - len(known)
    return Gaps(
        table=table.sort_values(
            ["gap", "share_beyond", area], ascending=[False, False, True], ignore_index=True
        ),
        area=area,
        method=(
            f"A gap is an area of the most deprived {_fifths(most_deprived)} of whose homes more "
            f"than {share:.0%} are over {minutes:g} minutes {near.mode.name} from the nearest "
            "service."
        ),
        warnings=(f"{nowhere:,} homes are in no area, and in no count.",) if nowhere else (),
    )


def _fifths(number: int) -> str:
    return "fifth" if number == 1 else f"{number} fifths"
