"""Which row gives each person the value of each field, and whose registrations disagree."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.aliases import learn_aliases
from woda_lib.pilots.single_view.best_view.conflicts import conflicts
from woda_lib.pilots.single_view.best_view.rules import FieldName, Survivorship
from woda_lib.pilots.single_view.best_view.said import Numbers, Said, Speakers, said, speakers
from woda_lib.pilots.single_view.best_view.survivors import survivors
from woda_lib.pilots.single_view.homes.coding import categorical, how_many, in_one, named
from woda_lib.pilots.single_view.homes.errors import require_columns

_OTHER_BOX = {"forename": "surname", "surname": "forename"}

Dates = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class Chosen:
    """Of each field who has a value, from which row, and who is in conflict.

    Attributes
    ----------
    who
        The people, datasets and registrations by number.
    aliases
        From `learn_aliases`.
    best
        By field what `survivors` returns.
    disputed
        By field the people whose registrations disagree.
    """

    who: Speakers
    aliases: pd.DataFrame
    best: dict[str, pd.DataFrame]
    disputed: dict[str, Numbers]


@dataclass(frozen=True)
class Known:
    """Fields of which the rows that give the best values are chosen before those of the others.

    Attributes
    ----------
    who
        As in `Chosen`.
    told
        By field what is said of it.
    rows
        By field as in `Given`.
    """

    who: Speakers
    told: dict[str, Said]
    rows: dict[str, Numbers]


@dataclass(frozen=True)
class Given:
    """What the table of best values needs, as numbers.

    Attributes
    ----------
    rows
        By field the row of the details that gave the value of each person; −1 where none did.
    counts
        `records`, `partners`, `conflicts`, `first_seen`, `last_seen`, `died_on` of each person.
    """

    rows: dict[str, Numbers]
    counts: pd.DataFrame


def choose(
    details: pd.DataFrame,
    rules: Survivorship,
    *,
    counted: bool = True,
    known: Known | None = None,
) -> Chosen:
    """Choose the row that gives the best value of each field of each person.

    Parameters
    ----------
    details, rules
        As for `persons.best_view`.
    counted
        As for `survivors`.
    known
        From `chosen_first`, of the same: who is in conflict about its fields is still to be told.

    Raises
    ------
    HomesError
        If the details lack a column.
    """
    _require_all(details, rules)
    known = known or chosen_first(details, rules, ())
    who, first = known.who, known.told
    told = {field: first.get(field) or said(details, field, who) for field in rules.fields}
    learned = _aliases(told.get("forename"))
    aliases = dict(zip(learned["value"], learned["alias_of"], strict=True))
    best: dict[str, pd.DataFrame] = {
        field: _best(told[field], field, who, rules, counted=counted)
        for field in rules.fields
        if field not in known.rows
    }
    disputed: dict[str, Numbers] = {
        field: conflicts(
            told[field],
            field,
            aliases=aliases,
            other_box=told.get(_OTHER_BOX.get(field, "")),  # type: ignore[call-overload]
        )
        for field in rules.fields
    }
    return Chosen(who, learned, best, disputed)


def chosen_first(details: pd.DataFrame, rules: Survivorship, fields: Collection[str]) -> Known:
    """Choose the rows of some fields, as far as there are rules for them.

    Parameters
    ----------
    details, rules
        As for `persons.best_view`.
    fields
        Which are asked for.
    """
    _require_all(details, rules)
    who = speakers(details)
    asked = [field for field in rules.fields if field in fields]
    told: dict[str, Said] = {field: said(details, field, who) for field in asked}
    rows: dict[str, Numbers] = {
        field: _by_person(_best(told[field], field, who, rules, counted=False), who)
        for field in asked
    }
    return Known(who, told, rows)


def given(details: pd.DataFrame, chosen: Chosen, known: Known | None = None) -> Given:
    """Return the rows that were chosen, and what is counted of each person.

    Parameters
    ----------
    details
        As for `choose`.
    chosen
        From it.
    known
        What was known to it.
    """
    first = known.rows if known else {}
    rows, disputed = {}, np.zeros(len(chosen.who.names), dtype=np.int32)
    for field, people in chosen.disputed.items():
        best = chosen.best.get(field)
        rows[field] = first[field] if best is None else _by_person(best, chosen.who)
        disputed[people] += 1
    return Given(rows, _counts(details, chosen.who).assign(conflicts=disputed))


def _require_all(details: pd.DataFrame, rules: Survivorship) -> None:
    needed = ("entity_id", "partner", "dataset", "local_id", "row_id", "started_on", *rules.fields)
    require_columns(details, needed, table="details")


def _best(
    told: Said, field: FieldName, who: Speakers, rules: Survivorship, *, counted: bool
) -> pd.DataFrame:
    """Return the best value of a field of each person, as `survivors` does, by its rule."""
    rule = rules.fields[field]
    trust = [rule.trust.get(str(name), rules.otherwise) for name in who.datasets]
    return survivors(told, rule.rule, np.array(trust, dtype=np.float32), counted=counted)


def _by_person(best: pd.DataFrame, who: Speakers) -> Numbers:
    """Return the row that gives each person's value; −1 where none does."""
    row = np.full(len(who.names), -1, dtype=np.int32)
    row[best["e"].to_numpy()] = best["i"].to_numpy()
    return row


