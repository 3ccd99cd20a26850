"""How soon a map of very many sites is drawn, beside what folium draws by itself.

python -m benchmarks.maps [sites ...] [--rounds 5] [--write]

Each map is built and sealed as the workbench does, written to a file, and opened by Chromium with
the network off, in turns, so that other work on the machine falls on all alike. Measured is the
time from the start of the navigation until everything is drawn, which is two frames after the
page's script has ended: none of them adds its markers in pieces. Each opening has a context of its
own, so that nothing is remembered from the one before.

Asked: 100,000 sites in under three seconds.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
from folium.plugins import FastMarkerCluster, MarkerCluster
from playwright.sync_api import sync_playwright

from benchmarks.measure import cores, versions
from woda_lib.places import derived_districts
from woda_lib.places.sealed import GatedLayer, MapLayer, PointField, base_map, seal
from woda_lib.workbench.review.pdf import QUIET, find_browser

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "map_benchmark.md"
BAR_SECONDS, SITES, SEED = 3.0, 100_000, 8
_DRAWN = """() => new Promise(done => {
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
})"""
_ZOOM = """() => new Promise(done => {
  const map = Object.values(window).find(one => one instanceof L.Map), begun = performance.now();
  map.once("zoomend", () => requestAnimationFrame(() => requestAnimationFrame(
    () => done(performance.now() - begun))));
  map.setZoom(map.getZoom() + 3, {animate: false});
})"""
_CIRCLE = "function(row) { return L.circleMarker(new L.LatLng(row[0], row[1]), {radius: 4}); }"


@dataclass
class Contender:
    """One way of drawing sites.

    Attributes
    ----------
    name : str
    most : int
        Of sites; more is not tried, for the reason in `why`.
    draw : callable
        Adds a layer of sites to a map.
    why : str
    canvas : bool
        Whether Leaflet's own layers are drawn on a canvas.
    """

    name: str
    draw: Callable[[folium.Map, GatedLayer], None]
    most: int = 10**9
    why: str = ""
    canvas: bool = False


@dataclass
class Timed:
    """What was measured of one contender at one number of sites."""

    contender: str
    sites: int
    build: float
    megabytes: float
    opened: list[float] = field(default_factory=list)
    zoomed: list[float] = field(default_factory=list)


def make_sites(number: int) -> gpd.GeoDataFrame:
    """Return sites around the middles of towns and over the country, of nobody."""
    rng = np.random.default_rng(SEED)
    districts = derived_districts()
    inside = districts.geometry.sample_points(max(1, number // 12), rng=rng).explode()
    middles = districts.geometry.representative_point()
    town = rng.integers(0, len(middles), number)
    x = middles.x.to_numpy()[town] + rng.normal(0, 2200, number)
    y = middles.y.to_numpy()[town] + rng.normal(0, 2200, number)
    spots = pd.concat([inside.reset_index(drop=True), gpd.GeoSeries.from_xy(x, y, crs=inside.crs)])
    spots = gpd.GeoSeries(spots.to_numpy()[rng.permutation(len(spots))[:number]], crs=inside.crs)
    bands = np.array(["1 to 4", "5 to 9", "10 to 49", "50 or more"])
    return gpd.GeoDataFrame(
        {
            "business": [f"Trader {i} Limited" for i in range(number)],
            "sector": rng.choice(list("ABCDEFGHIJKLMNOPQRSTU"), number),
            "employees_band": bands[rng.integers(0, 4, number)],
        },
        geometry=spots,
        crs=inside.crs,
    )


def _ours(made: folium.Map, sites: GatedLayer) -> None:
    PointField(sites, said=["business", "sector", "employees_band"]).add_to(made)


def _circles(made: folium.Map, sites: GatedLayer) -> None:
    folium.GeoJson(
        sites.geojson,
        marker=folium.CircleMarker(radius=4, weight=1),
        tooltip=folium.GeoJsonTooltip(["business", "sector", "employees_band"]),
    ).add_to(made)


def _fast_cluster(made: folium.Map, sites: GatedLayer) -> None:
    FastMarkerCluster(_places(sites), callback=_CIRCLE).add_to(made)


def _cluster(made: folium.Map, sites: GatedLayer) -> None:
    MarkerCluster(_places(sites), popups=list(sites.frame["business"])).add_to(made)


def _markers(made: folium.Map, sites: GatedLayer) -> None:
    for place, name in zip(_places(sites), sites.frame["business"], strict=True):
        folium.Marker(place, tooltip=name).add_to(made)


def _places(sites: GatedLayer) -> list[list[float]]:
    degrees = sites.frame.geometry.to_crs("EPSG:4326")
    return [[round(y, 5), round(x, 5)] for x, y in zip(degrees.x, degrees.y, strict=True)]


_LARGE = "folium writes a script for each, and the pages grow to tens of megabytes"
CONTENDERS = (
    Contender("ours: PointField, names and two columns", _ours),
    Contender("FastMarkerCluster, no names", _fast_cluster),
    Contender("GeoJson of CircleMarkers on a canvas, same columns", _circles, canvas=True),
    Contender("MarkerCluster with popups", _cluster, 10_000, _LARGE),
    Contender("Markers with tooltips", _markers, 10_000, _LARGE),
)


def measure(numbers: list[int], rounds: int) -> list[Timed]:
    """Build every map, then open them in turns."""
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        made = list(_build(numbers, Path(home)))
        chromium = playwright.chromium.launch(executable_path=find_browser(), args=list(QUIET))
        for _ in range(rounds):
            for timed, path in made:
                opened, zoomed = _open(chromium, path)
                print(f"{timed.contender}, {timed.sites:,}: {opened:.2f} s", file=sys.stderr)
                timed.opened.append(opened)
                timed.zoomed.append(zoomed)
        chromium.close()
    return [timed for timed, _ in made]


def _build(numbers: list[int], home: Path) -> Iterator[tuple[Timed, Path]]:
    districts = derived_districts()
    for number in numbers:
        frame = make_sites(number)
        layer = MapLayer("sites", "Sites", frame, "services", "Made up", date(2025, 3, 31))
        sites = GatedLayer(layer, frame, frame.isna())
        for place, contender in enumerate(CONTENDERS):
            if number > contender.most:
                continue
            begun = time.perf_counter()
            made = base_map(districts, canvas=contender.canvas)
            contender.draw(made, sites)
            page = seal(made, title="Sites")
            path = home / f"{place}_{number}.html"
            path.write_text(page, encoding="utf-8")
            took = time.perf_counter() - begun
            yield Timed(contender.name, number, took, path.stat().st_size / 1e6), path


def _open(chromium: Any, path: Path) -> tuple[float, float]:
    context = chromium.new_context(offline=True, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    try:
        page.goto(path.as_uri(), wait_until="load", timeout=300_000)
        return page.evaluate(_DRAWN) / 1000, page.evaluate(_ZOOM) / 1000
    finally:
        context.close()


def written(found: list[Timed], command: str) -> str:
    """Return the page as Markdown."""
    largest = max(one.sites for one in found)
    ours = next(one for one in found if one.sites == largest)
    slowest = max(ours.opened)
    verdict = "Kept" if slowest < BAR_SECONDS else "Not kept"
    load = os.getloadavg()[0]
    rows = "\n".join(map(_row, found))
    found_versions = versions("folium", "branca", "XStatic-Leaflet", "playwright")
    packages = ", ".join(f"{name} {number}" for name, number in found_versions.items())
    return f"""\
