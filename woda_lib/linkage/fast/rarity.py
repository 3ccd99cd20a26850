"""How rare the values are that records hold, and which pairs need not be asked.

Two records of one rare name are the better evidence. What a pattern of levels weighs before that is
known of all its pairs at once, and for most patterns the rarest name could not save a pair, or the
commonest could not hurt it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from woda_lib.linkage.fast.emit import Weighed
from woda_lib.linkage.fast.encode import Encoded
from woda_lib.linkage.fast.threads import share_out

NO_VALUE = 64  # bits: rarer than any value of fewer than 2⁶⁴ records
Floats32 = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Rarity:
    """Minus log2 of the share of records that hold a value, for some fields.

    Attributes
    ----------
    by_record
        Of the value of each record, shape (records, fields); 0 where it is missing.
    least, most
        By field, of the commonest value and of the rarest.
    """

    by_record: Floats32
    least: list[Any]
    most: list[Any]

    @classmethod
    def of(cls, encoded: Encoded, fields: tuple[str, ...]) -> Rarity:
        """Count the values of records."""
        by_record = np.empty((len(encoded), len(fields)), dtype=np.float32)

        def counted(place: int, field: str) -> tuple[Any, Any]:
            codes = encoded.codes[field]
            count = np.bincount(codes[codes >= 0], minlength=1)
            share = np.append(count / max(count.sum(), 1), 1.0)
            with np.errstate(divide="ignore"):
                rarity = -np.log2(share).astype(np.float32)
            by_record[:, place] = rarity[codes]
            held = rarity[:-1][count > 0]
            return held.min(initial=NO_VALUE), held.max(initial=0)

        bounds = share_out(counted, list(enumerate(fields)))
        return cls(by_record, [least for least, _ in bounds], [most for _, most in bounds])

    def bounds(
        self, weights: Floats32, agreeing: npt.NDArray[np.uint32]
    ) -> tuple[Floats32, Floats32]:
        """Return the least and the most that pairs of each pattern can weigh.

        Sums are taken as `emit` takes them, in four bytes and field by field: rounding leaves the
        order of two sums as it is, so that no pair lies outside.

        Parameters
        ----------
        weights, agreeing
            As `emit` takes them.
        """
        lowest, highest = weights.copy(), weights.copy()
        for place, (common, rare) in enumerate(zip(self.least, self.most, strict=True)):
            agree = (agreeing >> np.uint32(place) & np.uint32(1)).astype(bool)
            lowest[agree] += common
            highest[agree] += rare
        return lowest, highest

    def settled(
        self, weights: Floats32, agreeing: npt.NDArray[np.uint32], least: np.float32
    ) -> Weighed:
        """Let patterns whose pairs all weigh at least so much, or none, ask for no rarity."""
        lowest, highest = self.bounds(weights, agreeing)
        enough, too_little = lowest >= least, highest < least
        infinite = np.float32(np.inf)
        return (
            np.where(enough, infinite, np.where(too_little, -infinite, weights)),
            np.where(enough | too_little, np.uint32(0), agreeing),
            self.by_record,
        )
