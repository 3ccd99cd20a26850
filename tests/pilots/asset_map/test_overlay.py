"""What the overlay counts as a home, a building in use and a site; and what it says of them."""

from __future__ import annotations

import pandas as pd
import pytest
import shapely

from tests.places.analysis.places import at, buildings, squares
from woda_lib.pilots.asset_map import county, held_to_truth, overlay
from woda_lib.pilots.asset_map.headline import headline
from woda_lib.places.analysis import Mode, hot_spots, together, touching

FOOT = Mode("on foot", detour=1.25, kilometres_an_hour=6.0)


def way(**columns: object) -> dict[str, object]:
    """A way of addressing a house that stands."""
    return {
        "uprn": "1", "parent_uprn": None, "logical_status": "approved", "class_code": "RD04",
        "easting": 384_000, "northing": 254_000, "district": "Worcester", "area": "A",
        "deprivation_quintile": 1, "ended_on": pd.NaT, **columns,
    }  # fmt: skip


def test_a_home_is_an_approved_dwelling_and_counted_once() -> None:
    gazetteer = pd.DataFrame(
        [
            way(),
            way(logical_status="alternative"),
            way(uprn="2", logical_status="historical", ended_on=pd.Timestamp("2020-01-01")),
            way(uprn="3", logical_status="provisional"),
            way(uprn="4", class_code="CR08"),
            way(uprn="5", class_code="PP"),
            way(uprn="6", class_code="RD06", parent_uprn="5"),
            way(uprn="7", class_code="RD01"),
            way(uprn="8", class_code="RD01", parent_uprn="7"),
            way(uprn="9", class_code="RI01"),
            way(uprn="10", class_code="RH03"),
        ]
    )
    assert county.homes(gazetteer)["uprn"].tolist() == ["1", "6", "8", "10"]


def test_a_building_is_in_use_from_its_first_day_to_the_day_before_its_last() -> None:
    day = pd.Timestamp("2025-03-31")
    listed = pd.DataFrame(
        {
            "building_id": list("abcd"),
            "started_on": pd.to_datetime(["2025-03-31", "2025-04-01", "2000-01-01", "2000-01-01"]),
            "ended_on": pd.to_datetime([None, None, "2025-03-31", "2025-04-01"]),
        }
    )
    assert county.in_use(listed, day)["building_id"].tolist() == ["a", "d"]


def test_sites_beyond_the_county_are_left_out_and_counted() -> None:
    inside, outside = (
        shapely.to_wkt(shapely.box(x, y, x + 100, y + 100))
        for x, y in ((385_000, 255_000), (430_000, 215_000))
    )
    sites, elsewhere = county.land_in_the_county(
        pd.DataFrame({"osid": ["a", "b"], "tier_a": "Education", "geometry": [inside, outside]})
    )
    assert (sites["osid"].tolist(), elsewhere) == (["a"], 1)


def test_every_broad_use_of_the_made_up_land_has_a_class() -> None:
    assert len(set(county.LAND_CLASSES.values())) == 7


def test_reach_is_told_by_fifth_of_deprivation() -> None:
    homes = at(
        (0, 0), (5_000, 0), (0, 0), (100, 0),
        area=["A", "A", "B", "B"], deprivation_quintile=[1, 1, 5, 5], district="Worcester",
    )  # fmt: skip
    services = at(
        (0, 0), (0, 0), partner="fire_service", building_id=["c", "l"], use=["clinic", "library"]
    )
    near = overlay.services_near(homes, services, FOOT, 20)
    missing = overlay.gaps_of(near, minutes=20, most_deprived=1, share=0.4)
    by_fifth = overlay.reach_by_fifth(missing)
    assert by_fifth["percent"].tolist() == [50, 0, 50, 0]
    assert overlay.say_reach(by_fifth, 20).endswith(
        "clinic: 50% against 0%; library: 50% against 0%"
    )
    gaps = overlay.gap_areas(missing, homes)
    assert gaps[["No near", "Area", "Homes", "Homes out of reach"]].to_numpy().tolist() == [
        ["Clinic", "A", 2, 1],
        ["Library", "A", 2, 1],
    ]


def test_two_partners_may_give_their_clinics_the_same_number() -> None:
    homes = at((0, 0), (5_000, 0), area="A", deprivation_quintile=1)
    clinics = at(
        (0, 0), (5_000, 0), partner=["fire_service", "county_council"], building_id="1",
        use="clinic",
    )  # fmt: skip
    libraries = at((0, 0), partner="fire_service", building_id="1", use="library")
    near = overlay.services_near(homes, pd.concat([clinics, libraries]), FOOT, 20)
    assert near["clinic"].table["nearest"].tolist() == ["fire_service/1", "county_council/1"]


@pytest.fixture
def shared():
    return together(
        buildings(
            ("fire_service", "F1", 0, 100, 10, 9_000),
            ("county_council", "C1", 100, 900, 500, 9_000),
            ("west_mercia_police", "P1", 50, 90, None, 8_000),
        )
    )


def test_partners_and_uses_are_named_as_people_do(shared) -> None:
    table = overlay.partners_together(shared)
    assert table["Pairs of buildings"].sum() == 3
    assert "Fire service" in {*table["Partner"], *table["And"]}
    moves = overlay.moves_by_use(shared)
    assert moves[["Moves out", "Moves in with", "Moves"]].to_numpy().tolist() == [
        ["Office", "Office", 2]
    ]
    assert moves["At most, high end"].tolist() == [17]


def test_what_was_planted_is_held_against_what_was_delivered(shared) -> None:
    areas = squares(5).assign(
        partner="county_council", building_id=[f"C{i}" for i in range(25)], v=range(25)
    )
    spots = hot_spots(areas, "v", touching(areas), seed=1, permutations=999)
    pairs = pd.DataFrame(
        {
            "guest_partner": ["fire_service", "fire_service"],
            "guest": ["F1", "F9"],
            "host_partner": "county_council",
            "host": "C1",
            "planted": True,
        }
    )
    truth = {
        "am_colocated": pairs,
        "am_gaps": pd.DataFrame({"area": [], "service": [], "planted": pd.Series(dtype=bool)}),
        "am_hot_spots": areas[["partner", "building_id"]].assign(hot_spot=[0] * 24 + [1]),
    }
    there = pd.DataFrame(
        {"partner": ["fire_service", "county_council"], "building_id": ["F1", "C1"]}
    )
    table = held_to_truth.against_truth(shared, {}, spots, there, truth)
    assert table[["Planted", "Delivered", "Found"]].iloc[0].tolist() == [2, 1, 1]


def test_a_home_without_two_services_is_counted_once_in_the_headline(shared) -> None:
    homes = at((0, 0), (9_000, 0), (9_000, 0), area="A", deprivation_quintile=1)
    services = at(
        (0, 0), (0, 0), partner="fire_service", building_id=["c", "l"], use=["clinic", "library"]
    )
    near = overlay.services_near(homes, services, FOOT, 20)
    missing = overlay.gaps_of(near, minutes=20, most_deprived=1, share=0.5)
    areas = squares(5).assign(v=range(25))
    spots = hot_spots(areas, "v", touching(areas), seed=1, permutations=999)
    values = headline(shared, missing, spots, placed=0.9).set_index("name")["value"]
    assert (values["areas_without"], values["homes_without"]) == (1, 2)
    assert values["saved_at_most_low"] <= values["saved_at_most_high"]
