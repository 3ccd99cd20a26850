"""How often intervals of `synthetic_control` hold the truth, on places that a model made.

Every history has places with levels and two shared movements of their own, and months that remember
the one before. Nothing happens in any of them, so an interval holds the truth when it holds nought.
Prints the table of `docs/synthetic_control.md`: `python -m benchmarks.donor_intervals 1000`.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from woda_lib.evaluation.donors.conformal import conformal_p_value
from woda_lib.evaluation.donors.match import Matcher
from woda_lib.evaluation.donors.placebos import attainable, placebo_scale

Floats = NDArray[np.floating[Any]]

KINDS = {
    "one place among others": {},
    "a mixture of three others, and noise": {"inside": True},
    "twice as noisy as others": {"noise": 2.0},
    "above all others": {"level": 10.0},
}
DESIGNS = ((20, 36, 12, 0.3), (39, 36, 12, 0.3), (39, 24, 12, 0.3), (39, 36, 12, 0.7))


def history(
    rng: np.random.Generator,
    *,
    donors: int,
    periods: int,
    correlation: float,
    inside: bool = False,
    noise: float = 1.0,
    level: float = 0.0,
) -> Floats:
    """Return (places, periods) outcomes, the treated place first."""
    loads = rng.normal(size=(donors + 1, 2))
    levels = 20 + 3 * rng.normal(size=donors + 1)
    if inside:
        others = 1 + rng.choice(donors, 3, replace=False)
        shares = rng.dirichlet(np.ones(3))
        loads[0], levels[0] = shares @ loads[others], shares @ levels[others]
    levels[0] += level
    shared = 0.15 * rng.normal(size=(2, periods)).cumsum(axis=1)
    shared[0] += 0.03 * np.arange(periods)
    fresh = rng.normal(size=(donors + 1, periods))
    errors = fresh.copy()
    for period in range(1, periods):
        kept = correlation * errors[:, period - 1]
        errors[:, period] = kept + np.sqrt(1 - correlation**2) * fresh[:, period]
    errors[0] *= noise
    return levels[:, None] + loads @ shared + errors


def main() -> None:
    """Print coverage and median width of both intervals."""
    histories = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    rng = np.random.default_rng(2018)
    print("| the treated place is | donors | months | correlation | placebo | width | conformal |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for kind, settings in KINDS.items():
        for donors, before, after, correlation in DESIGNS:
            held = conformal = 0
            widths = []
            for _ in range(histories):
                outcomes = history(
                    rng,
                    donors=donors,
                    periods=before + after,
                    correlation=correlation,
                    **settings,
                )
                matcher = Matcher(outcomes, before)
                match, placebos = matcher.treated(), matcher.placebos()
                effects = np.array([placebo.effect for placebo in placebos])
                scale = placebo_scale(match, placebos, size=float(outcomes.std()))
                half = float(scale.reach(effects, attainable(0.95, donors)))
                held += abs(match.effect) <= half
                widths.append(2 * half)
                conformal += conformal_p_value(outcomes, before, 0.0) > 0.05
            print(
                f"| {kind} | {donors} | {before} + {after} | {correlation} "
                f"| {held / histories:.1%} | {np.median(widths):.1f} "
                f"| {conformal / histories:.1%} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
