"""Every delivery of buildings and land of one made-up county, and what is true of them."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
import shapely
from numpy.random import Generator, default_rng

from woda_lib.partners import CONTRACTS
from woda_lib.synthetic.deliveries import Delivery
from woda_lib.synthetic.estate.buildings import draw_buildings
from woda_lib.synthetic.estate.found import true_gaps, true_pairs
from woda_lib.synthetic.estate.ground import Ground
from woda_lib.synthetic.estate.land import draw_land
from woda_lib.synthetic.estate.planted import Planted, plant
from woda_lib.synthetic.estate.writing import (
    BUILDINGS,
    LAND,
    deliver_buildings,
    deliver_land,
    with_slips,
)
from woda_lib.synthetic.profiles import Profile

_KNOWN = [
    "partner", "building_id", "building_name", "uprn", "postcode", "easting", "northing", "use",
    "floor_area", "spare_area", "running_cost", "started_on", "ended_on", "cluster", "hot_spot",
    "slip",
]  # fmt: skip


@dataclass(frozen=True)
class Estate:
    """What partners have standing, and what the land around is used for.

    Everything is drawn from numbers of its own, after where people live.

    Attributes
    ----------
    homes : pandas.DataFrame
        Of `woda_lib.synthetic.single_view.places.draw_places`.
    """

    profile: Profile
    homes: pd.DataFrame
    seed: int

    @cached_property
    def ground(self) -> Ground:
        """Where something may stand."""
        return Ground(self.homes)

    @cached_property
    def planted(self) -> Planted:
        """The buildings, with what is to be found among them."""
        drawn = draw_buildings(self.profile, self.ground, self._stream(BUILDINGS, 0))
        planted = plant(drawn, self.ground, self._stream(BUILDINGS, 1))
        slipped = with_slips(planted.buildings, self._stream(BUILDINGS, 2))
        return Planted(slipped, planted.gap)

    @cached_property
    def land(self) -> pd.DataFrame:
        """The sites, each with its shape."""
        return draw_land(self.profile, self.ground, self.planted.buildings, self._stream(LAND, 0))

    def deliveries(self) -> Iterator[tuple[str, Delivery]]:
        """Yield each partner's buildings, and then the land."""
        buildings = self.planted.buildings
        for partner in CONTRACTS[BUILDINGS].partners:
            rng = self._stream(f"{BUILDINGS}/{partner}", 3)
            yield partner, deliver_buildings(partner, buildings, self.profile, rng)
        (surveyor,) = CONTRACTS[LAND].partners
        yield surveyor, deliver_land(self.land, self.profile)

    def truth(self) -> dict[str, pd.DataFrame]:
        """Return the tables ``am_*`` of `woda_lib.synthetic.truth`.

        ``am_buildings``
            ``partner, building_id``, a row a public building: where it truly is, its size and cost,
            ``cluster`` and ``hot_spot`` (the planted ones that it belongs to, 0 for none) and
            ``slip``, what is wrong with what is written of its place (a key of
            `woda_lib.synthetic.estate.writing.SLIPS`, or *coordinates_swapped*).
        ``am_colocated``, ``am_gaps``
            See `woda_lib.synthetic.estate.found`.
        ``am_hot_spots``
            ``partner, building_id, easting, northing, spare_share, hot_spot``, a row a building in
            use at the window's end.
        ``am_land``
            ``osid, tier_a, tier_b, outside`` (the county) and ``square_metres``, a row a site.
        """
        buildings = self.planted.buildings
        land = self.land
        hot = buildings.loc[buildings["ended_on"].isna()]
        return {
            "am_buildings": buildings[_KNOWN].reset_index(drop=True),
            "am_colocated": true_pairs(buildings),
            "am_gaps": true_gaps(self.homes, buildings, self.planted.gap),
            "am_hot_spots": hot[["partner", "building_id", "easting", "northing"]]
            .assign(spare_share=hot["spare_area"] / hot["floor_area"], hot_spot=hot["hot_spot"])
            .reset_index(drop=True),
            "am_land": land[["osid", "tier_a", "tier_b", "outside"]].assign(
                square_metres=shapely.area(land["geometry"].to_numpy())
            ),
        }

    def _stream(self, what: str, use: int) -> Generator:
        """Random numbers of one thing, which no other uses up."""
        return default_rng([self.seed, 21, use, zlib.crc32(what.encode())])
