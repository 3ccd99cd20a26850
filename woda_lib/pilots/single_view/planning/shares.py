"""Shares of groups with their intervals, each group against the rest of its kind."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

FIFTHS = {1: "1, most deprived", 2: "2", 3: "3", 4: "4", 5: "5, least deprived"}
FEWEST = 10
"""Groups of fewer are left out: their share says nothing."""


def share(part: int, whole: int) -> tuple[float, float, float]:
    """Return a share in per cent with Wilson's score interval (95%); not a number of none."""
    if not whole:
        return float("nan"), float("nan"), float("nan")
    low, high = proportion_confint(part, whole, alpha=0.05, method="wilson")
    return 100 * part / whole, 100 * float(low), 100 * float(high)


def with_shares(table: pd.DataFrame, part: str, whole: str) -> pd.DataFrame:
    """Add `percent, low, high` of two columns of counts, Wilson's score interval (95%)."""
    found = [share(int(a), int(b)) for a, b in zip(table[part], table[whole], strict=True)]
    percents = pd.DataFrame(found, columns=["percent", "low", "high"], index=table.index)
    return pd.concat([table, percents], axis=1)


def by_groups(
    hits: pd.Series, groups: Mapping[str, pd.Series], *, whole: str, part: str
) -> pd.DataFrame:
    """Compare the share of hits in each group with that in the rest.

    Parameters
    ----------
    hits
        Whether each row is one.
    groups
        By what it is told apart, to each row its group; missing belongs to none.
    whole, part
        What to call the number of rows and of hits.

    Returns
    -------
    DataFrame
        `by, group`, the two counts, `percent, low, high` and `adjusted_p`, Fisher's exact test
        against the rest, adjusted for the number of groups (Holm). Groups smaller than `FEWEST`
        are left out.
    """
    rows = []
    for by, of in groups.items():
        counted = pd.crosstab(of.astype(object), hits.to_numpy())
        counted = counted.reindex(columns=[False, True], fill_value=0)
        total = counted.sum()
        order = of.cat.categories if isinstance(of.dtype, pd.CategoricalDtype) else counted.index
        for name in [name for name in order if name in counted.index]:
            misses, found = (int(number) for number in counted.loc[name])
            if misses + found < FEWEST:
                continue
            rest = [int(total[False]) - misses, int(total[True]) - found]
            test = stats.fisher_exact([[misses, found], rest])
            rows.append((by, str(name), misses + found, found, float(test.pvalue)))
    table = pd.DataFrame(rows, columns=["by", "group", whole, part, "adjusted_p"])
    table = with_shares(table, part, whole)
    if len(table):
        table["adjusted_p"] = multipletests(table["adjusted_p"], method="holm")[1]
    return table[["by", "group", whole, part, "percent", "low", "high", "adjusted_p"]]


def places_of(table: pd.DataFrame) -> dict[str, pd.Series]:
    """Return district and fifth of deprivation of each row, for `by_groups`."""
    fifth = pd.to_numeric(table["deprivation_quintile"], errors="coerce")
    return {
        "District": table["district"].astype(object),
        "Deprivation": pd.Series(
            pd.Categorical(fifth.map(FIFTHS), list(FIFTHS.values())), index=table.index
        ),
    }


def who_differs(table: pd.DataFrame) -> str:
    """Say in a clause which groups differ from the rest beyond chance."""
    differing = table.loc[table["adjusted_p"].lt(0.05)]
    if differing.empty:
        return f"none of {len(table)} groups differs from the rest beyond chance"
    names = [_named(row) for row in differing.to_dict("records")]
    verb = "differs" if len(names) == 1 else "differ"
    return f"of {len(table)} groups {', '.join(names)} {verb} from the rest beyond chance"


def _named(row: Mapping[object, object]) -> str:
    group = str(row["group"])
    return f"fifth {group[0]}" if row["by"] == "Deprivation" else group
