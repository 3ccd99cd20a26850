"""The sentences beside a difference in differences: method, assumptions, warnings."""

from __future__ import annotations

import numpy as np

from woda_lib.evaluation.did_analysis import Analysis
from woda_lib.evaluation.effect_averages import OVERALL
from woda_lib.evaluation.two_way import comparisons
from woda_lib.phrases import say_count, say_number

FEW_CLUSTERS = 10
LIKELY = 0.05

_POOLED = "Units of all groups vary alike"


def method_of(analysis: Analysis) -> str:
    """Say in one sentence how the estimate and its interval were made."""
    settings, study = analysis.settings, analysis.study
    if settings.errors == "reml-ar1":
        return (
            "Step in the difference of the two groups' means by period, errors that follow a "
            "first-order autoregression (REML, Kenward-Roger)."
        )
    if settings.estimator == "two-way":
        model = "Difference in differences by two-way fixed effects"
        if study.covariates.shape[1]:
            model += f" with {study.covariates.shape[1]} covariates"
    else:
        controls = "never treated" if settings.control == "never" else "not treated yet"
        model = (
            "Group-time effects (Callaway and Sant'Anna 2021) against units "
            f"{controls}, {OVERALL[settings.aggregate]}"
        )
        if study.covariates.shape[1]:
            model += f", {settings.adjust_by} with {study.covariates.shape[1]} covariates"
    return f"{model}; {_errors_sentence(analysis)}."


def _errors_sentence(analysis: Analysis) -> str:
    df = analysis.headline.df
    freedom = f"{df:.1f} degrees of freedom" if np.isfinite(df) else "no degrees of freedom"
    if analysis.settings.errors == "classical":
        return f"classical standard error, {freedom}"
    of = "cluster" if analysis.study.clusters_given else "unit"
    if analysis.study.people and not analysis.study.clusters_given:
        of = "row"
    if analysis.settings.errors == "wild":
        return f"wild {of} bootstrap with the null imposed, inverted to an interval"
    if analysis.settings.errors == "pooled":
        return f"standard error from the spread of units pooled over groups, {freedom}"
    if analysis.settings.errors == "borrowed":
        return (
            "standard error clustered by unit (CR2), groups of fewer than five units with the "
            f"spread of all, {freedom} (Satterthwaite)"
        )
    kind = "robust standard error" if of == "row" else f"standard error clustered by {of}"
    return f"{kind} (CR2), {freedom} (Satterthwaite)"


def assumptions_of(analysis: Analysis) -> tuple[str, ...]:
    """Say what must hold for the interval to mean what it says."""
    study, errors = analysis.study, analysis.settings.errors
    given = ", among those of equal covariates" if study.covariates.shape[1] else ""
    early = f" more than {say_count(study.anticipation)} periods" if study.anticipation else ""
    found = [
        "Without treatment the treated would on average have changed as the controls did"
        f"{given} (parallel trends).",
        f"Treatment changed nothing{early} before it began, and nothing among the controls.",
        "A unit that is treated stays treated.",
    ]
    if errors == "reml-ar1":
        found.append(
            "The difference between the groups has one level before and one after, around which "
            "it strays for a while at a time (first-order autoregression)."
        )
    elif errors == "classical":
        found.append("Rows are independent, vary alike, and share no shock with their group.")
    else:
        of = "Clusters" if study.clusters_given else "Rows" if study.people else "Units"
        found.append(f"{of} are independent of each other; what happens within one may be alike.")
        if errors == "pooled":
            found.append(f"{_POOLED}.")
        elif errors == "borrowed":
            found.append(
                f"{_POOLED}, as far as groups of fewer than five units borrow their spread."
            )
    return tuple(found)


def warnings_of(analysis: Analysis) -> tuple[str, ...]:
    """Say what in these data speaks against the interval."""
    return (
        *analysis.study.notes,
        *_of_evidence(analysis),
        *_of_trend(analysis),
        *_of_two_way(analysis),
        *_of_effects(analysis),
    )


