"""What became of rows is not worked out again, and a load hands out what it would have anyway."""

import base64
import json
import os
import signal
from datetime import date

import pytest
from pandas.testing import assert_frame_equal
from pydantic import SecretStr

from tests.partners.small_county import (
    ACUTE,
    ANN,
    BEN,
    COUNCIL,
    SPELLS,
    choice,
    deliver,
    door,
    settings_for,
    small_county,
)
from tests.partners.test_retention import kept as terms
from woda_lib.beside import can_fork
from woda_lib.partners import settled as settled_rows
from woda_lib.partners import settling
from woda_lib.partners.audit import audit_log
from woda_lib.partners.retention import delete
from woda_lib.partners.retention import due as what_is_due
from woda_lib.records import quality_file

DATASET = "hospital_spells"
FIELDS = ["spell_id", "patient_id", "ward"]


@pytest.fixture
def county(tmp_path):
    return small_county(tmp_path / "extracts", opt_outs=[])


@pytest.fixture
def settings(tmp_path, county):
    return settings_for(tmp_path, county, as_of_reason="A test.")


@pytest.fixture
def judged(monkeypatch):
    """The datasets whose files were held to their contract, or whose judgement was read."""
    names = []
    accepted = settling.held

    def noted(files, contract, **more):
        names.append(contract.dataset)
        return accepted(files, contract, **more)

    monkeypatch.setattr(settling, "held", noted)
    return names


def kept(settings, dataset=DATASET):
    return settings.accepted_of_extracts / "patient_flow" / f"{dataset}.rows.parquet"


def same(one, other):
    for name in ("frame", "quarantine", "by_file"):
        assert_frame_equal(getattr(one, name), getattr(other, name))
    assert (one.counts, one.files) == (other.counts, other.files)


def test_rows_are_kept_from_the_second_load_on_and_then_nothing_is_judged(settings, judged):
    first = door(settings).load(DATASET)
    assert not kept(settings).exists()  # what is loaded once need not be kept
    second = door(settings).load(DATASET)
    assert kept(settings).is_file()
    judged.clear()
    third = door(settings).load(DATASET)
    assert DATASET not in judged
    for again in (second, third):
        same(again, first)


def test_other_fields_and_another_purpose_take_over_the_same_rows(settings, judged):
    expected = {
        purpose: door(settings, purpose).load(DATASET, FIELDS).frame
        for purpose in ("service_evaluation", "linkage")
    }
    door(settings).load(DATASET)
    judged.clear()
    for purpose, frame in expected.items():
        assert_frame_equal(door(settings, purpose).load(DATASET, FIELDS).frame, frame)
    assert DATASET not in judged


def test_choices_are_honoured_in_rows_that_were_kept_before_anybody_chose(settings, county):
    for _ in range(2):
        assert len(door(settings).load(DATASET).frame) == len(SPELLS)
    assert kept(settings).is_file()
    deliver(county, ACUTE, "opt_outs", [choice(nhs_number=ANN)])
    found = door(settings).load(DATASET)
    assert len(found.frame) == 2 and found.counts.opted_out == 2
    assert found.counts.kept == 2


def deliver_another_month(county):
    """Deliver one more stay, and of everything else a month without rows."""
    for path in sorted(county.glob("*/*_2022-01.csv")):
        deliver(county, path.parent.name, path.name.removesuffix("_2022-01.csv"), [], "2022-02")
    deliver(county, ACUTE, DATASET, [{"spell_id": "S9", "patient_id": "P9"}], "2022-02")


def test_a_new_file_is_taken_in_and_yesterday_is_what_was_kept_then(settings, county, judged):
    for _ in range(2):
        before = door(settings).load(DATASET)
    deliver_another_month(county)
    after = door(settings).load(DATASET)
    assert len(after.frame) == len(before.frame) + 1
    same(door(settings).load(DATASET), after)
    judged.clear()
    earlier = door(settings).load(DATASET, delivered_by=date(2022, 1, 31))
    assert DATASET not in judged
    same(earlier, before)


