"""How fast the workbench says what lies inside an incident's area, at the size of the county.

    python -m benchmarks.incident                    600,000 residents
    python -m benchmarks.incident --profile quick    a county of 20,000
    python -m benchmarks.incident --write            and writes docs/incident_benchmark.md

Homes and their gazetteer are the made-up county's. Premises, businesses' sites, partners' buildings
and entries of the assistance register are drawn beside them, in the numbers that the table gives.
The peer asks GeoPandas as its manual does: points out of two columns, then a spatial join, for each
question anew. Both are asked the same questions in turn, and must count the same.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from benchmarks.addresses import gazetteer_of
from benchmarks.contest import ROOT
from benchmarks.measure import cores
from woda_lib.pilots.business_register.incident import Area, inside, read_area, tables
from woda_lib.pilots.business_register.incident.kinds import standing
from woda_lib.pilots.business_register.incident.points import postcode_points
from woda_lib.places import boundaries
from woda_lib.synthetic.assistance.floods import flood_outlines

PAGE = ROOT / "docs" / "incident_benchmark.md"
ON = pd.Timestamp("2025-03-31")
QUESTIONS = (
    "SO 850 547 / 800 m",
    "SO 850 547 / 2 km",
    "384000,253500; 386500,253500; 386000,256500; 384500,256000",
    "flood_severn",
)
EDGE, SHELTER = 200.0, 3_000.0
ROUNDS = 7
TARGET = 5.0  # seconds
_A_THOUSAND = {"premises": 45, "sites": 70, "buildings": 2, "people": 10}
_NEVER = np.datetime64("NaT", "ns")
_STATUS = {"1": "approved", "3": "alternative", "6": "provisional", "8": "historical"}
_CLASSES = ("CR08", "CI01", "CO01", "CE03", "CM02", "RI01", "RD08")
_CLASS_SHARES = (0.50, 0.20, 0.24, 0.02, 0.01, 0.02, 0.01)


@dataclass(frozen=True)
class Rows:
    """The tables of one county."""

    gazetteer: pd.DataFrame
    premises: pd.DataFrame
    sites: pd.DataFrame
    buildings: pd.DataFrame
    register: pd.DataFrame


def draw(profile: str, seed: int = 1) -> Rows:
    """Draw the tables of a county."""
    gazetteer = gazetteer_of(profile)
    gazetteer = gazetteer.assign(
        ended_on=pd.to_datetime(gazetteer["ended_on"]),
        logical_status=gazetteer["logical_status"].map(_STATUS),
    )
    homes = gazetteer.drop_duplicates("uprn").reset_index(drop=True)
    residents = len(homes) * 2.2
    rng = np.random.default_rng(seed)
    sizes = {name: int(rate * residents / 1_000) for name, rate in _A_THOUSAND.items()}

    def beside(n: int) -> pd.DataFrame:
        drawn = homes.iloc[rng.integers(len(homes), size=n)].reset_index(drop=True)
        moved = drawn[["easting", "northing"]] + rng.integers(-60, 61, size=(n, 2))
        return drawn.assign(**moved.astype({"easting": "Int64", "northing": "Int64"}))

    premises = beside(sizes["premises"])
    premises = premises.assign(
        uprn=[f"92{n:010d}" for n in range(len(premises))],
        class_code=rng.choice(_CLASSES, p=_CLASS_SHARES, size=len(premises)),
        organisation="",
        logical_status="approved",
        ended_on=_NEVER,
    )
    n = sizes["sites"]
    employees = pd.Series(rng.integers(1, 60, n)).astype("Int64").where(rng.random(n) < 0.35)
    sites = beside(n).assign(
        site_id=[f"site-{k}" for k in range(n)],
        enterprise_id=[f"business-{k * 3 // 4}" for k in range(n)],
        kind=np.where(rng.random(n) < 0.4, "registered_office", "premises"),
        section=rng.choice(list("CFGHIJKLMNPQRS"), size=n),
        employees=employees,
        ended_on=_NEVER,
    )
    n = sizes["buildings"]
    buildings = beside(n).assign(
        building_id=[f"B{k}" for k in range(n)],
        building_name=[f"Building {k}" for k in range(n)],
        use=rng.choice(["school", "library", "community_centre", "office", "depot"], size=n),
        condition="B",
        opening_hours="",
        floor_area=pd.Series(rng.integers(100, 4_000, n)).astype("Int64"),
        ended_on=_NEVER,
    )
    people = homes.iloc[rng.choice(len(homes), sizes["people"], replace=False)]
    register = pd.DataFrame(
        {
            "assistance_id": [f"AR{k}" for k in range(len(people))],
            "need": rng.choice(list(tables.NEEDS), size=len(people)),
            "uprn": people["uprn"].to_numpy(),
            "address": pd.Series(pd.NA, index=range(len(people)), dtype="string"),
            "postcode": people["postcode"].to_numpy(),
            "started_on": pd.Timestamp("2020-01-01"),
            "ended_on": _NEVER,
        }
    )
    return Rows(gazetteer, premises, sites, buildings, register)


def ours(known: inside.Known, area: Area) -> dict[str, int]:
    """Answer a question as the notebook does, tables and all; return what was counted."""
    found = inside.look_inside(known, area, margin=EDGE)
    inside.shelters(known, area, within=SHELTER, keep_off=EDGE)
    for table in (tables.at_a_glance, tables.vulnerable, tables.sectors, tables.people):
        table(found)
    tables.key_places(found)
    names = ("properties", "sites", "buildings", "people")
    return {name: len(getattr(found, name)) for name in names}


def peer(held: dict[str, pd.DataFrame], area: Area) -> dict[str, int]:
    """Count what lies inside with a spatial join of points made for the question."""
    shape = gpd.GeoDataFrame(geometry=[area.geometry], crs="EPSG:27700")
    counted = {}
    for name, table in held.items():
        points = gpd.points_from_xy(table["easting"], table["northing"])
        frame = gpd.GeoDataFrame(table, geometry=points, crs="EPSG:27700")
        counted[name] = len(gpd.sjoin(frame, shape, predicate="intersects"))
    return counted


def measure(answer: Callable[[], dict[str, int]]) -> tuple[float, dict[str, int]]:
    """Return the seconds that an answer takes, and what it counts."""
    began = time.perf_counter()
    counted = answer()
    return time.perf_counter() - began, counted


def contest(rows: Rows) -> tuple[pd.DataFrame, float, dict[str, int]]:
    """Put each question to both in turn; return the table, the preparation and the sizes."""
    began = time.perf_counter()
    known = inside.Known.of(
        sites=rows.sites,
        premises=rows.premises,
        gazetteer=rows.gazetteer,
        buildings=rows.buildings,
        register=rows.register,
        on=ON,
    )
    prepared = time.perf_counter() - began
    held = {
        "properties": pd.concat(
            [standing(rows.premises, ON), standing(rows.gazetteer, ON)], ignore_index=True
        ).drop_duplicates("uprn"),
        "sites": rows.sites,
        "buildings": rows.buildings,
        "people": known.people.table.drop_duplicates("assistance_id"),
    }
    county = boundaries("district").union_all()
    postcodes = postcode_points(rows.gazetteer)
    told = []
    for question in QUESTIONS:
        area = read_area(question, postcodes=postcodes, county=county, outlines=flood_outlines())
        mine, theirs = [], []
        for _ in range(ROUNDS):
            seconds, counted = measure(lambda area=area: ours(known, area))  # type: ignore[misc]
            mine.append(seconds)
            seconds, joined = measure(lambda area=area: peer(held, area))  # type: ignore[misc]
            theirs.append(seconds)
            if counted != joined:
                raise SystemExit(f"{question}: {counted} by us, {joined} by a spatial join")
        told.append(
            {
                "area": area.words,
                "km²": f"{area.square_km:.1f}",
                "homes and premises": f"{counted['properties']:,}",
                "sites": f"{counted['sites']:,}",
                "people": f"{counted['people']:,}",
                "median, s": f"{statistics.median(mine):.3f}",
                "slowest, s": f"{max(mine):.3f}",
                "spatial join, median, s": f"{statistics.median(theirs):.2f}",
            }
        )
    return pd.DataFrame(told), prepared, {name: len(table) for name, table in held.items()}


def page(told: pd.DataFrame, prepared: float, sizes: dict[str, int], profile: str) -> str:
    """Return the benchmark as a page."""
    lines = ["| " + " | ".join(told.columns) + " |", "|" + " --- |" * len(told.columns)]
    lines += ["| " + " | ".join(row) + " |" for row in told.itertuples(index=False)]
    held = ", ".join(f"{count:,} {name}" for name, count in sizes.items())
    slowest = max(float(value) for value in told["slowest, s"])
    verdict = "is met" if slowest < TARGET else "is missed"
    return f"""# How fast an incident's area is answered

Written by `python -m benchmarks.incident --profile {profile} --write`; do not edit.

A county of the profile *{profile}*: {held}
(homes and premises are *properties*). Each question is asked {ROUNDS} times of each, in turn, on
{cores()} cores that others used too. Ours answers with the ring, the places to receive people and
every table of the report; the spatial join only counts what lies inside, from points made for each
question, as GeoPandas ({gpd.__version__}) shows it in its manual. Both counted the same, or there
would be no page.

{chr(10).join(lines)}

The target is {TARGET:.0f} s at the county's size, and it {verdict}: the slowest answer took
{slowest:.2f} s. Before the first question, what is known is put in place once:
{prepared:.1f} s, most of it for finding the homes of the assistance register by their addresses.
Loading and checking the extracts comes before that and is no part of either.

What it does not say: homes are the made-up county's, and everything else is drawn beside them, so
that town centres are as dense as homes are. Real premises crowd together more.
"""


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--profile", default="county", choices=["quick", "demo", "county"])
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    text = page(*contest(draw(asked.profile)), asked.profile)
    print(text)
    if asked.write:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
