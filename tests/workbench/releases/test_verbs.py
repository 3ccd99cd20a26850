"""The verbs as people type them, and the exit codes that a schedule goes by."""

from __future__ import annotations

import json


def sign(woda, hub, who, version="1.0"):
    return woda("sign", "tiny", version, "--key", str(hub.keys / who))


def test_from_a_run_to_a_number_that_can_be_cited(hub, woda):
    released = woda("release", "tiny")
    assert released.exit_code == 0
    assert released.stdout.startswith("tiny 1.0: awaits 2 signatures.\n")
    assert "Two people sign it: `woda sign tiny 1.0 --key …`." in released.stdout

    assert "tiny 1.0: awaits 1 signature." in sign(woda, hub, "anna_price").stdout
    assert "tiny 1.0: signed." in sign(woda, hub, "ben_shah").stdout

    verified = woda("verify")
    assert verified.exit_code == 0
    assert "9 files, every byte as released" in verified.stdout
    assert "  Signed by Anna Price (Analytical lead), " in verified.stdout

    cited = woda("cite", "tiny@1.0/doubled")
    assert cited.stdout.startswith("tiny@1.0/doubled: 6.0 days (5.0 to 7.0)\n")
    content = json.loads(woda("cite", "tiny@1.0/doubled", "--json").stdout)
    assert (content["value"], content["state"]) == (6.0, "signed")

    withdrawn = woda("withdraw", "tiny", "1.0", "--reason", "Ward 3 was counted twice.")
    assert "tiny 1.0: withdrawn. Ward 3 was counted twice." in withdrawn.stdout
    assert woda("verify", "tiny").exit_code == 0
    refused = woda("cite", "tiny@1.0/doubled")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "was withdrawn and must not be cited" in refused.stderr


def test_verify_exits_1_if_anything_is_void_and_says_what(hub, woda):
    woda("release", "tiny")
    path = hub.folder().files / "2_double.html"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" ")
    result = woda("verify")
    assert result.exit_code == 1
    assert result.stderr == ("tiny 1.0: void. files/2_double.html is not as it was released.\n")
    assert woda("verify", "tiny", "1.0").exit_code == 1


def test_verify_proves_the_audit_log_too(hub, woda):
    woda("release", "tiny")
    sign(woda, hub, "anna_price")
    text = hub.settings.audit_file.read_text()
    hub.settings.audit_file.write_text(text.replace("Analytical lead", "Guardian"))
    result = woda("verify")
    assert result.exit_code == 1
    assert "The audit log is not as it was written: it differs from its anchor." in result.stderr


def test_verify_of_what_is_not_there(hub, woda):
    assert woda("verify").stdout == "Nothing has been released.\n"
    assert woda("verify", "tiny").stdout == "Nothing of tiny has been released.\n"
    woda("release", "tiny")
    result = woda("verify", "tiny", "1.1")
    assert result.exit_code == 2
    assert result.stderr == "tiny has no release 1.1. Did you mean '1.0'?\n"
    result = woda("verify", "tinny")
    assert result.exit_code == 2
    assert "Did you mean 'tiny'?" in result.stderr


def test_what_is_refused_exits_1_and_says_what_to_do(hub, woda):
    hub.change_run(dirty=True)
    result = woda("release", "tiny")
    assert result.exit_code == 1
    assert "use --allow-dirty: the release then says so." in result.stderr
    released = woda("release", "tiny", "--allow-dirty")
    assert "on made-up data, from files that were not committed." in released.stdout


def test_major_and_minor_are_not_both(woda):
    assert woda("release", "tiny", "--major", "--minor").exit_code == 2


def test_a_reviewer_is_added_and_listed(hub, woda):
    public = str(hub.keys / "stranger.pub")
    added = woda(
        *("reviewers", "add", "cai_roberts", "--name", "Cai Roberts", "--role", "Guardian"),
        *("--key", public, "--known-as", "croberts", "--until", "2026-12-31", "--made-up-only"),
    )
    assert added.stdout == "Reviewer: parameters/reviewers/cai_roberts.yaml\n"
    listed = woda("reviewers", "list").stdout
    assert "Cai Roberts (Guardian): signs made-up data." in listed
    assert "from 1 April 2025 until 31 December 2026" in listed


def test_the_log_stands_up_to_its_own_proof(hub, woda):
    woda("release", "tiny")
    sign(woda, hub, "anna_price")
    woda("withdraw", "tiny", "1.0", "--reason", "A mistake.")
    assert woda("audit", "verify").stdout == "The log is whole: 3 records.\n"