# Very many sites on one map

This page is written by the command below; run it again rather than edit.

- Command: `{command}`
- Date: {datetime.datetime.now(datetime.UTC):%-d %B %Y}
- Machine: {cores()} cores, {platform.system()}; load average at the end {load:.1f}
- Versions: {packages}

Asked: {largest:,} sites open in under {BAR_SECONDS:.0f} s. {verdict}: the median of \
{len(ours.opened)} openings was {statistics.median(ours.opened):.2f} s, the slowest \
{slowest:.2f} s, from the start of the navigation until all was drawn.

| map | sites | built in, s | page, MB | drawn, median, s | slowest, s | zoomed by three, s |
| --- | --: | --: | --: | --: | --: | --: |
{rows}

Every map is sealed and stands on the same base map. Chromium is headless, at 1440 × 900, without a
network and without a graphics card; its processes share the cores with whatever else runs. *Drawn*
ends two frames after the page has loaded. Markers of their own are tried up to 10,000: {_LARGE}.
Ours counts by cell while more than 4,000 sites are in view, and draws each where there is room; its
page holds the name and two columns of every site, which that of FastMarkerCluster does not.
"""


def _row(one: Timed) -> str:
    opened = statistics.median(one.opened)
    return (
        f"| {one.contender} | {one.sites:,} | {one.build:.1f} | {one.megabytes:.1f} | "
        f"{opened:.2f} | {max(one.opened):.2f} | {statistics.median(one.zoomed):.2f} |"
    )


def main() -> None:
    """Measure, print, and write the page if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sites", type=int, nargs="*", default=[10_000, SITES])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help=f"also write {PAGE.name}")
    given = parser.parse_args()
    asked = " ".join(map(str, given.sites))
    command = f"python -m benchmarks.maps {asked} --rounds {given.rounds} --write"
    page = written(measure(given.sites, given.rounds), command)
    print(page)
    if given.write:
        PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
