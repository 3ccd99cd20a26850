"""What a parameter file says of schedules, expected values and whom to tell, and how it is met."""

from __future__ import annotations

import pytest
import yaml

from tests.workbench.bench import PILOT
from woda_lib.records import (
    Expected,
    ParameterFileError,
    Pilot,
    Value,
    read_pilot,
    say_unexpected,
    unexpected,
)


def read(tmp_path, lines: str) -> Pilot:
    path = tmp_path / "tiny.yaml"
    path.write_text(yaml.safe_dump(PILOT) + lines, encoding="utf-8")
    return read_pilot(path)


def test_a_plain_cron_expression_is_by_the_clocks_of_london(tmp_path):
    schedule = read(tmp_path, 'schedule: "0 6 * * 1-5"\n').schedule
    assert (schedule.cron, schedule.time_zone) == ("0 6 * * 1-5", "Europe/London")
    written_out = 'schedule: {cron: "0 6 * * 1-5", time_zone: Europe/London}\n'
    assert read(tmp_path, written_out).schedule == schedule


def test_the_word_on_is_read_though_yaml_takes_it_for_a_truth_value(tmp_path):
    notify = read(tmp_path, "notify: {email: [a@example.org], on: [failure]}\n").notify
    assert notify.on == ("failure",)


def test_a_command_may_be_one_line(tmp_path):
    notify = read(tmp_path, "notify: {command: tools/tell.sh 'two words'}\n").notify
    assert notify.command == ("tools/tell.sh", "two words")
    assert notify.on == ("failure", "unexpected")


@pytest.mark.parametrize(
    ("lines", "key", "said"),
    [
        ('schedule: "61 6 * * *"', "schedule.cron", "Bad minute"),
        ("schedule: {cron: 0 6 * * *, time_zone: Mars}", "schedule.time_zone", "'Mars'"),
        ("schedule: {time_zone: UTC}", "schedule.cron", "Field required"),
        ("schedule: 6", "schedule", "dictionary"),
        ("expected: {doubled: {reason: r}}", "expected.doubled", "give low or high"),
        ("expected: {doubled: {low: 5, high: 1, reason: r}}", "expected.doubled", "above high (1)"),
        ("expected: {doubled: {low: 5}}", "expected.doubled.reason", "Field required"),
        ("notify: {on: [failure]}", "notify", "give email or command"),
        ("notify: {email: [nobody]}", "notify.email", "'nobody' is no e-mail address"),
        ('notify: {email: ["a@b.org, c@d.org"]}', "notify.email", "is no e-mail address"),
        ('notify: {email: ["a@b.org\\nBcc: x@y.org"]}', "notify.email", "is no e-mail address"),
        ("notify: {email: [a@b.org], on: [success]}", "notify.on", "'failure' or 'unexpected'"),
    ],
)
def test_a_fault_is_named_with_file_and_key(tmp_path, lines, key, said):
    with pytest.raises(ParameterFileError) as refused:
        read(tmp_path, f"{lines}\n")
    assert str(refused.value).startswith(f"tiny.yaml: {key}")
    assert said in str(refused.value)


def value(number: float | None, unit: str = "days") -> Value:
    return Value(name="saved", value=number, unit=unit, decimals=1)


@pytest.mark.parametrize(
    ("bounds", "number", "inside"),
    [
        ({"low": 1, "high": 5}, 1.0, True),  # the ends are expected too
        ({"low": 1, "high": 5}, 5.0, True),
        ({"low": 1, "high": 5}, 0.999, False),
        ({"low": 1, "high": 5}, 5.001, False),
        ({"low": 1}, 1e9, True),
        ({"high": 5}, -1e9, True),
        ({"low": 1}, None, False),  # withheld: nobody can say
        ({"low": 1}, float("nan"), False),
    ],
)
def test_a_value_is_inside_its_range_or_it_is_told_of(bounds, number, inside):
    expected = {"saved": Expected(**bounds, reason="r")}
    assert (unexpected(expected, {"saved": value(number)}) == ()) is inside


@pytest.mark.parametrize(
    ("bounds", "came", "said"),
    [
        ({"low": 1, "high": 5}, value(0.2), "it is 0.2 days; expected 1 to 5. Because."),
        ({"low": 0.5}, value(0.2), "it is 0.2 days; expected at least 0.5. Because."),
        ({"high": 1000}, value(2000, "pounds"), "it is £2,000.0; expected at most £1,000. "
         "Because."),
        ({"low": 1}, value(None), "it was withheld, because too few people stand behind it; "
         "expected at least 1. Because."),
        ({"low": 1}, None, "no step recorded it; expected at least 1. Because."),
    ],
)  # fmt: skip
def test_what_was_expected_and_what_came_is_said_in_a_sentence(bounds, came, said):
    [found] = unexpected(
        {"saved": Expected(**bounds, reason="Because.")}, {"saved": came} if came else {}
    )
    assert say_unexpected(found) == f"Saved: {said}"
