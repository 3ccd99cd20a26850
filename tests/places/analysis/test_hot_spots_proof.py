"""Hot spots in a hundred counties of noise, and in counties where one was planted; and esda's p."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from esda import Moran_Local

from tests.places.analysis.places import squares
from woda_lib.places.analysis import Neighbours, hot_spots, nearest_few, touching
from woda_lib.places.analysis.permutations import conditional_p

PAGE = Path(__file__).parents[3] / "docs" / "hot_spots_proof.md"
NOISE, PLANTED = range(1, 201), range(1, 41)
SIDE = 16  # squares of an edge: 256 areas
EFFECTS = (1.0, 1.5, 2.0, 3.0)
RATE, DEALS = 0.05, 9_999
_MIDDLE = SIDE // 2


@cache
def county(kind: str) -> tuple[gpd.GeoDataFrame, Neighbours]:
    """256 areas as neighbours by edge and corner, or 300 points with the eight nearest of each."""
    if kind == "areas":
        areas = squares(SIDE)
        return areas, touching(areas)
    rng = np.random.default_rng(11)
    places = rng.uniform((370_000, 240_000), (400_000, 270_000), (300, 2))
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*places.T), crs=27700)
    return points, nearest_few(points, 8)


def block(*, reach: int = 2) -> np.ndarray:
    """Five by five areas in the middle, or the three by three whose neighbours are all of it."""
    near = [abs(i - _MIDDLE) <= reach for i in range(SIDE)]
    return np.array([near[i % SIDE] and near[i // SIDE] for i in range(SIDE * SIDE)])


def drawn(kind: str, values: str, seed: int) -> np.ndarray:
    """Values without any pattern: bells, the skewed shares of empty floor, or mostly noughts."""
    frame, _ = county(kind)
    rng = np.random.default_rng([17, seed])
    if values == "bell-shaped":
        return rng.normal(0, 1, len(frame))
    if values == "skewed":
        return rng.beta(1.2, 12, len(frame))
    return rng.poisson(0.3, len(frame)).astype(float)


@cache
def in_noise(kind: str, values: str) -> pd.DataFrame:
    """A row a seed: what is found where there is nothing, with and without the control."""
    frame, near = county(kind)
    rows = []
    for seed in NOISE:
        table = hot_spots(
            frame.assign(v=drawn(kind, values, seed)), "v", near, seed=seed, permutations=DEALS
        ).table
        rows.append((seed, int(table["adjusted_p"].le(RATE).sum()), int(table["p"].le(RATE).sum())))
    return pd.DataFrame(rows, columns=["seed", "found", "uncontrolled"])


@cache
def planted(effect: float) -> pd.DataFrame:
    """A row a seed: what is found of a block that lies so many standard deviations higher."""
    areas, near = county("areas")
    hot, core = block(), block(reach=1)
    beside = near.weights @ hot.astype(float) > 0
    rows = []
    for seed in PLANTED:
        values = drawn("areas", "bell-shaped", 1_000 + seed) + effect * hot
        table = hot_spots(areas.assign(v=values), "v", near, seed=seed, permutations=DEALS).table
        found = table["spot"].eq("hot").to_numpy()
        away = table["spot"].isin(["hot", "cold"]).to_numpy() & ~hot & ~beside
        rows.append((found[hot].mean(), found[core].mean(), away.sum() / max(found.sum(), 1)))
    return pd.DataFrame(rows, columns=["of_block", "of_core", "false"])


CASES = [
    (kind, values)
    for kind in ("areas", "points")
    for values in ("bell-shaped", "skewed", "mostly noughts")
]


@pytest.mark.prove
@pytest.mark.parametrize(("kind", "values"), CASES)
def test_in_noise_next_to_nothing_is_found(kind: str, values: str) -> None:
    """In noise every find is false; a rate of 5% allows any at all in one county of twenty."""
    found = in_noise(kind, values)
    assert found["found"].gt(0).mean() <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / len(NOISE))
    assert found["found"].median() == 0


@pytest.mark.prove
def test_without_the_control_noise_is_full_of_hot_spots() -> None:
    assert in_noise("areas", "bell-shaped")["uncontrolled"].gt(0).mean() > 0.95


@pytest.mark.prove
def test_a_planted_block_is_found_the_more_surely_the_higher_it_lies() -> None:
    shares = [planted(effect)["of_block"].mean() for effect in EFFECTS]
    assert shares == sorted(shares)
    assert planted(EFFECTS[-1])["of_core"].mean() > 0.9
    assert planted(EFFECTS[-1])["false"].mean() <= RATE


@pytest.mark.prove
def test_p_values_are_those_of_esda() -> None:
    """Its one-sided p of local Moran's I, doubled, where the draws are other ones."""
    _, near = county("areas")
    values = drawn("areas", "bell-shaped", 1) + 1.5 * block()
    own = conditional_p(values, near.weights, 9_999, np.random.default_rng(1))
    theirs = Moran_Local(
        values, near.graph, transformation="r", permutations=9_999, n_jobs=1, seed=1
    )
    assert own == pytest.approx(np.minimum(1, 2 * theirs.p_sim), abs=0.035)
    assert np.corrcoef(own, np.minimum(1, 2 * theirs.p_sim))[0, 1] > 0.999


@pytest.mark.prove
def test_the_page_says_what_was_found() -> None:
    noise = []
    for kind, values in CASES:
        found = in_noise(kind, values)
        noise.append(
            f"| {len(county(kind)[0])} {kind}, {values} | {found['found'].gt(0).mean():.1%} "
            f"| {found['found'].mean():.2f} | {found['uncontrolled'].mean():.1f} |"
        )
    blocks = []
    for effect in EFFECTS:
        one = planted(effect)
        blocks.append(
            f"| {effect:g} | {one['of_block'].mean():.0%} | {one['of_core'].mean():.0%} "
            f"| {one['of_block'].gt(0).mean():.0%} | {one['false'].mean():.1%} |"
        )
    PAGE.write_text(
        "# Hot spots: what is found in noise, and what is found of what is there\n\n"
        "Written by `tests/places/analysis/test_hot_spots_proof.py`. Local Moran's I and Gi* with "
        f"{DEALS:,} conditional permutations, false discoveries controlled at {RATE:.0%} "
        "(Benjamini and Hochberg).\n\n"
        f"## In noise: {len(NOISE)} counties each\n\n"
        "Every find is false here. The rate allows *any* find in 5% of counties. With so many "
        "permutations p is no lower than 0.0002, so that a single area is seldom found by itself, "
        "and the control errs on the safe side.\n\n"
        "| county | with any find | finds a county | without control |\n|---|---|---|---|\n"
        + "\n".join(noise)
        + f"\n\n## A block of 25 of {SIDE * SIDE} areas that lies higher: {len(PLANTED)} counties "
        "each\n\n"
        "Areas beside the block share neighbours with it, and are neither right nor false. The "
        "core are the nine areas whose neighbours all belong to the block; at the block's corners "
        "most neighbours do not.\n\n"
        "| higher by, standard deviations | of the block found | of its core | counties with any "
        "of it | false, of what is found |\n|---|---|---|---|---|\n" + "\n".join(blocks) + "\n",
        encoding="utf-8",
    )
