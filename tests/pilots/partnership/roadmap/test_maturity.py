"""The measured level: the highest of which every condition up to there is met."""

from __future__ import annotations

import pandas as pd
import pytest

from woda_lib.pilots.partnership.roadmap import telling
from woda_lib.pilots.partnership.roadmap.levels import LEVELS
from woda_lib.pilots.partnership.roadmap.maturity import by_partner, held_against, maturity
from woda_lib.pilots.partnership.roadmap.quality import DIMENSIONS

BEST = {"files": 48, "state": "in force", "sent": "automatically", "self_assessed": 4}


def _one(pair: dict[str, object], **graded: str) -> pd.Series:
    pairs = pd.DataFrame([BEST | pair])
    return maturity(pairs, pd.DataFrame([dict.fromkeys(DIMENSIONS, "good") | graded])).iloc[0]


@pytest.mark.parametrize(
    ("pair", "graded", "level", "lacks"),
    [
        ({}, {}, 5, ""),
        ({"sent": "by hand"}, {}, 4, "sending without a hand"),
        ({}, {"accuracy": "not known"}, 4, "a good check of accuracy"),
        ({"state": "review due"}, {}, 4, "a review of the agreement"),
        ({}, {"consistency": "not known"}, 5, ""),  # a contract without rules over columns
        ({}, {"completeness": "fair"}, 3, "better completeness"),
        ({}, {"completeness": "fair", "validity": "fair"}, 3, "better completeness, validity"),
        ({}, {"timeliness": "fair"}, 3, "better timeliness"),
        ({}, {"validity": "not known"}, 2, "rows enough to judge by"),
        ({}, {"validity": "poor"}, 2, "better validity"),
        ({"state": "draft"}, {}, 2, "an agreement in force"),
        ({"state": "none"}, {"validity": "poor"}, 2, "an agreement in force, better validity"),
        ({"state": "review passed"}, {}, 2, "an agreement in force"),
        ({"files": 0}, {}, 1, "a file that was read"),
        # What is better above does not make up for what is missing below.
        ({"files": 0, "state": "none"}, {}, 1, "a file that was read"),
    ],
)
def test_each_level_takes_its_condition_and_all_below(pair, graded, level, lacks):
    found = _one(pair, **graded)
    assert (found["measured"], found["lacks"]) == (level, lacks)
    assert found["gap"] == 4 - level


def test_levels_are_told_from_the_lowest():
    assert telling.levels_table()["name"].tolist() == [
        *("Beginning", "Emerging", "Learning", "Developing", "Mastering")
    ]
    assert [level.number for level in LEVELS] == [1, 2, 3, 4, 5]


def test_own_words_are_held_against_what_was_measured():
    stands = pd.DataFrame(
        {
            "name": ["Police", "Police", "Fire"],
            "dataset": ["incidents", "crimes", "visits"],
            "self_assessed": [4, 4, 2],
            "measured": [3, 3, 4],
            "gap": [1, 1, -2],
        }
    )
    counted = held_against(stands).set_index(["self_assessed", "measured"])["datasets"]
    assert len(counted) == 25
    assert counted[counted > 0].to_dict() == {(4, 3): 2, (2, 4): 1}
    assert by_partner(stands).to_numpy().tolist() == [
        ["Police", 2, "4", "3", 2, 0],
        ["Fire", 1, "2", "4", 0, 1],
    ]
