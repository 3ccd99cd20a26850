"""The rule by which a model is not used: each condition alone is enough, and none passes unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.prediction.assessment.tables import drawn, households
from tests.prediction.assessment.trials import BY, PROTOCOL, registered
from woda_lib.disclosure.refusals import refuse_free_text
from woda_lib.prediction.assessment import (
    Assessment,
    StopRule,
    Verdict,
    against_the_rule,
    assess,
    read_verdict,
    require_a_pilot,
)
from woda_lib.prediction.assessment.against_the_rule import FOR_NOTHING, MISSED
from woda_lib.prediction.errors import PredictionError
from woda_lib.records import read_protocol

DAY = date(2025, 3, 31)


@pytest.fixture(scope="module")
def rule() -> StopRule:
    return registered()


@pytest.fixture(scope="module")
def good() -> Assessment:
    return assess(drawn(8000, 1, strength=1.6), capacity=25, seed=1, draws=60)


def groups(**changes: Any) -> pd.DataFrame:
    """Two groups a column, told and within every registered bound, but for one row's changes."""
    rows = [
        {
            "by": by, "group": group, "households": 5000, "measure": bound.measure, "value": 0.1,
            "gap": 0.0, "gap_low": -0.01, "gap_high": 0.01, "exceeds": False, "within": True,
            "told": True, "shown": True,
        }
        for bound in registered().bounds
        for by in bound.by
        for group in ("one", "other")
    ]  # fmt: skip
    table = pd.DataFrame(rows)
    if changes:
        at = (table["by"] == changes.pop("by", "sex")) & (
            table["measure"] == changes.pop("measure", "observed_over_expected")
        )
        if (group := changes.pop("group", "one")) != "all":
            at &= table["group"] == group
        table.loc[at, list(changes)] = list(changes.values())
    return table


def held(rule: StopRule, assessed: Assessment, table: pd.DataFrame, **other: Any) -> Verdict:
    return rule.judge(assessed, table, on=DAY, latest=other.get("latest", assessed))


def test_all_conditions_met_is_a_pilot_until_a_day(rule: StopRule, good: Assessment) -> None:
    verdict = held(rule, good, groups())
    assert verdict.deploy
    assert verdict.words == (
        "may be piloted with a person deciding each case, on data up to 30 September 2025"
    )
    assert verdict.sentence.startswith("The model may be piloted")
    assert len(verdict.reasons) == len(verdict.conditions) == 7
    assert verdict.warnings == ()
    require_a_pilot(verdict, on=date(2025, 9, 30))


def test_a_model_no_better_than_the_rule_is_not_deployed(rule: StopRule) -> None:
    table = drawn(6000, 2)
    same = assess(table.assign(rule=table["risk"]), capacity=25, seed=1, draws=60)
    verdict = held(rule, same, groups())
    assert verdict.words == "do not deploy"
    assert [one.name for one in verdict.failed] == ["beats_the_rule", "still_beats_the_rule"]
    assert verdict.failed[0].short == (
        "5.0 short of the margin of 5.0 and no more than chance can bring"
    )
    assert "The answer is: do not deploy." in verdict.sentence


def test_better_by_less_than_the_margin_is_not_enough(rule: StopRule, good: Assessment) -> None:
    gain = 100 * good.difference("precision", "rule")["value"]
    narrow = StopRule(gain - 0.1, rule.slope_from, rule.slope_to, rule.bounds, 6)
    wide = StopRule(gain + 0.1, rule.slope_from, rule.slope_to, rule.bounds, 6)
    assert held(narrow, good, groups()).deploy
    verdict = held(wide, good, groups())
    assert verdict.words == "do not deploy"
    assert verdict.failed[0].short.startswith("0.1 short of the margin")


def test_risks_that_do_not_come_true_are_not_deployed(rule: StopRule) -> None:
    table = drawn(8000, 1, strength=1.6)
    odds = np.log(table["risk"] / (1 - table["risk"]))
    loud = assess(table.assign(risk=1 / (1 + np.exp(-1.6 * odds))), capacity=25, seed=1, draws=60)
    verdict = held(rule, loud, groups())
    assert [one.name for one in verdict.failed] == ["calibrated"]
    assert "outside 0.80 to 1.20 by 0." in verdict.failed[0].short


def test_a_model_that_stopped_beating_the_rule_is_not_deployed(
    rule: StopRule, good: Assessment
) -> None:
    table = drawn(6000, 2)
    later = assess(table.assign(rule=table["risk"]), capacity=25, seed=1, draws=60)
    verdict = held(rule, good, groups(), latest=later)
    assert [one.name for one in verdict.failed] == ["still_beats_the_rule"]


@pytest.mark.parametrize(
    "measure",
    [
        "observed_over_expected",
        "false_positive_rate",
        "missed_beyond_the_rule",
        "for_nothing_beyond_the_rule",
    ],
)
def test_one_group_beyond_one_bound_is_enough(
    rule: StopRule, good: Assessment, measure: str
) -> None:
    table = groups(measure=measure, gap=0.4, gap_low=0.3, gap_high=0.5, exceeds=True, within=False)
    verdict = held(rule, good, table)
    assert verdict.words == "do not deploy"
    (failed,) = verdict.failed
    assert failed.name == measure
    assert "one group exceeds" in failed.found
    assert failed.short.startswith("beyond the bound for sex “one”, ")
    assert verdict.beyond()[["by", "group"]].to_numpy().tolist() == [["sex", "one"]]


def test_no_cell_is_too_long_to_be_shown(rule: StopRule, good: Assessment) -> None:
    """The gate refuses cells of more than 160 characters, and columns of many sentences."""
    table = groups().assign(exceeds=True, within=False, gap=0.4, gap_low=0.3, gap_high=0.5)
    verdict = held(rule, good, table)
    assert len(verdict.beyond()) == len(table)
    for shown in (verdict.summary(), verdict.beyond(), verdict.unsettled_groups()):
        refuse_free_text(shown, name="shown")


