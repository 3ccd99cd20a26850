"""The two reviewers of a demonstration: keys that stand for nobody and sign made-up data alone.

Their private keys lie in the data folder, where only the owner can read them, and their files among
the other reviewers', where git passes over them: what a checkout keeps names no such reviewer.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from woda_lib.errors import WodaError
from woda_lib.records.reviewers import (
    Reviewer,
    ReviewerKey,
    read_reviewer,
    signatory,
    write_reviewer,
)
from woda_lib.records.signatures import ssh_keygen
from woda_lib.settings import Settings
from woda_lib.workbench.review.index import locked

ROLE = "throw-away key"
_NAMES = {
    "demonstration_one": "Demonstration reviewer one",
    "demonstration_two": "Demonstration reviewer two",
}


class DemonstrationError(WodaError):
    """The demonstration cannot be given here."""

    exit_code = 2


@dataclass(frozen=True)
class DemonstrationReviewer:
    """A reviewer of a demonstration, and where the private half of the key lies."""

    reviewer: Reviewer
    key: Path


def demonstration_reviewers(settings: Settings) -> tuple[DemonstrationReviewer, ...]:
    """Return the two reviewers of the demonstration; what is missing of them is made.

    A key that was lost is made anew and added to the reviewer's file, so that what was signed with
    the one before still stands.

    Raises
    ------
    NoSshKeygen
        If `ssh-keygen` is not installed; nothing is made then.
    DemonstrationError
        If a key cannot be made, or a file with such a reviewer's name is another person's.
    ReviewersError
        If a reviewer's file is not valid.
    """
    program = ssh_keygen()
    folder = settings.data_folder / "demonstration"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with locked(folder / ".lock"):
        keys = {name: _key(folder / name, program) for name in _NAMES}
        return tuple(
            DemonstrationReviewer(_listed(name, key, settings), key) for name, key in keys.items()
        )


def _key(path: Path, program: str) -> Path:
    """Return where a private key lies, made where it or its public half is missing."""
    public = path.with_suffix(".pub")
    if path.is_file() and public.is_file():
        return path
    for left in (path, public):
        left.unlink(missing_ok=True)
    made = subprocess.run(
        [program, "-q", "-t", "ed25519", "-N", "", "-C", "woda demonstrate", "-f", str(path)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if made.returncode != 0:
        raise DemonstrationError(
            f"ssh-keygen could not make a key for the demonstration in {path.parent.name}/ of the "
            "data folder. See to it that the folder can be written to, and try again."
        )
    path.chmod(0o600)
    return path


def _listed(name: str, key: Path, settings: Settings) -> Reviewer:
    """Return the reviewer whose file names a key, written where it does not."""
    own = ReviewerKey(key=key.with_suffix(".pub").read_text(encoding="utf-8"))
    path = settings.reviewers_folder / f"{name}.yaml"
    earlier: tuple[ReviewerKey, ...] = ()
    if path.is_file():
        known = read_reviewer(path)
        if known.signs != "made-up data":
            raise DemonstrationError(
                f"reviewers/{path.name} is of a reviewer who signs {known.signs}, and that name is "
                "the demonstration's. Give the reviewer's file another name."
            )
        if signatory(own.blob, {name: known}):
            return known
        earlier = known.keys
    reviewer = Reviewer(
        reviewer=name, name=_NAMES[name], role=ROLE, signs="made-up data", keys=(*earlier, own)
    )
    write_reviewer(reviewer, settings.reviewers_folder)
    return reviewer
