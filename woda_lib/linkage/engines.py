"""The engines that make candidate pairs and compare them; the model and what follows are one.

``fast`` compiles a kernel for the specification (see `woda_lib.linkage.fast`). ``recordlinkage`` is
the reference that it is held against: the same pairs and the same levels, a step at a time.
``splink`` leaves pairs, levels, a first score and clusters to Splink on DuckDB or Spark (see
`splink_engine`).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd

from woda_lib.linkage.blocking import (
    Pairs,
    candidate_pairs,
    number_possible,
    random_pairs,
    source_numbers,
)
from woda_lib.linkage.cluster import Labels
from woda_lib.linkage.em import at_first
from woda_lib.linkage.errors import LinkageWarning
from woda_lib.linkage.fellegi_sunter import Floats, LinkageModel, Patterns
from woda_lib.linkage.levels import Levels
from woda_lib.linkage.spec import LinkageSpec
from woda_lib.linkage.stages import stage

if TYPE_CHECKING:
    from woda_lib.linkage.splink_engine import SplinkRun
    from woda_lib.linkage.splink_settings import Backend

# Engines fast and splink write out no pair that is less probable than this.
LEAST_PROBABILITY = 1e-3


class PairComparer(Protocol):
    """Compares any pairs of one table of records."""

    def levels(self, pairs: Pairs) -> Levels:
        """Return comparison vectors, shape (pairs, comparisons); −1 is missing."""

    def patterns(self, pairs: Pairs) -> Patterns:
        """Return the distinct comparison vectors, and which of them each pair shows."""

    def spare(self) -> None:
        """Let go of what is quickly made again, until more pairs are to be compared."""


@dataclass(frozen=True)
class Compared:
    """The candidate pairs of one table of records, compared.

    Attributes
    ----------
    comparer
        Compares further pairs.
    candidates
        Patterns of the candidate pairs.
    blocking
        Pairs by rule; see `blocking.candidate_pairs`.
    likely
        From a model to the candidates that it gives some chance of being matches, ordered by
        position, with their patterns where they are at hand.
    cluster
        From links and their match probabilities to labels, where the engine clusters itself.
    by_chance
        Patterns of `strangers`, where the engine has compared them already.
    """

    comparer: PairComparer
    candidates: Patterns
    blocking: pd.DataFrame
    likely: Callable[[LinkageModel], tuple[Pairs, Patterns | None]]
    cluster: Callable[[Pairs, Floats], Labels] | None = None
    by_chance: Patterns | None = None


def comparer_of(engine: str, records: pd.DataFrame, spec: LinkageSpec) -> PairComparer:
    """Return what compares any pairs of records, by engine ``fast`` or by the reference."""
    if engine == "fast":
        from woda_lib.linkage.fast import FastComparer  # here: numba takes a second to start

        return FastComparer(records, spec)
    from woda_lib.linkage.compare import Comparer  # here: recordlinkage takes two seconds to start

    return Comparer(records, spec)


def compare_fast(
    records: pd.DataFrame, spec: LinkageSpec, model: LinkageModel | None = None
) -> Compared:
    """Compare with engine ``fast``."""
    # Imported here: numba takes a second to start, which other engines need not wait for.
    from woda_lib.linkage.fast import FastComparer, Tape, block
    from woda_lib.linkage.fast.threads import meanwhile

    drawn = None
    if model is None:
        drawn = meanwhile(lambda: random_pairs(source_numbers(records, spec), spec))
    comparer = FastComparer(records, spec)
    blocking = block(comparer.encoded, spec, Tape.BYTES_A_PAIR)
    stage("compare")
    by_chance, log2_odds = None, least_log2_odds(spec)
    if drawn is not None:
        by_chance = strangers(comparer, records, spec, drawn())
        model = expected(by_chance, records, spec)
    tape = Tape(comparer, blocking, model, log2_odds)

    def likely(model: LinkageModel) -> tuple[Pairs, Patterns]:
        if tape.has_likely(model, log2_odds):
            return tape.likely(model, log2_odds)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", LinkageWarning)  # of blocks: it has been given
            again = block(comparer.encoded, spec, Tape.BYTES_A_PAIR)
        return Tape(comparer, again, model, log2_odds).likely(model, log2_odds)

    return Compared(comparer, tape.patterns, blocking.report(tape.new), likely, by_chance=by_chance)


def least_log2_odds(spec: LinkageSpec) -> float:
    """Return the log2 odds from which engine ``fast`` writes a pair out."""
    least = min(LEAST_PROBABILITY, spec.thresholds.review)
    return float(np.log2(least / (1 - least)))


def expected(by_chance: Patterns, records: pd.DataFrame, spec: LinkageSpec) -> LinkageModel:
    """Return what is known of the model before any pair is compared but `strangers`."""
    number = number_possible(records, spec)
    return at_first(by_chance, pairs=number, records=len(records), spec=spec)


def strangers(
    comparer: PairComparer, records: pd.DataFrame, spec: LinkageSpec, drawn: Pairs | None = None
) -> Patterns:
    """Return the patterns of pairs drawn at random, of which hardly any are matches.

    `drawn` saves the drawing where it has been done.
    """
    found = comparer.patterns(
        random_pairs(source_numbers(records, spec), spec) if drawn is None else drawn
    )
    return replace(found, where=np.empty(0, dtype=np.int64))  # which of them show one is no matter


def compare_by_recordlinkage(
    records: pd.DataFrame, spec: LinkageSpec, model: LinkageModel | None = None
) -> Compared:
    """Compare with engine ``recordlinkage``; every candidate counts as likely."""
    from woda_lib.linkage.compare import Comparer  # here: recordlinkage takes two seconds to start

    candidates, report = candidate_pairs(records, spec)
    stage("compare")
    comparer = Comparer(records, spec)
    patterns = comparer.patterns(candidates)
    return Compared(comparer, patterns, report, lambda model: (candidates, patterns))


COMPARERS: dict[str, Callable[[pd.DataFrame, LinkageSpec, LinkageModel | None], Compared]] = {
    "fast": compare_fast,
    "recordlinkage": compare_by_recordlinkage,
}
ENGINES = (*COMPARERS, "splink")


@contextmanager
def compared_by(
    engine: str,
    records: pd.DataFrame,
    spec: LinkageSpec,
    *,
    model: LinkageModel | None = None,
    backend: Backend = "duckdb",
    session: Any = None,
    master: str | None = None,
) -> Iterator[Compared]:
    """Compare the candidate pairs with an engine; what it had to open is closed at the end.

    Parameters
    ----------
    engine
        One of `ENGINES`.
    records
        Standardised records, as `sources.gather` returns them.
    spec
        The specification.
    model
        What the pairs will be weighed by, where that is known before they are compared.
    backend, session, master
        For engine ``splink``; see `splink_engine.open_splink`.
    """
    if engine in COMPARERS:
        yield COMPARERS[engine](records, spec, model)
        return
    from woda_lib.linkage.splink_engine import open_splink  # here: few linkages are Splink's

    with open_splink(records, spec, backend=backend, session=session, master=master) as run:
        yield _compared_by_splink(run, records, spec)


def _compared_by_splink(run: SplinkRun, records: pd.DataFrame, spec: LinkageSpec) -> Compared:
    from woda_lib.linkage.fast import FastComparer  # here for the reason above

    stage("compare")
    comparer = FastComparer(records, spec)
    least = min(LEAST_PROBABILITY, spec.thresholds.review)
    return Compared(
        comparer,
        run.patterns(),
        run.blocking(),
        lambda model: (run.scores(model, least).pairs, None),
        run.cluster,
    )
