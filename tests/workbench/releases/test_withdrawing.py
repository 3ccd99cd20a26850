"""A withdrawn release stays, marked with the reason; and the CHANGELOG of a pilot's releases."""

from __future__ import annotations

import re

import pytest

from woda_lib.records import Withdrawal
from woda_lib.workbench.releases import ReleaseError, withdraw_release

REASON = "Ward 3 was counted twice."


def withdraw(hub, version="1.0", reason=REASON):
    return withdraw_release("tiny", version, reason=reason, settings=hub.settings)


def changelog(hub):
    return (hub.releases / "CHANGELOG.md").read_text()


def test_a_withdrawn_release_is_kept_with_the_reason_who_and_when(hub):
    hub.release()
    hub.signed()
    standing = withdraw(hub)
    assert (standing.state, standing.why) == ("withdrawn", REASON)
    assert [signer.name for signer in standing.signers] == ["Anna Price", "Ben Shah"]
    withdrawal = Withdrawal.model_validate_json(hub.folder().withdrawal.read_bytes())
    (event,) = hub.log("withdraw")
    assert (withdrawal.reason, withdrawal.by) == (REASON, event["who"])
    assert event["detail"] == REASON
    assert (hub.folder().files / "2_double.html").is_file()


def test_it_cannot_be_signed_any_more(hub):
    hub.release()
    withdraw(hub)
    with pytest.raises(ReleaseError, match=r"was withdrawn and cannot be signed\. Ward 3"):
        hub.sign("anna_price")


def test_it_cannot_be_withdrawn_twice(hub):
    hub.release()
    withdraw(hub)
    with pytest.raises(ReleaseError, match="is withdrawn already: Ward 3"):
        withdraw(hub)


@pytest.mark.parametrize(
    ("reason", "words"),
    [("  ", "Say with --reason why"), ("Mail jo@x.example.org", "holds an e-mail address")],
)
def test_a_reason_is_given_and_holds_nothing_personal(hub, reason, words):
    hub.release()
    with pytest.raises(ReleaseError, match=words):
        withdraw(hub, reason=reason)
    assert hub.standing().state == "awaiting"


def test_a_void_release_can_be_withdrawn_and_stays_void(hub):
    hub.release()
    hub.folder().sums.unlink()
    standing = withdraw(hub)
    assert (standing.state, standing.why) == ("void", "SHA256SUMS is missing.")
    assert hub.folder().withdrawal.is_file()


def test_a_withdrawal_that_a_stopped_machine_lost_is_made_again(hub):
    hub.release()
    withdraw(hub)
    hub.folder().withdrawal.unlink()
    assert hub.standing().state == "void"
    assert withdraw(hub, reason="Again.").state == "withdrawn"


def test_the_run_of_a_withdrawn_release_can_be_released_again(hub):
    hub.release()
    withdraw(hub)
    again = hub.release().release
    assert (again.version, again.previous, again.changes) == ("1.1", None, ("The first release.",))


def test_the_changelog_says_what_changed_from_release_to_release(hub):
    hub.release()
    hub.signed()
    hub.another_run(
        "2030-01-01T06-00-00-ab12",
        7.04,
        parameters={"start": 3, "factor": 2.35, "since": "2023-10-01"},
        commit="beef" * 10,
    )
    release = hub.release().release
    assert release.previous == "1.0"
    assert release.changes == (
        "Doubled: 6.0 days (5.0 to 7.0) → 7.0 days (6.0 to 8.0).",
        "Parameter factor: 2.0 → 2.35.",
        "Code: c0ffeec0 → beefbeef.",
    )
    withdraw(hub, "1.1")
    text = changelog(hub)
    assert text.index("## 1.1") < text.index("## 1.0")
    assert re.search(rf": \*\*withdrawn\*\* on .* by .*\. {REASON}\n", text)
    assert "signed by Anna Price (Analytical lead) and Ben Shah (Caldicott Guardian)" in text
    assert "| value | 1.0 | 1.1 |" in text
    assert "| `doubled` | 6.0 days (5.0 to 7.0) | 7.0 days (6.0 to 8.0) |" in text
    assert "- Parameter factor: 2.0 → 2.35.\n" in text


def test_a_release_is_compared_with_the_last_one_that_stands(hub):
    hub.release()
    hub.another_run("2030-01-01T06-00-00-ab12", 7.0)
    hub.release()
    withdraw(hub, "1.1")
    hub.another_run("2031-01-01T06-00-00-ab12", 8.0)
    release = hub.release().release
    assert (release.version, release.previous) == ("1.2", "1.0")
    assert release.changes[0] == "Doubled: 6.0 days (5.0 to 7.0) → 8.0 days (7.0 to 9.0)."


def test_values_that_came_and_went_and_new_data_are_said(hub):
    hub.release()
    run = hub.another_run("2030-01-01T06-00-00-ab12", extracts="data/extracts/june")

    def renamed(record):
        values = (v.model_copy(update={"name": f"new_{v.name}"}) for v in record.values)
        return {"values": tuple(values), "as_of": record.as_of.replace(month=6, day=30)}

    hub.change_run(run, renamed)
    assert hub.release().release.changes == (
        "New: New count, 3.0 days (2.0 to 4.0).",
        "New: New doubled, 6.0 days (5.0 to 7.0).",
        "No longer given: Count.",
        "No longer given: Doubled.",
        "Data: data/extracts/demo (made up) → data/extracts/june (made up).",
        "Data up to: 31 March 2025 → 30 June 2025.",
    )


def test_where_no_value_changed_that_is_said(hub):
    hub.release()
    hub.another_run("2030-01-01T06-00-00-ab12", 6.04)
    assert hub.release().release.changes == ("No headline value changed.",)
