"""The register covers what the contracts know, and a mistake in it is named with its key."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from tests.pilots.partnership.roadmap.conftest import PARAMETERS
from woda_lib.partners import CONTRACTS, load_agreements
from woda_lib.pilots.partnership.roadmap import (
    Register,
    RoadmapError,
    check_waits,
    read_register,
)
from woda_lib.records import explain
from woda_lib.records.pilots import read_pilots

STAYS = "hospital_spells"


def test_every_partner_of_every_contract_is_in_the_register(register: Register):
    held = {(dataset, partner) for dataset, each in register.held.items() for partner in each.by}
    assert held == {(name, who) for name, each in CONTRACTS.items() for who in each.partners}


def test_nothing_is_wanted_that_a_contract_knows_and_every_step_that_waits_is_there(
    register: Register,
):
    assert not register.wanted.keys() & CONTRACTS.keys()
    check_waits(register, read_pilots(PARAMETERS))


def test_every_pilot_waits_for_something(register: Register):
    waiting = {step.partition("/")[0] for each in register.wanted.values() for step in each.waits}
    assert waiting == {
        *("patient_flow", "domestic_abuse", "single_view"),
        *("business_register", "asset_map", "complex_dependencies"),
    }


def _rename(where: str, old: str, new: str) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        for key in filter(None, where.split(".")):
            content = content[key]
        content[new] = content.pop(old)

    return change


def _put(where: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        *path, last = where.split(".")
        for key in path:
            content = content[key]
        content[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            _rename("held", STAYS, "hospital_spell"),
            r"the dataset 'hospital_spell', which is not known. Did you mean 'hospital_spells'\?",
        ),
        (
            lambda content: content["held"].pop(STAYS),
            f"held: {STAYS} has a contract and is not in the register",
        ),
        (
            lambda content: content["held"][STAYS]["by"].pop("severnside_acute"),
            rf"held\.{STAYS}\.by: severnside_acute delivers it",
        ),
        (
            _rename(f"held.{STAYS}.by", "severnside_acute", "severnside_acutes"),
            r"partner 'severnside_acutes', which is not known. Did you mean 'severnside_acute'\?",
        ),
        (
            _put(f"held.{STAYS}.rightly_blank", ["spell_id"]),
            rf"held\.{STAYS}\.rightly_blank names the column 'spell_id', which may not be blank",
        ),
        (
            _put(f"held.{STAYS}.by.severnside_acute.maturity", {2024: 6}),
            rf"held\.{STAYS}\.by\.severnside_acute\.maturity\.2024: .* less than or equal to 5",
        ),
        (
            _put(f"held.{STAYS}.by.severnside_acute.maturity", {2025: 3, 2024: 2}),
            rf"held\.{STAYS}\.by\.severnside_acute\.maturity: the years must follow each other",
        ),
        (
            _put("wanted.frailty_flags.blocker.kind", "politics"),
            r"wanted\.frailty_flags\.blocker\.kind: Input should be 'legal_basis'",
        ),
        (
            _put("wanted.frailty_flags.partner", "general_practice"),
            r"names 'general_practice', which is not known. Did you mean 'general_practices'\?",
        ),
        (
            _put("wanted.frailty_flags.waits", {"patient_flow/2_evaluate": ["frailty"]}),
            r"waits\.patient_flow/2_evaluate: 'frailty' is not among fields",
        ),
        (
            _put("wanted.frailty_flags.fields", ["frailty_band", "falls", "smokes"]),
            "no step waits for 'smokes'. Take it out",
        ),
        (
            _rename("wanted", "frailty_flags", "health_flags"),
            r"wanted\.health_flags: a contract knows it",
        ),
        (_put("wanted.frailty_flags.unlocks", "x" * 61), "at most 60 characters"),
    ],
)
def test_a_mistake_is_named_with_its_key(content: dict[str, Any], change: Any, message: str):
    spoilt = copy.deepcopy(content)
    change(spoilt)
    with pytest.raises(ValidationError) as refused:
        Register.model_validate(spoilt)
    assert re.search(message, explain(refused.value))


def test_the_file_is_named_too(content: dict[str, Any], tmp_path: Path):
    path = tmp_path / "roadmap.yaml"
    path.write_text(yaml.safe_dump({**content, "wants": {}}), encoding="utf-8")
    with pytest.raises(RoadmapError, match=r"roadmap\.yaml: wants: Extra inputs"):
        read_register(path)


def test_a_step_that_no_pilot_has_is_named_with_the_nearest(register: Register):
    flags = register.wanted["frailty_flags"]
    waits = {"patient_flow/2_evaluation": flags.fields}
    wanted = {"frailty_flags": flags.model_copy(update={"waits": waits})}
    with pytest.raises(RoadmapError, match=r"wanted\.frailty_flags\.waits: .* Did you mean 'patie"):
        check_waits(register.model_copy(update={"wanted": wanted}), read_pilots(PARAMETERS))


def test_a_register_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(RoadmapError, match=r"roadmap\.yaml is not in"):
        read_register(tmp_path / "roadmap.yaml")


def test_what_comes_comes_as_often_as_was_agreed(register: Register):
    agreed: dict[str, set[str]] = {}
    for agreement in load_agreements(PARAMETERS / "agreements").values():
        for dataset, flow in agreement.flows.items():
            agreed.setdefault(dataset, set()).add(flow.frequency)
    otherwise = [
        (dataset, partner)
        for dataset, each in register.held.items()
        for partner, by in each.by.items()
        if dataset in agreed and by.frequency not in agreed[dataset]
    ]
    assert not otherwise
