"""Each person once: the best value of every field, where it comes from, and what is disputed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as part_of
from functools import cached_property, partial
from typing import Any

import numpy as np
import pandas as pd

from woda_lib.beside import MANY_ROWS
from woda_lib.linkage.fast.threads import meanwhile
from woda_lib.pilots.single_view.ages import age_bands, half_years
from woda_lib.pilots.single_view.best_view.choosing import (
    Chosen,
    Given,
    Known,
    choose,
    given,
)
from woda_lib.pilots.single_view.best_view.rules import Survivorship
from woda_lib.pilots.single_view.best_view.said import NOT_SAID, Numbers, Speakers
from woda_lib.pilots.single_view.homes.coding import categorical, codes_in, named, objects_of

OF_FAMILIES = ("surname", "date_of_birth", "sex")
"""Fields that tell households apart."""
_PLACE = ("address", "postcode", "district", "area", "deprivation_quintile")


@dataclass(frozen=True)
class BestView:
    """The best values of everybody.

    Attributes
    ----------
    best
        `entity_id`, the fields of the rules, `died_on` (the earliest told), `records` and
        `partners` (numbers of), `conflicts` (fields whose registrations disagree), `first_seen`
        and `last_seen`.
    aliases
        Forenames that stand for one another, as learned from people of several registrations.
    """

    best: pd.DataFrame
    aliases: pd.DataFrame
    _lineage: Callable[[], pd.DataFrame] = part_of(repr=False)

    @cached_property
    def lineage(self) -> pd.DataFrame:
        """Where each value comes from, put together when it is asked for: a row a person and field.

        Returns
        -------
        DataFrame
            `entity_id, field, dataset, row_id, on` of the row that gave the value, `agree`
            (registrations that say the same), `differ` (other values), `conflict` (whether any of
            these cannot be right if this one is).
        """
        return self._lineage()


def best_view(details: pd.DataFrame, rules: Survivorship) -> BestView:
    """Choose the best value of each field of each person.

    Parameters
    ----------
    details
        `entity_id, partner, dataset, local_id, row_id, started_on, delivered_on` and the fields of
        the rules; `died_on` where it is held.
    rules
        From `rules.read_survivorship`.
    """
    chosen = choose(details, rules)
    table = best_values(details, given(details, chosen))
    return BestView(table, chosen.aliases, partial(_lineage, details, chosen))


def best_values_beside(
    details: pd.DataFrame, rules: Survivorship, known: Known
) -> Callable[[], Given]:
    """Let another thread choose the rows that give the best values; see `best_values`.

    Parameters
    ----------
    details, rules
        As for `best_view`.
    known
        From `choosing.chosen_first`.
    """
    return meanwhile(
        lambda: given(details, choose(details, rules, counted=False, known=known), known),
        worth_it=len(details) >= MANY_ROWS,
    )


def best_values(details: pd.DataFrame, rows: Given) -> pd.DataFrame:
    """Return `BestView.best` of the rows that give the values.

    Parameters
    ----------
    details
        As for `best_view`.
    rows
        From `choosing.given`.
    """
    values = values_of(details, rows.rows)
    for field in set(rows.rows) - set(NOT_SAID):  # not to keep texts that are nobody's best value
        if isinstance(values[field].dtype, pd.CategoricalDtype):
            values[field] = values[field].astype(values[field].cat.categories.dtype)
    for name in rows.counts:
        values[name] = rows.counts[name]
    return values


def values_of(details: pd.DataFrame, rows: Mapping[str, Numbers]) -> pd.DataFrame:
    """Return `entity_id` and by field what the row of each person says; missing where it is −1."""
    names = categorical(details["entity_id"]).cat.categories
    values: dict[str, Any] = {"entity_id": named(np.arange(len(names)), names)}
    for field, row in rows.items():
        values[field] = details[field].array.take(row, allow_fill=True)
    return pd.DataFrame(values)


def persons(
    best: pd.DataFrame,
    residences: pd.DataFrame,
    properties: pd.DataFrame,
    records: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Return the table `persons`: the best values, the home of one day, and how sure it all is.

    Parameters
    ----------
    best
        From `best_values`.
    residences
        From `homes.residences`.
    properties
        `uprn, address, postcode, district, area, deprivation_quintile`.
    records
        `entity_id, confidence`.
    as_of
        The day whose home is told. Somebody in two places then has one conflict more.
    """
    entities = categorical(best["entity_id"]).cat.categories
    now = (residences["starts"] <= as_of) & ~(residences["ends"] < as_of) & residences["home"]
    homes = residences[now]
    at = codes_in(homes["entity_id"], entities)
    twice = np.zeros(len(entities), dtype=np.int32)
    twice[at] = homes["elsewhere"].to_numpy(np.int32)
    uprn = categorical(homes["uprn"]).cat
    texts = np.array([*uprn.categories, None], dtype=object)
    home = np.full(len(entities), -1, dtype=np.int32)  # −1: the last of the texts, that is none
    home[at] = uprn.codes.to_numpy()
    known = codes_in(properties["uprn"], uprn.categories)[::-1]
    place = np.full(len(texts), -1, dtype=np.int32)
    place[known] = np.arange(len(known), dtype=np.int32)[::-1]  # of several, the first stays
    place[-1] = -1
    where = {name: _taken(properties[name], place[home]) for name in _PLACE}
    whose = codes_in(records["entity_id"], entities)
    least = np.full(len(entities) + 1, np.nan)  # the last is of whoever is not among them
    np.fmin.at(least, whose, records["confidence"].to_numpy(dtype=float))
    table = best.copy(deep=False)
    for name, values in {"uprn": texts[home], **where, "confidence": least[:-1]}.items():
        table[name] = values
    table["conflicts"] = best["conflicts"].to_numpy() + twice
    return table


def with_ages(people: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Add each person's age on a day: planning is shown its band, and no birth date.

    Half-years tell earlier bands.

    Parameters
    ----------
    people
        From `persons`; `date_of_birth` is read.
    as_of
        The day.

    Returns
    -------
    DataFrame
        The same table, with `age_band` and `age_half_years`.
    """
    born = people["date_of_birth"]
    people["age_band"], people["age_half_years"] = age_bands(born, as_of), half_years(born, as_of)
    return people


def _taken(column: pd.Series, rows: Numbers) -> np.ndarray:
    """Return the values of some rows, missing where it is −1."""
    taken = column.array.take(rows, allow_fill=True)
    if isinstance(column.dtype, pd.StringDtype):
        return objects_of(taken)
    return taken.to_numpy()


def _lineage(details: pd.DataFrame, chosen: Chosen) -> pd.DataFrame:
    parts = [
        _lineage_of(details, field, best, chosen.disputed[field], chosen.who)
        for field, best in chosen.best.items()
    ]
    some = [part for part in parts if len(part)] or parts[:1]
    return pd.concat(some, ignore_index=True)


def _lineage_of(
    details: pd.DataFrame, field: str, best: pd.DataFrame, disputed: np.ndarray, who: Speakers
) -> pd.DataFrame:
    row = best["i"].to_numpy()
    e = best["e"].to_numpy()
    return pd.DataFrame(
        {
            "entity_id": named(e, who.names),
            "field": pd.Categorical([field] * len(best)),
            "dataset": named(who.d[row], who.datasets),
            "row_id": details["row_id"].array.take(row),
            "on": details["started_on"].to_numpy()[row],
            "agree": best["agree"].to_numpy(np.int32),
            "differ": best["differ"].to_numpy(np.int32),
            "conflict": np.isin(e, disputed),
        }
    )
