"""Models at rest: noise without the key, handed to whoever may see what they know, gone in time."""

import zipfile
from datetime import UTC, datetime
from os import utime
from pathlib import Path
from shutil import copytree

import pytest

from tests.partners.small_county import AGREEMENTS, ROOT, door, settings_for, small_county
from tests.partners.test_restricted import key
from woda_lib.partners import AgreementError, RestrictedTableError, audit_log, load_agreements
from woda_lib.partners.opening import clear_expired, open_restricted
from woda_lib.partners.packages import read_package, write_package, zipped
from woda_lib.partners.retention import delete, due
from woda_lib.records import RunFolder, TableNotFound, read_pilot
from woda_lib.workbench.planning.soundness import step_files

FILES = {"model.txt": b"Unmistakable trees\n" * 50, "bundle.json": bytes(range(256))}
PILOT = read_pilot(ROOT / "parameters" / "patient_flow.yaml")
RUN = "2026-11-25T06-00-00-ab12"
STEP, REFERENCE = "2_evaluate", "patient_flow/2_evaluate:model"


class TestThePackageOnDisk:
    @pytest.fixture
    def path(self, tmp_path):
        path = tmp_path / "restricted" / "model.model.enc"
        write_package(path, FILES, key(), {"lineage": "{}"})
        return path

    def test_it_comes_back_byte_for_byte(self, path):
        assert read_package(path, "x", key()) == (FILES, {"lineage": "{}"})
        assert [p.name for p in path.parent.iterdir()] == ["model.model.enc"]

    def test_stolen_it_reads_as_noise_and_no_two_are_alike(self, path):
        before = path.read_bytes()
        assert not any(word in before for word in (b"Unmistakable", b"model.txt", b"lineage"))
        write_package(path, FILES, key(), {})
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
            read_package(path, REFERENCE, other)

    def test_a_bit_that_is_changed_anywhere_is_noticed(self, path):
        content = path.read_bytes()
        for place in range(0, len(content), 11):
            changed = bytearray(content)
            changed[place] ^= 1
            path.write_bytes(changed)
            with pytest.raises(RestrictedTableError):
                read_package(path, "x", key())

    def test_an_older_version_of_the_key_still_opens_it(self, path):
        assert read_package(path, "x", key(v1=b"1" * 32, v2=b"2" * 32))[0] == FILES

    def test_what_is_not_there_says_what_to_run(self, tmp_path):
        with pytest.raises(TableNotFound, match="`woda run patient_flow`"):
            read_package(tmp_path / "model.model.enc", REFERENCE, key())

    def test_the_same_files_make_the_same_archive(self):
        assert zipped(FILES) == zipped(dict(reversed(FILES.items())))


@pytest.fixture
def settings(tmp_path):
    copytree(AGREEMENTS, tmp_path / "parameters" / "agreements")
    return settings_for(tmp_path, small_county(tmp_path / "extracts", opt_outs=[]))


@pytest.fixture
def run(settings):
    """A run that trained on what the purpose of linkage is shown."""
    run = RunFolder(settings.outputs_folder / "patient_flow" / RUN)
    saving = door(settings, "linkage", STEP)
    saving.load("hospital_spells", ["age_band", "sex", "ward"])
    saving.save_package(run.model(STEP, "model"), REFERENCE, FILES, features=["age_band", "ward"])
    saving.save_package(
        run.model(STEP, "telling"), f"{REFERENCE[:-5]}telling", FILES, features=["age_band", "sex"]
    )
    run.manifest.write_text("{}")
    return run


def opened(settings, name=f"{STEP}:model", purpose="service_evaluation"):
    return open_restricted(
        PILOT, None, name, purpose=purpose, reason="To look into the trees.", settings=settings
    )


