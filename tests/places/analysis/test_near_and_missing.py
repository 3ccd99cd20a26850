"""Ways without a network, the nearest service, catchments, and gaps."""

from __future__ import annotations

import pytest

from tests.places.analysis.places import at
from woda_lib.places import PlacesError
from woda_lib.places.analysis import MODES, Mode, gaps, nearest

SLOW = Mode("on foot", detour=1.25, kilometres_an_hour=6.0)  # 80 straight metres a minute


def test_a_way_is_the_straight_line_made_longer_at_a_speed() -> None:
    assert SLOW.minutes(800.0) == pytest.approx(10)
    assert SLOW.reach(10) == pytest.approx(800)


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
def test_how_far_one_gets_and_how_long_it_takes_are_each_others_inverse(mode: Mode) -> None:
    assert mode.minutes(mode.reach(25)) == pytest.approx(25)


def test_nobody_gets_anywhere_while_still_parking() -> None:
    car = Mode("by car", detour=1.4, kilometres_an_hour=30, minutes_before=5)
    assert car.reach(4) == 0
    assert car.minutes(0.0) == 5


def test_a_way_shorter_than_the_straight_line_is_refused() -> None:
    with pytest.raises(PlacesError, match="cannot be shorter than the straight line"):
        Mode("by crow", detour=0.9, kilometres_an_hour=5)
    with pytest.raises(PlacesError, match="speed on foot must be above 0"):
        Mode("on foot", detour=1.2, kilometres_an_hour=0)


def test_each_home_has_its_nearest_service_and_each_service_its_homes() -> None:
    homes = at((0, 0), (400, 0), (2_000, 0))
    services = at((1_900, 0), (100, 0), building_id=["far", "near"])
    found = nearest(homes, services, SLOW, minutes=(2, 5))
    assert found.table["nearest"].tolist() == ["near", "near", "far"]
    assert found.table["metres"].tolist() == [100, 300, 100]
    assert found.summary()["homes"].tolist() == [2, 3]
    catchments = found.catchments().set_index("service")
    assert catchments.loc["near", ["homes", "within_2", "within_5"]].tolist() == [2, 1, 2]


def test_of_two_services_as_near_the_one_whose_number_comes_first_is_taken() -> None:
    found = nearest(at((0, 0)), at((100, 0), (-100, 0), building_id=["b", "a"]), SLOW)
    assert found.table["nearest"].tolist() == ["a"]


def test_a_deprived_area_most_of_whose_homes_are_out_of_reach_is_a_gap() -> None:
    homes = at(
        (0, 0), (100, 0), (5_000, 0), (5_000, 0), (5_100, 0), (9_000, 0),
        area=["near", "near", "poor", "poor", "poor", "rich"],
        deprivation_quintile=[1, 1, 1, 1, 1, 5],
    )  # fmt: skip
    found = gaps(nearest(homes, at((0, 0), building_id=["a"]), SLOW), minutes=20)
    table = found.table.set_index("area")
    assert table["gap"].to_dict() == {"poor": True, "rich": False, "near": False}
    assert table.loc["poor", ["homes", "beyond"]].tolist() == [3, 3]
    assert dict(found.summary().to_numpy())["gaps"] == 1


def test_half_of_the_homes_are_not_most_of_them() -> None:
    homes = at((0, 0), (5_000, 0), area="A", deprivation_quintile=1)
    near = nearest(homes, at((0, 0), building_id=["a"]), SLOW)
    assert not gaps(near, minutes=20, share=0.5).table["gap"].any()
    assert gaps(near, minutes=20, share=0.49).table["gap"].all()


def test_homes_in_no_area_are_said_and_in_no_count() -> None:
    homes = at((0, 0), (0, 0), area=["A", None], deprivation_quintile=[1, 1])
    found = gaps(nearest(homes, at((0, 0), building_id=["a"]), SLOW), minutes=20)
    assert found.warnings == ("1 homes are in no area, and in no count.",)
    assert found.table["homes"].tolist() == [1]


def test_an_area_of_two_fifths_of_deprivation_is_refused() -> None:
    homes = at((0, 0), (0, 0), area="A", deprivation_quintile=[1, 2])
    with pytest.raises(PlacesError, match="1 areas have homes of several fifths"):
        gaps(nearest(homes, at((0, 0), building_id=["a"]), SLOW), minutes=20)
