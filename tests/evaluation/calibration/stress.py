"""What the recommended intervals do not survive, or barely: counted, so that it can be said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.evaluation.calibration.designs import SERIES, controlled, gamma, generator, series
from tests.evaluation.calibration.score import EFFECT, MIDDLE, Cell, Score
from tests.evaluation.calibration.wards import Panel, difference_series, group_time
from tests.evaluation.histories import Course

HISTORIES = 10_000
HARDEST: Cell = (0.6, 1.0)


@dataclass(frozen=True)
class Stress:
    """One way to go wrong.

    Attributes
    ----------
    what
        Said as a sentence without its full stop.
    run
        Counts it.
    least, largest
        Between which the share that hold the truth lies, as a test of what the page says.
    """

    what: str
    run: Callable[[], Score]
    least: float
    largest: float


def _series(name: str, months: int, cell: Cell, effect: float, **changes: object) -> Score:
    simulate, settings = SERIES[name]
    simulate = changes.pop("simulate", simulate)  # type: ignore[assignment]
    run = series(f"{name} under stress", simulate, settings | changes)
    return next(run(months, cell, effect, HISTORIES))


def _longer() -> Score:
    return _series("Seasonal", 72, HARDEST, EFFECT)


def _stronger() -> Score:
    return _series("Seasonal", 48, (0.8, 1.0), EFFECT)


def _no_trend() -> Score:
    return _series("Step", 36, MIDDLE, 0.0, trend="none")


def _ramp_as_step() -> Score:
    return _series("Ramp", 36, MIDDLE, EFFECT, impact="step")


def _drift_untold() -> Score:
    return _series("Controlled, step only", 36, MIDDLE, 0.0, simulate=controlled(0.5))


def _one_pair_short() -> Score:
    return _series("Seasonal", 48, MIDDLE, EFFECT, simulate=gamma(Course(winter=3.0)), season=1)


def _waves(estimate: Callable[[Panel], tuple], **drawn: float) -> Score:
    rng = generator("waves", 48, HARDEST, EFFECT, 0)
    panel = Panel.draw(rng, 2_000, 48, correlation=0.6, sd=1.0, effect=EFFECT, **drawn)
    return Score.of(
        estimate(panel), truth=EFFECT, design="waves", months=48, cell=HARDEST, effect=EFFECT
    )


def _wave_shocks() -> Score:
    return _waves(lambda panel: group_time(panel, base="average"), shared_by_wave=0.5)


def _wave_shocks_series() -> Score:
    return _waves(difference_series, shared_by_wave=0.5)


def _one_ward_a_wave() -> Score:
    return _waves(difference_series, per_wave=1)


STRESSES = (
    Stress("Six years instead of four: seasonal, 72 months, 0.6 / 1", _longer, 0.90, 0.94),
    Stress("Stronger memory: seasonal, 48 months, 0.8 / 1", _stronger, 0.86, 0.93),
    Stress("A trend of −0.3 a year left out: step, 36 months, no effect", _no_trend, 0.60, 0.92),
    Stress("A three-month ramp taken for a step: 36 months", _ramp_as_step, 0.75, 0.93),
    Stress(
        "A comparison that drifts by 0.5 a year, no trend in the difference: 36 months, no effect",
        _drift_untold,
        0.40,
        0.85,
    ),
    Stress("Winters of up to 3.6 days on one harmonic pair: 48 months", _one_pair_short, 0.90, 1.0),
    Stress(
        "Wards of a wave share shocks of half a day: group-time, clustered by ward, 48 months, "
        "0.6 / 1",
        _wave_shocks,
        0.78,
        0.90,
    ),
    Stress("The same, one series of differences", _wave_shocks_series, 0.89, 0.96),
    Stress(
        "One ward a wave and one never, one series of differences, 48 months, 0.6 / 1",
        _one_ward_a_wave,
        0.89,
        0.97,
    ),
)
