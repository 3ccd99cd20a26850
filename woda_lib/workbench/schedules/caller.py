"""What calls `woda run --due` every few minutes: its name, its command, its log and its settings.

A timer or a crontab starts the command with an almost empty environment. What a shell would export
stands in a file that only its owner can read, ``~/.config/woda/<name>.env``.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from woda_lib.errors import WodaError
from woda_lib.settings import Settings, config_home, variables_set

_EVERY = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30)

_FIRST_LINES = """\
# What `woda run --due` needs to know on this machine: WODA_NAME=value, a line each.
# Only its owner may read this file (chmod 600), since it may hold passwords.
# docs/schedules.md says what can stand here, such as:
# WODA_EXTRACTS=/srv/extracts
# WODA_SMTP_HOST=mail.example.org
# WODA_SMTP_SENDER=woda@example.org
"""


class InstallError(WodaError):
    """A timer or a line of the crontab cannot be written, removed or read."""


@dataclass(frozen=True)
class Caller:
    """What a unit or a crontab line is made of.

    Attributes
    ----------
    name : str
        Of the checkout, so that two of them on one machine do not overwrite each other's.
    root, interpreter, log, environment : Path
        The checkout; the Python that runs `woda`; where output goes; the file of variables.
    minutes : int
        How often.
    """

    name: str
    root: Path
    interpreter: Path
    log: Path
    environment: Path
    minutes: int = 5

    @property
    def command(self) -> list[str]:
        """The words of the command."""
        return [
            *(str(self.interpreter), "-m", "woda_lib", "run", "--due"),
            *("--env-file", str(self.environment)),
        ]

    def make_files(self) -> bool:
        """Make the folder of the log, and the file of variables if it is not there; say if so.

        Raises
        ------
        InstallError
            If they cannot be written.
        """
        try:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            self.environment.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.environment, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return False
        except OSError as error:
            raise not_written(self.environment, error) from None
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(_FIRST_LINES)
        return True


def caller_of(settings: Settings, *, minutes: int = 5) -> Caller:
    """Return what calls the schedule of this checkout.

    Raises
    ------
    InstallError
        If `minutes` does not divide an hour, or a path holds what no unit file can.
    """
    if minutes not in _EVERY:
        raise InstallError(
            f"--every {minutes} is not possible: an hour must be divided evenly, by one of "
            f"{', '.join(str(number) for number in _EVERY)} minutes."
        )
    root = settings.root.resolve()
    digest = hashlib.sha256(str(root).encode()).hexdigest()[:6]
    word = re.sub(r"[^A-Za-z0-9]+", "-", root.name).strip("-").lower() or "checkout"
    name = f"woda-{word}-{digest}"
    made = Caller(
        name=name,
        root=root,
        interpreter=Path(sys.executable),
        log=settings.schedules_folder / "log.txt",
        environment=config_home() / "woda" / f"{name}.env",
        minutes=minutes,
    )
    for path in (made.root, made.interpreter, made.log, made.environment):
        if re.search(r"[\x00-\x1f\x7f$]", str(path)):
            raise InstallError(
                f"{path} holds a dollar sign or a control character, which systemd and cron "
                "cannot be told. Move the checkout to another folder."
            )
    return made


def variables_unseen(caller: Caller) -> list[str]:
    """Name the ``WODA_…`` variables that are set here and that a scheduled run will not see."""
    try:
        written = caller.environment.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        written = ""
    return [name for name in variables_set() if not re.search(rf"(?m)^\s*{name}\s*=", written)]


def not_written(path: Path, error: OSError) -> InstallError:
    """Say that a file cannot be written."""
    return InstallError(
        f"{path} cannot be written: {error.strerror}. Make room, or give this user the right to "
        "write there."
    )
