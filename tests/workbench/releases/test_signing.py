"""Who may sign what, with which key: refused by `woda sign`, and void where put there by hand."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import timedelta

import pytest

from tests.workbench.releases.hub import make_key
from woda_lib.partners.audit import AuditError
from woda_lib.workbench.releases import ReleaseError, sign_release


def test_two_reviewers_sign_and_the_release_says_who_in_which_role_and_when(hub):
    hub.release()
    assert [signer.name for signer in hub.sign("anna_price").signers] == ["Anna Price"]
    assert hub.standing().state == "awaiting"
    standing = hub.sign("ben_shah")
    assert standing.state == "signed"
    assert [(signer.name, signer.role) for signer in standing.signers] == [
        ("Anna Price", "Analytical lead"),
        ("Ben Shah", "Caldicott Guardian"),
    ]
    assert all(signer.at is not None for signer in standing.signers)
    assert standing.notes == ()


def test_anybody_proves_a_signature_with_openssh_alone(hub, tmp_path):
    hub.release()
    hub.sign("anna_price")
    public = (hub.keys / "anna_price.pub").read_text()
    (tmp_path / "allowed_signers").write_text(f"anna_price {public}")
    command = ["ssh-keygen", "-Y", "verify", "-f", str(tmp_path / "allowed_signers")]
    command += ["-I", "anna_price", "-n", "woda-release"]
    command += ["-s", str(hub.folder().signature("anna_price"))]
    subprocess.run(command, input=hub.folder().record.read_bytes(), check=True)


def test_a_signature_is_recorded(hub):
    standing = hub.release()
    hub.sign("anna_price")
    (event,) = hub.log("sign")
    assert event["release"] == "tiny@1.0"
    assert event["detail"] == (f"Anna Price (Analytical lead) signed the record {standing.sha256}.")


def test_a_signature_made_elsewhere_is_taken(hub, tmp_path):
    hub.release()
    path = tmp_path / "mine.sig"
    path.write_bytes(hub.signature("anna_price", hub.folder().record.read_bytes()))
    standing = sign_release("tiny", "1.0", settings=hub.settings, signature=path)
    assert [signer.name for signer in standing.signers] == ["Anna Price"]


@pytest.mark.parametrize("kind", ["ecdsa", "rsa"])
def test_other_kinds_of_keys_sign_too(hub, tmp_path, kind):
    hub.keys = tmp_path
    make_key(tmp_path, "anna_price", "-t", kind)
    hub.add_reviewer("anna_price")
    hub.release()
    assert len(hub.sign("anna_price").signers) == 1


def test_an_agent_signs_for_a_public_key(hub, tmp_path, monkeypatch):
    key = shutil.copy(hub.keys / "anna_price", tmp_path / "key")
    socket = tmp_path / "agent"
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.DEVNULL)
    try:
        while not socket.exists():
            assert agent.poll() is None
        monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
        subprocess.run(["ssh-add", "-q", str(key)], check=True)
        hub.release()
        standing = sign_release(
            "tiny", "1.0", settings=hub.settings, key=hub.keys / "anna_price.pub"
        )
        assert len(standing.signers) == 1
    finally:
        agent.terminate()
        agent.wait()


def test_a_key_with_a_passphrase_is_opened_by_openssh_itself(hub, tmp_path, monkeypatch):
    hub.keys = tmp_path
    make_key(tmp_path, "anna_price", "-N", "correct horse")
    hub.add_reviewer("anna_price")
    hub.release()
    ask = tmp_path / "ask"
    ask.write_text("#!/bin/sh\necho correct horse\n")
    ask.chmod(0o700)
    monkeypatch.setenv("SSH_ASKPASS", str(ask))
    monkeypatch.setenv("SSH_ASKPASS_REQUIRE", "force")
    assert len(hub.sign("anna_price").signers) == 1
    ask.write_text("#!/bin/sh\necho wrong\n")
    with pytest.raises(ReleaseError, match=r"ssh-keygen did not sign .* Nothing was changed"):
        hub.sign("anna_price")


# Refused by `woda sign`.


def test_a_key_that_is_not_there(hub):
    hub.release()
    with pytest.raises(ReleaseError, match=r"There is no key .*nobody"):
        hub.sign("nobody")


def test_a_key_of_nobody_is_refused(hub):
    hub.release()
    with pytest.raises(ReleaseError, match=r"no reviewer's: .* knows Anna Price, Ben Shah, Olu"):
        hub.sign("stranger")
    assert hub.standing().state == "awaiting"
    assert list(hub.folder().signatures.iterdir()) == []


def test_the_author_is_refused(hub):
    hub.release()
    with pytest.raises(ReleaseError, match="is of Olu Ade, who ran it and may not sign it"):
        hub.sign("olu_ade")


def test_the_author_is_known_by_the_names_that_git_and_the_system_give(hub):
    hub.add_reviewer("anna_price", known_as=["aprice"])
    hub.change_run(author="APrice")
    hub.release()
    with pytest.raises(ReleaseError, match="is of Anna Price, who ran it"):
        hub.sign("anna_price")


def test_the_same_person_is_refused_twice_also_with_another_key(hub):
    hub.release()
    hub.sign("anna_price")
    with pytest.raises(ReleaseError, match=r"Anna Price has signed tiny 1\.0 already"):
        hub.sign("anna_price")
    both = [{"key": (hub.keys / f"{name}.pub").read_text()} for name in ("anna_price", "stranger")]
    hub.add_reviewer("anna_price", keys=both)
    with pytest.raises(ReleaseError, match=r"Anna Price has signed tiny 1\.0 already"):
        hub.sign("stranger")


def key_of(hub, who, **days):
    return [{"key": (hub.keys / f"{who}.pub").read_text(), **days}]


def test_a_reviewer_whose_days_are_over_is_refused(hub):
    hub.release()
    hub.add_reviewer("anna_price", keys=key_of(hub, "anna_price", until="2025-03-31"))
    with pytest.raises(ReleaseError, match="a key of Anna Price that did not hold on"):
        hub.sign("anna_price")


def test_a_reviewer_whose_days_have_not_begun_is_refused(hub):
    hub.release()
    hub.add_reviewer("anna_price", keys=key_of(hub, "anna_price", **{"from": "2999-01-01"}))
    with pytest.raises(ReleaseError, match="did not hold on"):
        hub.sign("anna_price")


def test_a_made_up_reviewer_signs_made_up_data_and_nothing_else(hub):
    hub.add_reviewer("anna_price", signs="made-up data")
    hub.release()
    assert len(hub.sign("anna_price").signers) == 1
    run = hub.another_run("2030-01-01T06-00-00-ab12", 7.0)
    hub.change_run(run, step=lambda record: {"synthetic": False})
    hub.release()
    with pytest.raises(ReleaseError, match="may sign made-up data alone, and this rests on real"):
        hub.sign("anna_price", "1.1")


def test_what_is_void_or_withdrawn_is_not_signed(hub):
    hub.release()
    hub.folder().sums.unlink()
    with pytest.raises(ReleaseError, match=r"tiny 1\.0 is void and cannot be signed\. SHA256SUMS"):
        hub.sign("anna_price")


def test_a_signature_that_cannot_be_recorded_does_not_stand(hub):
    hub.release()
    hub.settings.anchors_file.unlink()
    hub.settings.anchors_file.mkdir()
    with pytest.raises(AuditError):
        hub.sign("anna_price")
    assert list(hub.folder().signatures.iterdir()) == []


def test_a_signature_that_a_stopped_machine_left_unrecorded_is_recorded_at_the_next_try(hub):
    hub.release()
    hub.drop_signature("anna_price", hub.signature("anna_price", hub.folder().record.read_bytes()))
    assert hub.standing().notes == ("The audit log does not say when Anna Price signed.",)
    assert hub.sign("anna_price").notes == ()


# Void where it was put there by hand.


def signed_by(hub, who, **keywords):
    return hub.signature(who, hub.folder().record.read_bytes(), **keywords)


def void(hub, words, version="1.0"):
    standing = hub.standing(version)
    assert (standing.state, standing.signers) == ("void", ())
    assert words in standing.why


def test_a_strangers_signature_under_a_reviewers_name(hub):
    hub.release()
    hub.drop_signature("anna_price", signed_by(hub, "stranger"))
    void(hub, "signatures/anna_price.sig was made with a key that is not Anna Price's.")


def test_one_reviewers_signature_under_anothers_name(hub):
    hub.release()
    hub.sign("anna_price")
    hub.drop_signature("ben_shah", hub.folder().signature("anna_price").read_bytes())
    void(hub, "signatures/ben_shah.sig was made with a key that is not Ben Shah's.")


def test_a_signature_under_a_name_that_nobody_has(hub):
    hub.release()
    hub.drop_signature("anna_price_2", signed_by(hub, "anna_price"))
    void(hub, "is of nobody: there is no parameters/reviewers/anna_price_2.yaml.")


def test_the_authors_signature(hub):
    hub.release()
    hub.drop_signature("olu_ade", signed_by(hub, "olu_ade"))
    void(hub, "is of Olu Ade, who ran it and may not sign it.")


def test_an_expired_signature(hub):
    hub.release()
    hub.add_reviewer("anna_price", keys=key_of(hub, "anna_price", until="2025-03-31"))
    hub.drop_signature("anna_price", signed_by(hub, "anna_price"))
    void(hub, "anna_price.sig was made with a key of Anna Price that did not hold on")


def test_a_signature_for_another_purpose(hub):
    hub.release()
    hub.drop_signature("anna_price", signed_by(hub, "anna_price", namespace="git"))
    void(hub, "was made for something else than a release (woda-release).")


def test_another_versions_signature(hub):
    hub.release()
    hub.sign("anna_price")
    hub.another_run("2030-01-01T06-00-00-ab12", 7.0)
    hub.release()
    hub.drop_signature("anna_price", hub.folder().signature("anna_price").read_bytes(), "1.1")
    void(hub, "is not of this record: one of the two was changed, or is another's.", "1.1")
    assert hub.standing("1.0").state == "awaiting"


def test_a_demonstrations_signature_of_real_data(hub):
    hub.change_run(step=lambda record: {"synthetic": False})
    hub.add_reviewer("anna_price", signs="made-up data")
    hub.release()
    hub.drop_signature("anna_price", signed_by(hub, "anna_price"))
    void(hub, "may sign made-up data alone, and this rests on real data.")


def test_what_is_no_signature(hub):
    hub.release()
    hub.drop_signature("anna_price", b"signed, Anna")
    void(hub, "signatures/anna_price.sig is not a whole SSH signature, or has been changed.")


def test_a_release_renamed_to_another_version(hub):
    hub.release()
    hub.signed()
    hub.folder("1.0").path.rename(hub.folder("1.1").path)
    void(hub, "Its folder says tiny 1.1, and its record is that of tiny 1.0", "1.1")
    void(hub, "is not there: it was taken away", "1.0")


def test_a_release_copied_under_another_version(hub):
    hub.release()
    hub.signed()
    shutil.copytree(hub.folder("1.0").path, hub.folder("1.1").path)
    void(hub, "it was renamed", "1.1")
    assert hub.standing("1.0").state == "signed"


@pytest.mark.parametrize("place", ["before", "after"])
def test_words_around_a_signature_which_openssh_passes_over(hub, place):
    hub.release()
    good = signed_by(hub, "anna_price")
    hub.drop_signature("anna_price", b"x\n" + good if place == "before" else good + b"x\n")
    void(hub, "is not a whole SSH signature, or has been changed.")


# Time goes by.


def test_what_was_signed_stands_when_the_reviewer_has_left(hub):
    hub.release()
    signed = hub.signed().signers[0].at
    assert signed is not None
    hub.add_reviewer("anna_price", keys=key_of(hub, "anna_price", until=signed.date().isoformat()))
    assert hub.standing().state == "signed"
    before = (signed.date() - timedelta(days=1)).isoformat()
    hub.add_reviewer("anna_price", keys=key_of(hub, "anna_price", until=before))
    void(hub, "did not hold on")


def test_away_from_its_audit_log_a_release_says_what_cannot_be_proved(hub):
    hub.release()
    hub.signed()
    hub.settings.audit_file.unlink()
    standing = hub.standing()
    assert standing.state == "signed"
    assert [signer.at for signer in standing.signers] == [None, None]
    assert "The audit log here does not know this release" in standing.notes[0]


def test_without_openssh_a_signature_does_not_count_and_voids_nothing(hub, monkeypatch):
    hub.release()
    hub.signed()
    monkeypatch.setenv("PATH", os.devnull)
    standing = hub.standing()
    assert (standing.state, standing.signers) == ("awaiting", ())
    assert "ssh-keygen is not installed" in standing.notes[0]


def test_openssh_is_asked_once_of_what_it_found_good_and_again_of_what_has_changed(
    hub, monkeypatch
):
    asked = []
    run = subprocess.run

    def counted(command, **options):
        asked.append(command)
        return run(command, **options)

    monkeypatch.setattr("woda_lib.records.signatures.subprocess.run", counted)
    hub.release()
    hub.signed()
    hub.standing()
    good = len(asked)
    assert hub.standing().state == "signed"
    assert len(asked) == good
    hub.drop_signature("anna_price", hub.signature("anna_price", b"another record"))
    void(hub, "is not of this record: one of the two was changed, or is another's.")
    void(hub, "is not of this record: one of the two was changed, or is another's.")
    assert len(asked) == good + 5  # one to sign; what is not good is asked of both ways each time
