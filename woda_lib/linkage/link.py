"""Link and de-duplicate sources: the one function that does the whole of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.cluster import Labels, cluster
from woda_lib.linkage.decisions import constraints
from woda_lib.linkage.engines import ENGINES, compared_by
from woda_lib.linkage.entities import Entities, Firsts
from woda_lib.linkage.errors import LinkageError, nearest
from woda_lib.linkage.fellegi_sunter import Floats, LinkageModel
from woda_lib.linkage.history import History
from woda_lib.linkage.identities import IdentityStore
from woda_lib.linkage.model_file import require_fit
from woda_lib.linkage.quality import true_entities
from woda_lib.linkage.result import LinkageResult
from woda_lib.linkage.rounds import fitted, learn
from woda_lib.linkage.score import Scorer
from woda_lib.linkage.sources import gather
from woda_lib.linkage.spec import LinkageSpec
from woda_lib.linkage.spent import give_back
from woda_lib.linkage.stages import shown_stages, stage

if TYPE_CHECKING:
    from woda_lib.linkage.splink_settings import Backend

MANY = 50_000  # records from which memory is given back between steps, which takes milliseconds


def link(
    frames: Mapping[str, pd.DataFrame],
    spec: LinkageSpec,
    *,
    engine: Literal["fast", "recordlinkage", "splink"] = "fast",
    backend: Backend = "duckdb",
    session: Any = None,
    master: str | None = None,
    truth: pd.DataFrame | None = None,
    model: LinkageModel | None = None,
    previous: IdentityStore | None = None,
    on: date | None = None,
    run: str = "",
    progress: bool | None = None,
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
        What makes pairs and compares them; see `engines`. The first linkage under new comparisons
        takes some seconds longer with ``fast``, which compiles a kernel for them and keeps it.
        ``splink`` needs the extra of that name, and its clusters are Splink's: a decision that
        two records are different drops their link, but not a way round it through a third.
    backend, session, master
        Where engine ``splink`` runs: ``"duckdb"``, or ``"spark"`` with a Spark session or the
        URL of a master; see `splink_engine.open_splink`.
    truth
        For measuring only, never for fitting: ``source``, ``id`` and true ``entity_id`` of
        every record. `LinkageResult.quality` then uses it.
    model
        A model fitted before, to be used as it is; by default one is fitted.
    previous
        The store of the linkage before. Clusters then keep the ``entity_id`` that their records
        had in it, and its decisions count beside those of the specification's files.
    on, run
        Date and name of this run, for the events of ``result.store``.
    progress
        Whether to show the stages as they pass; by default in a terminal only, and never in a
        scheduled run.

    Returns
    -------
    LinkageResult

    Raises
    ------
    SourceError
        A source or the truth does not fit the specification.
    BlockingError
        The blocking rules would make more pairs than ``max_pairs`` or the memory allow. This is
        found out before any pair is made; the message says which key is to blame.
    DecisionError
        People's decisions cannot be read, or contradict each other.
    ModelError
        `model` was fitted under another specification.
    LinkageError
        There is no such engine, what it needs is not installed, or `previous` was given
        without the date `on`.

    Examples
    --------
    >>> spec = LinkageSpec.from_yaml("parameters/linkage/people.yaml")  # doctest: +SKIP
    >>> result = link({"hospital": patients, "council": clients}, spec)  # doctest: +SKIP
    >>> result.clusters.head()  # doctest: +SKIP
    """
    if engine not in ENGINES:
        raise LinkageError(f"There is no linkage engine {engine!r}. {nearest(engine, ENGINES)}")
    if engine != "splink" and (backend, session, master) != ("duckdb", None, None):
        raise LinkageError(
            f"backend, session and master are for engine 'splink', and the engine is {engine!r}. "
            f"Add engine='splink', or leave them out."
        )
    with shown_stages(progress):
        history = History.begin(spec, previous, on, run)
        if model is not None:
            spec = require_fit(model, spec)
        stage("standardise")
        records = gather(frames, spec)
        del frames  # tables that nobody else holds are not held while their records are linked
        _give_back_after(records)
        return _linked(
            records, spec, engine, backend, session, master, truth, model, previous is None, history
        )


