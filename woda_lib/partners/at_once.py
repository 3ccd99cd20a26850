"""The rows of a large file told apart all at once, where nothing in it needs a closer look.

Arrow reads what people write in nearly every file: a row a line, each as wide as the heading, cells
in quotation marks where they hold the delimiter. A cell that runs over lines, a stray quotation
mark or a row of another width is for `reading`, which goes row by row and says where it stands.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from woda_lib.partners.texts import each_once


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
    below = pa.array(lines[first:], type=pa.large_string())
    filled = pc.not_equal(pc.utf8_trim(below, f'{delimiter}" \t'), "")
    body = below.filter(filled)
    if not len(body) or not _plainly_quoted(body, delimiter):
        return None
    kept = first + np.flatnonzero(filled.to_numpy(zero_copy_only=False))
    columns = [str(place) for place in range(width)]
    try:
        table = csv.read_csv(
            pa.BufferReader(_whole(body)),
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
        "line": kept + 1,
        "raw_row": _joined(list(cells.values()), delimiter),
    }
    for place, name in names.items():
        filled = pc.if_else(pc.equal(text[place], ""), pa.scalar(None, pa.string()), text[place])
        found[name] = each_once(filled)
    return pd.DataFrame(found)


def _plainly_quoted(body: pa.Array, delimiter: str) -> bool:
    """Say whether every quotation mark begins a cell, ends one, or is doubled within one."""
    quoted = body.filter(pc.match_substring(body, '"'))
    if not len(quoted):
        return True
    lines = pc.replace_substring(quoted, '""', "")
    marks = pc.count_substring(lines, '"')
    begins = _either(pc.starts_with(lines, '"'), pc.count_substring(lines, f'{delimiter}"'))
    ends = _either(pc.ends_with(lines, '"'), pc.count_substring(lines, f'"{delimiter}'))
    plain = pc.and_(pc.equal(marks, pc.add(begins, ends)), pc.equal(begins, ends))
    return bool(pc.all(plain).as_py())


def _either(at_the_edge: pa.Array, within: pa.Array) -> pa.Array:
    return pc.add(pc.cast(at_the_edge, within.type), within)


def _whole(body: pa.Array) -> pa.Buffer:
    """Return the lines as one text again, without the blank ones between them."""
    ended = pc.binary_join_element_wise(body, pa.scalar("", body.type), pa.scalar("\n", body.type))
    return ended.buffers()[2]


def _joined(cells: list[pa.Array], delimiter: str) -> npt.NDArray[np.object_]:
    return pc.binary_join_element_wise(*cells, delimiter).to_numpy(zero_copy_only=False)
