"""What is due is deleted, certified and remembered by a tombstone; nothing else is touched."""

import json
import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from tests.partners.small_county import (
    ACUTE,
    AGREEMENTS,
    SPELLS,
    agreement,
    deliver,
    door,
    settings_for,
    small_county,
)
from woda_lib.partners import Denied, audit_log, check_extracts
from woda_lib.partners.key_store import FolderStore, KeyStoreError
from woda_lib.partners.retention import delete, due
from woda_lib.partners.retention_dates import keep_until
from woda_lib.records import Certificate, read_pilot, sha256

PILOT = read_pilot(AGREEMENTS.parent / "patient_flow.yaml")


@pytest.mark.parametrize(
    ("day", "months", "until"),
    [
        (date(2022, 1, 31), 1, date(2022, 2, 28)),
        (date(2022, 1, 31), 25, date(2024, 2, 29)),
        (date(2022, 12, 15), 12, date(2023, 12, 15)),
        (date(2022, 1, 1), 120_000, date.max),
    ],
)
def test_whole_months_end_on_the_same_day_or_the_months_last(day, months, until):
    assert keep_until(day, months) == until


def kept(**months):
    terms = agreement().retention.model_copy(update=months)
    return {"patient_flow": agreement().model_copy(update={"retention": terms})}


@pytest.fixture
def settings(tmp_path):
    extracts = small_county(tmp_path / "extracts", opt_outs=[])
    deliver(extracts, ACUTE, "hospital_spells", [{"spell_id": "S9", "sex": "?"}], month="2024-05")
    return settings_for(tmp_path, extracts, today=date(2024, 6, 30), as_of_reason="A test.")


def paths(found):
    return [item.tombstone.path for item in found]


def test_nothing_is_due_while_any_agreement_lets_it_be_kept(settings):
    assert due(settings, kept(data_months=29), {}) == []
    longer = kept(data_months=30)["patient_flow"].model_copy(update={"id": "longer"})
    assert due(settings, kept(data_months=12) | {"longer": longer}, {}) == []


def test_extracts_are_due_whole_months_after_their_delivery_and_others_stay(settings):
    found = due(settings, kept(data_months=28), {})
    assert len(found) == 8  # four datasets of two partners each; not May 2024, not the opt-outs
    assert f"extracts/{ACUTE}/hospital_spells_2022-01.csv" in paths(found)
    assert {item.tombstone.due for item in found} == {date(2024, 5, 31)}
    assert {item.tombstone.clause for item in found} == {"retention.data_months"}


def test_what_is_deleted_leaves_a_tombstone_a_certificate_and_a_record(settings):
    path = settings.extracts_folder / ACUTE / "hospital_spells_2022-01.csv"
    digest = sha256(path)
    certificate, file = delete(due(settings, kept(data_months=28), {}), settings)
    assert not path.exists()
    assert (settings.extracts_folder / ACUTE / "hospital_spells_2024-05.csv").exists()
    stone = (
        settings.extracts_folder / ".deleted" / ACUTE / "hospital_spells_2022-01.csv.deleted.json"
    )
    assert json.loads(stone.read_text())["sha256"] == digest
    assert Certificate.model_validate_json(file.read_text()) == certificate
    assert digest in [stone.sha256 for stone in certificate.deleted]
    told = [r for r in audit_log(settings).records() if r.kind == "retention"]
    assert len(told) == 8
    assert all(certificate.id in record.detail for record in told)
    assert due(settings, kept(data_months=28), {}) == []
    problems = check_extracts(settings.extracts_folder).problems
    assert not any("deleted" in problem for problem in problems)


def test_rows_in_quarantine_go_with_the_file_that_they_came_from(settings):
    rows = [*SPELLS, {"spell_id": "S7", "sex": "?"}]
    deliver(settings.extracts_folder, ACUTE, "hospital_spells", rows)
    door(settings, "discharge_coordination").load("hospital_spells")
    quarantine = settings.quarantine_of_extracts / "hospital_spells.csv"
    assert "2022-01" in quarantine.read_text()
    delete(due(settings, kept(data_months=28), {}), settings)
    rows = pd.read_csv(quarantine)
    assert "hospital_spells_2022-01.csv" not in set(rows["file"])


