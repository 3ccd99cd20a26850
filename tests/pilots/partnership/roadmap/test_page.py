"""Every table of the page passes the gate: no sentence in it is taken for what somebody wrote."""

from __future__ import annotations

from datetime import date

import pytest

from tests.pilots.partnership.roadmap.conftest import PARAMETERS
from woda_lib.disclosure import Rule, gate_table
from woda_lib.partners import load_agreements
from woda_lib.pilots.partnership.roadmap import (
    Register,
    agreements_table,
    priorities,
    telling,
    trend,
)
from woda_lib.records.pilots import read_pilots

RULE = Rule(threshold=10, rounding=5)
DAY = date(2025, 3, 31)


@pytest.mark.parametrize(
    "name", ["agreements", "levels", "own_words", "overdue", "unlocks", "ranked"]
)
def test_it_is_shown_as_it_is(register: Register, name: str):
    ranked = priorities.priorities(register, high=4, low=2)
    made = {
        "agreements": lambda: agreements_table(
            load_agreements(PARAMETERS / "agreements"), read_pilots(PARAMETERS), on=DAY, soon=180
        ),
        "levels": telling.levels_table,
        "own_words": lambda: trend.own_words(register),
        "overdue": lambda: telling.overdue_table(priorities.blockers(register, on=DAY)),
        "unlocks": lambda: telling.unlocked_table(priorities.unlocked(register, ranked)),
        "ranked": lambda: telling.priority_table(ranked),
    }
    frame = made[name]()
    gated = gate_table(frame, RULE, name=name, counts=())
    assert len(frame) and gated.withheld_cells == 0
