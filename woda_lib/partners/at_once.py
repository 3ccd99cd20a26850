"""The rows of a large file told apart all at once, where nothing in it needs a closer look.

Arrow reads what people write in nearly every file: a row a line, each as wide as the heading, cells
in quotation marks where they hold the delimiter. A cell that runs over lines, a stray quotation
mark or a row of another width is for `reading`, which goes row by row and says where it stands.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv


def rows_at_once(
    text: str, *, first: int, delimiter: str, width: int, names: dict[int, str]
) -> pd.DataFrame | None:
    """Return the rows of a file as `reading` tabulates them, or nothing where it has to look.

    Parameters
    ----------
    text : str
        The whole file, its lines ended by newlines alone.
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
    below = _lines("".join(text.split("\n", first)[first:]))
    filled = pc.not_equal(pc.utf8_trim(below, f'{delimiter}" \t\n'), "")
    body = below.filter(filled)
    _, places, letters = body.buffers()
    ends = np.frombuffer(places, dtype=np.int64)[1 : len(body) + 1]
    if not len(ends):
        return None
    whole = letters.slice(0, int(ends[-1]))
    if not _plainly_quoted(whole, ends, delimiter):
        return None
    kept = first + np.flatnonzero(filled.to_numpy(zero_copy_only=False))
    columns = [str(place) for place in range(width)]
    try:
        table = csv.read_csv(
            pa.BufferReader(whole),
            csv.ReadOptions(column_names=columns, use_threads=False),
            csv.ParseOptions(delimiter=delimiter, newlines_in_values=False),
            csv.ConvertOptions(
                column_types=dict.fromkeys(columns, body.type), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:  # a row of another width
        return None
    if table.num_rows != len(body):
        return None
    cells = {place: table.column(place).combine_chunks() for place in range(width)}
    trimmed = {place: pc.utf8_trim_whitespace(cell) for place, cell in cells.items()}
    last_named = max(names)
    if any(pc.any(pc.not_equal(trimmed[p], "")).as_py() for p in range(last_named + 1, width)):
        return None
    joined = pc.binary_join_element_wise(*cells.values(), pa.scalar(delimiter, body.type))
    found = {"line": kept + 1, "raw_row": pd.arrays.ArrowStringArray(joined)}
    for place, name in names.items():
        cell = trimmed[place]
        missing = pa.scalar(None, cell.type)
        given = pc.if_else(pc.equal(cell, ""), missing, cell)
        found[name] = pd.arrays.ArrowStringArray(given)
    return pd.DataFrame(found, copy=False)


def _lines(text: str) -> pa.LargeStringArray:
    """Return the lines of a text, each with the newline that ends it."""
    letters = f"{text}\n".encode()
    ends = np.flatnonzero(np.frombuffer(letters, dtype=np.uint8) == ord("\n")) + 1
    places = pa.py_buffer(np.append(0, ends))
    return pa.Array.from_buffers(
        pa.large_string(), len(ends), [None, places, pa.py_buffer(letters)]
    )


def _plainly_quoted(whole: pa.Buffer, ends: npt.NDArray[np.int64], delimiter: str) -> bool:
    """Say whether every quotation mark begins a cell, ends one, or is doubled within one.

    Parameters
    ----------
    whole
        Lines, each with its newline.
    ends
        Where each of them ends.
    delimiter
    """
    letters = np.frombuffer(whole, dtype=np.uint8)
    marks = np.flatnonzero(letters == ord('"'))
    if not len(marks):
        return True
    apart = np.diff(marks) > 1
    first, last = marks[np.append(True, apart)], marks[np.append(apart, True)]
    odd = (last - first) % 2 == 0  # of marks side by side, two and two are doubled
    first, last = first[odd], last[odd]
    edges = np.isin(np.arange(256), [ord(delimiter), ord("\n")])
    begins, closes = edges[letters[first - 1]], edges[letters[last + 1]]
    if len(first) % 2 or (begins == closes).any() or not begins[::2].all() or begins[1::2].any():
        return False
    lines = np.searchsorted(ends, first, side="right")
    return bool((lines[::2] == lines[1::2]).all())
