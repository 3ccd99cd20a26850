"""A run becomes a release: checked, copied, numbered, and there at once or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from secrets import token_hex

from woda_lib.disclosure import scan_folder
from woda_lib.partners.audit import account
from woda_lib.records import (
    AuditEvent,
    Pilot,
    Release,
    ReleaseFolder,
    ReleaseStanding,
    as_json,
    public_contacts,
    sha256,
    standing_of,
    sums_text,
    text_sha256,
)
from woda_lib.records.release_log import remembered_releases
from woda_lib.records.standing import release_standings
from woda_lib.settings import Settings
from woda_lib.workbench.execution.partial import reach_the_disk
from woda_lib.workbench.held import clear_abandoned, held
from woda_lib.workbench.releases.changes import FIRST, Part, changes_between, next_version
from woda_lib.workbench.releases.differences import keep_counts, refuse_differences
from woda_lib.workbench.releases.errors import ReleaseError
from woda_lib.workbench.releases.gate import (
    Candidate,
    canaries_known,
    check_run,
    require_words,
)
from woda_lib.workbench.releases.turns import record, turn, write_changelog


def release_run(
    pilot: Pilot,
    *,
    settings: Settings,
    run_id: str | None = None,
    part: Part | None = None,
    allow_dirty: bool = False,
    reason: str = "",
) -> ReleaseStanding:
    """Freeze a run under a version of its own, for people to sign.

    The files are copies, so that nothing that is done to the run reaches the release. Nothing of
    ``restricted/`` is among them.

    Parameters
    ----------
    pilot : Pilot
    settings : Settings
    run_id : str, optional
        The last complete run, if left out.
    part : {"major", "minor"}, optional
        Which number of the version counts up; see `next_version`.
    allow_dirty : bool
        Whether code that is not committed may have made it; for made-up data alone.
    reason : str
        Why it is released although a value lies outside its expected range.

    Raises
    ------
    ReleaseError, ForeignOutput, DisclosureError
        If it may not be released.
    ManifestError, AgreementError, KeyStoreError, AuditError, OutputsError
        If something that is needed cannot be read or written.
    """
    reason = require_words(reason, "The reason", settings)
    candidate = check_run(pilot, run_id, settings, allow_dirty=allow_dirty, reason=reason)
    with turn(pilot.pilot, settings) as home:
        standings = release_standings(settings, pilot.pilot)
        _refuse_twice(candidate, standings)
        refuse_differences(candidate, standings, settings)
        # By their locks: a process killed as it began or ended leaves one without its folder.
        clear_abandoned(lock.with_suffix("") for lock in home.glob(".*.making.lock"))
        with held(home / f".{token_hex(4)}.making") as folder:
            making = ReleaseFolder(folder)
            files = _copy(candidate, making)
            public = public_contacts(settings.parameters_folder, pilot.pilot)
            scan_folder(making.files, canaries_known(settings), candidate.rule, public=public)
            release = _release(candidate, standings, files, settings, part=part, reason=reason)
            _write(release, making)
            keep_counts(candidate, release.version, settings)
            reach_the_disk([*folder.rglob("*"), folder])
            there = home / release.version
            folder.rename(there)
            record(
                AuditEvent(
                    kind="release",
                    agreement=candidate.agreement.id,
                    agreement_sha256=candidate.agreement.digest,
                    run=f"{pilot.pilot}/{release.run_id}",
                    release=release.name,
                    sha256=sha256(there / "release.json"),
                    detail=reason or None,
                ),
                settings,
                undo=lambda: there.rename(folder),
            )
            reach_the_disk([home])
        write_changelog(pilot.pilot, settings)
    return standing_of(pilot.pilot, release.version, settings)


def _refuse_twice(candidate: Candidate, standings: Sequence[ReleaseStanding]) -> None:
    for standing in standings:
        same = standing.release.run_id == candidate.run.path.name
        if same and standing.state in ("awaiting", "signed"):
            name = f"{standing.release.pilot} {standing.release.version}"
            raise ReleaseError(
                f"The run {candidate.run.path.name} is released already, as {name}. Name another "
                "run with --run, or withdraw that release first."
            )


def _copy(candidate: Candidate, making: ReleaseFolder) -> dict[str, str]:
    """Copy what readers may see, and return the SHA-256 of each copy."""
    for name, path in candidate.files.items():
        copy = making.files / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        copy.chmod(0o444)
    return {name: sha256(making.files / name) for name in candidate.files}


def _release(
    candidate: Candidate,
    standings: Sequence[ReleaseStanding],
    files: dict[str, str],
    settings: Settings,
    *,
    part: Part | None,
    reason: str,
) -> Release:
    manifest = candidate.manifest
    release = Release(
        pilot=candidate.pilot.pilot,
        version=FIRST,
        run_id=manifest.run_id,
        author=manifest.author,
        authors=candidate.authors,
        released=datetime.now(UTC),
        released_by=account(),
        question=candidate.pilot.question,
        answer=manifest.answer,
        values=tuple(manifest.values.values()),
        parameters=manifest.parameters,
        synthetic=candidate.synthetic,
        extracts=manifest.extracts,
        data_up_to=max(step.as_of for step in manifest.steps),
        commit=manifest.commit,
        dirty=manifest.dirty,
        publication=candidate.agreement.publication,
        reason=reason,
        protocols=manifest.protocols,
        files=files,
    )
    standing = [one.release for one in standings if one.state in ("awaiting", "signed")]
    before = standing[-1] if standing else None
    known = remembered_releases(settings.audit_file, release.pilot)
    taken = [*known, *(one.release.version for one in standings)]
    return release.model_copy(
        update={
            "version": next_version(taken, before, release, part),
            "previous": before.version if before else None,
            "changes": changes_between(before, release),
        }
    )


def _write(release: Release, making: ReleaseFolder) -> None:
    text = as_json(release)
    making.record.write_text(text, encoding="utf-8")
    making.sums.write_text(sums_text(text_sha256(text), release.files), encoding="utf-8")
    making.signatures.mkdir()
    for path in (making.record, making.sums):
        path.chmod(0o444)
