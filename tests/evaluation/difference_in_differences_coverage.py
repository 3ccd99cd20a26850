"""How often intervals of a difference in differences hold the truth: the table in its page.

Run `python -m tests.evaluation.difference_in_differences_coverage 500`; it takes about ten minutes
and prints rows of Markdown. The tests do the same with fewer histories.
"""

from __future__ import annotations

import sys

import numpy as np

from tests.evaluation.adoptions import NEVER, staggered
from woda_lib.evaluation import difference_in_differences

EFFECT = -2.7
CELLS = [
    (36, 0.0, 0.3),
    (36, 0.3, 0.6),
    (36, 0.6, 1.0),
    (48, 0.0, 0.3),
    (48, 0.3, 0.6),
    (48, 0.6, 1.0),
]
"""Months, correlation of shocks from month to month, their standard deviation in days."""


def designs(months: int) -> list[tuple[str, list[float], dict[str, object]]]:
    """Name, months of go-live by unit, and settings."""
    third, half, late = months // 3, months // 2 + 1, 2 * months // 3
    never: list[float] = [NEVER]
    three = [third] * 2 + [half] * 2 + [late] * 2 + never * 6
    return [
        ("one against one (`reml-ar1`)", [half, NEVER], {}),
        ("one against ten (`reml-ar1`)", [half] + never * 10, {}),
        ("the same, `borrowed`", [half] + never * 10, {"errors": "borrowed"}),
        ("the same, plainly `cluster`", [half] + never * 10, {"errors": "cluster"}),
        ("four against six (`borrowed`)", [half] * 4 + never * 6, {}),
        ("the same, `wild`", [half] * 4 + never * 6, {"errors": "wild"}),
        ("cohorts of 2, 2, 2 against six, `average`", three, {"base_period": "average"}),
        ("the same, `last`", three, {}),
        (
            "cohorts of 1, 1, 1 against five, `average`",
            [third, half, late] + never * 5,
            {"base_period": "average"},
        ),
        (
            "cohorts of 6, 6 against eight, `average`",
            [third] * 6 + [late] * 6 + never * 8,
            {"base_period": "average"},
        ),
    ]


def coverage(
    histories: int, first: list[float], settings: dict[str, object], cell: tuple[int, float, float]
) -> tuple[float, float]:
    """Return the share of intervals that hold the effect, and their mean width."""
    months, correlation, sd = cell
    rng = np.random.default_rng(1)
    held, width = 0, 0.0
    for _ in range(histories):
        frame = staggered(
            rng, first, months, correlation=correlation, sd=sd, noise=0.6, effect=EFFECT
        )
        result = difference_in_differences(
            frame, outcome="y", unit="unit", time="t", first_treated="first", **settings
        )
        held += result.low <= EFFECT <= result.high
        width += result.high - result.low
    return held / histories, width / histories


def main(histories: int) -> None:
    """Print a row a design: coverage in each cell, and the width in the middle one at 36 months."""
    for place, (name, _, _) in enumerate(designs(36)):
        shares, widths = [], []
        for cell in CELLS:
            _, first, settings = designs(cell[0])[place]
            share, width = coverage(histories, first, settings, cell)
            shares.append(f"{100 * share:.1f}")
            widths.append(width)
        print(f"| {name} | {' | '.join(shares)} | {widths[1]:.2f} |", flush=True)  # noqa: T201 - a command


if __name__ == "__main__":
    main(int(sys.argv[1]))
