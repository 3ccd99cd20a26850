"""Telling by e-mail, through a real server on loopback, and by a command; nothing of it raises."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.workbench.bench import Bench
from tests.workbench.schedules.mailbox import PASSWORD, Mailbox, free_port, mail_server, with_login
from woda_lib.records import Notice, Notify
from woda_lib.workbench.schedules.messages import Message
from woda_lib.workbench.schedules.telling import tell

MESSAGE = Message("[WODA] tiny failed", "Reason\n  A £5 note.\n", {"pilot": "tiny"})
TWO = ("a@example.org", "b@example.org")


def set_all(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    for name, text in variables.items():
        monkeypatch.setenv(name, text)


def mailed(bench: Bench, *to: str) -> Notice:
    [notice] = tell(Notify(email=to or TWO), MESSAGE, "failure", settings=bench.settings)
    return notice


def test_a_mail_arrives_as_it_was_written(bench, monkeypatch):
    mailbox = Mailbox()
    with mail_server(mailbox) as variables:
        set_all(monkeypatch, variables)
        notice = mailed(bench)
    assert (notice.told, notice.by, notice.problem) == (True, "email", "")
    [message] = mailbox.messages
    assert message["Subject"] == "[WODA] tiny failed"
    assert message["From"] == "woda@example.org"
    assert message["To"] == "a@example.org, b@example.org"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@example.org>")  # not this machine's name
    assert message.get_content().splitlines() == ["Reason", "  A £5 note."]
    assert mailbox.recipients == [list(TWO)]


def test_a_server_that_demands_encryption_and_a_login_gets_both(bench, monkeypatch, tmp_path):
    mailbox = Mailbox()
    demands, certificate = with_login(tmp_path)
    with mail_server(mailbox, **demands) as variables:
        login = {"WODA_SMTP_USER": "woda", "WODA_SMTP_PASSWORD": PASSWORD}
        set_all(monkeypatch, variables | login | {"WODA_SMTP_SECURITY": "starttls"})

        assert "is not trusted" in mailed(bench).problem
        monkeypatch.setenv("WODA_SMTP_CA", str(certificate))
        assert mailed(bench).told
        assert mailbox.encrypted == [True]

        monkeypatch.setenv("WODA_SMTP_PASSWORD", "wrong")
        notice = mailed(bench)
        assert "did not accept the login" in notice.problem
        assert "wrong" not in notice.model_dump_json()

        monkeypatch.setenv("WODA_SMTP_SECURITY", "none")
        assert "in the clear" in mailed(bench).problem
    assert len(mailbox.messages) == 1


def test_encryption_that_is_not_offered_is_not_done_without(bench, monkeypatch):
    mailbox = Mailbox()
    with mail_server(mailbox) as variables:
        set_all(monkeypatch, variables | {"WODA_SMTP_SECURITY": "starttls"})
        assert "does not offer STARTTLS" in mailed(bench).problem
    assert mailbox.messages == []


def test_an_address_that_is_refused_is_counted_and_the_others_get_theirs(bench, monkeypatch):
    mailbox = Mailbox(refused=("b@example.org",))
    with mail_server(mailbox) as variables:
        set_all(monkeypatch, variables)
        notice = mailed(bench)
        assert (notice.told, "refused 1 of 2 addresses" in notice.problem) == (False, True)
        assert "refused all 1 addresses" in mailed(bench, "b@example.org").problem
    assert mailbox.recipients == [["a@example.org"]]
    assert "b@example.org" not in notice.model_dump_json()


def test_a_server_that_is_not_set_or_not_there_is_named(bench, monkeypatch):
    assert mailed(bench).problem.startswith("No mail server is set.")
    port = free_port()
    set_all(
        monkeypatch,
        {
            "WODA_SMTP_HOST": "127.0.0.1",
            "WODA_SMTP_PORT": str(port),
            "WODA_SMTP_SENDER": "woda@example.org",
        },
    )
    assert (
        mailed(bench).problem == f"127.0.0.1:{port} could not be reached (ConnectionRefusedError)."
    )
    monkeypatch.setenv("WODA_SMTP_PORT", "post")
    assert mailed(bench).problem.startswith("A WODA_SMTP_… variable cannot be read: port:")


def commanded(bench: Bench, *command: str) -> Notice:
    [notice] = tell(Notify(command=command), MESSAGE, "failure", settings=bench.settings)
    return notice


def test_a_command_gets_the_message_as_json_and_none_of_our_secrets(bench, monkeypatch):
    monkeypatch.setenv("WODA_SMTP_PASSWORD", PASSWORD)
    script = bench.write(
        "tools/tell.py",
        "import json, os, sys\n"
        "said = json.load(sys.stdin)\n"
        "said |= {'arguments': sys.argv[1:], 'environment': dict(os.environ)}\n"
        "open('told.json', 'w').write(json.dumps(said))\n",
    )
    assert commanded(bench, sys.executable, str(script), "$HOME; touch pwned", "`id`").told
    told = json.loads((bench.root / "told.json").read_text())  # it starts in the checkout
    assert told["pilot"] == "tiny"
    assert told["text"] == MESSAGE.text
    assert told["arguments"] == ["$HOME; touch pwned", "`id`"]  # no shell has seen them
    assert not (bench.root / "pwned").exists()
    for secret in ("WODA_SMTP_PASSWORD", "WODA_KEY_RING"):
        assert secret not in told["environment"]


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        (("tools/absent.sh",), "could not be started: No such file or directory"),
        ((sys.executable, "-c", "raise SystemExit(3)"), "ended with exit code 3"),
    ],
)
def test_a_command_that_fails_is_recorded(bench, command, problem):
    notice = commanded(bench, *command)
    assert (notice.told, problem in notice.problem) == (False, True)


def test_one_way_that_fails_does_not_keep_the_other_from_telling(bench, tmp_path: Path):
    both = Notify(email=TWO, command=(sys.executable, "-c", ""))
    notices = list(tell(both, MESSAGE, "unexpected", settings=bench.settings))
    assert [(notice.by, notice.told) for notice in notices] == [("email", False), ("command", True)]
