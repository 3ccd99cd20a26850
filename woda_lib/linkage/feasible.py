"""Refuse before the work starts what would never end: more pairs than time or memory allow.

Pairs are counted from the sizes of blocks, before any pair is made. Time is the specification's to
allow, as ``max_pairs``; memory is what the machine has left.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from woda_lib.linkage.errors import BlockingError
from woda_lib.linkage.keys import Key
from woda_lib.linkage.memory import available_memory
from woda_lib.linkage.spec import LinkageSpec

_GIGABYTE = 1e9


@dataclass(frozen=True)
class CountedRule:
    """A blocking rule whose pairs have been counted and not yet made.

    Attributes
    ----------
    number
        Its place in the specification, from 1.
    name
        Its keys, such as ``surname and forename``; see `Key` for how a key is written.
    pairs
        How many it makes.
    blocks
        Gives the block of each record, −1 for none; shape (records,).
    codes
        From a key to the number of its value in each record, −1 where it is missing.
    """

    number: int
    name: str
    pairs: int
    blocks: Callable[[], npt.NDArray[Any]]
    codes: Callable[[Key], npt.NDArray[Any]]

    @property
    def blame(self) -> str:
        """Say how large the largest block is, and which key makes it so; no value is said."""
        blocks = self.blocks()
        size = np.bincount(blocks[blocks >= 0])
        member = int(np.flatnonzero(blocks == size.argmax())[0])
        sharing = {key: self._sharing(key, member) for key in _keys(self.name)}
        worst = max(sharing, key=lambda key: sharing[key])
        return (
            f"its largest block holds {int(size.max()):,} records, and the key to blame is "
            f"{worst}: {sharing[worst]:,} records share one value of it. If that value is a "
            f"placeholder, empty it in the source"
        )

    def _sharing(self, key: Key, member: int) -> int:
        codes = self.codes(key)
        return int((codes == codes[member]).sum())


def require_few_pairs(rule: CountedRule, spec: LinkageSpec) -> None:
    """Refuse a rule that makes more pairs than the specification allows.

    Raises
    ------
    BlockingError
        The message names the rule, the number of pairs and the key to blame.
    """
    if rule.pairs > spec.max_pairs:
        raise BlockingError(
            f"Blocking rule {rule.number} ({rule.name}) would make {rule.pairs:,} pairs, more than "
            f"the {spec.max_pairs:,} that max_pairs allows; {rule.blame}. Otherwise add a key to "
            f"this rule, or raise max_pairs."
        )


def require_memory(rules: Sequence[CountedRule], bytes_a_pair: int) -> None:
    """Refuse rules that make more pairs than fit in the memory that is left.

    Parameters
    ----------
    rules
        All of a specification.
    bytes_a_pair
        What the engine holds of each pair, whatever comes of it; pairs that prove likely take more.

    Raises
    ------
    BlockingError
        The message says the number of pairs, what they need and what there is, and names the
        largest rule with the key to blame.
    """
    pairs = sum(rule.pairs for rule in rules)
    needed, left = pairs * bytes_a_pair, available_memory()
    if needed <= left:
        return
    largest = max(rules, key=lambda rule: rule.pairs)
    raise BlockingError(
        f"The blocking rules would make {pairs:,} pairs, which take at least "
        f"{needed / _GIGABYTE:,.1f} GB of memory, and {left / _GIGABYTE:,.1f} GB are left. Rule "
        f"{largest.number} ({largest.name}) makes {largest.pairs:,} of them; {largest.blame}. "
        f"Otherwise add a key to this rule, set largest_block, or use a machine with more memory."
    )


def _keys(name: str) -> list[Key]:
    """Read the keys of a rule from its name."""
    written = re.split(r" and |, crossed with ", name)
    return [key for text in written if (key := Key.parse(text))]
