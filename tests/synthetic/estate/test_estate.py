"""The made-up estate: what was planted is there, and what is wrong is wrong as it was meant."""

from __future__ import annotations

import csv

import numpy as np
import pandas as pd
import pytest
import shapely
from numpy.random import default_rng
from scipy.spatial import cKDTree

from woda_lib.partners import CONTRACTS
from woda_lib.partners.parsing import BLANKED, parse
from woda_lib.synthetic.addresses import all_postcodes
from woda_lib.synthetic.deliveries import Delivery
from woda_lib.synthetic.estate import Estate
from woda_lib.synthetic.estate.found import TOGETHER_WITHIN
from woda_lib.synthetic.estate.kinds import PORTFOLIOS, SERVICES
from woda_lib.synthetic.estate.planted import CLEARED
from woda_lib.synthetic.estate.writing import BUILDINGS, LAND, SWAPS
from woda_lib.synthetic.profiles import PROFILES
from woda_lib.synthetic.raw_forms import RAW_FORMS, write_text


def homes() -> pd.DataFrame:
    """1,500 homes at 500 postcodes, in ten areas that are as wide as a district's third."""
    rng = default_rng(5)
    codes = all_postcodes()
    codes = codes.loc[codes["county"].eq("worcestershire")].sample(500, random_state=1)
    rows = codes.loc[codes.index.repeat(3)].reset_index(drop=True)
    areas = np.floor((rows["easting"] - 355_000) / 6_500).astype(int)
    return rows.assign(
        easting=rows["easting"] + rng.integers(-90, 90, len(rows)),
        northing=rows["northing"] + rng.integers(-90, 90, len(rows)),
        area="X" + areas.astype(str),
        deprivation_quintile=1 + areas % 5,
    )


@pytest.fixture(scope="module")
def estate() -> Estate:
    return Estate(PROFILES["quick"], homes(), 1)


@pytest.fixture(scope="module")
def truth(estate: Estate) -> dict[str, pd.DataFrame]:
    return estate.truth()


@pytest.fixture(scope="module")
def delivered(estate: Estate) -> list[tuple[str, Delivery]]:
    return list(estate.deliveries())


def newest(delivered: list[tuple[str, Delivery]], dataset: str) -> pd.DataFrame:
    """The last that each partner said of each thing."""
    rows = [given.rows.assign(partner=p) for p, given in delivered if given.dataset == dataset]
    key = CONTRACTS[dataset].key
    return pd.concat(rows).drop_duplicates(["partner", key], keep="last").reset_index(drop=True)


def test_every_partner_of_the_contract_has_the_buildings_of_its_portfolio(estate: Estate) -> None:
    buildings = estate.planted.buildings
    assert set(PORTFOLIOS) == set(CONTRACTS[BUILDINGS].partners)
    for partner, portfolio in PORTFOLIOS.items():
        own = buildings.loc[buildings["partner"].eq(partner), "use"].value_counts()
        assert own.to_dict() == portfolio


def test_planted_clusters_stand_together_with_room_for_a_guest(
    estate: Estate, truth: dict[str, pd.DataFrame]
) -> None:
    buildings = estate.planted.buildings
    clusters = buildings.loc[buildings["cluster"].gt(0)].groupby("cluster")
    assert len(clusters) >= 10
    for _, own in clusters:
        points = own[["easting", "northing"]].to_numpy(dtype=float)
        assert cKDTree(points).query(points, k=len(own))[0].max() <= TOGETHER_WITHIN
        host, guests = own.loc[own["host"]].iloc[0], own.loc[~own["host"]]
        assert guests["partner"].ne(host["partner"]).all()
        assert (guests["floor_area"] - guests["spare_area"]).max() <= host["spare_area"]
    pairs = truth["am_colocated"]
    assert pairs.loc[pairs["planted"], "metres"].max() <= TOGETHER_WITHIN


