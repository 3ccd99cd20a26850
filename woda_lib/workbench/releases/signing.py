"""A reviewer signs a release with an SSH key: proved before it counts, and recorded."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from woda_lib.records import (
    AuditEvent,
    ReleaseFolder,
    ReleaseStanding,
    Reviewer,
    SignatureError,
    bytes_sha256,
    read_reviewers,
    standing_of,
)
from woda_lib.records.release_log import remembered_releases
from woda_lib.records.reviewers import NAMESPACE, signatory
from woda_lib.records.signatures import prove_signature, read_signature, ssh_keygen
from woda_lib.records.standing import refuse_signer
from woda_lib.settings import Settings
from woda_lib.workbench.releases.cited import refuse_moved_figures
from woda_lib.workbench.releases.errors import ReleaseError
from woda_lib.workbench.releases.turns import place, record, turn, write_changelog


def sign_release(
    pilot: str,
    version: str,
    *,
    settings: Settings,
    key: Path = Path("~/.ssh/id_ed25519"),
    signature: Path | None = None,
) -> ReleaseStanding:
    """Add a reviewer's signature of a release's record, and return how the release stands then.

    Parameters
    ----------
    pilot, version : str
    settings : Settings
    key : Path
        A private SSH key; or a public one whose private half an agent or a hardware key holds.
        `ssh-keygen` asks for a passphrase or a touch by itself.
    signature : Path, optional
        In place of a key: a signature that was made elsewhere, with
        ``ssh-keygen -Y sign -n woda-release -f KEY release.json``.

    Raises
    ------
    ReleaseError
        If the release is void or withdrawn, what it cites fell or moved since, the key is no
        reviewer's, the reviewer may not sign it (has run it, or may sign made-up data alone), or
        has signed it already.
    CitationError
        If there is no such release.
    NoSshKeygen, ReviewersError, AuditError, OutputsError
        If something that is needed is not there, or cannot be read or written.
    """
    content = _record_to_sign(pilot, version, settings)
    refuse_moved_figures(standing_of(pilot, version, settings), settings)  # before a key is touched
    signed = signature.read_bytes() if signature else _sign(content, key)
    reviewers = read_reviewers(settings.reviewers_folder)
    reviewer = _reviewer(signed, reviewers, settings)
    with turn(pilot, settings) as home:
        if _record_to_sign(pilot, version, settings) != content:
            raise ReleaseError(f"{pilot} {version} has changed while it was being signed.")
        standing = standing_of(pilot, version, settings)
        refuse_moved_figures(standing, settings)
        try:
            refuse_signer(reviewer, standing.release)
            prove_signature(signed, content, reviewer, datetime.now(UTC))
        except SignatureError as error:
            raise ReleaseError(f"{pilot} {version} is not signed. The signature {error}.") from None
        path = ReleaseFolder(home / version).signature(reviewer.reviewer)
        if path.exists():
            signed = _unrecorded(path, reviewer, standing, settings)
        else:
            place(signed, path, home)
        record(
            AuditEvent(
                kind="sign",
                run=f"{pilot}/{standing.release.run_id}",
                release=standing.release.name,
                sha256=bytes_sha256(signed),
                detail=f"{reviewer.name} ({reviewer.role}) signed the record {standing.sha256}.",
            ),
            settings,
            undo=partial(path.unlink, missing_ok=True),
        )
        write_changelog(pilot, settings)
    return standing_of(pilot, version, settings)


def _record_to_sign(pilot: str, version: str, settings: Settings) -> bytes:
    standing = standing_of(pilot, version, settings)
    if standing.state in ("void", "withdrawn"):
        was = "is void" if standing.state == "void" else "was withdrawn"
        raise ReleaseError(f"{pilot} {version} {was} and cannot be signed. {standing.why}")
    content = ReleaseFolder(standing.folder).record.read_bytes()
    if bytes_sha256(content) != standing.sha256:
        raise ReleaseError(f"{pilot} {version} has changed while it was being signed.")
    return content


def _sign(content: bytes, key: Path) -> bytes:
    path = key.expanduser()
    if not path.is_file():
        raise ReleaseError(
            f"There is no key {path}. Name yours with --key, or make one with "
            "`ssh-keygen -t ed25519`."
        )
    # The error stream is the terminal's: there `ssh-keygen` asks for a touch of a hardware key.
    answer = subprocess.run(
        [ssh_keygen(), "-q", "-Y", "sign", "-n", NAMESPACE, "-f", str(path)],
        input=content,
        stdout=subprocess.PIPE,
        check=False,
    )
    if answer.returncode != 0:
        raise ReleaseError(f"ssh-keygen did not sign with {path}. Nothing was changed.")
    return answer.stdout


def _reviewer(signed: bytes, reviewers: dict[str, Reviewer], settings: Settings) -> Reviewer:
    try:
        said = read_signature(signed)
    except SignatureError as error:
        raise ReleaseError(f"The signature {error}.") from None
    if reviewer := signatory(said.key, reviewers):
        return reviewer
    known = ", ".join(one.name for one in reviewers.values()) or "nobody yet"
    raise ReleaseError(
        f"The key is no reviewer's: {settings.reviewers_folder} knows {known}. A reviewer is added "
        "with `woda reviewers add`, and the file agreed and committed like any other."
    )


def _unrecorded(
    path: Path, reviewer: Reviewer, standing: ReleaseStanding, settings: Settings
) -> bytes:
    """Return a signature that lies there and that a stopped machine kept from being recorded."""
    release = standing.release
    signed = path.read_bytes()
    memory = remembered_releases(settings.audit_file, release.pilot).get(release.version)
    if memory and bytes_sha256(signed) in memory.signatures:
        raise ReleaseError(
            f"{reviewer.name} has signed {release.pilot} {release.version} already. The second "
            "signature must be another person's."
        )
    return signed