class TestTheDoor:
    def test_it_is_loaded_on_the_record(self, settings, run):
        loading = door(settings, "service_evaluation", "3_more")
        assert loading.load_package(run.model(STEP, "model"), REFERENCE) == FILES
        record = list(audit_log(settings).records())[-1]
        assert (record.kind, record.dataset, record.detail) == ("load", REFERENCE, "A model.")
        assert record.fields == ("age_band", "ward")

    def test_what_knows_a_field_that_the_purpose_is_not_shown_is_not_handed_over(
        self, settings, run
    ):
        loading = door(settings, "service_evaluation", "3_more")
        with pytest.raises(AgreementError, match=r"does not show hospital_spells\.sex") as denied:
            loading.load_package(run.model(STEP, "telling"), REFERENCE)
        assert "datasets.hospital_spells.sex" in str(denied.value)
        assert list(audit_log(settings).records())[-1].kind == "denial"
        assert door(settings, "linkage", "3").load_package(run.model(STEP, "telling"), "x") == FILES

    def test_a_purpose_that_is_not_agreed_is_handed_nothing(self, settings, run):
        for asked in ("save", "load"):
            one = door(settings, "curiosity", "3_more")
            with pytest.raises(AgreementError, match="has no purpose 'curiosity'"):
                if asked == "load":
                    one.load_package(run.model(STEP, "model"), REFERENCE)
                else:
                    one.save_package(run.model(STEP, "x"), "x", FILES, features=[])
            assert list(audit_log(settings).records())[-1].kind == "denial"
        assert not run.model(STEP, "x").exists()

    def test_past_its_retention_it_is_refused(self, settings, run):
        old = datetime(2020, 1, 1, tzinfo=UTC).timestamp()
        utime(run.model(STEP, "model"), (old, old))
        with pytest.raises(AgreementError, match="retention"):
            door(settings, "linkage", "3").load_package(run.model(STEP, "model"), REFERENCE)

    def test_models_and_tables_of_one_execution_share_a_mark(self, settings, run):
        loading = door(settings, "linkage", "3_more")
        loading.load_package(run.model(STEP, "model"), "a")
        loading.load_package(run.model(STEP, "telling"), "b")
        assert loading.made["a"] == loading.made["b"] != ""


class TestOpening:
    def test_a_copy_is_an_archive_that_expires(self, settings, run):
        copy = opened(settings)
        with zipfile.ZipFile(copy.path) as archive:
            assert {name: archive.read(name) for name in archive.namelist()} == FILES
        assert copy.path.stat().st_mode & 0o777 == 0o600
        assert copy.rows is None
        record = list(audit_log(settings).records())[-1]
        assert (record.kind, record.dataset) == ("break_glass", REFERENCE)
        past = copy.path.with_name(f"patient_flow.{STEP}.model.2020-01-01T00-00-00Z.zip")
        copy.path.rename(past)
        assert clear_expired(settings) == [past]

    def test_it_is_listed_among_what_is_there(self, settings, run):
        with pytest.raises(TableNotFound, match=f"There are: {STEP}:model, {STEP}:telling"):
            opened(settings, name=f"{STEP}:none")


def test_a_run_knows_models_among_what_it_keeps(run):
    """Retention, taking over and the listing of what is there all go by this."""
    model, telling = run.model(STEP, "model"), run.model(STEP, "telling")
    assert run.kept(STEP) == [model, telling]
    assert run.kept(STEP, "model") == [model]
    assert model.relative_to(run.path) in step_files(run, STEP)


def test_retention_erases_models_wherever_runs_took_them_over(settings, run):
    later = RunFolder(run.path.with_name("2026-11-26T06-00-00-cd34"))
    path = run.model(STEP, "model")
    copytree(run.restricted(STEP), later.restricted(STEP))
    old = datetime(2022, 1, 1, tzinfo=UTC).timestamp()
    utime(path, (old, old))
    found = due(settings, load_agreements(Path(AGREEMENTS)), {"patient_flow": PILOT})
    assert [item.path for item in found if item.tombstone.kind == "table"] == [path]
    delete([item for item in found if item.path == path], settings)
    assert [kept.name for kept in run.kept()] == ["telling.model.enc"]
    assert [kept.name for kept in later.kept()] == ["telling.model.enc"]
    assert (path.parent / "model.model.enc.deleted.json").is_file()
