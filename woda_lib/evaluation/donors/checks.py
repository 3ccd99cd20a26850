"""Would the answer stand if one donor were left out, or if the change had been dated earlier?"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from woda_lib.evaluation.donors.alternatives import interval, plain_mixture
from woda_lib.evaluation.donors.match import Match, Matcher
from woda_lib.evaluation.donors.panel import Panel
from woda_lib.phrases import say_number

Floats = NDArray[np.floating[Any]]

COUNTED = 0.001
"""The weight from which a donor counts as part of the mixture."""

FEWEST_BEFORE_PRETENDED = 5
FEWEST_AFTER_PRETENDED = 2


def leave_one_out(panel: Panel, matcher: Matcher, match: Match) -> pd.DataFrame:
    """Estimate the effect without each donor that has a weight.

    Returns
    -------
    DataFrame
        One row a donor left out, the heaviest first: `left_out, weight, estimate, rmspe`.
    """
    everyone = range(1, len(panel.names))
    rows = []
    for place in np.argsort(-match.weights, kind="stable"):
        if match.weights[place] < COUNTED or len(everyone) == 2:
            break
        found = matcher.match(0, [unit for unit in everyone if unit != place + 1])
        rows.append((panel.donors[place], match.weights[place], found.effect, found.rmspe))
    return pd.DataFrame(rows, columns=["left_out", "weight", "estimate", "rmspe"])


def pretended_starts(panel: Panel, *, level: float) -> pd.DataFrame:
    """Estimate an effect where there is none: with earlier starts, on the periods before the start.

    Mixtures are chosen by outcomes alone, since the windows of predictors may reach past an earlier
    start.

    Returns
    -------
    DataFrame
        One row a pretended start, from the middle of the periods before the start on: `start,
        periods, estimate, low, high`. Empty where there are too few periods.
    """
    rows = []
    first = max(panel.before // 2, FEWEST_BEFORE_PRETENDED)
    for start in range(first, panel.before - FEWEST_AFTER_PRETENDED + 1):
        earlier = Matcher(panel.outcomes[:, : panel.before], start)
        rows.append(
            (
                panel.axis.time(panel.positions[start]),
                panel.before - start,
                *interval(plain_mixture, earlier, level),
            )
        )
    return pd.DataFrame(rows, columns=["start", "periods", "estimate", "low", "high"])


def warnings_about(
    panel: Panel, match: Match, placebos: list[Match], left_out: pd.DataFrame
) -> list[str]:
    """Say what in these data speaks against the mixture."""
    found = []
    followed, donors = panel.outcomes[0, : panel.before], panel.outcomes[1:, : panel.before]
    outside = int(((followed > donors.max(axis=0)) | (followed < donors.min(axis=0))).sum())
    if outside:
        found.append(
            f"In {outside} of the {panel.before} periods before the start the treated unit lies "
            "above or below every donor, where no mixture can follow it. Read the estimates with a "
            "constant difference among the alternatives."
        )
    typical = float(np.median([placebo.rmspe for placebo in placebos]))
    if match.rmspe > max(2 * typical, 0.1 * abs(match.effect)):
        found.append(
            f"Before the start the mixture misses the treated unit by {_say(match.rmspe)} (root "
            f"mean square), more than twice what is typical of donors ({_say(typical)}), beside "
            f"an effect of {_say(match.effect)}: a poor fit."
        )
    shift = float(match.gaps[: panel.before].mean())
    if abs(shift) > max(0.5 * match.rmspe, 1e-9) and abs(shift) > 0.1 * abs(match.effect):
        found.append(
            f"Before the start the treated unit lies {_say(abs(shift))} "
            f"{'above' if shift > 0 else 'below'} its mixture on average, beside an effect of "
            f"{_say(match.effect)}."
        )
    missing = int(np.ptp(panel.positions)) + 1 - len(panel.positions)
    if missing:
        found.append(
            f"{missing} periods between the first and the last are missing for every unit. They "
            "are left out, of the average effect too."
        )
    if panel.before < 10:
        found.append(
            f"Only {panel.before} periods come before the start. A mixture that follows so few may "
            "do so by chance."
        )
    if match.weights.max() > 0.9:
        found.append(
            "One donor has more than nine tenths of the weight, so the estimate is little more "
            "than a comparison with it."
        )
    if len(left_out) and (np.sign(left_out["estimate"]) != np.sign(match.effect)).any():
        found.append("The effect changes its sign when one of the donors is left out.")
    return found


def _say(number: float) -> str:
    """Say a number with three digits that mean something."""
    if number == 0:
        return "0"
    return say_number(number, min(2 - math.floor(math.log10(abs(number))), 6))
