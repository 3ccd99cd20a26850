"""Who may sign releases: one file a reviewer, with role, keys and the days on which they hold.

OpenSSH asks a file of allowed signers. It is made from these for each question, so that a person's
role, the names under which the person runs pilots and whether real data may be signed stand in one
place with the keys. A reviewer who leaves gets an `until` and stays: what was signed before stands.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from woda_lib.errors import WodaError
from woda_lib.records.findings import explain
from woda_lib.records.runs import write_text

NAMESPACE = "woda-release"
"""What the signatures are for; OpenSSH refuses one that was made for anything else."""

_REVIEWER = re.compile(r"^[a-z][a-z0-9]*(_[a-z0-9]+)*\Z")
_KINDS = (
    "ssh-ed25519",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "ssh-rsa",
)
_PARTS = re.compile(r"[<>,]")


class ReviewersError(WodaError):
    """A reviewer's file is not valid, or two of them contradict each other."""

    exit_code = 2


class _Clause(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ReviewerKey(_Clause):
    """One public key of a reviewer, and the days on which it may sign, both included.

    Attributes
    ----------
    key : str
        As a ``.pub`` file has it; a comment at its end is left out.
    since, until : date, optional
        ``from`` and ``until`` in the file.
    """

    key: str
    since: date | None = Field(default=None, alias="from")
    until: date | None = None

    @field_validator("key")
    @classmethod
    def _is_a_public_key(cls, key: str) -> str:
        kind, _, rest = key.strip().partition(" ")
        encoded = rest.split()[0] if rest.split() else ""
        if kind not in _KINDS:
            raise ValueError(f"must be a public SSH key, whose first word is {' or '.join(_KINDS)}")
        try:
            blob = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            blob = b""
        if not blob.startswith(len(kind).to_bytes(4, "big") + kind.encode()):
            raise ValueError("is not a whole public key. Copy the line of the .pub file")
        return f"{kind} {encoded}"

    @model_validator(mode="after")
    def _days_follow_each_other(self) -> ReviewerKey:
        if self.since and self.until and self.until < self.since:
            raise ValueError("until comes before from")
        return self

    @property
    def blob(self) -> bytes:
        """The key as signatures carry it."""
        return base64.b64decode(self.key.partition(" ")[2])

    @property
    def fingerprint(self) -> str:
        """The key's fingerprint, as `ssh-keygen -l` says it."""
        digest = base64.b64encode(hashlib.sha256(self.blob).digest()).decode()
        return f"SHA256:{digest.rstrip('=')}"

    def line(self, reviewer: str) -> str:
        """Return the key's line in a file of allowed signers; days are in UTC."""
        options = [f'namespaces="{NAMESPACE}"']
        if self.since:
            options.append(f'valid-after="{self.since:%Y%m%d}"')
        if self.until:
            options.append(f'valid-before="{self.until + timedelta(days=1):%Y%m%d}"')
        return f"{reviewer} {','.join(options)} {self.key}\n"


class Reviewer(_Clause):
    """A person who may sign releases.

    Attributes
    ----------
    reviewer : str
        In snake_case; the name of the file, and the principal in OpenSSH's words.
    name, role : str
        As the site shows them.
    signs : {"real data", "made-up data"}
        A reviewer of made-up data signs nothing else, such as one made for a demonstration.
    known_as : tuple of str
        The names under which the person runs pilots: git's user name and e-mail address, accounts.
        What somebody has run, that person cannot sign.
    keys : tuple of ReviewerKey
    """

    reviewer: str
    name: str = Field(min_length=1)
    role: str = Field(min_length=1)
    signs: Literal["real data", "made-up data"]
    known_as: tuple[str, ...] = ()
    keys: tuple[ReviewerKey, ...]

    @field_validator("reviewer")
    @classmethod
    def _is_a_file_name(cls, reviewer: str) -> str:
        if not _REVIEWER.match(reviewer):
            raise ValueError("must be in snake_case, such as anna_price")
        return reviewer

    @field_validator("keys")
    @classmethod
    def _has_a_key(cls, keys: tuple[ReviewerKey, ...]) -> tuple[ReviewerKey, ...]:
        if not keys:
            raise ValueError("must hold a key at least")
        return keys

    @property
    def names(self) -> frozenset[str]:
        """Every name of the person, without regard to case."""
        return frozenset(map(_plain, (self.reviewer, self.name, *self.known_as)))

    def is_one_of(self, authors: Iterable[str]) -> bool:
        """Whether any of some authors (``Anna Price <anna@…>``, an account) is this person."""
        return any(
            _plain(part) in self.names
            for author in authors
            for part in (author, *_PARTS.split(author))
        )

    def has_key(self, blob: bytes) -> bool:
        """Whether a key, as signatures carry it, is one of this person's."""
        return any(key.blob == blob for key in self.keys)

    @property
    def allowed(self) -> str:
        """The reviewer's lines in a file of allowed signers."""
        return "".join(key.line(self.reviewer) for key in self.keys)


def read_reviewer(path: Path) -> Reviewer:
    """Read and check one reviewer's file.

    Raises
    ------
    ReviewersError
        Naming the file and the key.
    """
    name = f"reviewers/{path.name}"
    try:
        reviewer = Reviewer.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ReviewersError(f"{name} cannot be read as YAML ({type(error).__name__}).") from None
    except ValidationError as error:
        raise ReviewersError(f"{name}: {explain(error)}") from None
    if reviewer.reviewer != path.stem:
        raise ReviewersError(
            f"{name}: the key reviewer is {reviewer.reviewer!r}, and must be the file's name, "
            f"{path.stem!r}."
        )
    return reviewer


def add_reviewer(content: Mapping[str, Any], folder: Path) -> Path:
    """Write the file of a new reviewer, and return where it lies.

    Parameters
    ----------
    content : mapping
        As the file says it; see `Reviewer`.
    folder : Path

    Raises
    ------
    ReviewersError
        If the content is not valid, there is such a file, or it shares a key or a name with
        another; nothing is written then.
    """
    try:
        reviewer = Reviewer.model_validate(content)
    except ValidationError as error:
        raise ReviewersError(f"No reviewer was added. {explain(error)}") from None
    path = folder / f"{reviewer.reviewer}.yaml"
    if path.exists():
        raise ReviewersError(
            f"reviewers/{path.name} is there already. Add another key to it by hand, under keys."
        )
    return write_reviewer(reviewer, folder)


def write_reviewer(reviewer: Reviewer, folder: Path) -> Path:
    """Write a reviewer's file, in the place of one that is there, and return where it lies.

    Raises
    ------
    ReviewersError
        If it shares a key or a name with another reviewer; nothing is written then.
    """
    _refuse_shared({**read_reviewers(folder), reviewer.reviewer: reviewer})
    path = folder / f"{reviewer.reviewer}.yaml"
    said = reviewer.model_dump(by_alias=True, exclude_none=True, mode="python")
    said |= {"known_as": list(reviewer.known_as), "keys": list(said["keys"])}
    write_text(path, yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=1000))
    return path


