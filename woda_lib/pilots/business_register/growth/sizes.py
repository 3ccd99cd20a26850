"""How big enterprises are, and sums of what they employ and turn over, safe to be shown."""

from __future__ import annotations

import pandas as pd

from woda_lib.pilots.business_register.growth.bands import SIZE_BANDS, ends_of, size_band

SUMS = {"employees": "employees", "turnover": "turnover_thousands"}
"""What is summed, and what the sum's column is called."""


def size_bands(lives: pd.DataFrame, workforce: pd.DataFrame, *, year: int) -> pd.DataFrame:
    """Count enterprises by employees, those that did not share theirs among them.

    Parameters
    ----------
    lives
        Those that live.
    workforce
        `enterprise_id, year, employees, employees_band`.
    year
        To March.

    Returns
    -------
    DataFrame
        `employees, enterprises`.
    """
    rows = workforce[workforce["year"] == year].drop_duplicates("enterprise_id")
    rows = rows.set_index("enterprise_id").reindex(lives["enterprise_id"])
    bands = size_band(ends_of(rows["employees"], rows["employees_band"]))
    counted = bands.value_counts().reindex([*SIZE_BANDS, "Not known"], fill_value=0)
    return pd.DataFrame({"employees": counted.index, "enterprises": counted.to_numpy(int)})


def sums(
    lives: pd.DataFrame, workforce: pd.DataFrame, *, by: str, year: int
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Sum the employees and the turnover that were shared as numbers, with who stands behind.

    Parameters
    ----------
    lives
        Those that live, and the column `by`.
    workforce
        `enterprise_id, year, employees, turnover` (thousand pounds).
    by
        Column of groups.
    year
        To March.

    Returns
    -------
    table : DataFrame
        `group, enterprises` (that shared both), `employees, turnover_thousands`.
    contributions : dict of str to DataFrame
        For each column of sums a row an enterprise, without its identifier: what the gate needs to
        see whether one or two dominate.
    """
    rows = workforce[workforce["year"].eq(year)].dropna(subset=list(SUMS))
    rows = rows.drop_duplicates("enterprise_id")
    rows = rows.merge(lives[["enterprise_id", by]].dropna(), on="enterprise_id")
    rows = rows.rename(columns={by: "group", **SUMS}).astype({"group": str})
    table = rows.groupby("group", sort=True).agg(
        enterprises=("enterprise_id", "size"),
        **{name: (name, "sum") for name in SUMS.values()},
    )
    behind = {name: rows[["group", name]].astype({name: float}) for name in SUMS.values()}
    return table.reset_index().astype(dict.fromkeys(SUMS.values(), "int64")), behind
