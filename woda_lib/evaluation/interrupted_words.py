"""What is said about an interrupted time series: its method, its assumptions, its warnings."""

from __future__ import annotations

import numpy as np

from woda_lib.evaluation.alternatives import COUNT_NOTES, NOTES, name_errors
from woda_lib.evaluation.series_model import SeriesModel

FEW_BEFORE_WITHOUT_YEARS = 8
SMALL_COUNT = 5
LEFTOVER = 0.01
"""P value under which leftover correlation is spoken of: 3 to 6% of plain AR(1) series have it."""


def say_method(model: SeriesModel) -> str:
    """Say in a sentence what was fitted, and what the interval rests on."""
    what = "the outcome"
    if model.series.control is not None:
        what = "the difference from the control"
    glm = model.errors == "glm" or (
        model.errors == "newey-west" and model.is_log and model.series.control is None
    )
    if model.is_log:
        what = "log((count + ½) / exposure)"
        if model.series.control is not None:
            what += " less the same of the control"
        if glm:
            what = "the counts, log-linear, with the log of the exposure as offset"
    mean = f"Segmented regression of {what} (level, {model.terms})"
    errors = {
        "reml-ar1": "errors AR(1) by restricted maximum likelihood, interval after Kenward and "
        "Roger (1997) with Satterthwaite degrees of freedom",
        "ols": "ordinary least squares, t interval",
        "newey-west": f"{name_errors('newey-west', model.family, len(model.series))} "
        "(Newey and West 1987), small-sample correction, t interval",
        "prais-winsten": "Prais–Winsten (1954) generalised least squares, iterated, t interval",
        "arima": "AR(1) errors by maximum likelihood, normal interval",
        "local-level": "a level that wanders as a random walk, and noise (Harvey and Durbin 1986), "
        "maximum likelihood, normal interval",
        "glm": f"{model.family} errors, {'t' if model.family == 'quasi-poisson' else 'normal'} "
        "interval",
    }[model.errors]
    if model.is_log and glm and model.errors == "newey-west":
        errors = f"{model.family} mean, {errors}"
    return f"{mean}; {errors}."


def say_assumptions(
    model: SeriesModel, outcome: str, control: str | None, exposure: str | None
) -> tuple[str, ...]:
    """Say what must hold for the interval to mean what it says."""
    what = repr(outcome)
    if control is not None:
        what = f"the {'ratio' if model.is_log else 'difference'} of {outcome!r} to {control!r}"
    trend = {
        "none": "stayed at its level",
        "linear": "gone on along its line",
        "quadratic": "gone on along its curve",
        "piecewise": "gone on along the line of the later half of the time before",
    }[model.terms.trend]
    said = [
        f"Without the change, {what} would have {trend}"
        f"{' and through the same season' if model.terms.harmonics else ''}.",
        "Nothing else that moves it began at the same time.",
        f"The shape of the effect ({model.terms.impact}) was fixed before the outcome was seen.",
    ]
    if control is not None:
        said.append("The change did not reach the control.")
        of_control = model.series.control_exposure
        if exposure is not None and of_control is not None and np.ptp(of_control) == 0:
            said.append("The exposure of the control stayed the same.")
    if model.terms.adjust:
        said.append(f"The change did not move {', '.join(model.terms.adjust)}.")
    if model.errors == "glm":
        said.append("Times are independent of each other, given the model.")
    elif model.errors == "reml-ar1":
        said.append("Errors remember the step before, as strongly before as after, never below 0.")
    return tuple(said)


def say_warnings(model: SeriesModel) -> tuple[str, ...]:
    """Say what in these data, or these settings, speaks against the answer."""
    found = []
    series, words = model.series, model.series.axis.words
    before, after = int((model.since < 0).sum()), int((model.since >= 0).sum())
    if model.recipe.correlation_is_high:
        found.append(
            f"Neighbouring {words} resemble each other strongly (correlation "
            f"{model.recipe.correlation:.2f}). The interval may still be too narrow: look for "
            "something the model leaves out."
        )
    if model.errors != "local-level" and model.leftover_correlation < LEFTOVER:
        found.append(
            f"The errors still resemble each other at a distance (Ljung–Box p < {LEFTOVER}): over "
            f"{len(series)} {words} the level, trend or season has moved in a way this model does "
            "not follow, and the interval may be too narrow. Think of a shorter stretch around the "
            'start, or more harmonic pairs, and set errors="local-level" beside it.'
        )
    year = model.per_year or 0
    if year >= 2 and before < year:
        found.append(
            f"There are only {before} {words} before the start, less than a year, so a season "
            "cannot be told from a trend."
        )
    elif year < 2 and before < FEW_BEFORE_WITHOUT_YEARS:
        found.append(f"There are only {before} {words} before the start, on which the trend rests.")
    if model.terms.trend != "none" and after > 2 * before:
        found.append(
            f"The trend of {before} {words} is carried on over {after}: the further from the "
            "start, the less is known of what would have happened."
        )
    if model.is_log and model.errors != "glm":
        sides = [series.outcome[model.since < 0].mean(), series.outcome[model.since >= 0].mean()]
        if min(sides) < SMALL_COUNT:
            found.append(
                f"There are {min(sides):.1f} events a step on one side of the start. Under "
                f"{SMALL_COUNT} the logarithm of single counts draws the ratio towards one: take "
                'longer steps, or set errors="glm" beside it.'
            )
    if model.errors != "reml-ar1":
        found.append(
            f"The interval asked for is not the recommended one ({_cover(model)} at a nominal 95%, "
            "on 36 simulated months)."
        )
    effect = (model.design.matrix - model.design.without_change) @ model.fit.coefficients
    expected = series.observable(model.fit.fitted - effect)
    if not model.is_log and series.outcome.min() >= 0 and expected.min() < 0:
        found.append(
            "What was to be expected falls below nought, which the outcome never does: a straight "
            "line does not fit. Think of a family for counts, or of the logarithm."
        )
    return tuple(found)


def _cover(model: SeriesModel) -> str:
    return COUNT_NOTES[model.family] if model.errors == "glm" else NOTES[model.errors]
