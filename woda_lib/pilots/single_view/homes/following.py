"""Who went along though no partner says so, and whose home has passed to others since.

The hospital hears of a child's move years after the council has moved the account of its parents.
Three rules put that right, none of which moves anybody whom a trusted register still knows at the
old home, or of whom anything was said there since:

* a child goes where the grown-ups whom it lived with have gone, when none stays whom a trusted
  register knows there;
* grown-ups go with those who held the account or the tenancy, if they bear their name or stand in
  one claim, account or tenancy with them, when none stays whom a trusted register knows there;
* who is left by weak words alone lives there no longer when the account of the home has passed to
  people who have nothing to do with them.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd

from woda_lib.pilots.single_view.homes.coding import codes_in, named
from woda_lib.pilots.single_view.homes.days import NEVER, to_dates, to_days, with_days
from woda_lib.pilots.single_view.homes.open_stays import known_of, open_stays
from woda_lib.pilots.single_view.homes.people import People

_PASSES = 3
"""Times that followers are looked for: of who follows somebody twice, the second move too."""
_DAYS = {"grown": 6_574, "parent": 5_844, "half_a_year": 183, "month": 31}
"""Eighteen years; sixteen years by which a parent is older; how late a move is heard of."""

_KIN = """
create table kin as
select distinct a.e as one, b.e as other from ties a join ties b on a.g = b.g and a.e != b.e
"""
_STAYS = "create or replace table stays as from open_stays"
_KNOWN_STAYS = """
    exists (select 1 from stays h where h.u = {c}.u and h.starts < {day}
        and h.ends > {day} + $half_a_year and h.known_from < {day} and h.known_until > {day})
"""
_FOLLOW = f"""
with pairs as (
    select c.i, c.e, c.u, c.born, c.family, m.e as leader, m.next_u, m.next_on as day,
        m.born as leader_born, m.family as leader_family, m.known_until > 0 as leader_known
    from stays c join stays m on m.u = c.u and m.e != c.e
    where m.next_on is not null and m.next_u != c.u and not m.next_many
    and c.starts < m.next_on and c.ends > m.next_on
    and m.starts < c.ends and c.newest <= m.next_on and c.known_until <= m.next_on
    and m.ends >= m.next_on - $half_a_year
)
-- Of several who left on one day the first by identifier: else whichever is looked at first.
select i, arg_min(next_u, {{'day': day, 'leader': leader}}) as u, min(day) as day
from pairs left join kin k on k.one = pairs.e and k.other = pairs.leader
where ((born + $grown > day and leader_born + $parent <= born)
    or (leader_known and (coalesce(family = leader_family, false) or k.one is not null)))
