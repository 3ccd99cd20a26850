"""Running what is due: once a slot, failures and all, and what people are told of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from tests.workbench.bench import DOUBLE, Bench, kernels_of_this_worker
from tests.workbench.schedules.mailbox import Mailbox, mail_server
from woda_lib.records import SlotState, complete_runs, read_manifest
from woda_lib.workbench import run_pilots
from woda_lib.workbench.execution import running
from woda_lib.workbench.schedules.running import Ran, due_now, run_due, settle_cut_off
from woda_lib.workbench.schedules.states import ScheduleError, only_one, read_state, write_state

NOW = datetime(2026, 1, 15, 6, 5, tzinfo=UTC)
SLOT = datetime(2026, 1, 15, 6, 0, tzinfo=UTC)
SCHEDULE = {"cron": "0 6 * * *", "retries": 1, "retry_minutes": 10}
MAIL = {"email": ["analyst@example.org"]}


def call(bench: Bench, now: datetime = NOW) -> list[Ran]:
    """What one call of `woda run --due` does at a time."""
    with only_one(bench.settings) as alone:
        assert alone
        slots = due_now([bench.pilot], bench.settings, now)
        return list(run_due(slots, settings=bench.settings, clock=lambda: now))


def spoil(bench: Bench) -> None:
    bench.write_notebook("2_double", [*DOUBLE[:-1], 'raise ValueError("BA2 1RW ,htimS"[::-1])'])


@pytest.fixture(autouse=True)
def kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let calls in this process share a fork server; those in their own start one."""
    monkeypatch.setattr(running, "run_pilots", partial(run_pilots, warm=kernels_of_this_worker()))


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch):
    box = Mailbox()
    with mail_server(box) as variables:
        for name, text in variables.items():
            monkeypatch.setenv(name, text)
        yield box


def test_a_due_slot_is_run_once_and_the_next_one_in_its_turn(bench):
    bench.write_pilot(schedule=SCHEDULE)
    [ran] = call(bench)
    assert (ran.state.slot, ran.state.outcome, ran.state.attempts) == (SLOT, "complete", 1)
    assert read_state(bench.settings, "tiny") == ran.state
    [run] = complete_runs(bench.settings.outputs_folder, "tiny")
    assert ran.state.run_id == run.path.name
    assert call(bench) == []
    assert call(bench, NOW + timedelta(hours=23)) == []
    [again] = call(bench, NOW + timedelta(days=3))
    assert again.state.slot == SLOT + timedelta(days=3)
    assert again.state.run_id == ran.state.run_id  # nothing had changed, so that run still stands


def test_a_pilot_without_a_schedule_is_never_due(bench):
    assert call(bench) == []


def test_a_failure_is_told_the_first_and_the_last_time_and_never_quotes_a_row(bench, mailbox):
    bench.write_pilot(schedule=SCHEDULE, notify=MAIL)
    [good] = call(bench, NOW - timedelta(days=1))
    spoil(bench)
    [first] = call(bench)
    assert (first.complete, first.state.outcome, first.state.attempts) == (None, "failed", 1)
    assert call(bench, NOW + timedelta(minutes=9)) == []
    [last] = call(bench, NOW + timedelta(minutes=10))
    assert (last.state.attempts, last.state.retry_at) == (2, None)
    assert call(bench, NOW + timedelta(hours=20)) == []
    assert [notice.told for notice in last.state.notices] == [True, True]

    once, given_up = (message.get_content() for message in mailbox.messages)
    for part in (
        "How many are that twice over?",
        "Thu 15 January 2026, 06:00 GMT, attempt 1 of 2",
        "tiny stopped in step 2_double, at cell 6",
        f"The last complete run, tiny/{good.state.run_id}",
        "It is tried again after Thu 15 January 2026, 06:15 GMT.",
        "`woda run tiny`",
    ):
        assert part in once
    assert "not tried again before its next slot, Fri 16 January 2026, 06:00 GMT" in given_up
    for text in (once, given_up, last.state.model_dump_json()):
        assert "Smith" not in text and "WR1" not in text
    assert mailbox.messages[0]["Subject"] == "[WODA] tiny failed in step 2_double"
    assert f"tiny/{first.state.run_id}" in once
    assert f"data/failures/tiny/{first.state.run_id}/2_double.ipynb, with the cell marked" in once


def test_what_cannot_even_start_is_a_failed_slot_too(bench, mailbox):
    bench.write_pilot(schedule=SCHEDULE, notify=MAIL)
    (bench.root / "notebooks/tiny/1_count.ipynb").unlink()
    [ran] = call(bench)
    assert ran.state.outcome == "failed"
    assert "There is no notebook notebooks/tiny/1_count.ipynb" in mailbox.messages[0].get_content()
    assert "has no complete run yet" in mailbox.messages[0].get_content()


def expecting(bench: Bench, high: float, **more: Any) -> None:
    expected = {"doubled": {"low": 1, "high": high, "reason": "Few visits are doubled."}}
    bench.write_pilot(schedule=SCHEDULE, expected=expected, **more)


