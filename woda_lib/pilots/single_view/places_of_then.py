"""What the last build found of places, and which of today's rows and properties it still holds of.

A row is known again by a digest of all that it says. A property is as it was if as many rows of
then are at it as were, and none besides: then all of them say what they said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.addresses.match import HOW
from woda_lib.linkage.fast.lookup import Lookup
from woda_lib.linkage.record_keys import at_places
from woda_lib.linkage.row_digests import Digests

Numbers = npt.NDArray[np.int32]

HOWS = pd.CategoricalDtype(list(HOW))


@dataclass(frozen=True)
class PlacesOfThen:
    """The rows of the last build; each array but the last two has shape (rows,).

    Attributes
    ----------
    content
        Digest of what each row says.
    at_home
        How many rows were at its property.
    home, word
        Its property and its word, as places in `homes` and `words`; −1 for none.
    probability, how
        As `match_addresses` has them, the latter as a place in `HOW`.
    homes, words
        What the numbers stand for; each property is there once.
    """

    content: Digests
    at_home: Numbers
    home: Numbers
    word: Numbers
    probability: npt.NDArray[np.float64]
    how: npt.NDArray[np.int8]
    homes: pd.Index
    words: npt.NDArray[np.object_]

    @classmethod
    def of_tables(cls, shown: pd.DataFrame, apart: pd.DataFrame) -> PlacesOfThen:
        """Join the rows of whoever opted out to the others'; see `placing.handed_on`."""
        parts = (shown, apart)
        homes, more = (part["uprn"].cat.categories for part in parts)
        at = homes.get_indexer(more)
        strange = np.flatnonzero(at < 0)
        at[strange] = len(homes) + np.arange(len(strange))
        words, others = (part["counted_off"].cat for part in parts)
        # A word that is in both may be there twice: nothing is looked for among them.
        beyond = np.arange(len(others.categories)) + len(words.categories)

        def each(name: str) -> npt.NDArray[Any]:
            return np.concatenate([part[name].to_numpy() for part in parts])

        return cls(
            content=each("content").view(np.uint64),
            at_home=each("at_home"),
            home=_one_after_another(shown["uprn"].cat.codes, at, apart["uprn"].cat.codes),
            word=_one_after_another(words.codes, beyond, others.codes),
            probability=each("probability"),
            how=np.concatenate([part["how"].astype(HOWS).cat.codes for part in parts]),
            homes=homes.append(more[strange]),
            words=np.concatenate([np.asarray(each.categories) for each in (words, others)]),
        )

    def places_of(self, content: Digests) -> Numbers:
        """Return the place of the row that said what each row says, or −1.

        Rows that cannot be told apart, then or now, are taken for new ones.
        """
        known = Lookup()
        known.add(self.content)
        own = known.find(self.content)
        again = np.flatnonzero(own != np.arange(len(own)))
        twice = np.zeros(len(own), dtype=bool)
        twice[again] = twice[own[again]] = True
        then = known.find(content).astype(np.int32)
        then[at_places(twice, then, False)] = -1
        taken = np.bincount(then[then >= 0], minlength=len(self.content))
        then[at_places(taken > 1, then, False)] = -1
        return then

    def homes_now(self, then: Numbers, matched: pd.Series) -> tuple[Numbers, pd.Index]:
        """Return the property of each row, as a number, and what the numbers stand for.

        Parameters
        ----------
        then
            From `places_of`.
        matched
            The properties of the rows that are new, as texts.
        """
        home = at_places(self.home, then, -1)
        found = self.homes.get_indexer(pd.Index(matched.astype(object)))
        strange = np.flatnonzero((found < 0) & matched.notna().to_numpy())
        numbers, others = pd.factorize(matched.iloc[strange].astype(object))
        found[strange] = len(self.homes) + numbers
        home[then < 0] = found
        return home, self.homes.append(pd.Index(others, dtype=self.homes.dtype))

    def stirred(self, then: Numbers, home: Numbers) -> npt.NDArray[np.bool_]:
        """Say which rows are at a property where a row came, went or says something else."""
        number = max(int(home.max(initial=-1)) + 1, len(self.homes))
        before = np.zeros(number, dtype=np.int64)
        before[self.home[self.home >= 0]] = self.at_home[self.home >= 0]
        told = home >= 0
        stirred = before != np.bincount(home[told & (then >= 0)], minlength=number)
        stirred[home[told & (then < 0)]] = True
        return at_places(stirred, home, False)


def _one_after_another(first: pd.Series, at: npt.NDArray[np.integer], second: pd.Series) -> Numbers:
    """Return codes, and behind them others that stand for something at other places."""
    return np.concatenate([first, at_places(at, second.to_numpy(), -1)]).astype(np.int32)
