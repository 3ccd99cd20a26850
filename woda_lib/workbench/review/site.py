"""The review site: each question with what its last complete run found, and by what right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from woda_lib.records import (
    Manifest,
    ManifestError,
    Pilot,
    RunFolder,
    Step,
    Value,
    complete_runs,
    read_manifest,
    read_pilots,
)
from woda_lib.settings import Settings
from woda_lib.workbench.review.answers import answer_paragraphs
from woda_lib.workbench.review.pages import write_page
from woda_lib.workbench.review.sharing import NAME as SHARING
from woda_lib.workbench.review.sharing import write_sharing


@dataclass(frozen=True)
class Finding:
    """A pilot's last complete run, as the front page shows it."""

    run: RunFolder
    manifest: Manifest
    answer: Markup
    values: tuple[Value, ...]
    report: str
    reports: tuple[tuple[Step, str], ...]

    @property
    def synthetic(self) -> bool:
        """Whether any of its steps read made-up data."""
        return any(step.synthetic for step in self.manifest.steps)


@dataclass(frozen=True)
class Entry:
    """One question of the front page; `unreadable` names newer runs whose manifest is damaged."""

    pilot: Pilot
    finding: Finding | None
    unreadable: tuple[str, ...]


def build_site(settings: Settings) -> Path:
    """Write the front page and the page of agreements, from parameter files and manifests.

    Parameters
    ----------
    settings : Settings
        Where parameter files and results lie.

    Returns
    -------
    Path
        ``outputs/site/index.html``; like every page it needs no other file to be read.

    Raises
    ------
    ParameterFileError
        If a pilot's parameter file is not valid.
    """
    page = settings.outputs_folder / "site" / "index.html"
    entries = [
        _entry(pilot, complete_runs(settings.outputs_folder, pilot.pilot))
        for pilot in read_pilots(settings.parameters_folder).values()
    ]
    entries.sort(key=lambda entry: entry.finding is None)  # answers first; else by name
    findings = [entry.finding for entry in entries if entry.finding]
    write_page(
        page,
        "site.html",
        entries=entries,
        answered=len(findings),
        latest=max((finding.manifest.finished for finding in findings), default=None),
        synthetic=any(finding.synthetic for finding in findings),
        front="index.html",
        sharing=SHARING,
    )
    write_sharing(
        settings,
        {e.pilot.pilot: (e.finding.run, e.finding.manifest) for e in entries if e.finding},
        [entry.pilot for entry in entries],
        synthetic=any(finding.synthetic for finding in findings),
    )
    return page


def _entry(pilot: Pilot, runs: Sequence[RunFolder]) -> Entry:
    """Find the newest run that can be read: a damaged manifest must not hide the run before it."""
    unreadable: list[str] = []
    for run in reversed(runs):
        try:
            return Entry(pilot, _finding(pilot, run, read_manifest(run)), tuple(unreadable))
        except ManifestError:
            unreadable.append(run.path.name)
    return Entry(pilot, None, tuple(unreadable))


def _finding(pilot: Pilot, run: RunFolder, manifest: Manifest) -> Finding:
    records = {record.step: record for record in manifest.steps}
    answering = records.get(pilot.answered_by)
    paragraphs = answer_paragraphs(manifest.answer)
    reports = tuple(
        (step, f"../{pilot.pilot}/{run.path.name}/{run.report(step.name).name}")
        for step in pilot.steps
        if run.report(step.name).is_file()
    )
    return Finding(
        run=run,
        manifest=manifest,
        answer=paragraphs[0] if paragraphs else Markup(""),
        values=answering.values if answering else tuple(manifest.values.values()),
        report=next((href for step, href in reports if step.name == pilot.answered_by), ""),
        reports=reports,
    )
