"""Searches that come from a file, where a run cannot ask: who was found, on a page of their own.

Names never stand in parameters, which are written in plain text. So whoever wants a run to search
writes ``data/look_ups/<pilot>.csv``, which stays on this machine: a row a search, with what is
known of the person and the reason. The run keeps whom it found, with their identifiers, as an
encrypted page; a page of one of them is then made with the parameter ``person``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from woda_lib.notebook import Run
from woda_lib.pilots.single_view.person.desk import Desk
from woda_lib.pilots.single_view.person.errors import PersonError
from woda_lib.pilots.single_view.person.page import found_page
from woda_lib.pilots.single_view.person.panel import Hit
from woda_lib.records import read_list
from woda_lib.settings import Settings

COLUMNS = ("search", "reason")


@dataclass(frozen=True)
class Asked:
    """A search of the file, its place there, and whom it found."""

    row: int
    search: str
    reason: str
    hits: tuple[Hit, ...]


def file_of_searches(pilot: str) -> Path:
    """Return where the searches of a pilot are written."""
    return Settings().data_folder / "look_ups" / f"{pilot}.csv"


def searches_of(path: Path) -> list[tuple[int, str, str]]:
    """Return row, search and reason of each line of a file; rows as a spreadsheet numbers them.

    Raises
    ------
    PersonError
        If it cannot be read, lacks a column, or a row lacks its search or its reason. No search is
        quoted.
    """
    try:
        table = read_list(path)
    except (OSError, UnicodeDecodeError, ValueError):
        raise PersonError(
            f"{path.name} in {path.parent.name}/ cannot be read. Write it as CSV in UTF-8, with "
            f"the columns {' and '.join(COLUMNS)}."
        ) from None
    if missing := [name for name in COLUMNS if name not in table]:
        raise PersonError(
            f"{path.name} in {path.parent.name}/ has no column {missing[0]}. Its columns are "
            f"{' and '.join(COLUMNS)}: what is known of the person, and what for."
        )
    rows = []
    for row, search, reason in zip(
        range(2, len(table) + 2), table["search"].str.strip(), table["reason"], strict=True
    ):
        if not search or not reason.strip():
            raise PersonError(
                f"{path.name} in {path.parent.name}/, row {row}: a search needs what is known of "
                "the person, and a reason. Fill both, or take the row out."
            )
        rows.append((row, search, reason))
    return rows


def page_of_found(run: Run, desk: Desk) -> str | None:
    """Return the page of whom the file's searches found; nothing where there is no file.

    Raises
    ------
    PersonError
        See `searches_of`.
    NotebookError, AgreementError
        As `Store.search`.
    """
    path = file_of_searches(run.pilot.pilot)
    if not path.is_file():
        return None
    run.record_input(path, "searches")
    asked: Sequence[Asked] = [
        Asked(row, search, reason, tuple(desk.search({"typed": search}, reason)))
        for row, search, reason in searches_of(path)
    ]
    return found_page(
        asked,
        agreement=run.pilot.agreement,
        purpose=run.step.purpose,
        pilot=run.pilot.pilot,
        synthetic=run.synthetic,
    )
