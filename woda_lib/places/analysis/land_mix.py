"""How mixed the use of land is: the entropy of its shares, from 0 (one use) to 1 (all alike).

Entropy of land use as Cervero and Kockelman use it (*Travel demand and the 3Ds*, Transportation
Research Part D 2, 1997): minus the sum of p ln p over the logarithm of how many classes there are.
It does not say which uses there are: an area of half farms and half works is as mixed as one of
half homes and half shops. Classes that are absent count in the denominator, so that areas can be
compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from woda_lib.places.analysis.guards import require, require_columns, require_once
from woda_lib.places.analysis.overlay import overlay_by_area
from woda_lib.places.analysis.result import Finding, figures
from woda_lib.places.errors import PlacesError


@dataclass(frozen=True, eq=False)
class LandMix(Finding):
    """Areas with how mixed their land is.

    Attributes
    ----------
    table : DataFrame
        A row an area: its identifier, the share of each class in its land with a known use,
        ``square_metres`` of that land, ``known_share`` (of the area) and ``mix``, missing where no
        use is known.
    """

    table: pd.DataFrame
    area: str
    classes: tuple[str, ...]
    method: str
    warnings: tuple[str, ...]

    def summary(self) -> pd.DataFrame:
        """Return the least, the middle and the greatest mix."""
        mix = self.table["mix"]
        return figures(
            areas=len(self.table),
            least_mixed=float(mix.min()),
            median=float(mix.median()),
            most_mixed=float(mix.max()),
        )


def land_mix(
    land: gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    classes: Mapping[str, str],
    *,
    use: str = "tier_a",
    site: str = "osid",
    area: str = "code",
) -> LandMix:
    """Measure how mixed the use of land is in each area.

    Parameters
    ----------
    land
        Sites that do not overlap one another.
    areas
        That do not overlap one another.
    classes
        The class of each value of `use`; sites of others are left out and counted.

    Raises
    ------
    PlacesError
        See `woda_lib.places.analysis.guards.require`; or if there are under two classes, or no
        site is of any of them.
    """
    land, areas = require(land, "sites", "areas"), require(areas, "areas", "areas")
    require_columns(land, "sites", use)
    require_once(areas, "areas", area)
    names = tuple(sorted(set(classes.values())))
    if len(names) < 2:
        raise PlacesError("A mix needs two classes of use or more.")
    known = land.assign(_class=land[use].map(dict(classes)))
    left_out = int(known["_class"].isna().sum())
    known = known.loc[known["_class"].notna()]
    if known.empty:
        raise PlacesError(
            f"No site's {use} is one of the {len(classes)} that have a class. Look at how it is "
            "spelt in the data and in the parameters."
        )
    laid = overlay_by_area(known, areas, [], source=site, target=area)
    pieces = pd.DataFrame(laid.pieces.drop(columns="geometry"))
    kind = pieces["source"].map(known.set_index(site)["_class"])
    metres = pieces.groupby(["target", kind])["square_metres"].sum().unstack(fill_value=0)
    metres = metres.reindex(index=areas[area], columns=list(names), fill_value=0.0)
    total = metres.sum(axis=1)
    shares = metres.div(total.where(total > 0), axis=0)
    # p ln p goes to nought with p.
    terms = shares * np.log(shares.where(shares > 0, 1.0))
    mix = -terms.sum(axis=1, min_count=1) / np.log(len(names))
    table = shares.assign(
        square_metres=total,
        known_share=total / areas.set_index(area).geometry.area,
        mix=mix.abs(),
    )
    return LandMix(
        table=table.rename_axis(index=area, columns=None).reset_index(),
        area=area,
        classes=names,
        method=(
            f"Entropy of the shares of {len(names)} classes of use in the land whose use is known: "
            "0 where it has one, 1 where all have the same share."
        ),
        warnings=(f"{left_out:,} sites are of a use that has no class.",) if left_out else (),
    )
