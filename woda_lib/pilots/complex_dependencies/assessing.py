"""What 3_assess holds the model against: the stop rule, other seeds, new households, the truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from woda_lib.notebook import Run
from woda_lib.phrases import say_count
from woda_lib.pilots.complex_dependencies.permission import JUDGED_AT
from woda_lib.pilots.complex_dependencies.scoring import GROWS
from woda_lib.prediction.assessment import (
    Assessment,
    StopRule,
    Verdict,
    against_the_rule,
    assess,
    with_outcomes,
)
from woda_lib.prediction.drift import Drift, drift
from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.fairness import GROUPS, CoverageBias, Enough, Fairness, fairness
from woda_lib.prediction.features import FeatureSet
from woda_lib.prediction.training import Model, Setting, of_split, train

KEYS = ["household_id", "index_date"]
DRAWS = 500
FEWEST = 30


@dataclass(frozen=True)
class Judged:
    """The households of the test and the watch date, with scores, outcomes and groups.

    Attributes
    ----------
    test, watch : DataFrame
        ``household_id, index_date, happened``, the scorers' columns and those of the groups.
    new : DataFrame
        The rows of `test` whose household was in no training row.
    """

    test: pd.DataFrame
    watch: pd.DataFrame
    new: pd.DataFrame

    @classmethod
    def of(cls, scores: pd.DataFrame, outcomes: pd.DataFrame, spine: pd.DataFrame) -> Judged:
        """Take them from the tables of the steps before.

        Raises
        ------
        PredictionError
            If a date was not scored, or not followed to the end.
        """
        groups = spine[[*KEYS, *GROUPS]]
        test, watch = (
            with_outcomes(scores, outcomes, split).merge(groups, on=KEYS, validate="one_to_one")
            for split in ("test", "watch")
        )
        seen = scores.loc[scores["split"] == "train", "household_id"]
        return cls(test, watch, test[~test["household_id"].isin(seen)].reset_index(drop=True))

    def counted(self) -> pd.DataFrame:
        """Count the households that are judged by, and those to whom it happened."""
        rows = (
            ("Test date", self.test),
            ("of those, in no training row", self.new),
            ("Watch date", self.watch),
        )
        return pd.DataFrame(
            [(name, len(table), int(table["happened"].sum())) for name, table in rows],
            columns=["judged by", "households", "happened"],
        )


@dataclass(frozen=True)
class Assessed:
    """The model on each of the three, beside what needs no model."""

    test: Assessment
    watch: Assessment
    new: Assessment | None

    def beside(self) -> pd.DataFrame:
        """Return a row a measure: the model on the test date, in new households, and later."""
        parts = {"test_date": self.test, "in_no_training_row": self.new, "watch_date": self.watch}
        columns = {
            name: part.summary().set_index("measure")["model"]
            for name, part in parts.items()
            if part is not None
        }
        return pd.DataFrame(columns).reset_index()


def assess_each(judged: Judged, *, capacity: float, seed: int) -> Assessed:
    """Measure the model on the test date, on new households of it, and on the watch date.

    New households are judged by only where it happened to `FEWEST` of them: of fewer, every figure
    is chance, and tells of the few.
    """

    def one(table: pd.DataFrame) -> Assessment:
        return assess(table, capacity=capacity, seed=seed, draws=DRAWS)

    enough = judged.new["happened"].sum() >= FEWEST and not judged.new["happened"].all()
    new = one(judged.new) if enough else None
    return Assessed(one(judged.test), one(judged.watch), new)


def registered_rule(run: Run) -> StopRule:
    """Return the stop rule as the run's protocol has it."""
    return StopRule.registered(run.protocol.secondary, **run.primary_settings())


