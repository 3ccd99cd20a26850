"""The rows of a large file told apart all at once, where nothing in it needs a closer look.

Arrow reads what people write in nearly every file: a row a line, each as wide as the heading, cells
in quotation marks where they hold the delimiter. A cell that runs over lines, a stray quotation
mark or a row of another width is for `reading`, which goes row by row and says where it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

_TEXT: Any = pd.StringDtype()  # the stubs do not know what Arrow hands over by


def rows_at_once(
    lines: Sequence[str], *, first: int, delimiter: str, width: int, names: dict[int, str]
) -> pd.DataFrame | None:
    """Return the rows of a file as `reading` tabulates them, or nothing where it has to look.

    Parameters
    ----------
    lines : sequence of str
        Of the whole file, without line ends.
    first : int
        The position of the first line below the heading.
    delimiter : str
    width : int
        How many cells the heading has, blank ones at its end included.
    names : dict of int to str
        By position, the columns that the contract knows.

    Returns
    -------
    DataFrame or None
        ``line`` (from 1), ``raw_row`` (its cells, joined by the delimiter) and the columns as text,
        stripped, missing where blank.
    """
    blank = f'{delimiter}" \t'
    kept = [at for at in range(first, len(lines)) if lines[at].strip(blank)]
    body = [lines[at] for at in kept]
    if not body or not all(_plainly_quoted(line, delimiter) for line in body if '"' in line):
        return None
    columns = [str(place) for place in range(width)]
    try:
        table = csv.read_csv(
            pa.BufferReader("\n".join(body).encode()),
            csv.ReadOptions(column_names=columns, use_threads=False),
            csv.ParseOptions(delimiter=delimiter, newlines_in_values=False),
            csv.ConvertOptions(
                column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:  # a row of another width
        return None
    if table.num_rows != len(body):
        return None
    cells = {place: table.column(place).combine_chunks() for place in range(width)}
    text = {place: pc.utf8_trim_whitespace(cell) for place, cell in cells.items()}
    last_named = max(names)
    if any(pc.any(pc.not_equal(text[p], "")).as_py() for p in range(last_named + 1, width)):
        return None
    found: dict[str, object] = {
        "line": np.array(kept, dtype="int64") + 1,
        "raw_row": _joined(list(cells.values()), delimiter),
    }
    for place, name in names.items():
        filled = pc.if_else(pc.equal(text[place], ""), pa.scalar(None, pa.string()), text[place])
        found[name] = _TEXT.__from_arrow__(filled)
    return pd.DataFrame(found)


def _plainly_quoted(line: str, delimiter: str) -> bool:
    """Say whether every quotation mark begins a cell, ends one, or is doubled within one."""
    line = line.replace('""', "")
    marks = line.count('"')
    begins = line.startswith('"') + line.count(f'{delimiter}"')
    ends = line.endswith('"') + line.count(f'"{delimiter}')
    return marks == begins + ends and begins == ends


def _joined(cells: list[pa.Array], delimiter: str) -> npt.NDArray[np.object_]:
    return pc.binary_join_element_wise(*cells, delimiter).to_numpy(zero_copy_only=False)