def read_reviewers(folder: Path) -> dict[str, Reviewer]:
    """Read and check every reviewer's file, by name.

    Raises
    ------
    ReviewersError
        If a file is not valid, or two reviewers share a key or a name: two signatures must be of
        two people.
    """
    found = {path.stem: read_reviewer(path) for path in sorted(folder.glob("*.yaml"))}
    _refuse_shared(found)
    return found


def signatory(blob: bytes, reviewers: Mapping[str, Reviewer]) -> Reviewer | None:
    """Return the reviewer whose key this is, or nothing."""
    return next((one for one in reviewers.values() if one.has_key(blob)), None)


def _refuse_shared(reviewers: Mapping[str, Reviewer]) -> None:
    keys: dict[bytes, str] = {}
    names: dict[str, str] = {}
    for one in reviewers.values():
        for blob in {key.blob for key in one.keys}:
            if (other := keys.setdefault(blob, one.reviewer)) != one.reviewer:
                raise ReviewersError(
                    f"reviewers/{one.reviewer}.yaml and {other}.yaml have the same key. Two "
                    "signatures must be of two people: give each one's own key."
                )
        for name in one.names:
            if (other := names.setdefault(name, one.reviewer)) != one.reviewer:
                raise ReviewersError(
                    f"reviewers/{one.reviewer}.yaml and {other}.yaml give the same name to two "
                    "people. Two signatures must be of two people: keep one file a person, with "
                    "all of the person's keys, and give each name to one of them."
                )


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
