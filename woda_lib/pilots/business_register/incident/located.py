"""Things that have a place, found by it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

AXES = ("easting", "northing")


@dataclass(frozen=True)
class Located:
    """The rows of a table that have a place, and how many have none.

    Attributes
    ----------
    table : DataFrame
        With ``easting`` and ``northing``, in metres, of each row.
    unplaced : int
        Rows without a place: whatever is counted by place misses them.
    """

    table: pd.DataFrame
    unplaced: int = 0

    @classmethod
    def of(cls, table: pd.DataFrame) -> Located:
        """Put a table in order of its places; rows that have none are counted and left out."""
        points = table[list(AXES)].apply(pd.to_numeric, errors="coerce").astype(float)
        placed = np.isfinite(points).all(axis=1).to_numpy()
        whole = table.assign(**points)[placed].reset_index(drop=True)
        return cls(whole, int((~placed).sum()))

    @cached_property
    def _points(self) -> np.ndarray:
        return np.ascontiguousarray(self.table[list(AXES)].to_numpy(dtype=float).T)

    def within(self, shape: BaseGeometry) -> pd.DataFrame:
        """Return the rows inside a shape or on its edge, in the order of the table.

        What lies in the rectangle around the shape is found first, and held against the prepared
        shape then: for one question at a time that is several times faster than a tree, which has
        to make every point it finds into a geometry.
        """
        x, y = self._points
        west, south, east, north = shape.bounds
        near = np.flatnonzero((x >= west) & (x <= east) & (y >= south) & (y <= north))
        shapely.prepare(shape)
        return self.table.iloc[near[shapely.intersects_xy(shape, x[near], y[near])]]

    def distances(self, shape: BaseGeometry) -> pd.Series:
        """Return how many metres each row is from a shape; nought inside it."""
        points = shapely.points(self.table[list(AXES)].to_numpy(dtype=float))
        return pd.Series(shapely.distance(points, shape), index=self.table.index, dtype=float)
