"""Columns that are one field, told by records that are surely of one entity.

Values that are distributed alike do not make two columns one field: house numbers of homes and of
employers are distributed alike, and so are a forename's initials and a surname's. But two records
that share several rare values, whatever the columns they stand in, are of one entity or one home,
and there two columns of one field agree far beyond chance.

Method
    Bilke, A. and Naumann, F. (2005), Schema matching using duplicates, ICDE 2005, 69–80.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

SAMPLE = 20_000  # records of a source that are looked at
RARE = 20  # records of a source that hold a value, at most
SHORTEST = 3  # characters of a value
SURE = 6.0  # bits beyond those that tell one record of the larger source from all others
FEWEST = 20  # anchors that hold both columns, below which they tell nothing
SELF_EVIDENT = 0.9  # chance agreement from which no anchor can show more


@dataclass(frozen=True)
class Anchors:
    """Pairs of records of two sources that are surely of one entity or home.

    Attributes
    ----------
    left, right
        Row labels of the two records of each, in their sources.
    """

    left: npt.NDArray
    right: npt.NDArray

    def turned(self) -> Anchors:
        """Return the same pairs with the sources exchanged."""
        return Anchors(self.right, self.left)

    def agreement(self, a: pd.Series, b: pd.Series, letters: int | None = None) -> float | None:
        """How far two columns agree beyond chance among the anchors.

        Parameters
        ----------
        a, b
            Standardised columns of the left and of the right source.
        letters
            Compare only so many letters of each value.

        Returns
        -------
        float or None
            0 for chance, 1 for always (Cohen 1960); ``None`` where the anchors cannot tell.
        """
        if letters is not None:
            a, b = a.str[:letters], b.str[:letters]
        left, right = (
            column.reindex(labels).to_numpy(dtype=object)
            for column, labels in ((a, self.left), (b, self.right))
        )
        both = pd.notna(left) & pd.notna(right)
        shares = a.value_counts(normalize=True)
        chance = float((shares * b.value_counts(normalize=True).reindex(shares.index)).sum())
        if both.sum() < FEWEST or chance >= SELF_EVIDENT:
            return None
        return float(((left[both] == right[both]).mean() - chance) / (1 - chance))


def find_anchors(left: Sequence[pd.Series], right: Sequence[pd.Series]) -> Anchors:
    """Pair the records of two sources that share more rare values than any two would by chance.

    Parameters
    ----------
    left, right
        Columns of standardised values, with their source's row labels.
    """
    held, others = _rare_values(left), _rare_values(right)
    shared = held.merge(others, on="value", suffixes=("_left", "_right"))
    shared["bits"] = -np.log2(shared["share_left"]) - np.log2(shared["share_right"])
    # A value that stands in two columns of a record is still one value.
    shared = shared.drop_duplicates(["record_left", "record_right", "value"])
    pairs = shared.groupby(["record_left", "record_right"], sort=False)["bits"].sum() / 2
    larger = max(held["record"].nunique(), others["record"].nunique(), 2)
    pairs = pairs[pairs >= np.log2(larger) + SURE]
    best = pairs.sort_values(ascending=False, kind="stable").reset_index()
    best = best[~best.duplicated("record_left") & ~best.duplicated("record_right")]
    return Anchors(best["record_left"].to_numpy(), best["record_right"].to_numpy())


def _rare_values(columns: Sequence[pd.Series]) -> pd.DataFrame:
    """List who holds which rare value: ``record``, ``value`` and its ``share``."""
    parts = [pd.DataFrame({"record": [], "value": [], "share": []})]
    everyone = pd.Index(np.unique(np.concatenate([each.index for each in columns])))
    if len(everyone) > SAMPLE:
        chosen = np.random.default_rng(0).choice(len(everyone), SAMPLE, replace=False)
        everyone = everyone[np.sort(chosen)]
    for values in columns:
        sampled = values[values.index.isin(everyone)].dropna()
        count = sampled.map(sampled.value_counts())
        kept = (count <= RARE) & (sampled.str.len() >= SHORTEST)
        parts.append(
            pd.DataFrame(
                {
                    "record": sampled.index[kept],
                    "value": sampled[kept].to_numpy(),
                    "share": (count[kept] / max(len(sampled), 1)).to_numpy(),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
