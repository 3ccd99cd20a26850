"""Candidate pairs: the records that agree on every key of at least one blocking rule.

Comparing every record with every other grows with the square of their number, so only pairs
that share something are compared (Fellegi and Sunter 1969, section 3.4; Newcombe 1959). Rules
are alternatives: an error that hides a pair from one rule is forgiven by another.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from woda_lib.linkage.block_sizes import key_codes
from woda_lib.linkage.feasible import CountedRule, require_few_pairs, require_memory
from woda_lib.linkage.keys import Key
from woda_lib.linkage.spec import LinkageSpec

Positions = npt.NDArray[np.int64]
# Measured at the peak of a linkage with engine `recordlinkage`, which holds every pair.
BYTES_A_PAIR = 350


@dataclass(frozen=True)
class Pairs:
    """Pairs of records, each once: positions in the table of records, `left` below `right`."""

    left: Positions
    right: Positions

    def __len__(self) -> int:
        return len(self.left)

    def take(self, which: npt.NDArray | slice) -> Pairs:
        """Return some of the pairs, by mask or position."""
        return Pairs(self.left[which], self.right[which])


def candidate_pairs(records: pd.DataFrame, spec: LinkageSpec) -> tuple[Pairs, pd.DataFrame]:
    """Make the candidate pairs of all rules, within and between sources.

    Parameters
    ----------
    records
        Standardised records, as `sources.gather` returns them.
    spec
        The specification; two records of a source that is free of duplicates never pair.

    Returns
    -------
    pairs : Pairs
        Ordered by position, without repetition.
    report : pandas.DataFrame
        One row a rule: ``rule``, ``pairs`` it makes, ``new`` pairs that no rule above it made,
        ``largest_block`` (records; 0 where no two share a block).

    Raises
    ------
    BlockingError
        A rule would make more than ``max_pairs`` pairs, or all of them more than the memory
        holds. Nothing has been built by then.
    """
    sources = source_numbers(records, spec)
    free = np.array([source.free_of_duplicates for source in spec.sources])
    blocks = [_block_numbers(records, rule) for rule in spec.rules]
    rows, rules = [], []
    for number, block in enumerate(blocks, start=1):
        count, largest = _pair_count(block, sources, free)
        name = " and ".join(spec.blocking[number - 1])
        codes = partial(key_codes, records)
        rules.append(CountedRule(number, name, count, partial(np.asarray, block), codes))
        require_few_pairs(rules[-1], spec)
        rows.append({"rule": name, "pairs": count, "new": 0, "largest_block": largest})
    require_memory(rules, BYTES_A_PAIR)
    total = len(records)
    known = np.empty(0, dtype=np.int64)
    for row, block in zip(rows, blocks, strict=True):
        made = _index(block, sources, free)
        union = np.union1d(known, made.left * total + made.right)
        row["new"] = len(union) - len(known)
        known = union
    return Pairs(known // total, known % total), pd.DataFrame(rows)


def source_numbers(records: pd.DataFrame, spec: LinkageSpec) -> npt.NDArray[np.int64]:
    """Return the number of each record's source, in the order of the specification."""
    names = pd.Index([source.name for source in spec.sources])
    column = records["source"]
    if isinstance(column.dtype, pd.CategoricalDtype) and column.cat.categories.equals(names):
        return np.asarray(column.cat.codes, dtype=np.int64)
    return np.asarray(names.get_indexer(pd.Index(records["source"])), dtype=np.int64)


