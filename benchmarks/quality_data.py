"""Write public data whose truth is known to Parquet files, which `quality.py` reads.

Some of the packages that ship such data need other versions than the workbench does, so this
script runs in an environment of its own and leaves out what is not installed there:

    python -m venv quality-data
    quality-data/bin/pip install pseudopeople
    quality-data/bin/pip install --no-deps mismo
    quality-data/bin/python benchmarks/quality_data.py data/linkage_quality

Each set is a folder with a file a source; the column ``entity_id`` is the truth.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

SEED = 0


def simulated_people() -> Iterator[tuple[str, str, pd.DataFrame]]:
    """A census, tax forms, a nutrition programme and social security of one made-up population.

    Haddock, B. and others (2024), pseudopeople: simulated data for entity resolution; the sample
    population of the package, with its noise as it comes.
    """
    import pseudopeople

    sources = {
        "census": pseudopeople.generate_decennial_census,
        "w2": pseudopeople.generate_taxes_w2_and_1099,
        "wic": pseudopeople.generate_women_infants_and_children,
        "social_security": pseudopeople.generate_social_security,
    }
    for source, generate in sources.items():
        frame = generate(seed=SEED).rename(columns={"simulant_id": "entity_id"})
        # Numbers of the simulation, which no register would hold.
        frame = frame.drop(columns=["household_id", "employer_id"], errors="ignore")
        frame.insert(0, "record_id", range(len(frame)))
        yield "pseudopeople", source, frame


def files_of_mismo() -> Iterator[tuple[str, str, pd.DataFrame]]:
    """RLdata of Sariyar and Borg (2010), German names and birth dates, in mismo's copy."""
    spec = find_spec("mismo")  # which finds it without importing what it needs
    assert spec is not None and spec.submodule_search_locations is not None
    folder = Path(spec.submodule_search_locations[0]) / "_data" / "_datasets"
    for name in ("RLdata500", "RLdata10000"):
        frame = pd.read_csv(folder / "rldata" / f"{name}.csv", dtype=str)
        frame = frame.rename(columns={"label_true": "entity_id"})
        yield name, "records", frame.sample(frac=1, random_state=SEED).reset_index(drop=True)


def main(folder: Path) -> None:
    """Write what the installed packages hold."""
    for package, made in {"pseudopeople": simulated_people, "mismo": files_of_mismo}.items():
        if find_spec(package) is None:
            print(f"{package} is not installed here; its data are left out.")
            continue
        for name, source, frame in made():
            (folder / name).mkdir(parents=True, exist_ok=True)
            frame.to_parquet(folder / name / f"{source}.parquet", index=False)
            print(f"{name}/{source}.parquet: {len(frame):,} records")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
