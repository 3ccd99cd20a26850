"""The `woda` command: what it says, and the exit codes that a schedule goes by."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from tests.workbench.bench import AGREEMENT, HAND, PILOT, Bench
from woda_lib import __version__, cli
from woda_lib.errors import WodaError


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A workbench that is the working directory."""
    for name in [name for name in os.environ if name.startswith("WODA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("WODA_TODAY", "2025-04-01")
    monkeypatch.chdir(tmp_path)
    return Bench(tmp_path)


def woda(*words: str) -> Result:
    return CliRunner().invoke(cli.app, words, prog_name="woda")


def test_help_shows_what_to_type_and_every_verb():
    result = woda("--help")
    assert result.exit_code == 0
    for line in ("woda run patient_flow -p bed_day_cost=350", "woda status", "woda lab"):
        assert line in result.stdout
    verbs = [
        line.split()[0] for line in result.stdout.partition("Commands:")[2].splitlines() if line
    ]
    assert verbs == [
        *("run", "plan", "status", "diff", "list", "lab", "new-pilot", "demonstrate", "schedule"),
        *("release", "sign", "verify", "withdraw", "cite"),
        *("extracts", "agreements", "reviewers", "identities", "incident"),
        *("keys", "restricted", "model"),
        "retention",
        "review",
        "audit",
    ]
    assert "..." not in result.stdout.partition("Commands:")[2]  # no sentence is cut short


def test_help_does_not_wait_for_jupyter_or_pandas():
    slow = {"papermill", "nbformat", "pandas", "numpy"}
    code = f"import sys, woda_lib.cli; sys.exit(len({slow} & set(sys.modules)))"
    assert os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", code]) == 0


def test_the_version():
    assert woda("--version").stdout == f"woda {__version__}\n"


def test_a_verb_that_does_not_exist_is_met_with_the_nearest():
    result = woda("lst")
    assert result.exit_code == 2
    assert "Did you mean 'list'?" in result.stderr


def test_a_misspelt_parameter_exits_2_and_is_met_with_the_nearest(bench):
    result = woda("run", "tiny", "-p", "facter=3")
    assert result.exit_code == 2
    assert result.stderr == "tiny has no parameter 'facter'. Did you mean 'factor'?\n"
    assert bench.runs() == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "tiny", "-p", "factor"], "'factor' must read name=value."),
        (["run", "tiny", "-p", "factor=20"], "factor is 20.0, and must be at most 10 (times)."),
        (["run", "tinny"], "There is no pilot 'tinny'"),
        (["run", "tiny", "--profile", "quick", "--extracts", "."], "use --profile or --extracts"),
        (["run", "tiny", "--profile", "huge"], "'huge'"),
        (["extracts"], "Usage: woda extracts"),
    ],
)
def test_what_cannot_be_done_exits_2_and_says_why(bench, words, said):
    result = woda(*words)
    assert result.exit_code == 2
    assert said in result.output
    assert "Traceback" not in result.output


def test_a_variable_of_the_environment_that_cannot_be_read_is_named(bench, monkeypatch):
    monkeypatch.setenv("WODA_TODAY", "tomorrow")
    result = woda("list")
    assert result.exit_code == 2
    assert "today: Input should be a valid date" in " ".join(result.stderr.split())


def test_outside_a_checkout_it_says_where_to_go(tmp_path, monkeypatch):
    monkeypatch.delenv("WODA_ROOT", raising=False)
    monkeypatch.chdir(tmp_path)
    result = woda("list")
    assert result.exit_code == 1
    assert "does not lie in a workbench" in result.stderr


def test_list_says_what_can_be_asked_and_changed(bench):
    assert woda("list").stdout.splitlines() == [
        "tiny: How many are that twice over?",
        "  Owner: The test board. Agreement: tiny.",
        "  Notebooks",
        "    2_double  How many are that twice over?",
        "    1_count   How many are there?",
        "  Parameters",
        "    start = 3 visits",
        "        To begin with.",
        "    factor = 2.0 times (from 0 up to 10)",
        "        How often.",
        "    since = 2023-10-01",
        "        First day.",
        "",
    ]


