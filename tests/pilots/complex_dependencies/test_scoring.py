"""Who has a score, who has none and why, and whether a list may be made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from woda_lib.pilots.complex_dependencies import permission, scoring
from woda_lib.prediction.assessment.verdict import Condition, Verdict
from woda_lib.prediction.errors import PredictionError
from woda_lib.prediction.training import NEEDS, Feature

DAY = pd.Timestamp("2025-03-31")
YEAR_BEFORE = pd.Timestamp("2024-03-31")


@dataclass
class Counting:
    """Stands in for a model: a score is a tenth a police contact."""

    features = (
        Feature("police_contacts", "number", missing=0.0),
        Feature("arrears_notices", "number", missing=0.1),
        Feature("kind", "category", levels=("couple", "one_person")),
    )
    names = ("police_contacts", "arrears_notices", "kind")

    def raw(self, frame: pd.DataFrame) -> pd.Series:
        if frame["arrears_notices"].isna().all():
            raise PredictionError("Nothing of the source 'arrears_notices' has a value.")
        return frame["police_contacts"] / 10

    predict = raw


def features(**values: Any) -> pd.DataFrame:
    """Three households on the day of the list and the same a year before."""
    one = pd.DataFrame(
        {
            "household_id": ["h1", "h2", "h3"],
            "police_contacts": [3.0, 0.0, 1.0],
            "arrears_notices": [1.0, np.nan, 0.0],
            "kind": ["couple", "couple", "one_person"],
            **dict.fromkeys(NEEDS, 0.0),
            "statutory_12m": 0.0,
        }
    )
    now = one.assign(index_date=DAY).assign(**values)
    return pd.concat([one.assign(index_date=YEAR_BEFORE), now], ignore_index=True)


def spine() -> pd.DataFrame:
    """Both days with their splits."""
    rows = features()[["household_id", "index_date"]]
    return rows.assign(split=np.where(rows["index_date"].eq(DAY), "score", "watch"))


def scored(**values: Any) -> scoring.Scored:
    """What comes of them."""
    model: Any = Counting()
    return scoring.score(features(**values), spine(), model)


def test_every_household_has_a_score_and_features_in_the_same_order():
    found = scored().of("score")
    assert found.table[["household_id", "risk"]].to_numpy().tolist() == [
        ["h1", 0.3], ["h2", 0.0], ["h3", 0.1],
    ]  # fmt: skip
    assert found.features.index.tolist() == ["h1", "h2", "h3"]
    assert found.without.empty


def test_a_kind_that_the_model_never_saw_has_no_score_and_is_counted():
    found = scored(kind=["couple", "house_share", "one_person"])
    assert found.of("score").table["household_id"].tolist() == ["h1", "h3"]
    assert scoring.with_and_without(found, spine()).to_numpy().tolist() == [
        ["With a score", 2],
        ["A kind that the model never saw", 1],
    ]


def test_a_value_that_every_household_had_in_training_must_be_there():
    found = scored(police_contacts=[3.0, np.nan, 1.0])
    assert found.of("score").table["household_id"].tolist() == ["h1", "h3"]
    assert found.without["reason"].tolist() == [
        "No police contacts, which every household had when the model was made"
    ]


def test_where_a_source_is_missing_nobody_has_a_score_that_day():
    found = scored(arrears_notices=np.nan)
    assert found.of("score").table.empty
    assert found.without["reason"].tolist() == [scoring.NOBODY]
    assert "source 'arrears_notices'" in found.of("score").says
    assert found.of("watch").says == ""
    assert found.without["households"].tolist() == [3]
    assert len(found.of("watch").table) == 3


def test_where_each_household_is_without_a_score_the_reasons_are_said():
    found = scored(kind="house_share", police_contacts=[3.0, np.nan, 1.0]).of("score")
    assert found.table.empty
    assert found.says == (
        "No household of the day could be scored: 67 in 100, a kind that the model never saw; "
        "33 in 100, no police contacts, which every household had when the model was made."
    )
    refused = may(scored=found, moved=None, example=True)
    assert (refused.allowed, refused.shown) == (False, False)
    assert refused.sentence.startswith("No list is made. Nobody has a score. No household of")


def test_inputs_are_those_of_everybody_and_scores_of_those_who_have_one():
    found = scored(kind=["couple", "house_share", "one_person"])
    today = found.inputs[found.inputs["index_date"].eq(DAY)]
    assert sorted(today["kind"]) == ["couple", "house_share", "one_person"]
    risks = found.risks.set_index(["household_id", "index_date"])["risk"]
    assert risks.isna().sum() == 1 and np.isnan(risks["h2", DAY])
    assert found.risks["household_id"].tolist() == found.inputs["household_id"].tolist()


def test_a_day_on_which_nobody_has_a_score_is_none_of_the_drift():
    found = scored(arrears_notices=np.nan)
    assert set(found.inputs["index_date"]) == set(found.risks["index_date"]) == {YEAR_BEFORE}


def test_where_many_have_no_score_no_list_is_made():
    """One of three."""
    found = may(scored=scored(kind=["couple", "house_share", "one_person"]).of("score"))
    assert not found.allowed
    assert found.reasons[0].startswith("33 in 100 households of the day have no score")


@pytest.mark.parametrize(("without", "allowed"), [(5, True), (6, False)])
def test_five_of_a_hundred_may_have_none(without, allowed):
    three = scored(kind=["couple", "house_share", "one_person"]).of("score")
    hundred = replace(
        three,
        table=pd.concat([three.table.iloc[:1]] * (100 - without), ignore_index=True),
        unscored=pd.concat([three.unscored] * without, ignore_index=True),
    )
    assert may(scored=hundred).allowed == allowed


def test_scores_of_the_year_that_is_over_stand_beside_what_happened():
    outcomes = pd.DataFrame(
        {"household_id": ["h1", "h2"], "index_date": YEAR_BEFORE, "happened": [True, False]}
    )
    found = scoring.held_out(scored(), outcomes)
    assert found[["household_id", "happened"]].to_numpy().tolist() == [["h1", True], ["h2", False]]


AT = {"capacity": 25, "look_back_months": 12, "horizon_months": 12}


def verdict(*, met: bool = True, until: date = date(2026, 3, 31)) -> Verdict:
    """Of one condition."""
    short = "" if met else "by three fewer than must be"
    one = Condition("beats", "it beats the rule", met, "it finds six more", short)
    return Verdict((one,), (), (), date(2025, 3, 31), until, tuple(AT.items()))


def drifted(alarm: bool) -> Any:
    """Stands in for the drift of the day."""
    words = pd.DataFrame({"words": ["Police contacts moved."]})
    return SimpleNamespace(alarm=alarm, raising=words)


def may(**change: Any) -> permission.Permission:
    """Whether a list may be made; everything speaks for it unless changed."""
    usual: dict[str, Any] = {
        "verdict": verdict(), "moved": drifted(False), "scored": scored().of("score"),
        "on": date(2025, 3, 31), "at": AT, "despite_alarm": False, "example": False,
        "synthetic": True,
    }  # fmt: skip
    asked = usual | change
    return permission.may_list(
        asked.pop("verdict"), asked.pop("moved"), asked.pop("scored"), **asked
    )  # fmt: skip


def test_a_list_may_be_made_where_nothing_speaks_against_it():
    found = may()
    assert (found.allowed, found.shown, found.example) == (True, True, False)
    assert found.sentence == "A list is made for caseworkers to review."


def test_do_not_deploy_makes_no_list_and_says_so():
    found = may(verdict=verdict(met=False))
    assert not found.shown
    assert found.sentence.startswith("No list is made. The answer is: do not deploy.")
    assert "one condition is not met" in found.sentence
    assert found.sentence.count("No list is made") == 1


def test_a_verdict_whose_day_has_passed_makes_no_list():
    assert "judged again" in may(verdict=verdict(until=date(2025, 3, 30))).reasons[0]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("capacity", 50, "at a capacity of 25 and the list is asked for at 50"),
        ("look_back_months", 6, "at a look-back in months of 12 and the list is asked for at 6"),
        ("horizon_months", 6, "at a horizon in months of 12 and the list is asked for at 6"),
    ],
)
def test_a_list_is_made_only_at_what_the_model_was_judged_at(name, value, says):
    found = may(at=AT | {name: value})
    assert not found.allowed
    assert says in found.reasons[0]


def test_a_verdict_that_does_not_say_what_it_was_judged_at_makes_no_list():
    found = may(verdict=replace(verdict(), judged_at=()))
    assert "does not say at which capacity, look-back in months, horizon" in found.reasons[0]


def test_a_verdict_of_another_run_than_was_registered_makes_no_list():
    said = ("capacity is 50, and 25 was registered",)
    found = may(verdict=replace(verdict(), departures=said))
    assert found.reasons == (
        "The run that judged the model was not the registered one: capacity is 50, and 25 was "
        "registered. Run 3_assess as it was registered.",
    )


def test_an_alarm_withholds_the_list_and_a_decision_to_go_on_marks_it():
    assert may(moved=drifted(True)).reasons == (
        "The drift alarm is raised, so that the list is withheld. Police contacts moved.",
    )
    marked = may(moved=drifted(True), despite_alarm=True)
    assert marked.allowed
    assert "made all the same" in marked.notes[0]
    assert "why it needs care" in marked.sentence


def test_despite_an_alarm_never_means_despite_the_verdict():
    found = may(verdict=verdict(met=False), moved=drifted(True), despite_alarm=True)
    assert not found.allowed


@pytest.mark.parametrize(("synthetic", "shown"), [(True, True), (False, False)])
def test_an_example_is_made_on_made_up_data_alone(synthetic, shown):
    found = may(verdict=verdict(met=False), example=True, synthetic=synthetic)
    assert (found.allowed, found.shown, found.example) == (False, shown, shown)
    assert found.caption("Those listed").startswith("Example, not to be used") == shown


def test_where_nobody_has_a_score_there_is_nothing_to_list():
    nobody = replace(scored().of("score"), says="Its delivery is missing.")
    found = may(scored=replace(nobody, table=nobody.table.iloc[:0]), moved=None, example=True)
    assert not found.shown
    assert "Nobody has a score. Its delivery is missing." in found.sentence


def test_each_condition_stands_in_a_table():
    assert may().table()["met"].tolist() == ["yes"] * 5
    refused = may(verdict=verdict(met=False), moved=drifted(True), despite_alarm=True)
    assert refused.table()["met"].tolist() == [
        "no: do not deploy",
        "yes",
        "yes",
        "yes",
        "no: somebody decided to go on",
    ]


def test_a_household_is_in_the_group_that_it_was_in_last():
    table = spine().assign(ethnicity=["white"] * 3 + ["asian", "white", "white"])
    found = scoring.groups_of(table, {"ethnicity": "Ethnicity"})["Ethnicity"]
    assert found["h1"] == "asian"
