"""Whether household-bootstrap intervals hold the truth as often as they say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.prediction.assessment.tables import drawn
from woda_lib.prediction.assessment import assess

PAGE = Path(__file__).parents[3] / "docs" / "assessment_intervals.md"
TRIALS, HOUSEHOLDS, DRAWS, LARGE = 200, 4000, 150, 1_000_000
MEASURES = ("auc", "average_precision", "brier", "calibration_slope", "calibration_intercept")
AT_CAPACITY = ("precision", "recall")


@pytest.mark.prove
def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    """The truth is what a sample of a million households gives."""
    truth = assess(drawn(LARGE, 0), capacity=25, seed=0, draws=20)
    names = (*AT_CAPACITY, *MEASURES)
    held: dict[str, list[bool]] = {name: [] for name in names}
    held |= {f"{name}, less the rule's": [] for name in ("precision", "auc")}
    for trial in range(1, TRIALS + 1):
        found = assess(drawn(HOUSEHOLDS, trial), capacity=25, seed=trial, draws=DRAWS)
        for name in names:
            row = found.row(name, "model")
            held[name].append(row["low"] <= truth.value(name, "model") <= row["high"])
        for name in ("precision", "auc"):
            row = found.difference(name, "rule")
            true = truth.difference(name, "rule")["value"]
            held[f"{name}, less the rule's"].append(row["low"] <= true <= row["high"])
    shares = {name: float(np.mean(each)) for name, each in held.items()}
    _write(shares)
    # 200 trials tell 95% to about three points; 150 draws cost the limits a little more.
    assert all(share >= 0.90 for share in shares.values()), shares


def _write(shares: dict[str, float]) -> None:
    error = 1.96 * np.sqrt(0.95 * 0.05 / TRIALS)
    rows = pd.Series(shares)
    lines = [
        "# Intervals of the assessment",
        "",
        f"Written by `make prove`: {TRIALS} samples of {HOUSEHOLDS:,} households to about 1 in 26 "
        f"of whom it happens, {DRAWS} draws each; how often the 95% interval holds what "
        f"{LARGE:,} households give. Chance alone moves 95% by {100 * error:.1f} points.",
        "",
        "| measure of the model | held the truth |",
        "|---|---|",
        *(f"| {name.replace('_', ' ')} | {100 * share:.1f}% |" for name, share in rows.items()),
    ]
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
