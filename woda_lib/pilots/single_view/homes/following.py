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

_STAYS = """
create or replace table stays as
select s.*, p.born, p.family, c.u is not null as many,
    coalesce(w.newest, s.starts) as newest,
    coalesce(w.known_from, $never) as known_from, coalesce(w.known_until, 0) as known_until,
    lead(s.u) over (partition by s.e order by s.starts) as next_u,
    lead(s.starts) over (partition by s.e order by s.starts) as next_on
from homes s join people p on p.e = s.e left join (select unnest($many) as u) c on c.u = s.u
left join (
    select h.i, max(w.starts) as newest,
        min(w.starts) filter (w.trust >= $trusted) as known_from,
        max(w.ends) filter (w.trust >= $trusted) as known_until
    from homes h join words w
    on w.e = h.e and w.u = h.u and w.starts < h.ends and w.ends > h.starts
    group by h.i
) w on w.i = s.i
"""
_RELATED = """
    (coalesce(c.family = m.family, false) or exists (
        select 1 from ties x join ties y on x.g = y.g where x.e = c.e and y.e = m.e))
"""
_HELD = """
    exists (select 1 from stays h where h.u = c.u and h.starts < {day}
        and h.ends > {day} + $half_a_year and h.known_from < {day} and h.known_until > {day})
"""
_FOLLOW = f"""
select c.i, arg_min(m.next_u, m.next_on) as u, min(m.next_on) as day
from stays c join stays m on m.u = c.u and m.e != c.e
where m.next_on is not null and m.next_u != c.u and not m.many
and m.next_u not in (select u from stays where many)
and c.starts < m.next_on and c.ends > m.next_on
and m.starts < c.ends and c.newest <= m.next_on and c.known_until <= m.next_on
and m.ends >= m.next_on - $half_a_year
and ((c.born + $grown > m.next_on and m.born + $parent <= c.born)
    or (m.known_until > 0 and {_RELATED}))
and not {_HELD.format(day="m.next_on")}
group by c.i
"""
_PASSED_ON = f"""
select c.i, min(m.known_from) as day
from stays c join stays m on m.u = c.u and m.e != c.e
where not c.many and m.known_from < $never and m.known_from >= m.starts
and c.starts < m.known_from - $month and c.ends > m.known_from
and c.newest < m.known_from - $month and c.known_until <= m.known_from
and not {_RELATED}
and not {_HELD.format(day="m.known_from - $month")}
group by c.i
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
        settings = {"never": NEVER, "trusted": trusted, "many": np.unique(many[many >= 0]).tolist()}
        for _ in range(_PASSES):
            con.register("homes", table)
            con.execute(_STAYS, settings)
            found = con.execute(_FOLLOW, _used(_FOLLOW)).df()
            if found.empty:
                break
            table = _moved(table, found)
        con.register("homes", table)
        con.execute(_STAYS, settings)
        over = con.execute(_PASSED_ON, _used(_PASSED_ON)).df()
    day = table["i"].map(over.set_index("i")["day"]).fillna(NEVER)
    table["ends"] = np.minimum(table["ends"], day).astype(np.int32)
    return _written(table, residences, names, uprns)


def _used(sql: str) -> dict[str, int]:
    """The settings that a query names: DuckDB refuses others."""
    return {name: value for name, value in (_DAYS | {"never": NEVER}).items() if f"${name}" in sql}


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
            "entity_id": named(kept["e"], names),
            "uprn": named(kept["u"], uprns),
            "starts": to_dates(kept["starts"]),
            "ends": to_dates(np.where(ends < NEVER, ends - 1, NEVER)),
            "sources": kept["sources"].to_numpy(),
            "sure": kept["sure"].to_numpy(),
            "elsewhere": kept["elsewhere"].to_numpy(),
            "home": True,
        }
    )
    both = pd.concat([homes, residences[~residences["home"]]], ignore_index=True)
    return both.sort_values(["entity_id", "starts", "home"], ignore_index=True)
