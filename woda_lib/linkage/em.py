"""Fit the model by expectation–maximisation, from the records alone.

Method
    Winkler, W. E. (1988), Using the EM algorithm for weight computation in the Fellegi–Sunter
    model of record linkage, ASA Survey Research Methods, 667–671: EM over counts of patterns.
    Dempster, A. P., Laird, N. M. and Rubin, D. B. (1977), Maximum likelihood from incomplete
    data via the EM algorithm, JRSS B 39, 1–38: EM itself.

Three guards keep EM from learning another group than the entity, such as people of one town:

- The dependence tree of non-matches stands from the start and is fitted anew at each iteration.
  Without it, pairs that agree on two dependent fields look like matches at once. The first tree
  leaves out the pairs that agree throughout, which would be taken for dependence.
- The expectation that matches mostly agree keeps its weight as matches grow in number (a Dirichlet
  prior of so many matches for each expected one). Pairs that agree on the place and nothing else
  are explained equally well by the tree and by matches whose names are mostly wrong; without the
  prior, EM drifts to the latter. A last step without it takes its bias from m.
- People of one household bear one forename no less often than strangers do. Father and son of one
  name look like one person with two birth dates, and nothing in a pair tells which they are: EM
  would give all of them to the matches, and have households without namesakes.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from woda_lib.linkage.dependence import Dependence, fit_tree
from woda_lib.linkage.errors import LinkageWarning
from woda_lib.linkage.fellegi_sunter import Floats, LinkageModel, Patterns, log_ratio, look_up
from woda_lib.linkage.levels import Levels
from woda_lib.linkage.spec import ComparisonSpec, LinkageSpec

MOST_ITERATIONS = 500
TOLERANCE = 1e-6  # largest change of any probability at which EM stops
# Before any data, m is held to favour exact agreement, with the weight of this many matches.
PRIOR_MATCHES = 10.0
PRIOR_SHARE = 0.3  # and of so many for each match that is expected, until the last step
EXACT_AT_FIRST = 0.9
PRIOR_NON_MATCHES = 0.5  # per level: no level is impossible by chance
# Kinds on which people of one home, or businesses of one house, do not agree for being that.
OWN = frozenset({"date_of_birth", "nhs_number", "identifier", "email", "company"})
FEW = 0.1  # matches to pairs that agree throughout, below which the fields tell nobody apart
MOSTLY = 0.5  # share of matches that differ in a field, above which they may be no matches


def fit(
    candidates: Patterns, by_chance: Patterns, *, pairs: int, records: int, spec: LinkageSpec
) -> LinkageModel:
    """Estimate m, u, h and the priors.

    The space of all pairs is sampled twice. `by_chance` is a random sample of it and yields u,
    after the few matches among it have been weighed out. `candidates` holds practically every
    match, and yields m and the number of matches; because u describes all pairs and not the
    candidates, it does not matter that blocking makes candidates agree more than others do.

    Parameters
    ----------
    candidates
        Patterns of the candidate pairs.
    by_chance
        Patterns of pairs drawn at random from all that could be compared.
    pairs
        How many could be compared.
    records
        Number of records.
    spec
        The specification.

    Returns
    -------
    LinkageModel

    Warns
    -----
    LinkageWarning
        EM did not converge; it expects far fewer matches than pairs that agree on everything; or
        it expects more than there are records, and they do not look like records of one entity.
    """
    levels_exist = _levels_exist(spec.comparisons)
    favour_exact = _favour_exact(spec.comparisons)
    own_names = _own_names(spec)
    model = at_first(by_chance, pairs=pairs, records=records, spec=spec)
    for iteration in range(1, MOST_ITERATIONS + 1):
        before = model
        model = _step(
            model, candidates, by_chance, favour_exact, levels_exist, own_names, PRIOR_SHARE
        )
        change = np.abs(model.m - before.m).max()
        moved = abs(model.prior - before.prior) / before.prior
        settled = max(change, moved) < TOLERANCE
        model = replace(model, iterations=iteration, converged=settled)
        if settled:
            break
    model = _step(model, candidates, by_chance, favour_exact, levels_exist, own_names, 0.0)
    _warn_if_doubtful(model, candidates, records, spec)
    return model


def at_first(by_chance: Patterns, *, pairs: int, records: int, spec: LinkageSpec) -> LinkageModel:
    """Return the model at which EM starts, which knows strangers, and expects matches to agree.

    Parameters
    ----------
    by_chance, pairs, records, spec
        As `fit` takes them.
    """
    exact = _favour_exact(spec.comparisons)
    everyone = by_chance.tally(by_chance.counts, exact.shape)
    model = LinkageModel(
        comparisons=tuple(spec.comparisons),
        m=exact,
        u=_normalise(everyone + PRIOR_NON_MATCHES * _levels_exist(spec.comparisons)),
        h=None,
        prior=min(0.25, records / 4 / max(pairs, 1)),
        household_prior=0.0,
        household=tuple(spec.household),
        pairs=pairs,
    )
    if spec.household:
        alike = np.where(model.shared[:, None], exact, model.u)
        model = replace(model, h=alike, household_prior=model.prior)
    apart = ~((by_chance.levels != 0).all(axis=1))
    return replace(model, dependence=_tree(model, by_chance.levels, by_chance.counts * apart))


def _step(
    model: LinkageModel,
    candidates: Patterns,
    by_chance: Patterns,
    favour_exact: Floats,
    levels_exist: Floats,
    own_names: npt.NDArray[np.bool_],
    prior_share: float,
) -> LinkageModel:
    """One round of expectation and maximisation."""
    shape = model.m.shape
    match, household = _responsibilities(model, candidates.levels)
    matches = candidates.tally(match * candidates.counts, shape)
    chance_match, chance_household = _responsibilities(model, by_chance.levels)
    strangers = (1 - chance_match - chance_household) * by_chance.counts
    expected = float((match * candidates.counts).sum())
    updated = replace(
        model,
        m=_held(
            _normalise(matches + (PRIOR_MATCHES + prior_share * expected) * favour_exact),
            model.comparisons,
        ),
        u=_normalise(by_chance.tally(strangers, shape) + PRIOR_NON_MATCHES * levels_exist),
        prior=_share(expected, model.pairs),
        dependence=_tree(model, by_chance.levels, strangers),
    )
    if model.h is None:
        return updated
    together = household * candidates.counts
    h = _normalise(candidates.tally(together, shape) + PRIOR_MATCHES * model.h)
    return replace(
        updated,
        h=_with_namesakes(h, updated.u, levels_exist, own_names),
        household_prior=_share(float(together.sum()), model.pairs),
    )


def _tree(model: LinkageModel, levels: Levels, strangers: Floats) -> tuple[Dependence, ...]:
    return fit_tree(levels, strangers, model.m.shape[1], model.shared)


def _responsibilities(model: LinkageModel, levels: Levels) -> tuple[Floats, Floats]:
    """Return the probability that each pattern is a match, and that it is a household pair."""
    match = model.evidence(levels) + np.log2(model.prior)
    stranger = np.log2(1 - model.prior - model.household_prior)
    if model.h is None:
        return 1 / (1 + np.exp2(np.clip(stranger - match, -1000, 1000))), np.zeros(len(levels))
    household = look_up(log_ratio(model.h, model.u), levels).sum(axis=1)
    household = household + model.dependence_weight(levels) + np.log2(model.household_prior)
    total = np.logaddexp2(np.logaddexp2(match, household), stranger)
    return np.exp2(match - total), np.exp2(household - total)


def _shape(comparisons: list[ComparisonSpec]) -> tuple[int, int]:
    return len(comparisons), max(len(comparison.levels) for comparison in comparisons) + 1


def _levels_exist(comparisons: list[ComparisonSpec]) -> Floats:
    """1 where a comparison has the level, 0 beyond its last one."""
    number = np.array([len(comparison.levels) for comparison in comparisons])
    return (np.arange(_shape(comparisons)[1]) <= number[:, None]).astype(float)


def _favour_exact(comparisons: list[ComparisonSpec]) -> Floats:
    """Return the m at which EM starts: nine in ten at the best level, the rest evenly below."""
    exist = _levels_exist(comparisons)
    below = exist.sum(axis=1) - 1
    m = exist * ((1 - EXACT_AT_FIRST) / below)[:, None]
    m[np.arange(len(m)), below.astype(int)] = EXACT_AT_FIRST
    return m


def _held(m: Floats, comparisons: Sequence[ComparisonSpec]) -> Floats:
    """Let no more matches agree at no level than the specification says can."""
    most = np.array([comparison.most_apart for comparison in comparisons])
    apart = np.minimum(m[:, 0], most)
    held = m * ((1 - apart) / np.maximum(1 - m[:, 0], 1e-12))[:, None]
    held[:, 0] = apart
    return np.where((m[:, 0] > most)[:, None], held, m)


def _own_names(spec: LinkageSpec) -> npt.NDArray[np.bool_]:
    """Which comparisons are of names that people of one household do not share."""
    kinds, shared = spec.kinds, spec.household
    fields = [each.field for each in spec.comparisons]
    return np.array([kinds[each] == "name" and each not in shared for each in fields])


def _with_namesakes(
    h: Floats, u: Floats, levels_exist: Floats, own_names: npt.NDArray[np.bool_]
) -> Floats:
    """Let people of one household bear one name no less often than strangers do."""
    best = np.arange(h.shape[1]) == levels_exist.sum(axis=1, keepdims=True) - 1
    same, by_chance = (table[best] for table in (h, u))
    too_seldom = own_names & (same < by_chance)
    raised = h * ((1 - by_chance) / np.maximum(1 - same, 1e-12))[:, None]
    raised = np.where(best, u, raised)
    return np.where(too_seldom[:, None], raised, h)


def _normalise(totals: Floats) -> Floats:
    return totals / totals.sum(axis=1, keepdims=True)


def _share(number: float, pairs: int) -> float:
    """Keep a prior away from 0 and from 1, where logarithms end."""
    return float(np.clip(number / max(pairs, 1), 1e-12, 0.49))


def _of_one_entity(model: LinkageModel, spec: LinkageSpec) -> bool:
    """Whether the pairs that are taken for matches agree on all, and on what is one entity's own.

    Records of one group agree on what its members share, and mostly differ in something else.
    """
    own = any(spec.kinds[comparison.field] in OWN for comparison in spec.comparisons)
    return own and bool((model.m[:, 0] <= MOSTLY).all())


def _warn_if_doubtful(
    model: LinkageModel, candidates: Patterns, records: int, spec: LinkageSpec
) -> None:
    if not model.converged:
        warnings.warn(
            f"EM had not settled after {model.iterations} iterations. Look at the model's table "
            f"for levels that hardly occur, and merge them.",
            LinkageWarning,
            stacklevel=3,
        )
    best = _levels_exist(spec.comparisons).sum(axis=1) - 1
    throughout = float(candidates.counts[(candidates.levels == best).all(axis=1)].sum())
    if model.expected_matches < FEW * throughout:
        warnings.warn(
            f"{throughout:,.0f} pairs agree on all that is compared, and the model expects "
            f"{model.expected_matches:,.0f} matches, since so many agree by chance. Compare more "
            f"fields.",
            LinkageWarning,
            stacklevel=3,
        )
    # Somebody whom every source knows once has so many pairs for each record.
    expected = records * max(1.0, (len(spec.sources) - 1) / 2)
    if model.expected_matches > expected and not _of_one_entity(model, spec):
        warnings.warn(
            f"The model expects {model.expected_matches:,.0f} matching pairs among {records:,} "
            f"records. It may have learned households or another group in place of the entity: "
            f"name the fields that such groups share under 'household', or compare more fields.",
            LinkageWarning,
            stacklevel=3,
        )
