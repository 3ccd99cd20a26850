"""The peer: recordlinkage as its own user would run it, in a process of its own.

    python -m benchmarks.recordlinkage_peer outputs/benchmarks/county_100000_selective.parquet

The file is one that `files.prepared_file` makes, and holds its blocking rules: one `block` each in
its `Index`. Its `Compare` takes names by Jaro–Winkler, dates and postcodes by Damerau–Levenshtein,
and sex exactly, each with the threshold of our second-best level, since its `ECMClassifier` knows
only agreement and disagreement. Linked pairs become clusters by connected components.

The clock runs from records in memory to clusters; a small county linked before has done the
imports. `Compare` works in one process, its default; ``--jobs 2`` shares it out, but processor time
and memory are then those of the first process alone. Prints one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import recordlinkage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks.files import persons, rules_of
from benchmarks.measure import Clock, pairwise, versions

SIMILAR_NAMES = 0.92
ONE_EDIT_IN_EIGHT, ONE_EDIT_IN_SEVEN = 1 - 1 / 8, 1 - 1 / 7  # digits of a date, of a postcode


def read(path: Path) -> pd.DataFrame:
    """Read the records, without the truth, by ``record_id``."""
    return pd.read_parquet(path).drop(columns="person").set_index("record_id")


def linked(
    records: pd.DataFrame, rules: list[list[str]], jobs: int = 1
) -> tuple[pd.Series, int, Clock]:
    """Link records, and return the cluster of each, the number of pairs, and the clock."""
    clock = Clock()
    index = recordlinkage.Index()
    for rule in rules:
        index.block(rule)
    pairs = index.index(records)
    clock.stage("index")
    compare = recordlinkage.Compare(n_jobs=jobs)
    for name in ("forename", "surname"):
        compare.string(name, name, method="jarowinkler", threshold=SIMILAR_NAMES, label=name)
    for name, least in (("date_of_birth", ONE_EDIT_IN_EIGHT), ("postcode", ONE_EDIT_IN_SEVEN)):
        # A threshold is met from its value on, which rounding must not put out of reach.
        compare.string(name, name, method="damerau_levenshtein", threshold=least - 1e-9, label=name)
    compare.exact("sex", "sex", label="sex")
    features = compare.compute(pairs, records)
    clock.stage("compare")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its arithmetic warns of the logarithm of nought
        links = recordlinkage.ECMClassifier().fit_predict(features)
    clock.stage("classify")
    left, right = (records.index.get_indexer(links.get_level_values(side)) for side in (0, 1))
    size = (len(records), len(records))
    graph = coo_array((np.ones(len(left)), (left, right)), size)
    clusters = connected_components(graph, directed=False)[1]
    clock.stage("cluster")
    return pd.Series(clusters, index=records.index), len(pairs), clock


def measure(path: Path, warm_up: Path, jobs: int = 1) -> dict[str, Any]:
    """Link records that are in memory; precision, recall and F1 at its own threshold."""
    rules = rules_of(path)
    linked(read(warm_up), rules, jobs)
    clusters, pairs, clock = linked(read(path), rules, jobs)
    return clock.report() | {"pairs": pairs} | pairwise(clusters, persons(path))


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("people", type=Path)
    parser.add_argument("--warm-up", type=Path, help="a small file under the same rules")
    parser.add_argument("--jobs", type=int, default=1, help="processes that compare, uncounted")
    asked = parser.parse_args()
    measured = measure(asked.people, asked.warm_up or asked.people, asked.jobs)
    print(json.dumps(measured | {"versions": versions("recordlinkage", "numpy", "pandas")}))


if __name__ == "__main__":
    main()
