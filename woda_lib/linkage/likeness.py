"""How alike the values of two columns are, by which they may be one field."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import pandas as pd

ALIKE = 0.05  # overlap of two columns' values from which they may be one field
ALIKE_IN_TIME = 0.5  # overlap of decades, likewise: births spread further than what was done
ONE_HOLDS = frozenset({"identifier", "nhs_number", "phone", "email"})
"""Kinds of which hardly two records hold one value."""


def likeness(
    one: Mapping[str, pd.Series], other: Mapping[str, pd.Series], kind: str
) -> float | None:
    """Return how alike the columns of two fields are, or None where they are none of one field.

    A hundred people share few birthdays and few numbers with a hundred thousand, of whom they may
    all be. So dates are told by their decades, and numbers by how many of the fewer are among the
    others.

    Parameters
    ----------
    one, other
        Standardised values by source, not missing.
    kind
        What both are, one of `KINDS`.
    """
    pairs = product(one.values(), other.values())
    if kind == "date_of_birth":
        alike = max(overlap(a.str[:3], b.str[:3]) for a, b in pairs)
        return alike if alike >= ALIKE_IN_TIME else None
    alike = max(_contained(a, b) if kind in ONE_HOLDS else overlap(a, b) for a, b in pairs)
    return alike if alike > ALIKE else None


def overlap(one: pd.Series, other: pd.Series) -> float:
    """Return the overlap of two distributions: the sum over values of the smaller share, 0 to 1."""
    shares = one.value_counts(normalize=True)
    others = other.value_counts(normalize=True).reindex(shares.index).fillna(0.0)
    return float(shares.clip(upper=others).sum())


def _contained(one: pd.Series, other: pd.Series) -> float:
    fewer, more = sorted([one.unique(), other.unique()], key=len)
    return float(pd.Series(fewer).isin(more).mean()) if len(fewer) else 0.0
