"""`woda schedule` and `woda run --due`: what they say, and their exit codes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from tests.workbench.bench import PILOT, Bench
from tests.workbench.schedules.mailbox import Mailbox, mail_server
from woda_lib import cli

SCHEDULE = {"cron": "0 6 * * *", "retries": 0}
MAIL = {"email": ["analyst@example.org"]}


@pytest.fixture
def bench(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A workbench that is the working directory, in a home of its own."""
    monkeypatch.setenv("HOME", str(bench.root / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(bench.root / "no-such-bus"))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("WODA_TODAY", "2025-04-01")
    monkeypatch.setenv("WODA_AS_OF_REASON", "to test")
    monkeypatch.setenv("TZ", "Europe/London")
    monkeypatch.chdir(bench.root)
    return bench


def woda(*words: str) -> Result:
    return CliRunner().invoke(cli.app, words, prog_name="woda")


def test_what_runs_when_is_shown_before_and_after_a_run(bench):
    bench.write_pilot(schedule=SCHEDULE)
    bench.write("parameters/idle.yaml", yaml.safe_dump(PILOT | {"pilot": "idle"}))
    before = woda("schedule")
    assert before.exit_code == 0, before.output
    lines = before.stdout.splitlines()
    assert lines[0] == "tiny: At 06:00 every day (0 6 * * *, Europe/London)"
    assert re.fullmatch(r"  Last slot   \w{3} \d+ \w+ \d{4}, 06:00 (GMT|BST)", lines[1])
    assert sum("06:00" in line for line in lines[2:5]) == 3
    assert "  Overdue: has never run by this schedule." in lines
    assert "Without a schedule: idle" in lines
    assert lines[-1].startswith("Nothing calls `woda run --due` here yet")

    ran = woda("run", "--due")
    assert ran.exit_code == 0, ran.output
    assert "tiny: has never run by this schedule, " in ran.stderr
    assert "  There are 6.0 days & more." in ran.stdout
    after = woda("schedule").stdout
    assert "Overdue" not in after
    assert re.search(r"Last run .*: complete, run 20", after)
    again = woda("run", "--due")
    assert (again.exit_code, again.output) == (0, "")


def test_a_failure_exits_1_is_shown_and_does_not_hinder_another_pilot(bench):
    step = {"name": "1_only", "question": "What?", "purpose": "test"}
    broken = {"steps": [step], "answered_by": "1_only", "parameters": {}, "pilot": "broken"}
    bench.write("parameters/broken.yaml", yaml.safe_dump(PILOT | broken | {"schedule": SCHEDULE}))
    bench.write_pilot(schedule=SCHEDULE)
    result = woda("run", "--due")
    assert result.exit_code == 1
    assert "There is no notebook notebooks/broken/1_only.ipynb" in result.stderr
    assert "There are 6.0 days & more." in result.stdout
    shown = woda("schedule").stdout
    assert "Last run" in shown and "failed: There is no notebook" in shown
    assert "Not due: failed, was tried once and is given up." in shown


def test_a_faulty_parameter_file_is_named_and_does_not_hinder_another_pilot(bench):
    bench.write_pilot(schedule=SCHEDULE)
    bench.write("parameters/odd.yaml", yaml.safe_dump(PILOT | {"pilot": "odd", "schedule": "6"}))
    result = woda("run", "--due")
    assert result.exit_code == 1
    assert "odd.yaml: schedule.cron: '6' has 1 fields" in result.stderr
    assert bench.runs()
    assert woda("schedule").exit_code == 2


def test_an_unexpected_value_is_said_by_run_and_by_status_and_is_no_failure(bench):
    expected = {"doubled": {"low": 1, "high": 5, "reason": "Few are."}}
    bench.write_pilot(expected=expected)
    said = "  Not as expected: Doubled: it is 6.0 days; expected 1 to 5. Few are."
    for words in (("run", "tiny"), ("status",)):
        result = woda(*words)
        assert (result.exit_code, said in result.stdout.splitlines()) == (0, True)


def test_whether_messages_arrive_can_be_tried(bench, monkeypatch):
    bench.write_pilot(notify=MAIL)
    box = Mailbox()
    with mail_server(box) as variables:
        for name, text in variables.items():
            monkeypatch.setenv(name, text)
        assert woda("schedule", "--try-notify", "tiny").stdout == "Told by email.\n"
    assert box.messages[0]["Subject"] == "[WODA] tiny: a message to try the way"
    result = woda("schedule", "--try-notify", "tiny")
    assert (result.exit_code, "could not be reached" in result.stderr) == (1, True)
    bench.write_pilot()
    result = woda("schedule", "--try-notify", "tiny")
    assert (result.exit_code, "names nobody to tell" in result.stderr) == (2, True)


def test_a_timer_is_installed_shown_and_removed_and_print_writes_nothing(bench, monkeypatch):
    monkeypatch.setenv("WODA_EXTRACTS", "/srv/extracts")
    printed = woda("schedule", "--print", "--every", "10")
    assert "OnCalendar=*:0/10" in printed.stdout
    assert not (bench.root / "home").exists()
    installed = woda("schedule", "--install")
    assert installed.exit_code == 0, installed.output
    assert "WODA_EXTRACTS" in installed.stderr
    units = sorted((bench.root / "home/.config/systemd/user").iterdir())
    assert [unit.suffix for unit in units] == [".service", ".timer"]
    assert "installed" in woda("schedule").stdout
    removed = woda("schedule", "--uninstall").stdout
    assert "Left alone, since it may hold passwords" in removed
    assert not any(unit.exists() for unit in units)
    assert "Nothing was installed." in woda("schedule", "--uninstall").stdout


def test_a_scheduled_run_reads_its_variables_from_a_file_that_is_its_owners_alone(
    bench, monkeypatch
):
    monkeypatch.delenv("WODA_TODAY")
    bench.write_pilot(schedule=SCHEDULE)
    file: Path = bench.write("woda.env", "WODA_TODAY=2025-04-01\n")
    file.chmod(0o644)
    result = woda("run", "--due", "--env-file", str(file))
    assert (result.exit_code, "others may read it" in result.stderr) == (2, True)
    file.chmod(0o600)
    try:
        assert woda("run", "--due", "--env-file", str(file)).exit_code == 0
    finally:
        monkeypatch.setenv("WODA_TODAY", "2025-04-01")  # so that it is taken back afterwards
    file.write_text("PATH=/tmp\n")
    result = woda("run", "--due", "--env-file", str(file))
    assert (result.exit_code, "'PATH' is not of the form" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    "words",
    [
        ("run", "--due", "-p", "factor=3"),
        ("run", "--due", "--as-of", "2025-01-01", "--reason", "r"),
        ("schedule", "--install", "--uninstall"),
    ],
)
def test_what_does_not_go_together_exits_2(bench, words):
    assert woda(*words).exit_code == 2
