"""Employment and turnover of each enterprise by year, as far as firms agreed to share them."""

from __future__ import annotations

import pandas as pd

WORKFORCE = ["enterprise_id", "year", "employees", "employees_band", "turnover", "turnover_band"]
EMPLOYEE_BANDS = ("0", "1-9", "10-19", "20-49", "50-249", "250+")
_STARTS = (0, 1, 10, 20, 50, 250, 10_000_000)


def workforce_by_year(members: pd.DataFrame, workforce: pd.DataFrame) -> pd.DataFrame:
    """Return `WORKFORCE`, a row an enterprise and year.

    Parameters
    ----------
    members
        `source, record_id, enterprise_id`; `record_id` is a `workforce_row_id`.
    workforce
        The dataset.

    Returns
    -------
    DataFrame
        `employees` on 31 March of `year`, `turnover` in thousand pounds; bands where only they are
        shared, and the band of a number that is. Of two rows of one year the fuller one counts.
    """
    own = members.loc[members["source"] == "workforce", ["record_id", "enterprise_id"]]
    table = own.merge(workforce, left_on="record_id", right_on="workforce_row_id", validate="1:1")
    told = table[["employees", "turnover", "employees_band", "turnover_band"]].notna().sum(axis=1)
    order = table.assign(told=told).sort_values(
        ["enterprise_id", "year", "told", "record_id"], ascending=[True, True, False, True]
    )
    first = order.drop_duplicates(["enterprise_id", "year"], ignore_index=True)
    band = first["employees_band"].astype("string").fillna(band_of(first["employees"]))
    whole = {"year": "Int64", "employees": "Int64", "turnover": "Int64"}
    texts = dict.fromkeys(["enterprise_id", "employees_band", "turnover_band"], "string")
    return first.assign(employees_band=band)[WORKFORCE].astype({**whole, **texts})


def band_of(employees: pd.Series) -> pd.Series:
    """Return the band that a number of employees lies in."""
    cut = pd.cut(
        employees.astype("Float64").astype(float), _STARTS, right=False, labels=EMPLOYEE_BANDS
    )
    return cut.astype("string")
