"""What went wrong in a notebook, said so that a person can act on it and no row is quoted.

An exception's message often quotes what it choked on: ``KeyError: 'Smith'``. So a message is shown
only where it cannot come from a row. That holds for errors that the workbench itself raises, which
never quote one, for a message that stands word for word in the notebook's code, and for a few of
Python's, which speak of code. Of every other, the class and the lines of code that it passed
through are shown: lines are looked up in the files themselves, and nothing is taken from the text
that the kernel sent. Whatever is shown holds no identifier.
"""

from __future__ import annotations

import ast
import linecache
import re
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

import woda_lib
from woda_lib.errors import WodaError
from woda_lib.workbench.execution.engine import INJECTED, CellFailed

_SPEAK_OF_CODE = frozenset(
    {
        "ImportError", "IndentationError", "MemoryError", "ModuleNotFoundError", "NameError",
        "RecursionError", "SyntaxError", "TabError", "UnboundLocalError", "ZeroDivisionError",
        "_ArrayMemoryError",
    }
)  # fmt: skip
_WITHOUT_MEMORY = frozenset({"MemoryError", "_ArrayMemoryError"})
_MOST_LINES = 6
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_IN_CELL = re.compile(r"\s*Cell In\[(\d+)\], line (\d+)")
_IN_FILE = re.compile(r"\s*File (.+?):(\d+)(?:,|\n|$)")
_HERE = Path(woda_lib.__file__).parent


class CellError(WodaError):
    """A cell of a notebook raised an error."""


class KernelDied(WodaError):
    """The process that ran a notebook's cells ended of itself."""


class OutOfMemory(KernelDied):
    """The process that ran a notebook's cells was ended because it took too much memory."""


class CellHung(WodaError):
    """A cell ran for longer than its step allows."""


class UnfinishedStep(WodaError):
    """A notebook ran to its end without writing its record."""


@dataclass(frozen=True)
class Place:
    """Where a failure happened, and what would be wanted to make it happen again.

    Attributes
    ----------
    pilot, step : str
    path : str
        The notebook, from the checkout's root.
    parameters : mapping of str to value
    cell_minutes, memory_gb : float, optional
        What the step may take.
    """

    pilot: str
    step: str
    path: str
    parameters: Mapping[str, Any]
    cell_minutes: float | None = None
    memory_gb: float | None = None

    def stopped(self, where: str) -> str:
        """Return the lines that every failure begins with."""
        from woda_lib.disclosure import personal_kinds  # here: it brings pandas, and few runs fail

        given = ", ".join(
            f"{name}={'(withheld)' if personal_kinds([str(value)]) else value}"
            for name, value in self.parameters.items()
        )
        given = given or "none"
        return f"{self.pilot} stopped in step {self.step}{where}.\nParameters: {given}"


def cell_error(failed: CellFailed, place: Place) -> CellError | KernelDied | CellHung:
    """Put a failed cell into words."""
    from woda_lib.disclosure import personal_kinds  # here: it brings pandas, and few runs fail

    number = cell_number(failed.notebook, failed.index)
    stopped = place.stopped(f", at cell {number}{cell_heading(failed.notebook, failed.index)}")
    if failed.ending != "error":
        return _ended(failed, place, stopped)
    lines = "".join(f"\n  {line}" for line in _lines(failed))
    plain = f"{failed.name}: {failed.message}"
    ours = failed.traceback == (f"woda_lib.{plain}",)
    written = failed.traceback == (plain,) and failed.message in _texts_of(failed.notebook)
    if (ours or written) and not personal_kinds([failed.message]):
        said = plain
    elif failed.name in _SPEAK_OF_CODE and not personal_kinds([failed.message]):
        said = f"{failed.name}: {failed.message}{lines}"
        if failed.name in _WITHOUT_MEMORY:
            said += "\nMemory ran out. Close other programs, or load less, and run again."
    else:
        said = (
            f"{failed.name} (its message is withheld, because it may quote a row; open "
            f"{place.path} with `woda lab` and run it to see it){lines}"
        )
    return CellError(f"{stopped}\n{said}")


