"""What records say, as a 64-bit hash of each: two records that say the same have the same."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from woda_lib.linkage.identities import Hashes
from woda_lib.linkage.standard_texts import Texts

_FACTOR = np.uint64(1_000_003)
_NOTHING = np.uint64(0)


def contents(records: pd.DataFrame, fields: list[str]) -> Hashes:
    """Return a hash of the standardised fields of each record.

    Parameters
    ----------
    records
        Standardised records, as `sources.gather` returns them.
    fields
        The fields that count.
    """
    return contents_of([Texts.of(records[name]) for name in fields], len(records))


def contents_of(fields: Sequence[Texts], number: int) -> Hashes:
    """Return a hash of what each of a number of records says in some fields, in their order."""
    from woda_lib.linkage.fast.threads import (  # here: numba takes a while to start
        VALUES_A_STRETCH,
        share_out,
        stretches,
    )

    values = share_out(text_hashes, [(field.held, _NOTHING) for field in fields])
    combined = np.zeros(number, dtype=np.uint64)

    def one(low: int, high: int) -> None:
        part = combined[low:high]
        for field, hashed in zip(fields, values, strict=True):
            part *= _FACTOR
            part ^= hashed[field.codes[low:high]]  # code −1 takes the last

    share_out(one, stretches(number, VALUES_A_STRETCH))
    return combined


def text_hashes(texts: pa.StringArray, missing: np.uint64) -> Hashes:
    """Return the hash of each text, and last, as for a text that is null, what stands for none."""
    from woda_lib.linkage.fast.siphash import hashes_of  # here for the reason above

    hashed = np.full(len(texts) + 1, missing)
    there: slice | npt.NDArray[np.bool_] = slice(len(texts))
    if texts.null_count:
        there = np.append(np.asarray(texts.is_valid()), False)
        texts = texts.drop_null()
    hashed[there] = hashes_of(pc.cast(texts, pa.large_string()))
    return hashed
