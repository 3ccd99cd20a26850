"""Each person once: the best value of every field, where it comes from, and what is disputed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as part_of
from functools import cached_property, partial
from typing import Any

import numpy as np
import pandas as pd

from woda_lib.linkage.aliases import learn_aliases
from woda_lib.pilots.single_view.best_view.conflicts import conflicts
from woda_lib.pilots.single_view.best_view.rules import Survivorship
from woda_lib.pilots.single_view.best_view.said import Said, Speakers, said, speakers
from woda_lib.pilots.single_view.best_view.survivors import survivors
from woda_lib.pilots.single_view.homes.coding import categorical, codes_in, named
from woda_lib.pilots.single_view.homes.errors import require_columns

_PLACE = ("address", "postcode", "district", "area", "deprivation_quintile")
_OTHER_BOX = {"forename": "surname", "surname": "forename"}


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
    needed = ("entity_id", "partner", "dataset", "local_id", "row_id", "started_on", *rules.fields)
    require_columns(details, needed, table="details")
    who = speakers(details)
    told = {field: said(details, field, who) for field in rules.fields}
    learned = _aliases(told.get("forename"))
    aliases = dict(zip(learned["value"], learned["alias_of"], strict=True))
    size = len(who.names)
    values: dict[str, Any] = {"entity_id": pd.Series(named(np.arange(size), who.names))}
    disputed = np.zeros(size, dtype=np.int32)
    chosen: dict[str, tuple[pd.DataFrame, np.ndarray]] = {}
    for field, rule in rules.fields.items():
        trust = np.array(
            [rule.trust.get(str(name), rules.otherwise) for name in who.datasets], dtype=np.float32
        )
        best = survivors(told[field], rule.rule, trust)
        other = told.get(_OTHER_BOX.get(field, ""))  # type: ignore[call-overload]
        people = conflicts(told[field], field, aliases=aliases, other_box=other)
        disputed[people] += 1
        values[field] = _placed(details[field], best, size)
        chosen[field] = best, people
    table = pd.DataFrame(values).assign(**_counts(details, who, size), conflicts=disputed)
    return BestView(table, learned, partial(_lineage, details, chosen, who))


def persons(
    view: BestView,
    residences: pd.DataFrame,
    properties: pd.DataFrame,
    records: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Return the table `persons`: the best values, the home of one day, and how sure it all is.

    Parameters
    ----------
    view
        From `best_view`.
    residences
        From `homes.residences`.
    properties
        `uprn, address, postcode, district, area, deprivation_quintile`.
    records
        `entity_id, confidence`.
    as_of
        The day whose home is told. Somebody in two places then has one conflict more.
    """
    entities = pd.Index(view.best["entity_id"], dtype=object)
    now = (residences["starts"] <= as_of) & ~(residences["ends"] < as_of) & residences["home"]
    homes = residences[now]
    at = codes_in(homes["entity_id"], entities)
    uprn = pd.Series(None, index=np.arange(len(entities)), dtype=object)
    uprn.iloc[at] = homes["uprn"].to_numpy(dtype=object)
    twice = np.zeros(len(entities), dtype=np.int32)
    twice[at] = homes["elsewhere"].to_numpy(np.int32)
    place = properties.drop_duplicates("uprn").set_index("uprn")[list(_PLACE)]
    found = codes_in(uprn, pd.Index(place.index, dtype=object))
    where = {name: place[name].reset_index(drop=True).reindex(found).to_numpy() for name in _PLACE}
    whose = codes_in(records["entity_id"], entities)
    least = np.full(len(entities) + 1, np.nan)  # the last is of whoever is not among them
    np.fmin.at(least, whose, records["confidence"].to_numpy(dtype=float))
    table = view.best.assign(uprn=uprn.to_numpy(), **where, confidence=least[:-1])
    table["conflicts"] = table["conflicts"].to_numpy() + twice
    return table


def _aliases(forenames: Said | None) -> pd.DataFrame:
    """Learn which forenames stand for one another from what registrations of one person say."""
    columns = ["field", "value", "alias_of", "clusters", "lift"]
    if forenames is None or forenames.rows.empty:
        return pd.DataFrame(columns=columns)
    once = forenames.rows[["e", "k"]].drop_duplicates()
    names = pd.DataFrame({"forename": forenames.keys.to_numpy()[once["k"].to_numpy()]})
    return learn_aliases(names, once["e"].to_numpy(), ["forename"])


def _placed(column: pd.Series, best: pd.DataFrame, size: int) -> pd.Series:
    """Return the value of the surviving row of each person; missing where there is none."""
    row = np.full(size, -1)
    row[best["e"].to_numpy()] = best["i"].to_numpy()
    taken = column.reset_index(drop=True).reindex(np.where(row < 0, len(column), row))
    return taken.reset_index(drop=True)


def _lineage(
    details: pd.DataFrame, chosen: dict[str, tuple[pd.DataFrame, np.ndarray]], who: Speakers
) -> pd.DataFrame:
    parts = [
        _lineage_of(details, field, best, disputed, who)
        for field, (best, disputed) in chosen.items()
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


def _counts(details: pd.DataFrame, who: Speakers, size: int) -> dict[str, Any]:
    known = who.e >= 0
    partner = categorical(details["partner"]).cat.codes.to_numpy()
    pairs = pd.DataFrame({"e": who.e, "source": who.source, "partner": partner})[known]
    records = pairs[["e", "source"]].drop_duplicates().groupby("e").size()
    partners = pairs[["e", "partner"]].drop_duplicates().groupby("e").size()
    last = [name for name in ("started_on", "ended_on", "delivered_on") if name in details]
    first_seen = details["started_on"][known].groupby(who.e[known]).min()
    seen = pd.concat([details[name][known].groupby(who.e[known]).max() for name in last], axis=1)
    counts: dict[str, Any] = {
        "records": records.reindex(range(size)).to_numpy(),
        "partners": partners.reindex(range(size)).to_numpy(),
        "first_seen": first_seen.reindex(range(size)).to_numpy(),
        "last_seen": seen.max(axis=1).reindex(range(size)).to_numpy(),
    }
    died = details["died_on"][known] if "died_on" in details else None
    counts["died_on"] = (
        np.full(size, np.datetime64("NaT", "s"))
        if died is None
        else died.groupby(who.e[known]).min().reindex(range(size)).to_numpy()
    )
    return counts
