"""Who lives at each property by the rows that hold a birth date, and by those that hold none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.fast.components import components
from woda_lib.linkage.fast.radix import in_order
from woda_lib.pilots.single_view.at_home.alike import alike
from woda_lib.pilots.single_view.at_home.rows import Rows
from woda_lib.pilots.single_view.at_home.said import UNKNOWN, Codes
from woda_lib.pilots.single_view.homes.coding import several_of
from woda_lib.pilots.single_view.homes.days import NEVER, Days, with_days

GENERATION = 12
"""Years between two birth dates of one name at one home, from which they are two people's."""

CROWDED = 20
"""Birth dates known at one property, from which counting off says little: homes for many."""

_SHARED = ("number", "nhs", "surname", "forename")


def residents(rows: Rows, aliases: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows that hold a birth date with `resident`, the number of whom each is of.

    Rows of one birth date at one home are of one person, and so are those of one name and of birth
    dates that differ by a slip. Twins have one birth date as well: they are told by what holds
    both of them apart, and are then parted by forename; `twin` says of whom that is.
    """
    table = rows.table.take(_known(rows))
    resident = _joined(table)
    mixed = several_of(resident, table["forename"].to_numpy())
    group = np.full(len(table), UNKNOWN, dtype=np.int64)
    part = table[mixed].assign(resident=resident[mixed])
    group[mixed] = part["group"] = _forename_groups(part, rows, aliases)
    twin = np.zeros(len(table), dtype=bool)
    twin[mixed] = part["resident"].isin(_twins(part[part["group"] != UNKNOWN]))
    table = table.drop(columns=["number", "nhs"])
    table["resident"] = np.where(twin, len(table) + group, resident)
    table["twin"] = twin
    # An initial, or a name like those of both twins, is not parted between them.
    return table[~(twin & (group == UNKNOWN))].reset_index(drop=True)


def _known(rows: Rows) -> npt.NDArray[np.int64]:
    """Return the places of rows that hold a birth date, but those of homes for many."""
    home, born = (rows.table[name].to_numpy() for name in ("home", "born"))
    known = np.flatnonzero(born < NEVER)
    order, dates = _by_date(home[known], born[known])
    first = np.diff(dates.astype(np.int64), prepend=-1) > 0
    dates_at = np.bincount(home[known[order[first]]], minlength=len(rows.homes))
    return known[dates_at[home[known]] <= CROWDED]


def _by_date(home: Codes, born: Days) -> tuple[npt.NDArray[np.int32], npt.NDArray[Any]]:
    """Return the places that sort rows by home and birth date, and a number for each of these."""
    return in_order(with_days(home + 1, born))  # none of which is negative


def holders(rows: Rows, homes: Codes) -> pd.DataFrame:
    """Return the rows without a birth date with `holder`, the number of whom each is of.

    Parameters
    ----------
    rows
    homes
        Codes of the homes of which anybody is known.
    """
    table = rows.table[rows.table["born"] == NEVER]
    table = table[table["home"].isin(homes)].reset_index(drop=True)
    keys = ["home", "dataset", "forename", "surname"]
    table["holder"] = table.groupby(keys, sort=False).ngroup()
    return table


def _joined(table: pd.DataFrame) -> Codes:
    """Number rows of one home and birth date, or that share a name or number but for a slip."""
    home, born = (table[name].to_numpy() for name in ("home", "born"))
    number, nhs, surname, forename = (table[name].to_numpy() for name in _SHARED)
    named = (surname >= 0) & (forename >= 0)
    whole = np.where(named, surname * (forename.max(initial=0) + 1) + forename, -1)
    # By home and date once: to stand by what else is shared then takes one more order each.
    by_date, dates = _by_date(home, born)
    same = dates[:-1] == dates[1:]
    left, right = [by_date[:-1][same]], [by_date[1:][same]]
    for shared in (number, nhs, whole):
        order, ordered = in_order(shared[by_date])
        order = by_date[order]
        one, other = order[:-1], order[1:]
        same = (ordered[:-1] == ordered[1:]) & (home[one] == home[other])
        same &= born[one] != born[other]
        one, other = one[same], other[same]
        near = _a_slip_apart(born[one], born[other])
        left.append(one[near])
        right.append(other[near])
    return np.asarray(components(len(table), np.concatenate(left), np.concatenate(right)))


def _a_slip_apart(left: Codes, right: Codes) -> npt.NDArray[np.bool_]:
    """Say which two days are one, but for one of year, month and day or the last two exchanged."""
    parts = []
    for days in (left, right):
        dates = pd.DatetimeIndex(days.astype("datetime64[D]").astype("datetime64[s]"))
        parts.append([part.to_numpy() for part in (dates.year, dates.month, dates.day)])
    (year, month, day), (year_of, month_of, day_of) = parts
    same = (year == year_of).astype(int) + (month == month_of) + (day == day_of)
    exchanged = (year == year_of) & (month == day_of) & (day == month_of)
    told: npt.NDArray[np.bool_] = (same >= 2) & (np.abs(year - year_of) < GENERATION)
    return told | exchanged


def _twins(part: pd.DataFrame) -> pd.Index:
    """Return the residents who are two people of one birth date.

    Two NHS numbers, none of them under both forenames, tell so; and so do two registers or more
    that each hold both forenames under two numbers. One alone may have registered somebody twice.
    """
    numbered = part[part["nhs"] >= 0].drop_duplicates(["resident", "group", "nhs"])
    crossed = numbered.loc[numbered.duplicated(["resident", "nhs"]), "resident"]
    apart = numbered[~numbered["resident"].isin(crossed)]
    own = apart.groupby("resident")[["group", "nhs"]].nunique().min(axis=1)
    held = part.groupby(["resident", "dataset"])[["number", "group"]].nunique().min(axis=1)
    registers = held[held > 1].groupby("resident").size()
    told = pd.Index(own[own > 1].index).union(pd.Index(registers[registers > 1].index))
    return told.difference(pd.Index(crossed))


def _forename_groups(table: pd.DataFrame, rows: Rows, aliases: Mapping[str, str]) -> Codes:
    """Number the forenames of each resident that may be one name; −1 for an initial or none."""
    whole = np.append(np.array([len(name) > 1 for name in rows.forenames], dtype=bool), False)
    named = table.loc[whole[table["forename"]], ["resident", "forename"]].drop_duplicates()
    named = named.reset_index(drop=True).rename_axis("at").reset_index()
    pairs = named.merge(named, on="resident", suffixes=("", "_of"))
    pairs = pairs[pairs["at"] < pairs["at_of"]]
    one, other = (pairs[name].to_numpy() for name in ("forename", "forename_of"))
    like = pairs[alike(one, other, rows.forenames, "forename", aliases)]
    group = components(len(named), like["at"].to_numpy(), like["at_of"].to_numpy())
    keys = ["resident", "forename"]
    found = table[keys].merge(named[keys].assign(group=group), on=keys, how="left")
    return found["group"].fillna(UNKNOWN).to_numpy(dtype=np.int64)
