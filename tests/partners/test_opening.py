"""A restricted table is opened for a stated purpose, on the record, as a copy that expires."""

from datetime import UTC, datetime, timedelta
from shutil import copytree

import pandas as pd
import pytest

from tests.partners.small_county import AGREEMENTS, ROOT, door, settings_for, small_county
from woda_lib.partners import AgreementError, audit_log
from woda_lib.partners.opening import clear_expired, open_restricted
from woda_lib.records import ManifestError, RunFolder, TableNotFound, read_pilot

PILOT = read_pilot(ROOT / "parameters" / "patient_flow.yaml")
RUN = "2026-11-25T06-00-00-ab12"


@pytest.fixture
def settings(tmp_path):
    copytree(AGREEMENTS, tmp_path / "parameters" / "agreements")
    settings = settings_for(tmp_path, small_county(tmp_path / "extracts", opt_outs=[]))
    run = RunFolder(settings.outputs_folder / "patient_flow" / RUN)
    saving = door(settings, "linkage", "1_link")
    table = pd.DataFrame({"days": [3, 4], "note": ["=HYPERLINK(1)", None]})
    saving.save(run.table("1_link", "spells"), "x", table)
    run.manifest.write_text("{}")
    return settings


def opened(settings, run=None, name="1_link:spells", purpose="service_evaluation"):
    return open_restricted(
        PILOT, run, name, purpose=purpose, reason="A complaint, reference 17.", settings=settings
    )


def test_a_copy_that_only_its_owner_can_read_and_that_says_when_it_expires(settings):
    before = datetime.now(UTC)
    copy = opened(settings)
    assert copy.path.read_text() == "days,note\n3,'=HYPERLINK(1)\n4,\n"
    assert copy.path.stat().st_mode & 0o777 == 0o600
    assert copy.path.parent.stat().st_mode & 0o777 == 0o700
    assert abs(copy.expires - before - timedelta(hours=8)) < timedelta(minutes=1)


def test_it_is_on_the_record_with_purpose_and_reason(settings):
    opened(settings)
    record = list(audit_log(settings).records())[-1]
    assert record.kind == "break_glass"
    assert record.dataset == "patient_flow/1_link:spells"
    assert (record.purpose, record.rows) == ("service_evaluation", 2)
    assert record.fields == ("days", "note")
    assert record.run == f"patient_flow/{RUN}/1_link"
    assert record.detail.endswith(": A complaint, reference 17.")


def test_a_purpose_that_is_not_agreed_opens_nothing_and_is_recorded(settings):
    with pytest.raises(AgreementError, match="has no purpose 'curiosity'"):
        opened(settings, purpose="curiosity")
    assert list(audit_log(settings).records())[-1].kind == "denial"
    assert not list(settings.opened_folder.glob("*"))


def test_an_expired_copy_is_gone_with_the_next_command(settings):
    copy = opened(settings).path
    assert clear_expired(settings) == []
    past = copy.with_name("patient_flow.1_link.spells.2020-01-01T00-00-00Z.csv")
    copy.rename(past)
    assert clear_expired(settings) == [past]
    assert not past.exists()


@pytest.mark.parametrize(
    ("asked", "error", "says"),
    [
        ({"run": "2026-11-25T06-00-00-ab1"}, ManifestError, f"Did you mean '{RUN}'"),
        ({"run": "draft"}, ManifestError, "has no run 'draft'"),
        ({"name": "spells"}, TableNotFound, "must read <step>:<table>. There are: 1_link:spells"),
        ({"name": "1_link:spell"}, TableNotFound, "There are: 1_link:spells"),
    ],
)
def test_what_is_not_there_is_named_with_what_is(settings, asked, error, says):
    with pytest.raises(error, match=says):
        opened(settings, **asked)
