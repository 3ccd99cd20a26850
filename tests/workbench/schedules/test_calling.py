"""What calls `woda run --due`: units that systemd accepts, a crontab line that a shell accepts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from woda_lib.settings import Settings
from woda_lib.workbench.schedules.caller import Caller, InstallError, caller_of, variables_unseen
from woda_lib.workbench.schedules.crontab import (
    cron_line,
    install_line,
    line_is_installed,
    uninstall_line,
)
from woda_lib.workbench.schedules.timer import (
    install_timer,
    timer_standing,
    uninstall_timer,
    unit_files,
)

NASTY = '100% of "woda\'s" work \\ here; `id` & so on'


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home of its own, and no systemd that could start anything."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / ".config"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "no-such-bus"))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)


@pytest.fixture
def caller(tmp_path: Path) -> Caller:
    """Of a checkout whose path holds whatever can trip a parser.

    The interpreter's holds what systemd takes: it refuses quotes and backslashes in a program.
    """
    root = tmp_path / NASTY / "checkout"
    (root / "notebooks").mkdir(parents=True)
    (root / "parameters").mkdir()
    python = tmp_path / "100% of work" / "python"
    python.parent.mkdir()
    python.write_text('#!/bin/sh\nprintf "%s\\n" "$PWD" "$WODA_ROOT" "$@"\n')
    python.chmod(0o755)
    made = caller_of(Settings(root=root, data=None))
    return Caller(**{**vars(made), "interpreter": python})


def wanted(caller: Caller) -> str:
    """What the interpreter above prints when it is called as it should be."""
    return "".join(
        f"{line}\n"
        for line in (
            *(caller.root, caller.root, "-m", "woda_lib", "run", "--due"),
            *("--env-file", caller.environment),
        )
    )


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd")
def test_systemd_understands_the_units_and_finds_the_interpreter(caller, tmp_path):
    caller.make_files()
    installed = install_timer(caller)
    assert [path.suffix for path in installed.files] == [".service", ".timer"]
    (tmp_path / "runtime").mkdir()
    verified = subprocess.run(
        ["systemd-analyze", "--user", "verify", *map(str, installed.files)],
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path / "runtime")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert verified.stderr == ""
    gone = Caller(**{**vars(caller), "interpreter": tmp_path / "absent"})
    with pytest.raises(InstallError, match="is not executable"):
        install_timer(gone)
    assert timer_standing(caller) == ""  # nothing that systemd refuses is left lying there


def test_the_units_say_what_to_call_where_to_log_and_how_often(caller):
    service, timer = unit_files(caller).values()
    lines = service.splitlines()
    assert "Type=oneshot" in lines  # systemd starts no second one while the first is running
    assert f"StandardError=append:{str(caller.log).replace('%', '%%')}" in lines
    assert "OnCalendar=*:0/5" in timer.splitlines()
    assert "Environment" in service and "WODA_SMTP_PASSWORD" not in service


def test_a_timer_that_cannot_be_started_here_says_what_to_do_and_can_be_removed(caller):
    if not shutil.which("systemctl"):
        pytest.skip("needs systemd")
    installed = install_timer(caller)
    assert f"systemctl --user enable --now {caller.name}.timer" in installed.left_to_do[0]
    assert timer_standing(caller).startswith("installed")
    assert uninstall_timer(caller) == list(installed.files)
    assert (timer_standing(caller), uninstall_timer(caller)) == ("", [])


def test_a_shell_makes_of_the_crontab_line_what_was_meant(caller):
    caller.make_files()
    fields, command = cron_line(caller).split(" ", 5)[:5], cron_line(caller).split(" ", 5)[5]
    assert fields == ["*/5", "*", "*", "*", "*"]
    # cron(8): an unescaped percent sign ends the command, an escaped one loses its backslash.
    assert "%" not in command.replace("\\%", "")
    unescaped = command.replace("\\%", "%")
    subprocess.run(["/bin/sh", "-c", unescaped], env={"PATH": os.defpath}, check=True)
    assert caller.log.read_text() == wanted(caller)


CRONTAB = """#!/bin/sh
kept="$HOME/crontab"
case "$1" in
-l) [ -f "$kept" ] || { echo "no crontab for $USER" >&2; exit 1; }; cat "$kept" ;;
-) cat > "$kept" ;;
esac
"""


@pytest.fixture
def crontab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `crontab` that keeps its lines in a file, with one line that is somebody else's."""
    program = tmp_path / "bin" / "crontab"
    program.parent.mkdir()
    program.write_text(CRONTAB)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    kept = tmp_path / "home" / "crontab"
    kept.parent.mkdir()
    return kept


def test_the_line_is_put_once_into_a_crontab_and_others_stay(caller, crontab):
    install_line(caller)
    assert crontab.read_text() == f"{cron_line(caller)}\n"
    crontab.write_text("0 3 * * * backup\n" + crontab.read_text())
    hourly = Caller(**{**vars(caller), "minutes": 30})
    install_line(hourly)
    assert crontab.read_text().splitlines() == ["0 3 * * * backup", cron_line(hourly)]
    assert line_is_installed(caller)
    assert (uninstall_line(caller), uninstall_line(caller)) == (True, False)
    assert crontab.read_text() == "0 3 * * * backup\n"


def test_a_crontab_that_cannot_be_read_is_not_overwritten(caller, crontab, tmp_path):
    (tmp_path / "bin" / "crontab").write_text("#!/bin/sh\necho 'not allowed' >&2\nexit 1\n")
    with pytest.raises(InstallError, match="cannot be read: not allowed"):
        install_line(caller)


def test_without_cron_the_other_way_is_named(caller, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not line_is_installed(caller)
    with pytest.raises(InstallError, match="woda schedule --install"):
        install_line(caller)


def test_the_file_of_variables_is_ours_alone_and_never_overwritten(caller, monkeypatch):
    assert caller.make_files()
    assert caller.environment.stat().st_mode & 0o777 == 0o600
    caller.environment.write_text("WODA_SMTP_HOST=mail.example.org\n")
    assert not caller.make_files()
    assert caller.environment.read_text() == "WODA_SMTP_HOST=mail.example.org\n"
    monkeypatch.setenv("WODA_SMTP_HOST", "mail")
    monkeypatch.setenv("WODA_EXTRACTS", "/srv/extracts")
    assert {"WODA_EXTRACTS"} <= set(variables_unseen(caller))
    assert "WODA_SMTP_HOST" not in variables_unseen(caller)


def test_two_checkouts_of_one_name_do_not_share_a_timer(tmp_path):
    names = {caller_of(Settings(root=tmp_path / of / "woda")).name for of in ("a", "b")}
    assert len(names) == 2
    assert all(name.startswith("woda-woda-") for name in names)


@pytest.mark.parametrize("minutes", [0, 7, 60])
def test_only_what_divides_an_hour_can_be_installed(tmp_path, minutes):
    with pytest.raises(InstallError, match=f"--every {minutes} is not possible"):
        caller_of(Settings(root=tmp_path), minutes=minutes)


def test_a_path_that_no_unit_can_hold_is_refused(tmp_path):
    with pytest.raises(InstallError, match="dollar sign"):
        caller_of(Settings(root=tmp_path / "a$b"))


def test_the_interpreter_is_the_one_that_runs_now(tmp_path):
    assert caller_of(Settings(root=tmp_path)).command[0] == sys.executable
