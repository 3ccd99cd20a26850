"""What the rarity of agreeing values adds to the weights of pairs, compiled."""

from __future__ import annotations

from typing import Any

from woda_lib.linkage.fast.compiled import kept


@kept
def add_rarity(
    agree: Any, where: Any, codes: Any, records: Any, log2: Any, commonness: float, weights: Any
) -> None:
    """Write what a comparison's rarity adds to each pair; 0 where it does not agree exactly.

    Parameters
    ----------
    agree, where
        Which patterns agree, and the pattern of each pair.
    codes, records, log2
        Of all records the value, the first record of each pair, and log2 of the share of records
        that hold each value; last, of what is missing.
    commonness
        log2 of the chance that two strangers agree.
    weights
        To be filled, shape (pairs,).
    """
    for pair in range(len(where)):
        rarity = commonness - log2[codes[records[pair]]]
        weights[pair] = rarity if agree[where[pair]] else 0.0
