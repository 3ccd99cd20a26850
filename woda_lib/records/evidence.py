"""What a pilot's figures are cited from: a release that people signed or, in a draft, its last run.

A case that rests on other pilots names for each a version, or *newest*. The newest signed release
is taken then; where nothing is signed, the newest that awaits signatures; where nothing is
released, the last complete run. A release that is void is never passed over in silence: until
somebody has put it right or withdrawn it, nobody knows what the pilot says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from woda_lib.records.citations import CitationError, standing_of
from woda_lib.records.findings import nearest
from woda_lib.records.layout import complete_runs, read_manifest
from woda_lib.records.releases import ReleaseFolder, ReleaseStanding
from woda_lib.records.runs import Value, sha256
from woda_lib.records.standing import release_standings
from woda_lib.settings import Settings

NEWEST = "newest"
"""What a parameter file says in place of a version."""

CITES = "cites "
"""How the name of an input begins that stands for what is cited of a pilot."""


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
                f"{self.pilot} {self.version} has no value {name!r}. {nearest(name, self.values)}"
            )
        if self.values[name].value is None:
            raise CitationError(
                f"{self.source(name)} has no number: it was withheld, for it counts too few."
            )
        return self.values[name]


def evidence_of(pilot: str, version: str, settings: Settings) -> Evidence:
    """Return what figures of a pilot are cited from, proved anew.

    Parameters
    ----------
    pilot : str
    version : str
        Of a release, such as ``1.0``, or `NEWEST`.
    settings : Settings
        A run on other extracts than those at hand is never cited.

    Raises
    ------
    CitationError
        If the version is not there, not signed, void or withdrawn; if the newest release is void;
        if there is neither release nor run.
    """
    if version != NEWEST:
        standing = standing_of(pilot, version, settings)
        _refuse_unfit(standing)
        if standing.state == "awaiting":
            raise CitationError(
                f"{pilot} {version} awaits signatures ({len(standing.signers)} of 2 so far). Wait "
                f"for them, or write `{pilot}: {NEWEST}` under cites and say that it is a draft."
            )
        return _released(standing)
    standings = [one for one in release_standings(settings, pilot) if one.state != "withdrawn"]
    if standings:
        _refuse_unfit(standings[-1])
    for state in ("signed", "awaiting"):
        if found := [one for one in standings if one.state == state]:
            return _released(found[-1])
    return _last_run(pilot, settings)


def _refuse_unfit(standing: ReleaseStanding) -> None:
    name = f"{standing.release.pilot} {standing.release.version}"
    if standing.state == "void":
        raise CitationError(f"{name} is void and must not be cited. {standing.why}")
    if standing.state == "withdrawn":
        raise CitationError(f"{name} was withdrawn and must not be cited: {standing.why}")


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
    )


def _last_run(pilot: str, settings: Settings) -> Evidence:
    extracts = settings.extracts_name
    for folder in reversed(complete_runs(settings.outputs_folder, pilot)):
        manifest = read_manifest(folder)
        if {step.extracts for step in manifest.steps} != {extracts}:
            continue
        return Evidence(
            pilot=pilot,
            version=manifest.run_id,
            state="run",
            values=manifest.values,
            run_id=manifest.run_id,
            signers=(),
            synthetic=any(step.synthetic for step in manifest.steps),
            path=folder.manifest,
            sha256=sha256(folder.manifest),
        )
    raise CitationError(
        f"Nothing of {pilot!r} is released, and it has no complete run on {extracts}. Use "
        f"`woda run {pilot}`."
    )
