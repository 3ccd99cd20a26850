"""Words about homes weighed into residences: one address history of each person.

Most people are said to live at one place and are believed to. For the others, time is cut at every
day on which a word begins or ends; in each piece every property is supported by the trust of the
datasets that name it, each faded by how long ago it was last said; and the best supported is the
home. Partners hear of a move late, so that a new home is dated back to when anybody first said it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.fast.compiled import kept
from woda_lib.linkage.fast.radix import in_order
from woda_lib.pilots.single_view.homes.coding import how_many, named, several_of, stretches
from woda_lib.pilots.single_view.homes.days import NEVER, to_dates, with_days
from woda_lib.pilots.single_view.homes.rules import ResidenceRules
from woda_lib.pilots.single_view.homes.support import supports

Places = npt.NDArray[np.int64]
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
        },
        copy=False,
    )
    several = several_of(table["e"].to_numpy(), table["u"].to_numpy())
    settled, others = _settled(table[~several]), table[several]
    contested = _sourced(_contested(others, rules, until), others)
    rows = pd.concat([settled, contested], ignore_index=True)
    home, elsewhere = rows["home"].to_numpy(bool), rows["elsewhere"].to_numpy(bool)
    vouched = (rows["sources"] >= rules.sure_partners) | (
        rows["trust"] >= np.float32(rules.trusted)
    )
    began = with_days(rows["e"].to_numpy(), rows["starts"].to_numpy())
    order = np.argsort(2 * began + home, kind="stable")  # both parts stand nearly so
    e, u, starts, ends, sources = (
        rows[name].to_numpy()[order] for name in ("e", "u", "starts", "ends", "sources")
    )
    return pd.DataFrame(
        {
            "entity_id": named(e, said["entity_id"].cat.categories),
            "uprn": named(u, said["uprn"].cat.categories),
            "starts": to_dates(starts),
            "ends": to_dates(_last_day(ends, until)),
            "sources": sources.astype(np.int32),
            "sure": (vouched.to_numpy(bool) & ~elsewhere)[order],
            "elsewhere": elsewhere[order],
            "home": home[order],
        },
        columns=COLUMNS,
        copy=False,
    )


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
    e, day = support["e"].to_numpy(), support["day"].to_numpy()
    new = np.append(True, (e[1:] != e[:-1]) | (day[1:] != day[:-1]))
    piece, best = np.cumsum(new) - 1, np.flatnonzero(new)
    next_day = np.where(e[best[1:]] == e[best[:-1]], day[best[1:]], NEVER)
    support["until"] = np.append(next_day, NEVER).astype(np.int32)[piece]
    homes = _dated_back(_runs(support[new]), rules)
    rivals = _rivals(support, best[piece], rules)
    both = pd.concat([homes.assign(home=True), rivals.assign(home=False)], ignore_index=True)
    return both.assign(elsewhere=_twice(both))


def _first_and_last(goes_on: npt.NDArray[np.bool_], rows: int) -> tuple[Places, Places]:
    """Return the first and the last row of each run of rows, of which some go on the one before."""
    first = np.flatnonzero(np.append(True, ~goes_on)[:rows])
    return first, np.append(first[1:], rows)[: len(first)] - 1


def _runs(best: pd.DataFrame) -> pd.DataFrame:
    """Join pieces of time at one property; a piece that nobody speaks of belongs to no home.

    Where the same property is named again after a silence, the silence was the partners'.
    """
    spoken = np.flatnonzero(best["u"].to_numpy() >= 0)
    e, u, day, until, heard = (
        best[name].to_numpy()[spoken] for name in ("e", "u", "day", "until", "first")
    )
    first, last = _first_and_last((e[1:] == e[:-1]) & (u[1:] == u[:-1]), len(e))
    return pd.DataFrame(
        {
            "e": e[first],
            "u": u[first],
            "starts": day[first],
            "ends": until[last],
            "first": heard[first],
        },
        copy=False,
    )


def _dated_back(runs: pd.DataFrame, rules: ResidenceRules) -> pd.DataFrame:
    """Date each home back to when it was first said, and end the one before there."""
    e, u, won, ends, heard = (
        runs[name].to_numpy() for name in ("e", "u", "starts", "ends", "first")
    )
    after = np.append(False, e[1:] == e[:-1])[: len(e)]
    before = np.arange(len(e)) - after
    starts = np.where(~after | (heard > won[before]), heard, won)
    left = ends[before]
    gap = starts - left
    starts = np.where(after & (gap > 0) & (gap <= rules.gap_days), left, starts)
    follower = np.append(np.where(after[1:], starts[1:], NEVER), NEVER)[: len(e)]
    ends = np.minimum(ends, follower).astype(np.int32)
    some = starts < ends
    return pd.DataFrame(
        {"e": e[some], "u": u[some], "starts": starts[some], "ends": ends[some]}, copy=False
    )


def _rivals(support: pd.DataFrame, best: Places, rules: ResidenceRules) -> pd.DataFrame:
    """Other properties that are nearly as well supported as the home, for long enough.

    `best` is the row of the home of each row's piece of time.
    """
    worth = support["support"].to_numpy()
    others = np.flatnonzero(best != np.arange(len(best)))
    near = others[worth[others] >= rules.rival_share * worth[best[others]]]
    parts = [support[name].to_numpy()[near] for name in ("e", "u", "day", "until")]
    order = np.lexsort(parts[2::-1])
    e, u, day, until = (part[order] for part in parts)
    goes_on = (e[1:] == e[:-1]) & (u[1:] == u[:-1]) & (day[1:] == until[:-1])
    first, last = _first_and_last(goes_on, len(e))
    long_enough = until[last] - day[first] >= rules.rival_days
    first, last = first[long_enough], last[long_enough]
    return pd.DataFrame(
        {"e": e[first], "u": u[first], "starts": day[first], "ends": until[last]}, copy=False
    )


def _twice(rows: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Which rows overlap one of the same person at another property."""
    order, whose = in_order(rows["e"].to_numpy(np.int64))
    of = stretches(whose, int(rows["e"].max()) + 1) if len(rows) else whose
    twice = np.zeros(len(rows), dtype=bool)
    parts = (rows[name].to_numpy()[order] for name in ("u", "starts", "ends", "home"))
    twice[order] = _at_two(of, *parts)
    return twice


@kept
def _at_two(of: Any, u: Any, starts: Any, ends: Any, home: Any) -> Any:
    """Do it for rows of which those of each person lie between two numbers of `of`."""
    twice = np.zeros(len(u), dtype=np.bool_)
    for person in range(len(of) - 1):
        for one in range(of[person], of[person + 1]):
            for other in range(of[person], one):
                apart = home[one] != home[other] and u[one] != u[other]
                if apart and starts[one] < ends[other] and starts[other] < ends[one]:
                    twice[one] = twice[other] = True
    return twice


def _sourced(rows: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Count the datasets that name each home while it was one, and take the most trusted."""
    order, whose = in_order(table["e"].to_numpy(np.int64))
    of = stretches(whose, int(rows["e"].max()) + 1) if len(rows) else whose
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
