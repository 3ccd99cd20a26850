"""Pages that name people: noise without the key, opened on the record, and gone in time."""

from datetime import UTC, date, datetime, timedelta
from os import utime
from pathlib import Path
from shutil import copytree

import pandas as pd
import pytest

from tests.partners.small_county import AGREEMENTS, ROOT, door, settings_for, small_county
from tests.partners.test_restricted import key
from woda_lib.partners import (
    AgreementError,
    Door,
    RestrictedTableError,
    audit_log,
    load_agreements,
)
from woda_lib.partners.documents import OPENED, DocumentError, read_document, write_document
from woda_lib.partners.opening import clear_expired, open_restricted
from woda_lib.partners.retention import delete, due
from woda_lib.partners.who_saw import who_saw
from woda_lib.records import RunFolder, TableNotFound, read_pilot

PAGE = f"<html><body>{OPENED}<p>Unmistakable Bredon</p></body></html>"
PILOT = read_pilot(ROOT / "parameters" / "patient_flow.yaml")
RUN = "2026-11-25T06-00-00-ab12"
STEP, MAY = "3_flow_board", "discharge_coordination"


class TestThePageOnDisk:
    @pytest.fixture
    def path(self, tmp_path):
        path = tmp_path / "restricted" / "pack.html.enc"
        write_document(path, PAGE, key(), {"purpose": "triage"})
        return path

    def test_it_comes_back_under_its_key_with_its_notes(self, path):
        assert read_document(path, "x", key()) == (PAGE, {"purpose": "triage"})
        assert [p.name for p in path.parent.iterdir()] == ["pack.html.enc"]

    def test_stolen_it_reads_as_noise_and_no_two_are_alike(self, path):
        before = path.read_bytes()
        assert not any(word in before for word in (b"Unmistakable", b"html", b"triage"))
        write_document(path, PAGE, key(), {"purpose": "triage"})
        assert path.read_bytes() != before

    @pytest.mark.parametrize(
        ("other", "says"),
        [
            (key("other"), "saved under the agreement flow, and other is at hand"),
            (key(v2=b"2" * 32), "has no version v1"),
            (key(v1=b"2" * 32), "has been changed since it was saved"),
        ],
    )
    def test_another_key_opens_nothing(self, path, other, says):
        with pytest.raises(RestrictedTableError, match=says):
            read_document(path, "flow/2_pack:pack", other)

    def test_a_bit_that_is_changed_anywhere_is_noticed(self, path):
        content = path.read_bytes()
        for place in range(0, len(content), 7):
            changed = bytearray(content)
            changed[place] ^= 1
            path.write_bytes(changed)
            with pytest.raises(RestrictedTableError):
                read_document(path, "x", key())

    def test_an_older_version_of_the_key_still_opens_it(self, path):
        rotated = key(v1=b"1" * 32, v2=b"2" * 32)
        assert read_document(path, "x", rotated)[0] == PAGE

    def test_what_is_not_there_is_said(self, tmp_path):
        with pytest.raises(TableNotFound, match="flow/2_pack:pack is not there"):
            read_document(tmp_path / "pack.html.enc", "flow/2_pack:pack", key())


@pytest.fixture
def settings(tmp_path):
    copytree(AGREEMENTS, tmp_path / "parameters" / "agreements")
    return settings_for(tmp_path, small_county(tmp_path / "extracts", opt_outs=[]))


@pytest.fixture
def run(settings):
    run = RunFolder(settings.outputs_folder / "patient_flow" / RUN)
    saving = door(settings, MAY, STEP)
    stays = saving.load("hospital_spells", ["spell_id", "patient_id"]).frame
    saving.reidentify(stays[:1], "patient_flow/3_flow_board:reidentified")
    saving.save_document(run.document(STEP, "pack"), f"patient_flow/{STEP}:pack", PAGE)
    run.manifest.write_text("{}")
    return run


def opened(settings, name=f"{STEP}:pack", purpose=MAY, reason="The morning's meeting."):
    return open_restricted(PILOT, None, name, purpose=purpose, reason=reason, settings=settings)


