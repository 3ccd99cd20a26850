"""Our engine, in a process of its own.

    python -m benchmarks.ours outputs/benchmarks/county_100000.parquet --rules selective

``link`` links the county, which is in memory; a small county linked before has loaded the kernel.
``whole`` does no more than a user's script: read the file, link it, write the clusters.
``scan`` walks the candidate pairs and nothing else. ``update`` takes 1% of changes into an open
store, and ``relink`` links the same records in full instead. Prints one line of JSON.
"""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.files import SPECIFICATIONS, WARM_UP, county_file, persons
from benchmarks.measure import Clock, pairwise, versions
from woda_lib.linkage import LinkageResult, LinkageSpec, link

Frames = dict[str, pd.DataFrame]
FIELDS = ["record_id", "forename", "surname", "date_of_birth", "postcode", "sex"]
CHANGED = 0.01
YESTERDAY, TODAY = date(2024, 1, 1), date(2024, 1, 2)


def read(path: Path) -> Frames:
    """Read the county, without the truth, as columns of text objects."""
    return {"county": pd.read_parquet(path, columns=FIELDS)}


def read_arrow(path: Path) -> Frames:
    """Read it as Arrow columns, as the file holds them and as DuckDB reads them too."""
    return {"county": pd.read_parquet(path, columns=FIELDS, dtype_backend="pyarrow")}


def measure_link(path: Path, spec: LinkageSpec) -> dict[str, Any]:
    """Link records that are in memory; precision, recall and F1 at our own defaults."""
    link(read_arrow(county_file(WARM_UP, path.parent)), spec)
    frames = read_arrow(path)
    clock = Clock()
    result = link(frames, spec)
    clock.stage("link")
    return clock.report() | _pairs(result) | _quality(result.clusters, path)


def measure_whole(path: Path, spec: LinkageSpec, clusters: Path) -> dict[str, Any]:
    """Read, link, write; imports count too, which is for whoever started the process to do."""
    clock = Clock()
    result = link(read_arrow(path), spec)
    result.clusters.to_parquet(clusters, index=False)
    clock.stage("link")
    return clock.report() | _pairs(result)


def measure_scan(path: Path, spec: LinkageSpec) -> dict[str, Any]:
    """Compare the candidate pairs, whose records are encoded and sorted into blocks before."""
    from woda_lib.linkage.engines import expected, least_log2_odds, strangers
    from woda_lib.linkage.fast import FastComparer, Tape, block
    from woda_lib.linkage.sources import gather

    link(read(county_file(WARM_UP, path.parent)), spec)
    records = gather(read(path), spec)
    comparer = FastComparer(records, spec)
    model = expected(strangers(comparer, records, spec), records, spec)
    blocking = block(comparer.encoded, spec)
    clock = Clock()
    tape = Tape(comparer, blocking, model, least_log2_odds(spec))
    clock.stage("scan")
    return clock.report() | {"pairs": sum(tape.new)}


def measure_update(path: Path, spec: LinkageSpec) -> dict[str, Any]:
    """Take a day's changes into an open store; precision, recall and F1 of all it then holds."""
    from woda_lib.linkage import OpenStore  # here: a script that only links imports none

    before, changes = day_of_changes(path)
    yesterday = link(before, spec, on=YESTERDAY, run="yesterday")
    opened = OpenStore(yesterday.store, before, spec, yesterday.model)
    clock = Clock()
    outcome = opened.update(**changes, on=TODAY, run="today")
    clock.stage("update")
    measured = clock.report()
    quality = _quality(opened.store.current, path)
    return measured | {"pairs": outcome.compared} | quality


def measure_relink(path: Path, spec: LinkageSpec) -> dict[str, Any]:
    """Link in full what an update would have made of the records, with the model it would use."""
    before, changes = day_of_changes(path)
    yesterday = link(before, spec, on=YESTERDAY, run="yesterday")
    after = {"county": changed_county(before["county"], changes)}
    clock = Clock()
    today = link(
        after, spec, model=yesterday.model, previous=yesterday.store, on=TODAY, run="today"
    )
    clock.stage("relink")
    return clock.report() | _pairs(today) | _quality(today.clusters, path)


def day_of_changes(path: Path) -> tuple[Frames, dict[str, Any]]:
    """Split a county into the records of yesterday and a day's changes to them.

    Returns
    -------
    before : dict
        The records of yesterday.
    changes : dict
        ``new``, ``changed`` (to the address of somebody else) and ``withdrawn``, as
        `OpenStore.update` takes them; each is a third of the records that change.
    """
    county = read(path)["county"]
    number = round(len(county) * CHANGED / 3)
    rng = np.random.default_rng(1)
    drawn = rng.choice(len(county), 3 * number, replace=False)
    new, changed, withdrawn = (county.iloc[part] for part in np.split(drawn, 3))
    elsewhere = rng.choice(county["postcode"].to_numpy(), number)
    before = county.drop(index=new.index).reset_index(drop=True)
    return {"county": before}, {
        "new": {"county": new},
        "changed": {"county": changed.assign(postcode=elsewhere)},
        "withdrawn": {"county": withdrawn["record_id"].to_numpy()},
    }


def changed_county(before: pd.DataFrame, changes: dict[str, Any]) -> pd.DataFrame:
    """Return the records as they stand after a day's changes."""
    new, changed = changes["new"]["county"], changes["changed"]["county"]
    gone = np.concatenate([changed["record_id"], changes["withdrawn"]["county"]])
    kept = before[~before["record_id"].isin(gone)]
    return pd.concat([kept, changed, new], ignore_index=True)


def _quality(clusters: pd.DataFrame, path: Path) -> dict[str, float]:
    """Measure clusters against the truth; a store holds identifiers as text."""
    truth = persons(path)
    return pairwise(
        clusters.assign(id=clusters["id"].astype(truth.index.dtype)).set_index("id")["entity_id"],
        truth,
    )


def _pairs(result: LinkageResult) -> dict[str, int]:
    return {"pairs": int(result.blocking["new"].sum())}


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("county", type=Path)
    parser.add_argument("--rules", choices=SPECIFICATIONS, default="selective")
    parser.add_argument(
        "--job", choices=["link", "whole", "scan", "update", "relink"], default="link"
    )
    parser.add_argument("--clusters", type=Path, help="where whole writes them")
    asked = parser.parse_args()
    spec = LinkageSpec.from_yaml(SPECIFICATIONS[asked.rules])
    if asked.job == "whole":
        clusters = asked.clusters or asked.county.with_suffix(".clusters")
        measured = measure_whole(asked.county, spec, clusters)
    else:
        jobs = {
            "link": measure_link,
            "scan": measure_scan,
            "update": measure_update,
            "relink": measure_relink,
        }
        measured = jobs[asked.job](asked.county, spec)
    print(json.dumps(measured | {"versions": versions("numba", "numpy", "pandas")}))


if __name__ == "__main__":
    main()
