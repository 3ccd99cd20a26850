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
_MOST_LINES = 6
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_IN_CELL = re.compile(r"\s*Cell In\[(\d+)\], line (\d+)")
_IN_FILE = re.compile(r"\s*File (.+?):(\d+)(?:,|\n|$)")
_HERE = Path(woda_lib.__file__).parent


class CellError(WodaError):
    """A cell of a notebook raised an error."""


class KernelDied(WodaError):
    """The process that ran a notebook's cells ended of itself."""


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
    """

    pilot: str
    step: str
    path: str
    parameters: Mapping[str, Any]

    def stopped(self, where: str) -> str:
        """Return the lines that every failure begins with."""
        from woda_lib.disclosure import personal_kinds  # here: it brings pandas, and few runs fail

        given = ", ".join(
            f"{name}={'(withheld)' if personal_kinds([str(value)]) else value}"
            for name, value in self.parameters.items()
        )
        given = given or "none"
        return f"{self.pilot} stopped in step {self.step}{where}.\nParameters: {given}"


def cell_error(failed: CellFailed, place: Place) -> CellError | KernelDied:
    """Put a failed cell into words."""
    from woda_lib.disclosure import personal_kinds  # here: it brings pandas, and few runs fail

    number = cell_number(failed.notebook, failed.index)
    stopped = place.stopped(f", at cell {number}{cell_heading(failed.notebook, failed.index)}")
    if not failed.name:
        return KernelDied(
            f"{stopped}\nThe Python process that ran the cell ended of itself, most often because "
            "memory ran out. Close other programs, or load less, and run again."
        )
    lines = "".join(f"\n  {line}" for line in _lines(failed))
    plain = f"{failed.name}: {failed.message}"
    ours = failed.traceback == (f"woda_lib.{plain}",)
    written = failed.traceback == (plain,) and failed.message in _texts_of(failed.notebook)
    if (ours or written) and not personal_kinds([failed.message]):
        said = plain
    elif failed.name in _SPEAK_OF_CODE and not personal_kinds([failed.message]):
        said = f"{failed.name}: {failed.message}{lines}"
    else:
        said = (
            f"{failed.name} (its message is withheld, because it may quote a row; open "
            f"{place.path} with `woda lab` and run it to see it){lines}"
        )
    return CellError(f"{stopped}\n{said}")


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
