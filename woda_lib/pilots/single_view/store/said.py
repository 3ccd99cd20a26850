"""What partners said of one person: every value, the best one's source, and where they disagree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import combinations
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from woda_lib.linkage.standardise import standardise
from woda_lib.pilots.single_view.best_view.conflicts import are_variants
from woda_lib.pilots.single_view.store.views import FIELDS

_AT = ("address", "postcode", "uprn")
"""Fields that change whenever somebody moves, so that only those of one day can disagree."""

_SAYS_NOTHING = {"sex": {"U"}, "ethnic_group": {"Z"}}
_BARE = re.compile(r"[\W_]+")
_VALUES = [
    *("field", "value", "partner", "dataset", "local_id", "row_id"),
    *("on", "until", "delivered_on", "best"),
]
_SOURCE = ["partner", "dataset", "row_id", "on"]


def values_of(attributes: pd.DataFrame, summary: pd.Series) -> pd.DataFrame:
    """Return every value, with whether it is the best view's.

    Parameters
    ----------
    attributes : DataFrame
        The person's rows of the view ``attributes``.
    summary : Series
        The person's row of ``persons``.

    Returns
    -------
    DataFrame
        ``field, value, partner, dataset, local_id, row_id, on, until, delivered_on, best``, by
        field, the newest first.
    """
    best = {field: _text(summary.get(field)) for field in FIELDS}
    at_home = attributes.loc[
        (attributes["field"] == "uprn") & (attributes["value"] == best["uprn"]), "row_id"
    ]
    same = _bare(attributes["value"]) == _bare(attributes["field"].map(best).astype("string"))
    # A partner's way of writing the best view's address is that address.
    same |= (attributes["field"] == "address") & attributes["row_id"].isin(at_home)
    ordered = attributes.assign(
        best=same.fillna(False).astype(bool),
        field=pd.Categorical(attributes["field"], FIELDS, ordered=True),
    ).sort_values(["field", "on"], ascending=[True, False], kind="stable", ignore_index=True)
    return ordered.astype({"field": str})[_VALUES]


def best_of(values: pd.DataFrame, summary: pd.Series, conflicts: pd.DataFrame) -> pd.DataFrame:
    """Return the best view with where each value stems from.

    Parameters
    ----------
    values : DataFrame
        From `values_of`.
    summary : Series
        The person's row of ``persons``.
    conflicts : DataFrame
        From `conflicts_of`.

    Returns
    -------
    DataFrame
        ``field, value, partner, dataset, row_id, on, partners, others``; of a field that no partner
        gives, the source is missing.
    """
    rows = []
    differing = conflicts.groupby("field")
    different = {str(field): _bare(found["value"]).nunique() - 1 for field, found in differing}
    for field in FIELDS:
        given = values[(values["field"] == field) & values["best"]]
        newest: dict[str, Any] = dict.fromkeys(_SOURCE)
        if len(given):
            newest = {name: given.iloc[0][name] for name in _SOURCE}
        rows.append(
            {
                "field": field,
                "value": _text(summary.get(field)),
                **newest,
                "partners": given["partner"].nunique(),
                "others": different.get(field, 0),
            }
        )
    return pd.DataFrame(rows)


def conflicts_of(
    values: pd.DataFrame, on: pd.Timestamp, aliases: Mapping[str, str] = MappingProxyType({})
) -> pd.DataFrame:
    """Return the values of fields on which those who know the person disagree.

    What a partner says is its newest value under each number by which it knows the person; another
    way of writing the same is no disagreement (`best_view.conflicts`). Of where somebody lives, it
    is what is said to be so on the day, and two ways of writing an address that was found to be one
    property are the same.

    Parameters
    ----------
    values : DataFrame
        From `values_of`.
    on : Timestamp
    aliases : mapping of str to str
        Forenames and what they stand for, in small letters.
    """
    said = [_newest(values, field, on) for field in FIELDS if field != "postcode"]
    differing = [rows for rows in said if len(rows) > 1 and _differ(rows, aliases)]
    return pd.concat(differing or [values.iloc[:0]], ignore_index=True)


def _newest(values: pd.DataFrame, field: str, on: pd.Timestamp) -> pd.DataFrame:
    rows = values[values["field"] == field]
    rows = rows[~rows["value"].isin(_SAYS_NOTHING.get(field, set()))]
    if field in _AT:
        rows = rows[(rows["on"] <= on) & (rows["until"].isna() | (rows["until"] >= on))]
    if field == "address":  # of those that were found, the property tells
        found = values.loc[values["field"] == "uprn", "row_id"]
        rows = rows[~rows["row_id"].isin(found)]
    return rows.drop_duplicates(["dataset", "local_id"])


def _differ(rows: pd.DataFrame, aliases: Mapping[str, str]) -> bool:
    """Whether two of a field's values cannot both be right."""
    field = str(rows["field"].iloc[0])
    as_names = field in ("forename", "surname")
    same = standardise(rows["value"], "name") if as_names else _bare(rows["value"])
    pairs = np.array(list(combinations(same.dropna().unique(), 2)), dtype=object).reshape(-1, 2)
    if not len(pairs):
        return False
    return not are_variants(pairs[:, 0], pairs[:, 1], field, aliases).all()


def _bare(values: pd.Series) -> pd.Series:
    return values.astype("string").str.casefold().str.replace(_BARE, "", regex=True)


def _text(value: Any) -> str | None:
    if value is None or pd.isna(value):
        return None
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else str(value)
