"""SSH signatures: read as what they say, and proved by `ssh-keygen`.

OpenSSH passes over what stands before and after a signature's lines, so that a file could change
and still be proved. A signature is taken here only if its file is byte for byte as `ssh-keygen`
writes it.

References
----------
OpenSSH, PROTOCOL.sshsig: the format. ssh-keygen(1), ALLOWED SIGNERS and ``-Y verify``.
"""

from __future__ import annotations

import base64
import binascii
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from woda_lib.errors import WodaError
from woda_lib.records.reviewers import NAMESPACE, Reviewer

_BEGIN = b"-----BEGIN SSH SIGNATURE-----\n"
_END = b"-----END SSH SIGNATURE-----\n"
_MAGIC = b"SSHSIG"
_WIDTH = 70
_MOST_FOUND = 1_000  # records of some kilobytes
_FOUND_GOOD: set[tuple[str, bytes, bytes, str, str, str]] = set()


class SignatureError(WodaError):
    """Something is not a good signature; the message says what is wrong with it."""


class NoSshKeygen(WodaError):
    """`ssh-keygen` is not installed, so that nothing can be signed or proved."""


@dataclass(frozen=True)
class Signature:
    """What a signature says of itself: the public key it was made with, and what it is for."""

    key: bytes
    namespace: str


def ssh_keygen() -> str:
    """Return the path of `ssh-keygen`.

    Raises
    ------
    NoSshKeygen
    """
    if found := shutil.which("ssh-keygen"):
        return found
    raise NoSshKeygen(
        "ssh-keygen is not installed, so that no signature can be made or proved. Install "
        "OpenSSH's client (Debian and Ubuntu: openssh-client)."
    )


def read_signature(content: bytes) -> Signature:
    """Read a signature's file.

    Raises
    ------
    SignatureError
        If it is not, byte for byte, what `ssh-keygen` writes.
    """
    body = content.removeprefix(_BEGIN).removesuffix(_END)
    try:
        blob = base64.b64decode(body.replace(b"\n", b""), validate=True)
        if content != _armoured(blob) or not blob.startswith(_MAGIC):
            raise ValueError
        key, rest = _string(blob[len(_MAGIC) + 4 :])
        namespace, _ = _string(rest)
        return Signature(key, namespace.decode())
    except (binascii.Error, ValueError):
        raise SignatureError("is not a whole SSH signature, or has been changed") from None


def prove_signature(content: bytes, record: bytes, reviewer: Reviewer, at: datetime) -> None:
    """Prove that a reviewer signed a record, with a key that held at a moment.

    Parameters
    ----------
    content : bytes
        Of the signature's file.
    record : bytes
        What was signed.
    reviewer : Reviewer
    at : datetime
        When it was signed, with a time zone.

    Raises
    ------
    SignatureError
        Its message goes on from the signature's name: "… is not of this record".
    NoSshKeygen
    """
    said = read_signature(content)
    if said.namespace != NAMESPACE:
        raise SignatureError(f"was made for something else than a release ({NAMESPACE})")
    if not reviewer.has_key(said.key):
        raise SignatureError(f"was made with a key that is not {reviewer.name}'s")
    if _verified(content, record, reviewer, at):
        return
    if not _verified(content, record, reviewer, None):
        raise SignatureError("is not of this record: one of the two was changed, or is another's")
    raise SignatureError(
        f"was made with a key of {reviewer.name} that did not hold on {at:%-d %B %Y}: "
        f"{reviewer.reviewer}.yaml gives the days"
    )


def _verified(content: bytes, record: bytes, reviewer: Reviewer, at: datetime | None) -> bool:
    """Whether a signature is good, at a moment or without regard to days.

    What was found good is so for good: the question names every byte that the answer depends on. A
    question that was not answered well may have met a full disk, and is asked again.
    """
    program = ssh_keygen()
    moment = "" if at is None else f"{at.astimezone(UTC):%Y%m%d%H%M%S}"
    asked = (
        program,
        content,
        record,
        reviewer.reviewer,
        reviewer.allowed if moment else "",
        moment,
    )
    if asked in _FOUND_GOOD:
        return True
    if not _answered_well(*asked):
        return False
    if len(_FOUND_GOOD) >= _MOST_FOUND:
        _FOUND_GOOD.clear()
    _FOUND_GOOD.add(asked)
    return True


def _answered_well(
    program: str, content: bytes, record: bytes, reviewer: str, allowed_keys: str, moment: str
) -> bool:
    """Ask `ssh-keygen`; without a moment, whoever signed and on whatever day."""
    with tempfile.TemporaryDirectory(prefix="woda-") as folder:
        allowed, signature = Path(folder, "allowed_signers"), Path(folder, "signature")
        signature.write_bytes(content)
        question = ["-Y", "check-novalidate"]
        if moment:
            allowed.write_text(allowed_keys, encoding="utf-8")
            question = ["-Y", "verify", "-f", str(allowed), "-I", reviewer]
            question += ["-O", f"verify-time={moment}"]
        answer = subprocess.run(
            [program, *question, "-n", NAMESPACE, "-s", str(signature)],
            input=record,
            capture_output=True,
            # OpenSSH reads days and times in the local zone where they name none.
            env={**os.environ, "TZ": "UTC"},
            check=False,
        )
    return answer.returncode == 0


def _armoured(blob: bytes) -> bytes:
    text = base64.b64encode(blob)
    lines = [text[at : at + _WIDTH] + b"\n" for at in range(0, len(text), _WIDTH)]
    return _BEGIN + b"".join(lines) + _END


def _string(blob: bytes) -> tuple[bytes, bytes]:
    """Take a length-prefixed string off the front of a blob."""
    length = int.from_bytes(blob[:4], "big")
    if len(blob) < 4 + length:
        raise ValueError
    return blob[4 : 4 + length], blob[4 + length :]
