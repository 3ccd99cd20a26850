"""Which buildings stand together, who could move in with whom, and what that could save at most."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from tests.places.analysis.places import buildings
from woda_lib.places.analysis import together
from woda_lib.places.analysis.best_plan import best_plan


def test_only_buildings_of_two_partners_within_the_distance_stand_together() -> None:
    found = together(
        buildings(
            ("police", "P1", 0, 100, 0, 1), ("council", "C1", 800, 100, 0, 1),
            ("council", "C2", 850, 100, 0, 1), ("police", "P2", 3_000, 100, 0, 1),
        ),
        within=800,
    )  # fmt: skip
    assert found.table[["building", "other"]].to_numpy().tolist() == [["C1", "P1"]]
    assert found.table["metres"].tolist() == [800]


def test_a_move_needs_room_and_its_saving_is_a_range_with_both_ends_at_most() -> None:
    found = together(
        buildings(("fire", "F1", 0, 200, 100, 40_000), ("council", "C1", 100, 1_000, 100, 50_000))
    )
    (move,) = found.moves.to_dict("records")
    assert (move["guest"], move["host"], move["square_metres"]) == ("F1", "C1", 100)
    assert move["saved_high"] == 40_000
    assert move["saved_low"] == 40_000 - 100 * 50_000 / 1_000
    assert "upper bound" in found.method


def test_a_host_dearer_than_the_guest_saves_nothing_at_the_low_end() -> None:
    found = together(
        buildings(("fire", "F1", 0, 100, 0, 1_000), ("council", "C1", 100, 200, 150, 90_000))
    )
    assert found.moves["saved_low"].tolist() == [0]


def test_unknown_empty_floor_takes_nobody_in_and_is_said() -> None:
    found = together(
        buildings(("fire", "F1", 0, 100, 0, 1_000), ("council", "C1", 100, 9_000, None, 90_000))
    )
    assert found.moves.empty
    assert found.warnings == ("Of 1 buildings nobody knows how much stands empty.",)
    assert dict(found.summary().to_numpy())["moves in the best plan"] == 0


def test_uses_that_cannot_share_are_neighbours_and_stay() -> None:
    two = buildings(("fire", "F1", 0, 100, 0, 1_000), ("council", "C1", 100, 900, 500, 9_000))
    found = together(two.assign(use=["fire_station", "office"]), can_share=("office",))
    assert len(found.table) == 1
    assert found.moves.empty


def test_less_room_is_needed_where_guests_share_a_reception() -> None:
    two = buildings(("fire", "F1", 0, 100, 0, 1_000), ("council", "C1", 100, 900, 80, 9_000))
    assert together(two).moves.empty
    assert together(two, room=0.8).moves["square_metres"].tolist() == [80]


def test_the_same_number_with_two_partners_is_two_buildings() -> None:
    found = together(
        buildings(("fire", "1", 0, 100, 0, 9_000), ("council", "1", 100, 900, 500, 9_000))
    )
    assert found.plan[["guest_partner", "host_partner"]].to_numpy().tolist() == [
        ["fire", "council"]
    ]


def test_guests_of_two_partners_with_one_number_are_two_buildings_that_could_move() -> None:
    found = together(
        buildings(
            ("fire", "1", 0, 100, 0, 1), ("police", "1", 10, 100, 0, 1),
            ("council", "9", 20, 1_000, 900, 1),
        )
    )  # fmt: skip
    told = found.summary().set_index("figure")["value"]
    assert told["buildings that could move"] == 2


def test_room_is_given_away_once() -> None:
    found = together(
        buildings(
            ("fire", "F1", 0, 100, 0, 9_000), ("police", "P1", 50, 100, 0, 8_000),
            ("council", "C1", 100, 900, 150, 100),
        )
    )  # fmt: skip
    assert len(found.moves) == 2
    assert found.plan["guest"].tolist() == ["F1"]


def test_who_takes_in_does_not_move() -> None:
    found = together(
        buildings(
            ("fire", "F1", 0, 100, 0, 50_000), ("police", "P1", 700, 300, 150, 20_000),
            ("council", "C1", 1_400, 900, 400, 100),
        ),
        within=800,
    )  # fmt: skip
    assert not set(found.plan["guest"]) & set(found.plan["host"])
    assert found.plan["guest"].tolist() == ["F1"]


def test_no_other_plan_saves_more() -> None:
    rng = np.random.default_rng(7)
    moves = pd.DataFrame(
        {
            "guest": rng.choice(list("abcde"), 9),
            "host": rng.choice(list("abcdefg"), 9),
            "guest_partner": "one",
            "host_partner": "two",
            "square_metres": rng.integers(50, 150, 9).astype(float),
            "saved_low": rng.integers(1_000, 9_000, 9).astype(float),
        }
    ).drop_duplicates(["guest", "host"], ignore_index=True)
    moves["host_partner"] = moves["guest_partner"]  # so that a host may be somebody else's guest
    moves = moves.loc[moves["guest"] != moves["host"]].reset_index(drop=True)
    moves["spare_area"] = moves["host"].map(dict(zip("abcdefg", range(100, 240, 20), strict=True)))

    def allowed(chosen: tuple[bool, ...]) -> bool:
        plan = moves.loc[list(chosen)]
        filled = plan.groupby("host")["square_metres"].sum()
        room = plan.groupby("host")["spare_area"].first()
        return (
            not plan["guest"].duplicated().any()
            and not set(plan["guest"]) & set(plan["host"])
            and bool((filled <= room).all())
        )

    best = max(
        moves.loc[list(chosen), "saved_low"].sum()
        for chosen in itertools.product([False, True], repeat=len(moves))
        if allowed(chosen)
    )
    chosen = best_plan(moves)
    assert allowed(tuple(chosen))
    assert moves.loc[chosen, "saved_low"].sum() == pytest.approx(best)
