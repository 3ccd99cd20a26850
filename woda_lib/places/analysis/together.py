"""Which partners' buildings stand together, and who could move in with whom.

What could be saved is said as a range that is an upper bound at both ends: a move is counted though
nobody has asked whether the rooms suit, a lease can be given up, or what moving costs. At its upper
end the guest's whole running cost is saved; at its lower end what the host spends on as many square
metres, which then has to be heated and cleaned for the guest, is taken off.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from woda_lib.places.analysis.best_plan import best_plan
from woda_lib.places.analysis.catchments import coordinates
from woda_lib.places.analysis.guards import require, require_columns, require_once
from woda_lib.places.analysis.result import Finding, figures

UPPER_BOUND = (
    "An upper bound: costs of moving, leases, and whether rooms suit are not in it, and nobody has "
    "been asked."
)
_COLUMNS = ("building_id", "partner", "use", "floor_area", "spare_area", "running_cost")


@dataclass(frozen=True, eq=False)
class Together(Finding):
    """Buildings of different partners that stand together.

    Attributes
    ----------
    table : DataFrame
        A row a pair: ``building, other, partner, other_partner, use, other_use, metres``.
    moves : DataFrame
        A row a move that the space allows: ``guest, host, guest_partner, host_partner, guest_use,
        host_use, metres, square_metres`` (that the guest needs), ``spare_area`` (of the host),
        ``saved_low, saved_high`` (pounds a year; missing where the guest's cost is not known) and
        ``in_plan``: whether it is part of the best plan, in which each building moves once, no
        host moves, and no room is given away twice.
    """

    table: pd.DataFrame
    moves: pd.DataFrame
    within: float
    buildings: int
    method: str
    warnings: tuple[str, ...]

    @property
    def plan(self) -> pd.DataFrame:
        """The moves of the best plan."""
        return self.moves.loc[self.moves["in_plan"]].reset_index(drop=True)

    def summary(self) -> pd.DataFrame:
        """Return how many pairs and moves there are, and what they could save at most."""
        plan = self.plan
        return figures(
            buildings=self.buildings,
            pairs_of_partners_together=len(self.table),
            buildings_that_could_move=len(self.moves[["guest_partner", "guest"]].drop_duplicates()),
            moves_in_the_best_plan=len(plan),
            pounds_a_year_at_most_low=float(plan["saved_low"].sum()),
            pounds_a_year_at_most_high=float(plan["saved_high"].sum()),
        )

    def by_partners(self) -> pd.DataFrame:
        """Return ``partner, other_partner, pairs, moves`` (of the best plan, either way)."""
        pairs = self.table.groupby(["partner", "other_partner"]).size().rename("pairs")
        either = np.sort(self.plan[["guest_partner", "host_partner"]].to_numpy(dtype=str), axis=1)
        moved = pd.DataFrame(either, columns=["partner", "other_partner"])
        moves = moved.groupby(["partner", "other_partner"]).size().rename("moves")
        both = pd.concat([pairs, moves], axis=1).fillna(0).astype(int)
        return both.sort_index().reset_index()


def numbers_of(buildings: pd.DataFrame) -> pd.Series:
    """Return ``partner/building_id``: a building's number is its partner's own."""
    return buildings["partner"].astype(str) + "/" + buildings["building_id"].astype(str)


def together(
    buildings: gpd.GeoDataFrame,
    *,
    within: float = 800.0,
    can_share: Collection[str] = (),
    room: float = 1.0,
) -> Together:
    """Find partners' buildings that stand together, and the moves for which there is space.

    Parameters
    ----------
    buildings
        Points on British National Grid with ``building_id, partner, use, floor_area, spare_area,
        running_cost``, of those in use. A building whose spare area is not known takes nobody in,
        and is thought to use all of its floor.
    within
        Metres, in a straight line.
    can_share
        Uses that may move in and take in; all, if empty.
    room
        What a guest needs, as a multiple of what it uses now: below 1 where a shared reception and
        shared rooms make do with less.

    Raises
    ------
    PlacesError
        See `woda_lib.places.analysis.guards.require`.
    """
    buildings = require(buildings, "buildings", "points")
    require_columns(buildings, "buildings", *_COLUMNS)
    require_once(buildings.assign(number=numbers_of(buildings)), "buildings", "number")
    ordered = buildings.sort_values(["partner", "building_id"], ignore_index=True)
    pairs = cKDTree(coordinates(ordered)).query_pairs(within, output_type="ndarray")
    pairs = pairs[np.lexsort(pairs.T[::-1])]
    partner = ordered["partner"].to_numpy(dtype=object)
    pairs = pairs[partner[pairs[:, 0]] != partner[pairs[:, 1]]]
    moves = _moves(ordered, pairs, can_share, room)
    moves["in_plan"] = best_plan(moves)
    unknown = int(ordered["spare_area"].isna().sum())
    no_cost = int(moves.loc[moves["in_plan"], "saved_high"].isna().sum())
    return Together(
        table=_pairs(ordered, pairs),
        moves=moves,
        within=within,
        buildings=len(ordered),
        method=(
            f"Buildings of different partners within {within:,.0f} metres in a straight line; a "
            f"move is possible where the host's empty floor is at least {room:g} times what the "
            f"guest uses. {UPPER_BOUND}"
        ),
        warnings=tuple(
            sentence
            for number, sentence in (
                (unknown, f"Of {unknown:,} buildings nobody knows how much stands empty."),
                (no_cost, f"Of {no_cost:,} moves in the plan nobody knows what the guest costs."),
            )
            if number
        ),
    )


def _pairs(ordered: gpd.GeoDataFrame, pairs: npt.NDArray[np.int64]) -> pd.DataFrame:
    one, other = ordered.iloc[pairs[:, 0]], ordered.iloc[pairs[:, 1]]
    columns = {
        name: side[column].to_numpy()
        for column, names in (
            ("building_id", ("building", "other")),
            ("partner", ("partner", "other_partner")),
            ("use", ("use", "other_use")),
        )
        for name, side in zip(names, (one, other), strict=True)
    }
    return pd.DataFrame(columns).assign(metres=_apart(one, other))


def _apart(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> npt.NDArray[np.float64]:
    return np.hypot(*(coordinates(one) - coordinates(other)).T)


def _moves(
    ordered: gpd.GeoDataFrame,
    pairs: npt.NDArray[np.int64],
    can_share: Collection[str],
    room: float,
) -> pd.DataFrame:
    """Return the moves, either way, for which the host has the space."""
    guest, host = np.concatenate([pairs, pairs[:, ::-1]]).T
    numbers = {
        name: ordered[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        for name in ("floor_area", "spare_area", "running_cost")
    }
    needed = room * (numbers["floor_area"] - np.nan_to_num(numbers["spare_area"]))
    fits = (numbers["spare_area"][host] >= needed[guest]) & (needed[guest] > 0)
    if can_share:
        able = ordered["use"].isin(can_share).to_numpy()
        fits &= able[guest] & able[host]
    guest, host = guest[fits], host[fits]
    cost = numbers["running_cost"]
    # What the host spends on a square metre, of those that it has costs of.
    a_metre = np.nan_to_num(cost / numbers["floor_area"])[host] * needed[guest]
    columns = {
        f"{side}{'' if column == 'building_id' else '_' + column}": ordered[column].to_numpy()[at]
        for column in ("building_id", "partner", "use")
        for side, at in (("guest", guest), ("host", host))
    }
    table = pd.DataFrame(columns).assign(
        metres=_apart(ordered.iloc[guest], ordered.iloc[host]),
        square_metres=needed[guest],
        spare_area=numbers["spare_area"][host],
        saved_low=np.maximum(0.0, cost[guest] - a_metre),
        saved_high=cost[guest],
    )
    keys = ["guest_partner", "guest", "host_partner", "host"]
    return table.sort_values(keys, ignore_index=True)
