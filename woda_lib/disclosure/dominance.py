"""Sums that one or two contributors make up, so that others could work out their share.

References
----------
Hundepool, A. et al. (2012). *Statistical Disclosure Control*. Wiley: section 4.2.2, the (n, k) rule
and the p% rule.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd

from woda_lib.disclosure.rule import DisclosureError, Rule
from woda_lib.disclosure.secondary import Need


def dominated(amounts: np.ndarray, rule: Rule) -> str:
    """Say which rule makes the sum of some contributions unsafe; nothing where it is safe.

    Parameters
    ----------
    amounts : ndarray, shape (n,)
        What each contributor adds, none negative.
    rule : Rule

    Returns
    -------
    {"", "threshold", "dominance", "p_percent"}
    """
    given = np.sort(amounts[amounts > 0])[::-1]
    total = given.sum()
    if not len(given):
        return ""
    if len(given) < rule.threshold:
        return "threshold"
    if given[: rule.dominance_n].sum() > rule.dominance_k / 100 * total:
        return "dominance"
    if total - given[:2].sum() < rule.p_percent / 100 * given[0]:
        return "p_percent"
    return ""


def unsafe_sums(
    labels: pd.DataFrame,
    column: Hashable,
    contributions: pd.DataFrame,
    totals: Sequence[bool],
    rule: Rule,
    *,
    name: str,
) -> dict[int, tuple[str, Need]]:
    """Return the rows whose sum is unsafe, why, and how wide the gap must be.

    Parameters
    ----------
    labels : DataFrame, shape (n, k)
        The labels of the table's rows.
    column : hashable
        The table's column of sums, and the contributions' column of amounts.
    contributions : DataFrame
        A row a contributor and cell, with the columns of `labels` and `column`.
    totals : sequence of n bools
        Which rows are totals; all contributions stand behind them.
    rule : Rule
    name : str
        How to call the table in an error.

    Raises
    ------
    DisclosureError
        If a column is missing, an amount is negative, or a row has no contribution behind it.
    """
    for wanted in (*labels.columns, column):
        if wanted not in contributions.columns:
            raise DisclosureError(
                f"The contributions behind {name} have no column {wanted!r}. Give the rows that "
                f"were summed, with the table's labels and the amounts."
            )
    if (contributions[column] < 0).any():
        raise DisclosureError(
            f"An amount behind {name} is negative, and dominance is not defined then. Show gains "
            "and losses as two tables."
        )
    found = {}
    groups = _by_label(labels, contributions, column)
    everything = contributions[column].dropna().to_numpy(float)
    keys = labels.astype(str).agg("\x1f".join, axis=1) if labels.shape[1] else [""] * len(labels)
    for row, (key, is_total) in enumerate(zip(keys, totals, strict=True)):
        amounts = everything if is_total or not labels.shape[1] else groups.get(key)
        if amounts is None:
            raise DisclosureError(
                f"A row of {name} has no contribution behind it, so that nobody can see who "
                "dominates it. Give the rows that were summed, with the same labels."
            )
        if why := dominated(amounts, rule):
            largest = float(amounts.max())
            share = max(rule.p_percent, 1.0) / 100 * largest
            found[row] = (why, Need(down=share, up=share))
    return found


def _by_label(
    labels: pd.DataFrame, contributions: pd.DataFrame, column: Hashable
) -> dict[str, np.ndarray]:
    if not labels.shape[1]:
        return {}
    given = contributions.dropna(subset=[column])
    keys = given[list(labels.columns)].astype(str).agg("\x1f".join, axis=1)
    amounts = given[column].to_numpy(float)
    return {str(key): amounts[places] for key, places in keys.groupby(keys).indices.items()}
