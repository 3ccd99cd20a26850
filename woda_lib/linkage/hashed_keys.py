"""Blocking keys of records as 64-bit hashes, worked out once for each value of a field."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from woda_lib.linkage.contents import text_hashes
from woda_lib.linkage.identities import Hashes
from woda_lib.linkage.keys import Key, parts_of
from woda_lib.linkage.spec import LinkageSpec
from woda_lib.linkage.standard_texts import Texts

NO_KEY = np.uint64(0)
_FACTOR = np.uint64(1_000_003)


def hashed_keys(fields: Mapping[str, Texts], spec: LinkageSpec) -> list[Hashes]:
    """Return the keys of every blocking rule.

    Parameters
    ----------
    fields
        Of standardised records, by name.
    spec
        Its rules.

    Returns
    -------
    list of numpy.ndarray of uint64
        One a rule, shape (records,): equal for records that agree on every key of it, `NO_KEY`
        where one of its keys is missing.
    """
    from woda_lib.linkage.fast.threads import (  # here: numba takes a while to start
        VALUES_A_STRETCH,
        share_out,
        stretches,
    )

    used = list(dict.fromkeys(key for rule in spec.rules for key in rule))
    hashed = share_out(_of_values, [(key, fields[key.field]) for key in used])
    number = len(fields[used[0].field]) if used else 0
    every = [np.zeros(number, dtype=np.uint64) for _ in spec.rules]

    def one(low: int, high: int) -> None:
        part = slice(low, high)
        own = {
            key: of_value[fields[key.field].codes[part]]  # code −1 takes the last
            for key, of_value in zip(used, hashed, strict=True)
        }
        for keys, rule in zip(every, spec.rules, strict=True):
            missing = np.zeros(len(keys[part]), dtype=bool)
            for key in rule:
                missing |= own[key] == NO_KEY
                keys[part] *= _FACTOR
                keys[part] ^= own[key]
            keys[part][missing] = NO_KEY

    share_out(one, stretches(number, VALUES_A_STRETCH))
    return every


def _of_values(key: Key, texts: Texts) -> Hashes:
    """Return the hash of the key of each value; `NO_KEY` where there is none, and for no value."""
    held = texts.held if key.function is None else parts_of(texts.held, key.function)
    return text_hashes(held, NO_KEY)
