"""How fast the linkage engines are, beside one another, on a county of made-up records.

    python -m benchmarks.linkage --records 100000 --engines fast recordlinkage --rounds 2

Each measurement is a process of its own, and engines take turns (A B A B), so that none profits
from a quiet machine. A process links twice: the second time is *warm*, with imports done and the
kernel loaded. Drawing the county and reading its file are not counted. Processor time is printed
beside wall time because other work on the machine lengthens only the latter.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.person_records import county_file
from woda_lib.linkage import LinkageSpec, link

SPECIFICATION = Path(__file__).parents[1] / "parameters" / "linkage" / "benchmark.yaml"
MEASURES = ["wall", "cpu", "peak_mb", "pairs", "precision", "recall", "f1"]


def measure(engine: str, path: Path) -> dict[str, float]:
    """Link a county with one engine; seconds of the warm run, peak memory of the process."""
    county = pd.read_parquet(path)
    records = county.drop(columns="person")
    spec = LinkageSpec.from_yaml(SPECIFICATION)
    for _ in range(2):
        wall, cpu = time.perf_counter(), time.process_time()
        result = link({"county": records}, spec, engine=engine)  # type: ignore[arg-type]
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    person = county.set_index("record_id")["person"].loc[result.clusters["id"]].to_numpy()
    entity = pd.factorize(result.clusters["entity_id"])[0]
    found, true = _pairs_within(entity), _pairs_within(person)
    both = _pairs_within(entity.astype(np.int64) * (int(person.max()) + 1) + person)
    return {
        "wall": wall,
        "cpu": cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "pairs": float(result.blocking["new"].sum()),
        "precision": both / found,
        "recall": both / true,
        "f1": 2 * both / (found + true),
    }


def _pairs_within(groups: np.ndarray) -> int:
    sizes = np.unique(groups, return_counts=True)[1]
    return int((sizes * (sizes - 1) // 2).sum())


def compare(engines: list[str], records: int, rounds: int, folder: Path) -> pd.DataFrame:
    """Measure engines in turn, each in a process of its own; a row a process."""
    path = county_file(records, folder)
    rows = []
    for _ in range(rounds):
        for engine in engines:
            command = [sys.executable, "-m", "benchmarks.linkage", "--measure", engine, str(path)]
            done = subprocess.run(command, check=False, capture_output=True, text=True)
            if done.returncode:
                print(f"{engine} did not survive {records:,} records:\n{done.stderr[-500:]}")
                continue
            rows.append({"engine": engine, **json.loads(done.stdout.splitlines()[-1])})
    return pd.DataFrame(rows, columns=["engine", *MEASURES])


def main() -> None:
    """Print medians, spread and ratios to the first engine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--engines", nargs="+", default=["fast", "recordlinkage"])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=Path("outputs/benchmarks"))
    parser.add_argument("--measure", nargs=2, metavar=("ENGINE", "FILE"))
    asked = parser.parse_args()
    if asked.measure:
        print(json.dumps(measure(asked.measure[0], Path(asked.measure[1]))))
        return
    table = compare(asked.engines, asked.records, asked.rounds, asked.folder)
    by_engine = table.groupby("engine", sort=False)
    print(by_engine.median().round(4).to_string())
    spread = by_engine[["wall", "cpu"]].agg(["min", "max"]).round(2)
    print("\nspread, seconds\n" + spread.to_string())
    medians = by_engine[["wall", "cpu", "peak_mb"]].median()
    if len(medians):
        print("\nas a multiple of the first\n" + (medians / medians.iloc[0]).round(2).to_string())


if __name__ == "__main__":
    main()
