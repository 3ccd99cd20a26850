"""What a pilot's figures are cited from: a release that people signed or, in a draft, its last run.

A case that rests on other pilots names for each a version, or *newest*. The newest signed release
is taken then; where nothing is signed, the newest that awaits signatures; where nothing is
released, the last complete run. A release that is void is never passed over in silence: until
somebody has put it right or withdrawn it, nobody knows what the pilot says. One that was withdrawn
is passed over, and whoever cites is told so.

Made-up and partners' data may have released into one series of versions, and several made-up
counties too. A study cites what is of its own kind, and of its own county; the rest is not there
for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Literal

from woda_lib.records.citations import CitationError, refuse_unfit, standing_of
from woda_lib.records.findings import nearest
from woda_lib.records.layout import RunFolder, complete_runs, read_manifest, read_step_record
from woda_lib.records.releases import (
    SIGNATURES_NEEDED,
    Release,
    ReleaseFolder,
    ReleaseStanding,
)
from woda_lib.records.runs import Manifest, Value, sha256
from woda_lib.records.standing import release_standings
from woda_lib.settings import Settings

NEWEST = "newest"
"""What a parameter file says in place of a version."""

CITES = "cites "
"""How the name of an input begins that stands for what is cited of a pilot."""


class NothingToCite(CitationError):
    """A pilot has neither a release nor a complete run on the extracts at hand."""


@dataclass(frozen=True)
class Evidence:
    """What is cited of one pilot.

    Attributes
    ----------
    pilot, version : str
        `version` is that of a release, or the name of a run.
    state : {"signed", "awaiting", "run"}
    values : mapping of str to Value
        Its headline values by name.
    run_id : str
        The run, or the one that was frozen.
    signers : tuple of str
        Name and role of each reviewer who signed.
    synthetic : bool
        Whether it rests on made-up data.
    path : Path
        Its record or manifest, of which `sha256` is the hash.
    passed_over : tuple of str
        Newer releases that were withdrawn, a sentence each.
    unproved : tuple of str
        What could not be proved of it here, a sentence each.
    """

    pilot: str
    version: str
    state: Literal["signed", "awaiting", "run"]
    values: Mapping[str, Value]
    run_id: str
    signers: tuple[str, ...]
    synthetic: bool
    path: Path
    sha256: str
    passed_over: tuple[str, ...] = ()
    unproved: tuple[str, ...] = ()

    def source(self, name: str) -> str:
        """How a value of it is cited: ``patient_flow@1.0/days_saved``."""
        return f"{self.pilot}@{self.version}/{name}"

    def value(self, name: str) -> Value:
        """Return a value.

        Raises
        ------
        CitationError
            If there is none of that name (the nearest is named), or it was withheld.
        """
        if name not in self.values:
            raise CitationError(
                f"{self.pilot} {self.version} has no value {name!r}. {nearest(name, self.values)}",
                self.version,
            )
        if self.values[name].value is None:
            raise CitationError(
                f"{self.source(name)} has no number: it was withheld, for it counts too few.",
                self.version,
            )
        return self.values[name]


@dataclass(frozen=True)
class Ground:
    """What a study stands on, and so what it may cite.

    Attributes
    ----------
    extracts : str
        As records name them. No run on others is cited, and no release of another made-up county;
        a release on partners' data may rest on an older delivery.
    synthetic : bool, optional
        Whether they are made up; left out, both kinds will do.
    """

    extracts: str
    synthetic: bool | None = None

    def admits(self, release: Release) -> bool:
        """Whether a release is of the same kind of data, and of the same county."""
        if self.synthetic not in (None, release.synthetic):
            return False
        # A made-up county is known by the name of its folder, wherever that lies.
        theirs, ours = (PurePosixPath(each).name for each in (release.extracts, self.extracts))
        return not release.synthetic or theirs == ours


def evidence_of(
    pilot: str, version: str, settings: Settings, *, ground: Ground | None = None
) -> Evidence:
    """Return what figures of a pilot are cited from, proved anew.

    Parameters
    ----------
    pilot : str
    version : str
        Of a release, such as ``1.0``, or `NEWEST`.
    settings : Settings
    ground : Ground, optional
        What the study stands on; left out, the extracts at hand, of whichever kind.

    Raises
    ------
    CitationError
        If the version is not there, not signed, void, withdrawn or of another made-up county; if a
        release is void that is newer than the one to be cited; if the last run was changed, was
        released and withdrawn, or read both made-up and partners' data.
        `NothingToCite` if there is neither release nor run.
    ManifestError
        If the manifest of the last run cannot be read.
    """
    ground = ground or Ground(settings.extracts_name)
    if version != NEWEST:
        return _pinned(pilot, version, settings, ground)
    # Of what is void nobody knows what it rests on, so that it always stands in the way.
    standings = [
        one
        for one in release_standings(settings, pilot)
        if one.state == "void" or ground.admits(one.release)
    ]
    withdrawn = [one for one in standings if one.state == "withdrawn"]
    counting = [one for one in standings if one.state != "withdrawn"]
    chosen = next(
        (o for state in ("signed", "awaiting") for o in reversed(counting) if o.state == state),
        None,
    )
    newer = counting[counting.index(chosen) + 1 :] if chosen else counting
    for standing in reversed(newer):
        refuse_unfit(standing)
    if chosen is None:
        found = _last_run(pilot, settings, withdrawn, ground.extracts)
        return replace(found, passed_over=_told(withdrawn))
    after = [one for one in withdrawn if standings.index(one) > standings.index(chosen)]
    return replace(_released(chosen), passed_over=_told(after))


def _pinned(pilot: str, version: str, settings: Settings, ground: Ground) -> Evidence:
    standing = standing_of(pilot, version, settings)
    refuse_unfit(standing)
    if standing.state == "awaiting":
        raise CitationError(
            f"{pilot} {version} awaits signatures ({len(standing.signers)} of "
            f"{SIGNATURES_NEEDED} so far). Wait for them, or write `{pilot}: {NEWEST}` under cites "
            "and say that it is a draft.",
            version,
        )
    release = standing.release
    if release.synthetic and ground.synthetic is not False and not ground.admits(release):
        raise CitationError(
            f"{pilot} {version} rests on the made-up county {release.extracts or 'of no name'}, "
            f"and this study on {ground.extracts}. Name a release of the same county under cites, "
            f"or write `{pilot}: {NEWEST}`.",
            version,
        )
    return _released(standing)


def _told(withdrawn: Sequence[ReleaseStanding]) -> tuple[str, ...]:
    return tuple(f"{one.release.name} was withdrawn: {one.why}" for one in withdrawn)


def _released(standing: ReleaseStanding) -> Evidence:
    release = standing.release
    return Evidence(
        pilot=release.pilot,
        version=release.version,
        state="signed" if standing.state == "signed" else "awaiting",
        values={value.name: value for value in release.values},
        run_id=release.run_id,
        signers=tuple(f"{signer.name} ({signer.role})" for signer in standing.signers),
        synthetic=release.synthetic,
        path=ReleaseFolder(standing.folder).record,
        sha256=standing.sha256,
        unproved=tuple(f"{release.name}: {note}" for note in standing.notes),
    )


def _last_run(
    pilot: str, settings: Settings, withdrawn: Sequence[ReleaseStanding], extracts: str
) -> Evidence:
    for folder in reversed(complete_runs(settings.outputs_folder, pilot)):
        manifest = read_manifest(folder)
        if {step.extracts for step in manifest.steps} != {extracts}:
            continue
        _refuse_changed(manifest, folder)
        _refuse_withdrawn(manifest, withdrawn)
        return Evidence(
            pilot=pilot,
            version=manifest.run_id,
            state="run",
            values=manifest.values,
            run_id=manifest.run_id,
            signers=(),
            synthetic=_kind_of_data(manifest),
            path=folder.manifest,
            sha256=sha256(folder.manifest),
        )
    gone = " ".join(f"{told.rstrip('.')}." for told in _told(withdrawn))
    gone = gone or f"Nothing of {pilot!r} is released that may be cited here."
    raise NothingToCite(
        f"{gone} It has no complete run on {extracts} to "
        f"be cited in a draft. Use `woda run {pilot}`.",
        withdrawn[-1].release.version if withdrawn else "",
    )


def _refuse_changed(manifest: Manifest, folder: RunFolder) -> None:
    """A manifest says what its steps' records say; where one was edited, nobody knows which.

    Where both were, the SHA-256 that the run wrote down of the record when the step was done tells.
    """
    noted = {name: sha for made in manifest.made.values() for name, sha in made.files.items()}
    for step in manifest.steps:
        if read_step_record(folder, step.step) != step:
            raise CitationError(
                f"The run {manifest.pilot}/{manifest.run_id} was changed: its manifest and the "
                f"record of its step {step.step} contradict each other. Run the pilot again.",
                manifest.run_id,
            )
        path = folder.record(step.step)
        digest = sha256(path)
        if digest != noted.get(f"steps/{path.name}", digest):
            raise CitationError(
                f"The run {manifest.pilot}/{manifest.run_id} was changed: the record of its step "
                f"{step.step} is not the one that the step wrote. Run the pilot again.",
                manifest.run_id,
            )


def _refuse_withdrawn(manifest: Manifest, withdrawn: Sequence[ReleaseStanding]) -> None:
    """Refuse a run that was released and withdrawn, or took all of its steps over from it."""
    makers = {made.run_id for made in manifest.made.values()} or {manifest.run_id}
    for one in reversed(withdrawn):
        if one.release.run_id == manifest.run_id or makers == {one.release.run_id}:
            raise CitationError(
                f"{_told([one])[0].rstrip('.')}. The last run of {manifest.pilot} is the one that "
                "was released so; run the pilot again once that is put right.",
                one.release.version,
            )


def _kind_of_data(manifest: Manifest) -> bool:
    kinds = {step.synthetic for step in manifest.steps}
    if len(kinds) > 1:
        raise CitationError(
            f"Some steps of the run {manifest.pilot}/{manifest.run_id} read made-up data and "
            "others partners' data. Run the pilot again on one of them.",
            manifest.run_id,
        )
    return kinds.pop()
