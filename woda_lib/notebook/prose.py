"""What a notebook itself says of people: its prose and the texts in its code are published too."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

from woda_lib.disclosure import Loaded


def refuse_prose(path: Path, loaded: Loaded) -> None:
    """Refuse a notebook in which somebody who was loaded is named, or a free text quoted.

    Parameters
    ----------
    path : Path
        The notebook as it lies on disk; nothing is asked where there is none.
    loaded : Loaded
        What its step has read.

    Raises
    ------
    DisclosureError
        Naming the cell, never quoting it.
    """
    if not path.is_file():
        return
    cells = json.loads(path.read_text(encoding="utf-8")).get("cells", [])
    for number, cell in enumerate(cells, start=1):
        source = "".join(cell.get("source", ""))
        is_code = cell.get("cell_type") == "code"
        for text in _literals(source) if is_code else [source]:
            loaded.refuse_text(text, name=f"Cell {number} of the notebook")


def _literals(code: str) -> Iterator[str]:
    try:
        tree = ast.parse(code)
    except SyntaxError:  # lines for the shell; the run has refused them
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
