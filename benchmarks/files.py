"""The files that engines link: a county as it was recorded, and as peers are given it.

Kept apart from how a county is drawn, so that a process which only reads one imports no more.
"""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from benchmarks.measure import alone

PARAMETERS = Path(__file__).parents[1] / "parameters" / "linkage"
SPECIFICATIONS = {
    "selective": PARAMETERS / "benchmark.yaml",
    "wide": PARAMETERS / "benchmark_wide.yaml",
}
WARM_UP = 10_000  # records of the county that is linked before the clock starts


def made_elsewhere(records: int, folder: Path, rules: str | None = None) -> Path:
    """Return the county, prepared under some rules or as recorded, made in a process of its own.

    Drawing a large county takes more memory than linking it, and nothing of that shall be held
    while others are measured.
    """
    if rules is None:
        return alone(county_file, records, folder)
    return alone(prepared_file, records, rules, folder)


def county_file(records: int, folder: Path) -> Path:
    """Return a Parquet file of the county of `person_records`, drawn on first use."""
    path = folder / f"county_{records}.parquet"
    if not path.exists():
        from benchmarks.person_records import county

        folder.mkdir(parents=True, exist_ok=True)
        county(records).to_parquet(path, index=False)
    return path


def prepared_file(records: int, rules: str, folder: Path) -> Path:
    """Return the county as peers are given it, made where it is missing or older than its rules.

    What peers would have to work out before they can link is done for them, and in nobody's time:
    fields are standardised as ours are, and each blocking key that is not a field of its own is a
    column, ``soundex_surname`` say. So all link the very same pairs. The rules, as lists of
    columns, are JSON under the key ``rules`` of the file's metadata.
    """
    path = folder / f"county_{records}_{rules}.parquet"
    county, specification = county_file(records, folder), SPECIFICATIONS[rules]
    if path.exists() and path.stat().st_mtime > max(
        each.stat().st_mtime for each in (county, specification)
    ):
        return path
    import pyarrow as pa
    import pyarrow.parquet as pq

    from woda_lib.linkage import LinkageSpec
    from woda_lib.linkage.sources import gather

    spec = LinkageSpec.from_yaml(specification)
    standard = gather({"county": pd.read_parquet(county)}, spec)
    table = standard.rename(columns={"id": "record_id"}).drop(columns="source")
    named: list[list[str]] = []
    for rule in spec.rules:
        named.append([])
        for key in rule:
            named[-1].append(f"{key.function}_{key.field}" if key.function else key.field)
            table[named[-1][-1]] = key.values(standard)
    table["person"] = persons(county).loc[table["record_id"]].to_numpy()
    plain = table.astype({name: object for name in table if name not in ("record_id", "person")})
    written = pa.Table.from_pandas(plain, preserve_index=False)
    pq.write_table(written.replace_schema_metadata({"rules": json.dumps(named)}), path)
    return path


def rules_of(path: Path) -> list[list[str]]:
    """Return the blocking rules of a prepared file, as lists of its columns."""
    import pyarrow.parquet as pq

    return json.loads(pq.read_schema(path).metadata[b"rules"])


def persons(path: Path) -> pd.Series:
    """Return the truth of a file, which no engine is given: the person behind each record."""
    return pd.read_parquet(path, columns=["record_id", "person"]).set_index("record_id")["person"]
