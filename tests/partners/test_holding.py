"""Rows held to their contract part by part break what its whole schema says, and no more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pandera.errors
import pytest

from woda_lib.partners import CONTRACTS, Delivery
from woda_lib.partners.contracts import Contract
from woda_lib.partners.holding import hold
from woda_lib.partners.parsing import parse
from woda_lib.partners.reading import RawFile, read_file

SPELLS = CONTRACTS["hospital_spells"]
SPELL = {
    "spell_id": "S1",
    "patient_id": "P1",
    "surname": "Oak",
    "postcode": "WR1 1AA",
    "sex": "F",
    "admission_date": "01/02/2024",
    "admission_method": "emergency",
    "discharge_date": "05/02/2024",
}


def read(folder: Path, *rows: dict[str, str], contract: Contract) -> tuple[Delivery, RawFile]:
    path = folder / contract.partners[0] / "hospital_spells_2024-03.csv"
    path.parent.mkdir()
    pd.DataFrame(rows, columns=[*contract.columns]).to_csv(path, index=False)
    item = Delivery(pd.Timestamp("2024-03-31").date(), path.parent.name, contract.dataset, path)
    return item, read_file(path, contract)


def broken(raw: tuple[Delivery, RawFile], contract: Contract) -> set[tuple[int, str]]:
    faults = hold([raw], contract).faults
    return {*zip(faults["position"], faults["rule"], strict=True)}


@pytest.mark.parametrize(
    ("given", "rules"),
    [
        ({"surname": "x" * 200}, set()),
        ({"surname": "x" * 201}, {"too_long"}),
        ({"deprivation_quintile": "5"}, set()),
        ({"deprivation_quintile": "6"}, {"out_of_range"}),
        ({"discharge_date": "05/01/2024"}, {"discharge_before_admission"}),
        (
            {"admission_date": "01/05/2024", "ward": "x" * 201},
            {"admission_date_after_delivery", "discharge_before_admission", "too_long"},
        ),
    ],
)
def test_a_row_breaks_the_rules_that_the_whole_schema_says(
    tmp_path: Path, given: dict[str, str], rules: set[str]
) -> None:
    raw = read(tmp_path, SPELL, {**SPELL, "spell_id": "S2", **given}, contract=SPELLS)
    typed, _, _ = parse(raw[1].rows, SPELLS)
    rows = typed.assign(delivered_on=pd.Timestamp(raw[0].delivered_on))
    told: set[tuple[int, str]] = set()
    try:
        SPELLS.schema().validate(rows, lazy=True)
    except pandera.errors.SchemaErrors as error:
        cases = error.failure_cases
        told = {*zip(cases["index"].astype(int), cases["check"].astype(str), strict=True)}
    assert broken(raw, SPELLS) == told == {(1, rule) for rule in rules}


def test_a_row_that_could_not_be_read_is_held_to_no_further_rule(tmp_path: Path) -> None:
    wrong = {"sex": "?", "discharge_date": "05/01/2024", "ward": "x" * 201}
    raw = read(tmp_path, {**SPELL, **wrong}, contract=SPELLS)
    assert broken(raw, SPELLS) == {(0, "unknown_code")}


def test_a_row_is_refused_where_a_value_is_blanked_that_it_cannot_be_used_without(
    tmp_path: Path,
) -> None:
    needed = replace(SPELLS.columns["postcode"], required=True)
    contract = replace(SPELLS, columns={**SPELLS.columns, "postcode": needed})
    raw = read(tmp_path, {**SPELL, "postcode": "nowhere"}, contract=contract)
    assert broken(raw, contract) == {(0, "not_a_postcode"), (0, "missing_value")}
    assert hold([raw], contract).loaded().counts.quarantined == 1


def test_one_row_letter_for_letter_is_a_repetition_and_two_of_one_key_are_refused(
    tmp_path: Path,
) -> None:
    other = {**SPELL, "spell_id": "S2"}
    third = {**SPELL, "spell_id": "S3"}
    rows = (SPELL, other, SPELL, third, {**other, "ward": "North"}, SPELL)
    found = hold([read(tmp_path, *rows, contract=SPELLS)], SPELLS)
    assert len(found.repeated) == 2
    assert found.faults[["position", "rule"]].to_numpy().tolist() == [
        [1, "key_given_twice"],
        [4, "key_given_twice"],
    ]
    assert found.faults["raw_row"].str.contains("North").tolist() == [False, True]
    assert found.typed.index.tolist() == [0, 1, 3, 4]
