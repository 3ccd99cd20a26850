"""Clerical review: the pairs whose decision is worth most, for people to decide on side by side.

Reviewers see two records next to each other with their differences marked, but neither the match
probability nor each other's decisions: both would sway them. What they agree on becomes a file of
decisions that the next linkage follows (`decisions`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from woda_lib.linkage.decisions import COLUMNS, PAIR
from woda_lib.linkage.errors import LinkageError
from woda_lib.linkage.kappa import Agreement, cohen_kappa
from woda_lib.linkage.result import LinkageResult
from woda_lib.linkage.review_sheet import (
    REVIEWED,
    new_sheet,
    read_sheet,
    write_sheet,
    write_whole,
)
from woda_lib.records import read_list

SAME, CLOSE, DIFFERENT, MISSING = "same", "close", "DIFFERENT", "missing"


def review_pairs(result: LinkageResult, n: int = 50) -> pd.DataFrame:
    """Choose the pairs whose decision is worth most.

    A decision is worth the record pairs that it is expected to put right: how unsure the model is
    (the smaller of the probabilities of match and non-match) times the record pairs that the
    decision joins or separates. So a doubtful link between two large clusters comes before one
    between two single records. Of several pairs that would join the same two clusters only the
    best is asked for.

    Parameters
    ----------
    result
        A linkage; pairs below the threshold ``review`` are never asked for.
    n
        At most so many.

    Returns
    -------
    pandas.DataFrame
        Most worth first: ``left_source``, ``left_id``, ``right_source``, ``right_id``,
        ``match_probability``, ``worth`` and, for each compared field, ``<field>_left``,
        ``<field>_differs`` (same, close, DIFFERENT or missing) and ``<field>_right``, in
        standard form. It names people: keep it where restricted tables lie.
    """
    if n < 1:
        raise LinkageError(f"The number of pairs to review is {n}. Ask for one or more.")
    pairs = pd.concat([result.links, result.review], ignore_index=True)
    pairs = pairs[pairs["match_probability"] < 1]
    worth = worth_of(pairs, result.clusters)
    order = worth.sort_values("worth", ascending=False, kind="stable")
    asked = order.drop_duplicates(["one", "other"]).head(n)
    chosen = pairs.loc[asked.index]
    table = chosen[[*PAIR, "match_probability"]].assign(worth=asked["worth"])
    return _side_by_side(table, chosen, result).reset_index(drop=True)


def write_review(pairs: pd.DataFrame, path: str | Path, *, by: str, seed: int = 0) -> None:
    """Write a CSV file for one reviewer, with the columns ``decision`` and ``reason`` to fill in.

    Parameters
    ----------
    pairs
        From `review_pairs`. Probabilities and worth are left out, so that the review is blind.
    path
        The file, replaced whole if it exists.
    by
        The reviewer, as decisions shall name them.
    seed
        Of the order. Give two reviewers different seeds, so that both do not tire at the same
        pairs.
    """
    write_sheet(new_sheet(pairs, by=by, seed=seed), Path(path))


def read_review(path: str | Path) -> pd.DataFrame:
    """Read what a reviewer filled in; pairs without a decision are left out.

    Returns
    -------
    pandas.DataFrame
        ``left_source``, ``left_id``, ``right_source``, ``right_id``, ``decision``
        (must_link, cannot_link or undecided), ``by`` and ``reason``.

    Raises
    ------
    DecisionError
        The file cannot be read, lacks a column, or a decision is none of the three; file and row
        are named.
    """
    sheet = read_sheet(Path(path))[REVIEWED]
    return sheet[sheet["decision"] != ""].reset_index(drop=True)


def compare_reviews(
    first: pd.DataFrame, second: pd.DataFrame
) -> tuple[Agreement, pd.DataFrame, pd.DataFrame]:
    """Hold two blind reviews of the same pairs against each other.

    Parameters
    ----------
    first, second
        From `read_review`.

    Returns
    -------
    agreement : Agreement
        Over the pairs that both decided on.
    settled : pandas.DataFrame
        What both decided alike, for `record_decisions`; ``by`` names both.
    disputed : pandas.DataFrame
        What they did not: ``decision_first`` and ``decision_second``, for a third person.
    """
    both = first.merge(second, on=PAIR, suffixes=("_first", "_second"))
    agreement = cohen_kappa(list(both["decision_first"]), list(both["decision_second"]))
    alike = both["decision_first"] == both["decision_second"]
    reasons = both[["reason_first", "reason_second"]].agg("; ".join, axis=1).str.strip("; ")
    settled = both.loc[alike, PAIR].assign(
        decision=both["decision_first"],
        by=both["by_first"] + " and " + both["by_second"],
        reason=reasons,
    )
    disputed = both.loc[~alike, [*PAIR, "decision_first", "decision_second"]]
    return agreement, settled.reset_index(drop=True), disputed.reset_index(drop=True)


def record_decisions(reviewed: pd.DataFrame, path: str | Path, *, on: date) -> int:
    """Add decisions to a file that linkages follow; returns how many it holds then.

    Nothing is ever overwritten: a later decision on the same pair outranks an earlier one.

    Parameters
    ----------
    reviewed
        From `read_review`, or settled by `compare_reviews`.
    path
        The file; it is made, with its folder, where it is missing.
    on
        The day of the decisions.
    """
    path = Path(path)
    added = reviewed.assign(on=on.isoformat())[COLUMNS]
    earlier = pd.DataFrame(columns=COLUMNS)
    if path.exists():
        earlier = read_list(path)
    together = pd.concat([earlier, added], ignore_index=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(together, path)
    return len(together)


def worth_of(pairs: pd.DataFrame, clusters: pd.DataFrame) -> pd.DataFrame:
    """Value the decision on each pair.

    Parameters
    ----------
    pairs
        ``left_source``, ``left_id``, ``right_source``, ``right_id``, ``match_probability``.
    clusters
        ``source``, ``id``, ``entity_id``.

    Returns
    -------
    pandas.DataFrame
        ``one`` and ``other``, the entities that it concerns, and ``worth``, the record pairs that
        it is expected to put right; with the index of `pairs`.
    """
    entity = clusters.set_index(["source", "id"])["entity_id"]
    size = entity.groupby(entity).size()
    ends = [
        entity.reindex(pd.MultiIndex.from_frame(pairs[side])).to_numpy()
        for side in (PAIR[:2], PAIR[2:])
    ]
    sizes = [size.reindex(end).to_numpy() for end in ends]
    together = ends[0] == ends[1]
    # Within a cluster, a non-match separates a record from all the others.
    moved = np.where(together, sizes[0] - 1, sizes[0] * sizes[1])
    probability = pairs["match_probability"].to_numpy()
    return pd.DataFrame(
        {
            "one": np.where(ends[0] <= ends[1], ends[0], ends[1]),
            "other": np.where(ends[0] <= ends[1], ends[1], ends[0]),
            "worth": np.minimum(probability, 1 - probability) * moved,
        },
        index=pairs.index,
    )


def _side_by_side(table: pd.DataFrame, chosen: pd.DataFrame, result: LinkageResult) -> pd.DataFrame:
    records = result._records.set_index(["source", "id"])
    left, right = (
        records.loc[pd.MultiIndex.from_frame(chosen[side])] for side in (PAIR[:2], PAIR[2:])
    )
    for comparison in result.spec.comparisons:
        name = comparison.field
        table[f"{name}_left"] = left[name].to_numpy()
        table[f"{name}_differs"] = _marks(
            chosen[name].to_numpy(), left[name].to_numpy(), right[name].to_numpy()
        )
        table[f"{name}_right"] = right[name].to_numpy()
    return table


def _marks(levels: np.ndarray, left: np.ndarray, right: np.ndarray) -> Sequence[str]:
    absent = pd.isna(left) | pd.isna(right)
    marks: np.ndarray = np.select(
        [absent, left == right, levels > 0], [MISSING, SAME, CLOSE], DIFFERENT
    )
    return marks.tolist()
