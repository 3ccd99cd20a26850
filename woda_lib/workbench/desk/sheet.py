"""A notebook written as Markdown whose fenced blocks of Python are its code cells.

::

    # How many are there?          prose up to the next block is one Markdown cell

    ```python parameters           a block is one code cell; words after `python` are its tags
    start: int = 3  # visits
    ```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from woda_lib.records import text_sha256

_BLOCK = re.compile(r"^```python(?P<tags>[^\n]*)\n(?P<source>.*?)\n```$", re.DOTALL | re.MULTILINE)
_ID_DIGITS = 8

Cell = dict[str, Any]


def cells_of(text: str) -> list[Cell]:
    """Return the cells of a sheet in nbformat's form, code without outputs.

    Identifiers follow from place and source, so that the same sheet gives the same file.
    """
    return [_cell(number, *part) for number, part in enumerate(_parts(text))]


def _parts(text: str) -> Iterator[tuple[str, str, list[str]]]:
    end = 0
    for block in _BLOCK.finditer(text):
        if prose := text[end : block.start()].strip():
            yield "markdown", prose, []
        yield "code", block["source"], block["tags"].split()
        end = block.end()
    if prose := text[end:].strip():
        yield "markdown", prose, []


def _cell(number: int, kind: str, source: str, tags: list[str]) -> Cell:
    cell: Cell = {
        "cell_type": kind,
        "id": text_sha256(f"{number}\n{source}")[:_ID_DIGITS],
        "metadata": {"tags": tags} if tags else {},
        "source": source,
    }
    return cell | {"execution_count": None, "outputs": []} if kind == "code" else cell
