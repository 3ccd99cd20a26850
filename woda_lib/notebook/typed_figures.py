"""Figures that somebody typed by hand: where every figure is a citation, prose holds none.

A number that stands in a text as somebody typed it stays there when the release that it came from
is withdrawn. Years are names and no figures, and so is what stands in code marks.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from woda_lib.notebook.errors import NotebookError

PLACEHOLDER = re.compile(r"\{(?P<name>[a-z0-9_]+(?:/[a-z0-9_]+)?)(?::(?P<form>value|interval))?\}")
_CODE = re.compile(r"`[^`]*`")
_YEAR = re.compile(r"(?<![\d.,£])(?:19|20)\d\d(?:[-–/]\d\d)?(?![\d.,]*\d)")
_DIGITS = re.compile(r"[£$€]?\d[\d.,]*%?")
_WORDS = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|"
    r"eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundreds?|thousands?|[mb]illions?|"
    r"half|halves|halved|thirds|quarters?|fifths?|tenths?|doubled?|trebled?|twice)\b",
    re.IGNORECASE,
)
_PROSE = re.compile(r"\w+\s+\w+\s+\w+")


def typed_figure(text: str) -> str | None:
    """Return the first figure that stands in a text without a citation, or nothing.

    Parameters
    ----------
    text : str
        With placeholders where figures are put in.
    """
    bare = _YEAR.sub(" ", _CODE.sub(" ", PLACEHOLDER.sub(" ", text)))
    found = sorted(
        (match for form in (_DIGITS, _WORDS) if (match := form.search(bare))),
        key=lambda match: match.start(),
    )
    return found[0].group().rstrip(".,") if found else None


def refuse_typed(text: str, where: str) -> None:
    """Refuse a text that says a figure without saying where it is from.

    Raises
    ------
    NotebookError
        Quoting the figure, with what to write in its place.
    """
    if figure := typed_figure(text):
        raise NotebookError(
            f"{where} says {figure!r}, typed by hand. Write a citation in its place, such as "
            "{patient_flow/days_saved}, {assumed/…} for a parameter, {reported/…} for what others "
            "reported or the name of a value of this step; or say it without a number."
        )


def refuse_typed_notebook(path: Path) -> None:
    """Refuse a notebook whose prose, or a sentence in whose code, says a typed figure.

    Parameters
    ----------
    path : Path
        As it lies on disk; nothing is asked where there is none.

    Raises
    ------
    NotebookError
        Naming the cell.
    """
    if not path.is_file():
        return
    cells = json.loads(path.read_text(encoding="utf-8")).get("cells", [])
    for number, cell in enumerate(cells, start=1):
        source = "".join(cell.get("source", ""))
        texts = [source] if cell.get("cell_type") == "markdown" else _sentences(source)
        for text in texts:
            refuse_typed(text, f"Cell {number} of {path.name}")


def _sentences(code: str) -> Iterator[str]:
    """The texts of three words or more that stand in code; names and codes are shorter."""
    try:
        tree = ast.parse(code)
    except SyntaxError:  # lines for the shell; the run has refused them
        return
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and _PROSE.search(text):
            yield text
