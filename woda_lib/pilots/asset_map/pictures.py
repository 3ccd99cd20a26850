"""The overlay's two pictures: who is out of reach, and where buildings stand empty together."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from matplotlib.figure import Figure

from woda_lib.figures import TOKENS, Picture, house_axes
from woda_lib.places.analysis import HotSpots

_MARKS = {
    "nothing found": {"marker": "o", "s": 14, "facecolors": "none", "edgecolors": TOKENS["edge"]},
    "no neighbours": {"marker": "o", "s": 14, "facecolors": "none", "edgecolors": TOKENS["edge"]},
    "cold": {"marker": "s", "s": 20, "facecolors": TOKENS["blue"], "edgecolors": "none"},
    "hot": {"marker": "D", "s": 26, "facecolors": TOKENS["plum"], "edgecolors": "none"},
}
_SCALE = 10_000.0  # metres of the scale bar
_SIMPLER = 250.0  # metres by which an outline may move
_CALLED = {
    "hot": "hot: much empty floor among others with much",
    "cold": "cold: little among others with little",
    "nothing found": "nothing found",
}


def reach_picture(table: pd.DataFrame, *, minutes: float, mode: str) -> Picture:
    """Draw the share of homes out of reach, by fifth of deprivation, a line a service.

    Parameters
    ----------
    table
        From `woda_lib.pilots.asset_map.overlay.reach_by_fifth`.
    """

    def draw(figure: Figure, narrow: bool, shown: pd.DataFrame) -> None:
        measure = (
            f"Homes over {minutes:g} minutes\n{mode} from the nearest, %"
            if narrow
            else f"Homes over {minutes:g} minutes {mode} from the nearest, %"
        )
        axes = house_axes(
            figure, measure=measure, narrow=narrow, right=0.7 if narrow else 1.2, above=0.7
        )
        styles = (("plum", "-", "o"), ("ink", (0, (4, 2)), "s"))
        ends = []
        for (service, of), (color, dashes, marker) in zip(
            shown.groupby("service", sort=True), styles, strict=False
        ):
            percent = of["percent"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
            axes.plot(
                of["fifth"], percent, color=TOKENS[color], ls=dashes, marker=marker, ms=5, lw=1.8
            )
            last = percent[~np.isnan(percent)]
            ends.append((float(last[-1]) if len(last) else 0.0, str(service), TOKENS[color]))
        axes.set_ylim(0, 100)
        axes.set_xlim(0.8, 5.1)
        axes.set_xticks(range(1, 6), ["1 most\ndeprived", "2", "3", "4", "5 least"])
        for height, service, color in _apart(ends, 9.0):
            axes.annotate(
                service, (5.15, height), annotation_clip=False, va="center", color=color,
                weight="bold",
            )  # fmt: skip

    return Picture(draw, table, counts=("homes", "beyond"), height=3.6, gaps=True)


def _apart(ends: list[tuple[float, str, str]], least: float) -> list[tuple[float, str, str]]:
    """Move names of lines apart where they would stand on each other."""
    ordered = sorted(ends)
    for place in range(1, len(ordered)):
        height, service, color = ordered[place]
        ordered[place] = (max(height, ordered[place - 1][0] + least), service, color)
    return ordered


def spots_picture(
    found: HotSpots, buildings: gpd.GeoDataFrame, districts: gpd.GeoDataFrame
) -> Picture:
    """Draw every measured building, the hot and cold ones filled, on the districts' outlines.

    Parameters
    ----------
    buildings
        In the order of `found`.
    districts
        Outlines on British National Grid.
    """
    marks = pd.DataFrame(
        {
            "easting": buildings.geometry.x.round(-2).to_numpy(dtype=float),
            "northing": buildings.geometry.y.round(-2).to_numpy(dtype=float),
            "shows": found.table["spot"].to_numpy(dtype=object),
        }
    )
    data = pd.concat([marks, _outlines(districts)], ignore_index=True)

    def draw(figure: Figure, narrow: bool, shown: pd.DataFrame) -> None:
        height = figure.get_size_inches()[1]
        axes = figure.add_axes((0, 0.84 / height, 1, 1 - 0.86 / height))
        axes.set_axis_off()
        axes.set_aspect("equal")
        edges = shown.loc[~shown["shows"].isin(_MARKS)]
        for _, edge in edges.groupby("shows", sort=True):
            axes.plot(edge["easting"], edge["northing"], color=TOKENS["edge"], lw=0.7)
        for spot, style in _MARKS.items():
            here = shown.loc[shown["shows"].eq(spot)]
            axes.scatter(here["easting"], here["northing"], linewidths=0.7, **style)
        west, east = axes.get_xlim()
        length = _SCALE / (east - west)
        axes.plot([0.02, 0.02 + length], [0, 0], transform=axes.transAxes, color=TOKENS["ink"])
        axes.annotate("10 km", (0.03 + length, 0), xycoords="axes fraction", va="center")
        _key(figure, set(shown["shows"]), narrow=narrow)

    return Picture(draw, data, counts=(), height=5.4)


def _outlines(districts: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the districts' edges as corners in order, a name an edge."""
    simple = districts.geometry.simplify(_SIMPLER).explode()
    corners = shapely.get_coordinates(simple.exterior.to_numpy(), return_index=True)
    points, edge = np.round(corners[0], -1), corners[1]
    return pd.DataFrame(
        {
            "easting": points[:, 0],
            "northing": points[:, 1],
            "shows": pd.Series(edge + 1).map("edge {}".format).to_numpy(dtype=object),
        }
    )


def _key(figure: Figure, spots: set[str], *, narrow: bool) -> None:
    height = figure.get_size_inches()[1]
    axes = figure.add_axes((0, 0, 1, 0.72 / height))
    axes.set_axis_off()
    axes.set_xlim(-0.2, 10)
    axes.set_ylim(2.5, -0.5)
    for row, spot in enumerate(spot for spot in _CALLED if spot in spots):
        axes.scatter(0, row, linewidths=0.7, **_MARKS[spot])
        said = _CALLED[spot].partition(":")[0] if narrow else _CALLED[spot]
        axes.annotate(said, (0.9 if narrow else 0.3, row), va="center")
