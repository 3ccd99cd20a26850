"""What was measured of deliveries, as a step reads it: counts on the record, and no agreement."""

from __future__ import annotations

import pytest
import yaml

from tests.notebook.conftest import PILOT, Desk
from woda_lib.notebook import NotebookError
from woda_lib.partners import AgreementError
from woda_lib.records import DELIVERIES

CLIENTS = "social_care_clients"


def test_before_anything_was_loaded_it_says_what_to_run(desk: Desk):
    with pytest.raises(NotebookError, match=r"Nothing has been measured .* `woda run"):
        desk.begin().deliveries()


def test_counts_of_each_partner_are_an_input_of_the_step(desk: Desk):
    run = desk.begin()
    frame = run.load(CLIENTS)
    table = run.deliveries()
    assert table[["partner", "dataset"]].to_numpy().tolist() == [
        ["county_council", CLIENTS],
        ["severnside_council", CLIENTS],
    ]
    assert table["kept"].sum() == len(frame)
    of_rows = table[["kept", "quarantined", "superseded", "duplicates"]].sum(axis=1)
    assert of_rows.tolist() == table["rows"].tolist()
    faults, columns = run.delivery_faults(), run.delivery_columns()
    assert faults.loc[faults["outcome"] == "value blanked", "rows"].sum() == (
        table["blanked_values"].sum()
    )
    assert set(columns["column"]) >= {"client_id", "nhs_number"}
    run.answer("Two.")
    run.finish()
    path = f"data/accepted/demo/patient_flow/{CLIENTS}.quality.json"
    assert [each.path for each in desk.record().inputs if each.name == DELIVERIES] == [path]


def test_a_study_without_agreement_reads_counts_of_real_deliveries_and_no_row(desk: Desk):
    desk.begin().load(CLIENTS)
    without = PILOT | {"agreement": "none"}
    without["steps"] = [step | {"purpose": "study"} for step in PILOT["steps"]]
    (desk.root / "parameters" / "tiny.yaml").write_text(yaml.safe_dump(without))
    run = desk.begin()
    assert run.deliveries()["dataset"].tolist() == [CLIENTS, CLIENTS]
    with pytest.raises(AgreementError, match="A study has no agreement"):
        run.load(CLIENTS)
