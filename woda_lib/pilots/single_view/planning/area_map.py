"""A map of small areas: a hexagon each, as near as it can stand to where the area lies.

Small areas hold about as many people each, so that one in a town is a speck on a map of ground.
Here all are of one size: each district is a panel of hexagons, which are dealt out so that areas
move as little as they can (an assignment problem). What a hexagon shows is drawn by its size as
well as by its colour; one that is withheld is an empty ring.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.optimize import linear_sum_assignment

from woda_lib.figures import SMALLEST_TEXT, TOKENS, Picture

_TALL = np.sqrt(3) / 2  # from row to row of hexagons one apart
_ROOM = 1.25  # places for each area, so that gaps can stay gaps
_STEPS = 5
_SIZES = (0.34, 0.50, 0.66, 0.82, 0.98)
_INKS = (0.25, 0.42, 0.60, 0.80, 1.0)
_WHOLE = 1.06  # a marker's size, in distances between hexagons
_COLUMNS = {False: 3, True: 2}


def centres(properties: pd.DataFrame) -> pd.DataFrame:
    """Return where each small area lies: `area, district, easting, northing`, the median."""
    known = properties.dropna(subset=["area", "easting", "northing"])
    found = known.groupby(["area", "district"], observed=True)[["easting", "northing"]]
    return found.median().reset_index().astype({"area": object, "district": object})


def laid_out(areas: pd.DataFrame) -> pd.DataFrame:
    """Deal out hexagons to areas.

    Parameters
    ----------
    areas
        From `centres`.

    Returns
    -------
    DataFrame
        `area, district, across, up`: the hexagon's centre in its district's panel, in hexagons
        and in rows, both from 1.
    """
    parts = [_of_a_district(mine) for _, mine in areas.groupby("district", sort=True)]
    return pd.concat(parts, ignore_index=True)


def area_map(
    counted: pd.DataFrame, properties: pd.DataFrame, *, whole: str, part: str, measure: str
) -> Picture:
    """Draw the per cent of each small area.

    Parameters
    ----------
    counted
        `district, area`, two counts and `percent`, which is one over the other.
    properties
        The build's; says where areas lie.
    whole, part
        The names of the counts, which the gate rounds and withholds.
    measure
        What is shown, with its unit.
    """
    areas = centres(properties)
    # Where a hexagon stands counts nobody, and stays where the gate withholds what it shows.
    hexagons = laid_out(areas)
    data = hexagons[["district", "area"]].merge(counted, on=["district", "area"], how="inner")

    def draw(figure: Figure, narrow: bool, gated: pd.DataFrame) -> None:
        across = _COLUMNS[narrow]
        height = figure.get_size_inches()[1]
        top, foot = 1 - 0.30 / height, 0.52 / height
        figure.text(0, 1 - 0.02 / height, measure, va="top", ha="left", wrap=True)
        gated = gated.merge(hexagons, on=["district", "area"])
        limits = _steps(gated["percent"])
        order = _panels(areas, across)
        rows = -(-len(order) // across)
        tall = (top - foot) / rows
        side = max(float(gated["across"].max()), float(gated["up"].max()) * _TALL) + 1.0
        for place, district in enumerate(order):
            left = (place % across) / across
            bottom = top - (place // across + 1) * tall
            box = (left + 0.01, bottom, 1 / across - 0.02, tall - 0.24 / height)
            axes = figure.add_axes(box)
            axes.set_title(district, loc="left", fontsize=SMALLEST_TEXT + 0.5, pad=3)
            _panel(axes, gated.loc[gated["district"].eq(district)], limits, side)
        _key(figure, limits, foot, narrow=narrow, withheld=bool(gated["percent"].isna().any()))

    return Picture(draw, data, counts=(whole, part), height=5.2, gaps=True)


def most_and_least(counted: pd.DataFrame, rule_free: int = 20) -> str:
    """Say in a clause how far areas with enough to count lie apart."""
    enough = counted.loc[counted.iloc[:, 2].ge(rule_free), "percent"]
    if enough.empty:
        return "no area has enough to count"
    low, high = enough.quantile([0.1, 0.9])
    return f"from {low:.0f}% in the lowest tenth of areas to {high:.0f}% in the highest"


def _of_a_district(areas: pd.DataFrame) -> pd.DataFrame:
    n = len(areas)
    places = areas[["easting", "northing"]].to_numpy(float)
    span = np.maximum(np.ptp(places, axis=0), 1.0)
    # As wide as the ground, within reason: a long district must not become a line.
    shape = float(np.clip(span[0] / span[1], 0.6, 1.7))
    cells = int(np.ceil(n * _ROOM))
    wide = max(1, int(np.ceil(np.sqrt(cells * shape))))
    high = max(1, -(-cells // wide))
    row, column = np.divmod(np.arange(wide * high), wide)
    grid = np.column_stack([column + 1 + 0.5 * (row % 2), (row + 1) * _TALL])
    # Ranks, and not metres, so that a town's areas spread and the empty country shrinks.
    ranks = pd.DataFrame(places).rank().to_numpy() / n
    target = 0.5 * ranks + 0.5 * (places - places.min(axis=0)) / span
    extent = np.array([wide, high * _TALL])
    cost = ((target[:, None] * extent - (grid - grid.min(axis=0))[None]) ** 2).sum(axis=2)
    _, chosen = linear_sum_assignment(cost)
    return areas[["area", "district"]].assign(across=grid[chosen, 0], up=row[chosen] + 1.0)


def _panels(areas: pd.DataFrame, across: int) -> list[str]:
    """Districts as they lie: rows from north to south, each from west to east."""
    middles = areas.groupby("district")[["easting", "northing"]].median()
    north = middles.sort_values("northing", ascending=False)
    rows = [north.iloc[at : at + across] for at in range(0, len(north), across)]
    return [str(name) for row in rows for name in row.sort_values("easting").index]


def _steps(percent: pd.Series) -> np.ndarray:
    """Upper limits of the classes but the last, at round fifths of what is shown."""
    shown = percent.dropna().to_numpy(float)
    if not len(shown):
        return np.arange(1.0, _STEPS)
    limits = np.rint(np.quantile(shown, np.arange(1, _STEPS) / _STEPS))
    return np.unique(limits)


def _panel(axes: Axes, data: pd.DataFrame, limits: np.ndarray, side: float) -> None:
    axes.set_axis_off()
    axes.set_aspect(_TALL, anchor="NW")
    axes.set_xlim(0.3, side)
    top = float(data["up"].max()) + 0.75 if len(data) else side / _TALL
    axes.set_ylim(top - side / _TALL, top)
    box = axes.get_window_extent()
    one = min(box.width, box.height) / side
    points = one * 72 / axes.figure.dpi
    step = np.searchsorted(limits, data["percent"].to_numpy(float, na_value=np.nan), side="right")
    hidden = data["percent"].isna().to_numpy()
    for number in range(len(limits) + 1):
        mine = data.loc[(step == number) & ~hidden]
        _hexagons(axes, mine, points, number, len(limits) + 1)
    # The edge of the whole place, so that a small hexagon is seen to be one.
    for mine, edge in ((data.loc[~hidden], "rule"), (data.loc[hidden], "ctl")):
        axes.scatter(
            mine["across"], mine["up"], marker="h", s=(_WHOLE * points) ** 2, facecolors="none",
            edgecolors=TOKENS[edge], linewidths=0.9, zorder=0,
        )  # fmt: skip


def _hexagons(axes: Axes, data: pd.DataFrame, points: float, step: int, steps: int) -> None:
    at = step + _STEPS - steps
    axes.scatter(
        data["across"], data["up"], marker="h", s=(_SIZES[at] * _WHOLE * points) ** 2,
        color=TOKENS["plum"], alpha=_INKS[at], linewidths=0,
    )  # fmt: skip


def _key(figure: Figure, limits: np.ndarray, foot: float, *, narrow: bool, withheld: bool) -> None:
    """What sizes and colours mean, at the foot."""
    names = [f"under {limits[0]:.0f}%"]
    names += [f"{a:.0f}–{b:.0f}%" for a, b in pairwise(limits)]
    names += [f"{limits[-1]:.0f}% or more"]
    names += ["withheld"] * withheld
    width = figure.get_size_inches()[0]
    across = 3 if narrow else len(names)
    axes = figure.add_axes((0, 0, 1, foot))
    axes.set_axis_off()
    rows = -(-len(names) // across)
    axes.set_xlim(0, across)
    axes.set_ylim(rows, 0)
    for place, name in enumerate(names):
        x, y = place % across, place // across
        is_ring = name == "withheld"
        at = place + _STEPS - (len(limits) + 1)
        style: dict[str, Any] = (
            {"mfc": "none", "mec": TOKENS["ctl"], "ms": 12}
            if is_ring
            else {"mfc": TOKENS["plum"], "mec": "none", "alpha": _INKS[at], "ms": 14 * _SIZES[at]}
        )
        axes.plot(
            [(x + 0.08) / across], [1 - (y + 0.5) / rows], marker="h", ls="", **style,
            transform=axes.transAxes,
        )  # fmt: skip
        axes.text(
            (x + 0.08) / across + 0.13 / width, 1 - (y + 0.5) / rows, name,
            transform=axes.transAxes, va="center", fontsize=SMALLEST_TEXT,
        )  # fmt: skip
