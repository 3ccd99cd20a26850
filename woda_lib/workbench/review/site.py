"""The review site: the front page, each question's versions, which report uses which data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from woda_lib.errors import WodaError
from woda_lib.records import (
    Manifest,
    ManifestError,
    Pilot,
    RunFolder,
    proved_once,
    read_manifest,
    read_pilots,
)
from woda_lib.settings import Settings
from woda_lib.workbench.review.citations import write_citations
from woda_lib.workbench.review.dictionary import write_dictionary
from woda_lib.workbench.review.differences import write_differences
from woda_lib.workbench.review.front import Entry, entry_of, tallies
from woda_lib.workbench.review.index import Index, IndexedRun, index_file, locked, update_index
from woda_lib.workbench.review.lineage import write_lineage
from woda_lib.workbench.review.pack import write_pack
from woda_lib.workbench.review.pages import write_page
from woda_lib.workbench.review.places import FRONT, site_folder
from woda_lib.workbench.review.sharing import write_sharing
from woda_lib.workbench.review.versions import write_versions


class SiteError(WodaError):
    """The review site cannot be written."""


def build_site(settings: Settings, *, whole: bool = False) -> Path:
    """Bring the review site up to date with parameter files, runs and releases.

    Only manifests that are new are read, and only pages that came out otherwise are written. A
    second process that builds at the same time waits, so that an older state never replaces a
    newer one.

    Parameters
    ----------
    settings : Settings
        Where parameter files and results lie.
    whole : bool
        Forget the index first and read every manifest again.

    Returns
    -------
    Path
        ``outputs/site/index.html``; like every page it needs no other file to be read.

    Raises
    ------
    ParameterFileError
        If a pilot's parameter file is not valid.
    SiteError
        If a page cannot be written.
    """
    outputs = settings.outputs_folder
    pilots = read_pilots(settings.parameters_folder).values()
    try:
        outputs.mkdir(parents=True, exist_ok=True)
        with locked(outputs / ".site.lock"), proved_once():
            if whole:
                index_file(outputs).unlink(missing_ok=True)
            index = update_index(settings)
            for pilot in pilots:
                write_differences(settings, index, pilot)  # first, since other pages link to them
            entries = _entries(list(pilots), settings, index)
            _write(entries, settings, index)
    except OSError as error:
        raise SiteError(
            f"The review site in {site_folder(outputs)} cannot be written "
            f"({error.strerror or type(error).__name__}). Complete runs are not touched. Mend "
            "that, then use `woda review build`."
        ) from None
    return site_folder(outputs) / FRONT


def _entries(pilots: Sequence[Pilot], settings: Settings, index: Index) -> list[Entry]:
    from woda_lib.workbench.planning.fingerprints import present  # here: it brings Jupyter

    with present(settings):
        return [entry_of(pilot, settings, index) for pilot in pilots]


def _write(entries: Sequence[Entry], settings: Settings, index: Index) -> None:
    # Answers first; else pilots, studies, and last what cites them.
    ordered = sorted(entries, key=lambda entry: entry.run is None)
    runs = [entry.run for entry in entries if entry.run]
    synthetic = any(run.synthetic for run in runs)
    for entry in ordered:
        if entry.run is not None:
            write_versions(entry, settings, index)
        write_citations(entry.pilot, entry.cited, settings)
    write_page(
        site_folder(settings.outputs_folder) / FRONT,
        "site.html",
        entries=ordered,
        tallies=tallies(ordered),
        latest=max((run.finished for run in runs), default=None),
        synthetic=synthetic,
        front=FRONT,
        here=FRONT,
    )
    asked = [entry.pilot for entry in entries]
    latest = _last_manifests(runs, settings)
    write_sharing(settings, latest, asked, synthetic=synthetic)
    write_dictionary(settings, synthetic=synthetic)
    write_lineage(settings, index, latest, asked, synthetic=synthetic)
    write_pack(settings, index, asked)


def _last_manifests(
    runs: Sequence[IndexedRun], settings: Settings
) -> dict[str, tuple[RunFolder, Manifest]]:
    """Read the last run of each pilot whole: what its steps were handed is not in the index."""
    found = {}
    for run in runs:
        folder = RunFolder(settings.outputs_folder / run.pilot / run.run_id)
        try:
            found[run.pilot] = folder, read_manifest(folder)
        except ManifestError:  # removed a moment ago
            continue
    return found
