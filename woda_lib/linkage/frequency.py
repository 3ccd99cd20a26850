"""Term frequency: two Featherstonehaughs are better evidence than two Smiths.

The u probability of exact agreement is an average over all values of a field. For one value the
chance that two records of different entities both hold it is the share of records that hold it
(Newcombe 1959; Winkler 1989, *Frequency-based matching in the Fellegi–Sunter model*). The
difference, in bits, is added to the match weight of pairs that agree exactly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.coding import coded
from woda_lib.linkage.fellegi_sunter import Floats, LinkageModel, Patterns
from woda_lib.linkage.spec import ComparisonSpec, LinkageSpec

if TYPE_CHECKING:
    from woda_lib.linkage.fast.lookup import Lookup


def _no_counts() -> pd.DataFrame:
    kinds = {"field": "object", "value": "uint64", "count": "int64"}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})


@dataclass(frozen=True)
class TermFrequencies:
    """How many records held each value at one time, so that later records are weighed alike.

    Attributes
    ----------
    counts
        ``field``, ``value`` (a hash; no value can be read from it) and ``count``, for the
        compared fields that use term frequencies.
    """

    counts: pd.DataFrame = field(default_factory=_no_counts)

    @classmethod
    def count(cls, records: pd.DataFrame, spec: LinkageSpec) -> TermFrequencies:
        """Count the values of standardised records."""
        parts = [_no_counts()]
        for comparison in spec.comparisons:
            if comparison.term_frequency:
                codes, values = coded(records[comparison.field])
                count = np.bincount(codes[codes >= 0], minlength=len(values))
                held = count > 0
                parts.append(
                    pd.DataFrame(
                        {
                            "field": comparison.field,
                            "value": _hashed(values[held]),
                            "count": count[held],
                        }
                    )
                )
        return cls(pd.concat([part for part in parts if len(part)] or parts, ignore_index=True))

    def share(self, name: str, values: npt.NDArray[np.object_]) -> Floats:
        """Return the share of records that held each value.

        Two records that agree on a value are at least two that hold it, even when the value was
        rarer, or unknown, at the time of counting.
        """
        return self._share_of(name, _hashed(values))

    def _share_of(self, name: str, wanted: npt.NDArray[np.uint64]) -> Floats:
        if name not in self._by_field:
            return np.ones(len(wanted))  # nothing was counted, and rarity proves nothing
        counted = self._by_field[name]
        held = np.append(counted.counts, 0.0)[counted.places.find(wanted)]
        return np.maximum(held, 2) / max(counted.total, 2)

    def drift(self, later: TermFrequencies) -> pd.Series:
        """Return by how many bits, at most, the weight of a value in each field has moved.

        Only values that two records hold later can matter to a pair.
        """
        bits: dict[str, float] = {}
        for name, counted in later._by_field.items():
            shared = counted.counts >= 2
            before = self._share_of(name, counted.hashed[shared])
            moved = np.abs(np.log2(counted.counts[shared] / counted.total / before))
            bits[name] = float(moved.max(initial=0.0))
        return pd.Series(bits, dtype=float)

    @cached_property
    def _by_field(self) -> dict[str, _Counted]:
        return {
            str(name): _Counted(part["value"].to_numpy(), part["count"].to_numpy(dtype=float))
            for name, part in self.counts.groupby("field", sort=False)
        }


@dataclass(frozen=True)
class _Counted:
    """The values of one field, and how many records held each."""

    hashed: npt.NDArray[np.uint64]
    counts: Floats

    @property
    def total(self) -> float:
        return float(self.counts.sum())

    @cached_property
    def places(self) -> Lookup:
        from woda_lib.linkage.fast.lookup import Lookup  # here: numba takes a second to start

        places = Lookup()
        places.add(self.hashed)
        return places


@dataclass(frozen=True)
class LogShares:
    """How rare what each record holds in a field is.

    Attributes
    ----------
    codes
        The number of each record's value, shape (records,); −1 where it is missing.
    log2
        log2 of the share of records that hold each value; last, 0 for what is missing.
    """

    codes: npt.NDArray[np.int32]
    log2: Floats


def log_shares(
    records: pd.DataFrame,
    comparisons: Iterable[ComparisonSpec],
    frequencies: TermFrequencies | None = None,
) -> dict[int, LogShares]:
    """Return log2 of the share of records that hold the value that each record holds.

    Parameters
    ----------
    records
        Standardised records.
    comparisons
        Those that use term frequencies are looked at.
    frequencies
        Counts to go by; by default those of `records`.

    Returns
    -------
    dict
        By place of the comparison.
    """
    shares: dict[int, LogShares] = {}
    for place, comparison in enumerate(comparisons):
        if not comparison.term_frequency:
            continue
        codes, values = coded(records[comparison.field])
        if frequencies is None:
            count = np.bincount(codes[codes >= 0], minlength=len(values))
            share = np.maximum(count, 1) / max(count.sum(), 1)
        else:
            share = frequencies.share(comparison.field, values)
        shares[place] = LogShares(codes, np.append(np.log2(share), 0.0))
    return shares


def term_frequency_weights(
    shares: dict[int, LogShares], pairs: Pairs, patterns: Patterns, model: LinkageModel
) -> dict[int, Floats]:
    """Return what the rarity of agreeing values adds to the weight of each comparison.

    Parameters
    ----------
    shares
        From `log_shares`.
    pairs, patterns
        The pairs and their patterns.
    model
        The fitted model; its comparisons say which use term frequencies.

    Returns
    -------
    dict
        By place of the comparison, bits by pair: log2(u of exact agreement / share of records
        with the value). 0 for pairs that do not agree exactly.
    """
    from woda_lib.linkage.fast.weights import add_rarity  # here: numba takes a second to start

    weights: dict[int, Floats] = {}
    for place, share in shares.items():
        best = len(model.comparisons[place].levels)
        agree = patterns.levels[:, place] == best
        commonness = np.log2(model.u[place, best])
        weights[place] = np.empty(len(pairs))
        add_rarity(
            agree, patterns.where, share.codes, pairs.left, share.log2, commonness, weights[place]
        )
    return weights


def _hashed(values: npt.NDArray[np.object_]) -> npt.NDArray[np.uint64]:
    from woda_lib.linkage.identities import hashes  # here: identities hold what was counted

    return hashes(values)
