"""The peer: uk-address-matcher as its documentation advises, in a process of its own.

    python -m benchmarks.addresses_peer FOLDER SET

Stages are those of its page *Choosing a matching threshold*: exact, peeled, unique trigrams and
its pretrained Splink model. The gazetteer has every way of addressing a property as a row, as its
page *Optimising accuracy* asks. The clock runs from frames in memory to the matches; a hundred
lines matched before have done the imports. Writes ``FOLDER/<set>_peer.csv`` (id, uprn, weight,
distance to the next best) and prints one line of JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from benchmarks.measure import Clock, versions

THREADS = 2


def matched(gazetteer: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Return the best property of each line, however poor: its own default."""
    from uk_address_matcher import (
        AddressMatcher,
        ExactMatchStage,
        PeeledAddressStage,
        SplinkStage,
        UniqueTrigramStage,
    )

    connection = duckdb.connect()
    connection.execute(f"set threads = {THREADS}")
    tables: dict[str, Any] = {
        "held": gazetteer.rename(columns={"uprn": "unique_id", "text": "address_concat"}),
        "asked": lines.rename(columns={"id": "unique_id", "address": "address_concat"}),
    }
    for name, table in tables.items():
        columns = table[["unique_id", "address_concat", "postcode"]].astype(str)
        connection.register(f"{name}_frame", columns.replace({"nan": None, "None": None}))
        connection.execute(f"create table {name} as select * from {name}_frame")
    matcher = AddressMatcher(
        canonical_addresses=connection.table("held"),
        addresses_to_match=connection.table("asked"),
        con=connection,
        stages=[ExactMatchStage(), PeeledAddressStage(), UniqueTrigramStage(), SplinkStage()],
        show_progress="off",
    )
    return matcher.match().matches().df()


def main(folder: Path, name: str) -> None:
    """Match one set, and say what it took."""
    gazetteer = duckdb.read_parquet(str(folder / "ways.parquet")).df()
    lines = pd.read_csv(folder / f"{name}.csv", dtype=str)
    matched(gazetteer.head(2_000), lines.head(100))
    clock = Clock()
    found = matched(gazetteer, lines)
    clock.stage("match")
    found = found.rename(columns={"unique_id": "id", "resolved_canonical_id": "uprn"})
    kept = ["id", "uprn", "match_reason", "match_weight", "distinguishability"]
    found[kept].to_csv(folder / f"{name}_peer.csv", index=False)
    told = clock.report() | {"versions": versions("uk_address_matcher", "splink", "duckdb")}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
