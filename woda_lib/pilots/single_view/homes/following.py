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
from woda_lib.pilots.single_view.homes.days import NEVER, to_dates, to_days
from woda_lib.pilots.single_view.homes.people import People

_PASSES = 3
"""Times that followers are looked for: of who follows somebody twice, the second move too."""
_DAYS = {"grown": 6_574, "parent": 5_844, "half_a_year": 183, "month": 31}
"""Eighteen years; sixteen years by which a parent is older; how late a move is heard of."""

_WORDS = """
create table known as
select e, u, max(starts) as newest,
    coalesce(min(starts) filter (trust >= $trusted), $never) as known_from,
    coalesce(max(ends) filter (trust >= $trusted), 0) as known_until
from words group by e, u
"""
_KIN = """
create table kin as
select distinct a.e as one, b.e as other from ties a join ties b on a.g = b.g and a.e != b.e
"""
# Only properties matter where somebody is known by weak words, and somebody else has been.
_STAYS = """
create or replace table stays as
with every as (
    select s.i, s.e, s.u, s.starts, s.ends,
        coalesce(k.newest, s.starts) as newest, coalesce(k.known_from, $never) as known_from,
        coalesce(k.known_until, 0) as known_until,
        lead(s.u) over (partition by s.e order by s.starts) as next_u,
        lead(s.starts) over (partition by s.e order by s.starts) as next_on
    from homes s left join known k on k.e = s.e and k.u = s.u
)
select every.*, p.born, p.family from every join people p on p.e = every.e
where u in (
    select u from every group by u
    having count(distinct every.e) > 1 and bool_or(known_until < ends)
) and u not in (select unnest($many))
"""
_KNOWN_STAYS = """
    exists (select 1 from stays h where h.u = {c}.u and h.starts < {day}
        and h.ends > {day} + $half_a_year and h.known_from < {day} and h.known_until > {day})
"""
_FOLLOW = f"""
with pairs as (
    select c.i, c.e, c.u, c.born, c.family, m.e as leader, m.next_u, m.next_on as day,
        m.born as leader_born, m.family as leader_family, m.known_until > 0 as leader_known
    from stays c join stays m on m.u = c.u and m.e != c.e
    where m.next_on is not null and m.next_u != c.u
    and m.next_u not in (select unnest($many))
    and c.starts < m.next_on and c.ends > m.next_on
    and m.starts < c.ends and c.newest <= m.next_on and c.known_until <= m.next_on
    and m.ends >= m.next_on - $half_a_year
)
-- Of several who left on one day the first by name: else the order of the rows would decide.
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
    persons = pd.DataFrame(
        {"e": np.arange(len(names)), "born": born, "family": known.family.cat.codes.to_numpy()}
    )
    persons["family"] = persons["family"].where(persons["family"] >= 0).astype("Int32")
    shared = properties.loc[properties["kind"].eq("care_home"), "uprn"]
    many = codes_in(pd.concat([shared, properties["parent_uprn"].dropna()]), uprns)
    with duckdb.connect() as con:
        for name, frame in (("people", persons), ("ties", groups[groups["e"] >= 0])):
            con.register(name, frame)
        con.register("words", words)
        settings = _DAYS | {
            "never": NEVER,
            "trusted": trusted,
            "many": np.unique(many[many >= 0]).tolist(),
        }

        def ask(sql: str) -> duckdb.DuckDBPyConnection:
            # DuckDB refuses settings that a query does not name.
            return con.execute(sql, {n: v for n, v in settings.items() if f"${n}" in sql})

        ask(_WORDS)
        ask(_KIN)
        for _ in range(_PASSES):
            con.register("homes", table)
            ask(_STAYS)
            found = ask(_FOLLOW).df()
            if found.empty:
                break
            table = _moved(table, found)
        else:
            con.register("homes", table)
            ask(_STAYS)
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
    order = table.sort_values(["e", "starts"], kind="stable", ignore_index=True)
    goes_on = (
        order["e"].eq(order["e"].shift())
        & order["u"].eq(order["u"].shift())
        & order["starts"].le(order["ends"].shift())
    )
    stays = order.assign(stay=(~goes_on).cumsum()).groupby("stay", as_index=False)
    joined = stays.agg(
        e=("e", "first"),
        u=("u", "first"),
        starts=("starts", "first"),
        ends=("ends", "max"),
        sources=("sources", "max"),
        sure=("sure", "max"),
        elsewhere=("elsewhere", "max"),
    )
    return joined.drop(columns="stay").assign(i=np.arange(len(joined)))


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
    both = both.sort_values(["entity_id", "starts", "home"], ignore_index=True)
    told = {"entity_id": named(both["entity_id"], names), "uprn": named(both["uprn"], uprns)}
    return both.assign(**told)
