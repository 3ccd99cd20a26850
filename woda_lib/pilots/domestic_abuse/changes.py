"""What is known today and was not yesterday: two states of the same records, compared.

Yesterday's state is what partners had delivered by then. An incident may be new, or late (it was
reported before yesterday and arrived today), corrected, withdrawn, or stand again. The same file
twice changes nothing, because states are compared and not files. A correction touches every card
of the people in it, those of today and those of whom the records spoke before.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from woda_lib.pilots.domestic_abuse.errors import require_columns

CHANGES = ["kind", "incident_id", "on", "fields", "values"]
STATUS = "record_status"
_KEY = "incident_id"
_NOT_COMPARED = {"partner", "delivered_on", _KEY, STATUS}


def incident_changes(before: pd.DataFrame, now: pd.DataFrame, *, since: date) -> pd.DataFrame:
    """Compare police incidents as known on two days.

    Parameters
    ----------
    before, now
        `incident_id, record_status, occurred_at, reported_at` and whatever else is to be compared.
    since
        The day up to which files made up `before`.

    Returns
    -------
    DataFrame
        `CHANGES`: `kind` (new, late, corrected, withdrawn, stands_again), `incident_id`, `on` (the
        day it happened), and of a correction the `fields` that changed with their `values`, pairs
        of before and now. A row an incident, ordered by day.

    Raises
    ------
    DomesticAbuseError
        If a table lacks a column.
    """
    for frame in (before, now):
        require_columns(frame, [_KEY, STATUS, "occurred_at", "reported_at"], table="incidents")
    shared = [name for name in now.columns if name in before.columns and name != _KEY]
    both = now.merge(before[[_KEY, *shared]], on=_KEY, how="left", suffixes=("", " before"))
    known = both[f"{STATUS} before"].notna()
    stands, stood = (_is(both[name], "current") for name in (STATUS, f"{STATUS} before"))
    late = both["reported_at"].dt.normalize() < pd.Timestamp(since)
    compared = [name for name in shared if name not in _NOT_COMPARED]
    differs = pd.DataFrame(
        {name: _differs(both[name], both[f"{name} before"]) for name in compared},
        index=both.index,
    )
    chosen = {
        "late": ~known & stands & late,
        "new": ~known & stands,
        "withdrawn": known & stood & ~stands,
        "stands_again": known & ~stood & stands,
        "corrected": known & stood & stands & differs.any(axis=1),
    }
    kinds = np.select(list(chosen.values()), list(chosen), default="")
    both = both.assign(kind=kinds, on=both["occurred_at"].dt.normalize())
    found = both[both["kind"] != ""]
    fields = [
        tuple(differs.columns[row]) if kind == "corrected" else ()
        for row, kind in zip(differs.loc[found.index].to_numpy(), found["kind"], strict=True)
    ]
    values = [
        tuple((row[f"{name} before"], row[name]) for name in names)
        for row, names in zip(found.to_dict("records"), fields, strict=True)
    ]
    found = found.assign(
        fields=pd.Series(fields, index=found.index, dtype=object),
        values=pd.Series(values, index=found.index, dtype=object),
    )
    return found.sort_values(["on", _KEY])[CHANGES].reset_index(drop=True)


def role_changes(
    before: pd.DataFrame, now: pd.DataFrame, entities: pd.Series, *, among: pd.Series
) -> pd.DataFrame:
    """Compare who was in which incident, and how.

    Parameters
    ----------
    before, now
        `incident_id, nominal_id, role, relationship, record_status`.
    entities
        The person of each `nominal_id`, its index; a number without one stands for itself.
    among
        The incidents that were known before and stand today; of others every row is new.

    Returns
    -------
    DataFrame
        `incident_id, person, was` and `is` (the role; missing where not in it).
    """
    tables = [_roles(frame, entities, among) for frame in (before, now)]
    both = tables[0].merge(tables[1], on=[_KEY, "person"], how="outer", suffixes=(" before", ""))
    changed = both[_differs(both["role"], both["role before"])]
    found = changed.rename(columns={"role before": "was", "role": "is"})
    return found.sort_values([_KEY, "person"])[[_KEY, "person", "was", "is"]].reset_index(drop=True)


def involved(involvements: pd.DataFrame, entities: pd.Series) -> pd.DataFrame:
    """Return who was ever recorded as victim or perpetrator of each incident.

    Withdrawn rows count: a correction touches whom the record spoke of before.

    Returns
    -------
    DataFrame
        `incident_id, person`, each once.
    """
    main = involvements[involvements["role"].isin(["victim", "perpetrator"])]
    people = main.assign(person=_person(main["nominal_id"], entities))
    return people[[_KEY, "person"]].drop_duplicates(ignore_index=True)


def order_changes(
    before: pd.DataFrame, now: pd.DataFrame, *, since: date, until: date
) -> pd.DataFrame:
    """Compare orders: what began, ended or was breached since a day, or is heard of only now.

    Parameters
    ----------
    before, now
        `order_id, supervisee_id, kind, starts_on, ends_on, breached_on`.
    since, until
        The two days.

    Returns
    -------
    DataFrame
        A row a change: the order's columns as known now, and `change` (order_began, order_ended or
        order_breached).
    """
    was = before.set_index("order_id")[["starts_on", "ends_on", "breached_on"]]
    both = now.join(was.add_suffix(" before"), on="order_id")
    first, last = pd.Timestamp(since), pd.Timestamp(until)
    unheard = ~both["order_id"].isin(before["order_id"])
    over, was_over = both["ends_on"] < last, both["ends_on before"] < first
    began = (both["starts_on"] <= last) & ~over & (unheard | (both["starts_on"] > first))
    breached = both["breached_on"].notna() & _differs(
        both["breached_on"], both["breached_on before"]
    )
    rows = [
        both[chosen].assign(change=change)
        for change, chosen in (
            ("order_began", began),
            ("order_ended", over & ~unheard & ~was_over),
            ("order_breached", breached),
        )
    ]
    return pd.concat(rows, ignore_index=True)[[*now.columns, "change"]]


def involvement_changes(
    before: pd.DataFrame, now: pd.DataFrame, *, key: str, end: str | None = None
) -> pd.DataFrame:
    """Compare what an agency does: rows that are new, and those that ended since.

    Parameters
    ----------
    before, now
        Rows of one dataset.
    key
        The column that numbers its rows.
    end
        The column of the last day, where there is one.

    Returns
    -------
    DataFrame
        The rows as known now, and `change`: began or ended.
    """
    began = now[~now[key].isin(before[key])].assign(change="began")
    if end is None:
        return began.reset_index(drop=True)
    was = now[key].map(before.set_index(key)[end])
    ended = now[now[key].isin(before[key]) & now[end].notna() & was.isna()].assign(change="ended")
    return pd.concat([began, ended], ignore_index=True)


def _is(values: pd.Series, code: str) -> pd.Series:
    return values.eq(code).fillna(False).astype(bool)


def _differs(one: pd.Series, other: pd.Series) -> pd.Series:
    """Whether two values differ; two that are missing do not."""
    same = one.eq(other).fillna(False).astype(bool)
    neither = one.isna() & other.isna()
    return ~(same | neither)


def _person(numbers: pd.Series, entities: pd.Series) -> pd.Series:
    return numbers.map(entities).fillna(numbers)


def _roles(frame: pd.DataFrame, entities: pd.Series, among: pd.Series) -> pd.DataFrame:
    """One role a person and incident; somebody in two of them has both, in words."""
    current = frame[frame[STATUS].eq("current") & frame[_KEY].isin(among)]
    named = current.assign(person=_person(current["nominal_id"], entities))
    roles = named.sort_values("role").groupby([_KEY, "person"])["role"]
    return roles.agg(lambda each: " and ".join(dict.fromkeys(each))).reset_index()
