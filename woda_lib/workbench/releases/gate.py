"""Whether a run may be released: whole, untouched, from committed code, by leave of its agreement.

The run passed the disclosure gate when it was made. Everything that can be looked at again is: what
lies in its folder was perhaps changed since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat

from woda_lib.disclosure import Canary, Rule, read_canaries, scan_text
from woda_lib.partners import Agreement, audit_log, load_agreement
from woda_lib.records import (
    Manifest,
    ManifestError,
    Pilot,
    RunFolder,
    Value,
    complete_runs,
    nearest,
    read_manifest,
    read_step_record,
    say_unexpected,
    sha256,
)
from woda_lib.settings import Settings
from woda_lib.workbench.execution.failures import Place
from woda_lib.workbench.execution.strays import refuse_foreign_outputs, refuse_forged_outputs
from woda_lib.workbench.releases.cited import refuse_unsigned_figures
from woda_lib.workbench.releases.errors import ReleaseError

RESTRICTED = "restricted"


@dataclass(frozen=True)
class Candidate:
    """A run that may be released, as far as its own files say.

    Attributes
    ----------
    authors : tuple of str
        Everybody who ran a step of it, whoever ran the whole first, by the names that runs give
        and by the accounts that the audit log saw.
    files : mapping of str to Path
        What readers may see of it, by its path from the run's folder.
    """

    pilot: Pilot
    run: RunFolder
    manifest: Manifest
    agreement: Agreement
    synthetic: bool
    authors: tuple[str, ...]
    files: Mapping[str, Path]

    @property
    def rule(self) -> Rule:
        """The agreement's disclosure rule."""
        return Rule(**self.agreement.disclosure.model_dump())


def check_run(
    pilot: Pilot, run_id: str | None, settings: Settings, *, allow_dirty: bool, reason: str
) -> Candidate:
    """Check everything that a run's own files, its code and its agreement say.

    Parameters
    ----------
    pilot : Pilot
    run_id : str, optional
        The last complete run, if left out.
    settings : Settings
    allow_dirty : bool
        Whether code that is not committed may have made it; for made-up data alone.
    reason : str
        Why it is released although a value lies outside its expected range.

    Raises
    ------
    ReleaseError
        Naming what stands in the way, and what to do.
    ManifestError, AgreementError, AuditError
        If the run's manifest, the pilot's agreement or the audit log cannot be read.
    """
    run = _find(pilot, run_id, settings)
    manifest = read_manifest(run)
    refuse = _Refusal(f"{pilot.pilot}/{run.path.name}")
    if manifest.example:
        raise refuse(
            "It is still the example that a new pilot begins with. Write its notebook, take "
            "`example: true` out of the pilot's file, and run it again."
        )
    synthetic = _kind_of_data(manifest, refuse)
    agreement = load_agreement(pilot.agreement, settings.agreements_folder)
    if agreement.publication == "forbidden":
        raise refuse(
            f"The agreement {agreement.id} forbids publication. Who can change it: "
            f"{agreement.contact}."
        )
    files = _files(pilot, run, manifest, refuse)
    _refuse_foreign(run, manifest, refuse)
    makers = _makers(manifest, settings, refuse)
    _refuse_uncommitted(makers, synthetic, allow_dirty, refuse)
    refuse_unsigned_figures(
        pilot, manifest, settings, refuse, dirty_will_do=synthetic and allow_dirty
    )
    authors = tuple(maker.author for maker in makers)
    if not all(authors):
        raise refuse(
            "It does not say who ran each of its steps, so nobody could tell who may not sign it. "
            "Run the pilot again."
        )
    _refuse_two_meanings(manifest, refuse)
    if manifest.unexpected and not reason.strip():
        found = " ".join(say_unexpected(one) for one in manifest.unexpected)
        raise refuse(f"{found} If it is right all the same, say why with --reason.")
    authors = tuple(dict.fromkeys((*authors, *_accounts(makers, settings))))
    return Candidate(pilot, run, manifest, agreement, synthetic, authors, files)


def canaries_known(settings: Settings) -> tuple[Canary, ...]:
    """Return the canary residents of every made-up county whose truth is at hand."""
    folders = sorted(settings.truth_folder.glob("*")) if settings.truth_folder.is_dir() else []
    return tuple(dict.fromkeys(one for folder in folders for one in read_canaries(folder)))


def require_words(text: str, what: str, settings: Settings) -> str:
    """Return words that people will read, in one line, or refuse them.

    Raises
    ------
    ReleaseError
        If they hold an identifier; it is not quoted.
    """
    words = " ".join(text.split())
    if kinds := scan_text(words, canaries_known(settings)):
        raise ReleaseError(
            f"{what} holds {' and '.join(kinds)}, and is read by many. Say it without."
        )
    return words


@dataclass(frozen=True)
class _Refusal:
    """Says of which run a refusal speaks."""

    name: str

    def __call__(self, why: str) -> ReleaseError:
        return ReleaseError(f"{self.name} cannot be released. {why}")


class _Frozen(Place):
    """A step of a run that is done, for refusals that speak of one that stopped."""

    def stopped(self, where: str) -> str:
        return f"{self.pilot} cannot be released, because of step {self.step}{where}."


def _find(pilot: Pilot, run_id: str | None, settings: Settings) -> RunFolder:
    complete = {run.path.name: run for run in complete_runs(settings.outputs_folder, pilot.pilot)}
    if not complete:
        raise ReleaseError(
            f"{pilot.pilot} has no complete run to release. Use `woda run {pilot.pilot}`."
        )
    if run_id is None:
        return list(complete.values())[-1]
    if run_id not in complete:
        raise ReleaseError(f"{pilot.pilot} has no run {run_id!r}. {nearest(run_id, complete)}")
    return complete[run_id]


