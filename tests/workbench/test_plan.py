"""What is checked before any work: each fault is named with file and key, and nothing starts."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from tests.workbench.bench import AGREEMENT, COUNT, DOUBLE, Bench, notebook
from woda_lib.errors import WodaError
from woda_lib.partners import AgreementError, ExtractError
from woda_lib.records import ParameterError
from woda_lib.workbench import PlanError, make_plan, parameters_cell
from woda_lib.workbench.execution.provenance import LockNotFound
from woda_lib.workbench.planning.plan import share_overrides


def refused(bench: Bench, kind: type[WodaError] = PlanError, **overrides: object) -> str:
    """What a run says that cannot start; it must leave nothing behind."""
    with pytest.raises(kind) as caught:
        bench.run(overrides)
    assert caught.value.exit_code != 0
    assert bench.runs() == []
    return str(caught.value)


def test_steps_are_put_in_the_order_of_their_needs(bench):
    plan = make_plan(bench.pilot, settings=bench.settings)
    assert [step.step.name for step in plan.steps] == ["1_count", "2_double"]


def test_each_step_is_given_its_own_parameters_and_dates_as_text(bench):
    plan = make_plan(bench.pilot, settings=bench.settings, overrides={"since": "2024-02-29"})
    assert [step.parameters for step in plan.steps] == [
        {"start": 3},
        {"factor": 2.0, "since": "2024-02-29"},
    ]


def test_an_unknown_parameter_is_met_with_the_nearest_name(bench):
    said = refused(bench, ParameterError, facter=3)
    assert said == "tiny has no parameter 'facter'. Did you mean 'factor'?"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"start": "three"}, "start is 'three', and must be a whole number (visits)"),
        ({"factor": "11"}, "factor is 11.0, and must be at most 10 (times)."),
        ({"since": "1/10/2023"}, "since is '1/10/2023', and must be a date such as 2023-10-01"),
    ],
)
def test_a_value_of_the_wrong_type_or_out_of_range_is_refused(bench, given, said):
    assert said in refused(bench, ParameterError, **given)


def test_a_day_after_all_that_the_extracts_tell_of_is_refused_with_their_span(bench):
    bench.write("data/extracts/demo/worcestershire_acute/hospital_spells_2025-02.csv", "spell_id\n")
    bench.write("data/extracts/demo/severnside_acute/hospital_spells_2025-02.csv", "spell_id\n")
    assert refused(bench, ParameterError, since="2035-01-01") == (
        "since is 2035-01-01, and the files that tiny reads are of 28 February 2025 to 31 March "
        "2025: they tell of no day after that. Give one up to 2025-03-31."
    )
    make_plan(bench.pilot, settings=bench.settings, overrides={"since": "2025-03-31"})


def test_a_day_is_held_to_no_span_where_no_extract_is_read(bench):
    bench.ask_one_step("# What?", ("since: str = '2035-01-01'", "parameters"), "1")
    step = {"name": "1_only", "question": "What?", "purpose": "test", "parameters": ["since"]}
    since = {"type": "date", "value": date(2035, 1, 1), "description": "First day."}
    bench.write_pilot(steps=[step], answered_by="1_only", parameters={"since": since})
    make_plan(bench.pilot, settings=bench.settings)


def test_a_missing_notebook_is_named_with_the_nearest_one(bench):
    (bench.root / "notebooks/tiny/2_double.ipynb").rename(
        bench.root / "notebooks/tiny/2_doubled.ipynb"
    )
    assert refused(bench) == (
        "There is no notebook notebooks/tiny/2_double.ipynb for the step 2_double. "
        "Did you mean '2_doubled'?"
    )


def test_a_file_that_is_no_notebook_is_named(bench):
    bench.write("notebooks/tiny/1_count.ipynb", "<html>")
    assert refused(bench).startswith("notebooks/tiny/1_count.ipynb cannot be read as a notebook")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("start: int = 4", "sets start to 4, and parameters/tiny.yaml to 3. Make them equal"),
        ("begin: int = 3", "sets 'begin', which parameters/tiny.yaml does not give to the step"),
        ("", "does not set 'start', which parameters/tiny.yaml gives to the step 1_count"),
        ("import os", "line 1 of its parameters cell must read `name: type = value`"),
        ("start = 1 + len('ab')", "malformed node"),
        ("start =", "invalid syntax"),
    ],
)
def test_the_parameters_cell_must_say_what_the_parameter_file_says(bench, cell, said):
    bench.write_notebook("1_count", [COUNT[0], (cell, "parameters"), *COUNT[2:]])
    message = refused(bench)
    assert message.startswith("notebooks/tiny/1_count.ipynb: ")
    assert said in message


def test_a_parameters_cell_is_read_whether_its_lines_have_types_or_not():
    cells = notebook(
        [("price: float = 306.0  # pounds\ndays = 90\nsince: str = 'x'", "parameters")]
    )
    assert parameters_cell(cells) == {"price": 306.0, "days": 90, "since": "x"}


def test_two_parameters_cells_are_one_too_many(bench):
    bench.write_notebook("2_double", [*DOUBLE, ("factor: float = 2.0", "parameters")])
    assert "2 cells are tagged 'parameters', and one must be" in refused(bench)


def test_steps_that_need_each_other_are_refused(bench):
    steps = [
        {"name": name, "question": "?", "purpose": "test", "needs": [need]}
        for name, need in (("1_hen", "2_egg"), ("2_egg", "1_hen"))
    ]
    bench.write_pilot(steps=steps, answered_by="1_hen", parameters={})
    said = refused(bench)
    assert said.startswith("tiny.yaml: steps need each other in a circle")
    assert "1_hen → 2_egg" in said or "2_egg → 1_hen" in said


def test_extracts_that_are_not_there_are_refused(bench):
    (bench.root / "data/extracts/demo").rename(bench.root / "data/extracts/gone")
    said = refused(bench, ExtractError)
    assert said.startswith(f"There are no extracts at {bench.root}/data/extracts/demo.")


def test_extracts_of_which_a_run_would_leave_something_out_are_refused(bench):
    folder = bench.root / "data/extracts/demo/severnside_acute"
    (folder / "hospital_spells_2025-03.csv").rename(folder / "hospital_spells_2025-3.csv")
    message = refused(bench)
    assert "severnside_acute/hospital_spells_2025-3.csv is no extract" in message
    assert "severnside_acute has delivered no hospital_spells" in message


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ends": date(2025, 3, 31), "review": date(2025, 3, 1)}, "is not in force on 1 April"),
        ({"datasets": {}, "flows": {}}, "does not share the dataset hospital_spells"),
        ({"review": date(2025, 3, 31)}, "was due for review on 31 March 2025"),
        ({"purposes": {"other": AGREEMENT["purposes"]["test"]}}, "has no purpose 'test'"),
        ({"title": None}, "tiny.yaml: title: Input should be a valid string"),
    ],
)
def test_an_agreement_that_does_not_permit_a_load_is_met_before_any_work(bench, changes, said):
    bench.write("parameters/agreements/tiny.yaml", yaml.safe_dump(AGREEMENT | changes))
    assert said in refused(bench, AgreementError)


def test_a_checkout_without_its_lock_is_refused(bench):
    (bench.root / "requirements.lock").unlink()
    assert "holds no requirements.lock" in refused(bench, LockNotFound)


def test_each_pilot_gets_the_overrides_that_are_its_own(bench):
    tiny = bench.pilot
    priced = tiny.model_copy(
        update={"pilot": "priced", "parameters": {"price": tiny.parameters["factor"]}}
    )
    assert share_overrides({"factor": 3, "price": 4}, [tiny, priced]) == {
        "tiny": {"factor": 3},
        "priced": {"price": 4},
    }
    with pytest.raises(ParameterError, match=r"has no parameter 'prise'.*'price'"):
        share_overrides({"prise": 4}, [tiny, priced])


@pytest.mark.parametrize(
    ("cell", "reader"),
    [("import pandas as pd\npd.read_csv('x')", "read_csv"), ("%run other.py", "%run")],
)
def test_a_notebook_that_reads_data_past_the_agreement_is_refused(bench, cell, reader):
    bench.write_notebook("1_count", [COUNT[0], COUNT[1], cell])
    said = refused(bench)
    assert f"notebooks/tiny/1_count.ipynb, cell 3, line {cell.count(chr(10)) + 1}: {reader}" in said
    assert "Use run.load" in said


def test_an_extract_past_its_retention_blocks_a_run_before_any_work(bench):
    parties = [party | {"partner": "severnside_acute"} for party in AGREEMENT["parties"]]
    terms = {"parties": parties, "retention": {"data_months": 1, "results_months": 1}}
    bench.write("parameters/agreements/tiny.yaml", yaml.safe_dump(AGREEMENT | terms))
    old = bench.root / "data/extracts/demo/severnside_acute/hospital_spells_2025-03.csv"
    old.rename(old.with_name("hospital_spells_2025-02.csv"))
    same = bench.root / "data/extracts/demo/worcestershire_acute/hospital_spells_2025-03.csv"
    same.rename(same.with_name("hospital_spells_2025-02.csv"))
    said = refused(bench, AgreementError)
    assert "severnside_acute/hospital_spells_2025-02.csv should be gone" in said
    assert "woda retention apply" in said
