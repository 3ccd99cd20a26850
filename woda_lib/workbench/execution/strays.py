"""What a step leaves behind that no verb of its run made: outputs, pasted pictures, files.

A verb marks what it displays, and the step's record holds a digest of it. An output without the
mark, or with a mark and another content, did not pass the gate; nor did a second form of an output
that did (a picture beside the HTML), a picture pasted into prose, or a file that the record does
not name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from nbformat import NotebookNode

from woda_lib.errors import WodaError
from woda_lib.records import RunFolder, StepRecord, text_sha256
from woda_lib.workbench.execution.failures import Place, cell_heading, cell_number

_FORMS = frozenset(("text/html", "text/plain"))
_PASTED = re.compile(r"data:[a-z]+/|<(?:img|iframe|object|embed|script|svg)\b", re.IGNORECASE)


class ForeignOutput(WodaError):
    """A notebook displays, or leaves, something that did not pass the gate."""


def refuse_foreign_outputs(notebook: NotebookNode, place: Place) -> None:
    """Refuse a notebook that displays anything that no verb of the run made.

    Raises
    ------
    ForeignOutput
        Naming every cell, and what kind of output it has; never quoting it.
    """
    found = [
        f"cell {cell_number(notebook, index)}{cell_heading(notebook, index)} {kind}"
        for index, kind in _foreign(notebook)
    ]
    if found:
        raise ForeignOutput(
            f"{place.stopped('')}\nIt displays what did not pass the disclosure gate: "
            f"{'; '.join(dict.fromkeys(found))}. Show a table or figure with run.show and a "
            "number with run.value, or remove it."
        )


def refuse_forged_outputs(notebook: NotebookNode, record: StepRecord, place: Place) -> None:
    """Refuse outputs that bear a verb's mark and are not what a verb displayed.

    Raises
    ------
    ForeignOutput
        Naming the cells.
    """
    made = set(record.displayed)
    found = [
        f"cell {cell_number(notebook, index)}{cell_heading(notebook, index)}"
        for index, cell in enumerate(notebook.cells)
        for output in cell.get("outputs", ())
        if text_sha256(output.get("data", {}).get("text/html", "")) not in made
    ]
    if found:
        raise ForeignOutput(
            f"{place.stopped('')}\nAn output says that it passed the disclosure gate and did not: "
            f"{'; '.join(dict.fromkeys(found))}. Show tables and figures with run.show alone."
        )


def refuse_stray_files(
    folder: RunFolder,
    record: StepRecord,
    place: Place,
    *,
    steps: Collection[str],
    beside: Collection[str] = (),
) -> None:
    """Refuse files in a run's folder that neither its steps' records nor the workbench name.

    Parameters
    ----------
    folder : RunFolder
    record : StepRecord
        Of the step that has just ended.
    place : Place
    steps : collection of str
        All steps of the run.
    beside : collection of str
        Those of them that are being run at this moment, and may be writing their records.

    Raises
    ------
    ForeignOutput
        Naming how many files, and the folder; a file's name may be a person's.
    """
    named = {folder.path / name for shown in record.shown for name in shown.files}
    own = folder.shown(record.step)
    stray = [path for path in _files(own) if path not in named]
    expected = {folder.path / part for part in ("restricted", "steps", "shown")}
    for step in steps:
        expected |= {folder.notebook(step), folder.report(step)}
    stray += [path for path in folder.path.iterdir() if path not in expected]
    records = {path for step in steps for path in (folder.record(step), folder.made(step))}
    stray += [
        path
        for path in (folder.path / "steps").iterdir()
        if path not in records and not any(path.name.startswith(f".{s}.json.") for s in beside)
    ]
    if (folder.path / "shown").is_dir():
        stray += [p for p in (folder.path / "shown").iterdir() if p.name not in steps]
    refuse_new_files(stray, "the run's folder", place)


def refuse_new_files(files: Iterable[Path], where: str, place: Place) -> None:
    """Refuse files that a notebook wrote by itself.

    Raises
    ------
    ForeignOutput
    """
    if count := len(list(files)):
        what = "a file" if count == 1 else f"{count} files"
        raise ForeignOutput(
            f"{place.stopped('')}\nIt writes {what} to {where} that did not pass the disclosure "
            "gate. Export tables and figures with run.show, keep rows with run.save, and write "
            "nothing by hand."
        )


def _foreign(notebook: NotebookNode) -> Iterator[tuple[int, str]]:
    for index, cell in enumerate(notebook.cells):
        if cell.get("attachments"):
            yield index, "holds an attached file"
        elif cell.cell_type == "markdown" and _PASTED.search(cell.source):
            yield index, "holds a pasted picture or markup"
        elif cell.cell_type == "raw":
            yield index, "is a raw cell"
        for output in cell.get("outputs", ()):
            if "woda" not in output.get("metadata", {}):
                yield index, _kind(output)
            elif output.output_type != "display_data" or set(output.data) - _FORMS:
                yield index, "displays another form of what passed"


def _kind(output: NotebookNode) -> str:
    match output.output_type:
        case "stream" if output.name == "stderr":
            return "writes warnings"
        case "stream":
            return "prints text"
        case "execute_result":
            return "ends in a value"
        case _:
            return "displays an object"


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
