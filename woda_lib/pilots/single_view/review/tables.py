"""What is told of the queue without naming anybody: how much waits, why, and what it is worth."""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.linkage.decisions import PAIR
from woda_lib.linkage.quality import wilson
from woda_lib.phrases import say_number
from woda_lib.pilots.single_view.review.side_by_side import WHY

_BANDS = (0.0, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
_STEPS = 9
_KINDS = {"must_link": "One person", "cannot_link": "Two people"}


def by_reason(queue: pd.DataFrame, *, minutes_a_pair: float) -> pd.DataFrame:
    """Count the pairs that wait, by what makes them hard.

    Parameters
    ----------
    queue
        From `side_by_side`.
    minutes_a_pair
        A reviewer's time.

    Returns
    -------
    DataFrame
        `why, pairs, errors_expected, errors_an_hour`: wrong or missed pairs of records that the
        decisions are expected to put right, and so many for each hour of review; and a row for all.
    """
    grouped = queue.groupby("why")["worth"]
    worth, size = grouped.sum(), grouped.size()
    found = [why for why in WHY if why in size.index]
    table = pd.DataFrame(
        {
            "why": [WHY[why] for why in found],
            "pairs": size.reindex(found).to_numpy(),
            "errors_expected": worth.reindex(found).to_numpy(),
        }
    )
    every = {"why": "All", "pairs": len(queue), "errors_expected": float(queue["worth"].sum())}
    table = pd.concat([table, pd.DataFrame([every])], ignore_index=True)
    hours = table["pairs"] * minutes_a_pair / 60
    return table.assign(errors_an_hour=table["errors_expected"] / hours.where(hours > 0))


def hours_table(queue: pd.DataFrame, *, minutes_a_pair: float) -> pd.DataFrame:
    """Return what hours of review are expected to put right, in the queue's order and in any.

    Returns
    -------
    DataFrame
        `hours, pairs, in_order_percent, in_any_order_percent`: the share of all expected errors.
    """
    worth = queue["worth"].to_numpy(dtype=float)
    total = max(float(worth.sum()), 1e-12)
    steps = np.unique(np.round(np.linspace(0, len(worth), _STEPS)).astype(int))
    done = np.concatenate([[0.0], np.cumsum(worth)])[steps]
    return pd.DataFrame(
        {
            "hours": steps * minutes_a_pair / 60,
            "pairs": steps,
            "in_order_percent": 100 * done / total,
            "in_any_order_percent": 100 * steps / max(len(worth), 1),
        }
    )


def decided_table(decisions: pd.DataFrame) -> pd.DataFrame:
    """Count the decisions in force: `decision, pairs`."""
    counted = decisions["decision"].value_counts()
    rows = {said: int(counted.get(kind, 0)) for kind, said in _KINDS.items()}
    return pd.DataFrame({"decision": rows.keys(), "pairs": rows.values()})


def learned(links: pd.DataFrame, doubts: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """Hold what people decided against what the model says of the same pairs.

    Returns
    -------
    DataFrame
        `match_probability` (a band), `pairs` decided, `expected_percent` (the model's mean) and
        `one_person_percent` with `low, high` (Wilson's 95% interval). A model that is right has its
        mean inside. Bands without a decision are left out.
    """
    pairs = pd.concat([links, doubts], ignore_index=True)
    keys = [pd.MultiIndex.from_frame(decisions[list(order)].astype(str).set_axis(PAIR, axis=1))
            for order in (PAIR, [*PAIR[2:], *PAIR[:2]])]  # fmt: skip
    named = pd.MultiIndex.from_frame(pairs[PAIR].astype(str))
    at = np.maximum(*(named.get_indexer(each) for each in keys))
    known = at >= 0
    odds = pairs["log2_odds"].to_numpy(dtype=float)[at[known]]
    chance = 1 / (1 + np.exp2(-odds))
    one = (decisions["decision"] == "must_link").to_numpy()[known]
    band = np.clip(np.searchsorted(_BANDS, chance, side="right") - 1, 0, len(_BANDS) - 2)
    rows = []
    for number in np.unique(band):
        inside = band == number
        low, high = wilson(int(one[inside].sum()), int(inside.sum()))
        rows.append(
            {
                "match_probability": f"{_BANDS[number]:g} to {_BANDS[number + 1]:g}",
                "pairs": int(inside.sum()),
                "expected_percent": 100 * float(chance[inside].mean()),
                "one_person_percent": 100 * float(one[inside].mean()),
                "low": 100 * low,
                "high": 100 * high,
            }
        )
    columns = [
        "match_probability",
        "pairs",
        "expected_percent",
        "one_person_percent",
        "low",
        "high",
    ]
    return pd.DataFrame(rows, columns=columns)


def right_table(queue: pd.DataFrame, truth: pd.DataFrame, first: int) -> pd.DataFrame:
    """Say what the first pairs of the queue truly are, where that is known.

    Parameters
    ----------
    queue
        From `side_by_side`.
    truth
        `dataset, local_id, person_id`.
    first
        So many pairs are asked.

    Returns
    -------
    DataFrame
        `asked` (the first, the others), `pairs, one_person_percent` and `put_right`: the pairs of
        records that a right decision changes.
    """
    person = truth.drop_duplicates(["dataset", "local_id"]).set_index(["dataset", "local_id"])
    left, right = (
        person["person_id"].reindex(pd.MultiIndex.from_frame(queue[side])).to_numpy()
        for side in (PAIR[:2], PAIR[2:])
    )
    same = left == right
    together = (queue["one"] == queue["other"]).to_numpy()
    chance = queue["match_probability"].to_numpy(dtype=float)
    moved = queue["worth"].to_numpy(dtype=float) / np.minimum(chance, 1 - chance)
    put_right = np.where(same != together, moved, 0.0)
    which = np.where(np.arange(len(queue)) < first, f"The first {first}", "The others")
    table = pd.DataFrame({"asked": which, "same": same, "put_right": put_right})
    grouped = table.groupby("asked", sort=False)
    return pd.DataFrame(
        {
            "pairs": grouped.size(),
            "one_person_percent": 100 * grouped["same"].mean(),
            "put_right": grouped["put_right"].sum().round().astype(int),
        }
    ).reset_index()


def finding(hours: pd.DataFrame) -> str:
    """Say of `hours_table` what the first quarter of the work puts right."""
    at = hours.iloc[len(hours) // 4]
    return (
        f"The first {say_number(at['hours'], 0)} of {say_number(hours['hours'].iloc[-1], 0)} hours "
        f"put {say_number(at['in_order_percent'], 0)}% of expected errors right"
    )


def headline(queue: pd.DataFrame, asked: int, *, minutes_a_pair: float) -> pd.DataFrame:
    """Return the headline values: `name, label, value, unit, decimals`."""
    first = queue.head(asked)
    hours = len(first) * minutes_a_pair / 60
    share = 100 * first["worth"].sum() / max(float(queue["worth"].sum()), 1e-12)
    rate = first["worth"].sum() / hours if hours else 0.0
    rows = [
        ("pairs_waiting", "Pairs of records that wait for a person", len(queue), "pairs", 0),
        ("errors_an_hour", "Errors put right in an hour of review", rate, "errors", 0),
        ("errors_put_right", "Expected errors that this review puts right", share, "%", 0),
        ("hours_of_review", "Hours of this review", hours, "hours", 1),
    ]
    return pd.DataFrame(rows, columns=["name", "label", "value", "unit", "decimals"])