def test_groups_too_small_and_gaps_left_open_are_named(rule: StopRule, good: Assessment) -> None:
    nothing = dict.fromkeys(("value", "gap", "gap_low", "gap_high"), np.nan)
    verdict = held(rule, good, groups(told=False, within=False, **nothing))
    assert verdict.deploy
    (warned,) = verdict.warnings
    assert warned.startswith("Too small to tell, and no pass: ")
    assert warned.endswith("by sex: one.")
    open_ = held(rule, good, groups(by="age", gap_high=0.9, within=False))
    assert open_.warnings[0].startswith("Cannot be settled, and no pass: ")
    assert open_.unsettled_groups()["groups"].tolist() == ["one"]


def test_a_group_that_may_not_be_shown_fails_a_bound_without_its_figures(
    rule: StopRule, good: Assessment
) -> None:
    verdict = held(rule, good, groups(gap=0.4137, exceeds=True, within=False, shown=False))
    assert not verdict.deploy
    assert verdict.beyond()["off"].tolist() == ["too few to tell how far"]
    assert "0.41" not in str(verdict) and "“one”, too few to tell how far" in str(verdict)


def test_a_bound_of_which_nothing_can_be_told_is_not_met(rule: StopRule, good: Assessment) -> None:
    verdict = held(rule, good, groups(group="all", told=False, within=False))
    assert verdict.words == "do not deploy"
    assert verdict.failed[0].found.endswith("by sex no group is large enough to tell")


def test_a_bound_that_nobody_looked_at_is_refused(rule: StopRule, good: Assessment) -> None:
    table = groups()
    with pytest.raises(PredictionError, match="must not pass"):
        held(rule, good, table[table["by"] != "ethnicity"])
    with pytest.raises(PredictionError, match="lacks told"):
        held(rule, good, table.drop(columns="told"))


def test_a_verdict_is_kept_as_a_table_and_asked_by_later_steps(
    rule: StopRule, good: Assessment
) -> None:
    stopped = held(rule, good, groups(exceeds=True, within=False, gap=0.5))
    said = ("capacity is 50, and 25 was registered",)
    stopped = replace(stopped, judged_at=(("capacity", 50),), departures=said)
    again = read_verdict(stopped.table())
    assert again == stopped
    assert (again.judged_at, again.departures) == ((("capacity", 50),), said)
    with pytest.raises(PredictionError, match=r"do not deploy.*No list is made"):
        require_a_pilot(again, on=DAY)
    passed = read_verdict(held(rule, good, groups(told=False, within=False)).table())
    assert passed.too_small
    with pytest.raises(PredictionError, match="to be judged again by 30 September 2025"):
        require_a_pilot(passed, on=date(2025, 10, 1))
    with pytest.raises(PredictionError, match="Run 3_assess first"):
        read_verdict(pd.DataFrame({"kind": []}))


def test_a_rule_is_registered_whole_or_not_at_all(rule: StopRule) -> None:
    protocol = read_protocol(PROTOCOL)
    settings = dict(protocol.primary.settings)
    assert protocol.hypothesis("beats_the_rule").smallest == rule.margin
    assert [one.name for one in protocol.subgroups] == list(BY)
    with pytest.raises(PredictionError, match="does not say margin"):
        StopRule.registered(protocol.secondary, **{k: settings[k] for k in list(settings)[1:]})
    with pytest.raises(PredictionError, match="sets more"):
        StopRule.registered(protocol.secondary, **settings, more=1)
    with pytest.raises(PredictionError, match="margin above 0"):
        StopRule.registered(protocol.secondary, **settings | {"margin": 0})


def test_a_group_that_pays_for_the_others_is_found() -> None:
    """The rule finds both groups alike; the model finds nobody of the second."""
    number = 400
    happened = np.tile([1, 0, 0, 0], number // 4)
    group = np.repeat(["first", "second"], number // 2)
    points = np.where(happened == 1, 2.0, 1.0)
    risk = np.where(happened == 1, 0.6, 0.2) * np.where(group == "first", 1.0, 0.1)
    table = households(happened, risk, points).assign(area=group)
    found = against_the_rule(
        table, by=["area"], capacity=250, seed=1, bounds={MISSED: 0.15, FOR_NOTHING: 0.15},
        draws=100,
    ).set_index(["measure", "group"])  # fmt: skip
    # The rule lists the hundred to whom it happened. The model lists the fifty of the first group,
    # and fifty of its 150 others.
    assert found.loc[(MISSED, "second"), ["value", "gap"]].tolist() == [1, 1]
    assert found.loc[(MISSED, "first"), "gap"] == 0
    assert found.loc[(FOR_NOTHING, "first"), "gap"] == pytest.approx(50 / 150)
    assert found["exceeds"].to_dict() == {
        (MISSED, "first"): False,
        (MISSED, "second"): True,
        (FOR_NOTHING, "first"): True,
        (FOR_NOTHING, "second"): False,
    }


def test_small_groups_are_not_told_against_the_rule() -> None:
    table = drawn(2000, 3).assign(area=["few"] * 20 + [None] * 1980)
    found = against_the_rule(
        table, by=["area"], capacity=25, seed=1, bounds={MISSED: 0.15, FOR_NOTHING: 0.15}, draws=30
    )
    few = found[(found["group"] == "few")]
    assert not few["told"].any()
    assert few["gap"].isna().all()
    assert set(found["group"]) == {"few", "not known"}
    with pytest.raises(PredictionError, match="no groups by ward"):
        against_the_rule(table, by=["ward"], capacity=25, seed=1, bounds={})
