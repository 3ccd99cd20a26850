"""What to ask for first, what it would unlock, and what is overdue."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from woda_lib.pilots.partnership.roadmap import Register, telling
from woda_lib.pilots.partnership.roadmap.priorities import (
    blockers,
    blockers_by_kind,
    priorities,
    unlocked,
)

FLOW, VIEW = "patient_flow/2_evaluate", "single_view/1_build"


@pytest.fixture(scope="module")
def small(register: Register) -> Register:
    """Six wanted datasets: value, effort and how many steps wait."""
    flags = register.wanted["frailty_flags"]
    asked = {
        "quick": (4, 2, 1),
        "quicker": (5, 1, 1),
        "project": (5, 4, 1),
        "project_of_two": (5, 4, 2),
        "fill_in": (3, 1, 1),
        "later": (1, 5, 1),
    }
    wanted = {
        name: flags.model_copy(
            update={
                "title": name,
                "value": value,
                "effort": effort,
                "waits": dict([(FLOW, ("falls",)), (VIEW, ("frailty_band", "falls"))][:steps]),
            }
        )
        for name, (value, effort, steps) in asked.items()
    }
    return register.model_copy(update={"wanted": wanted})


def test_quick_wins_come_first_then_value_for_effort_then_who_waits(small: Register):
    found = priorities(small, high=4, low=2)
    assert found[["rank", "wanted", "kind"]].to_numpy().tolist() == [
        [1, "quicker", "quick win"],
        [2, "quick", "quick win"],
        [3, "project_of_two", "project"],
        [4, "project", "project"],
        [5, "fill_in", "when there is time"],
        [6, "later", "not now"],
    ]


def test_the_caption_counts_quick_wins_and_names_the_first(small: Register):
    said = telling.priority_caption(priorities(small, high=4, low=2))
    assert said == "Two quick wins; the first in rank is quicker, held by: General practices"


def test_thresholds_move_the_kinds(small: Register):
    kinds = priorities(small, high=5, low=1).set_index("wanted")["kind"]
    assert (kinds["quick"], kinds["quicker"]) == ("not now", "quick win")


def test_each_step_stands_beside_the_fields_that_it_waits_for(small: Register):
    found = unlocked(small, priorities(small, high=4, low=2))
    of_two = found[found["title"] == "project_of_two"]
    assert of_two[["rank", "step", "fields"]].to_numpy().tolist() == [
        [3, FLOW, "falls"],
        [3, VIEW, "frailty_band, falls"],
    ]
    told = telling.unlocked_table(found)
    of_two = told[told["Dataset"] == "project_of_two"]
    assert (of_two["What could then be said"] == "").tolist() == [False, True]
    assert len(found) == 7 and found["rank"].is_monotonic_increasing


def test_a_blocker_is_overdue_from_the_day_after(small: Register):
    due = small.wanted["quick"].blocker.due
    assert blockers(small, on=due).set_index("title").loc["quick", "overdue_days"] == 0
    later = blockers(small, on=date.fromordinal(due.toordinal() + 3)).set_index("title")
    assert later.loc["quick", "overdue_days"] == 3


def test_headline_values_count_datasets_and_steps(small: Register):
    ranked = priorities(small, high=4, low=2)
    stands = pd.DataFrame(
        {"partner": ["a", "a", "b"], "files": [48, 3, 0], "gap": [1, -1, -2], "measured": [3, 4, 1]}
    )
    found = telling.headline(stands, ranked, unlocked(small, ranked)).set_index("name")["value"]
    assert found.to_dict() == {
        "datasets_shared": 2,
        "partners_sharing": 1,
        "datasets_not_measured": 1,
        "put_too_high": 1,
        "put_too_low": 2,
        "datasets_wanted": 6,
        "steps_waiting": 2,
        "quick_wins": 2,
    }


def test_overdue_blockers_stand_with_owner_and_next_step(register: Register):
    found = blockers(register, on=date(2025, 3, 31))
    late = telling.overdue_table(found)
    assert late["Days overdue"].is_monotonic_decreasing and (late["Days overdue"] > 0).all()
    assert len(late) == (found["due"] < "2025-03-31").sum()
    first = late.iloc[0]
    assert (first["Owner"], first["Due"]) == ("Director of Housing", "Dec 2024")
    kinds = blockers_by_kind(found)
    assert kinds[["shared", "wanted"]].sum().sum() == len(found)
    assert kinds["overdue"].sum() == len(late)
    assert telling.overdue_table(blockers(register, on=date(2000, 1, 1))).empty
