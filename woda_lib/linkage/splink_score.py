"""In SQL, what our model knows beyond Splink's: dependence among non-matches, and households.

Splink adds up a weight for each comparison. Ours then takes off what a tree of dependences finds
counted twice and what the household explanation is worth (see `LinkageModel`). Both depend on the
levels and term frequencies alone, which Splink leaves in its table of predictions.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from woda_lib.linkage.fellegi_sunter import LinkageModel, log_ratio
from woda_lib.linkage.spec import ComparisonSpec
from woda_lib.linkage.splink_tables import Columns


def score_sql(model: LinkageModel, columns: Columns, predicted: str, keep: Sequence[str]) -> str:
    """Write the query that turns Splink's predictions into ours.

    Parameters
    ----------
    model
        The model whose settings Splink predicted with.
    columns
        The names of its columns.
    predicted
        Name of the table of predictions.
    keep
        Columns of it to keep; the levels must be among them.

    Returns
    -------
    str
        Gives `keep`, ``match_weight`` (bits; the prior is not in it) and ``match_probability``.
    """
    prior = double(np.log2(model.prior / (1 - model.prior)))
    kept = ", ".join(keep)
    return f"""
        select {kept}, match_weight,
            1 / (1 + power({double(2)}, -(match_weight + {prior}))) as match_probability
        from (
            select {kept}, weight + dependence + {_household(model)} as match_weight
            from (
                select {kept},
                    match_weight - {prior} as weight,
                    {_dependence(model, columns)} as dependence,
                    {_household_evidence(model, columns)} as household_evidence
                from {predicted}
            )
        )
    """


def gamma(columns: Columns, field: str) -> str:
    """Name the column in which Splink writes the level of a comparison."""
    return f"gamma_{columns.fields[field]}"


def double(number: float) -> str:
    """Write a number so that neither backend takes it for a decimal of few digits."""
    return f"cast({float(number)!r} as double)"


def _dependence(model: LinkageModel, columns: Columns) -> str:
    """Write `LinkageModel.dependence_weight`."""
    terms = []
    for edge in model.dependence:
        first, second = (model.comparisons[place] for place in (edge.first, edge.second))
        rows = [
            _by_level(
                gamma(columns, second.field),
                [double(-edge.excess[one + 1, other + 1]) for other in range(_number(second))],
            )
            for one in range(_number(first))
        ]
        terms.append(_by_level(gamma(columns, first.field), rows))
    return " + ".join(terms) or double(0)


def _household_evidence(model: LinkageModel, columns: Columns) -> str:
    """Write the evidence for a household against strangers, without their dependence."""
    if model.h is None:
        return double(0)
    ratios = log_ratio(model.h, model.u)[:, 1:]  # without the column for missing values
    terms = []
    for place, comparison in enumerate(model.comparisons):
        weights = [double(ratios[place, level]) for level in range(_number(comparison))]
        terms.append(_by_level(gamma(columns, comparison.field), weights))
        if comparison.term_frequency and model.shared[place]:
            terms.append(f"mw_tf_adj_{columns.fields[comparison.field]}")
    return " + ".join(terms)


def _household(model: LinkageModel) -> str:
    """Write `LinkageModel.household_weight`."""
    if model.h is None:
        return double(0)
    share = model.household_prior / (1 - model.prior)
    evidence = f"power({double(2)}, household_evidence + dependence)"
    return f"(-log2({double(1 - share)} + {double(share)} * {evidence}))"


def _by_level(column: str, values: Sequence[str]) -> str:
    cases = " ".join(f"when {level} then {value}" for level, value in enumerate(values))
    return f"case {column} {cases} else {double(0)} end"


def _number(comparison: ComparisonSpec) -> int:
    return len(comparison.levels) + 1
