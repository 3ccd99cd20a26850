"""Whether the results of a step that was done can still be used, or why not."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from woda_lib.records import RunFolder, Tombstone
from woda_lib.workbench.planning.fingerprints import Present
from woda_lib.workbench.planning.sources import Source, Sources, run_id_of

TOMBSTONES = "*.deleted.json"


def step_files(folder: RunFolder, step: str) -> list[Path]:
    """Return the files of a step in a run's folder, its record first; each from that folder."""
    single = (folder.record(step), folder.notebook(step), folder.report(step))
    below = [
        path
        for home in (folder.shown(step), folder.restricted(step))
        for path in sorted(home.rglob("*"))
        if path.is_file()
    ]
    return [path.relative_to(folder.path) for path in (*single, *below) if path.is_file()]


def unsound(source: Source, agreement: str, sources: Sources, present: Present) -> str:
    """Say why a step's results cannot be taken over; nothing where they can.

    Parameters
    ----------
    source : Source
    agreement : str
        Of its pilot.
    sources : Sources
        The pilot's runs.
    present : Present
    """
    where = f"run {source.run_id}"
    return (
        _erased(source.folder, source.record.step)
        or _missing(source, where)
        or _changed(source, where, present)
        or _locked(source, agreement, present)
        or _past_retention(source, agreement, present)
        or _not_compared(source, sources)
    )


def _erased(folder: RunFolder, step: str) -> str:
    for path in sorted(folder.restricted(step).glob(TOMBSTONES)):
        try:
            stone = Tombstone.model_validate_json(path.read_text(encoding="utf-8"))
        except (OSError, ValidationError):
            return "its row-level tables were deleted"
        return (
            f"its row-level tables were deleted: {stone.agreement} lets them be kept until "
            f"{stone.due:%-d %B %Y}"
        )
    return ""


def _missing(source: Source, where: str) -> str:
    record = source.record
    needed = [source.folder.notebook(record.step), source.folder.report(record.step)]
    needed += [source.folder.path / name for shown in record.shown for name in shown.files]
    needed += [source.folder.path / saved.path for saved in record.saved]
    needed += [source.folder.path / name for name in source.made.files]
    gone = list(dict.fromkeys(path for path in needed if not path.is_file()))
    if not gone:
        return ""
    more = f" and {len(gone) - 1} more" if len(gone) > 1 else ""
    return f"{gone[0].relative_to(source.folder.path).as_posix()}{more} of {where} is missing"


def _changed(source: Source, where: str, present: Present) -> str:
    known = {**{saved.path: saved.sha256 for saved in source.record.saved}, **source.made.files}
    for name, digest in known.items():
        if present.file(source.folder.path / name) != digest:
            return f"{name} of {where} was changed after it"
    return ""


def _locked(source: Source, agreement: str, present: Present) -> str:
    """Tables whose key is gone are noise; told by the key's dates, without unlocking it."""
    if not _tables(source):
        return ""
    reads = present.reads(agreement)
    if reads.keys_elsewhere:
        return ""
    key = reads.key
    if key is None or key.destroyed is not None:
        return f"the key of {agreement}, which locks its tables, is gone"
    if not any(version.created <= source.record.finished for version in key.versions):
        return f"the key of {agreement} is a new one, and does not open its tables"
    return ""


def _past_retention(source: Source, agreement: str, present: Present) -> str:
    tables = _tables(source)
    if not tables:
        return ""
    # Here: the room brings pandas.
    from woda_lib.partners.retention_dates import keep_until, made_on

    months = present.reads(agreement).agreement.retention.results_months
    until = min(keep_until(made_on(path), months) for path in tables)
    if until < present.settings.today:
        return f"its row-level tables could be kept until {until:%-d %B %Y}"
    return ""


def _not_compared(source: Source, sources: Sources) -> str:
    """What a broken run showed was held against the runs before it, not against later ones."""
    complete = {run_id_of(folder) for folder in sources.shown}
    if source.complete is not None or source.made.run_id in complete:
        return ""
    for folder in sources.shown[-1:]:
        manifest = sources.manifest(folder)
        if manifest is None or manifest.finished > source.record.started:
            return (
                f"what {source.run_id} shows, which broke off, was not compared with run "
                f"{run_id_of(folder)}"
            )
    return ""


def _tables(source: Source) -> list[Path]:
    return source.folder.kept(source.record.step)
