"""Pairs of an open store's records with the evidence that they are one entity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.assign import KEY
from woda_lib.linkage.blocking import Pairs, Positions
from woda_lib.linkage.decisions import Constraints
from woda_lib.linkage.fellegi_sunter import Floats
from woda_lib.linkage.from_store import confidence_of
from woda_lib.linkage.held_once import held_once
from woda_lib.linkage.history import ends_of, link_table
from woda_lib.linkage.holdings import Holdings
from woda_lib.linkage.identities import Ends


@dataclass(frozen=True)
class Weighed:
    """Pairs of positions and their log2 odds, row by row."""

    pairs: Pairs
    odds: Floats

    @classmethod
    def of_table(cls, table: pd.DataFrame, ends: Ends) -> Self:
        """Return the pairs of a store (`identities.LINKS`), whose ends `StoreNames` tells."""
        left, right = ends.astype(np.int64)
        return cls(Pairs(left, right), table["log2_odds"].to_numpy(dtype=float))

    def clusters(self, holdings: Holdings) -> pd.DataFrame:
        """Return who is with whom, and how surely by these; see `from_store.clusters_of`."""
        confidence = confidence_of(holdings.entity, self.pairs, self.odds)
        here = np.flatnonzero(holdings.here)
        told = {name: holdings.identity[name][here] for name in (*KEY, "entity_id")}
        return pd.DataFrame(told | {"confidence": confidence[here]}, copy=False)

    def without(self, positions: Positions, number: int) -> Self:
        """Leave out the pairs of some of `number` records."""
        left_out = np.zeros(number, dtype=bool)
        left_out[positions] = True
        kept = ~(left_out[self.pairs.left] | left_out[self.pairs.right])
        return type(self)(self.pairs.take(kept), self.odds[kept])

    def and_also(self, pairs: Pairs, odds: Floats) -> Self:
        """Put further pairs at the end."""
        if not len(pairs):
            return self
        left, right = (
            np.concatenate([getattr(each, side) for each in (self.pairs, pairs)])
            for side in ("left", "right")
        )
        return type(self)(Pairs(left, right), np.concatenate([self.odds, odds]))


def written(pairs: Mapping[str, Weighed], holdings: Holdings) -> dict[str, Any]:
    """Write pairs with the names of their records and where these stand, as a store holds them.

    Parameters
    ----------
    pairs
        The ``links`` and ``doubts`` of `IdentityStore`.
    holdings
        Their records.

    Returns
    -------
    dict
        Those, and ``ends``.
    """
    from woda_lib.linkage.fast.threads import at_once  # here: numba takes a second to start

    def tables() -> dict[str, pd.DataFrame]:
        sources, names = held_once(holdings.identity["source"]), holdings.identity["id"]
        return {
            name: link_table(sources, names, each.pairs, each.odds) for name, each in pairs.items()
        }

    def ends() -> dict[str, Ends]:
        places = holdings.places()
        return {name: ends_of(each.pairs, places) for name, each in pairs.items()}

    told, stand = at_once(tables, ends)
    return told | {"ends": stand}


def effective(constraint: Constraints, links: Pairs) -> Pairs:
    """Take out the links that people forbid, and add those that they demand."""
    if not constraint:
        return links
    allowed = constraint.probability(links, np.ones(len(links))) > 0
    return constraint.with_must(links.take(allowed))[0]


def connected(number: int, links: Pairs) -> npt.NDArray[np.int64]:
    """Return the smallest record of each record's component; see `fast.components`."""
    from woda_lib.linkage.fast.components import components  # here for the reason above

    found: npt.NDArray[np.int64] = components(number, links.left, links.right)
    return found
