"""What a synthetic control says of itself: its method, what it assumes, which level it reached."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from woda_lib.evaluation.donors.panel import Panel
from woda_lib.evaluation.donors.placebos import PlaceboScale
from woda_lib.evaluation.donors.predictors import Importance, Predictor
from woda_lib.phrases import say_count

Errors = Literal["placebo", "conformal"]


def how(predictors: Sequence[Predictor], importance: Importance) -> str:
    """Say what the mixture was matched on."""
    if not predictors:
        return "matched on the outcomes before the start"
    how = {"fit": "by their fit", "regression": "by regression", "equal": "equally"}[importance]
    return f"matched on {say_count(len(predictors))} predictors, weighed {how}"


def method(
    panel: Panel,
    predictors: Sequence[Predictor],
    importance: Importance,
    errors: Errors,
    scale: PlaceboScale,
) -> str:
    """Say how the mixture was found and where the interval comes from, with the sources."""
    interval = {
        "placebo": "the interval inverts placebo tests in all donors (Firpo and Possebom 2018)"
        if scale.scaled
        else "the interval inverts placebo tests in all donors, their gaps taken as they are",
        "conformal": "the interval is conformal (Chernozhukov, Wüthrich and Zhu 2021)",
    }[errors]
    return (
        f"Synthetic control of {len(panel.donors)} donors, {how(predictors, importance)} "
        f"({panel.before} periods before {panel.axis.say(panel.positions[panel.before])}); "
        f"{interval}. {panel.treated_by} Abadie, Diamond and Hainmueller 2010."
    )


def assumptions(errors: Errors) -> tuple[str, ...]:
    """Say what must hold for the mixture and for its kind of interval."""
    by_errors = {
        "placebo": "The treated unit might as well have been any of the donors: its gap without an "
        "effect is as large, beside its fit before the start, as theirs.",
        "conformal": "The effect is the same in every period, and gaps without it behave after the "
        "start as they did before: no trend, no change in their scatter.",
    }
    return (
        "What the mixture did after the start is what the treated unit would have done without the "
        "change: nothing else came to it alone.",
        "The change did not reach the donors, and no donor had a change of its own.",
        "Nobody acted on the change before the start.",
        by_errors[errors],
    )


def level_warnings(
    panel: Panel, level: float, reached: float, errors: Errors, scale: PlaceboScale
) -> list[str]:
    """Say where the interval is not the one asked for, or may be too wide."""
    found = []
    donors, after = len(panel.donors), len(panel.positions) - panel.before
    if errors == "conformal" and after > panel.before / 2:
        found.append(
            f"The {after} periods from the start on are many beside the {panel.before} before it. "
            "A conformal interval is meant for few, and may be far too wide here."
        )
    if reached < level:
        few = f"{donors} donors" if errors == "placebo" else "So few periods"
        other = ' With many periods, `errors="conformal"` reaches a higher one.'
        found.append(
            f"{few} allow an interval of {reached:.1%} at the most, not of {level:.1%}: this is "
            f"one.{other if errors == 'placebo' else ''}"
        )
    if errors == "placebo" and not scale.scaled:
        found.append(
            "Some mixtures fit perfectly before the start, because periods are few beside donors. "
            "Gaps are therefore compared as they are, and not in multiples of the fit."
        )
    return found