def _of_evidence(analysis: Analysis) -> list[str]:
    """Few units, one unit, or people who share what happens to their group."""
    study, errors = analysis.study, analysis.settings.errors
    found = []
    if errors == "reml-ar1":
        if analysis.series.fit.correlation_is_high:
            found.append(
                "Periods resemble each other strongly (correlation "
                f"{analysis.series.fit.correlation:.2f}), so the interval may still be too narrow: "
                "look for something that moves one group and not the other."
            )
        return found
    if study.people and not study.clusters_given:
        periods = len(study.periods)
        advice = (
            'Set errors="reml-ar1", which compares the groups period by period.'
            if periods >= 12 and analysis.one_date
            else 'With 12 periods or more, compare the groups period by period (errors="reml-ar1").'
        )
        found.append(
            "The interval counts chance between rows only. A shock that a whole group shares in a "
            "period is not in it, and in simulations such intervals held the truth in 51 to 94 "
            f"of 100 histories instead of 95. {advice}"
        )
        return found
    treated, controls = study.count(study.treated), study.count(~study.treated)
    if min(treated, controls) == 1 and study.rows == "panel":
        side = "treated unit" if treated == 1 else "control unit"
        how = (
            "The interval below takes its spread from the other units, which must vary like it."
            if analysis.pooled
            else "What the interval rests on cannot include that unit's own chance."
        )
        found.append(
            f"There is one {side}, and nobody can tell its chance from its effect: no honest "
            f"cluster-robust interval exists. {how} Look at a synthetic control, or with 12 "
            "periods or more at the controlled time series."
        )
    elif min(treated, controls) < FEW_CLUSTERS and not study.clusters_given:
        found.append(
            f"The interval rests on {say_count(treated)} treated and {say_count(controls)} control "
            "units. With fewer than ten in a group it depends on how alike the units are: read "
            "its ends with care."
        )
    if study.clusters_given:
        clusters = len(np.unique(study.cluster))
        if clusters < FEW_CLUSTERS:
            found.append(
                f"There are {say_count(clusters)} clusters. With fewer than ten even corrected "
                'intervals may be too narrow; compare errors="wild".'
            )
    if not np.isfinite(analysis.headline.standard_error):
        found.append(
            "Nothing in these rows tells how far chance moves the estimate, so it has no interval. "
            "More units, or more periods, would."
        )
    return found


def _of_trend(analysis: Analysis) -> list[str]:
    found = analysis.pre_trend
    if found is None or found.p_value >= LIKELY:
        return []
    what = (
        f"in the {say_count(found.leads)} periods nearest to treatment taken together"
        if found.leads
        else "by their slope"
    )
    return [
        f"Before treatment the groups did not move in parallel {what} (p = {found.p_value:.3f}), "
        "so the estimate may be a difference that was growing anyway."
    ]


def _of_two_way(analysis: Analysis) -> list[str]:
    study = analysis.study
    found = []
    if study.covariates.shape[1] and analysis.settings.estimator == "two-way":
        absorbed = analysis.two_way.absorbed if analysis.settings.errors != "reml-ar1" else 0
        if absorbed:
            found.append(
                f"{say_count(absorbed).capitalize()} of the covariates do not change within a "
                "unit, and two-way fixed effects take them up: they adjust for nothing. Set "
                'estimator="group-time" to let units of different covariates move differently.'
            )
    if not analysis.one_date and analysis.settings.estimator == "two-way":
        share = already_treated_share(analysis)
        weight = "Some" if share is None else f"{share:.0%}"
        found.append(
            f"{weight} of the weight of two-way fixed effects rests on comparisons with units "
            "that were treated already, which is wrong where effects grow or differ "
            '(Goodman-Bacon 2021). Prefer estimator="group-time".'
        )
    elif not analysis.one_date:
        two_way = analysis.two_way.estimate
        error = analysis.headline.standard_error
        if abs(two_way - analysis.headline.estimate) > error:
            share = already_treated_share(analysis)
            weight = "" if share is None else f", {share:.0%} of whose weight does so,"
            digits = max(0, 1 - int(np.floor(np.log10(max(error, 1e-300)))))
            found.append(
                f"Two-way fixed effects{weight} would have said {say_number(two_way, digits)}. It "
                "compares with units that were treated already, which is wrong where effects grow "
                "or differ (Goodman-Bacon 2021); the estimate here does not."
            )
    return found


def _of_effects(analysis: Analysis) -> list[str]:
    if analysis.settings.estimator == "two-way":
        return []
    found = []
    if analysis.effects.without_control:
        found.append(
            f"{say_count(analysis.effects.without_control).capitalize()} group-time effects after "
            "treatment have nobody left to compare with and are in no average."
        )
    if analysis.settings.errors == "borrowed":
        small = [g for g in analysis.pooled if np.isfinite(g)]
        if small:
            found.append(
                f"{say_count(len(small)).capitalize()} of {len(analysis.study.cohorts)} cohorts "
                "hold fewer than five units, too few to tell how they vary."
            )
    if analysis.spread.lone and analysis.spread.parts:
        found.append(
            f"{say_count(analysis.spread.lone).capitalize()} groups are a single cluster, whose "
            "own chance is not counted, so the interval is too narrow."
        )
    return found


def already_treated_share(analysis: Analysis) -> float | None:
    """Share of two-way fixed effects' weight on units treated before; None where not known."""
    study = analysis.study
    if study.rows != "panel" or study.covariates.shape[1] or np.ptp(study.weight) > 0:
        return None
    table = comparisons(study)
    return float(table.loc[table["comparison"] == "later with earlier treated", "weight"].sum())
