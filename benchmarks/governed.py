"""What the governed path costs: loading beside a plain validated read, encryption beside none.

::

    python benchmarks/governed.py [--rows 600000] [--repeats 3]

A county's hospital stays are delivered in 48 monthly files, with the councils' clients and the
lists of who opted out. Each repeat first reads the stays as the contract alone would have them,
then through the door: agreement asked, opt-outs followed through both registers and applied,
numbers put under the key, people marked, the load recorded. Both are timed in one run, one after
the other, and what counts is their ratio. The same rows are then written and read as a restricted
table and as plain Parquet.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

import numpy as np
import pandas as pd
from pydantic import SecretStr

from woda_lib.partners import CONTRACTS, Door, load_agreement
from woda_lib.partners.keys import AgreementKey
from woda_lib.partners.loading import accept, delivered
from woda_lib.partners.restricted import read_restricted, write_restricted
from woda_lib.settings import Settings

ROOT = Path(__file__).parents[1]
AGREEMENT = load_agreement("patient_flow", ROOT / "parameters" / "agreements")
TRUSTS = ("worcestershire_acute", "severnside_acute")
COUNCILS = ("county_council", "severnside_council")
MONTHS = pd.period_range("2021-04", periods=48, freq="M")
OPTED_OUT = 0.054


def nhs_numbers(count: int, rng: np.random.Generator) -> np.ndarray:
    """Distinct numbers in the 999 range, with right check digits."""
    stem = 999_000_000 + rng.choice(999_999, size=int(count * 1.15), replace=False)
    digits = stem[:, None] // 10 ** np.arange(8, -1, -1) % 10
    check = 11 - digits @ np.arange(10, 1, -1) % 11
    whole = stem * 10 + np.where(check == 11, 0, check)
    return whole[check != 10][:count].astype(str).astype(object)


def write_months(folder: Path, partner: str, dataset: str, rows: pd.DataFrame) -> None:
    """Write rows to monthly files, in equal shares."""
    (folder / partner).mkdir(parents=True, exist_ok=True)
    columns = list(CONTRACTS[dataset].columns)
    for month, at in zip(MONTHS, np.array_split(np.arange(len(rows)), len(MONTHS)), strict=True):
        part = rows.iloc[at].reindex(columns=columns)
        for name, column in CONTRACTS[dataset].columns.items():
            if column.kind == "date" and column.required:
                part[name] = f"{month}-01"
        part.to_csv(folder / partner / f"{dataset}_{month}.csv", index=False)


def write_county(folder: Path, rows: int) -> None:
    """Write the stays, clients and choices of a county that has `rows` stays."""
    rng = np.random.default_rng(1)
    people = rows // 2
    numbers = nhs_numbers(people, rng)
    for at, trust in enumerate(TRUSTS):
        who = rng.integers(0, people, rows // 2)
        write_months(
            folder,
            trust,
            "hospital_spells",
            pd.DataFrame(
                {
                    "spell_id": [f"S{at}{n:07d}" for n in range(len(who))],
                    "patient_id": pd.Series(who).map("P{:07d}".format),
                    "nhs_number": np.where(rng.random(len(who)) < 0.95, numbers[who], None),
                    "forename": "Ann",
                    "surname": pd.Series(who % 5000).map("Name{:04d}".format),
                    "date_of_birth": "1940-02-03",
                    "sex": "F",
                    "postcode": "WR1 1AA",
                    "admission_method": "emergency",
                    "ward": pd.Series(who % 40).map("Ward {:02d}".format),
                    "site": "Main",
                }
            ),
        )
    for at, council in enumerate(COUNCILS):
        who = np.flatnonzero(np.arange(people) % 10 == at)
        clients = {
            "client_id": pd.Series(who).map("C{:07d}".format),
            "nhs_number": numbers[who],
            "surname": "Name",
            "sex": "F",
        }
        write_months(folder, council, "social_care_clients", pd.DataFrame(clients))
    out = np.flatnonzero(rng.random(people) < OPTED_OUT)
    for partner in (*TRUSTS, *COUNCILS):
        own = out if partner == TRUSTS[0] else out[:0]
        choices = {
            "opt_out_id": [f"O{n:06d}" for n in range(len(own))],
            "nhs_number": numbers[own],
            "kind": "national",
            "status": "in_force",
        }
        write_months(folder, partner, "opt_outs", pd.DataFrame(choices))


def seconds(work: Callable[[], object]) -> float:
    """How many seconds of processor time some work takes; others may share the machine."""
    began = process_time()
    work()
    return process_time() - began


def report(what: str, peer: str, ours: list[float], theirs: list[float]) -> None:
    """Print medians and their ratio."""
    print(
        f"{what}: {median(ours):.2f} s, {peer}: {median(theirs):.2f} s, "
        f"ratio {median(ours) / median(theirs):.2f} "
        f"(each repeat: {', '.join(f'{a / b:.2f}' for a, b in zip(ours, theirs, strict=True))})"
    )


def main() -> None:
    """Measure, and print what was measured."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=600_000)
    arguments.add_argument("--repeats", type=int, default=3)
    asked = arguments.parse_args()
    for name in [name for name in os.environ if name.startswith("WODA_")]:
        del os.environ[name]
    with TemporaryDirectory() as scratch:
        root = Path(scratch)
        write_county(root / "extracts", asked.rows)
        ring = {AGREEMENT.id: base64.b64encode(os.urandom(32)).decode()}
        settings = Settings(
            root=root,
            extracts=root / "extracts",
            data=root / "data",
            key_ring=SecretStr(json.dumps(ring)),
        )
        frame, key = measure_loading(settings, asked.repeats)
        measure_tables(root, frame, key, asked.repeats)


def measure_loading(settings: Settings, repeats: int) -> tuple[pd.DataFrame, AgreementKey]:
    """Read the stays plainly and through the door, in turns."""
    contract = CONTRACTS["hospital_spells"]
    plain, governed = [], []
    for _ in range(repeats):
        files = delivered(contract, settings.extracts_folder, AGREEMENT)
        plain.append(seconds(partial(accept, files, contract)))
        door = Door(AGREEMENT, "service_evaluation", settings, run="benchmark/1/1")
        began = process_time()
        loaded = door.load("hospital_spells")
        governed.append(process_time() - began)
    counts = loaded.counts
    print(f"{counts.kept:,} of {counts.delivered:,} rows kept, {counts.opted_out:,} opted out")
    report("Governed load", "plain validated read", governed, plain)
    return loaded.frame, door.key


def measure_tables(root: Path, frame: pd.DataFrame, key: AgreementKey, repeats: int) -> None:
    """Write and read the same rows encrypted and plain, in turns."""
    sealed, plain = root / "sealed.parquet", root / "plain.parquet"
    work: dict[str, Callable[[], object]] = {
        "plain write": lambda: frame.to_parquet(plain, index=False, compression="zstd"),
        "write": lambda: write_restricted(sealed, frame, key),
        "plain read": lambda: pd.read_parquet(plain),
        "read": lambda: read_restricted(sealed, "sealed", key),
    }
    took: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(repeats):
        for name, doing in work.items():
            took[name].append(seconds(doing))
    for verb in ("write", "read"):
        report(f"Encrypted {verb}", "plain Parquet", took[verb], took[f"plain {verb}"])
    print(f"Size: {sealed.stat().st_size / plain.stat().st_size:.3f} of plain")


if __name__ == "__main__":
    main()
