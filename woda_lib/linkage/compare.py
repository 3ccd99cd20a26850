"""Comparison levels of record pairs, through recordlinkage's Compare.

Names and dates repeat, so each distinct pair of values is compared once and its level handed to
all record pairs that hold it. The smaller value of a pair always stands left, which makes every
comparison symmetric whatever the order of the records.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import recordlinkage
from recordlinkage.base import BaseCompareFeature

from woda_lib.linkage.aliases import are_aliases
from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.fellegi_sunter import Patterns
from woda_lib.linkage.levels import (
    MISSING,
    ROUNDING,
    Levels,
    Scores,
    Texts,
    nothing_learned,
    similarity,
)
from woda_lib.linkage.spec import ComparisonSpec, LinkageSpec


class LevelFeature(BaseCompareFeature):
    """One comparison of a specification as a recordlinkage compare algorithm.

    Parameters
    ----------
    comparison
        The field and its levels.
    kind
        The kind of the field.

    Notes
    -----
    The columns must be categorical; a field and the field it may be swapped with must share
    their categories, in sorted order. `Comparer` sees to both.
    """

    def __init__(self, comparison: ComparisonSpec, kind: str) -> None:
        self.comparison = comparison
        self.kind = kind
        self.others = [level.other for level in comparison.levels if level.other is not None]
        labels = [comparison.field, *self.others]
        super().__init__(labels, labels, label=comparison.field)

    def _compute_vectorized(self, *columns: pd.Series) -> Levels:
        """Return the level of every pair: left columns first, then the right ones."""
        half = len(columns) // 2
        codes = [column.cat.codes.to_numpy(dtype=np.int64) for column in columns]
        left, right = codes[0], codes[half]
        values = columns[0].cat.categories.to_numpy(dtype=object)
        present = (left >= 0) & (right >= 0)
        low, high = np.minimum(left, right)[present], np.maximum(left, right)[present]
        distinct, where = _distinct(low * max(len(values), 1) + high)
        pairs = values[distinct // max(len(values), 1)], values[distinct % max(len(values), 1)]
        swapped = {
            other: (left == codes[half + place]) & (right == codes[place]) & (left != right)
            for place, other in enumerate(self.others, start=1)
        }
        levels = np.full(len(left), MISSING, dtype=np.int8)
        if present.any():
            levels[present] = self._levels(
                pairs, where, {k: v[present] for k, v in swapped.items()}
            )
        return levels

    def _levels(
        self,
        pairs: tuple[Texts, Texts],
        where: npt.NDArray[np.int64],
        swapped: dict[str, npt.NDArray[np.bool_]],
    ) -> Levels:
        """Give each pair the best level that holds; `where` leads to its distinct values."""
        scores: dict[str, Scores] = {}
        levels = np.where(nothing_learned(self.kind, *pairs), MISSING, 0).astype(np.int8)[where]
        for number, level in enumerate(reversed(self.comparison.levels), start=1):
            if level.other is not None:
                levels[swapped[level.other]] = number
                continue
            if level.test not in scores:
                scores[level.test] = self._similarity(level.test, pairs)
            levels[(scores[level.test] >= (level.at_least or 1.0) - ROUNDING)[where]] = number
        return levels

    def _similarity(self, test: str, pairs: tuple[Texts, Texts]) -> Scores:
        if test == "alias":
            return are_aliases(*pairs, self.comparison.aliases).astype(float)
        return similarity(test, self.kind, *pairs)


class Comparer:
    """Compares pairs of one table of records; prepared once, used for any pairs.

    Parameters
    ----------
    records
        Standardised records, as `sources.gather` returns them.
    spec
        The specification.
    """

    def __init__(self, records: pd.DataFrame, spec: LinkageSpec) -> None:
        self._encoded = _encode(records, spec)
        kinds = spec.kinds
        features = [LevelFeature(each, kinds[each.field]) for each in spec.comparisons]
        self._compare = recordlinkage.Compare(features, indexing_type="position")

    def levels(self, pairs: Pairs) -> Levels:
        """Return the comparison vectors of pairs.

        Returns
        -------
        numpy.ndarray of int8, shape (pairs, comparisons)
            Level numbers as `ComparisonSpec` defines them; −1 is missing.
        """
        if not len(pairs):
            return np.empty((0, len(self._compare.features)), dtype=np.int8)
        index = pd.MultiIndex.from_arrays([pairs.left, pairs.right])
        return self._compare.compute(index, self._encoded).to_numpy(dtype=np.int8)

    def patterns(self, pairs: Pairs) -> Patterns:
        """Compare pairs and count their patterns."""
        return Patterns.count(self.levels(pairs))

    def spare(self) -> None:
        """Keep all, of which nothing is quickly made again."""


def _encode(records: pd.DataFrame, spec: LinkageSpec) -> pd.DataFrame:
    """Turn the fields into categories; fields of one kind share theirs."""
    encoded: dict[str, pd.Series] = {}
    for kind in dict.fromkeys(spec.kinds.values()):
        names = [name for name, its_kind in spec.kinds.items() if its_kind == kind]
        values = pd.unique(records[names].to_numpy(dtype=object).ravel())
        shared = pd.CategoricalDtype(sorted(values[pd.notna(values)]))
        encoded |= {name: records[name].astype(shared) for name in names}
    return pd.DataFrame(encoded, index=records.index)


def _distinct(keys: npt.NDArray[np.int64]) -> tuple[npt.NDArray, npt.NDArray[np.int64]]:
    where, distinct = pd.factorize(keys)
    return distinct, where
