"""How good a linkage is as far as it can tell itself: precision and recall without truth.

Precision is what the match probabilities of the linked pairs promise. Recall has two parts: of the
probable matches among the pairs that were compared, the share that was linked; and of all matches,
the share that any blocking rule brought together, which capture–recapture between the rules tells.
Both are right only as far as the model is, and to be held against truth where there is any.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.decisions import PAIR
from woda_lib.linkage.identities import IdentityStore
from woda_lib.linkage.keys import Key
from woda_lib.linkage.recapture import chao
from woda_lib.linkage.sources import gather
from woda_lib.linkage.spec import LinkageSpec

SAMPLE = 20_000
"""Linked pairs that are asked which rules caught them: enough for a tenth of a per cent."""


def estimated_quality(
    store: IdentityStore,
    frames: Mapping[str, pd.DataFrame],
    spec: LinkageSpec,
    *,
    seed: int,
    sample: int = SAMPLE,
) -> dict[str, float]:
    """Estimate precision and recall of the links that a store keeps.

    Parameters
    ----------
    store
        From `link` or an update.
    frames
        The records of every source, as they were linked.
    spec
        How they were linked.
    seed, sample
        Of the pairs that are asked which blocking rules caught them, and how many at most.

    Returns
    -------
    dict of str to float
        ``precision``; ``recall``, the product of ``recall of the threshold`` and ``recall of the
        rules``, which stand beside it. Missing where nothing was linked.
    """
    linked, doubted = (_probability(pairs) for pairs in (store.links, store.doubts))
    expected, among = float(linked.sum()), float(linked.sum() + doubted.sum())
    drawn = store.links
    if len(drawn) > sample:
        drawn = drawn.sample(sample, random_state=seed)
    rules = chao(_caught(drawn, frames, spec), _probability(drawn)).recall
    threshold = expected / among if among else float("nan")
    return {
        "precision": expected / len(linked) if len(linked) else float("nan"),
        "recall": threshold * rules,
        "recall of the threshold": threshold,
        "recall of the rules": rules,
    }


def _probability(pairs: pd.DataFrame) -> npt.NDArray[np.float64]:
    return 1 / (1 + np.exp2(-pairs["log2_odds"].to_numpy(dtype=float)))


def _caught(
    pairs: pd.DataFrame, frames: Mapping[str, pd.DataFrame], spec: LinkageSpec
) -> npt.NDArray[np.bool_]:
    """Say of each pair which rules bring its records together, shape (pairs, rules)."""
    ids = {source.name: source.id for source in spec.sources}
    wanted = pd.concat([pairs[list(side)].set_axis(["source", "id"], axis=1)
                        for side in (PAIR[:2], PAIR[2:])])  # fmt: skip
    some = {
        name: frame[frame[ids[name]].astype(str).isin(wanted.loc[wanted["source"] == name, "id"])]
        for name, frame in frames.items()
        if name in ids
    }
    records = gather({name: f for name, f in some.items() if len(f)}, spec, whole=False)
    names = pd.MultiIndex.from_arrays([records["source"].astype(object), records["id"].astype(str)])
    left, right = (
        names.get_indexer(pd.MultiIndex.from_frame(pairs[list(side)]))
        for side in (PAIR[:2], PAIR[2:])
    )
    there = (left >= 0) & (right >= 0)
    columns = []
    for rule in spec.rules:
        together = there.copy()
        for key in rule:
            together &= _alike(key, records, left, right)
        columns.append(together)
    return np.column_stack(columns) if columns else np.zeros((len(pairs), 0), dtype=bool)


def _alike(
    key: Key, records: pd.DataFrame, left: npt.NDArray[np.intp], right: npt.NDArray[np.intp]
) -> npt.NDArray[np.bool_]:
    codes = pd.factorize(key.values(records))[0]
    return np.asarray((codes[left] == codes[right]) & (codes[left] >= 0))
