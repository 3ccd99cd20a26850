"""What tests need of the records of a stretch, side by side: a column for each thing that is asked.

Values lie far apart in their dictionary, and each is asked about as often as its record is paired.
What is needed of it is fetched once, for all pairs of the stretch.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import uint64

from woda_lib.linkage.fast.compiled import kept
from woda_lib.linkage.fast.kernels import BITS_OF_LENGTH, HEAD, MASK, SPAN

_WORDS = {"mask": MASK, "head": HEAD, "length": SPAN}
_EVERY_BIT, _LENGTH = ~np.uint64(0), np.uint64((1 << BITS_OF_LENGTH) - 1)


class Beside(NamedTuple):
    """What lies beside the fields of records.

    Attributes
    ----------
    ints, wides
        For each column of 32 and of 64 bits: its name, the field of whose values it tells, and the
        table that it is read from.
    fields
        How many fields a record's row has.
    number
        Type of the number that tells of a pair; see `glances`.
    """

    ints: tuple[tuple[str, int, int], ...]
    wides: tuple[tuple[str, int, int], ...]
    fields: int
    number: type[np.signedinteger[Any]]


def side_by_side(beside: Beside, near: Any, tables: tuple[Any, ...]) -> tuple[Any, Any]:
    """Lay out the rows of records by column, and beside them what is told of their values.

    Parameters
    ----------
    beside
        What is needed.
    near
        Rows of the records of a stretch.
    tables
        As the kernel expects them.

    Returns
    -------
    ints : numpy.ndarray of int32, shape (fields and columns, records)
    wides : numpy.ndarray of uint64, shape (columns, records)
    """
    records, fields = len(near), beside.fields
    ints = np.empty((fields + len(beside.ints), records), dtype=np.int32)
    wides = np.empty((len(beside.wides), records), dtype=np.uint64)
    ints[:fields] = near[:, :fields].T
    for columns, out in ((beside.ints, ints[fields:]), (beside.wides, wides)):
        for (name, field, table), column in zip(columns, out, strict=True):
            if name in _WORDS:
                bits = _LENGTH if name == "length" else _EVERY_BIT
                _word(tables[table], ints[field], _WORDS[name], bits, column)
            else:
                _part(tables[table], ints[field], column)
    return ints, wides


@kept
def _word(heads: Any, values: Any, word: int, bits: int, column: Any) -> None:
    """Fill in bits of a word of the heads of values; 0 where they are missing."""
    for place in range(len(values)):
        value = values[place]
        column[place] = heads[value, word] & bits if value >= 0 else uint64(0)


@kept
def _part(parts: Any, values: Any, column: Any) -> None:
    """Fill in the numbers of the parts of values; −1 where they are missing."""
    for place in range(len(values)):
        value = values[place]
        column[place] = parts[value] if value >= 0 else -1
