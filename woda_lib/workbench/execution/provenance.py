"""Which code made a run, and who: commit, lock, package versions and the author."""

from __future__ import annotations

import getpass
import os
import subprocess
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

from woda_lib.errors import WodaError
from woda_lib.records import sha256

_DISTRIBUTION = "woda-workbench"
_version = cache(version)  # a process goes on with what it has imported


class LockNotFound(WodaError):
    """The checkout has no lock, so a run could not say what it was made with."""

    exit_code = 2


@dataclass(frozen=True)
class Provenance:
    """The state of the code at the start of a run.

    Attributes
    ----------
    commit : str or None
        The checkout's commit; None outside git, or before the first commit.
    dirty : bool or None
        Whether files differ from that commit, or are not in it; None where there is no commit.
    lock_sha256 : str
        The hash of ``requirements.lock``.
    packages : dict of str to str
        The installed version of each package that the workbench names itself.
    author : str
        Who runs it: the name that git knows, or else the login name.
    """

    commit: str | None
    dirty: bool | None
    lock_sha256: str
    packages: dict[str, str]
    author: str


def describe_code(root: Path) -> Provenance:
    """Describe the checkout at `root` and the packages of this interpreter.

    Raises
    ------
    LockNotFound
        If `root` holds no ``requirements.lock``.
    """
    lock = root / "requirements.lock"
    if not lock.is_file():
        raise LockNotFound(
            f"{root} holds no requirements.lock, so a run could not say which package versions "
            "made it. Take the file from the repository."
        )
    commit = _git(root, "rev-parse", "--verify", "--quiet", "HEAD")
    changes = _git(root, "status", "--porcelain") if commit else None
    return Provenance(
        commit=commit,
        dirty=None if changes is None else bool(changes),
        lock_sha256=sha256(lock),
        packages=installed(),
        author=_git(root, "config", "user.name") or login_name(),
    )


def login_name() -> str:
    """Return the name of the user of this process, or the number where the system has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _git(root: Path, *arguments: str) -> str | None:
    """Return what git says about the checkout; None where it knows nothing, or is not installed."""
    try:
        answer = subprocess.run(
            ["git", "-C", str(root), *arguments],
            capture_output=True,
            text=True,
            # Asking must not write to the checkout's index.
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
            check=False,
        )
    except FileNotFoundError:
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None


def installed() -> dict[str, str]:
    """Return the installed version of each package that the workbench names itself."""
    versions = {}
    for line in requires(_DISTRIBUTION) or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            try:
                versions[requirement.name] = _version(requirement.name)
            except PackageNotFoundError:
                continue
    return dict(sorted(versions.items()))
