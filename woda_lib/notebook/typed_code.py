"""Figures that somebody typed into a notebook: its prose, its sentences in code, and its numbers.

A number in code is no figure as long as it only steers the work (``head(10)``). It is one where
readers would see it: as a recorded value, within a sentence, or as a cell of a table.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from woda_lib.notebook.errors import NotebookError
from woda_lib.notebook.typed_figures import refuse_typed

_PROSE = re.compile(r"[^\W\d]\s|\s[^\W\d]|[£$€]\d|\d%|^\s*-?\d[\d.,]*\s*$")
"""Text for people, as it stands in code: it has words, or an amount. Names and codes have not."""

_KEEP = frozenset(("abs", "float", "int", "max", "min", "round", "sum"))
"""What makes of typed numbers a typed number."""
_TABLES = frozenset(("DataFrame", "Series"))


def refuse_typed_notebook(path: Path) -> None:
    """Refuse a notebook whose prose, or a sentence in whose code, says a typed figure.

    A number typed into `run.value` is one too, for the report would say it as found; so is a name
    that stands for nothing but typed numbers, unless it is a parameter.

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
    typed: set[str] = set()
    for number, cell in enumerate(cells, start=1):
        source, where = "".join(cell.get("source", "")), f"Cell {number} of {path.name}"
        if cell.get("cell_type") == "markdown":
            refuse_typed(source, where)
        elif cell.get("cell_type") == "code" and not _holds_parameters(cell):
            _refuse_code(source, where, typed)


def _holds_parameters(cell: dict[str, Any]) -> bool:
    return "parameters" in cell.get("metadata", {}).get("tags", ())


def _refuse_code(source: str, where: str, typed: set[str]) -> None:
    try:
        tree = ast.parse(source)
    except SyntaxError:  # lines for the shell; the run has refused them
        return
    _name(tree, typed)
    for text in _sentences(tree):
        refuse_typed(text, where)
    for node in ast.walk(tree):
        for given in _recorded(node):
            if _is_typed(given, typed):
                raise NotebookError(
                    f"{where} records the value {ast.unparse(given)}, typed by hand. Work it out "
                    "from figures that run.cite returns, or from run.parameters."
                )
        for given in _said(node):
            if _is_typed(given, typed):
                raise NotebookError(
                    f"{where} says {ast.unparse(given)!r}, typed by hand. Say a figure that "
                    "run.cite returns, a parameter, or a value of this step."
                )


def _name(tree: ast.AST, typed: set[str]) -> None:
    """Note the names that stand for typed numbers, and forget those that no longer do."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            names = [one.id for one in node.targets if isinstance(one, ast.Name)]
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr | ast.AugAssign):
            names = [node.target.id] if isinstance(node.target, ast.Name) else []
        else:
            continue
        given = None if isinstance(node, ast.AugAssign) else node.value
        for name in names:
            (typed.add if given is not None and _is_typed(given, typed) else typed.discard)(name)


def _is_typed(given: ast.expr, typed: set[str]) -> bool:
    """Whether an expression is made of nothing but numbers that somebody typed."""
    match given:
        case ast.Constant(value=value):
            return isinstance(value, int | float) and not isinstance(value, bool)
        case ast.Name(id=name):
            return name in typed
        case ast.UnaryOp(operand=operand):
            return _is_typed(operand, typed)
        case ast.BinOp(left=left, right=right):
            return _is_typed(left, typed) and _is_typed(right, typed)
        case ast.Call(func=ast.Name(id=name), args=[_, *_] as args) if name in _KEEP:
            return all(_is_typed(each, typed) for each in args)
    return False


def _sentences(tree: ast.AST) -> Iterator[str]:
    """Give texts for people; of one that is put together, with placeholders where it has gaps."""
    parts: set[int] = set()
    for node in ast.walk(tree):
        text = None
        if isinstance(node, ast.JoinedStr):
            parts |= {id(each) for each in node.values}
            text = "".join(
                str(each.value) if isinstance(each, ast.Constant) else "{gap}"
                for each in node.values
            )
        elif isinstance(node, ast.FormattedValue):
            if isinstance(node.format_spec, ast.JoinedStr):  # ".1f" is how, and not what
                parts |= {id(node.format_spec), *(id(each) for each in node.format_spec.values)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        if text and id(node) not in parts and _PROSE.search(text):
            yield text


def _recorded(node: ast.AST) -> Iterator[ast.expr]:
    """The numbers of a call of `run.value`."""
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "value"
    ):
        yield from node.args[1:2]
        yield from (k.value for k in node.keywords if k.arg in ("value", "low", "high"))


def _said(node: ast.AST) -> Iterator[ast.expr]:
    """What is put into a text, or into a table, from code."""
    match node:
        case ast.FormattedValue(value=value):
            yield value
        case ast.Call(func=ast.Name(id="str" | "format"), args=[value, *_]):
            yield value
        case ast.Call(func=ast.Attribute(attr="format"), args=args, keywords=keywords):
            yield from (*args, *(each.value for each in keywords))
        case ast.BinOp(left=ast.Constant(value=str()), op=ast.Mod(), right=right):
            yield right
        case ast.Call(func=ast.Attribute(attr="assign"), keywords=keywords):
            yield from (each.value for each in keywords)
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in _TABLES:
            yield from _cells(node)


def _cells(table: ast.Call) -> Iterator[ast.expr]:
    for given in (*table.args[:1], *(k.value for k in table.keywords if k.arg == "data")):
        for node in ast.walk(given):
            if isinstance(node, ast.Dict):
                yield from (each for each in node.values if not isinstance(each, ast.List))
            elif isinstance(node, ast.List | ast.Tuple):
                yield from node.elts
