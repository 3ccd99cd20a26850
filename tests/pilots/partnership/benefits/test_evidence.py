"""A grade of evidence must be earned by what its statement says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.pilots.partnership.benefits.registers import written
from woda_lib.pilots.partnership import benefits
from woda_lib.records import Value, read_pilot

PARAMETERS = Path(__file__).parents[4] / "parameters"
OURS = benefits.read_evidence_file(PARAMETERS / "partnership" / "evidence.yaml")
QUESTIONS = {
    "linking": {"asks": "Can systems be linked?", "short": "Linking", "claims": "that it can be"},
    "gain": {"asks": "Does anybody gain?", "short": "Gain", "claims": "that somebody gains"},
}
MEASURED = {"grade": "measured", "says": "It saved {patient_flow/days_saved}."}
NOT_SHOWN = {"grade": "not shown", "says": "It was asked.", "because": "Data never came."}


def content(**statement: Any) -> dict[str, Any]:
    """A file with one pilot, whose answer of gain is this statement."""
    flow = {"title": "Patient flow", "linking": MEASURED, "gain": statement}
    return {"questions": QUESTIONS, "pilots": {"patient_flow": flow}}


def evidence(**statement: Any) -> benefits.EvidenceRegister:
    return benefits.EvidenceRegister.model_validate(content(**statement))


@pytest.mark.parametrize(
    "earned",
    [
        MEASURED,
        {"grade": "modelled", "says": "At {assumed/share} it would be more."},
        {"grade": "modelled", "says": "It would be more.", "model": "A model of a past year."},
        {"grade": "reported elsewhere", "says": "Others say {reported/cost_avoided}."},
        NOT_SHOWN,
    ],
    ids=lambda one: one["grade"],
)
def test_a_grade_that_is_earned_is_taken(earned: dict[str, Any]) -> None:
    assert evidence(**earned).statement("patient_flow", "gain").grade == earned["grade"]


@pytest.mark.parametrize(
    ("unearned", "said"),
    [
        ({"grade": "measured", "says": "It saved days."}, "cites no figure of a pilot"),
        ({"grade": "measured", "says": "At {assumed/share}."}, "cites no figure of a pilot"),
        ({"grade": "measured", "says": "Others say {reported/x}."}, "cites no figure of a pilot"),
        ({"grade": "modelled", "says": "Of {patient_flow/days_saved}."}, "neither an assumption"),
        ({"grade": "reported elsewhere", "says": "Others said so."}, "no figure of reported.yaml"),
        ({"grade": "not shown", "says": "It was asked."}, "why it is not shown"),
        ({**MEASURED, "because": "It was."}, "why it is not shown, and nowhere else"),
        ({"grade": "proved", "says": "It was."}, "grade"),
    ],
)
def test_a_grade_that_is_not_earned_is_refused_with_pilot_and_question(
    tmp_path: Path, unearned: dict[str, Any], said: str
) -> None:
    with pytest.raises(benefits.EvidenceError, match=r"pilots\.patient_flow.*gain") as refused:
        benefits.read_evidence_file(written(tmp_path, content(**unearned), "evidence.yaml"))
    assert said in str(refused.value)


def test_measured_needs_an_interval_and_not_a_bare_figure() -> None:
    def bare(named: str) -> Value:
        return Value(name=named.partition("/")[2], value=2.7, unit="days")

    def known(named: str) -> Value:
        return bare(named).model_copy(update={"low": 2.1, "high": 3.3})

    benefits.refuse_unearned(evidence(**NOT_SHOWN), cite=known)
    with pytest.raises(
        benefits.EvidenceError, match="patient_flow, linking: it is graded measured"
    ):
        benefits.refuse_unearned(evidence(**NOT_SHOWN), cite=bare)


def test_no_question_is_passed_over_and_none_is_made_up(tmp_path: Path) -> None:
    silent = content(**NOT_SHOWN)
    del silent["pilots"]["patient_flow"]["gain"]
    with pytest.raises(benefits.EvidenceError, match="patient_flow says nothing of gain"):
        benefits.read_evidence_file(written(tmp_path, silent, "evidence.yaml"))
    more = content(**NOT_SHOWN)
    more["pilots"]["patient_flow"]["cost"] = NOT_SHOWN
    with pytest.raises(
        benefits.EvidenceError, match=r"patient_flow\.cost is none of the questions"
    ):
        benefits.read_evidence_file(written(tmp_path, more, "evidence.yaml"))


def test_a_list_begins_with_what_is_known_best() -> None:
    two = content(**NOT_SHOWN)
    theirs = {"grade": "measured", "says": "It saved {asset_map/moves}."}
    two["pilots"]["asset_map"] = {"title": "Asset map", "linking": theirs, "gain": theirs}
    made = benefits.EvidenceRegister.model_validate(two)
    assert benefits.prose(made, "gain").splitlines() == [
        "- Asset map, measured: It saved {asset_map/moves}.",
        "- Patient flow, not shown: It was asked. Data never came.",
    ]
    assert benefits.counts(made) == {"questions_answered": 4, "questions_measured": 3}
    assert benefits.verdict(made) == (
        "That it can be is measured in every pilot; that somebody gains is measured in asset map "
        "alone."
    )


def test_some_pilots_are_more_than_one() -> None:
    many = content(**NOT_SHOWN)
    for pilot in ("asset_map", "single_view", "register", "triage"):
        own = {"grade": "measured", "says": f"It found {{{pilot}/links}}."}
        gains = own if pilot in ("asset_map", "single_view") else NOT_SHOWN
        many["pilots"][pilot] = {"title": pilot, "linking": own, "gain": gains}
    made = benefits.EvidenceRegister.model_validate(many)
    assert benefits.verdict(made).endswith("that somebody gains is measured in some pilots.")


def test_a_figure_of_another_pilot_earns_no_grade(tmp_path: Path) -> None:
    borrowed = content(**{**MEASURED, "says": "It stands on {single_view/household_exact}."})
    with pytest.raises(benefits.EvidenceError, match=r"flow\.gain .* no figure of patient_flow"):
        benefits.read_evidence_file(written(tmp_path, borrowed, "evidence.yaml"))


def test_an_interval_of_another_pilot_earns_no_grade() -> None:
    def known_elsewhere(named: str) -> Value:
        ends = {"low": 2.1, "high": 3.3} if named.startswith("single_view/") else {}
        return Value(name=named.partition("/")[2], value=2.7, **ends)

    says = "It saved {patient_flow/days_saved} of {single_view/household_exact}."
    borrowed = content(**NOT_SHOWN)
    borrowed["pilots"]["patient_flow"]["linking"] = {"grade": "measured", "says": says}
    made = benefits.EvidenceRegister.model_validate(borrowed)
    with pytest.raises(benefits.EvidenceError, match=r"has an interval \(patient_flow/days_saved"):
        benefits.refuse_unearned(made, cite=known_elsewhere)


def test_the_matrix_holds_every_grade_and_so_do_its_words() -> None:
    table = benefits.matrix(evidence(**NOT_SHOWN))
    assert table.to_dict("records") == [
        {"pilot": "Patient flow", "Linking": "measured", "Gain": "not shown"}
    ]
    assert "Patient flow: linking measured, gain not shown" in benefits.alt_of_matrix(table)


def test_ours_answers_every_question_of_every_pilot_that_is_cited() -> None:
    partnership = read_pilot(PARAMETERS / "partnership.yaml")
    assert set(OURS.pilots) == set(partnership.cites)
    assert list(OURS.questions) == ["linking", "vulnerability", "benefits"]


def test_ours_says_that_the_business_register_failed_and_what_it_left() -> None:
    benefit = OURS.statement("business_register", "benefits")
    assert benefit.grade == "not shown"
    assert "Central data" in benefit.because
    assert "resilience" in benefit.because


def test_ours_claims_no_measured_effect_on_vulnerability() -> None:
    grades = {OURS.statement(pilot, "vulnerability").grade for pilot in OURS.pilots}
    assert grades == {"modelled", "not shown"}


def test_ours_counts_as_measured_only_what_sharing_itself_was_seen_to_do() -> None:
    """The pathway's days are measured; which share of them is due to sharing is a judgement."""
    assert OURS.statement("patient_flow", "benefits").grade == "modelled"
    assert "assumed/days_due_to_sharing" in OURS.statement("patient_flow", "benefits").figures
    assert "benefit is measured in domestic abuse alone" in benefits.verdict(OURS)
