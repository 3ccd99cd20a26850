"""What reviewers read of missing people: counts and shares, no person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from woda_lib.evaluation import Interval
from woda_lib.pilots.domestic_abuse.measures.shares import clustered_share
from woda_lib.pilots.domestic_abuse.safeguarding.episodes import AGES
from woda_lib.pilots.domestic_abuse.safeguarding.history import KNOWERS
from woda_lib.pilots.domestic_abuse.safeguarding.interviews import (
    EXCLUDED,
    FEWEST,
    IN_TIME,
    NOT_OFFERED,
    STATES,
)
from woda_lib.pilots.domestic_abuse.safeguarding.people import share
from woda_lib.pilots.domestic_abuse.safeguarding.responses import WHEN
from woda_lib.pilots.domestic_abuse.words import plain

ALL_RETURNS = "of all returns"
_NOT_RECORDED = "not recorded"
_RISKS = ("high", "medium", "low", "no apparent risk")
_FIFTHS = {
    1: "1, most deprived", 2: "2", 3: "3", 4: "4", 5: "5, least deprived",
}  # fmt: skip
_ORDERS = {"age_group": AGES, "risk": _RISKS}
_TIMES = ("once", "twice", "three to five times", "more often")
_MONTH = 365.25 / 12


def by_group(episodes: pd.DataFrame, column: str) -> pd.DataFrame:
    """Count the people of some episodes by a column.

    Episodes are not counted here: a few children have very many, and a number of episodes may
    stand for one child.

    Parameters
    ----------
    episodes
        With every column that the rules add; or one row a person, from `people_of`.
    column
        What to group by. Of episodes, a person counts in every group that one of them is in.

    Returns
    -------
    DataFrame
        `column`, `people`, and how many of them go missing `repeatedly`, have a link to domestic
        abuse (`abuse_household`), were known before, and whom nobody knew.
    """
    words = _FIFTHS.get if column == "deprivation_quintile" else _said
    said = episodes[column].map(words).fillna(_NOT_RECORDED).astype("string").rename(column)
    table = episodes.groupby(said)["person"].nunique().rename("people").to_frame()
    for name in ("repeatedly", "abuse_household", "known_before", "nobody_knew"):
        table[name] = episodes[episodes[name]].groupby(said)["person"].nunique()
    table = table.fillna(0).astype("int64").reset_index()
    order = {name: place for place, name in enumerate(_ORDERS.get(column, ()))}
    rank = table[column].map(order).fillna(len(order))
    rank = rank.mask(table[column].eq(_NOT_RECORDED), len(order) + 1)
    table = table.assign(rank=rank).sort_values(["rank", column], ignore_index=True)
    return table.drop(columns="rank")


def how_often(people: pd.DataFrame) -> pd.DataFrame:
    """Count people by how often they went missing: `times, people, children`."""
    times = pd.cut(people["episodes"], [0, 1, 2, 5, 10**6], labels=list(_TIMES))
    grouped = people.groupby(times.rename("times"), observed=False)
    table = grouped.agg(people=("person", "size"), children=("child", "sum"))
    return table.astype("int64").reset_index().astype({"times": "string"})


def abuse_links(people: pd.DataFrame) -> pd.DataFrame:
    """Count people by what links them to domestic abuse: `link, people, children`."""
    words = {
        "as_child": "child of an incident",
        "as_victim": "victim of an incident",
        "as_perpetrator": "perpetrator of an incident",
        "at_home": "an incident at home",
        "abuse_household": "any of these",
    }
    rows = [
        (said, int(people[name].sum()), int((people[name] & people["child"]).sum()))
        for name, said in words.items()
    ]
    return pd.DataFrame(rows, columns=["link", "people", "children"])


def agencies_that_knew(
    people: pd.DataFrame, known: pd.DataFrame, episodes: pd.DataFrame
) -> pd.DataFrame:
    """Count whom each agency knew before the first episode.

    Parameters
    ----------
    people
        From `people_of`.
    known
        From `known_before`.
    episodes
        `missing_id, reported_at`.

    Returns
    -------
    DataFrame
        `agency, people, children` and `median_months` from the first contact that counts to the
        report; most people first.
    """
    firsts = people[["missing_id", "child"]].merge(episodes[["missing_id", "reported_at"]])
    both = known.merge(firsts, on="missing_id")
    months = (both["reported_at"] - both["since"]).dt.total_seconds() / (86_400 * _MONTH)
    grouped = both.assign(months=months).groupby("agency")
    table = grouped.agg(
        people=("missing_id", "nunique"),
        children=("child", "sum"),
        median_months=("months", "median"),
    )
    agencies = [contact.agency for contact in KNOWERS.values()]
    table = table.reindex([name for name in agencies if name in table.index])
    counts = ["people", "children"]
    table = table.astype(dict.fromkeys(counts, "int64")).round({"median_months": 0}).reset_index()
    return table.sort_values("people", ascending=False, kind="stable", ignore_index=True)


def how_many_knew(people: pd.DataFrame) -> pd.DataFrame:
    """Count people by how many agencies knew them: `agencies, people, children, repeatedly`."""
    said = people["knew"].clip(upper=3).map({0: "none", 1: "one", 2: "two", 3: "three or more"})
    grouped = people.groupby(said.rename("agencies"))
    table = grouped.agg(
        people=("person", "size"), children=("child", "sum"), repeatedly=("repeatedly", "sum")
    )
    order = ["none", "one", "two", "three or more"]
    return table.reindex(order, fill_value=0).astype("int64").reset_index()


def interview_states(episodes: pd.DataFrame) -> pd.DataFrame:
    """Count children's returns by what became of the interview: `interview, returns`."""
    due = episodes.loc[episodes["due"], "interview"].value_counts()
    return pd.DataFrame(
        {"interview": STATES, "returns": [int(due.get(name, 0)) for name in STATES]}
    )