def test_a_value_outside_its_range_is_no_failure_is_recorded_and_told_until_it_changes(
    bench, mailbox
):
    expecting(bench, 5, notify=MAIL)  # the pilot says 6
    [ran] = call(bench)
    assert ran.state.outcome == "complete"
    [found] = read_manifest(ran.complete.folder).unexpected
    assert (found.name, found.value.value, found.high) == ("doubled", 6.0, 5.0)
    said = "Doubled: it is 6.0 days; expected 1 to 5. Few visits are doubled."
    assert said in mailbox.messages[0].get_content()
    assert mailbox.messages[0]["Subject"] == "[WODA] tiny: doubled not as expected"

    [same] = call(bench, NOW + timedelta(days=1))
    assert (same.state.told, same.state.notices, len(mailbox.messages)) == ((said,), (), 1)
    expecting(bench, 5.5, notify=MAIL)
    call(bench, NOW + timedelta(days=2))
    assert len(mailbox.messages) == 2
    expecting(bench, 6, notify=MAIL)  # the run still stands, and is held against today's range
    [inside] = call(bench, NOW + timedelta(days=3))
    assert (inside.state.told, len(mailbox.messages)) == ((), 2)


def test_an_expected_value_that_no_step_records_is_told(bench, mailbox):
    expected = {"tripled": {"low": 1, "reason": "It was there last year."}}
    bench.write_pilot(schedule=SCHEDULE, expected=expected, notify=MAIL)
    call(bench)
    assert "Tripled: no step recorded it" in mailbox.messages[0].get_content()


def test_who_wants_to_hear_of_failures_alone_hears_of_no_values(bench, mailbox):
    expecting(bench, 5, notify=MAIL | {"on": ["failure"]})
    [ran] = call(bench)
    assert (ran.state.notices, mailbox.messages) == ((), [])


def test_a_notice_that_fails_changes_nothing_and_is_sent_next_time(bench, mailbox, monkeypatch):
    port = os.environ["WODA_SMTP_PORT"]
    monkeypatch.setenv("WODA_SMTP_HOST", "")
    expecting(bench, 5, notify=MAIL)
    [ran] = call(bench)
    assert ran.state.outcome == "complete"
    [notice] = read_state(bench.settings, "tiny").notices
    assert notice.problem.startswith("No mail server is set.")
    monkeypatch.setenv("WODA_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("WODA_SMTP_PORT", port)
    call(bench, NOW + timedelta(days=1))
    assert len(mailbox.messages) == 1


def test_a_state_that_is_damaged_costs_one_run_and_no_more(bench):
    bench.write_pilot(schedule=SCHEDULE)
    bench.write("data/schedules/tiny.json", "{")
    assert [ran.state.outcome for ran in call(bench)] == ["complete"]
    assert call(bench) == []


def test_nothing_is_run_where_its_state_cannot_be_kept(bench):
    bench.write_pilot(schedule=SCHEDULE)
    slots = due_now([bench.pilot], bench.settings, NOW)
    bench.write("data/schedules", "a file where the folder should be")
    with pytest.raises(ScheduleError, match="cannot be written"):
        list(run_due(slots, settings=bench.settings))
    assert bench.runs() == []


def test_a_slot_whose_every_attempt_was_cut_off_is_given_up_and_told(bench, mailbox):
    bench.write_pilot(schedule=SCHEDULE, notify=MAIL)
    cut_off = SlotState(pilot="tiny", slot=SLOT, attempts=2, started=SLOT, outcome="running")
    write_state(bench.settings, cut_off)
    assert call(bench) == []
    [ran] = settle_cut_off([bench.pilot], bench.settings, lambda: NOW)
    assert (ran.state.outcome, ran.state.retry_at) == ("failed", None)
    assert "was cut off before it could say why" in mailbox.messages[0].get_content()
    assert settle_cut_off([bench.pilot], bench.settings, lambda: NOW) == []


def start(bench: Bench) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "woda_lib", "run", "--due"],
        env=bench.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def sleeping(bench: Bench) -> None:
    """Make the first step wait until a file appears."""
    bench.write_pilot(schedule=SCHEDULE)
    path = bench.root / "go"
    cells = [f"import time\nfrom pathlib import Path\nPath({str(path)!r} + '.started').touch()\n"
             f"while not Path({str(path)!r}).exists():\n    time.sleep(0.05)"]  # fmt: skip
    bench.write_notebook("2_double", [*DOUBLE[:3], *cells, *DOUBLE[3:]])


def until_started(bench: Bench) -> None:
    deadline = time.monotonic() + 120
    while not (bench.root / "go.started").exists():
        assert time.monotonic() < deadline, "the run never came to its second step"
        time.sleep(0.05)


def test_of_two_calls_at_once_one_runs_and_the_other_leaves_it_to_it(bench):
    sleeping(bench)
    first = start(bench)
    until_started(bench)
    second = start(bench)
    _, said = second.communicate(timeout=120)
    assert (second.returncode, "Another `woda run --due` is at work" in said) == (0, True)
    (bench.root / "go").touch()
    answer, _ = first.communicate(timeout=120)
    assert (first.returncode, "tiny: How many" in answer) == (0, True)
    assert len(complete_runs(bench.settings.outputs_folder, "tiny")) == 1
    third = start(bench)
    assert third.communicate(timeout=120) == ("", "")  # nothing is due: a log stays short


@pytest.mark.parametrize(
    ("sign", "left"),
    [
        (signal.SIGKILL, "running"),
        pytest.param(signal.SIGTERM, "interrupted", marks=pytest.mark.prove),
    ],
)
def test_a_run_that_is_cut_off_is_tried_again_by_the_next_call(bench, sign, left):
    sleeping(bench)
    first = start(bench)
    until_started(bench)
    first.send_signal(sign)
    first.communicate(timeout=120)
    state = read_state(bench.settings, "tiny")
    assert (state.outcome, state.attempts) == (left, 1)
    (bench.root / "go").touch()
    second = start(bench)
    _, said = second.communicate(timeout=120)
    assert second.returncode == 0, said
    state = read_state(bench.settings, "tiny")
    assert (state.outcome, state.attempts) == ("complete", 2)
    assert bench.runs() == [state.run_id]
