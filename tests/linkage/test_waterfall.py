"""The waterfall draws each step of an explanation where its running total puts it."""

from __future__ import annotations

import pytest

from tests.linkage.people import table
from woda_lib.figures import to_svg
from woda_lib.linkage import LinkageError
from woda_lib.linkage.waterfall_figure import waterfall

EXPLANATION = table(
    """
    comparison meaning                        weight total
    prior      any_two_records                -13.0  -13.0
    forename   the_same                         7.5   -5.5
    surname    Jaro–Winkler_of_0.92_or_more     6.0    0.5
    born       anything_else                   -4.0   -3.5
    """
).astype({"weight": float, "total": float})


@pytest.mark.parametrize("narrow", [False, True])
def test_every_step_and_the_sum_are_written(narrow):
    svg = to_svg(waterfall(EXPLANATION, threshold=0.9), narrow=narrow)
    for text in ("−13.0", "+7.5", "+6.0", "−4.0", "−3.5", "forename", "together"):
        assert text in svg


def test_the_sum_is_said_as_a_probability_and_never_as_certainty():
    # odds of 2 to the −3.5: 1 / (1 + 11.31) = 8.1%
    assert "match probability 8.1%" in to_svg(waterfall(EXPLANATION))
    certain = EXPLANATION.assign(total=[40.0] * 4)
    assert "match probability over 99.9%" in to_svg(waterfall(certain))


def test_the_numbers_behind_it_hold_no_values_of_records():
    assert list(waterfall(EXPLANATION).data) == ["comparison", "meaning", "weight", "total"]


def test_other_tables_and_thresholds_are_refused():
    with pytest.raises(LinkageError, match="without the column 'weight'"):
        waterfall(EXPLANATION.drop(columns="weight"))
    with pytest.raises(LinkageError, match="empty"):
        waterfall(EXPLANATION.head(0))
    with pytest.raises(LinkageError, match="between 0 and 1"):
        waterfall(EXPLANATION, threshold=1.0)
