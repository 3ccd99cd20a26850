"""Blocks and the pairs they make, counted from sizes alone: no pair is ever built here."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.keys import Key

Codes = npt.NDArray[np.int64]


def key_codes(records: pd.DataFrame, key: Key) -> Codes:
    """Number the values of a key; −1 where it is missing.

    Parameters
    ----------
    records
        Standardised records, as `sources.gather` returns them.
    key
        A field or a function of one.
    """
    return np.asarray(pd.factorize(key.values(records))[0], dtype=np.int64)


def rule_codes(records: pd.DataFrame, rule: Sequence[Key]) -> Codes:
    """Number the blocks of a rule; −1 where any of its keys is missing."""
    return crossed([key_codes(records, key) for key in rule])


def crossed(parts: Sequence[Codes]) -> Codes:
    """Number the combinations of several codes; −1 where any of them is."""
    together = parts[0].copy()
    for part in parts[1:]:
        width = int(part.max(initial=-1)) + 1
        both = (together >= 0) & (part >= 0)
        together = np.where(both, together * max(width, 1) + part, -1)
        together = _renumbered(together)
    return together


def block_pairs(
    block: Codes, sources: Codes, free: npt.NDArray[np.bool_]
) -> tuple[Codes, npt.NDArray[np.int64]]:
    """Count records and pairs of each block.

    Parameters
    ----------
    block, sources
        Block (−1 is none) and source number of each record.
    free
        For each source whether it is free of duplicates; two of its records make no pair.

    Returns
    -------
    records, pairs : numpy.ndarray
        By block number.
    """
    kept = block >= 0
    if not kept.any():
        empty = np.empty(0, dtype=np.int64)
        return empty, empty
    width = len(free)
    sizes = np.bincount(block[kept] * width + sources[kept], minlength=(block.max() + 1) * width)
    sizes = sizes.reshape(-1, width)
    total = sizes.sum(axis=1)
    between = (total**2 - (sizes**2).sum(axis=1)) // 2
    within = (sizes * (sizes - 1) // 2)[:, ~free].sum(axis=1)
    return total, between + within


def _renumbered(codes: Codes) -> Codes:
    """Number from 0 without gaps, −1 staying −1."""
    present = codes >= 0
    renumbered = np.full(len(codes), -1, dtype=np.int64)
    renumbered[present] = pd.factorize(codes[present])[0]
    return renumbered
