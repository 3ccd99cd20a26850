"""Our address matcher on the same gazetteer and lines, in a process of its own.

    python -m benchmarks.addresses_ours FOLDER SET

The clock runs from frames in memory to the matches, the gazetteer's index among them; a hundred
lines matched before have loaded the kernels. Writes ``FOLDER/<set>_ours.csv`` and prints one line
of JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd

from benchmarks.measure import Clock
from woda_lib.linkage.addresses import match_addresses


def main(folder: Path, name: str) -> None:
    """Match one set, and say what it took."""
    gazetteer = pd.read_parquet(folder / "gazetteer.parquet")
    lines = pd.read_csv(folder / f"{name}.csv", dtype=str)
    asked = lines[["id", "address", "postcode"]]
    match_addresses(asked.head(100), gazetteer.head(2_000))
    clock = Clock()
    found = match_addresses(asked, gazetteer, least=0.0)
    clock.stage("match")
    found.to_csv(folder / f"{name}_ours.csv", index=False)
    json.dump(clock.report(), sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
