"""Opening a restricted table: for a stated purpose, on the record, as a copy that expires.

The copy is a CSV file in ``data/opened/`` that its owner alone can read. Nobody watches over it
while no command runs: expired copies are removed by the next ``woda run`` or ``woda restricted
open``, and ``docs/governance.md`` says so.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from woda_lib.partners.agreement_files import load_agreement
from woda_lib.partners.door import Door
from woda_lib.partners.spreadsheets import inert_table
from woda_lib.records import (
    DRAFT,
    ManifestError,
    Pilot,
    RunFolder,
    TableNotFound,
    complete_runs,
    nearest,
)
from woda_lib.settings import Settings

HOURS = 8
"""How long a copy lasts, unless another time is asked for."""

LONGEST_HOURS = 72
_EXPIRES = "%Y-%m-%dT%H-%M-%SZ"


@dataclass(frozen=True)
class Opened:
    """A copy of a restricted table: where it lies, and until when."""

    path: Path
    rows: int
    expires: datetime


def open_restricted(
    pilot: Pilot,
    run: str | None,
    name: str,
    *,
    purpose: str,
    reason: str,
    settings: Settings,
    hours: int = HOURS,
) -> Opened:
    """Write a copy of a restricted table that a permitted person may look at.

    Parameters
    ----------
    pilot : Pilot
    run : str, optional
        The run's identifier, or ``draft``; the last complete one, if left out.
    name : str
        ``<step>:<table>``.
    purpose : str
        One of the agreement's. Opt-outs are applied as it says.
    reason : str
        What for, in the person's own words; it is recorded.
    hours : int
        How long the copy lasts.

    Raises
    ------
    AgreementError
        If the agreement does not permit the purpose today.
    ManifestError, TableNotFound, RestrictedTableError, KeyStoreError
        If there is no such run or table, or it cannot be opened.
    """
    clear_expired(settings)
    folder = _run_folder(pilot, run, settings)
    step, _, table = name.partition(":")
    if not table:
        raise TableNotFound(f"{name!r} must read <step>:<table>. {_there(folder)}")
    path = folder.table(pilot.step(step).name, table)
    if not path.is_file():
        raise TableNotFound(f"{folder.path.name} holds no table {name}. {_there(folder)}")
    agreement = load_agreement(pilot.agreement, settings.agreements_folder)
    reference = f"{pilot.pilot}/{name}"
    door = Door(agreement, purpose, settings, run=f"{pilot.pilot}/{folder.path.name}/{step}")
    frame = door.load_table(path, reference)
    expires = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=hours)
    door.note(
        "break_glass",
        dataset=reference,
        fields=list(frame.columns),
        rows=len(frame),
        detail=f"Opened until {expires:%Y-%m-%d %H:%M} UTC: {reason.strip()}",
    )
    copy = settings.opened_folder / f"{pilot.pilot}.{step}.{table}.{expires:{_EXPIRES}}.csv"
    copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        inert_table(frame).to_csv(file, index=False, lineterminator="\n")
    return Opened(copy, len(frame), expires)


def clear_expired(settings: Settings) -> list[Path]:
    """Remove the copies whose time is over, and return which they were."""
    now = datetime.now(UTC)
    expired = []
    for path in sorted(settings.opened_folder.glob("*.csv")):
        try:
            until = datetime.strptime(path.stem.rpartition(".")[2], _EXPIRES).replace(tzinfo=UTC)
        except ValueError:
            until = now  # nothing but copies belongs here
        if until <= now:
            path.unlink(missing_ok=True)
            expired.append(path)
    return expired


def _run_folder(pilot: Pilot, run: str | None, settings: Settings) -> RunFolder:
    complete = complete_runs(settings.outputs_folder, pilot.pilot)
    if run is None and complete:
        return complete[-1]
    names = [folder.path.name for folder in complete]
    draft = settings.outputs_folder / pilot.pilot / DRAFT
    if run == DRAFT and draft.is_dir():
        return RunFolder(draft)
    if run not in names:
        what = f"run {run!r}" if run else "complete run"
        raise ManifestError(f"{pilot.pilot} has no {what}. {nearest(run or '', names)}")
    return complete[names.index(run)]


def _there(folder: RunFolder) -> str:
    tables = sorted((folder.path / "restricted").glob("*/*.parquet"))
    return f"There are: {', '.join(f'{p.parent.name}:{p.stem}' for p in tables) or 'none'}."
