"""Blocking keys of records as 64-bit hashes, worked out once for each value of a field."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from woda_lib.linkage.blocking import Positions
from woda_lib.linkage.contents import text_hashes
from woda_lib.linkage.identities import Hashes
from woda_lib.linkage.keys import Key, parts_of
from woda_lib.linkage.spec import LinkageSpec
from woda_lib.linkage.standard_texts import Texts

NO_KEY = np.uint64(0)
_FACTOR = np.uint64(1_000_003)


def write_keys(
    held: list[Hashes], positions: Positions, fields: Mapping[str, Texts], spec: LinkageSpec
) -> None:
    """Write the keys of every blocking rule at the positions of records.

    Parameters
    ----------
    held
        One array a rule. What is written is equal for records that agree on every key of the rule,
        and `NO_KEY` where one of its keys is missing.
    positions
        Where each record stands in them.
    fields
        Of standardised records, by name.
    spec
        Its rules.
    """
    from woda_lib.linkage.fast.threads import (  # here: numba takes a while to start
        VALUES_A_STRETCH,
        share_out,
        stretches,
    )

    used = list(dict.fromkeys(key for rule in spec.rules for key in rule))
    hashed = share_out(_of_values, [(key, fields[key.field]) for key in used])

    def one(low: int, high: int) -> None:
        part = slice(low, high)
        own = {
            key: of_value[fields[key.field].codes[part]]  # code −1 takes the last
            for key, of_value in zip(used, hashed, strict=True)
        }
        there = {key: found != NO_KEY for key, found in own.items()}
        for keys, rule in zip(held, spec.rules, strict=True):
            first, *others = rule
            combined, complete = own[first], there[first]
            for key in others:
                combined = combined * _FACTOR ^ own[key]
                complete = complete & there[key]
            keys[positions[part]] = np.where(complete, combined, NO_KEY) if others else combined

    share_out(one, stretches(len(positions), VALUES_A_STRETCH))


def _of_values(key: Key, texts: Texts) -> Hashes:
    """Return the hash of the key of each value; `NO_KEY` where there is none, and for no value."""
    held = texts.held if key.function is None else parts_of(texts.held, key.function)
    return text_hashes(held, NO_KEY)
