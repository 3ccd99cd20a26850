"""Other ways of reading data than through the door: found in code, so that none is taken.

A notebook, or a room of the library, that opens a data file by itself would pass by agreements,
opt-outs, pseudonyms and the audit log. A plan refuses such a notebook before it runs, and a test
walks the whole library. What is looked for are the readers of pandas, pyarrow, DuckDB, NumPy and
the standard library by name, also inside SQL. It is a fence and no wall: whoever hides a reader
behind another name gets past it, and only people who review code will notice.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

READERS = frozenset(
    "read_csv read_parquet read_table read_feather read_orc read_excel read_json read_ndjson "
    "read_fwf read_hdf read_pickle read_sas read_spss read_stata read_sql read_sql_query "
    "read_sql_table read_xml read_html read_gbq read_clipboard read_csv_auto read_json_auto "
    "ParquetFile ParquetDataset open_csv read_schema read_metadata "
    "scan_csv scan_parquet scan_ndjson from_csv_auto from_parquet genfromtxt loadtxt fromfile "
    "memmap load_workbook DictReader".split()
)
"""Functions that open a data file, whatever they are called on."""

_OF_MODULE = {
    ("np", "load"), ("numpy", "load"), ("pickle", "load"), ("joblib", "load"), ("csv", "reader"),
    ("sqlite3", "connect"), ("shelve", "open"), ("dataset", "dataset"), ("ds", "dataset"),
}  # fmt: skip
"""Functions whose names are too common to be looked for without their module."""

_IN_SQL = re.compile(
    r"\b(?:read_(?:csv|csv_auto|parquet|json|json_auto|ndjson|text|blob)|parquet_scan|sniff_csv)\s*\("
    r"|\b(?:FROM|COPY)\s+[^\s;]*?\'[^\']+\.(?:csv|parquet|json|xlsx)",
    re.IGNORECASE,
)
_SHELL = re.compile(r"^\s*[!%]")


@dataclass(frozen=True)
class OtherWay:
    """A reader that some code calls: the line, and its name."""

    line: int
    reader: str


def other_ways(source: str, *, may_open: bool = True) -> list[OtherWay]:
    """Return every reader of data files that some Python calls, in the order of its lines.

    Parameters
    ----------
    source : str
        A module, or a notebook's cell; lines for the shell or IPython (``!``, ``%``) count as
        readers, since nobody can tell what they open.
    may_open : bool
        Whether plain `open`, `read_text` and `read_bytes` are let through: the library reads
        parameter files and pages with them, and a notebook nothing.

    Raises
    ------
    SyntaxError
        If it is not Python.
    """
    shell = [
        OtherWay(number, line.strip().split()[0])
        for number, line in enumerate(source.splitlines(), start=1)
        if _SHELL.match(line)
    ]
    plain = "\n".join("" if _SHELL.match(line) else line for line in source.splitlines())
    found = [way for node in ast.walk(ast.parse(plain)) if (way := _way(node, may_open=may_open))]
    return sorted({*shell, *found}, key=lambda way: (way.line, way.reader))


def _way(node: ast.AST, *, may_open: bool) -> OtherWay | None:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name)) if (
            module,
            name,
        ) in _OF_MODULE:
            return OtherWay(node.lineno, f"{module}.{name}")
        case ast.Attribute(attr=name) | ast.Name(id=name) if name in READERS:
            return OtherWay(node.lineno, name)
        case ast.ImportFrom(names=names):
            for alias in names:
                if alias.name in READERS:
                    return OtherWay(node.lineno, alias.name)
        case ast.Call(func=ast.Name(id="open")) if not may_open:
            return OtherWay(node.lineno, "open")
        case ast.Attribute(attr="open" | "read_text" | "read_bytes" as name) if not may_open:
            return OtherWay(node.lineno, name)
        case ast.Call(args=[ast.Constant(value=str(text)), *_]) if _IN_SQL.search(text):
            return OtherWay(node.lineno, "a reader inside SQL")
    return None
