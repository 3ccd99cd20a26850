"""Where a step finds what it loads, and how its records name it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from woda_lib.notebook.errors import NotebookError
from woda_lib.records import (
    DRAFT,
    Pilot,
    RunFolder,
    Step,
    complete_runs,
    read_step_record,
)
from woda_lib.settings import Settings


def saved_table(
    reference: str,
    *,
    pilot: str,
    settings: Settings,
    place: Callable[[RunFolder, str, str], Path] = RunFolder.table,
) -> Path:
    """Return the file of a table, or of a model, that a step saved.

    In a run, a step of the same pilot means this run. In a draft it means the draft, or else the
    last complete run; of another pilot it always means the last complete run. A table that was made
    from other extracts than those at hand is never taken.

    Parameters
    ----------
    reference : str
        ``<pilot>/<step>:<table>``.
    pilot : str
        The pilot that asks.
    settings : Settings
    place : callable
        Where a run's folder holds it: `RunFolder.table` or `RunFolder.model`.

    Raises
    ------
    NotebookError
        If the reference has another form, or the table was made from other extracts.
    """
    source, _, table = reference.partition(":")
    owner, _, step = source.partition("/")
    if not (owner and step and table):
        raise NotebookError(f"{reference!r} must read <pilot>/<step>:<table>.")
    if owner == pilot and settings.step_folder:
        return place(RunFolder(settings.step_folder), step, table)
    draft = RunFolder(settings.outputs_folder / owner / DRAFT)
    complete = complete_runs(settings.outputs_folder, owner)[-1:]
    candidates = ([draft] if owner == pilot else []) + complete
    there = [folder for folder in candidates if place(folder, step, table).is_file()]
    wanted = settings.extracts_name
    for folder in there:
        if _extracts_of(folder, step) in (wanted, None):
            return place(folder, step, table)
    if there:
        made_from = _extracts_of(there[0], step)
        raise NotebookError(
            f"{reference} was made from {made_from}, and this step reads {wanted}. Run "
            f"{owner}/{step} on the same extracts first."
        )
    return place(draft, step, table)


def require_needs(pilot: Pilot, step: Step, settings: Settings) -> None:
    """Refuse a draft whose earlier steps have left nothing on these extracts, before any work.

    They save what it loads, and know who, by linkage, turned out to have opted out. In a run the
    order is seen to.

    Raises
    ------
    NotebookError
        Naming the notebook to run first.
    """
    if settings.step_folder:
        return
    wanted = settings.extracts_name
    folders = [
        RunFolder(settings.outputs_folder / pilot.pilot / DRAFT),
        *complete_runs(settings.outputs_folder, pilot.pilot)[-1:],
    ]
    for need in step.needs:
        left = [folder for folder in folders if _left_something(folder, need)]
        if not any(_extracts_of(folder, need) in (wanted, None) for folder in left):
            raise NotebookError(
                f"{step.name} builds on {need}, which has not been run on {wanted}. "
                f"Open notebooks/{pilot.pilot}/{need}.ipynb and run all of its cells, or type "
                f"`woda run {pilot.pilot}` in a terminal. Then run this cell again."
            )


def lasting(path: Path, settings: Settings) -> str:
    """Return how records name a file that was read.

    From the checkout where it lies in it, and else from the folder of extracts, data or outputs. A
    run's hidden folder, and a sweep's, are named as they will be when they are complete.
    """
    for base in settings.bases:
        if path.is_relative_to(base):
            named = path.relative_to(base).as_posix()
            hidden, run = settings.step_folder, settings.run_id
            named = named.replace(hidden.name, run) if hidden and run else named
            return re.sub(r"(?<=/)\.([^/]+)\.partial(?=/)", r"\1", named)
    return path.name


def _left_something(folder: RunFolder, step: str) -> bool:
    return folder.record(step).is_file() or folder.table(step, "any").parent.is_dir()


def _extracts_of(folder: RunFolder, step: str) -> str | None:
    """The extracts that a step's record names; none where there is no record yet."""
    record = read_step_record(folder, step)
    return record.extracts if record else None
