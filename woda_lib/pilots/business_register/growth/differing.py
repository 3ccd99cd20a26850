"""Which sectors and districts differ from the rest beyond chance."""

from __future__ import annotations

import pandas as pd
from scipy import stats
from statsmodels.stats.multitest import multipletests


def against_the_rest(table: pd.DataFrame, *, part: str, whole: str) -> pd.DataFrame:
    """Compare the share of each group with that of all others of its kind together.

    Parameters
    ----------
    table
        `by, group` and two columns of counts, a row a group.
    part, whole
        Those columns.

    Returns
    -------
    DataFrame
        With `adjusted_p`: Fisher's exact test, adjusted for the number of groups (Holm).
    """
    if table.empty:
        return table.assign(adjusted_p=pd.Series(dtype=float))
    total = table.groupby("by")[[part, whole]].transform("sum")
    tests = []
    for hits, of, all_hits, every in zip(
        table[part], table[whole], total[part], total[whole], strict=True
    ):
        rest = [all_hits - hits, (every - of) - (all_hits - hits)]
        tests.append(float(stats.fisher_exact([[hits, of - hits], rest]).pvalue))
    return table.assign(adjusted_p=multipletests(tests, method="holm")[1])


def who_differs(table: pd.DataFrame) -> str:
    """Say in a clause which groups differ beyond chance.

    Parameters
    ----------
    table
        From `against_the_rest`.
    """
    groups = table.loc[table["adjusted_p"] < 0.05, "group"].tolist()
    if not groups:
        return f"none of {len(table)} sectors and districts differs from the rest beyond chance"
    verb = "differs" if len(groups) == 1 else "differ"
    return f"{' and '.join(groups)} {verb} from the rest beyond chance"
