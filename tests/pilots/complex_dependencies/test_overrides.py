"""Decisions are kept, name nobody, and are looked at as a whole."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.pilots.complex_dependencies import made_up_list as made
from woda_lib.pilots.complex_dependencies.errors import ReviewError
from woda_lib.pilots.complex_dependencies.overrides import (
    Named,
    OverridePanel,
    analysis,
    form,
    read_decisions,
    write_decision,
)

HEAD = "list_of,household_id,decision,reason,remark,by,on"
NAMED = Named.of(["Ann-Marie O’Hara", "Will Grove"], ["12 Elm Road, Redditch", "B97 4AB"])


def decide(path: Path, household: str = "h1", decision: str = "lower", reason: str = "over",
           *, on: int = 1, by: str = "ann", remark: str = "") -> None:  # fmt: skip
    write_decision(
        path, list_of=made.DAY, household_id=household, decision=decision, reason=reason,
        remark=remark, by=by, on=datetime(2025, 5, on, 9, 30),
    )  # fmt: skip


def test_a_later_decision_outranks_an_earlier_one_which_stays(tmp_path):
    path = tmp_path / "ann.csv"
    decide(path)
    decide(path, decision="agree", reason="", on=2)
    decide(path, household="h2", decision="cannot_tell", reason="too_old", on=1)
    found = read_decisions([path])
    assert len(found.every) == 3
    force = found.in_force.set_index("household_id")["decision"]
    assert force.to_dict() == {"h1": "agree", "h2": "cannot_tell"}


def test_two_people_decide_for_themselves(tmp_path):
    decide(tmp_path / "ann.csv")
    decide(tmp_path / "bob.csv", decision="agree", reason="", by="bob")
    found = read_decisions(sorted(tmp_path.glob("*.csv")))
    assert sorted(found.in_force["by"]) == ["ann", "bob"]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("2025-03-31,h1,maybe,,,ann,2025-05-01", "row 2: decision must be one of agree, lower"),
        ("2025-03-31,h1,lower,,,ann,2025-05-01", "row 2: a decision of lower needs a reason"),
        ("2025-03-31,h1,lower,worse,,ann,2025-05-01", "row 2: reason of lower must be one of"),
        ("2025-03-31,h1,agree,,,,2025-05-01", "row 2: by is empty"),
        ("last week,h1,agree,,,ann,2025-05-01", "row 2: list_of is no day"),
    ],
)
def test_a_row_that_does_not_say_what_it_must_is_named_by_its_place(tmp_path, row, says):
    path = tmp_path / "ann.csv"
    path.write_text(f"{HEAD}\n{row}\n")
    with pytest.raises(ReviewError, match=rf"ann\.csv, {says}"):
        read_decisions([path])


def test_a_missing_column_is_named(tmp_path):
    path = tmp_path / "ann.csv"
    path.write_text(HEAD.replace(",remark", "") + "\n")
    with pytest.raises(ReviewError, match=r"ann\.csv, row 1: there is no column 'remark'"):
        read_decisions([path])


def test_an_empty_form_is_filled_in_in_a_spreadsheet(tmp_path):
    path = tmp_path / "ann.csv"
    table = form(made.listing().households, list_of=made.DAY, by="ann")
    table.loc[1, ["decision", "reason", "on"]] = [
        "Higher",
        "worse",
        "2025-05-02",
    ]
    table.to_csv(path, index=False)
    found = read_decisions([path]).in_force
    assert found[["household_id", "decision"]].to_numpy().tolist() == [["h1", "higher"]]


def test_a_cell_is_no_formula_in_a_spreadsheet(tmp_path):
    path = tmp_path / "ann.csv"
    decide(path, remark="=1+1")
    assert "'=1+1" in path.read_text(encoding="utf-8-sig")
    assert read_decisions([path]).every["remark"].tolist() == ["=1+1"]


@pytest.mark.parametrize(
    "remark",
    [
        "The mother, Ann-Marie, has a worker now",
        "Spoke to Mr Grove",
        "Moved away from Redditch",
        "Ring 07700 900123",
        "born 03/05/1981",
        "lives at WR1 1AA now",
        "write to someone@example.org",
        "same as H0123456789abcde",
        "word " * 80,
    ],
)
def test_a_remark_that_may_name_somebody_is_refused(remark):
    assert NAMED.names_somebody(remark)


@pytest.mark.parametrize(
    "remark",
    ["", "Help started in May", "Will need a visit", "two notices were withdrawn in 2024"],
)
def test_a_remark_that_names_nobody_may_stand(remark):
    assert NAMED.why(remark) == ""


def test_a_remark_in_a_file_that_names_somebody_is_withheld_and_its_decision_stands(tmp_path):
    path = tmp_path / "ann.csv"
    decide(path, remark="Mr Grove told me")
    found = read_decisions(
        [path], names_somebody=lambda household, remark: NAMED.names_somebody(remark)
    )
    assert found.withheld == 1
    assert found.in_force["decision"].tolist() == ["lower"]
    assert "Grove" not in found.every.to_string()


def drawn(n: int, overridden: float, *, more: float = 0.0, seed: int = 1) -> pd.DataFrame:
    """Decisions about households, of which the first fifth is overridden more."""
    random = np.random.default_rng(seed)
    chance = np.where(np.arange(n) < n // 5, overridden + more, overridden)
    decision = np.where(random.random(n) < chance, "lower", "agree")
    return pd.DataFrame(
        {
            "list_of": pd.Timestamp(made.DAY),
            "household_id": [f"h{number}" for number in range(n)],
            "decision": decision,
            "reason": np.where(decision == "lower", "over", ""),
            "remark": "",
            "by": "ann",
            "on": pd.Timestamp("2025-05-01"),
        }
    )


def fifths(n: int) -> dict[str, pd.Series]:
    """The first fifth of the households is one group."""
    group = np.where(np.arange(n) < n // 5, "1", "2 to 5")
    return {"Deprivation": pd.Series(group, index=[f"h{number}" for number in range(n)])}


def test_that_almost_nobody_overrides_is_a_warning():
    """Four of 400: Wilson's interval ends at 2.5%, below one in twenty."""
    few = drawn(400, 0.0).assign(decision=["lower", *["agree"] * 99] * 4)
    assert analysis.warnings(few, fifths(400)).to_numpy().tolist() == [
        ["Almost nobody overrides", "1.0% of 400 decisions, at most 2.5%"]
    ]
    assert analysis.warnings(drawn(40, 0.0), fifths(40)).empty