and not {_KNOWN_STAYS.format(c="pairs", day="pairs.day")}
group by i
"""
_PASSED_ON = f"""
with pairs as (
    select c.i, c.e, c.u, c.family, m.known_from as day
    from stays c join stays m on m.u = c.u and m.e != c.e
    where m.known_from < $never and m.known_from >= m.starts
    and c.starts < m.known_from - $month and c.ends > m.known_from
    and c.newest < m.known_from - $month and c.known_until <= m.known_from
),
free as (
    select * from pairs where not {_KNOWN_STAYS.format(c="pairs", day="(pairs.day - $month)")}
),
-- Relatives who are there too, or come within half a year: the home has stayed in the family.
family as (
    select distinct free.i, free.day from free join stays m
    on m.u = free.u and m.e != free.e and m.ends > free.day and m.starts < free.day + $half_a_year
    left join kin k on k.one = free.e and k.other = m.e
    where coalesce(m.family = free.family, false) or k.one is not null
)
select i, min(day) as day from free
where not exists (select 1 from family where family.i = free.i and family.day = free.day)
group by i
"""


def follow(
    residences: pd.DataFrame,
    said: pd.DataFrame,
    people: pd.DataFrame,
    properties: pd.DataFrame,
    tied: pd.DataFrame,
    *,
    trusted: float,
) -> pd.DataFrame:
    """Return the residences with those who followed, and without those whom others have replaced.

    Parameters
    ----------
    residences
        From `residences.residences`.
    said
        From `words.words`.
    people
        `entity_id, surname, date_of_birth, sex`: the best view.
    properties
        `uprn, parent_uprn, kind`: care homes and buildings that hold several homes are left alone.
    tied
        From `ties.ties`.
    trusted
        From which trust on a word holds somebody at a home; see `rules.ResidenceRules`.

    Returns
    -------
    DataFrame
        As given. A home to which somebody is only taken to have followed has no `sources` and is
        not `sure`.
    """
    names, uprns = residences["entity_id"].cat.categories, residences["uprn"].cat.categories
    known = People(people, names, pd.Series(dtype=object))
    homes = residences["home"]
    table = _numbered(residences[homes])
    numbers, _ = pd.factorize(tied["group"])
    groups = pd.DataFrame({"e": codes_in(tied["entity_id"], names), "g": numbers})
    words = pd.DataFrame(
        {
            "e": codes_in(said["entity_id"], names),
            "u": codes_in(said["uprn"], uprns),
            "starts": said["starts"],
            "ends": said["ends"],
            "trust": said["trust"],
        }
    )
    born = np.where(known.born < NEVER, known.born, -NEVER)
    shared = properties.loc[properties["kind"].eq("care_home"), "uprn"]
    many = codes_in(pd.concat([shared, properties["parent_uprn"].dropna()]), uprns)
    many = np.unique(many[many >= 0])
    held = known_of(words, trusted=trusted)
    with duckdb.connect() as con:
        con.register("ties", groups[groups["e"] >= 0])
        settings = _DAYS | {"never": NEVER}

        def ask(sql: str) -> duckdb.DuckDBPyConnection:
            # DuckDB refuses settings that a query does not name.
            return con.execute(sql, {n: v for n, v in settings.items() if f"${n}" in sql})

        def show(homes: pd.DataFrame) -> None:
            stays = open_stays(homes, held, many)
            e = stays["e"].to_numpy()
            family = pd.arrays.IntegerArray(known.family[e], known.family[e] < 0)
            next_many = stays["next_u"].isin(many)
            con.register(
                "open_stays", stays.assign(next_many=next_many, born=born[e], family=family)
            )
            ask(_STAYS)

        ask(_KIN)
        for _ in range(_PASSES):
            show(table)
            found = ask(_FOLLOW).df()
            if found.empty:
                break
            table = _moved(table, found)
        else:
            show(table)
        over = ask(_PASSED_ON).df()
    day = table["i"].map(over.set_index("i")["day"]).fillna(NEVER)
    table["ends"] = np.minimum(table["ends"], day).astype(np.int32)
    return _written(table, residences, names, uprns)


def _numbered(homes: pd.DataFrame) -> pd.DataFrame:
    last = to_days(homes["ends"])
    return pd.DataFrame(
        {
            "i": np.arange(len(homes)),
            "e": homes["entity_id"].cat.codes.to_numpy(np.int32),
            "u": homes["uprn"].cat.codes.to_numpy(np.int32),
            "starts": to_days(homes["starts"]),
            "ends": np.where(last < NEVER, last + 1, NEVER).astype(np.int32),
            "sources": homes["sources"].to_numpy(np.int32),
            "sure": homes["sure"].to_numpy(bool),
            "elsewhere": homes["elsewhere"].to_numpy(bool),
        }
    )


def _moved(table: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """End the old homes of followers on the day of the move, and begin the new ones."""
    steps = found.set_index("i")
    goes = table["i"].isin(steps.index)
    at = table.loc[goes, "i"]
    day = at.map(steps["day"]).to_numpy(np.int32)
    new = table[goes].assign(
        u=at.map(steps["u"]).to_numpy(np.int32), starts=day, sources=0, sure=False, elsewhere=False
    )
    old = table.copy()
    old.loc[goes, "ends"] = day
    return _joined(pd.concat([old, new], ignore_index=True))


def _joined(table: pd.DataFrame) -> pd.DataFrame:
    """Join stays of one person at one property that follow one another, and number them anew."""
    began = with_days(table["e"].to_numpy(), table["starts"].to_numpy())
    order = np.argsort(began, kind="stable")  # all but those who moved stand so
    parts = {name: table[name].to_numpy()[order] for name in table}
    e, u, starts, ends = (parts[name] for name in ("e", "u", "starts", "ends"))
    goes_on = (e[1:] == e[:-1]) & (u[1:] == u[:-1]) & (starts[1:] <= ends[:-1])
    first = np.flatnonzero(np.append(True, ~goes_on)[: len(order)])
    joined = {"i": np.arange(len(first)), "e": e[first], "u": u[first], "starts": starts[first]}
    for name in ("ends", "sources", "sure", "elsewhere"):
        joined[name] = np.maximum.reduceat(parts[name], first)
    return pd.DataFrame(joined, copy=False)


def _written(
    table: pd.DataFrame, residences: pd.DataFrame, names: pd.Index, uprns: pd.Index
) -> pd.DataFrame:
    """Return homes as residences again, with the other places of people in two."""
    kept = table[table["starts"] < table["ends"]]
    ends = kept["ends"].to_numpy()
    homes = pd.DataFrame(
        {
            "entity_id": kept["e"].to_numpy(),
            "uprn": kept["u"].to_numpy(),
            "starts": to_dates(kept["starts"]),
            "ends": to_dates(np.where(ends < NEVER, ends - 1, NEVER)),
            "sources": kept["sources"].to_numpy(),
            "sure": kept["sure"].to_numpy(),
            "elsewhere": kept["elsewhere"].to_numpy(),
            "home": True,
        }
    )
    others = residences[~residences["home"]]
    # As numbers: to put categories together, pandas would read every name again.
    coded = {name: others[name].cat.codes.to_numpy() for name in ("entity_id", "uprn")}
    both = pd.concat([homes, others.assign(**coded)], ignore_index=True)
    began = with_days(both["entity_id"].to_numpy(), to_days(both["starts"]))
    both = both.take(np.argsort(2 * began + both["home"].to_numpy(bool), kind="stable"))
    both.index = pd.RangeIndex(len(both))
    both["entity_id"], both["uprn"] = named(both["entity_id"], names), named(both["uprn"], uprns)
    return both
