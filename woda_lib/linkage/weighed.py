"""Pairs of an open store's records with the evidence that they are one entity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from woda_lib.linkage.assign import KEY
from woda_lib.linkage.blocking import Pairs, Positions
from woda_lib.linkage.decisions import PAIR
from woda_lib.linkage.fellegi_sunter import Floats
from woda_lib.linkage.holdings import Holdings
from woda_lib.linkage.identities import record_names


@dataclass(frozen=True)
class Weighed:
    """Pairs of positions and their log2 odds, row by row."""

    pairs: Pairs
    odds: Floats

    @classmethod
    def of_table(cls, table: pd.DataFrame, holdings: Holdings) -> Self:
        """Find the records of pairs that a store names (`identities.LINKS`)."""
        left, right = (
            holdings.locate(record_names(table[side].set_axis(KEY, axis=1)))
            for side in (PAIR[:2], PAIR[2:])
        )
        return cls(Pairs(left, right), table["log2_odds"].to_numpy(dtype=float))

    def without(self, positions: Positions, number: int) -> Self:
        """Leave out the pairs of some of `number` records."""
        left_out = np.zeros(number, dtype=bool)
        left_out[positions] = True
        kept = ~(left_out[self.pairs.left] | left_out[self.pairs.right])
        return type(self)(self.pairs.take(kept), self.odds[kept])

    def and_also(self, pairs: Pairs, odds: Floats) -> Self:
        """Put further pairs at the end."""
        left, right = (
            np.concatenate([getattr(each, side) for each in (self.pairs, pairs)])
            for side in ("left", "right")
        )
        return type(self)(Pairs(left, right), np.concatenate([self.odds, odds]))
