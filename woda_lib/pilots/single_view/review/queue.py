"""The pairs of records that wait for a decision, the one that is worth most first.

A pair waits where the model neither rules it out nor is sure of it, and where nobody has decided on
it yet. What a decision is worth is the number of record pairs that it is expected to put right; see
`woda_lib.linkage.review`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.linkage.decisions import PAIR
from woda_lib.linkage.review import worth_of

SURE = 0.99
"""Match probability from which a link is not asked about."""


def waiting(
    links: pd.DataFrame,
    doubts: pd.DataFrame,
    records: pd.DataFrame,
    decisions: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the pairs that wait, the one whose decision is worth most first.

    Parameters
    ----------
    links, doubts
        `left_source, left_id, right_source, right_id, log2_odds`, as the build saves them.
    records
        `dataset, local_id, entity_id`.
    decisions
        In force; pairs that are decided do not wait.

    Returns
    -------
    DataFrame
        `left_source, left_id, right_source, right_id, match_probability, one, other` (the persons
        that the records are of now), `worth`. Of several pairs of the same two persons the one that
        is worth most waits; its decision settles the others at the next build.
    """
    texts = dict.fromkeys(PAIR, str)
    unsure = links[links["log2_odds"] < np.log2(SURE / (1 - SURE))]
    pairs = pd.concat([unsure, doubts], ignore_index=True)[[*PAIR, "log2_odds"]].astype(texts)
    pairs["match_probability"] = 1 / (1 + np.exp2(-pairs.pop("log2_odds")))
    clusters = records[["dataset", "local_id", "entity_id"]].astype(str)
    clusters = clusters.set_axis(["source", "id", "entity_id"], axis=1)
    pairs = pairs[_known(pairs, clusters) & ~_decided(pairs, decisions)].reset_index(drop=True)
    table = pairs.join(worth_of(pairs, clusters))
    table = table.sort_values(["worth", *PAIR], ascending=[False, *[True] * len(PAIR)])
    return table.drop_duplicates(["one", "other"], ignore_index=True)


def _known(pairs: pd.DataFrame, clusters: pd.DataFrame) -> np.ndarray:
    """Which pairs are of two records that this step is shown; whoever opted out is not there."""
    there = pd.MultiIndex.from_frame(clusters[["source", "id"]])
    sides = (pd.MultiIndex.from_frame(pairs[side]) for side in (PAIR[:2], PAIR[2:]))
    return np.logical_and.reduce([side.isin(there) for side in sides])


def _decided(pairs: pd.DataFrame, decisions: pd.DataFrame | None) -> np.ndarray:
    if decisions is None or decisions.empty:
        return np.zeros(len(pairs), dtype=bool)
    turned = decisions[[*PAIR[2:], *PAIR[:2]]].set_axis(PAIR, axis=1)
    either = pd.MultiIndex.from_frame(pd.concat([decisions[PAIR], turned]).astype(str))
    found: np.ndarray = pd.MultiIndex.from_frame(pairs[PAIR]).isin(either)
    return found
