"""The tables of near repeats and of concentration, several units on one page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from woda_lib.evaluation import Concentration, RepeatsError, near_repeats
from woda_lib.pilots.domestic_abuse.measures.repeat_victimisation import events_of_victims

SHARED: Mapping[str, Mapping[str, str]] = {
    "The same victim": {"same": "victim"},
    "The same couple": {"same": "couple"},
    "The same home, another victim": {"same": "address_id", "apart": "victim"},
}
"""What two incidents may have in common: arguments of `evaluation.near_repeats`."""

_NAMES = {1: "once", 2: "twice", 3: "three times", 4: "four times", 5: "five times or more"}


def how_often(events: pd.DataFrame) -> pd.DataFrame:
    """Count victims by how often they were harmed.

    Parameters
    ----------
    events
        A row an event, with its `victim`.

    Returns
    -------
    DataFrame
        `harmed, victims, incidents, percent` (of victims).
    """
    times = events.groupby("victim").size().rename("times")
    table = (
        times.to_frame()
        .assign(harmed=times.clip(upper=5))
        .groupby("harmed")["times"]
        .agg(victims="size", incidents="sum")
        .reset_index()
    )
    return table.assign(
        harmed=table["harmed"].map(_NAMES), percent=100 * table["victims"] / table["victims"].sum()
    )


def who_is_there(cases: pd.DataFrame) -> pd.DataFrame:
    """Count what there is to learn from: `what, number`.

    Parameters
    ----------
    cases
        From `1_link`: `victim, perpetrator, duplicate_of`.
    """
    events = events_of_victims(cases)
    rows = [
        ("Incidents that stand", len(cases)),
        ("Events, each counted once", int(cases["duplicate_of"].isna().sum())),
        ("Events with a known victim", len(events)),
        ("Victims", events["victim"].nunique()),
        ("Perpetrators who are known", events["perpetrator"].nunique()),
        ("Couples", events["couple"].nunique()),
    ]
    return pd.DataFrame(rows, columns=["what", "number"])


def near_repeats_of(events: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Count near repeats for each of what events may share, as far as there are any.

    Parameters
    ----------
    events
        A row an event, with `occurred_at, victim, couple, address_id`.
    seed
        Of the permutations.

    Returns
    -------
    DataFrame
        `shared, days, pairs, by_chance, ratio, low, high, p_value`.
    """
    parts = []
    for name, shared in SHARED.items():
        given: dict[str, Any] = dict(shared)
        try:
            found = near_repeats(events, time="occurred_at", seed=seed, **given).table
        except RepeatsError:  # no two events share it
            continue
        parts.append(
            pd.DataFrame(
                {
                    "shared": name,
                    "days": found["window"],
                    "pairs": found["pairs"],
                    "by_chance": found["expected"],
                    "ratio": found["ratio"],
                    "low": found["low"],
                    "high": found["high"],
                    "p_value": found["p_value"],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def concentrations(found: Mapping[str, Concentration]) -> pd.DataFrame:
    """Put the summaries of several concentrations under each other: `of, measure, estimate, low,
    high, by_chance`."""
    parts = [one.summary().assign(of=name) for name, one in found.items()]
    columns = ["of", "measure", "estimate", "low", "high", "by_chance"]
    return pd.concat(parts, ignore_index=True)[columns]