def _aliases(forenames: Said | None) -> pd.DataFrame:
    """Learn which forenames stand for one another from what registrations of one person say."""
    columns = ["field", "value", "alias_of", "clusters", "lift"]
    if forenames is None or not (forenames.first >= 0).any():
        return pd.DataFrame(columns=columns)
    alone = np.flatnonzero((forenames.first >= 0) & ~forenames.several)
    e, k = (forenames.contested[name].to_numpy() for name in ("e", "k"))
    e, k = np.divmod(pd.unique(in_one(e, k)), 1 << 32)
    e, k = np.append(alone, e), np.append(forenames.first[alone], k)
    names = pd.DataFrame({"forename": named(k, forenames.keys)})
    return learn_aliases(names, e, ["forename"])


def _counts(details: pd.DataFrame, who: Speakers) -> pd.DataFrame:
    """Return the registrations and partners of each person, and the days on which they are seen."""
    size = len(who.names)
    known = np.flatnonzero(who.e >= 0)
    rows = known if len(known) < len(who.e) else slice(None)  # of all no copy is made
    e = who.e[rows]
    partner = categorical(details["partner"]).cat.codes.to_numpy()
    told = ("started_on", "ended_on", "delivered_on", "died_on")
    days = {name: details[name].to_numpy()[rows] for name in told if name in details}
    died = days.pop("died_on", np.empty(0, dtype="datetime64[s]"))
    return pd.DataFrame(
        {
            "records": _registrations(e, who.source[rows], size),
            "partners": how_many(e, partner[rows], size),
            "first_seen": _earliest(e, days["started_on"], size),
            "last_seen": reduce(np.fmax, [_latest(e, each, size) for each in days.values()]),
            "died_on": _earliest(e[: len(died)], died, size),
        }
    )


def _earliest(e: npt.NDArray, dates: Dates, size: int) -> Dates:
    """Return the earliest date of each person; missing where there is none."""
    told = ~np.isnat(dates)
    never = np.iinfo(np.int64).max
    earliest = np.full(size, never)
    np.minimum.at(earliest, e[told], dates[told].view(np.int64))
    return np.where(earliest < never, earliest.view(dates.dtype), np.datetime64("NaT"))


def _latest(e: npt.NDArray, dates: Dates, size: int) -> Dates:
    """Return the latest date of each person; missing where there is none."""
    latest = np.full(size, np.datetime64("NaT"), dtype=dates.dtype)
    np.maximum.at(latest.view(np.int64), e, dates.view(np.int64))  # a missing one is the least
    return latest


def _registrations(e: npt.NDArray, source: npt.NDArray, size: int) -> npt.NDArray[np.int64]:
    """Count the registrations of each person; each is of one person alone, and told of each row."""
    whose = np.full(int(source.max(initial=-1)) + 1, -1, dtype=e.dtype)
    whose[source] = e
    return np.bincount(whose[whose >= 0], minlength=size)