def test_a_restricted_table_is_due_whole_months_after_it_was_written(settings):
    path = settings.outputs_folder / "patient_flow" / "run" / "restricted" / "1_link" / "t.parquet"
    door(settings, "linkage", "1_link").save(path, "t", pd.DataFrame({"days": [1]}))
    written = datetime(2023, 1, 10, tzinfo=UTC).timestamp()
    os.utime(path, (written, written))
    agreements = kept(results_months=12)
    found = due(settings, agreements, {"patient_flow": PILOT})
    assert paths(found) == ["outputs/patient_flow/run/restricted/1_link/t.parquet"]
    opened = door(settings, "linkage", "2_x")
    opened.agreement = agreements["patient_flow"]
    with pytest.raises(Denied, match="should be gone") as denial:
        opened.load_table(path, "patient_flow/1_link:t")
    assert denial.value.clause == "retention.results_months"
    delete(found, settings)
    assert [p.name for p in path.parent.iterdir()] == ["t.parquet.deleted.json"]


def test_a_table_that_later_runs_took_over_is_deleted_in_all_of_them(settings):
    runs = settings.outputs_folder / "patient_flow"
    first, linked, copied, other = (
        runs / run / "restricted" / "1_link" / "t.parquet" for run in ("a", "b", ".c.partial", "d")
    )
    for path, days in ((first, 1), (other, 2)):
        door(settings, "linkage", "1_link").save(path, "t", pd.DataFrame({"days": [days]}))
    written = datetime(2023, 1, 10, tzinfo=UTC).timestamp()
    os.utime(first, (written, written))
    for path in (linked, copied):
        path.parent.mkdir(parents=True)
    os.link(first, linked)
    shutil.copy(first, copied)  # whoever copied it did not keep its time
    found = due(settings, kept(results_months=12), {"patient_flow": PILOT})
    assert paths(found) == [
        f"outputs/patient_flow/{run}/restricted/1_link/t.parquet" for run in "ab"
    ]
    certificate, _ = delete(found[:1], settings)
    assert [path.is_file() for path in (first, linked, copied, other)] == [False] * 3 + [True]
    assert sorted(stone.path.split("/")[2] for stone in certificate.deleted) == [
        ".c.partial",
        "a",
        "b",
    ]
    for path in (first, linked, copied):
        assert [p.name for p in path.parent.iterdir()] == ["t.parquet.deleted.json"]


def test_a_table_of_a_sweeps_scenario_is_due_as_any_other_and_so_is_its_double(settings):
    home = settings.outputs_folder / "patient_flow"
    below = Path("restricted") / "1_link" / "t.parquet"
    path = home / "run" / below
    door(settings, "linkage", "1_link").save(path, "t", pd.DataFrame({"days": [1]}))
    written = datetime(2023, 1, 10, tzinfo=UTC).timestamp()
    os.utime(path, (written, written))
    taken_over = home / "sweeps" / "sweep" / "scenario" / below
    taken_over.parent.mkdir(parents=True)
    os.link(path, taken_over)
    found = due(settings, kept(results_months=12), {"patient_flow": PILOT})
    assert {item.path for item in found} == {path, taken_over}
    delete(found[:1], settings)
    assert not path.exists() and not taken_over.exists()


def test_the_key_of_an_agreement_that_ended_goes_last(settings):
    store = FolderStore(settings.keys_folder, passphrase="words")
    store.create("patient_flow", passphrase="words")
    ended = {"starts": date(2021, 4, 1), "review": date(2022, 1, 1), "ends": date(2022, 3, 31)}
    agreements = {
        "patient_flow": kept(data_months=200, results_months=12)["patient_flow"].model_copy(
            update=ended
        )
    }
    found = due(settings, agreements, {})
    assert [(item.tombstone.kind, item.tombstone.due) for item in found] == [
        ("key", date(2023, 3, 31))
    ]
    delete(found, settings)
    with pytest.raises(KeyStoreError, match="was destroyed on"):
        store.ring("patient_flow")
    assert [r.kind for r in audit_log(settings).records()] == ["key"]


def test_a_made_up_county_has_no_retention(settings):
    marker = '{"generator": "woda_lib.synthetic", "profile": "quick", "seed": 1, "truth": "t"}'
    (settings.extracts_folder / "SYNTHETIC.json").write_text(marker)
    assert due(settings, kept(data_months=1), {}) == []