def _linked(
    records: pd.DataFrame,
    spec: LinkageSpec,
    engine: str,
    backend: Backend,
    session: Any,
    master: str | None,
    truth: pd.DataFrame | None,
    model: LinkageModel | None,
    first: bool,
    history: History,
) -> LinkageResult:
    constraint = constraints(records, history.previous.decisions)
    if truth is not None:
        true_entities(records, truth)  # a truth that does not fit is refused before the work
    stage("block")
    if model is None:
        spec = learn(records, spec, engine)
    with compared_by(
        engine, records, spec, model=model, backend=backend, session=session, master=master
    ) as compared:
        stage("fit")
        if model is None:
            model = fitted(compared, records, spec)
        stage("score")
        scorer = Scorer(records, spec, compared.comparer, model)
        # Decided pairs join after the fit, because they are no sample of any.
        likely, patterns = compared.likely(model)
        blocking, cluster_by = compared.blocking, compared.cluster
        del compared  # the tape and the slots, which nothing below needs
        _give_back_after(records)
        candidates, proposed = constraint.with_must(likely)
        scores = scorer.score(candidates, patterns if len(candidates) == len(likely) else None)
        scores = replace(scores, probability=constraint.probability(candidates, scores.probability))
        linked = scores.probability >= spec.thresholds.link
        links = candidates.take(linked)

        def odds(pairs: Pairs) -> Floats:
            return constraint.odds(pairs, scorer.log2_odds(pairs, scores))

        stage("cluster")
        if cluster_by is None:
            known = constraint.odds(links, scorer.with_vetoes(links, scores.match_weight[linked]))
            labels = cluster(len(records), links, known, odds)
            del known
        else:
            labels = cluster_by(links, scores.probability[linked])
        del links
    scorer.spare()
    _give_back_after(records)
    confidence, entities, named = _named(
        spec, records, candidates, scores.probability, labels, first=first
    )
    del labels
    identities = None
    if entities is not None:
        identities = history.named(records, entities, spec)
        named = identities.of_each()
    del entities
    records = _beside(records, entity_id=named)
    clusters = _beside(
        records[["source"]].astype(object),
        **{name: records[name].copy() for name in ("id", "entity_id")},
        confidence=confidence,
    )
    _give_back_after(records)
    return LinkageResult(
        clusters=clusters,
        model=model,
        blocking=blocking,
        spec=spec,
        truth=truth,
        _records=records,
        _candidates=candidates,
        _scores=scores,
        _scorer=scorer,
        _odds=odds,
        _proposed=proposed,
        _must=constraint.must,
        _history=history,
        _identities=identities,
    )


def _beside(table: pd.DataFrame, **columns: Any) -> pd.DataFrame:
    """Put columns beside those of a table, none of which is copied, as `assign` would."""
    return pd.DataFrame({name: table[name] for name in table} | columns, copy=False)


def _give_back_after(records: pd.DataFrame) -> None:
    """Let go of what a step over many records took, before the next one asks for its own.

    After the last step it is the caller who asks next, to write clusters say.
    """
    if len(records) >= MANY:
        give_back()


def _named(
    spec: LinkageSpec,
    records: pd.DataFrame,
    pairs: Pairs,
    probability: Floats,
    labels: Labels,
    *,
    first: bool,
) -> tuple[Floats, Entities | None, Any]:
    """Return how sure each record's cluster is, and the clusters.

    In a first linkage, for whose names there is no history, the name of each record's cluster.
    """
    from woda_lib.linkage.fast.threads import at_once  # here: numba takes a while to start

    firsts = Firsts.of(records, labels)
    confidence, entities, named = at_once(
        lambda: _confidence(len(records), pairs, probability, labels),
        lambda: None if first else firsts.entities(spec.entity),
        lambda: firsts.of_each(spec.entity) if first else None,
    )
    return confidence, entities, named


def _confidence(number: int, pairs: Pairs, probability: Floats, labels: Labels) -> Floats:
    """Return the probability of the best link in the cluster, or of standing alone."""
    from woda_lib.linkage.fast.components import best_chances  # here for the reason above

    best, alone = best_chances(number, pairs.left, pairs.right, probability, labels)
    return np.where(alone, 1 - best, best)
