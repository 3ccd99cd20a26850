"""Who truly lives where: one household a home, parted couples, children who leave and come back."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.synthetic.conftest import drawn_once
from tests.synthetic.single_view.small import QUICK
from woda_lib.synthetic.single_view.homes import draw_homes, households_on
from woda_lib.synthetic.single_view.life_events import AWAY
from woda_lib.synthetic.single_view.world import World

DAY = np.datetime64("2025-03-31", "D")


@pytest.fixture(scope="module")
def world() -> World:
    return drawn_once(QUICK, QUICK.seed).single_view.world


def test_nobody_lives_in_two_homes_at_once_nor_in_none_before_death(world: World) -> None:
    homes = world.homes
    follows = homes["person_id"].eq(homes["person_id"].shift())
    gap = homes["starts"] - homes["ends"].shift()
    assert (gap[follows] == pd.Timedelta(days=1)).all()
    last = ~follows.shift(-1, fill_value=False)
    died = world.died[homes.loc[last, "person_id"]]
    ends = homes.loc[last, "ends"].to_numpy().astype("datetime64[D]")
    assert np.array_equal(ends, died, equal_nan=True)


def test_a_home_is_left_before_the_next_household_comes(world: World) -> None:
    homes = world.homes.loc[world.homes["dwelling"].ne(AWAY)]
    private = world.dwellings["kind"].ne("care_home").to_numpy()[homes["dwelling"]]
    spans = (
        homes.loc[private]
        .fillna({"ends": pd.Timestamp(DAY)})
        .groupby(["dwelling", "unit"], as_index=False)
        .agg(starts=("starts", "min"), ends=("ends", "max"))
        .sort_values(["dwelling", "starts"])
    )
    before = spans.groupby("dwelling")["ends"].shift()
    assert (spans["starts"] <= before).sum() <= 0.001 * len(spans)


def test_what_a_single_view_has_to_cope_with_happens(world: World) -> None:
    homes, residents = world.homes, world.residents
    starts = homes["starts"].ge(pd.Timestamp(QUICK.opens))
    moved = homes["person_id"].eq(homes["person_id"].shift()) & starts
    first_role = homes.groupby("person_id")["role"].transform("first")
    unit = homes.groupby("person_id")["unit"].transform("first")
    new_unit = moved & homes["unit"].ne(unit)

    couple = first_role.isin(["head", "partner"]) & homes["dwelling"].ne(AWAY)
    parted = homes.loc[new_unit & couple & homes["role"].isin(["head", "sharer"])]
    assert 100 < len(parted) < 400
    # The other one stays.
    household = residents["household"].to_numpy()
    stay = homes.loc[homes["unit"].isin(household[parted["person_id"]]) & couple]
    assert set(household[parted["person_id"]]) & set(stay["unit"])

    here = homes["dwelling"].ne(AWAY)
    grown = homes.loc[new_unit & here & first_role.eq("child") & homes["role"].ne("child")]
    age = world.ages(grown["person_id"].to_numpy(), grown["starts"].to_numpy())
    assert len(grown) > 300 and age.min() >= 17.9
    assert {"head", "partner", "sharer"} == set(grown["role"])
    back = homes.loc[moved & homes["unit"].eq(unit) & homes["role"].eq("child")]
    back = back[back["person_id"].isin(grown["person_id"])]
    assert len(back) > 20

    babies = residents.loc[world.people]
    babies = babies.index[babies["born"].gt(pd.Timestamp(QUICK.opens))]
    assert len(babies) > 400
    at_home = homes.drop_duplicates("person_id").set_index("person_id").loc[babies]
    assert (at_home["starts"].to_numpy() >= residents["born"].loc[babies].to_numpy()).all()
    away = homes["dwelling"].eq(AWAY)
    assert 0.01 < homes.loc[away, "person_id"].nunique() / len(world.people) < 0.06


def test_the_population_is_left_as_it_is(world: World) -> None:
    before = world.residents.copy(deep=True)
    draw_homes(QUICK, world.residents, world.dwellings, QUICK.seed)
    pd.testing.assert_frame_equal(world.residents, before)


def household(*people: tuple[str, int], kind: str = "house") -> str:
    """The kind of a household of people of these roles and ages."""
    n = len(people)
    homes = pd.DataFrame(
        {
            "person_id": range(n),
            "dwelling": 0,
            "unit": 1,
            "role": [role for role, _ in people],
            "starts": pd.Timestamp("2000-01-01"),
            "ends": pd.NaT,
        }
    )
    born = [pd.Timestamp(DAY) - pd.Timedelta(days=int(age * 365.25) + 30) for _, age in people]
    residents = pd.DataFrame({"born": born})
    found = households_on(DAY, homes, residents, pd.DataFrame({"kind": [kind]}))
    assert found["household"].nunique() == 1
    return str(found["kind"].iloc[0])


@pytest.mark.parametrize(
    ("people", "kind"),
    [
        ([("head", 40)], "one_person"),
        ([("head", 66)], "older_one_person"),
        ([("head", 40), ("partner", 38)], "couple"),
        ([("head", 70), ("partner", 60)], "couple"),
        ([("head", 70), ("partner", 66)], "older_couple"),
        ([("head", 40), ("partner", 38), ("child", 7)], "couple_with_children"),
        ([("partner", 38), ("child", 7)], "lone_parent"),
        ([("head", 50), ("partner", 50), ("child", 18), ("child", 21)], "couple_with_children"),
        ([("head", 50), ("partner", 50), ("child", 19)], "grown_children"),
        ([("head", 90), ("child", 60)], "grown_children"),
        ([("head", 40), ("child", 7), ("elder", 70)], "three_generations"),
        ([("head", 22), ("sharer", 23), ("sharer", 22)], "house_share"),
        ([("head", 40), ("partner", 40), ("elder", 70)], "other"),
    ],
)
def test_kinds_of_household(people: list[tuple[str, int]], kind: str) -> None:
    assert household(*people) == kind


def test_a_care_home_is_one_whoever_lives_in_it() -> None:
    assert household(("care_home", 85), kind="care_home") == "care_home"
    assert household(("care_home", 85), ("care_home", 91), kind="care_home") == "care_home"


def test_a_household_is_those_of_one_unit_and_home_on_the_day() -> None:
    homes = pd.DataFrame(
        [
            (0, 7, 1, "head", "2010-01-01", None),
            (1, 7, 1, "partner", "2010-01-01", "2025-03-30"),  # left the day before
            (2, 7, 1, "child", "2025-03-31", None),  # came that day
            (3, 8, 1, "child", "2012-01-01", None),  # of the unit, and lives elsewhere
            (4, AWAY, AWAY, "head", "2012-01-01", None),
        ],
        columns=["person_id", "dwelling", "unit", "role", "starts", "ends"],
    ).astype({"starts": "datetime64[s]", "ends": "datetime64[s]"})
    residents = pd.DataFrame({"born": pd.to_datetime(["1980-01-01"] * 5)})
    found = households_on(DAY, homes, residents, pd.DataFrame({"kind": ["house"] * 9}))
    together = found.groupby("household")["person_id"].agg(list).tolist()
    assert together == [[0, 2], [3]]
