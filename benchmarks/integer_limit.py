"""The limit: how fast the candidate pairs can be walked when comparing a field is one integer test.

    python -m benchmarks.integer_limit outputs/benchmarks/county_100000_selective.parquet

The same loop as our engine's over the same pairs: sorted blocks, pairs that an earlier rule made
left out, a pattern for every pair written down and counted, in as many threads. Fields are numbers
by then, and all that is asked of a pair is which of them are equal. Nothing that compares names,
dates and postcodes can be faster on this machine; how much slower ours is, is the price of graded
levels. Prints one line of JSON.
"""

from __future__ import annotations

import argparse
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pandas as pd

from benchmarks.files import rules_of
from benchmarks.measure import Clock, cores, versions

FIELDS = ["forename", "surname", "date_of_birth", "postcode", "sex"]
STRETCHES = 16


def sorted_blocks(records: pd.DataFrame, rule: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return each record's block (−1: none), and the records that have one, by block."""
    known = records[rule].notna().all(axis=1).to_numpy()
    block = np.where(known, records.groupby(rule, sort=False).ngroup(), -1).astype(np.int32)
    order = np.argsort(block, kind="stable").astype(np.int32)
    return block, order[np.count_nonzero(~known) :]


def ends_of_blocks(block: np.ndarray, order: np.ndarray) -> np.ndarray:
    """For each place of `order`, where its block ends."""
    here = block[order]
    return np.searchsorted(here, here, side="right").astype(np.int32)


@numba.njit(nogil=True, cache=True)
def walk(
    low: int,
    high: int,
    before: np.ndarray,
    order: np.ndarray,
    ends: np.ndarray,
    blocks: np.ndarray,
    rule: int,
    rows: np.ndarray,
    tape: np.ndarray,
    counts: np.ndarray,
) -> None:
    """Write the patterns of the pairs at places low to high of one rule, and count them."""
    for place in range(low, high):
        left = order[place]
        at = before[place]
        for other in range(place + 1, ends[place]):
            right = order[other]
            seen = False
            for earlier in range(rule):
                block = blocks[left, earlier]
                if block >= 0 and block == blocks[right, earlier]:
                    seen = True
                    break
            code = 1 << rows.shape[1]
            if not seen:
                code = 0
                for field in range(rows.shape[1]):
                    code |= int(rows[left, field] == rows[right, field]) << field
            tape[at] = code
            counts[code] += 1
            at += 1


def walked(records: pd.DataFrame, rules: list[list[str]]) -> tuple[np.ndarray, Clock]:
    """Walk the candidate pairs of all rules.

    Returns
    -------
    counts : numpy.ndarray
        Pairs by pattern, bit i of which says that field i is equal; shape (32,).
    clock : Clock
        Of the loop alone: numbering fields and sorting blocks is not counted.
    """
    rows = np.stack([pd.factorize(records[name])[0] for name in FIELDS], axis=1).astype(np.int32)
    sorts = [sorted_blocks(records, rule) for rule in rules]
    blocks = np.stack([block for block, _ in sorts], axis=1)
    ends = [ends_of_blocks(block, order) for block, order in sorts]
    before = [np.concatenate([[0], np.cumsum(end - np.arange(len(end)) - 1)]) for end in ends]
    clock = Clock()
    counts = np.zeros((STRETCHES, 2 ** len(FIELDS) + 1), dtype=np.int64)
    with ThreadPoolExecutor(cores()) as pool:
        for number, (_, order) in enumerate(sorts):
            total = before[number][-1]
            cuts = np.searchsorted(before[number], np.linspace(0, total, STRETCHES + 1)[:-1])
            tape = np.empty(total, dtype=np.uint16)
            given = before[number], order, ends[number], blocks, number, rows, tape
            stretches = zip(cuts, np.append(cuts[1:], len(order)), counts, strict=True)
            running = [pool.submit(walk, low, high, *given, mine) for low, high, mine in stretches]
            for each in running:
                each.result()
    clock.stage("loop")
    return counts.sum(axis=0)[:-1], clock


def measure(path: Path, warm_up: Path) -> dict[str, Any]:
    """Walk the pairs of a file; a small file walked before has loaded the compiled loop."""
    rules = rules_of(path)
    walked(pd.read_parquet(warm_up), rules)
    counts, clock = walked(pd.read_parquet(path), rules)
    return clock.report() | {"pairs": int(counts.sum())}


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("people", type=Path)
    parser.add_argument("--warm-up", type=Path, help="a small file under the same rules")
    asked = parser.parse_args()
    measured = measure(asked.people, asked.warm_up or asked.people)
    print(json.dumps(measured | {"versions": versions("numba", "numpy", "pandas")}))


if __name__ == "__main__":
    main()
