"""From which earlier run a step may begin, and what must be so still of what that one kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from woda_lib.notebook.decisions import mark_of
from woda_lib.partners import Door
from woda_lib.partners.retention_dates import keep_until, made_on
from woda_lib.records import DRAFT, RunFolder, complete_runs
from woda_lib.settings import Settings


def begun_from(pilot: str, settings: Settings) -> Iterator[RunFolder]:
    """Return the runs from which a step may begin: this draft, if it is one, and the last run."""
    if not settings.step_folder:
        yield RunFolder(settings.outputs_folder / pilot / DRAFT)
    yield from complete_runs(settings.outputs_folder, pilot)[-1:]


def called(folder: RunFolder) -> str:
    """Return how a sentence calls a run from which a step may begin."""
    return "this draft" if folder.path.name == DRAFT else f"run {folder.path.name}"


def is_past_its_date(path: Path, door: Door, settings: Settings) -> bool:
    """Say whether what a run kept may no longer be kept."""
    months = door.agreement.retention.results_months
    return keep_until(made_on(path), months) < settings.today


def footing(as_of: date, door: Door, settings: Settings) -> dict[str, str]:
    """Return what a run notes with what it keeps, for `what_differs` in a later one."""
    return {
        "as_of": as_of.isoformat(),
        "extracts": settings.extracts_name,
        "pseudonyms": mark_of(door),
    }


def what_differs(then: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Return by which of `footing` nothing can be begun from what was kept; nothing if it can.

    ``as_of`` where later deliveries had been read for it.
    """
    for name in ("extracts", "pseudonyms"):
        if then[name] != now[name]:
            return name
    return "as_of" if then["as_of"] > now["as_of"] else ""
