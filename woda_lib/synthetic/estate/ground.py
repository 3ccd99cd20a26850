"""The ground that things are put on: the county's postcodes, how close they lie, and its homes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.random import Generator
from scipy.cluster.vq import kmeans2
from scipy.spatial import cKDTree

from woda_lib.synthetic.addresses import WORCESTERSHIRE, all_postcodes
from woda_lib.synthetic.draws import weighted
from woda_lib.synthetic.single_view.places import COUNTY

_AROUND = 1_000.0  # metres within which postcodes are counted
_SURVEYED = 4_000  # postcodes that a planner looks at
_OFF_THE_POINT = 60.0  # metres that a building stands from its postcode's point, at most


@dataclass(frozen=True)
class Ground:
    """Where something may stand.

    Attributes
    ----------
    homes : pandas.DataFrame
        Of `woda_lib.synthetic.single_view.places.draw_places`.
    """

    homes: pd.DataFrame

    @cached_property
    def postcodes(self) -> pd.DataFrame:
        """All of the county: ``postcode, easting, northing, town``."""
        codes = all_postcodes()
        own = codes.loc[codes["county"].eq(COUNTY)].reset_index(drop=True)
        return own.assign(town=own["district"].map(WORCESTERSHIRE))

    @cached_property
    def points(self) -> np.ndarray:
        """The postcodes' points, a row each."""
        return self.postcodes[["easting", "northing"]].to_numpy(dtype=float)

    @cached_property
    def density(self) -> np.ndarray:
        """Postcodes within a kilometre of each."""
        tree = cKDTree(self.points)
        return np.asarray(tree.query_ball_point(self.points, _AROUND, return_length=True))

    def pick(
        self, n: int, towards_town: float, rng: Generator, *, among: np.ndarray | None = None
    ) -> np.ndarray:
        """Draw `n` postcodes, the denser the likelier.

        Parameters
        ----------
        towards_town
            The power of the number of postcodes around; 0 draws each alike.
        among
            Which postcodes may be drawn; all, if left out.
        """
        weight = self.density.astype(float) ** towards_town
        if among is not None:
            weight = weight * among
        return weighted(rng, n, weight)

    def spread(self, n: int, rng: Generator) -> np.ndarray:
        """Draw `n` postcodes as a planner would: each in the middle of whom it is nearest to."""
        few = self.points[self.pick(_SURVEYED, 0.0, rng)]
        middles, _ = kmeans2(few, n, minit="++", rng=rng)
        return self.nearest(middles)

    def stand(self, at: np.ndarray, rng: Generator) -> np.ndarray:
        """Points a little off those of postcodes, whole metres."""
        return np.rint(self.points[at] + rng.uniform(-_OFF_THE_POINT, _OFF_THE_POINT, (len(at), 2)))

    def far_from(self, points: np.ndarray, metres: float) -> np.ndarray:
        """Whether each postcode lies farther than so many metres from every one of `points`."""
        nearest, _ = cKDTree(points).query(self.points)
        return np.asarray(nearest > metres)

    def nearest(self, points: np.ndarray) -> np.ndarray:
        """Position of the postcode that is nearest to each point."""
        _, at = cKDTree(self.points).query(points)
        return np.asarray(at)