def left_out(episodes: pd.DataFrame) -> pd.DataFrame:
    """Count the episodes after which no interview counts as due: `why, episodes`."""
    counted = episodes["interview"].value_counts()
    return pd.DataFrame(
        {"why": EXCLUDED, "episodes": [int(counted.get(name, 0)) for name in EXCLUDED]}
    )


def in_time_by(episodes: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return the share of interviews in time by several columns.

    Parameters
    ----------
    episodes
        From `interviews_after`.
    columns
        To each column how readers know it.

    Returns
    -------
    DataFrame
        `by, group, returns` and `percent_in_time, low, high` (Wilson): missing where fewer than
        `interviews.FEWEST` children came back, or as few interviews were in time or were not.
    """
    due = episodes[episodes["due"]]
    rows = []
    for column, name in columns.items():
        said = due[column].map(_said).fillna(_NOT_RECORDED)
        for group, mine in due.groupby(said.astype("string")):
            hits = mine["interview"].eq(IN_TIME)
            found = share(hits)
            few = min(hits.sum(), (~hits).sum(), mine["person"].nunique()) < FEWEST
            told = (pd.NA,) * 3 if few else (found.estimate, found.low, found.high)
            rows.append((name, group, len(mine), *told))
    headings = ["by", "group", "returns", "percent_in_time", "low", "high"]
    table = pd.DataFrame(rows, columns=headings)
    return table.astype(dict.fromkeys(headings[3:], "Float64"))


def interview_checks(episodes: pd.DataFrame) -> dict[str, Interval]:
    """Return the share in time counted in other ways, by what is counted."""
    due = episodes[episodes["due"]].sort_values("found_at")
    first = due.drop_duplicates("person")
    offered = due[~due["interview"].eq(NOT_OFFERED)]
    held = due[due["hours_to_interview"].notna()]
    in_time, one = due["interview"].eq(IN_TIME).astype(float), pd.Series(1.0, index=due.index)
    together = clustered_share(in_time, one, due["person"])
    return {
        ALL_RETURNS: share(due["interview"].eq(IN_TIME)),
        "of all returns, those of one child kept together": Interval(*together, "%"),
        "of each child’s first return": share(first["interview"].eq(IN_TIME)),
        "of interviews that were offered": share(offered["interview"].eq(IN_TIME)),
        "of interviews that were held": share(held["interview"].eq(IN_TIME)),
    }


def referrals_table(children: pd.DataFrame) -> pd.DataFrame:
    """Count children by when exploitation was first suspected.

    Returns
    -------
    DataFrame
        `referral, children, repeatedly`: so many of them went missing repeatedly.
    """
    grouped = children.groupby("referral")
    table = grouped.agg(children=("person", "size"), repeatedly=("repeatedly", "sum"))
    return table.reindex(list(WHEN), fill_value=0).astype("int64").reset_index()


def decisions_table(contacts: pd.DataFrame) -> pd.DataFrame:
    """Count the front door's contacts by decision: `decision, contacts, about_missing`."""
    said = contacts["decision"].map(_said).rename("decision")
    table = contacts.groupby(said).agg(
        contacts=("front_door_contact_id", "size"), about_missing=("about_missing", "sum")
    )
    return table.astype("int64").sort_values("contacts", ascending=False).reset_index()


def against_truth(episodes: pd.DataFrame, planted: Mapping[str, float] | None) -> pd.DataFrame:
    """Set shares of interviews beside what was planted in the made-up county.

    Parameters
    ----------
    episodes
        From `interviews_after`.
    planted
        ``offered, held, within_72_hours`` as shares; None where the extracts are real.

    Returns
    -------
    DataFrame
        `of_returns, found, low, high, planted, interval_holds_it`, per cent; without truth no row.
    """
    columns = ["of_returns", "found", "low", "high", "planted", "interval_holds_it"]
    if planted is None:
        return pd.DataFrame(columns=columns)
    due = episodes[episodes["due"]]
    shares = {
        "offered": ~due["interview"].eq(NOT_OFFERED),
        "held": due["hours_to_interview"].notna(),
        "within_72_hours": due["interview"].eq(IN_TIME),
    }
    rows = []
    for name, hits in shares.items():
        found, true = share(hits), 100 * planted[name]
        holds = "yes" if found.low <= true <= found.high else "no"
        rows.append((plain(name), found.estimate, found.low, found.high, true, holds))
    return pd.DataFrame(rows, columns=columns)


def _said(value: Any) -> str | None:
    """A code or group as words."""
    if pd.isna(value):
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(value)