def test_no_clinic_and_no_library_stands_near_the_planted_gap(
    estate: Estate, truth: dict[str, pd.DataFrame]
) -> None:
    area = estate.homes.loc[estate.homes["area"].eq(estate.planted.gap)]
    assert area["deprivation_quintile"].eq(1).all()
    buildings = estate.planted.buildings
    services = buildings.loc[buildings["use"].isin(SERVICES), ["easting", "northing"]]
    tree = cKDTree(services.to_numpy(dtype=float))
    assert tree.query(area[["easting", "northing"]].to_numpy(dtype=float))[0].min() > CLEARED
    assert truth["am_gaps"].groupby("planted")["metres"].median().is_monotonic_increasing


def test_hot_spots_stand_half_empty_and_everything_else_does_not(
    truth: dict[str, pd.DataFrame],
) -> None:
    share = truth["am_hot_spots"].groupby("hot_spot")["spare_share"]
    assert sorted(share.groups) == [0, 1, 2]
    assert share.mean()[[1, 2]].min() > 0.35
    assert share.mean()[0] < 0.15


def test_only_one_partner_swaps_coordinates_and_in_a_few_rows(
    estate: Estate, delivered: list[tuple[str, Delivery]]
) -> None:
    rows = newest(delivered, BUILDINGS)
    swapped = rows.loc[rows["northing"].gt(300_000)]
    assert set(swapped["partner"]) == {SWAPS}
    assert 1 <= len(swapped) <= 4
    assert estate.planted.buildings["slip"].eq("coordinates_swapped").sum() == 4


def test_some_numbers_postcodes_and_coordinates_are_lost_or_do_not_exist(
    delivered: list[tuple[str, Delivery]],
) -> None:
    rows = newest(delivered, BUILDINGS)
    used = set(all_postcodes()["postcode"])
    given = rows["postcode"].dropna()
    unknown = rows["postcode"].notna() & ~rows["postcode"].isin(used)
    assert 0.01 < unknown.mean() < 0.10
    assert given.str.fullmatch(r"[A-Z]{1,2}\d{1,2} \d[A-Z]{2}").all()
    for column in ("uprn", "postcode", "easting"):
        assert 0.01 < rows[column].isna().mean() < 0.20
    nowhere = unknown & rows["easting"].isna()
    assert nowhere.any()


def test_every_row_that_is_written_keeps_the_contract(
    delivered: list[tuple[str, Delivery]],
) -> None:
    for partner, given in delivered:
        contract = CONTRACTS[given.dataset]
        text = write_text(given.rows, RAW_FORMS[partner]).replace("", pd.NA).astype("string")
        _, faults, _ = parse(text[list(contract.columns)], contract)
        assert faults.loc[~faults["rule"].isin(BLANKED)].empty, partner


def test_sites_of_land_do_not_overlap_and_lie_under_every_building(estate: Estate) -> None:
    land = estate.land
    shapes = land["geometry"].to_numpy()
    assert shapely.is_valid(shapes).all()
    assert shapely.area(shapely.union_all(shapes)) == pytest.approx(
        shapely.area(shapes).sum(), rel=2e-4
    )
    schools = estate.planted.buildings.query("use == 'school'")
    education = shapely.STRtree(shapes[land["tier_a"].eq("Education")])
    inside = education.query(
        shapely.points(schools["easting"], schools["northing"]), predicate="intersects"
    )
    assert len(set(inside[0])) > 0.9 * len(schools)


def test_one_site_lies_outside_and_one_is_longer_than_pythons_reader_takes(
    delivered: list[tuple[str, Delivery]], truth: dict[str, pd.DataFrame]
) -> None:
    assert truth["am_land"]["outside"].sum() == 1
    written = newest(delivered, LAND)["geometry"]
    standard = 131_072
    assert csv.field_size_limit() >= standard
    assert written.str.len().gt(standard).sum() == 1
    assert written.str.startswith("MULTIPOLYGON").all()


def test_the_same_seed_gives_the_same_estate() -> None:
    one, same, other = (Estate(PROFILES["quick"], homes(), seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one.truth()["am_buildings"], same.truth()["am_buildings"])
    assert not one.truth()["am_buildings"].equals(other.truth()["am_buildings"])
