"""What a store says without linking again: who is with whom, how surely, and how well it was done.

After an update there is no `LinkageResult`, because most pairs were not looked at. Everything here
is told by the store alone, so that a full relink and an update are described in the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage import quality
from woda_lib.linkage.assign import KEY, Assigned
from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.decisions import PAIR
from woda_lib.linkage.fellegi_sunter import Floats
from woda_lib.linkage.identities import IdentityStore, record_names
from woda_lib.linkage.missed import who_is_missed


def clusters_of(store: IdentityStore) -> pd.DataFrame:
    """Return who is with whom.

    Parameters
    ----------
    store
        From `link` or an update.

    Returns
    -------
    pandas.DataFrame
        A row a record that its source holds, in the order of the store: ``source, id, entity_id``
        and ``confidence``, the highest match probability with another record of the entity. A pair
        that people decided to be one counts as certain. Where a record stands alone nothing was
        matched, and confidence is missing: a store does not keep how near it came to others.
    """
    current = store.current.reset_index(drop=True)
    places = pd.Index(record_names(current))
    certain = store.decisions[store.decisions["decision"] == "must_link"]
    named = pd.concat([store.links[list(PAIR)], certain[list(PAIR)]], ignore_index=True)
    odds = np.append(store.links["log2_odds"].to_numpy(dtype=float), np.full(len(certain), np.inf))
    left, right = (
        places.get_indexer(pd.Index(record_names(named[list(side)].set_axis(KEY, axis=1))))
        for side in (PAIR[:2], PAIR[2:])
    )
    here = (left >= 0) & (right >= 0)
    entity = pd.factorize(current["entity_id"])[0]
    confidence = confidence_of(entity, Pairs(left, right).take(here), odds[here])
    return current[[*KEY, "entity_id"]].assign(confidence=confidence)


def clusters_settled(settled: Assigned, links: Pairs, odds: Floats) -> pd.DataFrame:
    """Return what `clusters_of` does, from a linkage that has just been settled.

    Parameters
    ----------
    settled
        The store, and where the records of the linkage stand in it.
    links, odds
        Pairs of positions in the table of records, and their log2 odds, infinite where people
        decided.
    """
    records = settled.store.records
    confidence = np.full(len(records), np.nan)
    confidence[settled.places] = confidence_of(settled.entity, links, odds)
    columns = {name: records[name].to_numpy(copy=True) for name in (*KEY, "entity_id")}
    told = pd.DataFrame(columns | {"confidence": confidence}, copy=False)
    if len(settled.places) == len(records):
        return told
    return told.iloc[np.sort(settled.places)].reset_index(drop=True)


def confidence_of(entity: npt.NDArray[Any], links: Pairs, odds: Floats) -> Floats:
    """Return each record's highest match probability with another of its entity.

    Parameters
    ----------
    entity
        Number of each record's entity.
    links, odds
        Linked pairs, and their log2 odds.

    Returns
    -------
    numpy.ndarray of float64, shape (records,)
        Missing where a record stands alone.
    """
    confidence = np.full(len(entity), np.nan)
    together = entity[links.left] == entity[links.right]
    probability = 1 / (1 + np.exp2(-odds[together]))
    for side in (links.left[together], links.right[together]):
        np.fmax.at(confidence, side, probability)
    return confidence


def cluster_quality(clusters: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Measure precision, recall and F1 of clusters; see `quality.against_truth`.

    Parameters
    ----------
    clusters
        ``source, id, entity_id``, as `clusters_of` returns them.
    truth
        ``source``, ``id`` and true ``entity_id`` of every record.
    """
    found = quality.pairs_of(pd.factorize(clusters["entity_id"])[0])
    return quality.against_truth(clusters, {"clusters": found}, truth)


def cluster_missed(
    clusters: pd.DataFrame,
    groups: pd.DataFrame,
    *,
    by: Sequence[str],
    truth: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Say who is missed: link rate, recall and precision by group; see `missed.who_is_missed`."""
    return who_is_missed(clusters, clusters["entity_id"].to_numpy(), groups, by, truth)
