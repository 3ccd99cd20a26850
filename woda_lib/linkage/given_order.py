"""The order in which records stand, whatever order their partner delivered them in."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from woda_lib.linkage.as_arrow import texts_of

Order = npt.NDArray[np.int64] | slice
"""Places in the order that is wanted; the slice of all of them where they stand in it."""


def identifier_order(identifiers: pd.Series, written: pa.StringArray | None) -> Order:
    """Return the positions that sort identifiers by their text, shorter ones first.

    9 comes before 10, whether a source holds its numbers as numbers or as text. `written` is what
    `as_arrow.texts_of` says of them.
    """
    if pd.api.types.is_integer_dtype(identifiers) and int(identifiers.min()) >= 0:
        if identifiers.is_monotonic_increasing:
            return slice(None)
        return np.argsort(identifiers.to_numpy(dtype=np.int64), kind="stable")
    if written is None:
        texts = identifiers.astype(str)
        written = texts_of(texts)
    if written is None:  # half a letter, torn by some export
        table = pd.DataFrame({"length": texts.str.len(), "text": texts}).reset_index(drop=True)
        return table.sort_values(["length", "text"], kind="stable").index.to_numpy()
    lengths = pc.utf8_length(written)
    if _stand_in_order(lengths, written):
        return slice(None)
    table = pa.table({"length": lengths, "text": written})
    keys = [("length", "ascending"), ("text", "ascending")]
    return np.asarray(pc.sort_indices(table, sort_keys=keys).to_numpy(), dtype=np.int64)


def _stand_in_order(lengths: pa.Int32Array, texts: pa.StringArray) -> bool:
    """Say whether each text is as long as the one before it, or longer, and not below it."""
    longer = pc.greater(lengths[1:], lengths[:-1])
    equal = pc.equal(lengths[1:], lengths[:-1])
    after = pc.and_(equal, pc.greater_equal(texts[1:], texts[:-1]))
    return bool(pc.all(pc.or_(longer, after)).as_py())
