"""The systemd user timer that calls `woda run --due`, written, proved, started and removed.

A service of type *oneshot* is never started twice at once, so that calls do not overlap.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from woda_lib.settings import config_home
from woda_lib.workbench.schedules.caller import Caller, InstallError, not_written

_PATIENCE = 30
_MARK = "# Written by `woda schedule --install`; `woda schedule --uninstall` removes it."


@dataclass(frozen=True)
class Installed:
    """What installing came to: the files, and what the person has still to do by hand."""

    files: tuple[Path, ...]
    left_to_do: tuple[str, ...] = ()


def unit_files(caller: Caller) -> dict[str, str]:
    """Return the texts of the service and of the timer, by file name."""
    command = " ".join(_word(word) for word in caller.command)
    service = f"""\
{_MARK}
[Unit]
Description=WODA workbench: run what is due in {_plain(caller.root)}

[Service]
Type=oneshot
WorkingDirectory={_plain(caller.root)}
Environment={_word(f"WODA_ROOT={caller.root}")}
ExecStart={command}
StandardOutput=append:{_plain(caller.log)}
StandardError=append:{_plain(caller.log)}
Nice=10
"""
    timer = f"""\
{_MARK}
[Unit]
Description=WODA workbench: every {caller.minutes} minutes in {_plain(caller.root)}

[Timer]
OnCalendar=*:0/{caller.minutes}
AccuracySec=15s
Persistent=true

[Install]
WantedBy=timers.target
"""
    return {f"{caller.name}.service": service, f"{caller.name}.timer": timer}


def unit_folder() -> Path:
    """Where systemd looks for a user's own units."""
    return config_home() / "systemd" / "user"


def install_timer(caller: Caller) -> Installed:
    """Write the units, prove them, and start the timer where systemd answers.

    Raises
    ------
    InstallError
        If they cannot be written, or systemd does not understand them; nothing is left then.
    """
    folder = unit_folder()
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in unit_files(caller).items():
            hidden = folder / f".{name}.partial"
            hidden.write_text(text, encoding="utf-8")
            hidden.replace(folder / name)
            paths.append(folder / name)
    except OSError as error:
        raise not_written(folder, error) from None
    if problem := _fault_in(paths):
        for path in paths:
            path.unlink(missing_ok=True)
        raise InstallError(f"systemd does not understand the units: {problem}")
    return Installed(tuple(paths), tuple(_start(caller)))


def uninstall_timer(caller: Caller) -> list[Path]:
    """Stop the timer and remove its units; return what was removed."""
    paths = [unit_folder() / name for name in unit_files(caller)]
    there = [path for path in paths if path.is_file()]
    if there:
        _systemctl("disable", "--now", f"{caller.name}.timer")
        for path in there:
            try:
                path.unlink()
            except OSError as error:
                raise not_written(path, error) from None
        _systemctl("daemon-reload")
    return there


def timer_standing(caller: Caller) -> str:
    """Say whether a timer is installed and running; blank where there is none."""
    if not (unit_folder() / f"{caller.name}.timer").is_file():
        return ""
    asked = _systemctl("is-active", f"{caller.name}.timer")
    if asked is None or not asked.stdout.strip():
        return "installed; systemd does not answer here, so whether it runs is not known"
    return f"installed and {asked.stdout.strip()}"


def _start(caller: Caller) -> list[str]:
    """Start the timer; return the commands that are left to the person where that fails."""
    timer = f"{caller.name}.timer"
    left = []
    reloaded = _systemctl("daemon-reload")
    enabled = _systemctl("enable", "--now", timer) if _went_well(reloaded) else None
    if not _went_well(enabled):
        left.append(f"systemctl --user daemon-reload && systemctl --user enable --now {timer}")
    if not _lingers():
        left.append("loginctl enable-linger   # or the timer stops when you log out")
    return left


def _fault_in(paths: list[Path]) -> str:
    """What `systemd-analyze verify` finds wrong with the units; blank where it is not there."""
    program = which("systemd-analyze")
    if program is None:
        return ""
    with TemporaryDirectory() as runtime:  # it wants one, which a login by `su` does not have
        done = _asked([program, "--user", "verify", *map(str, paths)], XDG_RUNTIME_DIR=runtime)
    if done is None or not done.returncode:
        return ""
    names = {path.name for path in paths}
    lines = [line for line in done.stderr.splitlines() if any(name in line for name in names)]
    return " ".join(lines)


def _lingers() -> bool:
    program = which("loginctl")
    done = _asked([program, "show-user", "--property=Linger", "--value"]) if program else None
    return _went_well(done) and done is not None and done.stdout.strip() == "yes"


def _systemctl(*words: str) -> subprocess.CompletedProcess[str] | None:
    program = which("systemctl")
    return _asked([program, "--user", *words]) if program else None


def _asked(command: list[str], **variables: str) -> subprocess.CompletedProcess[str] | None:
    try:
        return subprocess.run(
            command,
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None


def _went_well(done: subprocess.CompletedProcess[str] | None) -> bool:
    return done is not None and done.returncode == 0


def _plain(path: Path) -> str:
    """A path where systemd takes the rest of the line as it stands, but for its specifiers."""
    return str(path).replace("%", "%%")


def _word(text: str) -> str:
    """One word of a command line, quoted as systemd.syntax(7) says."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'
