"""Where high values stand among high ones: local Moran's I and Getis and Ord's Gi*.

Both are held against what chance does, by conditional permutation (see `permutations`). As many
tests are made as there are features, so that one in twenty would be found in noise: p-values are
adjusted after Benjamini and Hochberg, by which of what is called found a share of at most `rate` is
expected to be false.

Sources: Anselin, *Local indicators of spatial association*, Geographical Analysis 27, 1995; Ord and
Getis, *Local spatial autocorrelation statistics*, in the same volume; Caldas de Castro and Singer,
*Controlling the false discovery rate*, Geographical Analysis 38, 2006.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from esda import G_Local, Moran, Moran_Local
from numpy.random import default_rng
from scipy.stats import false_discovery_control

from woda_lib.places.analysis.guards import require_columns
from woda_lib.places.analysis.neighbours import Neighbours
from woda_lib.places.analysis.permutations import conditional_p, overall_p
from woda_lib.places.analysis.result import Finding, figures
from woda_lib.places.errors import PlacesError

Floats = npt.NDArray[np.float64]

FEWEST = 20
"""Features below which nothing is tested."""

NOTHING, NO_NEIGHBOURS = "nothing found", "no neighbours"
_QUADRANTS = np.array(["", "high among high", "low among high", "low among low", "high among low"])
_OVERALL = 999  # permutations of the global measure


@dataclass(frozen=True, eq=False)
class HotSpots(Finding):
    """Features with what was found of each.

    Attributes
    ----------
    table : DataFrame
        The features, in their order, with ``local_moran``, ``gi_star`` (a z-score), ``p`` and
        ``adjusted_p`` (of both), ``spot`` (*hot* or *cold*, by Gi*) and ``pattern`` (by local
        Moran: *high among high*, *low among low*, *high among low*, *low among high*). Both are
        *nothing found* where the adjusted p is above `rate`. A feature without neighbours
        (*no neighbours*) is in no test.
    moran : float
        Global Moran's I, of row-standardised weights.
    moran_p : float
        Two-sided, by permutation.
    """

    table: pd.DataFrame
    moran: float
    moran_p: float
    rate: float
    islands: int
    method: str
    warnings: tuple[str, ...]

    def summary(self) -> pd.DataFrame:
        """Return how many features were found hot and cold, by either measure."""
        spot, pattern = self.table["spot"], self.table["pattern"]
        return figures(
            features=len(self.table),
            without_neighbours=self.islands,
            global_Moran_I=self.moran,
            hot_by_Gi_star=int(spot.eq("hot").sum()),
            cold_by_Gi_star=int(spot.eq("cold").sum()),
            high_among_high=int(pattern.eq(_QUADRANTS[1]).sum()),
            low_among_low=int(pattern.eq(_QUADRANTS[3]).sum()),
        )


def hot_spots(
    frame: gpd.GeoDataFrame,
    value: str,
    neighbours: Neighbours,
    *,
    seed: int,
    permutations: int = 9_999,
    rate: float = 0.05,
) -> HotSpots:
    """Find where high, or low, values stand together.

    Parameters
    ----------
    frame
        The features, in the order in which `neighbours` was made of them.
    value
        A column of numbers, none missing, not all alike.
    seed
        Of the permutations.
    permutations
        The smallest p-value is 2 / (permutations + 1), and has to be below `rate` by the number of
        features if a single one is to be found among them.
    rate
        Of false discoveries, at most, among what is called found.

    Raises
    ------
    PlacesError
        If there are under 20 features, numbers are missing or all alike, or `neighbours` are those
        of other features.
    """
    numbers = _numbers(frame, value, neighbours)
    rng = default_rng(seed)
    weights = neighbours.weights
    local, around, overall = local_statistics(numbers, neighbours)
    p = conditional_p(numbers, weights, permutations, rng)
    tested = ~np.isnan(p)
    adjusted = np.full(len(p), np.nan)
    adjusted[tested] = false_discovery_control(p[tested], method="bh")
    found = adjusted <= rate
    spot = np.where(found, np.where(around.Zs > 0, "hot", "cold"), NOTHING)
    pattern = np.where(found, _QUADRANTS[local.q], NOTHING)
    table = pd.DataFrame(frame.drop(columns="geometry")).assign(
        local_moran=np.where(tested, local.Is, np.nan),
        gi_star=np.where(tested, around.Zs, np.nan),
        p=p,
        adjusted_p=adjusted,
        spot=np.where(tested, spot, NO_NEIGHBOURS),
        pattern=np.where(tested, pattern, NO_NEIGHBOURS),
    )
    return HotSpots(
        table=table,
        moran=float(overall.I),
        moran_p=overall_p(numbers, weights, _OVERALL, rng),
        rate=rate,
        islands=len(neighbours.islands),
        method=(
            f"{neighbours.says} Local Moran's I and Gi*, {permutations:,} conditional "
            f"permutations, two-sided; at most {rate:.0%} of what is found is expected to be false "
            "(Benjamini and Hochberg)."
        ),
        warnings=_warned(len(neighbours.islands), int(tested.sum()), permutations, rate),
    )


def _numbers(frame: gpd.GeoDataFrame, value: str, neighbours: Neighbours) -> Floats:
    require_columns(frame, "features", value)
    numbers = pd.to_numeric(frame[value]).astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    if len(numbers) != neighbours.graph.n:
        raise PlacesError(
            f"Neighbours were found among {neighbours.graph.n:,} features, and there are "
            f"{len(numbers):,}. Find them anew after every filter."
        )
    if len(numbers) < FEWEST:
        raise PlacesError(
            f"There are {len(numbers):,} features, too few to tell a hot spot from chance; "
            f"{FEWEST} are the least."
        )
    if np.isnan(numbers).any():
        raise PlacesError(
            f"{int(np.isnan(numbers).sum()):,} features have no {value}. Leave them out before "
            "neighbours are found, and say how many they are."
        )
    if np.ptp(numbers) == 0:
        raise PlacesError(f"All features have the same {value}: nothing stands out.")
    return numbers


def local_statistics(numbers: Floats, neighbours: Neighbours) -> tuple[Moran_Local, G_Local, Moran]:
    """Return local Moran's I (row-standardised weights), Gi* (binary), and global Moran's I.

    Gi* is of ones and noughts: the variance by which the library standardises it is that of such
    weights, and its z-score is that of Ord and Getis (1995).
    """
    graph = neighbours.graph
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there are islands is said by the finding
        local = Moran_Local(numbers, graph, transformation="r", permutations=0)
        around = G_Local(numbers, graph, transform="B", permutations=0, star=True)
        overall = Moran(numbers, graph, transformation="r", permutations=0)
    return local, around, overall


def _warned(islands: int, tested: int, permutations: int, rate: float) -> tuple[str, ...]:
    said = []
    if islands:
        said.append(f"{islands:,} features have no neighbour and are in no test.")
    if 2 / (permutations + 1) > rate / tested:
        said.append(
            f"With {permutations:,} permutations a single hot feature among {tested:,} cannot be "
            "found; several together can."
        )
    return tuple(said)