def test_a_parameter_with_several_values_is_a_sweep_said_scenario_by_scenario(bench):
    result = woda("run", "tiny", "-p", "factor=2,3", "-p", "start=4")
    assert result.exit_code == 0, result.stderr
    said = result.stdout.splitlines()
    assert said[:5] == [
        "factor=2.0 (base)",
        "    doubled  8.0 days (7.0 to 9.0)",
        "factor=3.0",
        "    doubled  12.0 days (11.0 to 13.0)",
        "The same in all: count",
    ]
    assert said[5].startswith("Side by side: outputs/tiny/sweeps/")
    assert "Scenario 2 of 2: factor=3.0" in result.stderr
    assert "tiny: not run yet." in woda("status").stdout  # a sweep is never the pilot's answer


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["tiny", "-p", "start=1,2,3", "--sweep-limit", "2"], "That is 3 scenarios, and at most 2"),
        (["tiny", "-p", "start=1,000"], "Write 1000 if it is one number."),
        (["tiny", "-p", "facter=1,2"], "Did you mean 'factor'?"),
        (["tiny", "tiny2", "-p", "factor=1,2"], "A sweep is of one pilot."),
    ],
)
def test_a_sweep_that_cannot_be_run_exits_2_before_any_work(bench, words, said):
    bench.write("parameters/tiny2.yaml", yaml.safe_dump(PILOT | {"pilot": "tiny2"}))
    result = woda("run", *words)
    assert (result.exit_code, said in result.stderr) == (2, True)
    assert bench.runs() == []


def test_a_run_says_the_answer_its_values_and_where_the_report_is_and_status_repeats_it(bench):
    assert "tiny: not run yet. Use `woda run tiny`." in woda("status").stdout
    result = woda("run", "tiny", "-p", "factor=2.5", "-p", "start = 4")
    assert result.exit_code == 0, result.stderr
    [run] = bench.runs()
    said = result.stdout.splitlines()
    assert said[0] == "tiny: How many are that twice over?"
    assert said[1].endswith(", on data/extracts/demo")
    assert said[2:] == [
        "  There are 10.0 days & more.",
        "  Values",
        "    count    4.0 days (3.0 to 5.0)",
        "    doubled  10.0 days (9.0 to 11.0)",
        f"  Report: outputs/tiny/{run}/2_double.html",
        "",
        "All reports: outputs/site/index.html",
    ]
    assert (bench.root / "outputs/tiny" / run / "2_double.html").is_file()
    assert [line.partition(" after")[0] for line in result.stderr.splitlines()] == [
        "tiny/1_count: started, 7 cells",
        "tiny/1_count: all cells done",
        "tiny/2_double: started, 7 cells",
        "tiny/2_double: all cells done",
    ]
    standing = "  Inputs changed: start 4 → 3; factor 2.5 → 2; 1_count is run again."
    assert woda("status").stdout.splitlines() == [*said[:3], standing, *said[3:-1]]
    assert woda("status", "tiny").stdout == woda("status").stdout
    assert woda("status", "tyni").exit_code == 2

    (bench.root / "outputs/tiny" / run / "manifest.json").write_text("{")
    damaged = woda("status")
    assert damaged.exit_code == 0
    assert f"tiny: the manifest of {run} cannot be read" in damaged.stdout


def test_the_review_site_is_built_without_a_run_and_says_where_it_is(bench):
    result = woda("review", "build", "--all")
    assert (result.exit_code, result.stdout) == (0, "Review site: outputs/site/index.html\n")
    assert (bench.root / "outputs/site/index.html").is_file()


