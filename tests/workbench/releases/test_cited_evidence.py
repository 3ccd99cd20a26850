"""From what a study cites, in each state that a pilot's releases can be in."""

from __future__ import annotations

import json

import pytest

from woda_lib.records import CitationError, Ground, StepMade, evidence_of, sha256
from woda_lib.workbench.releases import withdraw_release

LATER, LAST = "2030-01-01T06-00-00-ab12", "2031-01-01T06-00-00-ab12"


def withdraw(hub, version: str) -> None:
    withdraw_release("tiny", version, reason="A mistake.", settings=hub.settings)


def spoil(hub, version: str) -> None:
    hub.folder(version).sums.unlink()


@pytest.fixture
def hub(hub):
    """A hub whose run says on which extracts it was made."""
    hub.change_run(step=lambda record: {"extracts": "data/extracts/demo"})
    return hub


def cited(hub, version: str = "newest") -> tuple[str, str]:
    found = evidence_of("tiny", version, hub.settings)
    assert found.values["doubled"].value is not None
    return found.state, found.version


def test_where_nothing_is_released_the_last_run_is_cited(hub):
    assert cited(hub) == ("run", hub.run.path.name)
    run = hub.another_run(LATER, 7.0)
    assert cited(hub) == ("run", run.path.name)


def test_a_release_that_awaits_signatures_is_cited_before_a_run_and_a_signed_one_before_it(hub):
    hub.release()
    hub.another_run(LATER, 7.0)
    assert cited(hub) == ("awaiting", "1.0")
    hub.signed()
    assert cited(hub) == ("signed", "1.0")
    hub.release()
    assert cited(hub) == ("signed", "1.0")
    hub.signed("1.1")
    assert cited(hub) == ("signed", "1.1")
    assert cited(hub, "1.0") == ("signed", "1.0")
    found = evidence_of("tiny", "1.0", hub.settings)
    assert found.source("doubled") == "tiny@1.0/doubled"
    assert found.signers == ("Anna Price (Analytical lead)", "Ben Shah (Caldicott Guardian)")


def test_a_version_that_is_not_signed_or_not_there_is_not_cited_by_its_name(hub):
    hub.release()
    with pytest.raises(CitationError, match=r"tiny 1\.0 awaits signatures \(0 of 2 so far\)"):
        cited(hub, "1.0")
    with pytest.raises(CitationError, match=r"tiny has no release 1\.1"):
        cited(hub, "1.1")


def test_a_void_release_is_never_passed_over(hub):
    hub.release()
    hub.signed()
    hub.another_run(LATER, 7.0)
    hub.release()
    spoil(hub, "1.1")
    with pytest.raises(CitationError, match=r"tiny 1\.1 is void.*SHA256SUMS is missing"):
        cited(hub)
    # Nor when a third awaits signatures, though the first is still the newest that is signed.
    hub.another_run(LAST, 8.0)
    hub.release()
    with pytest.raises(CitationError, match=r"tiny 1\.1 is void"):
        cited(hub)
    assert cited(hub, "1.0") == ("signed", "1.0")
    hub.signed("1.2")
    assert cited(hub) == ("signed", "1.2")


def test_a_withdrawn_release_is_passed_over_and_that_is_said(hub):
    hub.release()
    hub.signed()
    hub.another_run(LATER, 7.0)
    hub.release()
    hub.signed("1.1")
    assert evidence_of("tiny", "newest", hub.settings).passed_over == ()
    withdraw(hub, "1.1")
    assert cited(hub) == ("signed", "1.0")
    said = evidence_of("tiny", "newest", hub.settings).passed_over
    assert said == ("tiny@1.1 was withdrawn: A mistake.",)
    with pytest.raises(CitationError, match=r"1\.1 was withdrawn and must not be cited: A mistake"):
        cited(hub, "1.1")


def test_an_older_release_that_was_withdrawn_is_nobodys_concern(hub):
    hub.release()
    withdraw(hub, "1.0")
    hub.another_run(LATER, 7.0)
    hub.release()
    hub.signed("1.1")
    assert evidence_of("tiny", "newest", hub.settings).passed_over == ()


def test_what_was_withdrawn_does_not_come_back_as_a_run(hub):
    hub.release()
    withdraw(hub, "1.0")
    with pytest.raises(CitationError, match=r"tiny@1\.0 was withdrawn: A mistake\. The last"):
        cited(hub)
    run = hub.another_run(LATER, 7.0)
    assert cited(hub) == ("run", run.path.name)
    assert evidence_of("tiny", "newest", hub.settings).passed_over != ()


def test_a_run_whose_manifest_was_changed_is_not_cited(hub):
    content = json.loads(hub.run.manifest.read_text())
    content["steps"][0]["values"][0]["value"] += 1
    hub.run.manifest.write_text(json.dumps(content))
    with pytest.raises(CitationError, match="was changed: its manifest and the record"):
        cited(hub)


def test_a_run_whose_manifest_and_record_were_both_changed_is_not_cited(hub):
    record = hub.run.record("2_double")
    files = {"steps/2_double.json": sha256(record)}
    run_id = hub.run.path.name
    hub.change_run(made={"2_double": StepMade(run_id=run_id, files=files)})
    assert cited(hub) == ("run", run_id)
    hub.change_run(
        step=lambda one: {"values": tuple(v.model_copy(update={"value": 7.0}) for v in one.values)}
    )
    with pytest.raises(CitationError, match="step 2_double is not the one that the step wrote"):
        cited(hub)


QUICK = "data/extracts/quick"


def another(hub, run_id: str, version: str, *, extracts=QUICK, synthetic: bool = True) -> None:
    """Let there be a signed release on other data."""
    run = hub.another_run(run_id, 7.0)
    data = {"extracts": extracts, "synthetic": synthetic}
    hub.change_run(run, lambda record: data, extracts=extracts)
    hub.release()
    hub.signed(version)


def of(hub, synthetic: bool, version: str = "newest") -> tuple[str, str]:
    ground = Ground("data/extracts/demo", synthetic)
    found = evidence_of("tiny", version, hub.settings, ground=ground)
    return found.state, found.version


def test_the_newest_release_of_the_same_kind_of_data_is_cited(hub):
    hub.release()
    hub.signed()
    another(hub, LATER, "1.1", extracts="data/extracts/demo", synthetic=False)
    another(hub, LAST, "1.2", extracts="data/extracts/demo")
    assert of(hub, synthetic=True) == ("signed", "1.2")
    assert of(hub, synthetic=False) == ("signed", "1.1")
    withdraw(hub, "1.2")
    assert (
        evidence_of(
            "tiny", "newest", hub.settings, ground=Ground("data/extracts/demo", False)
        ).passed_over
        == ()
    )


def test_a_release_on_partners_data_may_rest_on_an_older_delivery(hub):
    another(hub, LATER, "1.0", extracts="data/extracts/2025-02", synthetic=False)
    assert of(hub, synthetic=False) == ("signed", "1.0")


def test_a_release_of_another_made_up_county_is_never_cited(hub):
    hub.release()
    hub.signed()
    another(hub, LATER, "1.1")
    assert cited(hub) == ("signed", "1.0")
    with pytest.raises(CitationError, match=r"tiny 1\.1 rests on the made-up county .*quick, and"):
        cited(hub, "1.1")
    elsewhere = Ground("/elsewhere/extracts/quick", True)
    assert evidence_of("tiny", "newest", hub.settings, ground=elsewhere).version == "1.1"


def test_where_only_another_county_released_the_last_run_is_cited(hub):
    own = hub.run.path.name
    another(hub, LATER, "1.0")
    assert cited(hub) == ("run", own)
