"""How good a linkage is: precision, recall and F1, with truth and without.

*Precision* is the share of linked pairs that are true; *recall* the share of true pairs that
were found; *F1* their harmonic mean. Shares carry Wilson's score interval (Wilson 1927), which
keeps its coverage close to 0 and 1, where linkage lives.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.errors import SourceError, nearest
from woda_lib.linkage.fellegi_sunter import Floats
from woda_lib.linkage.record_keys import places_among, record_keys

CAVEAT = (
    "Estimated by the model itself, not against truth: right only as far as the model is, and "
    "blind to matches that share no blocking rule."
)


def wilson(successes: float, trials: float, confidence: float = 0.95) -> tuple[float, float]:
    """Return Wilson's score interval of a share.

    Parameters
    ----------
    successes, trials
        Counts; no trials give (0, 1), which is all that is then known.
    confidence
        Of the interval.

    Returns
    -------
    tuple of float
        Lower and upper bound.

    References
    ----------
    Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference,
    Journal of the American Statistical Association 22, 209–212.
    """
    if trials == 0:
        return 0.0, 1.0
    from scipy.special import ndtri  # here: a linkage need not wait for scipy

    z = float(ndtri((1 + confidence) / 2))
    share = successes / trials
    centre = share + z**2 / (2 * trials)
    spread = z * np.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    scale = 1 + z**2 / trials
    return max(0.0, float(centre - spread) / scale), min(1.0, float(centre + spread) / scale)


def true_entities(records: pd.DataFrame, truth: pd.DataFrame) -> pd.Series:
    """Return the true entity of each record.

    Parameters
    ----------
    records
        Records with ``source`` and ``id``.
    truth
        One row a record: ``source``, ``id``, ``entity_id``; further columns are ignored.

    Raises
    ------
    SourceError
        `truth` lacks a column, names a record twice, or leaves a record out.
    """
    for column in ("source", "id", "entity_id"):
        if column not in truth.columns:
            raise SourceError(
                f"The truth has no column {column!r}. {nearest(column, map(str, truth.columns))}"
            )
    here, told = record_keys(records, truth)
    if repeated := int(pd.Series(told).duplicated().sum()):
        raise SourceError(f"The truth names {repeated} records more than once. Keep one row each.")
    known = truth["entity_id"].reset_index(drop=True).reindex(places_among(here, told))
    if unknown := int(known.isna().sum()):
        raise SourceError(
            f"The truth does not say who {unknown} of {len(records)} records are. Give a row of "
            f"source, id and entity_id for every record, with ids of the same type."
        )
    return known.reset_index(drop=True)


def pairs_of(groups: pd.Series | np.ndarray) -> Pairs:
    """Return every pair of positions that carry the same group label."""
    frame = pd.DataFrame({"group": np.asarray(groups)})
    shared = frame[frame.duplicated("group", keep=False)].reset_index()
    both = shared.merge(shared, on="group", suffixes=("_left", "_right"))
    both = both[both["index_left"] < both["index_right"]]
    return Pairs(both["index_left"].to_numpy(), both["index_right"].to_numpy())


def against_truth(
    records: pd.DataFrame, found: dict[str, Pairs], truth: pd.DataFrame
) -> pd.DataFrame:
    """Measure sets of pairs against the truth.

    Parameters
    ----------
    records
        Records with ``source`` and ``id``.
    found
        Name to pairs, for example the links and the pairs that share a cluster.
    truth
        See `true_entities`.

    Returns
    -------
    pandas.DataFrame
        ``of`` (the name), ``scope`` (all pairs, between sources, within sources), ``measure``
        (precision, recall, f1), ``value``, ``low``, ``high`` (95% interval; none for F1), and
        the counts behind a share, ``numerator`` and ``denominator``.
    """
    entities = true_entities(records, truth)
    true = pairs_of(pd.factorize(entities)[0])
    codes = pd.factorize(entities)[0]
    sources = pd.factorize(records["source"])[0]
    rows = []
    for name, pairs in found.items():
        right = codes[pairs.left] == codes[pairs.right]
        scope_of_found = sources[pairs.left] != sources[pairs.right]
        scope_of_true = sources[true.left] != sources[true.right]
        for scope, wanted in _SCOPES.items():
            within = np.isin(scope_of_found, wanted)
            counts = int(right[within].sum()), int(within.sum())
            total = int(np.isin(scope_of_true, wanted).sum())
            rows += _measures(name, scope, *counts, total)
    return pd.DataFrame(rows)


def without_truth(linked: Floats, candidates: Floats) -> pd.DataFrame:
    """Estimate precision and recall from the match probabilities alone.

    Parameters
    ----------
    linked
        Match probabilities of the linked pairs.
    candidates
        Match probabilities of all candidate pairs, the linked ones among them.

    Returns
    -------
    pandas.DataFrame
        ``of``, ``scope``, ``measure``, ``value``, ``caveat``.
    """
    expected = float(linked.sum())
    precision = expected / len(linked) if len(linked) else np.nan
    recall = expected / float(candidates.sum()) if candidates.sum() > 0 else np.nan
    values = {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / (precision + recall),
    }
    return pd.DataFrame(
        [
            {"of": "links", "scope": "all pairs", "measure": k, "value": v, "caveat": CAVEAT}
            for k, v in values.items()
        ]
    )


_SCOPES: dict[str, Sequence[bool]] = {
    "all pairs": (True, False),
    "between sources": (True,),
    "within sources": (False,),
}


def _measures(name: str, scope: str, right: int, linked: int, true: int) -> list[dict]:
    place = {"of": name, "scope": scope}
    rows = []
    for measure, denominator in {"precision": linked, "recall": true}.items():
        low, high = wilson(right, denominator)
        share = right / denominator if denominator else np.nan
        rows.append(
            place
            | {"measure": measure, "value": share, "low": low, "high": high}
            | {"numerator": right, "denominator": denominator}
        )
    f1 = 2 * right / (linked + true) if linked + true else np.nan
    return [*rows, place | {"measure": "f1", "value": f1, "low": np.nan, "high": np.nan}]
