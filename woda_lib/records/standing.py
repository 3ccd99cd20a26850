"""How releases stand, proved anew from every byte each time they are asked for.

Nothing is taken on trust from an earlier look: files are hashed and signatures proved again. What a
release's own files cannot prove (that something was taken away, when it was signed) is held against
the audit log; where that knows nothing of the release, the standing says so.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from woda_lib.records.proving import once
from woda_lib.records.release_log import Remembered, remembered_releases
from woda_lib.records.releases import (
    SIGNATURES_NEEDED,
    Release,
    ReleaseFolder,
    ReleaseStanding,
    Signer,
    State,
    Withdrawal,
    is_version,
    releases_of,
    sums_text,
    versions_in,
    versions_in_order,
)
from woda_lib.records.reviewers import Reviewer, read_reviewers
from woda_lib.records.runs import as_json, bytes_sha256, sha256
from woda_lib.records.signatures import NoSshKeygen, SignatureError, prove_signature
from woda_lib.settings import Settings

UNRECORDED = (
    "The audit log here does not know this release, so that a signature or a withdrawal that was "
    "taken away would not be missed."
)


class _Void(Exception):
    """Something about a release is not as it must be; the message is a sentence for people."""


def release_standings(settings: Settings, pilot: str) -> list[ReleaseStanding]:
    """Return a pilot's releases as they stand now, the lowest version first.

    Every byte is read and every signature proved, within `proved_once` at most once. A release that
    the audit log remembers and that is not there is among them, as void.

    Raises
    ------
    ReviewersError
        If a reviewer's file is not valid, so that no signature can be proved.
    """
    places = (settings.outputs_folder, settings.audit_file, settings.reviewers_folder)
    key = ("standings", pilot, *map(str, places))
    return list(once(key, lambda: _prove(settings, pilot)))


def _prove(settings: Settings, pilot: str) -> list[ReleaseStanding]:
    folder = releases_of(settings, pilot)
    memory = remembered_releases(settings.audit_file, pilot)
    released = (v for v, one in memory.items() if one.record and is_version(v))
    versions = versions_in_order([*versions_in(folder), *released])
    if not versions:
        return []
    reviewers = read_reviewers(settings.reviewers_folder)
    return [
        prove_release(ReleaseFolder(folder / version), pilot, reviewers, memory.get(version))
        for version in versions
    ]


def prove_release(
    folder: ReleaseFolder,
    pilot: str,
    reviewers: Mapping[str, Reviewer],
    memory: Remembered | None,
) -> ReleaseStanding:
    """Say how one release stands, from its files and what the audit log remembers of it."""
    proof = _Proof(folder, pilot, reviewers, memory if memory and memory.record else None)
    try:
        proof.files()
        proof.withdrawal()
        proof.signatures()
    except _Void as error:
        return proof.standing("void", f"{error}{proof.withdrawn_too}")
    except OSError as error:
        return proof.standing("void", f"A file of it cannot be read ({error.strerror}).")
    if proof.withdrawn:
        return proof.standing("withdrawn", proof.withdrawn.reason)
    signed = len(proof.signers) >= SIGNATURES_NEEDED
    return proof.standing("signed" if signed else "awaiting", "")


@dataclass
class _Proof:
    """One look at one release, and what has been established of it so far."""

    folder: ReleaseFolder
    pilot: str
    reviewers: Mapping[str, Reviewer]
    memory: Remembered | None
    release: Release | None = None
    content: bytes = b""
    withdrawn: Withdrawal | None = None
    signers: list[Signer] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def version(self) -> str:
        return self.folder.path.name

    @property
    def digest(self) -> str:
        return bytes_sha256(self.content)

    @property
    def withdrawn_too(self) -> str:
        return f" It had been withdrawn: {self.withdrawn.reason}" if self.withdrawn else ""

    def standing(self, state: State, why: str) -> ReleaseStanding:
        """Put together what was found; what is void has no signers, whoever signed it."""
        return ReleaseStanding(
            release=self.release or self._unread(),
            folder=self.folder.path,
            state=state,
            signers=() if state == "void" else tuple(self.signers),
            why=why,
            notes=tuple(self.notes),
            sha256=self.digest if self.content else "",
            withdrawal=self.withdrawn,
        )

    def files(self) -> None:
        """Prove that the record is the one released, and every file as the record says."""
        if not self.folder.path.is_dir() and self.memory and self.memory.released:
            raise _Void(
                f"It was released on {_day(self.memory.released)} and is not there: it was taken "
                "away, or the machine stopped as it was released. Its number is not used again."
            )
        there = dict(_walk(self.folder.path))
        self.release = self._record()
        if self.memory is None:
            self.notes.append(UNRECORDED)
        elif self.memory.record != self.digest:
            raise _Void("release.json is not the record that the audit log remembers.")
        sums = sums_text(self.digest, self.release.files)
        if self.folder.sums.is_symlink() or not self.folder.sums.is_file():
            raise _Void("SHA256SUMS is missing.")
        if self.folder.sums.read_bytes() != sums.encode():
            raise _Void("release.json and SHA256SUMS contradict each other: one was changed.")
        frozen = {f"files/{path}": digest for path, digest in self.release.files.items()}
        if missing := sorted(frozen.keys() - there.keys()):
            raise _Void(f"{_several(missing, 'is', 'are')} missing.")
        known = frozen.keys() | {self.folder.record.name, self.folder.sums.name}
        may_come = {self.folder.withdrawal.name} | {name for name in there if _is_signature(name)}
        if added := len(there.keys() - known - may_come):
            # Not by their names, which nobody has looked at: one may be a person's.
            what = (
                "A file lies in it that was" if added == 1 else f"{added} files lie in it that were"
            )
            raise _Void(f"{what} not released.")
        if changed := [name for name in sorted(frozen) if sha256(there[name]) != frozen[name]]:
            was = _several(changed, "is not as it was", "are not as they were")
            raise _Void(f"{was} released.")

    def withdrawal(self) -> None:
        """Read the withdrawal, if there is one, and miss one that was taken away."""
        past = self.memory.withdrawals if self.memory else {}
        if not self.folder.withdrawal.is_file():
            if past:
                day = _day(min(past.values()))
                raise _Void(f"It was withdrawn on {day}, and withdrawn.json is missing.")
            return
        content = self.folder.withdrawal.read_bytes()
        try:
            self.withdrawn = Withdrawal.model_validate_json(content)
        except ValidationError:
            raise _Void("withdrawn.json has been changed: it is not a withdrawal.") from None
        if self.withdrawn.record != self.digest or content != as_json(self.withdrawn).encode():
            raise _Void("withdrawn.json has been changed, or is another release's.")
        if self.memory and bytes_sha256(content) not in past:
            raise _Void("withdrawn.json is not the withdrawal that the audit log remembers.")

    def signatures(self) -> None:
        """Prove every signature; one that is not good voids the release, and so does a lost one."""
        missed = dict(self.memory.signatures) if self.memory else {}
        paths = sorted(self.folder.signatures.glob("*")) if self.folder.signatures.is_dir() else []
        for path in paths:
            content = path.read_bytes()
            digest = bytes_sha256(content)
            at = missed.pop(digest, None)
            try:
                self.signers.append(self._signer(path.stem, content, at))
            except SignatureError as error:
                raise _Void(f"signatures/{path.name} {error}.") from None
            except NoSshKeygen as error:
                self.notes.append(f"signatures/{path.name} was not proved. {error}")
        if missed:
            raise _Void(f"The signature of {_day(min(missed.values()))} is missing.")

    def _signer(self, name: str, content: bytes, at: datetime | None) -> Signer:
        assert self.release is not None
        reviewer = self.reviewers.get(name)
        if reviewer is None:
            raise SignatureError(f"is of nobody: there is no parameters/reviewers/{name}.yaml")
        refuse_signer(reviewer, self.release)
        prove_signature(content, self.content, reviewer, at or datetime.now(UTC))
        if at is None and self.memory:
            self.notes.append(f"The audit log does not say when {reviewer.name} signed.")
        return Signer(reviewer.name, reviewer.role, at)

    def _record(self) -> Release:
        try:
            self.content = self.folder.record.read_bytes()
            release = Release.model_validate_json(self.content)
        except FileNotFoundError:
            raise _Void("release.json is missing.") from None
        except ValidationError:
            raise _Void(
                "release.json has been changed: it is not the record of a release."
            ) from None
        if (release.pilot, release.version) != (self.pilot, self.version):
            raise _Void(
                f"Its folder says {self.pilot} {self.version}, and its record is that of "
                f"{release.pilot} {release.version}: it was renamed."
            )
        return release

    def _unread(self) -> Release:
        """What stands for a record that cannot be read: nothing but what its place says."""
        released = self.memory.released if self.memory else None
        if released is None:
            released = datetime.fromtimestamp(self.folder.path.stat().st_mtime, UTC)
        return Release(
            pilot=self.pilot,
            version=self.version,
            run_id="",
            author="",
            released=released,
            question="",
            answer="",
            values=(),
            parameters={},
            synthetic=False,
            files={},
        )


def refuse_signer(reviewer: Reviewer, release: Release) -> None:
    """Refuse a reviewer who may not sign a release, whatever the signature.

    Raises
    ------
    SignatureError
        Its message goes on from the signature's name.
    """
    if reviewer.is_one_of((release.author, *release.authors)):
        raise SignatureError(f"is of {reviewer.name}, who ran it and may not sign it")
    if reviewer.signs == "made-up data" and not release.synthetic:
        raise SignatureError(
            f"is of {reviewer.name}, who may sign made-up data alone, and this rests on real data"
        )


def _walk(folder: Path) -> Iterator[tuple[str, Path]]:
    """Give every file below a folder; refuse what is neither file nor folder, and empty folders."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        mode = path.lstat().st_mode
        if stat.S_ISREG(mode):
            yield name, path
        elif not stat.S_ISDIR(mode):
            raise _Void("Something lies in it that is neither a file nor a folder, such as a link.")
        elif name != "signatures" and not any(path.iterdir()):
            raise _Void("A folder lies in it that was not released, or has been emptied.")


def _is_signature(name: str) -> bool:
    folder, _, file = name.rpartition("/")
    return folder == "signatures" and file.endswith(".sig") and not file.startswith(".")


def _several(names: list[str], one: str, many: str) -> str:
    if len(names) == 1:
        return f"{names[0]} {one}"
    return f"{len(names)} files (the first is {names[0]}) {many}"


def _day(moment: datetime) -> str:
    return f"{moment:%-d %B %Y}"
