"""Bins of an input, laid down in training and kept: tenths, categories, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.prediction.errors import PredictionError

Floats = npt.NDArray[np.float64]

_TENTHS = np.linspace(0.1, 0.9, 9)


@dataclass(frozen=True, eq=False)
class Bins:
    """How the values of one input are counted.

    Attributes
    ----------
    name
        Of the input.
    edges
        Of numbers: a bin ends at each, and one more is above the last. None of categories.
    levels
        Of categories: those seen in training. One more bin is for a category never seen.
    """

    name: str
    edges: Floats | None
    levels: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """How many bins there are, with that of missing values."""
        return len(self.levels) + 2 if self.edges is None else len(self.edges) + 2

    def count(self, values: pd.Series) -> Floats:
        """Count the values of each bin; the last bin is of missing ones.

        Raises
        ------
        PredictionError
            If numbers were laid down in training, and these are none.
        """
        missing = values.isna().to_numpy()
        if self.edges is None:
            place = pd.Index(self.levels).get_indexer(pd.Index(values.astype(str)))
            place = np.where(place < 0, len(self.levels), place)
        else:
            if not _numeric(values):
                raise PredictionError(
                    f"The input {self.name!r} was a number in training and is none now. Give it "
                    "the type that it was trained with."
                )
            place = np.searchsorted(self.edges, values.to_numpy(float, na_value=np.nan), "left")
        place = np.where(missing, self.number - 1, place)
        return np.bincount(place, minlength=self.number).astype(float)


def bins_of(values: pd.Series, name: str) -> Bins:
    """Lay bins down by the values of training: tenths of numbers, each category by itself.

    A number that most households share fills several tenths, which are then one bin. Values that
    are always the same, or always missing, keep a bin for whatever comes later.
    """
    if not _numeric(values):
        levels = values.dropna().astype(str).unique()
        return Bins(name, None, tuple(sorted(levels)))
    known = values.dropna().to_numpy(float)
    if not len(known):
        return Bins(name, np.empty(0))
    # A value of the data, and none between two, so that counts keep whole numbers apart.
    return Bins(name, np.unique(np.quantile(known, _TENTHS, method="inverted_cdf")))


def _numeric(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values)
