"""The notebook of a step that failed, kept where whoever may see rows can look at it.

It lies at ``data/failures/<pilot>/<run>/<step>.ipynb``, below the data folder and never below
``outputs/``, since its outputs may hold rows; only its user can open it. The next failure of the
pilot, or its next complete run, removes it.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

import nbformat
from nbformat import NotebookNode, v4

from woda_lib.settings import Settings

MARK = "woda-stopped-here"
"""The tag of the cell that is put before the one that failed."""


def keep_notebook(
    notebook: NotebookNode,
    cell: int | None,
    said: str,
    *,
    settings: Settings,
    pilot: str,
    run_id: str,
    step: str,
) -> Path | None:
    """Write a notebook with a note above the cell that failed, or at its head.

    Parameters
    ----------
    notebook : NotebookNode
        As far as it came.
    cell : int, optional
        The position of the cell; none where it is not one cell's doing.
    said : str
        What went wrong, for the note.
    settings : Settings
    pilot, run_id, step : str

    Returns
    -------
    Path or None
        Where it lies; nothing where it could not be written.
    """
    marked = nbformat.from_dict(notebook)
    quoted = "\n".join(f"> {line}" for line in said.splitlines())
    where = "" if cell is None else " at the cell below"
    text = f"**The run {run_id} stopped{where}.**\n\n{quoted}"
    marked.cells.insert(cell or 0, v4.new_markdown_cell(text, metadata={"tags": [MARK]}))
    path = failures_folder(settings, pilot) / run_id / f"{step}.ipynb"
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            nbformat.write(marked, file)
        return path
    with suppress(OSError):
        path.unlink(missing_ok=True)
    return None


def clear_notebooks(settings: Settings, pilot: str, *, but: str = "") -> None:
    """Remove the notebooks of a pilot's failures, except those of one run."""
    for folder in failures_folder(settings, pilot).glob("*"):
        if folder.name != but:
            shutil.rmtree(folder, ignore_errors=True)


def failures_folder(settings: Settings, pilot: str) -> Path:
    """The folder of a pilot's failing notebooks."""
    return settings.data_folder / "failures" / pilot
