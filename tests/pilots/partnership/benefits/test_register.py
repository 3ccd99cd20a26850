"""What a register of benefits may say, and the county's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests.pilots.partnership.benefits.registers import SMALL, another, content, register, written
from woda_lib.evaluation import read_optimism_bias
from woda_lib.pilots.partnership.benefits import BenefitsError, read_register, refuse_twice
from woda_lib.records import read_pilot

PARAMETERS = Path(__file__).parents[4] / "parameters"
OURS = read_register(PARAMETERS / "partnership" / "benefits.yaml")
NONE = {"first": "Beds", "second": "Beds", "remains": 1, "because": "They are."}
PARTNERSHIP = read_pilot(PARAMETERS / "partnership.yaml")


def flow(**changes: Any) -> dict[str, Any]:
    """The content of the small register, with its flow changed."""
    return {**content(), "flows": [{**SMALL["flows"][0], **changes}]}


@pytest.mark.parametrize(
    ("stands", "said"),
    [
        (flow(formula="day_saved * people * days_saved"), "mean 'days_saved'?"),
        (flow(formula="12 * people * bed_day_cost"), "inputs.days_saved: no flow uses it"),
        (flow(formula="days_saved * "), "cannot be read"),
        (flow(formula="days_saved * year * people"), "names 'year', which is not known"),
        (flow(formula=""), "write one, or `not_counted` and why"),
        (flow(attribution=None), "which share of it sharing data brought about"),
        (flow(partner="hospital"), "the partner of 'Beds' names 'hospital'"),
        (flow(resource="bed_day"), "Did you mean 'bed_days'"),
        (flow(population="everybody"), "the population of 'Beds' names 'everybody'"),
        (flow(first_year=3, last_year=2), "last_year comes before first_year"),
        (flow(grade=7), "less than or equal to 6"),
        (flow(colour="green"), "colour"),
        (content(SMALL["flows"][0]), "the flow 'Beds' is twice"),
        (content(overlaps=[{**NONE, "first": "Bed"}]), "overlaps names 'Bed'"),
        (content(partners={"fire_service": {"title": "F"}}), "fire_service has its names in"),
        (content(inputs={"days_saved": {}}), "give either `from`, one figure, or `between`"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_file_and_key(
    tmp_path: Path, stands: dict[str, Any], said: str
) -> None:
    with pytest.raises(BenefitsError, match=r"benefits\.yaml") as refused:
        read_register(written(tmp_path, stands))
    assert said in str(refused.value)


def test_a_file_that_is_not_there_or_no_yaml_is_said(tmp_path: Path) -> None:
    with pytest.raises(BenefitsError, match="is not in"):
        read_register(tmp_path / "benefits.yaml")
    (tmp_path / "benefits.yaml").write_text("flows: [", encoding="utf-8")
    with pytest.raises(BenefitsError, match="not valid YAML"):
        read_register(tmp_path / "benefits.yaml")


def test_what_is_not_counted_needs_no_sum_and_is_left_out_with_its_inputs() -> None:
    extra = another(formula="", attribution=None, not_counted="Nobody has been followed.")
    priced = another(flow="Minutes", formula="minutes", not_counted="Pieces of minutes.")
    inputs = {**SMALL["inputs"], "minutes": {"from": "domestic_abuse/minutes"}}
    whole = register(extra, priced, inputs=inputs)
    assert [flow.flow for flow in whole.counted] == ["Beds"]
    assert [flow.flow for flow in whole.uncounted] == ["Admissions avoided", "Minutes"]
    counted = whole.of_counted()
    assert list(counted.inputs) == list(SMALL["inputs"])
    assert counted.uncounted == ()


def test_a_flow_is_not_graded_better_than_what_its_sum_rests_on() -> None:
    judged = {**SMALL["inputs"], "due": {"from": "assumed/due", "grade": 6}}
    with pytest.raises(ValidationError, match=r"'Beds' is 1, .* rests on due, .* no better than 6"):
        register(inputs=judged)
    beds = {**SMALL["flows"][0], "grade": 6}
    assert register(flows=[beds], inputs=judged).flows[0].grade == 6


def test_what_is_assumed_says_how_well_it_is_known() -> None:
    with pytest.raises(ValidationError, match="assumed/due is assumed; say under `grade`"):
        register(inputs={**SMALL["inputs"], "due": {"from": "assumed/due"}})


def test_our_register_counts_nothing_twice() -> None:
    refuse_twice(OURS)


def test_our_register_says_of_every_pilot_what_it_brings_or_why_nothing_is_counted() -> None:
    assert {flow.pilot for flow in OURS.flows} == set(PARTNERSHIP.cites)
    counted = {flow.pilot for flow in OURS.counted}
    assert counted == {"patient_flow", "asset_map"}


def test_our_grades_have_a_correction_for_optimism() -> None:
    table = read_optimism_bias(PARAMETERS / "money" / "optimism_bias.yaml")
    assert {flow.grade for flow in OURS.flows} <= set(table["grade"])


def test_every_figure_of_ours_is_cited_or_a_parameter_of_the_step() -> None:
    owners = {figure.partition("/")[0] for one in OURS.inputs.values() for figure in one.figures}
    assert owners <= {*PARTNERSHIP.cites, "assumed", "reported"}
    assumed = {
        figure.partition("/")[2]
        for one in OURS.inputs.values()
        for figure in one.figures
        if figure.startswith("assumed/")
    }
    assert assumed == set(PARTNERSHIP.step("2_benefits").parameters)


@pytest.mark.parametrize("name", ["bed_day_cost", "marginal_bed_day_cost", "support_day_cost"])
def test_prices_of_the_pathway_are_the_pilots_own(name: str) -> None:
    theirs = read_pilot(PARAMETERS / "patient_flow.yaml").parameters[name]
    ours = PARTNERSHIP.parameters[name]
    same = {"value", "low", "high", "distribution", "price_year", "unit"}
    assert ours.model_dump(include=same) == theirs.model_dump(include=same)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"formula": "bed_day_cost + 1530000"}, "holds 1.53e+06, typed by hand"),
        ({"says": "Beds that are worth 153,000 pounds."}, "says '153,000', typed by hand"),
        ({"attribution": {"share": "due", "because": "Half is."}}, "says 'Half', typed by hand"),
    ],
)
def test_a_figure_in_the_register_itself_is_refused(
    tmp_path: Path, change: dict[str, Any], says: str
) -> None:
    with pytest.raises(BenefitsError, match=r"benefits\.yaml: flows\.1") as caught:
        read_register(written(tmp_path, content(another(**change))))
    assert says in str(caught.value)
