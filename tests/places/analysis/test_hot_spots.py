"""Local Moran's I and Gi*: published numbers, islands, ties, and what is refused."""

from __future__ import annotations

import geopandas as gpd
import libpysal
import numpy as np
import pandas as pd
import pytest

from tests.places.analysis.places import at, squares
from woda_lib.places import PlacesError
from woda_lib.places.analysis import hot_spots, nearest_few, touching, within
from woda_lib.places.analysis.hot_spots import local_statistics


@pytest.fixture(scope="module")
def columbus() -> gpd.GeoDataFrame:
    """Neighbourhoods of Columbus, Ohio (Anselin 1988), as libpysal ships them."""
    frame = gpd.read_file(libpysal.examples.get_path("columbus.shp"))
    return frame.set_crs(27700).assign(geometry=frame.geometry.scale(1e4, 1e4, origin=(0, 0)))


def test_gi_star_has_the_z_scores_of_the_librarys_published_example() -> None:
    """Six points of the documentation of PySAL (esda, `G_Local`, star, binary)."""
    places = at((10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30))
    _, around, _ = local_statistics(np.array([2, 3, 3.2, 5, 8, 7]), within(places, 15))
    published = [-1.39727626, -0.28917762, 0.65064964, -0.28917762, 1.23452088, 2.02424331]
    assert around.Zs == pytest.approx(published, abs=1e-7)


def test_gi_star_is_that_of_ord_and_getis_written_out() -> None:
    """Equation 14 of Ord and Getis (1995), with ones for neighbours and oneself."""
    values = np.array([2, 3, 3.2, 5, 8, 7])
    near = within(at((10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)), 15)
    ones = near.weights.toarray() + np.eye(6)
    n, w = 6, ones.sum(axis=1)
    spread = values.std() * np.sqrt((n * w - w**2) / (n - 1))
    by_hand = (ones @ values - w * values.mean()) / spread
    assert local_statistics(values, near)[1].Zs == pytest.approx(by_hand)


def test_global_moran_of_columbus_is_the_published_one(columbus: gpd.GeoDataFrame) -> None:
    """Moran's I of CRIME is 0.500189 with the neighbours that the data set ships, as queens."""
    found = hot_spots(columbus, "CRIME", touching(columbus), seed=1, permutations=999)
    assert found.moran == pytest.approx(0.500189, abs=1e-6)
    assert found.moran_p < 0.01


def test_local_statistics_add_up_to_the_global_one(columbus: gpd.GeoDataFrame) -> None:
    """Anselin (1995), equation 15: local Moran's I sum to a multiple of the global one."""
    local, _, overall = local_statistics(columbus["CRIME"].to_numpy(), touching(columbus))
    assert local.Is.sum() / (len(columbus) - 1) == pytest.approx(overall.I)


def test_the_hot_spot_of_columbus_is_its_core(columbus: gpd.GeoDataFrame) -> None:
    table = hot_spots(columbus, "CRIME", touching(columbus), seed=1).table
    hot = table.loc[table["spot"].eq("hot")]
    assert len(hot) == 4
    assert hot["CP"].eq(1).all()  # what the data set itself calls the core
    assert hot["pattern"].eq("high among high").all()


def test_the_same_seed_gives_the_same_and_a_finding_can_be_told(columbus: gpd.GeoDataFrame) -> None:
    one, same = (hot_spots(columbus, "CRIME", touching(columbus), seed=4) for _ in range(2))
    pd.testing.assert_frame_equal(one.table, same.table)
    assert "Benjamini and Hochberg" in str(one)


def test_an_island_is_in_no_test_and_said() -> None:
    places = at(*((100.0 * i, 0.0) for i in range(24)), (90_000.0, 0.0), v=[*range(24), 5])
    found = hot_spots(places, "v", within(places, 150), seed=1, permutations=999)
    last = found.table.iloc[-1]
    assert (last["spot"], last["pattern"]) == ("no neighbours", "no neighbours")
    assert pd.isna(last["p"])
    assert pd.isna(last["gi_star"])
    assert found.islands == 1
    assert "1 features have no neighbour and are in no test." in found.warnings


def test_noughts_among_noughts_are_no_cold_spot() -> None:
    """Where most values are alike, a mean of nought is what chance gives as well."""
    areas = squares(10).assign(v=[0.0] * 97 + [1.0, 2.0, 3.0])
    table = hot_spots(areas, "v", touching(areas), seed=2).table
    assert not table["spot"].eq("cold").any()
    assert table["p"].max() == 1


def test_a_block_of_high_values_is_found_and_nothing_else() -> None:
    rng = np.random.default_rng(5)
    areas = squares(12)
    block = np.array([i % 12 in range(3, 7) and i // 12 in range(3, 7) for i in range(144)])
    found = hot_spots(
        areas.assign(v=rng.normal(0, 1, 144) + 3 * block), "v", touching(areas), seed=3
    )
    hot = found.table["spot"].eq("hot").to_numpy()
    inner = np.array([i % 12 in range(4, 6) and i // 12 in range(4, 6) for i in range(144)])
    assert hot[inner].all()
    away = np.array([i % 12 > 7 or i // 12 > 7 for i in range(144)])
    assert not hot[away].any()
    assert found.table.loc[inner, "pattern"].eq("high among high").all()


def test_every_point_has_so_many_nearest() -> None:
    places = at(*((float(i * i), 0.0) for i in range(30)))
    near = nearest_few(places, 4)
    assert not near.islands
    assert (near.weights.sum(axis=1) == 4).all()
    with pytest.raises(PlacesError, match="Choose a number from 1 to 29"):
        nearest_few(places, 30)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ([1.0] * 25, "All features have the same v"),
        ([*range(24), None], "1 features have no v"),
    ],
)
def test_values_that_say_nothing_are_refused(values: list[float], says: str) -> None:
    areas = squares(5).assign(v=values)
    with pytest.raises(PlacesError, match=says):
        hot_spots(areas, "v", touching(areas), seed=1)


def test_too_few_features_and_neighbours_of_others_are_refused() -> None:
    few = squares(4).assign(v=range(16))
    with pytest.raises(PlacesError, match="16 features, too few"):
        hot_spots(few, "v", touching(few), seed=1)
    many = squares(5).assign(v=range(25))
    with pytest.raises(PlacesError, match="among 16 features, and there are 25"):
        hot_spots(many, "v", touching(few), seed=1)