def test_a_group_that_is_overridden_more_is_a_warning():
    """40 of 80 decisions about one group, and 48 of 320 about the rest."""
    one = ["lower", "agree"] * 40
    rest = ["lower"] * 48 + ["agree"] * 272
    found = analysis.warnings(drawn(400, 0.0).assign(decision=one + rest), fifths(400))
    assert found.to_numpy().tolist() == [
        [
            "Scores of one group are overridden more",
            "Deprivation, 1: 50% of its decisions, 22% of all",
        ]
    ]


def test_a_group_that_is_overridden_as_often_or_less_is_none():
    """Of 80 and of 320 decisions one in five is an override; then none of the 80."""
    alike = drawn(400, 0.0).assign(decision=["lower", *["agree"] * 4] * 80)
    assert analysis.warnings(alike, fifths(400)).empty
    alike.loc[:79, "decision"] = "agree"
    assert not analysis.warnings(alike, fifths(400))["found"].str.contains("Deprivation, 1").any()


def test_what_stands_beside_the_warnings():
    """Two decide alike on all of two households; a remark was withheld."""
    both = pd.concat([drawn(2, 0.0), drawn(2, 0.0).assign(by="bob", decision=["agree", "lower"])])
    found = analysis.warned(both, fifths(2), withheld=1).set_index("what")["found"]
    assert found["Nothing stands out"] == "4 decisions; fewer than 50 say nothing"
    assert found["Two caseworkers decide alike"].startswith("50% of 2 households (kappa 0.00")
    assert found["Remarks that may name somebody, not read"] == "1"


def test_decisions_and_reasons_are_counted():
    table = drawn(10, 1.0)
    often = analysis.how_often(table).set_index("decision")["decisions"]
    assert often.to_dict() == {
        "Agree": 0, "Disagree: lower": 10, "Disagree: higher": 0, "Cannot tell": 0,
    }  # fmt: skip
    assert analysis.by_reason(table).to_numpy().tolist() == [
        ["Disagree: lower", "What the records say is over", 10]
    ]


