"""The line of a crontab that calls `woda run --due`, where there is no systemd."""

from __future__ import annotations

import shlex
import subprocess
from shutil import which

from woda_lib.workbench.schedules.caller import Caller, InstallError

_PATIENCE = 30


def cron_line(caller: Caller) -> str:
    """Return the line; the mark at its end is how it is found again.

    A percent sign is a line's end to cron, so it is escaped. `woda run --due` itself sees to it
    that two calls never overlap.
    """
    words = " ".join(shlex.quote(word) for word in caller.command)
    root, log = shlex.quote(str(caller.root)), shlex.quote(str(caller.log))
    command = f"cd {root} && WODA_ROOT={root} {words} >> {log} 2>&1"
    return f"*/{caller.minutes} * * * * {command.replace('%', chr(92) + '%')} {_mark(caller)}"


def install_line(caller: Caller) -> None:
    """Put the line into this user's crontab, in place of one that it has of this checkout.

    Raises
    ------
    InstallError
        If there is no `crontab`, or it refuses.
    """
    _write([*_others(caller), cron_line(caller)])


def uninstall_line(caller: Caller) -> bool:
    """Take the line out of this user's crontab; say whether it was there."""
    if not line_is_installed(caller):
        return False
    _write(_others(caller))
    return True


def line_is_installed(caller: Caller) -> bool:
    """Say whether this user's crontab holds a line of this checkout."""
    return any(line.endswith(_mark(caller)) for line in _lines())


def _mark(caller: Caller) -> str:
    return f"# {caller.name}"


def _others(caller: Caller) -> list[str]:
    return [line for line in _lines() if not line.endswith(_mark(caller))]


def _lines() -> list[str]:
    program = which("crontab")
    if program is None:
        return []
    done = subprocess.run(
        [program, "-l"], capture_output=True, text=True, timeout=_PATIENCE, check=False
    )
    if done.returncode:
        # An empty crontab is told as an error; any other must not lead to its being overwritten.
        if "no crontab for" in done.stderr:
            return []
        raise InstallError(f"The crontab cannot be read: {done.stderr.strip()}")
    return done.stdout.splitlines()


def _write(lines: list[str]) -> None:
    program = which("crontab")
    if program is None:
        raise InstallError(
            "There is no `crontab` on this machine. Use `woda schedule --install` for a systemd "
            "timer, or install cron."
        )
    done = subprocess.run(
        [program, "-"],
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )
    if done.returncode:
        raise InstallError(f"The crontab cannot be written: {done.stderr.strip()}")