def test_a_failing_run_exits_1_and_its_message_has_no_row(bench):
    bench.ask_one_step("# What goes wrong?", HAND, "{}['Smith'[:]]")
    result = woda("run")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "tiny stopped in step 1_only, at cell 3 (under “What goes wrong?”)." in result.stderr
    assert "Nothing of this run was kept. tiny has no complete run yet." in result.stderr
    assert "Traceback" not in result.stderr


def test_every_error_exits_with_its_own_code(monkeypatch, bench):
    class Odd(WodaError):
        exit_code = 7

    def fail(*arguments: object) -> None:
        raise Odd("Odd.")

    monkeypatch.setattr(cli, "_pilots", fail)
    result = woda("list")
    assert (result.exit_code, result.stderr) == (7, "Odd.\n")


def test_a_check_says_file_by_file_what_is_wrong_and_exits_1(bench):
    messy = Path(__file__).parent / "partners" / "messy"
    result = woda("extracts", "check", str(messy))
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    at = lines.index("severnside_council/social_care_referrals_2022-01.csv")
    assert lines[at + 1] == "  1 × row refused: closed_on, closed before received"
    assert "social_care_referrals_2022-05.csv is empty." in result.stderr


def test_a_check_says_what_is_refused_first_what_to_look_at_next_and_how_much_it_read(bench):
    messy = Path(__file__).parent / "partners" / "messy"
    result = woda("extracts", "check", str(messy))
    told = [line.partition(" ")[0] for line in result.stderr.splitlines()]
    refused = [f"county_council/social_care_referrals_2022-0{month}.csv" for month in (1, 2, 3, 5)]
    assert told == [*refused, *told[4:-4], *["Warning:"] * 4]
    assert result.stdout.splitlines()[-1] == (
        "In all: files read 8, refused 4; rows 33, of them quarantined 18; faults that stop a run "
        "10, warnings 4 (at the top)."
    )


def test_a_folder_to_check_that_is_not_there_is_named(bench):
    result = woda("extracts", "check", "nowhere")
    assert result.exit_code == 1
    assert result.stderr.startswith("There are no extracts at nowhere.")


def test_a_day_is_added_to_a_made_up_county_alone(bench):
    result = woda("extracts", "next-day", "--profile", "quick")
    assert result.exit_code == 2
    assert "is not a county that this version made up" in " ".join(result.stderr.split())


def test_agreements_are_listed_checked_and_shown(bench):
    listed = woda("agreements", "list").stdout.splitlines()
    assert listed[0] == "tiny: Counting"
    assert listed[1] == "  In force: review by 30 June 2025, in 90 days, ends 31 December 2025."
    assert listed[3] == "  Used by: tiny."
    assert "    test (attribute): To test." in woda("agreements", "show", "tiny").stdout
    assert woda("agreements", "check").exit_code == 0


def test_a_check_of_agreements_exits_1_on_one_that_is_past_its_review(bench, monkeypatch):
    monkeypatch.setenv("WODA_TODAY", "2025-07-01")
    result = woda("agreements", "check")
    assert result.exit_code == 1
    assert "tiny: Past its review of 30 June 2025" in result.stderr


def test_a_check_of_agreements_exits_1_on_a_step_that_asks_for_more(bench):
    steps = yaml.safe_load((bench.root / "parameters/tiny.yaml").read_text())["steps"]
    steps[1]["datasets"] = {"hospital_spells": ["surname"]}
    bench.write_pilot(steps=steps)
    result = woda("agreements", "check")
    assert result.exit_code == 1
    assert "tiny/1_count: The agreement tiny does not share the field surname" in result.stderr


def test_agreements_leave_as_csv_and_come_back(bench):
    assert woda("agreements", "export", "register.csv").stdout == "1 agreement: register.csv\n"
    refused = woda("agreements", "import", "register.csv")
    assert refused.exit_code == 1
    assert "tiny.yaml is there already, and nothing was written" in refused.stderr
    assert woda("agreements", "import", "register.csv", "--replace").exit_code == 0
    assert woda("agreements", "check").exit_code == 0