def possible_pairs(sources: npt.NDArray[np.int64], spec: LinkageSpec) -> pd.DataFrame:
    """Count the pairs that could be matches at all, by pair of sources.

    Returns
    -------
    pandas.DataFrame
        ``first`` and ``second`` (source numbers) and ``pairs``.
    """
    sizes = np.bincount(sources, minlength=len(spec.sources))
    rows = [
        (s, s, int(sizes[s]) * (int(sizes[s]) - 1) // 2)
        for s, source in enumerate(spec.sources)
        if not source.free_of_duplicates
    ]
    rows += [(s, t, int(sizes[s]) * int(sizes[t])) for s, t in combinations(range(len(sizes)), 2)]
    return pd.DataFrame(rows, columns=["first", "second", "pairs"])


def number_possible(records: pd.DataFrame, spec: LinkageSpec) -> int:
    """Count the pairs of standardised records that could be matches at all."""
    return int(possible_pairs(source_numbers(records, spec), spec)["pairs"].sum())


def random_pairs(sources: npt.NDArray[np.int64], spec: LinkageSpec) -> Pairs:
    """Draw pairs at random from all that could be matches; all of them when they are few.

    Parameters
    ----------
    sources
        Source number of each record; records of one source stand together.
    spec
        Says how many pairs, and the seed.
    """
    possible = possible_pairs(sources, spec)
    if possible["pairs"].sum() <= spec.random_pairs:
        return _every_pair(sources, possible)
    generator = np.random.default_rng(spec.seed)
    share = possible["pairs"] / possible["pairs"].sum()
    drawn = generator.multinomial(spec.random_pairs, share)
    start = np.searchsorted(sources, np.arange(len(spec.sources)))
    size = np.bincount(sources, minlength=len(spec.sources))
    parts = []
    for first, second, number in zip(possible["first"], possible["second"], drawn, strict=True):
        left = generator.integers(size[first], size=number)
        if first == second:  # skip over the record itself
            right = generator.integers(size[first] - 1, size=number)
            right += left
            right += 1
            right %= size[first]
        else:
            right = generator.integers(size[second], size=number)
        left += start[first]
        right += start[second]
        parts.append((left, right))
    # One part, as when one source is de-duplicated, need not be copied.
    left, right = (
        side[0] if len(parts) == 1 else np.concatenate(side) for side in zip(*parts, strict=True)
    )
    before = np.minimum(left, right)
    return Pairs(before, np.maximum(left, right, out=right))  # what was drawn is not needed again


def _every_pair(sources: npt.NDArray[np.int64], possible: pd.DataFrame) -> Pairs:
    """Make all pairs that are possible, and no others: one source may be long, the other short."""
    nothing = np.empty(0, dtype=np.int64)
    lefts, rights = [nothing], [nothing]
    for first, second in zip(possible["first"], possible["second"], strict=True):
        inside, other = (np.flatnonzero(sources == number) for number in (first, second))
        if first == second:
            left, right = np.triu_indices(len(inside), k=1)
        else:
            left, right = (place.ravel() for place in np.indices((len(inside), len(other))))
        lefts.append(inside[left])
        rights.append(other[right])
    return Pairs(np.concatenate(lefts), np.concatenate(rights))


def _block_numbers(records: pd.DataFrame, rule: list[Key]) -> npt.NDArray[np.int64]:
    """Number the blocks of a rule; −1 where any of its keys is missing."""
    keys = pd.DataFrame({str(place): key.values(records) for place, key in enumerate(rule)})
    numbers = keys.groupby(list(keys), dropna=True, sort=False, observed=True).ngroup()
    return np.asarray(numbers.fillna(-1), dtype=np.int64)


def _pair_count(
    block: npt.NDArray[np.int64], sources: npt.NDArray[np.int64], free: npt.NDArray[np.bool_]
) -> tuple[int, int]:
    """Count pairs and the largest block from the sizes alone, before any pair is made."""
    kept = block >= 0
    if not kept.any():
        return 0, 0
    width = len(free)
    sizes = np.bincount(block[kept] * width + sources[kept], minlength=(block.max() + 1) * width)
    sizes = sizes.reshape(-1, width)
    total = sizes.sum(axis=1)
    between = (total**2 - (sizes**2).sum(axis=1)).sum() // 2
    within = (sizes * (sizes - 1) // 2)[:, ~free].sum()
    largest = int(total.max())
    return int(between + within), largest if largest > 1 else 0


def _index(
    block: npt.NDArray[np.int64], sources: npt.NDArray[np.int64], free: npt.NDArray[np.bool_]
) -> Pairs:
    """Make the pairs of one rule with recordlinkage, source by source."""
    import recordlinkage  # here: it takes two seconds to start

    frame = pd.DataFrame({"block": block, "source": sources})
    frame = frame[frame["block"] >= 0]
    parts = {
        number: frame.loc[frame["source"] == number, ["block"]]
        for number in range(len(free))
        if (frame["source"] == number).any()
    }
    indexer = recordlinkage.Index()
    indexer.block("block")
    alone = [number for number, part in parts.items() if free[number] or len(part) == 1]
    made = [indexer.index(part) for number, part in parts.items() if number not in alone]
    made += [indexer.index(parts[s], parts[t]) for s, t in combinations(parts, 2)]
    if not made:
        empty = np.empty(0, dtype=np.int64)
        return Pairs(empty, empty)
    left = np.concatenate([pairs.get_level_values(0).to_numpy(dtype=np.int64) for pairs in made])
    right = np.concatenate([pairs.get_level_values(1).to_numpy(dtype=np.int64) for pairs in made])
    return Pairs(np.minimum(left, right), np.maximum(left, right))
