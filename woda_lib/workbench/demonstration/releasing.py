"""A complete run on made-up data is released once, and signed by the demonstration's reviewers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from woda_lib.records import Manifest, Pilot, ReleaseStanding
from woda_lib.records.releases import SIGNATURES_NEEDED
from woda_lib.records.standing import release_standings
from woda_lib.settings import Settings
from woda_lib.workbench.demonstration.reviewers import DemonstrationReviewer
from woda_lib.workbench.releases import release_run, sign_release

REASON = "Released by a demonstration on made-up data; nobody has looked into the value."


@dataclass(frozen=True)
class Released:
    """How the release of a run stands, and whether anything was done for it just now."""

    standing: ReleaseStanding
    changed: bool


def release_and_sign(
    pilot: Pilot,
    manifest: Manifest,
    settings: Settings,
    reviewers: Sequence[DemonstrationReviewer],
) -> Released:
    """Release a run that is not released yet, and have it signed as far as that is wanting.

    A release that was withdrawn, or is void, is somebody's doing: it is left as it is.

    Parameters
    ----------
    pilot : Pilot
    manifest : Manifest
        Of the run.
    settings : Settings
    reviewers : sequence of DemonstrationReviewer
        None where nothing can be signed here.

    Raises
    ------
    ReleaseError, ForeignOutput, DisclosureError
        If the run may not be released.
    AuditError, OutputsError, KeyStoreError
        If something that is needed cannot be read or written.
    """
    before = _of_run(manifest.run_id, release_standings(settings, pilot.pilot))
    standing = before or release_run(
        pilot,
        settings=settings,
        run_id=manifest.run_id,
        allow_dirty=True,
        reason=REASON if manifest.unexpected else "",
    )
    if standing.state == "awaiting":
        signed = {signer.name for signer in standing.signers}
        unused = [one for one in reviewers if one.reviewer.name not in signed]
        for one in unused[: SIGNATURES_NEEDED - len(signed)]:
            standing = sign_release(
                pilot.pilot, standing.release.version, settings=settings, key=one.key
            )
    return Released(standing, changed=before is None or before.signers != standing.signers)


def _of_run(run_id: str, standings: Sequence[ReleaseStanding]) -> ReleaseStanding | None:
    """Return the release of a run, one that counts before one that does not.

    One whose record cannot be read may be of any run. One that is gone altogether was removed with
    the runs of its time, and stands in nobody's way.
    """
    there = [one for one in standings if one.folder.is_dir()]
    own = [one for one in there if one.release.run_id in ("", run_id)]
    counting = [one for one in own if one.state in ("signed", "awaiting")]
    return next(reversed(counting or own), None)
