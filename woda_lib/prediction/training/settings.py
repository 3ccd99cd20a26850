"""The settings that are tried, and why each: the one place that lists them.

A small fixed list, written down before any data were looked at, in place of a search by chance: a
reader sees all that was tried, and the same settings are tried again next year. What trees this
shallow cannot say of households at a rate of 2 to 4%, deeper ones could not be checked to say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from woda_lib.prediction.training.columns import Feature

MOST_ROUNDS = 800
"""Trees at most; early stopping ends sooner."""

THREADS = 1
"""Sums are made in one order, so that the same data give the same bytes; and where other work keeps
the processors busy, two threads wait for each other longer than one works alone."""

SEARCH_HOUSEHOLDS = 60_000
"""Households at most that settings are tried on: with more, settings differ by less than it matters
and the search takes longer than the fit."""

PATIENCE = 30
"""Rounds without a lower log loss on the held-out folds before it stops."""


@dataclass(frozen=True)
class Setting:
    """One setting of LightGBM.

    Attributes
    ----------
    name, why
        In a table for a reader.
    leaves
        Of a tree at most; a tree of `leaves` leaves joins at most ``leaves - 1`` features.
    rate
        By how much each tree corrects those before it.
    events
        Least sum of p(1 - p) in a leaf: where events are rare, about the least expected events.
    rows
        Least rows in a leaf.
    columns
        Share of the features that a tree may look at.
    """

    name: str
    why: str
    leaves: int
    rate: float = 0.1
    events: float = 5.0
    rows: int = 20
    columns: float = 1.0


SETTINGS: tuple[Setting, ...] = (
    Setting("steps", "one feature a tree: no feature's effect depends on another", 2, 0.2),
    Setting("pairs", "trees of four leaves: mostly pairs of features", 4),
    Setting("small", "trees of eight leaves", 8),
    Setting(
        "careful", "as small, slower, each tree sees half of the features", 8, 0.05, columns=0.5
    ),
    Setting("middle", "trees of sixteen leaves, ten expected events in each", 16, 0.05, events=10),
    Setting(
        "fine", "LightGBM's thirty-one leaves, slower, leaves of few events", 31, 0.05, events=0.5
    ),
)


def parameters(setting: Setting, features: Iterable[Feature], *, seed: int) -> dict[str, Any]:
    """Return what LightGBM is told: the setting, the directions, and that it be reproducible.

    Monotone constraints follow the registry's directions (1, -1, 0); a category has none.
    """
    return {
        "objective": "binary",
        "metric": "binary_logloss",
        "num_leaves": setting.leaves,
        "learning_rate": setting.rate,
        "min_sum_hessian_in_leaf": setting.events,
        "min_data_in_leaf": setting.rows,
        "feature_fraction": setting.columns,
        "lambda_l2": 1.0,
        "monotone_constraints": [
            0 if feature.kind == "category" else feature.direction for feature in features
        ],
        "monotone_constraints_method": "intermediate",
        "feature_pre_filter": False,  # one binned table serves all settings
        "seed": seed % 2**31,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": THREADS,
        "verbosity": -1,
    }
