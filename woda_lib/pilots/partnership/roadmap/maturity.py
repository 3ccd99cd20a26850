"""Maturity as measured: the highest level of which a dataset meets every condition up to there."""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.pilots.partnership.roadmap.access import MAY_BE_READ, REVIEW_DUE
from woda_lib.pilots.partnership.roadmap.levels import TOP
from woda_lib.pilots.partnership.roadmap.quality import (
    ACCURACY,
    GOOD,
    MEASURED,
    POOR,
    UNKNOWN,
)

_TIMELINESS = "timeliness"


def maturity(pairs: pd.DataFrame, graded: pd.DataFrame) -> pd.DataFrame:
    """Return the measured level of each dataset and what the next one lacks.

    Parameters
    ----------
    pairs : DataFrame
        ``files`` that were read, ``state`` of the agreement, ``sent``
        (*automatically* or *by hand*), and ``self_assessed``, a level.
    graded : DataFrame
        The grade of each dimension, in the same rows.

    Returns
    -------
    DataFrame
        In the same rows ``measured``, a level; ``gap``, the self-assessed level less that;
        ``lacks``, what stands between it and the next level, in words.
    """
    read = pairs["files"] > 0
    agreed = pairs["state"].isin(MAY_BE_READ)
    dimensions = graded[list(MEASURED)]
    none_poor = ~(dimensions == POOR).any(axis=1)
    enough = dimensions["validity"] != UNKNOWN
    all_good = (
        dimensions.isin([GOOD, UNKNOWN]).all(axis=1) & enough & (dimensions[_TIMELINESS] == GOOD)
    )
    short = ~dimensions.isin([GOOD, UNKNOWN])
    checked = graded[ACCURACY] == GOOD
    by_itself = pairs["sent"] == "automatically"
    reviewed = pairs["state"] != REVIEW_DUE
    rungs = np.column_stack(
        [read, agreed & none_poor & enough, all_good, checked & by_itself & reviewed]
    ).astype(int)
    measured = 1 + rungs.cumprod(axis=1).sum(axis=1)
    lacks = [
        _said(_words("a file that was read", ~read)),
        _said(
            _words("an agreement in force", ~agreed),
            _words("rows enough to judge by", ~enough),
            _better(dimensions == POOR),
        ),
        _better(short).to_numpy(dtype=object),
        _said(
            _words("a good check of accuracy", ~checked),
            _words("sending without a hand", ~by_itself),
            _words("a review of the agreement", ~reviewed),
        ),
    ]
    which = [measured == level for level in range(1, TOP)]
    return pd.DataFrame(
        {
            "measured": measured,
            "gap": pairs["self_assessed"].to_numpy(dtype=int) - measured,
            "lacks": np.select(which, lacks, ""),
        },
        index=pairs.index,
    )


def _words(words: str, where: pd.Series) -> pd.Series:
    return pd.Series(np.where(where, words, ""), index=where.index, dtype="string")


def _better(where: pd.DataFrame) -> pd.Series:
    """Name, row by row, the dimensions that must become better."""
    named = _joined([_words(name, where[name]) for name in MEASURED])
    return named.where(named == "", "better " + named)


def _said(*parts: pd.Series) -> np.ndarray:
    return _joined(list(parts)).to_numpy(dtype=object)


def _joined(parts: list[pd.Series]) -> pd.Series:
    """Join, row by row, what is not empty."""
    said = parts[0]
    for part in parts[1:]:
        comma = np.where((said != "") & (part != ""), ", ", "")
        said = said + pd.Series(comma, index=said.index, dtype="string") + part
    return said


def held_against(standing: pd.DataFrame) -> pd.DataFrame:
    """Count datasets by self-assessed and measured level.

    Returns
    -------
    DataFrame
        ``self_assessed, measured, datasets``, a row each of the 25 pairs of levels.
    """
    counted = standing.groupby(["self_assessed", "measured"]).size()
    levels = range(1, TOP + 1)
    every = pd.MultiIndex.from_product([levels, levels], names=["self_assessed", "measured"])
    return counted.reindex(every, fill_value=0).rename("datasets").reset_index()


def by_partner(standing: pd.DataFrame) -> pd.DataFrame:
    """Return each partner's levels: ``partner, datasets, own_word, measured`` (medians),
    ``higher``, datasets that it puts higher than was measured, and ``lower``."""
    grouped = standing.assign(higher=standing["gap"] > 0, lower=standing["gap"] < 0).groupby(
        "name", sort=False
    )
    table = grouped.agg(
        datasets=("dataset", "size"),
        own_word=("self_assessed", "median"),
        measured=("measured", "median"),
        higher=("higher", "sum"),
        lower=("lower", "sum"),
    )
    medians = ["own_word", "measured"]
    table[medians] = table[medians].map("{:g}".format)
    return table.reset_index().rename(columns={"name": "partner"})
