"""A first round of linkage, for what only clusters can teach: the aliases that a second one knows.

It costs as much as the linkage itself, and is run only for specifications with a level ``alias``.
"""

from __future__ import annotations

from functools import partial

import pandas as pd

from woda_lib.linkage.aliases import knowing, learn_aliases
from woda_lib.linkage.blocking import number_possible
from woda_lib.linkage.cluster import Labels, cluster
from woda_lib.linkage.em import fit
from woda_lib.linkage.engines import Compared, compared_by, strangers
from woda_lib.linkage.fellegi_sunter import LinkageModel
from woda_lib.linkage.score import Scorer
from woda_lib.linkage.spec import LinkageSpec


def learn(records: pd.DataFrame, spec: LinkageSpec, engine: str) -> LinkageSpec:
    """Return the specification with the aliases that a first round of linkage teaches.

    Parameters
    ----------
    records
        Standardised records, as `sources.gather` returns them.
    spec
        The specification; one without a level ``alias`` is returned as it is.
    engine
        ``fast`` or ``recordlinkage``, which learn the same.
    """
    fields = [each.field for each in spec.comparisons if each.knows_aliases and each.learns_aliases]
    if not fields or engine == "splink":
        return spec
    return knowing(spec, learn_aliases(records, _clusters(records, spec, engine), fields))


def fitted(compared: Compared, records: pd.DataFrame, spec: LinkageSpec) -> LinkageModel:
    """Fit the model to what an engine compared; see `em.fit` for errors and warnings.

    Parameters
    ----------
    compared
        The candidate pairs.
    records
        Standardised records.
    spec
        The specification.
    """
    return fit(
        compared.candidates,
        compared.by_chance or strangers(compared.comparer, records, spec),
        pairs=number_possible(records, spec),
        records=len(records),
        spec=spec,
    )


def _clusters(records: pd.DataFrame, spec: LinkageSpec, engine: str) -> Labels:
    with compared_by(engine, records, spec) as compared:
        model = fitted(compared, records, spec)
        scorer = Scorer(records, spec, compared.comparer, model)
        likely, patterns = compared.likely(model)
        scores = scorer.score(likely, patterns)
        linked = scores.probability >= spec.thresholds.link
        odds = scorer.with_vetoes(likely.take(linked), scores.match_weight[linked])
        known = partial(scorer.log2_odds, known=scores)
        return cluster(len(records), likely.take(linked), odds, known)
