"""Compare any pairs of one table of records with the kernel of its specification."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.fast.encode import Codes, Encoded, encode
from woda_lib.linkage.fast.generate import kernel_for
from woda_lib.linkage.fast.loops import counted
from woda_lib.linkage.fast.threads import share_out
from woda_lib.linkage.fellegi_sunter import Patterns
from woda_lib.linkage.levels import Levels
from woda_lib.linkage.spec import LinkageSpec

PAIRS_A_STRETCH = 1 << 14


class FastComparer:
    """Compares pairs of one table of records with a compiled kernel; stands in for `Comparer`.

    Parameters
    ----------
    records
        Standardised records, as `sources.gather` returns them.
    spec
        The specification.
    """

    def __init__(self, records: pd.DataFrame, spec: LinkageSpec) -> None:
        self._records, self._spec = records, spec
        self.kernel = kernel_for(spec)
        self.tables = self.kernel.gather_tables(self.encoded)

    @cached_property
    def encoded(self) -> Encoded:
        """The records as numbers."""
        return encode(self._records, self._spec)

    @cached_property
    def rows(self) -> Codes:
        """The fields that the kernel compares, side by side."""
        return self.encoded.rows(list(self.kernel.fields))

    def spare(self) -> None:
        """Let go of numbers and rows, which take much memory and are quickly made again."""
        for name in ("encoded", "rows"):
            vars(self).pop(name, None)

    @property
    def counts_codes(self) -> bool:
        """Whether there are so few pattern codes that each has a place in an array."""
        return counted(self.kernel.codes)

    def codes(self, pairs: Pairs) -> npt.NDArray[np.int64]:
        """Return the pattern code of each pair."""
        codes = np.empty(len(pairs), dtype=np.int64)
        cuts, rows = np.append(np.arange(0, len(pairs), PAIRS_A_STRETCH), len(pairs)), self.rows
        share_out(
            lambda low, high: self.kernel.compare(
                low, high, pairs.left, pairs.right, rows, self.tables, codes
            ),
            list(zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True)),
        )
        return codes

    def levels(self, pairs: Pairs) -> Levels:
        """Return the comparison vectors of pairs; see `Comparer.levels`."""
        return self.kernel.decode(self.codes(pairs))

    def patterns(self, pairs: Pairs) -> Patterns:
        """Compare pairs and count their patterns."""
        return self.numbered(self.codes(pairs))

    def numbered(self, codes: npt.NDArray[np.int64]) -> Patterns:
        """Turn pattern codes of pairs into patterns, numbered in the order of their codes.

        `codes` is used up: the numbers of the pairs' patterns take its place.
        """
        if not self.counts_codes:
            found, distinct = pd.factorize(codes)
            # No more are sorted than the patterns that occur.
            occur, number = np.unique(distinct, return_inverse=True)
            where = np.take(number, found, out=codes, mode="clip")  # no number is out of range
            counts = np.bincount(where, minlength=len(occur))
        else:
            tally = np.bincount(codes, minlength=self.kernel.codes)
            occur = np.flatnonzero(tally)
            number = np.empty(len(tally), dtype=np.int64)
            number[occur] = np.arange(len(occur))
            where = np.take(number, codes, out=codes, mode="clip")  # no code is out of range
            counts = tally[occur]
        return Patterns(self.kernel.decode(occur), counts.astype(float), where)
