"""A pilot's parameter file: what is accepted, and how each fault is named."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from woda_lib.records import (
    Parameter,
    ParameterError,
    ParameterFileError,
    Pilot,
    nearest,
    read_pilot,
    read_pilots,
)

FILE = """\
pilot: bed_flow
title: Bed flow
question: How many days did it save?
owner: Discharge board
agreement: none
answered_by: 2_evaluate
steps:
  - {name: 1_link, question: Which is whose, purpose: evaluation}
  - name: 2_evaluate
    question: How many days did it save?
    needs: [1_link]
    datasets: [hospital_spells]
    parameters: [bed_day_cost, go_live]
    purpose: evaluation
parameters:
  bed_day_cost: {type: float, value: 306, unit: pounds, minimum: 0, description: Average cost.}
  go_live: {type: date, value: 2023-10-01, description: First day of the new pathway.}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "parameters" / "bed_flow.yaml"
    path.parent.mkdir()
    path.write_text(FILE)
    return path


def parameter(type_: str, value: object, **more: object) -> Parameter:
    return Parameter(type=type_, value=value, description="What it is.", **more)


def test_a_file_is_read_as_it_stands(file):
    pilot = read_pilot(file)
    assert [step.name for step in pilot.steps] == ["1_link", "2_evaluate"]
    assert pilot.step("2_evaluate").needs == ("1_link",)
    assert pilot.values() == {"bed_day_cost": 306.0, "go_live": date(2023, 10, 1)}
    assert list(read_pilots(file.parent)) == ["bed_flow"]


def test_pilots_stand_first_then_studies_and_last_what_cites_others(file):
    for name, more in {
        "a_case": {"cites": {"wards": "newest"}},
        "a_study": {},
        "wards": {"agreement": "wards"},
    }.items():
        content = yaml.safe_load(FILE) | {"pilot": name} | more
        file.with_name(f"{name}.yaml").write_text(yaml.safe_dump(content))
    assert list(read_pilots(file.parent)) == ["wards", "a_study", "bed_flow", "a_case"]
    ours = Path(__file__).parents[2] / "parameters"
    assert list(read_pilots(ours))[-2:] == ["linkage", "partnership"]


def test_a_number_may_say_how_sure_it_is():
    cost = parameter("float", 306, low=260, high=352, distribution="gamma", price_year="2015-16")
    assert cost.spread == "260 to 352, gamma, prices of 2015-16"
    assert parameter("int", 3, low=1, high=5).spread == "1 to 5, normal"
    assert parameter("float", 6500, low=4000, high=10000).spread == "4,000 to 10,000, normal"
    assert parameter("float", 306).spread == ""


@pytest.mark.parametrize(
    ("value", "limits"),
    [(306, (260, 352)), (612, (520, 704)), (0, (0, 0)), (-306, (-352, -260))],
)
def test_limits_move_with_the_value_in_proportion(value, limits):
    cost = parameter("float", 306, low=260, high=352)
    assert cost.limits(value) == pytest.approx(limits)


@pytest.mark.parametrize(
    ("value", "limits"),
    [
        (20, (5, 45)),
        # Odds of 20 to 80 become 60 to 40, six times: 5 to 95 becomes 30 to 95, 45 to 55 270 to 55.
        (60, (24, 83.08)),
        (99, (95.42, 99.69)),
        (0, (0, 0)),
        (100, (100, 100)),
    ],
)
def test_limits_of_a_share_stay_shares(value, limits):
    share = parameter("float", 20, low=5, high=45, distribution="beta", unit="%, of the days")
    assert share.limits(value) == pytest.approx(limits, abs=0.005)
    of_one = parameter("float", 0.2, low=0.05, high=0.45, distribution="beta")
    assert of_one.limits(value / 100) == pytest.approx([end / 100 for end in limits], abs=5e-5)


def test_limits_about_nought_move_along_and_a_known_number_has_none():
    assert parameter("float", 0, low=-1, high=2).limits(3) == (2, 5)
    assert parameter("float", 306).limits(350) == (350, 350)


@pytest.mark.parametrize(
    ("type_", "value", "more", "says"),
    [
        ("float", 306, {"low": 260}, "both low and high, or neither"),
        ("float", 306, {"low": 310, "high": 352}, "must lie between low"),
        ("float", 306, {"distribution": "gamma"}, "needs low and high"),
        ("float", 306, {"low": 260, "high": 352, "distribution": "bell"}, "distribution"),
        ("str", "ward", {"low": 1, "high": 2}, "for numbers alone"),
    ],
)
def test_limits_that_make_no_sense_are_refused(type_, value, more, says):
    with pytest.raises(ValidationError, match=says):
        parameter(type_, value, **more)


@pytest.mark.parametrize(
    ("type_", "given", "typed"),
    [
        ("int", "90", 90),
        ("int", 90, 90),
        ("float", "306", 306.0),
        ("float", 306, 306.0),
        ("bool", "false", False),
        ("bool", True, True),
        ("str", "ward", "ward"),
        ("date", "2024-02-29", date(2024, 2, 29)),
    ],
)
def test_a_value_from_the_command_line_or_a_notebook_is_given_its_type(type_, given, typed):
    default = {"int": 1, "float": 1.0, "bool": True, "str": "x", "date": date(2020, 1, 1)}[type_]
    checked = parameter(type_, default).checked(given, "it")
    assert (checked, type(checked)) == (typed, type(typed))


