"""Dates that several sources hold as dates, as numbers of days: each day is written once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.record_keys import at_places
from woda_lib.linkage.standard_texts import Texts
from woda_lib.linkage.standardise import distinct_values, standard_categories

Days = npt.NDArray[np.datetime64]


def days_together(columns: Sequence[pd.Series]) -> Days | None:
    """Return columns one after another as days; None unless all are dates, or missing."""
    for column in columns:
        if not pd.api.types.is_datetime64_dtype(column) and column.notna().any():
            return None
    days = [
        column.to_numpy().astype("datetime64[D]")
        if pd.api.types.is_datetime64_dtype(column)
        else np.full(len(column), np.datetime64("NaT"), dtype="datetime64[D]")
        for column in columns
    ]
    return np.concatenate(days)


def days_in_standard_form(days: Days) -> Texts:
    """Bring dates of birth into their standard form; one that is missing has none."""
    codes, distinct = _numbered(days)
    each = standard_categories(np.arange(len(distinct)), distinct, "date_of_birth")
    forms = Texts.of(pd.Series(each))
    return Texts(at_places(forms.codes, codes, -1), forms.held)


def _numbered(days: Days) -> tuple[npt.NDArray[np.int64], pd.Series]:
    """Do what `distinct_values` does, by a place for each day from the first to the last.

    People are born within a century or so, which is 40,000 days. Of days that lie further apart
    than there are records each is looked up.
    """
    there = ~np.isnat(days)
    numbers = days.astype(np.int64)
    known = numbers[there]
    if not len(known) or int(known.max()) - int(known.min()) > len(days):
        return distinct_values(pd.Series(days.astype("datetime64[s]")))
    first, last = int(known.min()), int(known.max())
    place = np.where(there, numbers - first, -1)
    occurs = np.zeros(last - first + 2, dtype=bool)  # the last is for missing ones
    occurs[place] = True
    distinct = (np.flatnonzero(occurs[:-1]) + first).astype("datetime64[D]")
    rank = np.cumsum(occurs) - 1
    rank[-1] = -1
    return rank[place], pd.Series(distinct.astype("datetime64[s]"))
