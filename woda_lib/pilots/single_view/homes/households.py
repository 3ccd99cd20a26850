"""Households over time: who lived together where, from when to when, under a name that lasts.

A household is who lives together at one property (`together`); it goes on when most of it move
together (`moving`), when a child is born and when somebody leaves or dies. Who leaves founds a new
one, or joins another. Each row of the table of households is a span of time in which nothing of it
changed: where it lives, who belongs to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.beside import MANY_ROWS
from woda_lib.linkage.fast.radix import in_order
from woda_lib.linkage.fast.threads import meanwhile
from woda_lib.pilots.single_view.homes.coding import categorical, codes_in, named
from woda_lib.pilots.single_view.homes.days import NEVER, to_dates, to_days, with_days
from woda_lib.pilots.single_view.homes.errors import require_columns
from woda_lib.pilots.single_view.homes.identifiers import household_ids
from woda_lib.pilots.single_view.homes.moving import carried_on
from woda_lib.pilots.single_view.homes.overlaps import Spells, overlapping
from woda_lib.pilots.single_view.homes.people import People
from woda_lib.pilots.single_view.homes.spans import spans_of
from woda_lib.pilots.single_view.homes.ties import holdings, kinships
from woda_lib.pilots.single_view.homes.together import tied_of, together


@dataclass(frozen=True)
class Households:
    """Households and their members.

    Attributes
    ----------
    households
        `household_id, uprn, starts, ends` (last day; missing while it goes on), `kind` (one of
        `kinds.KINDS`, as it was on the span's last day), `people`: a row a span of time in which
        neither home nor members changed. A household has several rows, and one on any one day.
    members
        `household_id, entity_id, starts, ends`, `kinship` (to the first named of a claim or
        tenancy; missing where nobody told it) and `holder` (whether they held the council-tax
        account or the tenancy meanwhile), a row a person and a time in the household.
    """

    households: pd.DataFrame
    members: pd.DataFrame


def households(
    residences: pd.DataFrame,
    people: pd.DataFrame,
    properties: pd.DataFrame,
    tied: pd.DataFrame,
    *,
    as_of: pd.Timestamp,
) -> Households:
    """Return who lived together.

    Parameters
    ----------
    residences
        From `residences.residences`; only what is `home` counts.
    people
        `entity_id, surname, date_of_birth, sex`: the best view.
    properties
        `uprn, parent_uprn, kind`.
    tied
        From `ties.ties`.
    as_of
        The day up to which residences are known.
    """
    require_columns(properties, ("uprn", "parent_uprn", "kind"), table="properties")
    homes = residences[residences["home"]]
    entity, uprn = categorical(homes["entity_id"]), categorical(homes["uprn"])
    names, uprns = entity.cat.categories, uprn.cat.categories
    kinship = kinships(tied)
    known = People(people, names, kinship)
    care_home, several = _many(properties, uprns)
    u = uprn.cat.codes.to_numpy(np.int32)
    e = entity.cat.codes.to_numpy(np.int32)
    stays = pd.DataFrame(
        {
            "e": e,
            "u": u,
            "starts": to_days(homes["starts"]),
            "ends": _after(homes["ends"]),
            "family": known.family[e],
            "care_home": care_home[u],
            "several": several[u],
        },
        copy=False,
    )
    stays = carried_on(stays.assign(group=together(stays, tied_of(tied, names))))
    stays["holder"] = _holders(stays, tied, names)
    until = _day(as_of) + 1
    spanning = meanwhile(
        lambda: _spans_and_kinds(stays, known, care_home, until), worth_it=len(stays) >= MANY_ROWS
    )
    ids = household_ids(stays, names, uprns, known.born)
    members = _members(stays, ids, names, known)
    spans, kind = spanning()
    table = pd.DataFrame(
        {
            "household_id": ids[spans["household"].to_numpy()],
            "uprn": named(spans["u"], uprns),
            "starts": to_dates(spans["starts"]),
            "ends": to_dates(_last(spans["ends"].to_numpy())),
            "kind": np.asarray(kind),
            "people": spans["people"].to_numpy(np.int32),
        },
        copy=False,
    )
    return Households(table, members)


def household_as_of(
    made: Households, on: pd.Timestamp, people: pd.DataFrame, properties: pd.DataFrame
) -> Households:
    """Return the households of one day, each once, with their kind on that day.

    Parameters
    ----------
    made
        From `households`, or its two tables as they were saved.
    on
        The day.
    people, properties
        As for `households`: ages on that day decide its kind.

    Returns
    -------
    Households
        As given, of that day alone.
    """
    then = made.households[_true_on(made.households, on)].reset_index(drop=True)
    members = made.members[_true_on(made.members, on)]
    ids = pd.Index(then["household_id"], dtype=object)
    key = codes_in(members["household_id"], ids)
    members, key = members[key >= 0].reset_index(drop=True), key[key >= 0]
    entity = categorical(members["entity_id"])
    kinship = members.drop_duplicates("entity_id").set_index("entity_id")["kinship"]
    known = People(people, entity.cat.categories, kinship)
    uprn = categorical(then["uprn"])
    care_home, _ = _many(properties, uprn.cat.categories)
    at_care_home = care_home[uprn.cat.codes.to_numpy()]
    day = np.full(len(members), _day(on))
    kind = known.kinds(
        key,
        entity.cat.codes.to_numpy(),
        day,
        holder=members["holder"].to_numpy(bool),
        care_home=at_care_home[key],
    )
    return Households(then.assign(kind=kind.reindex(then.index).to_numpy()), members)


def _spans_and_kinds(
    stays: pd.DataFrame, known: People, care_home: npt.NDArray[np.bool_], until: int
) -> tuple[pd.DataFrame, pd.Categorical]:
    """Return the spans of all households, and their kinds on their last day or before `until`."""
    spans, then = spans_of(stays)
    at_care_home = care_home[spans["u"].to_numpy()]
    key = then["span"].to_numpy()
    last = np.minimum(spans["ends"].to_numpy(), until) - 1
    kind = known.kinds(
        key,
        then["e"].to_numpy(),
        last[key],
        holder=then["holder"].to_numpy(),
        care_home=np.zeros(len(key), dtype=bool),
    ).reindex(spans.index)
    kind[at_care_home] = "care_home"  # whoever lives there
    return spans, kind.array


def _many(properties: pd.DataFrame, uprns: pd.Index) -> tuple[npt.NDArray, npt.NDArray]:
    """Say which are care homes, by their first row, and which are buildings of several homes."""
    # The last is of whatever is not among them.
    care_home, parent = (np.zeros(len(uprns) + 1, dtype=bool) for _ in range(2))
    any_row = properties.loc[properties["kind"].eq("care_home"), "uprn"]
    first = properties[properties["uprn"].isin(any_row)].drop_duplicates("uprn")
    care_home[codes_in(first.loc[first["kind"].eq("care_home"), "uprn"], uprns)] = True
    parent[codes_in(properties["parent_uprn"].dropna(), uprns)] = True
    return care_home[:-1], parent[:-1] & ~care_home[:-1]


def _holders(stays: pd.DataFrame, tied: pd.DataFrame, names: pd.Index) -> npt.NDArray[np.bool_]:
    """Whose stay overlaps a time in which they held an account or a tenancy."""
    held = holdings(tied)
    spells = Spells(*(stays[name].to_numpy(np.int32) for name in ("e", "starts", "ends")))
    whose = codes_in(held["entity_id"], names)
    return overlapping(spells, Spells(whose, to_days(held["starts"]), _after(held["ends"])))


def _members(stays: pd.DataFrame, ids: npt.NDArray, names: pd.Index, known: People) -> pd.DataFrame:
    """Join a person's stays in one household that follow one another."""
    began = with_days(stays["e"].to_numpy(), stays["starts"].to_numpy())
    order = np.argsort(began, kind="stable")  # they stand so, but for a few that moved earlier
    order = order[in_order(stays["household"].to_numpy(np.int64)[order])[0]]
    household, e, starts, ends, holder = (
        stays[name].to_numpy()[order] for name in ("household", "e", "starts", "ends", "holder")
    )
    goes_on = (household[1:] == household[:-1]) & (e[1:] == e[:-1]) & (starts[1:] <= ends[:-1])
    first = np.flatnonzero(np.append(True, ~goes_on)[: len(order)])
    return pd.DataFrame(
        {
            "household_id": ids[household[first]],
            "entity_id": named(e[first], names),
            "starts": to_dates(starts[first]),
            "ends": to_dates(_last(np.maximum.reduceat(ends, first))),
            "kinship": np.asarray(known.kinship[e[first]], dtype=object),
            "holder": np.logical_or.reduceat(holder, first),
        },
        copy=False,  # pandas would put columns of one kind together into one table
    )


def _true_on(table: pd.DataFrame, on: pd.Timestamp) -> pd.Series:
    return (table["starts"] <= on) & ~(table["ends"] < on)


def _day(on: pd.Timestamp) -> int:
    return int(np.datetime64(on, "D").astype(np.int64))


def _after(ends: pd.Series) -> npt.NDArray:
    last = to_days(ends)
    return np.where(last < NEVER, last + 1, NEVER).astype(np.int32)


def _last(after: npt.NDArray) -> npt.NDArray:
    return np.where(after < NEVER, after - 1, NEVER)
