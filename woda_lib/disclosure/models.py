"""Models that say too much of single people: few degrees of freedom, or leaves of a few.

A regression with hardly more observations than coefficients can be solved for the observations. A
tree's leaf of three people publishes their mean.

References
----------
Ritchie, F. (2019). *Analyzing the disclosure risk of regression coefficients*. Transactions on Data
Privacy 12: 145-173: at least ten residual degrees of freedom.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from woda_lib.disclosure.rule import DisclosureError, Rule

_DEGREES = frozenset(("df", "df_resid", "ddf", "dof", "degrees_of_freedom", "residual_df",
                      "residual_degrees_of_freedom"))  # fmt: skip
_LEAVES = frozenset(("leaf_count", "leaf_samples", "leaf_size", "n_node_samples", "samples"))


def refuse_weak_models(frame: pd.DataFrame, rule: Rule, *, name: str) -> None:
    """Refuse a table of a model's results, recognised by its headings, that rests on too little.

    Raises
    ------
    DisclosureError
        If a column of residual degrees of freedom or of a leaf's size holds less than the rule
        asks for.
    """
    for column in frame.columns:
        heading = re.sub(r"[^a-z]+", "_", str(column).lower()).strip("_")
        if heading in _DEGREES:
            for degrees in pd.to_numeric(frame[column], errors="coerce").dropna():
                gate_degrees_of_freedom(float(degrees), rule, name=name)
        elif heading in _LEAVES:
            gate_leaves(pd.to_numeric(frame[column], errors="coerce").dropna(), rule, name=name)


def gate_degrees_of_freedom(degrees: float, rule: Rule, *, name: str) -> None:
    """Refuse a regression with too few residual degrees of freedom.

    Raises
    ------
    DisclosureError
    """
    if degrees < rule.minimum_degrees_of_freedom:
        raise DisclosureError(
            f"{name} comes from a model with fewer than {rule.minimum_degrees_of_freedom} residual "
            "degrees of freedom (rule: minimum_degrees_of_freedom), from which observations can be "
            "worked out. Estimate fewer coefficients, or use more observations."
        )


def gate_leaves(sizes: Iterable[float], rule: Rule, *, name: str) -> None:
    """Refuse a tree, or several, of which a leaf holds too few people.

    Parameters
    ----------
    sizes : iterable of float
        How many people each leaf was grown on.
    rule : Rule
    name : str

    Raises
    ------
    DisclosureError
    """
    small = sum(0 < size < rule.threshold for size in sizes)
    if small:
        raise DisclosureError(
            f"{name} has {small} leaves of fewer than {rule.threshold} people (rule: threshold). "
            f"Grow it with at least {rule.threshold} in a leaf (min_data_in_leaf, "
            "min_samples_leaf), and fit it again."
        )
