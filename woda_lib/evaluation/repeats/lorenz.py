"""The Lorenz curve of a distribution given by its distinct values and how often each occurs.

The units (people, couples, addresses) stand with the heaviest first, as a list for action would put
them; the curve says which share of the whole falls on the first so many of them. Many units share
one value, so that a table of distinct values holds everything that a resample needs: a bootstrap
over units redraws only how often each value occurs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class Lorenz:
    """One or many Lorenz curves over the same values.

    Attributes
    ----------
    values
        (v,) the amounts that units have, the largest first; each once.
    units
        (..., v) how many units have each; leading axes are resamples.
    """

    values: Floats
    units: Ints

    @classmethod
    def of(cls, amounts: Floats | Ints) -> Lorenz:
        """Count the distinct amounts of (n,) units."""
        values, units = np.unique(np.asarray(amounts, dtype=float), return_counts=True)
        return cls(values[::-1], units[::-1])

    def resampled(self, times: int, rng: np.random.Generator) -> Lorenz:
        """Draw as many units with replacement, so many times."""
        total = int(self.units.sum())
        return Lorenz(self.values, rng.multinomial(total, self.units / total, size=times))

    def _corners(self) -> tuple[Floats, Floats]:
        """(..., v + 1) cumulative shares of units and of the amount, from nought to one."""
        amounts = self.units * self.values
        shares = []
        for part in (self.units, amounts):
            running = np.cumsum(part, axis=-1, dtype=float)
            running /= running[..., -1:]
            shares.append(np.concatenate([np.zeros_like(running[..., :1]), running], axis=-1))
        return shares[0], shares[1]

    def share_of_top(self, shares: Floats) -> Floats:
        """(..., s) share of the amount that falls on the heaviest (s,) shares of units."""
        units, amounts = self._corners()
        flat_units = units.reshape(-1, units.shape[-1])
        flat_amounts = amounts.reshape(-1, amounts.shape[-1])
        found = np.array(
            [np.interp(shares, x, y) for x, y in zip(flat_units, flat_amounts, strict=True)]
        )
        return found.reshape(*units.shape[:-1], len(shares))

    def units_that_hold(self, share: float) -> Floats:
        """(...) the smallest share of units on whom a share of the amount falls."""
        units, amounts = self._corners()
        flat_units = units.reshape(-1, units.shape[-1])
        flat_amounts = amounts.reshape(-1, amounts.shape[-1])
        found = [np.interp(share, y, x) for x, y in zip(flat_units, flat_amounts, strict=True)]
        return np.array(found).reshape(units.shape[:-1])

    def gini(self) -> Floats:
        """(...) Gini's coefficient: 0 where all have the same, near 1 where one has everything."""
        units, amounts = self._corners()
        return np.asarray(2 * np.trapezoid(amounts, units, axis=-1) - 1)
