"""What to ask for first: by value and effort, and what each missing agreement would unlock.

Quick wins come first, then projects, then what is done when there is time: the order of an action
priority matrix. Within each, rank follows value for effort, the rule by which the shortest job of
the highest worth comes first (weighted shortest job first). Both are judgements from 1 to 5 whose
reasons stand beside them; the rank orders a conversation and settles none.

References
----------
Reinertsen, D. G. (2009). *The Principles of Product Development Flow*. Celeritas: chapter 7.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from woda_lib.partners.names import say_dataset, say_partner_shortly
from woda_lib.pilots.partnership.roadmap.register import Blocker, Register

QUICK_WIN, PROJECT, FILL_IN, LATER = "quick win", "project", "when there is time", "not now"
KINDS = (QUICK_WIN, PROJECT, FILL_IN, LATER)
"""In the order of rank."""


def priorities(register: Register, *, high: int, low: int) -> pd.DataFrame:
    """Return what is wanted, the first to ask for first.

    Parameters
    ----------
    register
    high : int
        Value from which a dataset is worth much.
    low : int
        Effort up to which it takes little.

    Returns
    -------
    DataFrame
        ``rank, wanted`` (its name), ``title, partner`` (its title), ``value, effort, kind``,
        ``steps`` that wait, ``blocker`` (kind), ``value_because, effort_because``. Of the same
        kind and value for effort the one of higher value stands first, then the one for which more
        steps wait, then by title.
    """
    rows = [
        {
            "wanted": name,
            "title": each.title,
            "partner": say_partner_shortly(each.partner),
            "value": each.value,
            "effort": each.effort,
            "steps": len(each.waits),
            "blocker": each.blocker.kind,
            "value_because": each.value_because,
            "effort_because": each.effort_because,
        }
        for name, each in register.wanted.items()
    ]
    table = pd.DataFrame(rows)
    table["kind"] = np.select(
        [
            (table["value"] >= high) & (table["effort"] <= low),
            table["value"] >= high,
            table["effort"] <= low,
        ],
        [QUICK_WIN, PROJECT, FILL_IN],
        LATER,
    )
    table["order"] = table["kind"].map({kind: place for place, kind in enumerate(KINDS)})
    table["ratio"] = table["value"] / table["effort"]
    table = table.sort_values(
        ["order", "ratio", "value", "steps", "title"], ascending=[True, False, False, False, True]
    ).drop(columns=["order", "ratio"])
    table.insert(0, "rank", range(1, len(table) + 1))
    return table.reset_index(drop=True)


def unlocked(register: Register, ranked: pd.DataFrame) -> pd.DataFrame:
    """Return which steps wait for which fields, a row a dataset and step, in the order of rank.

    Returns
    -------
    DataFrame
        ``rank, title, partner, step, fields`` (in words), ``unlocks``.
    """
    rank = dict(zip(ranked["wanted"], ranked["rank"], strict=True))
    rows = [
        {
            "rank": rank[name],
            "title": each.title,
            "partner": say_partner_shortly(each.partner),
            "step": step,
            "fields": ", ".join(fields),
            "unlocks": each.unlocks,
        }
        for name, each in register.wanted.items()
        for step, fields in each.waits.items()
    ]
    return pd.DataFrame(rows).sort_values("rank", kind="stable", ignore_index=True)


def blockers(register: Register, *, on: date) -> pd.DataFrame:
    """Return every blocker, the longest overdue first.

    Parameters
    ----------
    register
    on : date
        The clock.

    Returns
    -------
    DataFrame
        ``partner, title, shared`` (whether it blocks what is shared already), ``kind, says, owner,
        due, overdue_days`` (0 until the day after it was due), ``next_step``.
    """
    found = [
        (say_partner_shortly(partner), say_dataset(dataset), True, by.blocker)
        for dataset, held in register.held.items()
        for partner, by in held.by.items()
        if by.blocker
    ]
    found += [
        (say_partner_shortly(each.partner), each.title, False, each.blocker)
        for each in register.wanted.values()
    ]
    rows = [
        {"partner": partner, "title": title, "shared": shared, **_told(blocker, on)}
        for partner, title, shared, blocker in found
    ]
    table = pd.DataFrame(rows).astype({"due": "datetime64[ns]"})
    return table.sort_values(["due", "partner", "title"], ignore_index=True)


def blockers_by_kind(found: pd.DataFrame) -> pd.DataFrame:
    """Count blockers by kind: ``kind, shared, wanted, overdue``, the most frequent first."""
    counted = (
        found.assign(wanted=~found["shared"], overdue=found["overdue_days"] > 0)
        .groupby("kind")[["shared", "wanted", "overdue"]]
        .sum()
    )
    counted = counted.assign(every=counted["shared"] + counted["wanted"])
    ordered = counted.sort_values(["every", "overdue"], ascending=False, kind="stable")
    return ordered.drop(columns="every").reset_index()


def _told(blocker: Blocker, on: date) -> dict[str, object]:
    return {
        "kind": blocker.kind,
        "says": blocker.says,
        "owner": blocker.owner,
        "due": blocker.due,
        "overdue_days": max((on - blocker.due).days, 0),
        "next_step": blocker.next_step,
    }