def test_keys_are_made_rotated_listed_and_destroyed_and_each_time_recorded(bench, monkeypatch):
    (bench.root / "keys" / "tiny.json").unlink()
    unlocked = woda("keys", "create", "tiny")
    assert unlocked.exit_code == 1
    assert "must be locked" in unlocked.stderr
    monkeypatch.setenv("WODA_KEY_PASSPHRASE", "four plain words here")
    assert "locked with a passphrase" in woda("keys", "create", "tiny").stdout
    assert "locks from now on" in woda("keys", "rotate", "tiny").stdout
    assert woda("keys", "list").stdout.startswith("tiny: locked with passphrase\n  Versions: ")
    assert woda("keys", "destroy", "tiny", "--yes").exit_code == 0
    assert woda("keys", "list").stdout.startswith("tiny: destroyed ")
    assert "four plain words" not in (bench.root / "data/audit/log.jsonl").read_text()
    assert woda("audit", "verify").stdout == "The log is whole: 3 records.\n"


def test_a_key_for_no_agreement_is_not_made(bench, monkeypatch):
    monkeypatch.setenv("WODA_KEY_PASSPHRASE", "words")
    assert "There is no agreement 'tinny'" in woda("keys", "create", "tinny").stderr


def test_a_log_that_was_changed_exits_1_and_names_the_record(bench):
    (bench.root / "parameters/agreements/tiny.yaml").write_text(
        yaml.safe_dump(AGREEMENT | {"datasets": {}, "flows": {}})
    )
    assert woda("run", "tiny").exit_code == 1
    log = bench.root / "data/audit/log.jsonl"
    assert '"kind":"denial"' in log.read_text()
    log.write_text(log.read_text().replace("denial", "load"))
    result = woda("audit", "verify")
    assert result.exit_code == 1
    assert result.stderr.startswith("Record 1 is not as it was written: it differs from its anchor")


def test_another_day_needs_a_reason(bench):
    result = woda("run", "tiny", "--as-of", "2025-02-01")
    assert result.exit_code == 2
    assert "needs --reason, which is recorded." in " ".join(result.output.split())


def test_real_extracts_without_a_key_are_refused_before_any_work(bench):
    (bench.root / "keys" / "tiny.json").unlink()
    result = woda("run", "tiny")
    assert result.exit_code == 1
    assert result.stderr.startswith("There is no key for tiny. Whoever keeps the keys makes one:")


def test_a_misspelt_folder_of_extracts_is_named_before_a_key_is_asked_for(bench):
    (bench.root / "keys" / "tiny.json").unlink()
    result = woda("run", "tiny", "--extracts", "jnue")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"There are no extracts at {bench.root}/jnue.")


def test_retention_says_that_nothing_is_due(bench):
    assert woda("retention", "list").stdout == "Nothing is due.\n"
    assert woda("retention", "apply").stdout == "Nothing is due.\n"


def test_retention_lists_and_deletes_what_is_due(bench, monkeypatch):
    monkeypatch.setenv("WODA_TODAY", "2026-04-30")
    parties = [party | {"partner": "severnside_acute"} for party in AGREEMENT["parties"]]
    bench.write("parameters/agreements/tiny.yaml", yaml.safe_dump(AGREEMENT | {"parties": parties}))
    listed = woda("retention", "list").stdout.splitlines()
    assert listed[0] == "extract: data/extracts/demo/severnside_acute/hospital_spells_2025-03.csv"
    assert woda("retention", "apply", "--yes").exit_code == 0
    assert woda("retention", "list").stdout == "Nothing is due.\n"


def test_who_saw_asks_for_the_person_and_says_how_many_records_there_are(bench):
    asked = CliRunner().invoke(cli.app, ["audit", "who-saw"], input="9990000018\n")
    assert asked.exit_code == 0
    assert "0 records of the log are about rows of this person." in asked.stdout
    assert "9990000018" not in asked.output
