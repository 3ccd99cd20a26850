"""Link and de-duplicate sources: the one function that does the whole of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from woda_lib.linkage.blocking import (
    Pairs,
    candidate_pairs,
    possible_pairs,
    random_pairs,
    source_numbers,
)
from woda_lib.linkage.cluster import Labels, cluster
from woda_lib.linkage.compare import Comparer
from woda_lib.linkage.em import fit
from woda_lib.linkage.errors import LinkageError, nearest
from woda_lib.linkage.fellegi_sunter import Floats, Patterns
from woda_lib.linkage.quality import true_entities
from woda_lib.linkage.result import LinkageResult
from woda_lib.linkage.score import Scorer, Scores
from woda_lib.linkage.sources import gather
from woda_lib.linkage.spec import LinkageSpec

ENGINES = ("recordlinkage",)


def link(
    frames: Mapping[str, pd.DataFrame],
    spec: LinkageSpec,
    *,
    engine: Literal["recordlinkage"] = "recordlinkage",
    truth: pd.DataFrame | None = None,
) -> LinkageResult:
    """Find the records that are about the same entity, within and between sources.

    Candidate pairs share a blocking rule; their fields are compared at graded levels; a
    Fellegi–Sunter model fitted by EM weighs the levels; linked pairs are grouped into entities.

    Parameters
    ----------
    frames
        A table for each source that the specification names; one source is de-duplicated.
    spec
        The specification.
    engine
        What makes pairs and compares them.
    truth
        For measuring only, never for fitting: ``source``, ``id`` and true ``entity_id`` of
        every record. `LinkageResult.quality` then uses it.

    Returns
    -------
    LinkageResult

    Raises
    ------
    SourceError
        A source or the truth does not fit the specification.
    BlockingError
        A blocking rule would make too many pairs.
    LinkageError
        There is no such engine.

    Examples
    --------
    >>> spec = LinkageSpec.from_yaml("parameters/linkage/people.yaml")  # doctest: +SKIP
    >>> result = link({"hospital": patients, "council": clients}, spec)  # doctest: +SKIP
    >>> result.clusters.head()  # doctest: +SKIP
    """
    if engine not in ENGINES:
        raise LinkageError(f"There is no linkage engine {engine!r}. {nearest(engine, ENGINES)}")
    records = gather(frames, spec)
    if truth is not None:
        true_entities(records, truth)  # a truth that does not fit is refused before the work
    sources = source_numbers(records, spec)
    candidates, blocking = candidate_pairs(records, spec)
    comparer = Comparer(records, spec)
    levels = comparer.levels(candidates)
    model = fit(
        Patterns.count(levels),
        Patterns.count(comparer.levels(random_pairs(sources, spec))),
        pairs=int(possible_pairs(sources, spec)["pairs"].sum()),
        records=len(records),
        spec=spec,
    )
    scorer = Scorer(records, spec, comparer, model)
    scores = scorer.score(candidates, levels)
    linked = scores.probability >= spec.thresholds.link
    reviewed = (scores.probability >= spec.thresholds.review) & ~linked
    links = candidates.take(linked)
    labels = cluster(len(records), links, scorer.log2_odds(links), scorer.log2_odds)
    records["entity_id"] = _entity_ids(records, labels, spec.entity)
    clusters = records[["source", "id", "entity_id"]].assign(
        confidence=_confidence(len(records), candidates, scores.probability, labels)
    )
    return LinkageResult(
        links=_pair_table(records, candidates, scores, linked, spec),
        review=_pair_table(records, candidates, scores, reviewed, spec),
        clusters=clusters,
        model=model,
        blocking=blocking,
        spec=spec,
        truth=truth,
        _records=records,
        _candidates=candidates,
        _scores=scores,
        _scorer=scorer,
    )


def _pair_table(
    records: pd.DataFrame,
    pairs: Pairs,
    scores: Scores,
    chosen: np.ndarray,
    spec: LinkageSpec,
) -> pd.DataFrame:
    """Write pairs out with the names of their records, most probable first."""
    kept = pairs.take(chosen)
    columns: dict[str, np.ndarray] = {}
    for side, positions in {"left": kept.left, "right": kept.right}.items():
        columns[f"{side}_source"] = records["source"].to_numpy()[positions]
        columns[f"{side}_id"] = records["id"].to_numpy()[positions]
    columns["match_weight"] = scores.match_weight[chosen]
    columns["match_probability"] = scores.probability[chosen]
    columns |= dict(zip(spec.comparison_names, scores.levels[chosen].T, strict=True))
    table = pd.DataFrame(columns)
    return table.sort_values("match_weight", ascending=False, kind="stable", ignore_index=True)


def _entity_ids(records: pd.DataFrame, labels: Labels, entity: str) -> np.ndarray:
    """Name each cluster after its smallest member, by a hash of that member's source and id."""
    names = records["source"].astype(str) + "\x1f" + records["id"].astype(str)
    hashes = pd.util.hash_array(names.to_numpy(dtype=object), categorize=False)
    texts = pd.Series(hashes).map(lambda number: f"{entity}-{number:016x}")
    return texts.to_numpy(dtype=object)[labels]


def _confidence(number: int, pairs: Pairs, probability: Floats, labels: Labels) -> Floats:
    """Return the probability of the best link in the cluster, or of standing alone."""
    inside = labels[pairs.left] == labels[pairs.right]
    together, elsewhere = np.zeros(number), np.zeros(number)
    for best, chosen in ((together, inside), (elsewhere, ~inside)):
        for side in (pairs.left, pairs.right):
            np.maximum.at(best, side[chosen], probability[chosen])
    alone = np.bincount(labels, minlength=number)[labels] == 1
    return np.where(alone, 1 - elsewhere, together)