def test_two_reviewers_agreement_is_cohens_kappa():
    """Cohen (1960): of 50 both say yes to 20 and no to 15: kappa 0.4."""
    first = ["agree"] * 25 + ["lower"] * 25
    second = ["agree"] * 20 + ["lower"] * 5 + ["agree"] * 10 + ["lower"] * 15
    table = pd.concat(
        [drawn(50, 0.0).assign(decision=first), drawn(50, 0.0).assign(decision=second, by="bob")]
    )
    found = analysis.agreement(table)
    assert found is not None
    assert (found.pairs, round(found.kappa, 3)) == (50, 0.4)
    assert analysis.agreement(drawn(50, 0.2)) is None


def test_what_happened_after_is_told_where_the_year_is_over():
    table = drawn(4, 0.0).assign(decision=["agree", "agree", "lower", "lower"])
    outcomes = pd.DataFrame(
        {
            "household_id": ["h0", "h1", "h2"],
            "index_date": pd.Timestamp(made.DAY),
            "happened": [True, False, False],
        }
    )
    found = analysis.what_happened(table, outcomes)
    assert found[["decision", "households", "happened"]].to_numpy().tolist() == [
        ["Agree", 2, 1],
        ["Disagree: lower", 1, 0],
    ]


def test_a_decision_is_told_on_the_next_list_in_words():
    table = drawn(1, 1.0)
    assert analysis.in_words(table)["h0"].startswith(
        "Disagree: lower on 1 May 2025: what the records say is over."
    )


@pytest.fixture
def panel(tmp_path) -> OverridePanel:
    """Ann's panel of two households."""
    noted: list[str] = []
    shown = OverridePanel(
        ["h2", "h1"], lambda household: f"<p>page of {household}</p>", path=tmp_path / "ann.csv",
        list_of=made.DAY, by="ann", named=NAMED, record=noted.append,
    )  # fmt: skip
    shown.noted = noted
    return shown


def test_a_decision_is_on_the_record_and_on_disk_before_the_next_household(panel, tmp_path):
    assert "page of h2" in panel._page.value
    panel.decision.value = "lower"
    panel.reason.value = "help_is_there"
    panel.keep.click()
    assert panel.noted == ["h2 on the list of 2025-03-31: lower, by ann"]
    row = read_decisions([tmp_path / "ann.csv"]).in_force.iloc[0]
    assert (row["household_id"], row["decision"], row["reason"]) == ("h2", "lower", "help_is_there")
    assert "page of h1" in panel._page.value


def test_nothing_is_chosen_to_begin_with(panel):
    assert panel.decision.value is None
    assert panel.keep.disabled


def test_reasons_are_those_of_the_decision(panel):
    panel.decision.value = "higher"
    assert {code for _, code in panel.reason.options} == {
        "not_recorded", "worse", "help_ended", "few_know_it",
    }  # fmt: skip
    panel.decision.value = "agree"
    assert panel.reason.value == ""


def test_a_remark_that_names_somebody_keeps_nothing(panel, tmp_path):
    panel.decision.value = "agree"
    panel.remark.value = "Mr Grove says so"
    panel.keep.click()
    assert "Not kept" in panel._status.value
    assert not (tmp_path / "ann.csv").exists()
    assert panel.noted == []


def test_where_the_audit_log_refuses_nothing_is_kept(panel, tmp_path):
    def refuse(said: str) -> None:
        raise ReviewError("The audit log cannot be written.")

    panel._record = refuse
    panel.decision.value = "agree"
    panel.keep.click()
    assert "The audit log cannot be written." in panel._status.value
    assert not (tmp_path / "ann.csv").exists()


def test_a_saved_notebook_holds_nothing_of_it_and_a_run_shows_none(panel, monkeypatch, tmp_path):
    assert repr(panel) == "Decisions about a list: 0 of 2 households"
    monkeypatch.setenv("WODA_STEP_FOLDER", str(tmp_path))
    with pytest.raises(ReviewError, match="fill in the form"):
        OverridePanel([], str, path=tmp_path / "a.csv", list_of=made.DAY, by="ann",
                      named=NAMED, record=print)  # fmt: skip