def treated(
    judged: Judged,
    outcomes: pd.DataFrame,
    spine: pd.DataFrame,
    rule: StopRule,
    *,
    capacity: float,
    seed: int,
    fewest: int,
) -> tuple[Fairness, pd.DataFrame]:
    """Return how the model treats each group on the test date: beside all others, and the rule.

    Parameters
    ----------
    judged, outcomes, spine
    rule
        Gives the bounds.
    capacity, seed
    fewest
        The smallest count of households that the agreement lets be shown.

    Returns
    -------
    tuple
        The fairness beside all others; the table of `against_the_rule`.
    """
    fair = fairness(
        judged.test,
        outcomes,
        spine,
        capacity=capacity,
        bounds=rule.beside_the_rest,
        bounded={bound.measure: bound.by for bound in rule.bounds},
        enough=Enough(shown=fewest),
        seed=seed,
    )
    beyond = against_the_rule(
        judged.test,
        by=GROUPS,
        capacity=capacity,
        seed=seed,
        bounds=rule.beyond_the_rule,
        shown=fewest,
        draws=DRAWS,
    )
    return fair, beyond


def judge(
    run: Run, rule: StopRule, assessed: Assessed, fair: Fairness, beyond: pd.DataFrame
) -> Verdict:
    """Hold the model to the rule, on the day of its newest data; keep what it was judged at."""
    groups = pd.concat([fair.table, beyond], ignore_index=True)
    verdict = rule.judge(assessed.test, groups, on=run.as_of, latest=assessed.watch)
    return replace(
        verdict,
        judged_at=tuple((name, int(run.parameters[name])) for name in JUDGED_AT),
        departures=run.protocol.departures(run.parameters),
    )


def worst_against_the_rule(beyond: pd.DataFrame) -> pd.DataFrame:
    """Return a row a group: what each list misses and looks into for nothing, if it may be shown.

    Returns
    -------
    DataFrame
        ``by, group, households, happened``, and in whole per cents: ``missed, missed_by_the_rule,
        for_nothing, for_nothing_by_the_rule``.
    """
    told = beyond.assign(value=100 * beyond["value"], rule=100 * (beyond["value"] - beyond["gap"]))
    told.loc[~told["shown"], ["value", "rule"]] = np.nan
    keys = ["by", "group", "households", "happened"]
    wide = told.pivot(index=keys, columns="measure", values=["value", "rule"])
    names = {
        "missed": ("value", "missed_beyond_the_rule"),
        "missed_by_the_rule": ("rule", "missed_beyond_the_rule"),
        "for_nothing": ("value", "for_nothing_beyond_the_rule"),
        "for_nothing_by_the_rule": ("rule", "for_nothing_beyond_the_rule"),
    }
    table = pd.DataFrame({name: wide[place].round() for name, place in names.items()})
    order = {name: place for place, name in enumerate(GROUPS)}
    return table.reset_index().sort_values(
        ["by", "group"], key=lambda part: part.map(order) if part.name == "by" else part,
        ignore_index=True,
    )  # fmt: skip


def moved(
    features: pd.DataFrame,
    scores: pd.DataFrame,
    outcomes: pd.DataFrame,
    model: Model,
    *,
    titles: Mapping[str, str],
) -> Drift:
    """Set inputs and scores of the later dates beside training."""
    names = list(model.names)
    return drift(features, scores, outcomes, inputs=names, grows=GROWS, titles=titles)


def refitter(
    judged: Judged,
    spine: pd.DataFrame,
    features: pd.DataFrame,
    outcomes: pd.DataFrame,
    registry: FeatureSet,
    model: Model,
    *,
    horizon_months: int,
) -> Callable[[int], pd.Series]:
    """Return what trains the same model with another seed and scores the test date.

    The setting that was chosen is kept, so that seeds alone differ.
    """
    rows = of_split(features, spine, "train")
    chosen: dict[str, Any] = model.manifest["chosen"]
    held = judged.test[KEYS].merge(features, on=KEYS, how="left", validate="one_to_one")

    def refit(seed: int) -> pd.Series:
        again = train(
            rows, outcomes, registry, seed=seed, horizon_months=horizon_months,
            before=held["index_date"].min(), settings=(Setting(**chosen),),
        )  # fmt: skip
        return again.predict(held).set_axis(judged.test.index)

    return refit


