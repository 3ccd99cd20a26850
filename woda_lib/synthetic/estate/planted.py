"""What is there to be found: clusters with room, a gap in services, hot spots of emptiness.

Each is planted so that an analysis can be held to it; what arises by chance besides is in the truth
all the same, because the truth is measured on the true places once everything stands.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator
from scipy.spatial import cKDTree

from woda_lib.synthetic.estate.buildings import stand_at
from woda_lib.synthetic.estate.ground import Ground
from woda_lib.synthetic.estate.kinds import SERVICES, SHARE_A_BUILDING

CLEARED = 2_500.0
"""Metres around every home of the planted gap in which no clinic and no library stands."""

HOT_WITHIN = 2_500.0
_HOT_SPOTS = 2
_HOT_SIZES = (10, 40)  # buildings in each
_HOT_APART = 10_000.0
_HOT_SPARE = (9.0, 11.0)  # of a beta distribution: a mean of 45% stands empty
_CLUSTERS = 14
_GUESTS = (1, 3)
_CLUSTER_RING = (60.0, 330.0)  # metres from a cluster's middle, so that all lie within 800
_ROOM_TO_SPARE = 1.3  # times what the largest guest uses
_LARGEST_GUEST = 900.0  # square metres in use


@dataclass(frozen=True)
class Planted:
    """Buildings with what was planted among them.

    Attributes
    ----------
    buildings : pandas.DataFrame
        As `draw_buildings` has them, with ``cluster`` (0 for none) and ``hot_spot`` (0 for none).
    gap : str
        The area whose homes have neither a clinic nor a library near.
    """

    buildings: pd.DataFrame
    gap: str


def plant(buildings: pd.DataFrame, ground: Ground, rng: Generator) -> Planted:
    """Move buildings about and empty some of them.

    Parameters
    ----------
    buildings
        From `woda_lib.synthetic.estate.buildings.draw_buildings`.
    """
    gap = _gap(buildings, ground.homes)
    homes = ground.homes.loc[ground.homes["area"].eq(gap), ["easting", "northing"]]
    clear = ground.far_from(homes.to_numpy(dtype=float), CLEARED + 100)
    rows = _clear(buildings, clear, ground, rng)
    rows = _gather(rows, clear, ground, rng)
    rows = _empty(rows, rng)
    return Planted(_make_room(rows), gap)


def _gap(buildings: pd.DataFrame, homes: pd.DataFrame) -> str:
    """The area of the most deprived fifth from which the fewest services must be moved away."""
    poor = homes.loc[homes["deprivation_quintile"].eq(1)]
    services = buildings.loc[buildings["use"].isin(SERVICES), ["easting", "northing"]]
    tree = cKDTree(services.to_numpy(dtype=float))
    near = {
        area: len(set().union(*tree.query_ball_point(of.to_numpy(dtype=float), CLEARED)))
        for area, of in poor.groupby("area")[["easting", "northing"]]
    }
    return str(min(near, key=lambda area: (near[area], area)))


def _clear(rows: pd.DataFrame, clear: np.ndarray, ground: Ground, rng: Generator) -> pd.DataFrame:
    near = ~clear[ground.nearest(rows[["easting", "northing"]].to_numpy(dtype=float))]
    moved = np.flatnonzero(near & rows["use"].isin(SERVICES).to_numpy())
    at = ground.pick(len(moved), 0.3, rng, among=clear)
    return stand_at(moved, ground.stand(at, rng), rows, ground)


def _gather(rows: pd.DataFrame, clear: np.ndarray, ground: Ground, rng: Generator) -> pd.DataFrame:
    """Put buildings of several partners around one middle, one of them with room for another."""
    rows = rows.assign(cluster=0, host=False)
    goes_on = rows["ended_on"].isna() & rows["use"].isin(SHARE_A_BUILDING)
    small = goes_on & (rows["floor_area"] * (1 - rows["spare_share"])).lt(_LARGEST_GUEST)
    hosts = rng.permutation(np.flatnonzero(goes_on & rows["use"].isin(["office", "clinic"])))
    middles = ground.pick(_CLUSTERS, 0.4, rng, among=clear)
    taken: set[int] = set()
    for cluster, (host, middle) in enumerate(zip(hosts, middles, strict=False), start=1):
        if host in taken:
            continue
        others = small & rows["partner"].ne(rows.loc[host, "partner"])
        free = [at for at in rng.permutation(np.flatnonzero(others)) if at not in taken]
        guests = free[: int(rng.integers(_GUESTS[0], _GUESTS[1] + 1))]
        members = np.array([host, *guests])
        taken.update(members.tolist())
        angle = rng.uniform(0, 2 * np.pi, len(members))
        away = rng.uniform(*_CLUSTER_RING, len(members))
        ring = np.column_stack([np.cos(angle), np.sin(angle)]) * away[:, None]
        rows = stand_at(members, ground.points[middle] + ring, rows, ground)
        rows.loc[members, "cluster"] = cluster
        rows.loc[host, "host"] = True
    return rows


def _empty(rows: pd.DataFrame, rng: Generator) -> pd.DataFrame:
    """Empty most of what stands around a few middles."""
    points = rows[["easting", "northing"]].to_numpy(dtype=float)
    tree = cKDTree(points)
    around = np.asarray(tree.query_ball_point(points, HOT_WITHIN, return_length=True))
    candidates = rng.permutation(
        np.flatnonzero((around >= _HOT_SIZES[0]) & (around <= _HOT_SIZES[1]))
    )
    rows = rows.assign(hot_spot=0)
    middles: list[int] = []
    for at in candidates:
        apart = all(np.hypot(*(points[at] - points[other])) > _HOT_APART for other in middles)
        if apart and len(middles) < _HOT_SPOTS:
            middles.append(int(at))
    for number, middle in enumerate(middles, start=1):
        inside = tree.query_ball_point(points[middle], HOT_WITHIN)
        rows.loc[inside, "hot_spot"] = number
        rows.loc[inside, "spare_share"] = rng.beta(*_HOT_SPARE, len(inside))
    return rows


def _make_room(rows: pd.DataFrame) -> pd.DataFrame:
    """Give each cluster's host room for its largest guest, and put everything in square metres."""
    used = rows["floor_area"] * (1 - rows["spare_share"])
    guests = rows["cluster"].gt(0) & ~rows["host"]
    need = _ROOM_TO_SPARE * used.loc[guests].groupby(rows["cluster"]).max()
    wanted = rows["cluster"].map(need).where(rows["host"], 0.0).fillna(0.0)
    spare = np.maximum(rows["floor_area"] * rows["spare_share"], wanted)
    floor = np.maximum(rows["floor_area"], np.ceil(spare / 0.6)).astype(np.int64)
    return rows.assign(
        floor_area=floor,
        spare_area=np.floor(spare).astype(np.int64),
        running_cost=np.rint(floor * rows["cost_a_metre"]).astype(np.int64),
    )
