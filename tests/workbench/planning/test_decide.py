"""Which steps are fresh, and why the others are not, after real runs of the tiny bench."""

from __future__ import annotations

import pytest

from tests.workbench.planning.county import County

FRESH = {"1_count": "take over", "2_double": "take over"}


@pytest.fixture
def county(tmp_path):
    return County(tmp_path)


def test_nothing_was_run_yet(county):
    assert county.said() == {"1_count": "run: never run", "2_double": "run: never run"}


def test_everything_is_fresh_after_a_run(county):
    county.make()
    assert county.said() == FRESH
    assert county.make() is None
