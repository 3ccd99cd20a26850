"""Blocking keys of records as 64-bit hashes, worked out once for each value of a field."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.coding import coded
from woda_lib.linkage.identities import Hashes, hashes
from woda_lib.linkage.keys import Key, parts
from woda_lib.linkage.spec import LinkageSpec

NO_KEY = np.uint64(0)
_FACTOR = np.uint64(1_000_003)


def hashed_keys(records: pd.DataFrame, spec: LinkageSpec) -> list[Hashes]:
    """Return the keys of every blocking rule.

    Parameters
    ----------
    records
        Standardised records.
    spec
        Its rules.

    Returns
    -------
    list of numpy.ndarray of uint64
        One a rule, shape (records,): equal for records that agree on every key of it, `NO_KEY`
        where one of its keys is missing.
    """
    from woda_lib.linkage.fast.threads import share_out  # here: numba takes a while to start

    codes, texts = {}, {}
    for key in {key for rule in spec.rules for key in rule}:
        codes[key], texts[key] = coded(records[key.field])
    of_value = dict(zip(texts, share_out(_of_values, list(texts.items())), strict=True))

    def one(rule: list[Key]) -> Hashes:
        keys = np.zeros(len(records), dtype=np.uint64)
        missing = np.zeros(len(records), dtype=bool)
        for key in rule:
            found = of_value[key][codes[key]]  # code −1 takes the last
            missing |= found == NO_KEY
            keys *= _FACTOR
            keys ^= found
        keys[missing] = NO_KEY
        return keys

    return share_out(one, [(rule,) for rule in spec.rules])


def _of_values(key: Key, texts: npt.NDArray[np.object_]) -> Hashes:
    """Return the hash of the key of each value, and `NO_KEY` for a value that is missing."""
    derived = texts if key.function is None else parts(texts, key.function)
    there = pd.notna(derived)
    hashed = np.full(len(texts) + 1, NO_KEY)
    hashed[:-1][there] = hashes(derived[there])
    return hashed