def _ended(failed: CellFailed, place: Place, stopped: str) -> KernelDied | CellHung:
    """Put into words how a kernel ended that ran its cell to no end."""
    peak = f" It held {failed.peak_mb / 1024:.1f} GB." if failed.peak_mb else ""
    yaml = f"parameters/{place.pilot}.yaml"
    match failed.ending:
        case "hung":
            return CellHung(
                f"{stopped}\nThe cell ran for longer than {place.cell_minutes:g} minutes and was "
                f"ended. If it needs more, give the step {place.step} another cell_minutes in "
                f"{yaml}."
            )
        case "over its limit":
            return OutOfMemory(
                f"{stopped}\nThe cell took more memory than the step may have ({place.memory_gb:g} "
                f"GB) and was ended. Load less, or give the step {place.step} another memory_gb in "
                f"{yaml}."
            )
        case "out of memory":
            return OutOfMemory(
                f"{stopped}\nMemory ran out, and the system ended the Python process that ran the "
                f"cell.{peak} Close other programs, or load less, and run again. With memory_gb in "
                f"{yaml} the step waits until so much is free."
            )
    if failed.exit_code == -signal.SIGKILL:
        return KernelDied(
            f"{stopped}\nThe Python process that ran the cell was ended from outside (SIGKILL), "
            f"most often because memory ran out.{peak} Close other programs, or load less, and run "
            "again."
        )
    if failed.exit_code is not None and failed.exit_code < 0:
        return KernelDied(
            f"{stopped}\nThe Python process that ran the cell crashed "
            f"({signal.Signals(-failed.exit_code).name}), in a library that is not Python. Run "
            "again, and if it crashes again, tell whoever looks after the workbench which cell."
        )
    return KernelDied(
        f"{stopped}\nThe Python process that ran the cell ended of itself, most often because "
        "memory ran out. Close other programs, or load less, and run again."
    )


def unfinished(place: Place) -> UnfinishedStep:
    """Put into words that a notebook wrote no record."""
    return UnfinishedStep(
        f"{place.stopped('')}\nThe notebook never called run.finish(). Add it as the last cell."
    )


def cell_number(notebook: NotebookNode, index: int) -> int:
    """The number of a cell as JupyterLab shows the notebook, which lacks papermill's cell."""
    before = notebook.cells[: index + 1]
    return sum(INJECTED not in cell.metadata.get("tags", ()) for cell in before)


def cell_heading(notebook: NotebookNode, index: int) -> str:
    """Name, in brackets, the heading that a cell stands under; nothing where there is none."""
    headings = [
        line.lstrip("#").strip()
        for cell in notebook.cells[:index]
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("#")
    ]
    return f" (under “{headings[-1]}”)" if headings else ""


def _texts_of(notebook: NotebookNode) -> set[str]:
    """The texts that stand in a notebook's code."""
    found: set[str] = set()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            try:
                tree = ast.parse(cell.source)
            except SyntaxError:
                continue
            found |= {
                node.value
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            }
    return found


def _lines(failed: CellFailed) -> list[str]:
    """The lines of code that an error passed through in the notebook and in this library."""
    cells = {
        cell.execution_count: index
        for index, cell in enumerate(failed.notebook.cells)
        if cell.cell_type == "code" and cell.execution_count
    }
    found: list[str] = []
    for entry in failed.traceback:
        plain = _COLOUR.sub("", entry)
        if (match := _IN_CELL.match(plain)) and int(match[1]) in cells:
            index, line = cells[int(match[1])], int(match[2])
            source = failed.notebook.cells[index].source.splitlines()
            code = source[line - 1].strip() if 0 < line <= len(source) else ""
            found.append(f"cell {cell_number(failed.notebook, index)}, line {line}: {code}")
        elif match := _IN_FILE.match(plain):
            path, line = Path(match[1]).expanduser(), int(match[2])
            if path.is_relative_to(_HERE):
                code = linecache.getline(str(path), line).strip()
                shown = path.relative_to(_HERE.parent).as_posix()
                found.append(f"{shown}, line {line}: {code}")
    return list(dict.fromkeys(found))[-_MOST_LINES:]