def _kind_of_data(manifest: Manifest, refuse: _Refusal) -> bool:
    kinds = {step.synthetic for step in manifest.steps}
    if len(kinds) > 1:
        raise refuse("Some of its steps read made-up data and others partners' data.")
    return kinds.pop() if kinds else True


def _files(pilot: Pilot, run: RunFolder, manifest: Manifest, refuse: _Refusal) -> dict[str, Path]:
    """Return the files that readers may see; refuse what is missing, changed or nobody's."""
    records = {record.step: record for record in manifest.steps}
    for step in pilot.steps:
        if step.name not in records:
            raise refuse(f"The step {step.name} has no record in it. Run the pilot again.")
    if (manifest.pilot, manifest.run_id) != (pilot.pilot, run.path.name):
        raise refuse(f"Its manifest is that of {manifest.pilot}/{manifest.run_id}.")
    expected = {"manifest.json"}
    for name, record in records.items():
        if read_step_record(run, name) != record:
            raise refuse(f"The record of step {name} is not what the manifest says.")
        expected |= {f"{name}.html", f"{name}.ipynb", f"steps/{name}.json"}
        expected |= {file for shown in record.shown for file in shown.files}
    optional = {"results.json", "config.json"} | {f"checksums/{name}.txt" for name in expected}
    there = dict(_there(run, refuse))
    if missing := sorted(expected - there.keys()):
        raise refuse(f"{missing[0]} is missing. Run the pilot again.")
    if foreign := len(there.keys() - expected - optional):
        what = "a file that is" if foreign == 1 else f"{foreign} files that are"
        raise refuse(f"Its folder holds {what} none of its results. Take away what is not its own.")
    for name, digest in _recorded(run, manifest):
        if name in there and sha256(there[name]) != digest:
            raise refuse(f"{name} was changed after the run. Run the pilot again.")
    return there


def _there(run: RunFolder, refuse: _Refusal) -> Iterator[tuple[str, Path]]:
    for path in sorted(run.path.rglob("*")):
        name = path.relative_to(run.path)
        if name.parts[0] == RESTRICTED or (path.is_dir() and not path.is_symlink()):
            continue
        if path.is_symlink():
            raise refuse("Its folder holds a link to somewhere else. Run the pilot again.")
        yield name.as_posix(), path


def _recorded(run: RunFolder, manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Give the SHA-256 of files that the run itself wrote down."""
    for made in manifest.made.values():
        yield from made.files.items()
    for record in manifest.steps:
        for name in (file for shown in record.shown for file in shown.files):
            noted = run.path / "checksums" / f"{name}.txt"
            if noted.is_file():
                yield name, noted.read_text(encoding="utf-8").strip()


def _refuse_foreign(run: RunFolder, manifest: Manifest, refuse: _Refusal) -> None:
    for record in manifest.steps:
        place = _Frozen(refuse.name, record.step, f"{record.step}.ipynb", record.parameters)
        try:
            notebook = nbformat.read(run.notebook(record.step), as_version=4)
        except (OSError, ValueError, nbformat.ValidationError):
            raise refuse(f"{record.step}.ipynb is no notebook that can be read.") from None
        refuse_foreign_outputs(notebook, place)
        refuse_forged_outputs(notebook, record, place)


def _makers(manifest: Manifest, settings: Settings, refuse: _Refusal) -> list[Manifest]:
    """Return the manifests of the run, and of those from which it took steps over."""
    runs = {run.path.name: run for run in complete_runs(settings.outputs_folder, manifest.pilot)}
    makers = [manifest]
    for step, made in manifest.made.items():
        if made.run_id in {maker.run_id for maker in makers}:
            continue
        try:
            makers.append(read_manifest(runs[made.run_id]))
        except (KeyError, ManifestError):
            raise refuse(
                f"Its step {step} was taken over from the run {made.run_id}, which is gone, "
                "so nobody can say who ran it and from which code. Run the pilot again, all of it."
            ) from None
    return makers


def _accounts(makers: list[Manifest], settings: Settings) -> Iterator[str]:
    """Give the accounts that the audit log saw at work: anybody can tell git another name."""
    runs = {f"{maker.pilot}/{maker.run_id}" for maker in makers}
    for record in audit_log(settings).records():
        if (
            record.kind in ("load", "save", "show")
            and (record.run or "").rpartition("/")[0] in runs
        ):
            yield record.who


def _refuse_uncommitted(
    makers: list[Manifest], synthetic: bool, allow_dirty: bool, refuse: _Refusal
) -> None:
    for maker in makers:
        if maker.commit is not None and not maker.dirty:
            continue
        whose = "It" if maker is makers[0] else f"A step of it (run {maker.run_id})"
        from_what = (
            f"files that differ from the commit {maker.commit[:8]}"
            if maker.commit
            else "files outside git, or before the first commit"
        )
        why = f"{whose} was run from {from_what}, so nobody could make it again."
        if not synthetic:
            also = " --allow-dirty is for made-up data alone." if allow_dirty else ""
            raise refuse(f"{why} Commit them, and run the pilot again.{also}")
        if not allow_dirty:
            raise refuse(
                f"{why} Commit them, and run the pilot again; or, since its data are made up, use "
                "--allow-dirty: the release then says so."
            )


def _refuse_two_meanings(manifest: Manifest, refuse: _Refusal) -> None:
    seen: dict[str, Value] = {}
    for record in manifest.steps:
        for value in record.values:
            if seen.setdefault(value.name, value) != value:
                raise refuse(
                    f"Two of its steps record a value called {value.name}, so that a citation "
                    "could mean either. Rename one of them."
                )