def beside_the_oracle(judged: Judged, oracle: pd.DataFrame, *, capacity: float) -> pd.DataFrame:
    """Set the model beside one who knows what was planted and sees the same features.

    Parameters
    ----------
    judged
    oracle
        ``household_id, index_date, risk`` of `woda_lib.synthetic.complex_dependencies.oracle`.
    capacity
        Of 1,000 households.

    Returns
    -------
    DataFrame
        ``date, scorer, auc, precision, recall``; the last two in per cent.

    Raises
    ------
    PredictionError
        If the oracle says nothing of a household.
    """
    known = oracle[[*KEYS, "risk"]].rename(columns={"risk": "oracle"})
    rows = []
    for split, table in (("test", judged.test), ("watch", judged.watch)):
        both = table.merge(known, on=KEYS, how="left", validate="one_to_one")
        if both["oracle"].isna().any():
            raise PredictionError("The oracle says nothing of some households. Ask it of them all.")
        scorers = {"model": "risk", "oracle": "oracle", "logistic": "logistic", "rule": "rule"}
        found = assess(both, capacity=capacity, seed=0, draws=20, scorers=scorers)
        rows += [
            (
                split,
                name,
                round(found.value("auc", name), 3),
                round(100 * found.value("precision", name), 1),
                round(100 * found.value("recall", name), 1),
            )
            for name in scorers
        ]
    return pd.DataFrame(rows, columns=["date", "scorer", "auc", "precision", "recall"])


def alarm_of_the_list(drifted: Drift) -> str:
    """Say that the alarm is raised for the day of the list, which keeps one from being made."""
    if not drifted.alarm:
        return ""
    day = drifted.alarms["index_date"].iloc[-1]
    return f"No list is made while the drift alarm is raised, as it is on {day.day} {day:%B %Y}."


def opening(verdict: Verdict, alarm: str, *, today: date) -> str:
    """Say whether the model may be used, first what keeps it from being; then a paragraph on why.

    Parameters
    ----------
    verdict
    alarm
        From `alarm_of_the_list`.
    today
        The day on which it is said. The pilot's days are those of its data, which may be old.
    """
    if not verdict.deploy:
        first, then = f"{verdict.sentence} {alarm}", " ".join(verdict.reasons[:3])
    else:
        first, then = f"{alarm} {verdict.sentence}", ""
        if today > verdict.review_by:
            day = f"{verdict.review_by.day} {verdict.review_by:%B %Y}"
            then = f"{day} was past when this was run: newer data must be judged first."
    return f"{first.strip()}\n\n{then}".strip()


def planted_and_found(beside: pd.DataFrame, coverage: CoverageBias, drifted: Drift) -> pd.DataFrame:
    """Say of each thing that was planted in the made-up county whether it was found.

    Parameters
    ----------
    beside
        From `beside_the_oracle`.
    coverage, drifted

    Returns
    -------
    DataFrame
        ``planted, found, says``.
    """
    auc = beside[beside["date"] == "test"].set_index("scorer")["auc"]
    short = float(auc["oracle"] - auc["model"])
    alarms = drifted.alarms
    raised = alarms.loc[alarms["alarm"], "split"].tolist()
    rows = [
        (
            "A mechanism; who knows it and sees the same features orders households best",
            "yes" if short <= 0.01 else "in part",
            f"AUC {auc['model']:.3f}, of one who knows it {auc['oracle']:.3f}",
        ),
        (
            "Coverage bias: services hear of fewer needs where few of them know a household",
            "yes" if coverage.found else "no",
            f"Each further service goes with {coverage.estimate:.2f} times as many recorded steps, "
            "at equal recorded needs",
        ),
        (
            "A shift from 1 October 2024 on, after the test year",
            "yes" if "score" in raised and "test" not in raised else "no",
            _say_alarms(drifted),
        ),
    ]
    return pd.DataFrame(rows, columns=["planted", "found", "says"])


def _say_alarms(drifted: Drift) -> str:
    """Say when the alarm was raised, and what moved most at the last of these dates."""
    raised = drifted.alarms[drifted.alarms["alarm"]]
    if raised.empty:
        return "No alarm on any date"
    days = " and ".join(f"{day.day} {day:%B %Y}" for day in raised["index_date"])
    moved = [drifted.named(name) for name in raised["moved"].iloc[-1]]
    if not moved:
        return f"Alarm on {days}: what happened was not what was expected"
    others = f", and {say_count(len(moved) - 1)} more" if len(moved) > 1 else ""
    return f"Alarm on {days}, moved most: “{moved[0]}”{others}"
