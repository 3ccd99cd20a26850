"""What kinds of mistakes a linkage makes, where the truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.linkage.block_sizes import rule_codes
from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.errors import SourceError
from woda_lib.linkage.quality import pairs_of, true_entities
from woda_lib.linkage.result import LinkageResult

NO_RULE = "shares no blocking rule"
LITTLE = "too little evidence"
APART = "linked, but kept apart by the cluster"
HOUSEHOLD = "people of one household"
THROUGH = "joined through a third record"
ALIKE = "two people who look like one"


def mistakes(result: LinkageResult, truth: pd.DataFrame | None = None) -> pd.DataFrame:
    """Count the wrong and the missed pairs of the clusters by what went wrong.

    Parameters
    ----------
    result
        A linkage.
    truth
        ``source``, ``id`` and true ``entity_id`` of every record; by default what `link` was given.

    Returns
    -------
    pandas.DataFrame
        ``mistake`` (missed or wrong), ``because`` and ``pairs``, in a fixed order.

    Raises
    ------
    SourceError
        There is no truth, or it does not fit.
    """
    truth = result.truth if truth is None else truth
    if truth is None:
        raise SourceError("Mistakes are known only against the truth: give it as 'truth'.")
    records = result._records
    true = pd.factorize(true_entities(records, truth))[0]
    found = pd.factorize(records["entity_id"])[0]
    missed, wrong = _only(true, found), _only(found, true)
    rows = [
        *_tally("missed", _why_missed(missed, result), (NO_RULE, LITTLE, APART)),
        *_tally("wrong", _why_wrong(wrong, result), (HOUSEHOLD, THROUGH, ALIKE)),
    ]
    return pd.DataFrame(rows, columns=["mistake", "because", "pairs"])


def _only(groups: np.ndarray, others: np.ndarray) -> Pairs:
    """The pairs that share a group and not one of the others."""
    pairs = pairs_of(groups)
    return pairs.take(others[pairs.left] != others[pairs.right])


def _why_missed(pairs: Pairs, result: LinkageResult) -> np.ndarray:
    shared = np.zeros(len(pairs), dtype=bool)
    for rule in result.spec.rules:
        block = rule_codes(result._records, rule)
        shared |= (block[pairs.left] >= 0) & (block[pairs.left] == block[pairs.right])
    linked = _linked(pairs, result)
    return np.select([~shared, ~linked], [NO_RULE, LITTLE], APART)


def _why_wrong(pairs: Pairs, result: LinkageResult) -> np.ndarray:
    home = np.full(len(pairs), bool(result.spec.household))
    for name in result.spec.household:
        values = result._records[name].to_numpy()
        home &= (values[pairs.left] == values[pairs.right]) & pd.notna(values[pairs.left])
    linked = _linked(pairs, result)
    return np.select([home, ~linked], [HOUSEHOLD, THROUGH], ALIKE)


def _linked(pairs: Pairs, result: LinkageResult) -> np.ndarray:
    if not len(pairs):
        return np.zeros(0, dtype=bool)
    linked: np.ndarray = result._scorer.score(pairs).probability >= result.spec.thresholds.link
    return linked


def _tally(mistake: str, reasons: np.ndarray, known: tuple[str, ...]) -> list[tuple]:
    return [(mistake, because, int((reasons == because).sum())) for because in known]
