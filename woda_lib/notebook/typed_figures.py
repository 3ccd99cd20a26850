"""Figures that somebody typed by hand: where every figure is a citation, prose holds none.

A number that stands in a text as somebody typed it stays there when the release that it came from
is withdrawn. No figures, but names, are: years and days of a month; what stands in code marks or is
the address of a link; a number that belongs to a name (*A38*, *SHA-256*); *95% interval*, which
says of what kind an interval is; and the marker of a numbered heading or list.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from woda_lib.notebook.errors import NotebookError
from woda_lib.notebook.filling import PLACEHOLDER

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_NAMES = (
    re.compile(r"`[^`]*`"),
    PLACEHOLDER,
    re.compile(r"\]\([^)]*\)|https?://\S+"),
    re.compile(r"^[ \t]*(?:#+[ \t]*)?\d+(?:\.\d+)*[.)](?=\s)", re.MULTILINE),
    re.compile(rf"\b\d{{1,2}} {_MONTH}\b"),
    re.compile(r"(?<![\d.,£])(?:19|20)\d\d(?:[-–/]\d\d(?:\d\d)?)?(?![\d.,]*\d|%)"),
    re.compile(r"\b95% (?=intervals?\b)"),
    re.compile(r"[A-Z]-?\d[\d.]*"),
)
_DIGITS = re.compile(r"[£$€]?(?:\d[\d.,]*|[½¼¾⅓⅔])%?")
_TENS = "twen|thir|for|fif|six|seven|eigh|nine"
_WORDS = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|"
    rf"(?:thir|four|fif|six|seven|eigh|nine)teen|(?:{_TENS})ty|hundreds?|thousands?|[mb]illions?|"
    r"half|halves|halved|doubled?|trebled?|twice|(?:an?|one)\s+(?:third|quarter|fifth|tenth)|"
    r"(?:thirds|quarters|fifths|tenths)\s+of)\b",
    re.IGNORECASE,
)
_PROSE = re.compile(r"[^\W\d]\s|\s[^\W\d]|[£$€]\d|\d%")
"""Text for people, as it stands in code: it has words, or an amount. Names and codes have not."""


def typed_figure(text: str) -> str | None:
    """Return the first figure that stands in a text without a citation, or nothing.

    Parameters
    ----------
    text : str
        With placeholders where figures are put in.
    """
    for name in _NAMES:
        text = name.sub(" ", text)
    found = sorted(
        (match for form in (_DIGITS, _WORDS) if (match := form.search(text))),
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

    A number typed into `run.value` is one too, for the report would say it as found.

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
        source, where = "".join(cell.get("source", "")), f"Cell {number} of {path.name}"
        if cell.get("cell_type") == "markdown":
            refuse_typed(source, where)
        elif cell.get("cell_type") == "code":
            _refuse_code(source, where)


def _refuse_code(source: str, where: str) -> None:
    try:
        tree = ast.parse(source)
    except SyntaxError:  # lines for the shell; the run has refused them
        return
    for text in _sentences(tree):
        refuse_typed(text, where)
    for node in ast.walk(tree):
        for given in _recorded(node):
            raise NotebookError(
                f"{where} records the value {ast.unparse(given)}, typed by hand. Work it out from "
                "figures that run.cite returns, or from run.parameters."
            )


def _sentences(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and _PROSE.search(text):
            yield text


def _recorded(node: ast.AST) -> Iterator[ast.expr]:
    """The numbers of a call of `run.value`, as far as they are typed: 2.7 or -2.7."""
    if not (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "value"
    ):
        return
    numbers = node.args[1:2] + [k.value for k in node.keywords if k.arg in ("value", "low", "high")]
    for given in numbers:
        bare = given.operand if isinstance(given, ast.UnaryOp) else given
        if isinstance(bare, ast.Constant) and isinstance(bare.value, int | float):
            yield given
