"""The shapes of an effect over time, written out step by step."""

from __future__ import annotations

import numpy as np
import pytest

from woda_lib.evaluation import Impact, ImpactError
from woda_lib.evaluation.segments import SegmentedDesign, Terms

SINCE = np.arange(-2.0, 5.0)


@pytest.mark.parametrize(
    ("impact", "step", "full"),
    [
        #            -2 -1  0    1    2    3    4   steps since the start
        ("step", [0, 0, 1, 1, 1, 1, 1], 5),
        ("lag:2", [0, 0, 0, 0, 1, 1, 1], 3),
        ("ramp:3", [0, 0, 1 / 4, 2 / 4, 3 / 4, 1, 1], 2),
        ("lag:1+ramp:1", [0, 0, 0, 1 / 2, 1, 1, 1], 3),
        ("pulse:2", [0, 0, 1, 1, 0, 0, 0], 2),
        ("bend", [0, 0, 1 / 3, 2 / 3, 1, 4 / 3, 5 / 3], 5),
        ("slope", [0, 0, 1, 1, 1, 1, 1], 5),
    ],
)
def test_an_effect_unfolds(impact: str, step: list[float], full: int) -> None:
    found = Impact.of(impact)
    assert found.columns(SINCE)["step"] == pytest.approx(np.array(step))
    assert found.full(SINCE).sum() == full


def test_a_slope_is_centred_over_the_time_after() -> None:
    slope = Impact.of("slope").columns(SINCE)["slope"]
    assert slope.tolist() == [0, 0, -2, -1, 0, 1, 2]


@pytest.mark.parametrize("impact", ["slope", "bend"])
def test_the_effect_of_a_slope_is_its_average(impact: str) -> None:
    """Whatever line the outcome takes after the start, the step is its mean height."""
    columns = Impact.of(impact).columns(SINCE)
    after = SINCE >= 0
    # An effect that grows 1, 2, 3, 4, 5 has the average 3.
    outcome = np.where(after, SINCE + 1, 0.0)
    found = np.linalg.lstsq(np.column_stack(list(columns.values())), outcome, rcond=None)[0]
    assert found[0] == pytest.approx(3)


@pytest.mark.parametrize(
    ("impact", "message"),
    [
        ("jump", "'jump' is not known. Give one of step, slope, bend, ramp, pulse"),
        ("ramp", "needs its length in steps"),
        ("ramp:0", "needs its length in steps"),
        ("ramp:soon", "no whole number after its colon"),
        ("step:3", "has no length"),
        ("lag", "lag needs its length"),
        ("ramp:3+slope", "names 2 shapes"),
    ],
)
def test_what_is_no_shape_is_refused(impact: str, message: str) -> None:
    with pytest.raises(ImpactError, match=message):
        Impact.of(impact)


def test_terms_are_columns() -> None:
    design = SegmentedDesign.of(
        np.arange(6.0), start=3, terms=Terms(impact=Impact("slope")), per_year=12
    )
    assert design.names == ("level", "step", "slope", "trend")
    expected = [
        # level, step, years after the start less their mean, years since it
        [1, 0, 0, -3 / 12],
        [1, 0, 0, -2 / 12],
        [1, 0, 0, -1 / 12],
        [1, 1, -1 / 12, 0 / 12],
        [1, 1, 0, 1 / 12],
        [1, 1, 1 / 12, 2 / 12],
    ]
    assert design.matrix == pytest.approx(np.array(expected))
    assert design.step.tolist() == [0, 1, 0, 0]
    assert not design.without_change[:, [1, 2]].any()


def test_a_trend_may_curve_or_bend_before_the_start() -> None:
    positions = np.arange(9.0)
    curved = SegmentedDesign.of(positions, start=6, terms=Terms(trend="quadratic"), per_year=1)
    assert curved.matrix[:, 3].tolist() == [16, 9, 4, 1, 0, 1, 4, 9, 16]
    bent = SegmentedDesign.of(positions, start=6, terms=Terms(trend="piecewise"), per_year=1)
    assert bent.matrix[:, 3].tolist() == [0, 0, 0, 0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(("per_year", "pairs", "columns"), [(12, 2, 4), (4, 2, 3), (12, 6, 11)])
def test_a_season_comes_round_after_a_year(per_year: int, pairs: int, columns: int) -> None:
    design = SegmentedDesign.of(
        np.arange(45.0), start=30, terms=Terms(harmonics=pairs), per_year=per_year
    )
    season = design.matrix[:, 3:]
    assert season.shape[1] == columns
    assert season[:-per_year] == pytest.approx(season[per_year:])


def test_weekdays_have_a_level_each() -> None:
    design = SegmentedDesign.of(np.arange(70.0), start=35, terms=Terms(week=True), per_year=365.25)
    week = design.matrix[:, 3:]
    assert week[:-7] == pytest.approx(week[7:])
    assert np.linalg.matrix_rank(np.column_stack([np.ones(70), week])) == 7
