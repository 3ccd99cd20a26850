"""Words about homes weighed into residences: one address history of each person.

Most people are said to live at one place and are believed to. For the others, time is cut at every
day on which a word begins or ends; in each piece every property is supported by the trust of the
datasets that name it, each faded by how long ago it was last said; and the best supported is the
home. Partners hear of a move late, so that a new home is dated back to when anybody first said it.
"""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pandas as pd

from woda_lib.linkage.fast.compiled import kept
from woda_lib.linkage.fast.radix import in_order
from woda_lib.pilots.single_view.homes.coding import how_many, named, several_of
from woda_lib.pilots.single_view.homes.days import NEVER, to_dates, with_days
from woda_lib.pilots.single_view.homes.rules import ResidenceRules
from woda_lib.pilots.single_view.homes.support import supports

COLUMNS = ["entity_id", "uprn", "starts", "ends", "sources", "sure", "elsewhere", "home"]


def residences(said: pd.DataFrame, rules: ResidenceRules, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return where each person lived from when to when.

    Parameters
    ----------
    said
        From `words.words`.
    rules
        From `read_residence_rules`.
    as_of
        The day up to which the words are known.

    Returns
    -------
    DataFrame
        `entity_id`, `uprn` (categories), `starts`, `ends` (last day; missing while it goes on),
        `sources` (datasets that name it then), `sure` (several do, or one that is trusted, and
        nothing else is as good), `elsewhere` (at the same time at another property) and `home`:
        of two places at a time the one where the person is counted. Homes of one person do not
        overlap; a row that is not `home` is the other place of a conflict.
    """
    until = int(np.datetime64(as_of, "D").astype(np.int64))
    said = said[said["starts"] <= until]
    table = pd.DataFrame(
        {
            "e": said["entity_id"].cat.codes.to_numpy(np.int32),
            "u": said["uprn"].cat.codes.to_numpy(np.int32),
            "d": said["dataset"].cat.codes.to_numpy(np.int32),
            "starts": said["starts"].to_numpy(),
            "ends": said["ends"].to_numpy(),
            "trust": said["trust"].to_numpy(),
            "half": said["half_life"].to_numpy(),
        }
    )
    one = ~several_of(table["e"].to_numpy(), table["u"].to_numpy())
    settled, others = _settled(table[one]), table[~one]
    contested = _sourced(_contested(others, rules, until), others)
    rows = pd.concat([settled, contested], ignore_index=True)
    several = (rows["sources"] >= rules.sure_partners) | (
        rows["trust"] >= np.float32(rules.trusted)
    )
    rows["sure"] = several & ~rows["elsewhere"].astype(bool)
    home = rows["home"].to_numpy(bool)
    began = with_days(rows["e"].to_numpy(), rows["starts"].to_numpy())
    rows = rows.iloc[np.argsort(2 * began + home, kind="stable")]  # both parts stand nearly so
    return pd.DataFrame(
        {
            "entity_id": named(rows["e"], said["entity_id"].cat.categories),
            "uprn": named(rows["u"], said["uprn"].cat.categories),
            "starts": to_dates(rows["starts"]),
            "ends": to_dates(_last_day(rows["ends"].to_numpy(), until)),
            "sources": rows["sources"].to_numpy(np.int32),
            "sure": rows["sure"].to_numpy(bool),
            "elsewhere": rows["elsewhere"].to_numpy(bool),
            "home": rows["home"].to_numpy(bool),
        }
    )[COLUMNS]


def _last_day(ends: np.ndarray, until: int) -> np.ndarray:
    """Turn the first day on which nobody lives there into the last on which somebody did."""
    return np.where(ends > until, NEVER, ends - 1)


def _settled(table: pd.DataFrame) -> pd.DataFrame:
    """People who are said to live at one place: from the first word to the last."""
    e, u, starts, ends, trust = (
        table[name].to_numpy() for name in ("e", "u", "starts", "ends", "trust")
    )
    size = int(e.max(initial=-1)) + 1
    first, last = np.full(size, NEVER, dtype=starts.dtype), np.full(size, -NEVER, dtype=ends.dtype)
    most, home = np.zeros(size, dtype=trust.dtype), np.full(size, -1, dtype=u.dtype)
    np.minimum.at(first, e, starts)
    np.maximum.at(last, e, ends)
    np.maximum.at(most, e, trust)
    home[e] = u
    whose = np.flatnonzero(home >= 0)
    return pd.DataFrame(
        {
            "e": whose.astype(e.dtype),
            "u": home[whose],
            "starts": first[whose],
            "ends": last[whose],
            "trust": most[whose],
            "home": True,
            "elsewhere": False,
            "sources": how_many(e, table["d"].to_numpy(), size)[whose],
        }
    )


def _contested(table: pd.DataFrame, rules: ResidenceRules, until: int) -> pd.DataFrame:
    """People who are said to live at several places, at one time or after one another."""
    if table.empty:
        return _settled(table)[["e", "u", "starts", "ends", "home", "elsewhere"]]
    support = supports(table, until=until)
    first_of = ~support.duplicated(["e", "day"])
    best = support[first_of].reset_index(drop=True)
    best["until"] = np.where(
        best["e"].eq(best["e"].shift(-1)), best["day"].shift(-1, fill_value=0), NEVER
    )
    homes = _dated_back(_runs(best), rules)
    rivals = _rivals(support[~first_of], best, rules)
    both = pd.concat([homes.assign(home=True), rivals.assign(home=False)], ignore_index=True)
    return both.assign(elsewhere=_twice(both))


def _runs(best: pd.DataFrame) -> pd.DataFrame:
    """Join pieces of time at one property; a piece that nobody speaks of belongs to no home.

    Where the same property is named again after a silence, the silence was the partners'.
    """
    spoken = best[best["u"] >= 0]
    new = ~(spoken["e"].eq(spoken["e"].shift()) & spoken["u"].eq(spoken["u"].shift()))
    runs = spoken.assign(run=new.cumsum()).groupby("run", as_index=False)
    return runs.agg(
        e=("e", "first"),
        u=("u", "first"),
        starts=("day", "first"),
        ends=("until", "last"),
        first=("first", "first"),
    )


def _dated_back(runs: pd.DataFrame, rules: ResidenceRules) -> pd.DataFrame:
    """Date each home back to when it was first said, and end the one before there."""
    after = runs["e"].eq(runs["e"].shift())
    won = runs["starts"].shift().where(after)
    said_since = after & (runs["first"] > won)
    starts = np.where(said_since | ~after, runs["first"], runs["starts"])
    left = runs["ends"].shift().where(after)
    gap = starts - left
    starts = np.where(after & (gap > 0) & (gap <= rules.gap_days), left, starts)
    follower = pd.Series(starts, index=runs.index).shift(-1)
    follower = follower.where(runs["e"].eq(runs["e"].shift(-1)), NEVER)
    ends = np.minimum(runs["ends"], follower)
    dated = runs.assign(starts=starts.astype(np.int32), ends=ends.astype(np.int32))
    return dated.loc[dated["starts"] < dated["ends"], ["e", "u", "starts", "ends"]]


def _rivals(others: pd.DataFrame, best: pd.DataFrame, rules: ResidenceRules) -> pd.DataFrame:
    """Other properties that are nearly as well supported as the home, for long enough."""
    keys = ["e", "day"]
    near = others.merge(best[[*keys, "support", "until"]], on=keys, suffixes=("", "_home"))
    near = near[near["support"] >= rules.rival_share * near["support_home"]]
    near = near.sort_values(["e", "u", "day"], ignore_index=True)
    joined = (
        near["e"].eq(near["e"].shift())
        & near["u"].eq(near["u"].shift())
        & near["day"].eq(near["until"].shift())
    )
    spans = near.assign(run=(~joined).cumsum()).groupby("run", as_index=False)
    table = spans.agg(
        e=("e", "first"), u=("u", "first"), starts=("day", "first"), ends=("until", "last")
    )
    long_enough = table["ends"] - table["starts"] >= rules.rival_days
    return table.loc[long_enough, ["e", "u", "starts", "ends"]]


def _twice(rows: pd.DataFrame) -> np.ndarray:
    """Which rows overlap one of the same person at another property."""
    with duckdb.connect() as con:
        con.register("rows", rows.assign(i=np.arange(len(rows))))
        places = con.execute(
            """
            select distinct a.i from rows a join rows b
            on a.e = b.e and a.home != b.home and a.u != b.u
            and a.starts < b.ends and b.starts < a.ends
            """
        ).fetchnumpy()["i"]
    twice = np.zeros(len(rows), dtype=bool)
    twice[places] = True
    return twice


def _sourced(rows: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Count the datasets that name each home while it was one, and take the most trusted."""
    order, whose = in_order(table["e"].to_numpy(np.int64))
    of = np.searchsorted(whose, np.arange(int(rows["e"].max()) + 2)) if len(rows) else whose
    asked = (rows[name].to_numpy(np.int32) for name in ("e", "u", "starts", "ends"))
    words = (table[name].to_numpy()[order] for name in ("u", "d", "starts", "ends", "trust"))
    sources, trust = _naming(*asked, of, *words, int(table["d"].max()) + 1 if len(table) else 0)
    return rows.assign(sources=sources, trust=trust)


@kept
def _naming(
    e: Any,
    u: Any,
    starts: Any,
    ends: Any,
    of: Any,
    where: Any,
    d: Any,
    begins: Any,
    until: Any,
    trust: Any,
    datasets: int,
) -> Any:
    """Return what `_sourced` adds; the words of each person lie between two numbers of `of`."""
    number, most = np.zeros(len(e), dtype=np.int64), np.zeros(len(e), dtype=np.float32)
    seen = np.full(datasets, -1, dtype=np.int64)
    for row in range(len(e)):
        for word in range(of[e[row]], of[e[row] + 1]):
            if where[word] == u[row] and begins[word] < ends[row] and starts[row] < until[word]:
                most[row] = max(most[row], trust[word])
                number[row] += seen[d[word]] != row
                seen[d[word]] = row
    return number, most
