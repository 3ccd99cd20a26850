"""Everybody's homes, from the partners' rows to one history of each person."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from woda_lib.partners.datasets import CONTRACTS
from woda_lib.pilots.single_view.homes.errors import require_columns
from woda_lib.pilots.single_view.homes.flats import in_their_flats
from woda_lib.pilots.single_view.homes.following import follow
from woda_lib.pilots.single_view.homes.residences import residences
from woda_lib.pilots.single_view.homes.rules import ResidenceRules
from woda_lib.pilots.single_view.homes.words import words

_TAX = "council_tax_accounts"


def histories(
    details: pd.DataFrame,
    places: pd.DataFrame,
    people: pd.DataFrame,
    properties: pd.DataFrame,
    tied: pd.DataFrame,
    rules: ResidenceRules,
    *,
    as_of: pd.Timestamp,
    empty: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the table `residences`: who lived where from when to when.

    Parameters
    ----------
    details
        `entity_id, dataset, local_id, row_id, started_on, ended_on`.
    places
        `dataset, row_id, uprn, probability`.
    people
        `entity_id, surname, date_of_birth, sex, died_on`: the best view.
    properties
        `uprn, parent_uprn, kind`.
    tied
        From `ties.ties`.
    rules
        From `rules.read_residence_rules`.
    as_of
        The day up to which the rows are known.
    empty
        From `empty_homes`: rows whose people live elsewhere.

    Returns
    -------
    DataFrame
        See `residences.residences`; `sources` is 0 where somebody is only taken to have gone along
        with others, see `following`.
    """
    require_columns(people, ("entity_id", "died_on"), table="persons")
    said, lived = weighed(
        details,
        places,
        people[["entity_id", "died_on"]],
        properties,
        rules,
        as_of=as_of,
        empty=empty,
    )
    return follow(lived, said, people, properties, tied, trusted=rules.trusted)


def weighed(
    details: pd.DataFrame,
    places: pd.DataFrame,
    deaths: pd.DataFrame,
    properties: pd.DataFrame,
    rules: ResidenceRules,
    *,
    as_of: pd.Timestamp,
    empty: pd.DataFrame | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what is said of homes, and the residences as each person's own words give them.

    Parameters
    ----------
    deaths
        `entity_id, died_on`, each person once.
    details, places, properties, rules, as_of, empty
        As for `histories`.

    Returns
    -------
    said, lived : DataFrame
        See `words.words` and `residences.residences`: what `following.follow` begins from.
    """
    said = words(details, places, rules, deaths=deaths, empty=empty)
    said = in_their_flats(said, properties)
    return said, residences(said, rules, as_of=as_of)


def deaths_told(details: pd.DataFrame) -> pd.DataFrame:
    """Return the earliest day on which each person is said to have died: `entity_id, died_on`."""
    if "died_on" not in details:
        return pd.DataFrame(columns=["entity_id", "died_on"])
    told = np.flatnonzero(details["died_on"].notna().to_numpy())
    dead = details[["entity_id", "died_on"]].iloc[told].dropna()
    return dead.sort_values("died_on", kind="stable").drop_duplicates("entity_id")


def empty_homes(loaded: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the council-tax rows of homes that stand empty, whose owners live elsewhere.

    Parameters
    ----------
    loaded
        The datasets by name; of ``council_tax_accounts`` the key and `discount` are read.

    Returns
    -------
    DataFrame
        `dataset, row_id`.
    """
    key = CONTRACTS[_TAX].key
    if _TAX not in loaded:
        return pd.DataFrame(columns=["dataset", "row_id"])
    accounts = loaded[_TAX]
    require_columns(accounts, (key, "discount"), table=_TAX)
    rows = accounts.loc[accounts["discount"] == "empty", key]
    return pd.DataFrame({"dataset": _TAX, "row_id": rows.to_numpy()})