@pytest.mark.parametrize(
    ("type_", "default", "given", "said"),
    [
        ("int", 1, "1.5", "it is '1.5', and must be a whole number: What it is."),
        ("int", 1, True, "it is True, and must be a whole number"),
        ("int", 1, 1.0, "it is 1.0, and must be a whole number"),
        ("float", 1.0, "1,5", "it is '1,5', and must be a number"),
        ("float", 1.0, True, "it is True, and must be a number"),
        ("bool", True, "yes", "it is 'yes', and must be true or false"),
        ("str", "x", 3, "it is 3, and must be text"),
        ("date", date(2020, 1, 1), "2023-02-29", "must be a date such as 2023-10-01"),
    ],
)
def test_a_value_of_another_type_is_refused(type_, default, given, said):
    with pytest.raises(ParameterError) as caught:
        parameter(type_, default).checked(given, "it")
    assert said in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_range_includes_its_ends():
    days = parameter("int", 90, minimum=30, maximum=365, unit="days")
    assert [days.checked(value, "horizon") for value in (30, "365")] == [30, 365]
    with pytest.raises(ParameterError, match=r"^horizon is 29, and must be at least 30 \(days\).$"):
        days.checked(29, "horizon")
    with pytest.raises(ParameterError, match="horizon is 366, and must be at most 365"):
        days.checked(366, "horizon")


def test_a_number_that_is_none_is_in_no_range():
    cost = parameter("float", 306.0, minimum=0.0, maximum=1000.0)
    for given in ("nan", float("nan"), "inf"):
        with pytest.raises(ParameterError):
            cost.checked(given, "cost")


def test_a_date_may_have_a_range():
    live = parameter("date", date(2023, 10, 1), minimum=date(2022, 7, 1))
    with pytest.raises(ParameterError, match="must be at least 2022-07-01"):
        live.checked("2022-06-30", "go_live")


def test_choices_are_the_only_values():
    regime = parameter("str", "notices", choices=("notices", "pathways"))
    with pytest.raises(ParameterError, match="must be one of notices, pathways"):
        regime.checked("both", "regime")


def test_a_default_keeps_its_own_rules():
    with pytest.raises(ValidationError, match="value is 11, and must be at most 10"):
        parameter("int", 11, maximum=10)
    with pytest.raises(ValidationError, match="minimum is 0, and must be a date"):
        parameter("date", date(2023, 10, 1), minimum=0)


def test_a_date_is_plain_text_for_a_notebook():
    live = parameter("date", date(2023, 10, 1))
    assert live.plain(live.value) == "2023-10-01"


def test_overrides_stand_in_for_the_files_values(file):
    assert read_pilot(file).values({"bed_day_cost": "350"})["bed_day_cost"] == 350.0


def test_an_unknown_parameter_or_step_is_met_with_the_nearest_name(file):
    pilot = read_pilot(file)
    with pytest.raises(ParameterError) as caught:
        pilot.values({"bed_day_cots": 350})
    assert str(caught.value) == (
        "bed_flow has no parameter 'bed_day_cots'. Did you mean 'bed_day_cost'?"
    )
    with pytest.raises(
        ParameterFileError, match=r"no step '2_evaluat'\. Did you mean '2_evaluate'"
    ):
        pilot.step("2_evaluat")


def test_nearest_lists_all_names_where_none_is_near():
    assert nearest("colour", ["bed_day_cost", "go_live"]) == "Known: bed_day_cost, go_live."
    assert nearest("colour", []) == "None is defined."


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title: Bed flow\n", "", "title: Field required"),
        ("owner:", "ownr:", "ownr: Extra inputs are not permitted"),
        ("value: 306,", "value: lots,", "must be a number"),
        ("type: float", "type: money", "parameters.bed_day_cost.type: Input should be"),
        ("minimum: 0", "minimum: 400", "must be at least 400"),
        ("  go_live: {", "  GoLive: {", "'GoLive' is not in snake_case"),
        ("answered_by: 2_", "answered_by: 3_", "answered_by names '3_evaluate'"),
        (
            "needs: [1_link]",
            "needs: [1_lnk]",
            "step 2_evaluate needs '1_lnk', which is not known. Did you mean '1_link'?",
        ),
        (
            "[bed_day_cost, go_live]",
            "[bed_day_cost, golive]",
            "uses the parameter 'golive', which is not known. Did you mean 'go_live'?",
        ),
        ("[bed_day_cost, go_live]", "[go_live]", "no step uses the parameter 'bed_day_cost'"),
        ("name: 1_link", "name: 2_evaluate", "two steps have the same name"),
        ("name: 1_link", "name: 1 link", "small letters joined by underscores"),
        ("pilot: bed_flow", "pilot: releases", "outputs/releases/ is taken"),
        ("pilot: bed_flow", "pilot: beds", "the key pilot is 'beds', and must be the file's name"),
        ("steps:\n", "steps: [\n", "is not valid YAML"),
        (FILE, "- just a list", "must hold keys and values"),
    ],
)
def test_every_fault_of_a_file_is_named_with_file_and_key(file, old, new, said):
    assert old in FILE
    file.write_text(FILE.replace(old, new, 1))
    with pytest.raises(ParameterFileError) as caught:
        read_pilot(file)
    assert str(caught.value).startswith("bed_flow.yaml")
    assert said in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_pilot_that_does_not_exist_is_met_with_the_nearest(file):
    with pytest.raises(ParameterFileError) as caught:
        read_pilot(file.with_name("bed_flw.yaml"))
    assert str(caught.value) == (
        "There is no pilot 'bed_flw' (bed_flw.yaml is not in parameters/). Did you mean 'bed_flow'?"
    )


def test_a_pilot_without_steps_is_none():
    with pytest.raises(ValidationError, match="steps"):
        Pilot(
            pilot="empty",
            title="Empty",
            question="?",
            owner="Nobody",
            agreement="none",
            answered_by="x",
            steps=(),
        )