class TestTurningBack:
    def test_numbers_are_known_wherever_their_pseudonyms_stand(self, settings):
        one = door(settings, MAY, STEP)
        stays = one.load("hospital_spells", ["spell_id", "patient_id"]).frame
        people = pd.DataFrame(
            {
                "local_id": [stays["patient_id"][0], f"{stays['spell_id'][2]}/victim", "x", None],
                "people": [1, 2, 3, 4],
            }
        )
        turned = one.reidentify(people, "people")
        assert turned["local_id"].tolist()[:3] == ["P1", "S3/victim", "x"]
        assert turned["local_id"].isna().tolist() == [False, False, False, True]
        record = list(audit_log(settings).records())[-1]
        assert (record.kind, record.fields, record.rows) == ("break_glass", ("local_id",), 4)
        assert record.detail.startswith("Pseudonyms turned back: ")

    def test_what_another_step_loaded_is_not_known(self, settings):
        stays = door(settings, MAY).load("hospital_spells", ["patient_id"]).frame
        turned = door(settings, MAY, STEP).reidentify(stays, "stays")
        pd.testing.assert_frame_equal(turned, stays)

    @pytest.mark.parametrize("asked", ["reidentify", "save_document"])
    def test_a_purpose_that_may_not_is_denied_and_recorded(self, settings, tmp_path, asked):
        one = door(settings, "linkage", "1_link")
        with pytest.raises(AgreementError, match="does not let the purpose linkage turn"):
            if asked == "reidentify":
                one.reidentify(pd.DataFrame({"a": ["x"]}), "a")
            else:
                one.save_document(tmp_path / "x.html.enc", "a", PAGE)
        assert list(audit_log(settings).records())[-1].kind == "denial"
        assert not list(tmp_path.glob("*.enc"))

    @pytest.mark.parametrize("name", ["single_view", "business_register"])
    def test_a_purpose_that_keeps_names_in_tables_keeps_no_page_by_that(self, settings, name):
        agreement = load_agreements(Path(AGREEMENTS))[name]
        assert agreement.purposes["linkage"].keeps_identifiers
        one = Door(agreement, "linkage", settings, run=f"{name}/draft/1_link")
        with pytest.raises(AgreementError, match="does not let the purpose linkage turn"):
            one.save_document(settings.outputs_folder / "x.html.enc", "x", PAGE)
        with pytest.raises(AgreementError, match="does not let the purpose linkage turn"):
            one.open_document(settings.outputs_folder / "x.html.enc", "x")
        assert not list(settings.outputs_folder.rglob("*.enc"))

    def test_one_purpose_of_all_keeps_pages_without_turning_anybody_back(self):
        assert {
            (name, called)
            for name, agreement in load_agreements(Path(AGREEMENTS)).items()
            for called, purpose in agreement.purposes.items()
            if purpose.keeps_pages
        } == {("business_register", "resilience")}


class TestOpening:
    def test_a_copy_says_at_its_head_who_opened_it_and_until_when(self, settings, run):
        before = datetime.now(UTC)
        copy = opened(settings)
        text = copy.path.read_text()
        record = list(audit_log(settings).records())[-1]
        assert OPENED not in text
        for says in (
            "Unmistakable Bredon",
            f"Opened by {record.who} on ",
            "for discharge coordination",
            f"record {record.number} of the audit log",
            "Agreement patient_flow",
            f"{copy.expires.astimezone():%-d %B %Y at %H:%M}",
        ):
            assert says in text
        assert copy.rows is None
        assert copy.path.suffix == ".html"
        assert copy.path.stat().st_mode & 0o777 == 0o600
        assert abs(copy.expires - before - timedelta(hours=8)) < timedelta(minutes=1)

    def test_it_is_on_the_record_with_the_people_on_it(self, settings, run):
        opened(settings)
        record = list(audit_log(settings).records())[-1]
        assert (record.kind, record.dataset) == ("break_glass", f"patient_flow/{STEP}:pack")
        assert (record.purpose, record.run) == (MAY, f"patient_flow/{RUN}/{STEP}")
        assert record.detail.endswith(": The morning's meeting.")
        seen = who_saw("worcestershire_acute/P1", settings).records
        assert [r.kind for r in seen if r.dataset == f"patient_flow/{STEP}:pack"] == [
            "save",
            "break_glass",
        ]
        others = who_saw("worcestershire_acute/P3", settings).records
        assert not [r for r in others if r.dataset == f"patient_flow/{STEP}:pack"]

    def test_it_is_opened_for_the_purpose_that_it_was_made_for_alone(self, settings, run):
        with pytest.raises(AgreementError, match="does not let the purpose service_evaluation"):
            opened(settings, purpose="service_evaluation")
        assert not list(settings.opened_folder.glob("*"))

    def test_an_expired_copy_is_gone_with_the_next_command(self, settings, run):
        copy = opened(settings).path
        past = copy.with_name(f"patient_flow.{STEP}.pack.2020-01-01T00-00-00Z.html")
        copy.rename(past)
        assert clear_expired(settings) == [past]

    @pytest.mark.parametrize("name", [f"{STEP}:pac", f"{STEP}:*", f"{STEP}:../pack"])
    def test_what_is_not_there_is_named_with_what_is(self, settings, run, name):
        with pytest.raises(TableNotFound, match=f"There are: {STEP}:pack"):
            opened(settings, name=name)


def test_a_page_without_a_place_for_the_banner_is_refused(settings, tmp_path):
    for page in (PAGE.replace(OPENED, ""), PAGE + OPENED):
        with pytest.raises(DocumentError, match="It must stand in its body once"):
            door(settings, MAY, STEP).save_document(tmp_path / "x.html.enc", "pack", page)
    assert not list(tmp_path.glob("*.enc"))


def test_retention_erases_pages_wherever_runs_took_them_over(settings, run):
    later = RunFolder(run.path.with_name("2026-11-26T06-00-00-cd34"))
    path = run.document(STEP, "pack")
    copytree(run.restricted(STEP), later.restricted(STEP))
    old = datetime(2022, 1, 1, tzinfo=UTC).timestamp()
    utime(path, (old, old))
    agreements = load_agreements(Path(AGREEMENTS))
    found = due(settings, agreements, {"patient_flow": PILOT})
    assert [item.path for item in found if item.tombstone.kind == "table"] == [path]
    certificate, _ = delete([item for item in found if item.path == path], settings)
    assert len(certificate.deleted) == 2
    assert not run.kept()
    assert not later.kept()
    assert date.today() > certificate.deleted[0].due