@pytest.mark.parametrize("what", ["file", "code", "bit", "key"])
def test_what_does_not_fit_is_made_again(what, settings, county, judged, monkeypatch, tmp_path):
    for _ in range(2):
        first = door(settings).load(DATASET)
    if what == "file":
        changed = [{**SPELLS[0], "patient_id": "P7"}, *SPELLS[1:]]
        deliver(county, ACUTE, DATASET, changed)
    elif what == "code":
        monkeypatch.setattr(settled_rows, "_rules", lambda: "others")
    elif what == "bit":
        content = bytearray(kept(settings).read_bytes())
        content[len(content) // 2] ^= 1
        kept(settings).write_bytes(content)
    else:
        settings = settings_for(tmp_path, county, key_ring=other_key())
    judged.clear()
    again = door(settings).load(DATASET)
    assert DATASET in judged
    if what in ("code", "bit"):
        same(again, first)
    else:
        assert set(again.frame["patient_id"]) != set(first.frame["patient_id"])


def other_key():
    return SecretStr(json.dumps({"patient_flow": base64.b64encode(b"j" * 32).decode()}))


def test_what_is_kept_is_noise_without_the_key(settings):
    for _ in range(2):
        door(settings).load(DATASET)
    content = kept(settings).read_bytes()
    assert not any(word in content for word in (ANN.encode(), BEN.encode(), DATASET.encode()))


def test_what_was_measured_is_written_again_from_what_is_kept(settings):
    door(settings).load(DATASET)
    path = quality_file(settings.accepted_of_extracts / "patient_flow", DATASET)
    text = path.read_text(encoding="utf-8")
    door(settings).load(DATASET)
    path.unlink()
    door(settings).load(DATASET)
    assert path.read_text(encoding="utf-8") == text


def test_registers_are_kept_with_whom_they_are_of_and_read_when_nobody_loads_them(
    settings, county, judged
):
    for _ in range(2):
        door(settings).load("social_care_clients")
    deliver(county, COUNCIL, "opt_outs", [choice(person_number="C2")])
    judged.clear()
    found = door(settings).load("social_care_referrals")
    assert "social_care_clients" not in judged
    assert found.counts.opted_out == 1
    assert len(found.frame) == 2


def test_a_load_is_recorded_alike_whether_or_not_its_rows_were_kept(settings):
    for _ in range(3):
        door(settings).load(DATASET, FIELDS)
    loads = [record for record in audit_log(settings).records() if record.kind == "load"]
    said = {(r.dataset, r.fields, r.rows, r.people, r.agreement_sha256) for r in loads}
    assert len(loads) == 3 and len(said) == 1


def test_retention_deletes_both_states_with_the_extract(settings, county, tmp_path):
    for ward in ("North", "South", "East"):
        deliver(county, ACUTE, DATASET, [{**each, "ward": ward} for each in SPELLS])
        door(settings).load(DATASET)
    states = [kept(settings), kept(settings).with_name(f"{DATASET}.before.parquet")]
    assert all(path.is_file() for path in states)
    later = settings_for(tmp_path, county, today=date(2060, 1, 1), as_of_reason="A test.")
    due = what_is_due(later, terms(data_months=24), {})
    delete([each for each in due if each.path.name.startswith(DATASET)], later)
    assert not any(path.exists() for path in states)


OTHERS = (DATASET, "discharge_events", "social_care_clients")
two_processes = pytest.mark.skipif(not can_fork(), reason="needs Linux and two processors")


def load_ahead(settings):
    own = door(settings, purpose="linkage")
    asked = dict.fromkeys(OTHERS)
    with own.judging_ahead(asked), own.settling_ahead(asked) as later:  # as several are loaded
        return later, {name: own.load(name) for name in OTHERS}


def grown(settings, county):
    """Keep everything, and then let a file come to each dataset."""
    for _ in range(2):
        for name in OTHERS:
            door(settings, purpose="linkage").load(name)
    deliver_another_month(county)


@two_processes
def test_another_process_settles_that_to_which_something_came(
    settings, county, tmp_path, judged, monkeypatch
):
    monkeypatch.setattr(settling, "WORTH_IT", 0)
    grown(settings, county)
    judged.clear()
    later, found = load_ahead(settings)
    assert later == set(OTHERS)
    assert not judged  # here
    alone = door(settings_for(tmp_path / "other", county, as_of_reason="A test."), "linkage")
    for name, loaded in found.items():
        same(loaded, alone.load(name))
    assert load_ahead(settings)[0] == frozenset()  # nothing came since


@two_processes
def test_what_another_process_cannot_settle_is_settled_here(
    settings, county, tmp_path, judged, monkeypatch
):
    monkeypatch.setattr(settling, "WORTH_IT", 0)
    grown(settings, county)
    here, accepted = os.getpid(), settling.held

    def ended(*given, **more):
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return accepted(*given, **more)

    monkeypatch.setattr(settling, "held", ended)
    found = load_ahead(settings)[1][DATASET]
    alone = door(settings_for(tmp_path / "other", county, as_of_reason="A test."), "linkage")
    same(found, alone.load(DATASET))


def test_little_is_settled_here(settings, county):
    grown(settings, county)
    assert load_ahead(settings)[0] == frozenset()
