"""Where a partner believes people to live, by what it has heard and when."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.synthetic.single_view.small import homes_of, world_of
from woda_lib.synthetic.single_view.believed import believe
from woda_lib.synthetic.single_view.clerks import HABITS, Habits
from woda_lib.synthetic.single_view.holdings import HOME, Holding
from woda_lib.synthetic.single_view.life_events import AWAY
from woda_lib.synthetic.single_view.world import World

MOVES = homes_of((0, 5, "2010-01-01", "2022-05-31"), (0, 6, "2022-06-01", None))
LEAVES = homes_of((0, 5, "2010-01-01", "2022-05-31"), (0, AWAY, "2022-06-01", None))


def habits(*, days: float = 0.0, unheard: float = 0.0, **other: float | bool) -> Habits:
    census = HABITS["school_census"]
    rates = replace(census.rates, move_days=days, move_unheard=unheard)
    return replace(census, rates=rates, old_address=0.0, forgets=0.0, **other)  # type: ignore[arg-type]


def rows(
    world: World,
    kept_by: Habits,
    *,
    starts: str = "2020-03-01",
    ends: str | None = None,
    heard: str | None = None,
    at: int = HOME,
) -> list[tuple[int, str, str]]:
    """``dwelling, started_on, ended_on`` of what is written of one spell of one person."""
    spells = pd.DataFrame(
        {
            "person_id": [0],
            "started_on": pd.to_datetime([starts]),
            "ended_on": pd.to_datetime([ends]),
            "end_heard_on": pd.to_datetime([heard or ends]),
            "at": [at],
            "number": [0],
        }
    )
    numbers = pd.DataFrame(
        {"person_id": [0], "registered_on": pd.to_datetime([starts]), "local_id": ["X1"]}
    )
    found = believe(Holding(kept_by, spells, numbers), world, np.random.default_rng(3))
    columns = ("started_on", "ended_on")
    found = found.assign(**{c: found[c].dt.strftime("%Y-%m-%d").fillna("") for c in columns})
    return list(found[["dwelling", *columns]].itertuples(index=False, name=None))


def test_a_move_that_is_heard_of_ends_a_row_and_begins_another() -> None:
    assert rows(world_of(MOVES), habits()) == [
        (5, "2020-03-01", "2022-05-31"),
        (6, "2022-06-01", ""),
    ]


def test_a_move_that_is_not_heard_of_leaves_the_old_row_open() -> None:
    assert rows(world_of(MOVES), habits(unheard=1.0)) == [(5, "2020-03-01", "")]


def test_a_move_that_is_heard_of_late_is_entered_late_or_under_its_own_day() -> None:
    (_, _, until), (_, since, _) = rows(world_of(MOVES), habits(days=200.0))
    assert since > "2022-06-01"
    assert pd.Timestamp(until) == pd.Timestamp(since) - pd.Timedelta(days=1)
    backdated = rows(world_of(MOVES), habits(days=200.0, backdates=True))
    assert backdated == [(5, "2020-03-01", "2022-05-31"), (6, "2022-06-01", "")]


def test_who_leaves_the_county_is_not_written_at_another_home() -> None:
    assert rows(world_of(LEAVES), habits()) == [(5, "2020-03-01", "2022-05-31")]


def test_who_is_met_after_a_move_gives_the_new_address_but_for_a_few() -> None:
    world = world_of(MOVES)
    assert rows(world, habits(), starts="2023-01-01") == [(6, "2023-01-01", "")]
    forgetful = replace(habits(unheard=1.0), old_address=1.0)
    assert rows(world, forgetful, starts="2023-01-01") == [(5, "2023-01-01", "")]


def test_a_spell_that_ends_before_the_move_has_one_row() -> None:
    found = rows(world_of(MOVES), habits(), ends="2021-01-31")
    assert found == [(5, "2020-03-01", "2021-01-31")]


def test_an_end_that_is_heard_of_after_the_window_is_not_written() -> None:
    found = rows(world_of(MOVES), habits(), ends="2025-03-30", heard="2025-06-01")
    assert found == [(5, "2020-03-01", "2022-05-31"), (6, "2022-06-01", "")]


def test_a_spell_with_a_place_of_its_own_stays_there() -> None:
    assert rows(world_of(MOVES), habits(), at=4) == [(4, "2020-03-01", "")]


@pytest.mark.parametrize("dataset", HABITS)
def test_no_row_ends_before_it_begins(dataset: str) -> None:
    n = 400
    moves = [
        (p, 2 * p + k, f"{2018 + 2 * k + p % 3}-0{1 + p % 9}-11", None)
        for p in range(n)
        for k in range(3)
    ]
    homes = homes_of(*moves)
    ends = homes["starts"].shift(-1) - pd.Timedelta(days=1)
    homes["ends"] = ends.where(homes["person_id"].eq(homes["person_id"].shift(-1)))
    spells = pd.DataFrame(
        {
            "person_id": np.arange(n),
            "started_on": pd.date_range("2019-01-01", periods=n, freq="3D"),
            "at": HOME,
            "number": np.arange(n),
        }
    )
    spells["ended_on"] = (spells["started_on"] + pd.Timedelta(days=900)).where(
        spells["person_id"] % 2 == 0
    )
    spells["end_heard_on"] = spells["ended_on"] + pd.Timedelta(days=40)
    numbers = pd.DataFrame({"person_id": np.arange(n), "registered_on": spells["started_on"]})
    found = believe(
        Holding(HABITS[dataset], spells, numbers), world_of(homes), np.random.default_rng(5)
    )
    assert not (found["ended_on"] < found["started_on"]).any()
    assert not (found["written_on"] < found["started_on"]).any()
    assert not (found["ended_written_on"] < found["ended_on"]).any()
    # No two rows of a spell are true on one day.
    later = found.groupby("spell")["started_on"].shift(-1)
    assert not (later <= found["ended_on"]).any()
