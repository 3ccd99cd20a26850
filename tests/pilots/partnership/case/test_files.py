"""The case's files: what they must say, and what is said of one that does not."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from tests.pilots.partnership.case.small import OPTIONS
from woda_lib.evaluation import Formula
from woda_lib.notebook.typed_figures import typed_figure
from woda_lib.pilots.partnership.benefits import read_register
from woda_lib.pilots.partnership.case import (
    CaseError,
    Costs,
    Options,
    Risks,
    option_flows,
    read_part,
    read_prose,
    risk_table,
    risks_table,
)
from woda_lib.pilots.partnership.case.prose import CASES
from woda_lib.pilots.partnership.case.risks import require_scenarios
from woda_lib.records import read_pilot

PARAMETERS = Path(__file__).parents[4] / "parameters"
FOLDER = PARAMETERS / "partnership"
COST = """\
contributions: {council: council_pays}
costs:
  - cost: Team
    says: Salaries.
    formula: posts * salary
    runs: running
    cash: true
    grade: 2
    options: [permanent]
"""


def refused(tmp_path: Path, text: str, model: type) -> str:
    path = tmp_path / "partnership" / "costs.yaml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        read_part(path, model)
    return str(caught.value)


def test_a_file_that_is_as_it_must_be(tmp_path: Path) -> None:
    path = tmp_path / "costs.yaml"
    path.write_text(COST, encoding="utf-8")
    assert read_part(path, Costs).costs[0].formula == "posts * salary"


@pytest.mark.parametrize(
    ("was", "wrong", "says"),
    [
        ("grade: 2", "grade: 9", "costs.yaml: costs.0.grade: .*less than or equal to 6"),
        ("runs: running", "runs: always", "costs.0.runs: .*'setting_up', 'running' or 'ending'"),
        ("posts * salary", "posts * 46000", "costs.0.formula: the formula .* holds 46000, typed"),
        ("says: Salaries.", "says: Salaries of 3 people.", "costs.0.says: .*says '3', typed by"),
        ("posts * salary", "import os", "costs.0.formula: The formula 'import os' cannot be read"),
        ("    cash: true\n", "", "costs.0.cash: Field required"),
        ("cash: true", "cash: true\n    sure: no", "costs.0.sure: Extra inputs"),
        ("costs:", "costs: [", "costs.yaml is not valid YAML"),
    ],
)
def test_a_cost_that_lacks_something(tmp_path: Path, was: str, wrong: str, says: str) -> None:
    assert re.search(says, refused(tmp_path, COST.replace(was, wrong), Costs))


def test_a_cost_that_is_there_more_than_once(tmp_path: Path) -> None:
    again = COST[COST.index("  - cost") :]
    assert "the cost 'Team' is twice" in refused(tmp_path, COST + again, Costs)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"risks\.yaml is not in .*, and the business case needs"):
        read_part(tmp_path / "risks.yaml", Risks)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"to_come": {"wards": "Both."}}, "wards is both under way and to come"),
        (
            {"scenarios": [{"scenario": "a", "title": "A", "holds": {"ward_counts": 0.5}}]},
            "a names 'ward_counts', which is not known. Did you mean 'wards_counts'",
        ),
        (
            {"options": [OPTIONS.options[0].model_dump() | {"sees_through": ["maps"]}]},
            "stop: sees_through names 'maps', which is not known. Did you mean 'map'",
        ),
        (
            {"scenarios": [{"scenario": "a", "title": "{b}", "holds": {"wards_counts": 0.5}}]},
            "it says 'b', which the scenario does not hold",
        ),
        (
            {"scenarios": [{"scenario": "a", "title": "Halved", "holds": {"wards_counts": 0.5}}]},
            "'Halved' says 'Halved', typed by hand",
        ),
        (
            {"options": [OPTIONS.options[0].model_dump() | {"keeps": "0.5 ** year"}]},
            "holds 0.5, typed by hand",
        ),
        ({"options": [OPTIONS.options[0].model_dump()] * 2}, "the option 'stop' is twice"),
    ],
)
def test_options_that_do_not_agree(change: dict, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Options.model_validate(OPTIONS.model_dump() | {"scenarios": []} | change)


PROSE = "\n".join(f"## {name.capitalize()} case\n\nWords of it.\n" for name in CASES)


def test_the_case_in_words(tmp_path: Path) -> None:
    path = tmp_path / "business_case.md"
    path.write_text(f"# Head\n\nNot shown.\n\n{PROSE}", encoding="utf-8")
    assert read_prose(path) == dict.fromkeys(CASES, "Words of it.")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (PROSE.replace("## Commercial case", "## Legal case"), "'Legal case' is none of a"),
        (PROSE.replace("Words of it.", "", 1), "says nothing of the strategic case"),
        (f"{PROSE}\n## Financial case\n\nMore.", "'Financial case' stands there more than once"),
    ],
)  # fmt: skip
def test_words_that_are_missing(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "business_case.md"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError, match=says):
        read_prose(path)


def test_risks_the_worst_first() -> None:
    scenarios = pd.DataFrame(
        {"scenario": ["halved"], "ratio": [0.5], "net_present_value": [-40_400.0]}
    )
    common = {"owner": "Lead", "response": "Look."}
    risks = Risks.model_validate(
        {
            "risks": [
                {"risk": "Rain", "likelihood": 2, "impact": 2, **common},
                {"risk": "Flood", "likelihood": 1, "impact": 5, "if_it_comes": "halved", **common},
            ]
        }
    )
    table = risk_table(risks, scenarios)
    assert table["risk"].tolist() == ["Flood", "Rain"]
    assert table["rating"].tolist() == [5, 4]
    assert table["ratio_if_it_comes"].fillna(-1).tolist() == [0.5, -1]
    shown = risks_table(table)["net_present_value"]
    assert shown.fillna(0).tolist() == [-40_000, 0]
    with pytest.raises(CaseError, match=r"'Flood' names the .*Did you mean 'halve'"):
        require_scenarios(risks, ["halve"])


def test_the_partnerships_own_files_agree() -> None:
    """Its formulas name parameters of the step, its contributions partners, its risks scenarios."""
    costs, options, risks = (
        read_part(FOLDER / f"{name}.yaml", model)
        for name, model in (("costs", Costs), ("options", Options), ("risks", Risks))
    )
    require_scenarios(risks, [one.scenario for one in options.scenarios])
    register = read_register(FOLDER / "benefits.yaml")
    pilot = read_pilot(PARAMETERS / "partnership.yaml")
    step = pilot.step("3_business_case")
    assert set(costs.contributions.values()) <= set(step.parameters)
    assert sum(pilot.values()[share] for share in costs.contributions.values()) == 100
    counted = pd.DataFrame(
        {
            "flow": [flow.flow for flow in register.counted],
            "pilot": [flow.pilot for flow in register.counted],
            "formula": [flow.attributed for flow in register.counted],
            "kind": [flow.kind for flow in register.counted],
            "first_year": [flow.first_year for flow in register.counted],
            "last_year": [flow.last_year for flow in register.counted],
        }
    )
    titles = {name: partner.title for name, partner in register.partners.items()}
    flows = option_flows(counted, costs, options, years=5, partners=titles)
    assert set(flows["option"]) == {"stop", "minimum", "permanent"}


def test_no_cost_of_the_partnership_that_is_assumed_is_graded_as_if_it_were_known() -> None:
    """An assumption is somebody's judgement, or, beside something similar, the grade before it."""
    pilot = read_pilot(PARAMETERS / "partnership.yaml")
    for cost in read_part(FOLDER / "costs.yaml", Costs).costs:
        for name in Formula(cost.formula).names - {"posts"}:
            if "assumption" in pilot.parameters[name].description:
                assert cost.grade >= 5, f"{cost.cost} rests on {name}"


def test_the_partnerships_own_words_hold_no_typed_figure() -> None:
    for text in read_prose(FOLDER / "business_case.md").values():
        assert typed_figure(text) is None
