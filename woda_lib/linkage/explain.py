"""Why two records are, or are not, taken for one: what each comparison says, in bits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.decisions import PAIR
from woda_lib.linkage.errors import SourceError
from woda_lib.linkage.fellegi_sunter import LinkageModel
from woda_lib.linkage.frequency import TermFrequencies
from woda_lib.linkage.identities import record_names
from woda_lib.linkage.model_file import require_fit
from woda_lib.linkage.score import Scorer, Scores
from woda_lib.linkage.sources import gather
from woda_lib.linkage.spec import LinkageSpec

COLUMNS = ["comparison", "level", "meaning", "m", "u", "term_frequency", "weight", "total"]


def explained(scores: Scores, spec: LinkageSpec, pair: int = 0) -> pd.DataFrame:
    """Return how the evidence about one of some scored pairs adds up.

    Parameters
    ----------
    scores
        Of the pairs.
    spec
        The specification that they were compared by.
    pair
        Which of them.

    Returns
    -------
    pandas.DataFrame
        See `LinkageResult.explain`.
    """
    model = scores.model
    rows: list[dict[str, Any]] = [
        {
            "comparison": "prior",
            "meaning": "any two records that could be compared",
            "weight": np.log2(model.prior / (1 - model.prior)),
        }
    ]
    rows += [_comparison(place, scores, spec, pair) for place in range(len(spec.comparisons))]
    if model.dependence:
        rows.append(
            {
                "comparison": "dependence",
                "meaning": "agreements that go together among strangers",
                "weight": scores.dependence[pair],
            }
        )
    if model.h is not None:
        rows.append(
            {
                "comparison": "household",
                "meaning": "two people of one household would look alike too",
                "weight": scores.household[pair],
            }
        )
    table = pd.DataFrame(rows)
    table["level"] = table["level"].astype("Int64")
    table["total"] = table["weight"].cumsum()
    return table.reindex(columns=COLUMNS)


def explain_pairs(
    pairs: pd.DataFrame,
    frames: Mapping[str, pd.DataFrame],
    spec: LinkageSpec,
    model: LinkageModel,
    frequencies: TermFrequencies,
) -> list[pd.DataFrame]:
    """Explain pairs by a model that was kept, without linking again.

    Few records are compared here, so that this takes no compiled kernel and no second.

    Parameters
    ----------
    pairs
        ``left_source, left_id, right_source, right_id``.
    frames
        The records that the pairs name, by source, as `link` was given them; others do no harm.
    spec, model
        As in the linkage that made the pairs.
    frequencies
        How many records held each value then: of the store.

    Returns
    -------
    list of pandas.DataFrame
        One a pair, in their order; see `LinkageResult.explain`.

    Raises
    ------
    SourceError
        A pair names a record that is not there.
    ModelError
        The model was fitted under another specification.
    """
    from woda_lib.linkage.compare import Comparer  # here: recordlinkage takes a second to start

    if pairs.empty:
        return []
    spec = require_fit(model, spec)
    records = gather(frames, spec, whole=False)
    places = pd.Index(record_names(records))
    left, right = (
        places.get_indexer(
            pd.Index(record_names(pairs[list(side)].set_axis(["source", "id"], axis=1)))
        )
        for side in (PAIR[:2], PAIR[2:])
    )
    if lost := int(((left < 0) | (right < 0)).sum()):
        raise SourceError(
            f"{lost} of {len(pairs)} pairs name a record that is not among the records given. "
            "Give the records as they were when the pairs were linked."
        )
    scorer = Scorer(records, spec, Comparer(records, spec), model, frequencies)
    scores = scorer.score(Pairs(left.astype(np.int64), right.astype(np.int64)))
    return [explained(scores, spec, pair) for pair in range(len(pairs))]


def _comparison(place: int, scores: Scores, spec: LinkageSpec, pair: int) -> dict[str, Any]:
    """One comparison's row."""
    comparison, model = spec.comparisons[place], scores.model
    level = int(scores.levels[pair, place])
    row: dict[str, Any] = {"comparison": comparison.field, "level": level}
    if level < 0:
        return row | {"meaning": "missing", "weight": 0.0}
    frequency = float(scores.frequency[place][pair]) if place in scores.frequency else 0.0
    return row | {
        "meaning": comparison.meanings[level],
        "m": model.m[place, level],
        "u": model.u[place, level],
        "term_frequency": frequency,
        "weight": scores.weights[pair, place] + frequency,
    }
