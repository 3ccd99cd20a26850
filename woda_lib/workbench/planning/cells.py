"""A notebook's cells, told apart: what decides its results, and what only its report shows.

The parameters cell belongs to the second kind. It sets names to literals and nothing else, a run
sets every one of them anew in the cell after it, and those values count on their own.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator

from woda_lib.records import text_sha256
from woda_lib.workbench.notebooks import NotebookNode, nbformat
from woda_lib.workbench.planning.modules import imports_of
from woda_lib.workbench.planning.plan import PARAMETERS

_OUR_NAMES = re.compile(r"\bwoda_lib(?:\.\w+)*")
_INJECTED = "injected-parameters"


def code_sha256(notebook: NotebookNode) -> str:
    """Return the SHA-256 of the code cells in their order, with their tags."""
    cells = [[cell.source, _tags(cell)] for cell in notebook.cells if _decides(cell)]
    return text_sha256(json.dumps(cells))


def prose_sha256(notebook: NotebookNode) -> str:
    """Return the SHA-256 of all other cells, and of where they stand among the code."""
    cells = [
        None if _decides(cell) else [cell.cell_type, cell.source, cell.get("attachments")]
        for cell in notebook.cells
        if not _is_injected(cell)
    ]
    return text_sha256(json.dumps(cells))


def woda_imports(notebook: NotebookNode) -> set[str]:
    """Return what the code cells import of `woda_lib`, as `modules.imports_of` gives it."""
    found: set[str] = set()
    for source in _sources(notebook):
        try:
            found |= set(imports_of(source))
        except SyntaxError:  # a magic, say: then every module that it names counts
            found |= set(_OUR_NAMES.findall(source))
    return {name for name in found if name.partition(":")[0].split(".")[0] == "woda_lib"}


def strings_of(notebook: NotebookNode) -> set[str]:
    """Return every text that stands in the code cells, since one may name what is loaded."""
    found: set[str] = set()
    for source in _sources(notebook):
        try:
            tree = ast.parse(source)
        except SyntaxError:
            found |= set(re.findall(r"[\"']([\w/:]+)[\"']", source))
            continue
        nodes = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
        found |= {value for value in nodes if isinstance(value, str)}
    return found


def calls_of(notebook: NotebookNode) -> set[str]:
    """Return the names of the methods that the code cells call, such as ``load``."""
    found: set[str] = set()
    for source in _sources(notebook):
        try:
            nodes = ast.walk(ast.parse(source))
        except SyntaxError:
            found |= set(re.findall(r"\.(\w+)\(", source))
            continue
        calls = (node.func for node in nodes if isinstance(node, ast.Call))
        found |= {each.attr for each in calls if isinstance(each, ast.Attribute)}
    return found


def merged(executed: NotebookNode, written: NotebookNode) -> NotebookNode:
    """Return an executed notebook with the prose of a newer one whose code is the same.

    Parameters
    ----------
    executed : NotebookNode
        With outputs, and the cell of parameters that the run put in.
    written : NotebookNode
        As it stands in ``notebooks/``.

    Raises
    ------
    ValueError
        If their code differs.
    """
    if code_sha256(executed) != code_sha256(written):
        raise ValueError("The code of the two notebooks differs.")
    ran = (cell for cell in executed.cells if _decides(cell))
    injected = [cell for cell in executed.cells if _is_injected(cell)]
    cells: list[NotebookNode] = []
    for cell in written.cells:
        if _is_injected(cell):
            continue
        cells.append(nbformat.from_dict(next(ran) if _decides(cell) else _bare(cell)))
        if PARAMETERS in _tags(cell):
            cells.extend(injected)
            injected = []
    made = nbformat.from_dict(executed)
    made.cells = [*injected, *cells]
    return made


def _bare(cell: NotebookNode) -> NotebookNode:
    """Return a cell as a run takes it: its text and tags, and no output that it may hold."""
    bare = nbformat.from_dict(cell)
    bare.metadata = nbformat.from_dict({"tags": _tags(cell)})
    if bare.cell_type == "code":
        bare.outputs, bare.execution_count = [], None
    return bare


def _sources(notebook: NotebookNode) -> Iterator[str]:
    return (cell.source for cell in notebook.cells if cell.cell_type == "code")


def _decides(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and not {PARAMETERS, _INJECTED} & set(_tags(cell))


def _is_injected(cell: NotebookNode) -> bool:
    return _INJECTED in _tags(cell)


def _tags(cell: NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", ()))
