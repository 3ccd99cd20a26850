"""Who is harmed again by district and by fifth of deprivation, against the rest of the county."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.multitest import multipletests

from woda_lib.evaluation import forest
from woda_lib.figures import Picture
from woda_lib.pilots.domestic_abuse.measures.repeat_victimisation import harmed_again, within_a_year

FEWEST_VICTIMS = 30
_FIFTHS = {1: "1, most deprived", 2: "2", 3: "3", 4: "4", 5: "5, least deprived"}


def by_area(firsts: pd.DataFrame) -> pd.DataFrame:
    """Return repeat victimisation within a year by district and by fifth of deprivation.

    Parameters
    ----------
    firsts
        A row a victim, from `first_of_period`, with `district, deprivation_quintile`.

    Returns
    -------
    DataFrame
        `by, group, victims, again_percent, low, high, differs, adjusted_p`: in per cent within 12
        months; how many percentage points more than the rest of its kind, and the p value of that,
        adjusted for the number of groups (Holm). Groups of fewer than 30 victims are left out.
    """
    ways = {
        "District": firsts["district"].astype("string"),
        "Deprivation": firsts["deprivation_quintile"].map(_FIFTHS).astype("string"),
    }
    rows = []
    for by, groups in ways.items():
        sizes = groups.value_counts()
        for group in sorted(sizes.index[sizes >= FEWEST_VICTIMS]):
            mine = (groups == group).fillna(False).to_numpy(bool)
            rest = ~mine & groups.notna().to_numpy()
            own, others = (
                within_a_year(harmed_again(firsts[kept])).iloc[0] for kept in (mine, rest)
            )
            differs = own["again_percent"] - others["again_percent"]
            error = np.hypot(_error(own), _error(others))
            p_value = 2 * stats.norm.sf(abs(differs) / error) if error else 1.0
            numbers = (own["victims"], own["again_percent"], own["low"], own["high"])
            rows.append((by, group, *numbers, differs, p_value))
    columns = ["by", "group", "victims", "again_percent", "low", "high", "differs", "adjusted_p"]
    table = pd.DataFrame(rows, columns=columns)
    if len(table):
        table["adjusted_p"] = multipletests(table["adjusted_p"], method="holm")[1]
    return table


def area_finding(table: pd.DataFrame) -> str:
    """Say in a clause which places differ from the rest beyond chance."""
    named = table.loc[table["adjusted_p"] < 0.05, ["by", "group"]].itertuples(index=False)
    names = [group if by == "District" else f"fifth {group[0]}" for by, group in named]
    if not names:
        return f"none of {len(table)} places differs from the rest beyond chance"
    verb = "differs" if len(names) == 1 else "differ"
    return f"of {len(table)} places {', '.join(names)} {verb} from the rest beyond chance"


def area_forest(table: pd.DataFrame, everybody: pd.DataFrame) -> Picture:
    """Draw every place's share under that of everybody.

    Parameters
    ----------
    table
        From `by_area`.
    everybody
        One row of `within_a_year`.
    """
    first = everybody.iloc[0]
    columns = {
        "method": [
            "Everybody",
            *(
                row["group"] if row["by"] == "District" else f"Deprivation {row['group']}"
                for row in table.to_dict("records")
            ),
        ],
        "estimate": [first["again_percent"], *table["again_percent"]],
        "low": [first["low"], *table["low"]],
        "high": [first["high"], *table["high"]],
        "kind": ["primary", *["other model"] * len(table)],
    }
    return forest(pd.DataFrame(columns), measure="Victims harmed again within 12 months, %")


def _error(row: pd.Series) -> float:
    """Return a standard error from the width of an interval."""
    return float(row["high"] - row["low"]) / (2 * stats.norm.ppf(0.975))
