"""Headline counts in steps that one decision does not move by a few."""

import pytest

from tests.partners.small_county import AGREEMENTS
from woda_lib.partners import load_agreement
from woda_lib.pilots.single_view.steps import STEP, in_steps


def test_a_step_is_the_least_difference_that_the_agreement_lets_be_told():
    assert load_agreement("single_view", AGREEMENTS).disclosure.threshold == STEP


@pytest.mark.parametrize(("count", "said"), [(0, 0), (4, 0), (18_835, 18_840), (18_836, 18_840)])
def test_counts_are_said_in_steps(count, said):
    assert in_steps(count) == said


def test_one_person_more_moves_a_count_by_nothing_or_by_a_whole_step():
    assert {in_steps(n + 1) - in_steps(n) for n in range(1_000)} == {0, STEP}
