"""How well and how fast addresses find their property, beside uk-address-matcher.

    python -m benchmarks.addresses                       all sets on the quick county's gazetteer
    python -m benchmarks.addresses --profile demo --write      and writes it into docs/addresses.md
    python -m benchmarks.addresses --peer-python PYTHON  with an environment that is there

The gazetteer is the made-up county's; the errors are those that the package address-errors learned
from six councils' registers. The first run makes an environment of its own for both packages in
``.cache/addresses``. Both matchers read the same gazetteer and the same lines, in processes that
take turns.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.addresses_errors import SETS, TUNING
from benchmarks.contest import ROOT
from benchmarks.measure import cores
from woda_lib.linkage.addresses.index import AddressIndex
from woda_lib.linkage.addresses.match import LEAST

PAGE = ROOT / "docs" / "addresses.md"
BEGIN, END = "<!-- benchmark -->", "<!-- end of benchmark -->"
PEER = ("uk_address_matcher==1.5.3", "address-errors==0.1.1", "pandas")
PEER_WEIGHT, PEER_DISTANCE = 10.0, 1.0  # of its page Choosing a matching threshold
COUNTY_SEED = 20_260


def peer_python(folder: Path) -> str:
    """Return the Python of an environment that has the peers, made when it is not there."""
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(folder / "venv", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PEER], check=True)
    return str(python)


def gazetteer_of(profile: str) -> pd.DataFrame:
    """Return the gazetteer of a made-up county as it stands at the end of the window."""
    from woda_lib.synthetic.population import make_population
    from woda_lib.synthetic.profiles import PROFILES
    from woda_lib.synthetic.single_view.gazetteer import gazetteer_delivery
    from woda_lib.synthetic.single_view.places import draw_places

    size = PROFILES[profile]
    residents, dwellings = make_population(size, np.random.SeedSequence(COUNTY_SEED))
    places = draw_places(size, residents, dwellings, COUNTY_SEED)
    rows = gazetteer_delivery(size, places, size.shared, COUNTY_SEED).rows
    return rows.drop_duplicates("lpi_key", keep="last").reset_index(drop=True)


def prepare(folder: Path, profile: str, python: str, sets: list[str]) -> None:
    """Write the gazetteer in each reader's form, and the sets of lines."""
    folder.mkdir(parents=True, exist_ok=True)
    gazetteer = gazetteer_of(profile)
    gazetteer.to_parquet(folder / "gazetteer.parquet")
    approved = gazetteer[gazetteer["logical_status"].eq("1")].drop_duplicates("uprn")
    approved = approved.fillna(dict.fromkeys(approved.select_dtypes(object), ""))
    numbered = approved["building"].str.fullmatch(r"\d+[A-Z]?(?:-\d+[A-Z]?)?")
    building = approved["building"].str.upper()
    components = pd.DataFrame(
        {
            "uprn": approved["uprn"],
            "subname": approved["sub_building"].str.upper(),
            "name": building.where(~numbered, ""),
            "number": building.where(numbered, ""),
            "streetname": approved["street"].str.upper(),
            "locality": approved["locality"].str.upper(),
            "townname": approved["town"].str.upper(),
            "postcode": approved["postcode"],
            "parentuprn": approved["parent_uprn"],
            "usrn": pd.factorize(approved["street"] + approved["town"])[0],
            "classificationcode": approved["class_code"],
        }
    )
    components.to_csv(folder / "components.csv", index=False)
    ways = AddressIndex.of(gazetteer).frame  # with the other names of flats' buildings
    parts = ways[["sub_building", "building", "street", "locality", "town"]]
    text = parts.apply(lambda column: column.fillna("") + ", ").sum(axis=1)
    text = text.str.replace(r"(?:, )+", ", ", regex=True).str.strip(", ")
    ways = ways.assign(text=text)[["uprn", "text", "postcode"]].drop_duplicates()
    ways.to_parquet(folder / "ways.parquet")
    run = [python, "-m", "benchmarks.addresses_errors", str(folder), *sets]
    subprocess.run(run, check=True, cwd=ROOT)


def run_one(python: str, module: str, folder: Path, name: str) -> dict[str, Any]:
    """Let one matcher match one set, and return what it says of itself."""
    done = subprocess.run(
        [python, "-m", f"benchmarks.{module}", str(folder), name],
        check=True, cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told


def qualities(lines: pd.DataFrame, found: pd.DataFrame, sure: pd.Series) -> dict[str, float]:
    """Return what share is right, of all and of those matched, and how many are matched.

    Parameters
    ----------
    lines
        ``id, true, ambiguous`` and ``building``, the property that the true one is in.
    found, sure
        ``id, uprn``, and which rows of it count as matched.
    """
    best = found[sure].set_index("id")["uprn"]
    uprn = lines["id"].map(best[~best.index.duplicated()])
    right = uprn == lines["true"]
    clear = lines["ambiguous"].eq("0")
    return {
        "accuracy": right.mean(),
        "or its building": (right | (uprn == lines["building"])).mean(),
        "precision": right[uprn.notna()].mean(),
        "coverage": uprn.notna().mean(),
        "accuracy, clear": right[clear].mean(),
    }


def compared(folder: Path, python: str, name: str) -> pd.DataFrame:
    """Return a row for each matcher and way of accepting on one set."""
    lines = pd.read_csv(folder / f"{name}.csv", dtype=str)
    held = pd.read_parquet(folder / "gazetteer.parquet", columns=["uprn", "parent_uprn"])
    parents = held.drop_duplicates("uprn").set_index("uprn")["parent_uprn"]
    lines["building"] = lines["true"].map(parents)
    ours = run_one(sys.executable, "addresses_ours", folder, name)
    peer = run_one(python, "addresses_peer", folder, name)
    of_ours = pd.read_csv(folder / f"{name}_ours.csv", dtype={"id": str, "uprn": str})
    of_peer = pd.read_csv(folder / f"{name}_peer.csv", dtype={"id": str, "uprn": str})
    scored = of_peer["match_weight"].notna()
    enough = of_peer["match_weight"].ge(PEER_WEIGHT)
    apart = of_peer["distinguishability"].isna() | of_peer["distinguishability"].ge(PEER_DISTANCE)
    rows = [
        ("ours", ours, of_ours, of_ours["probability"] >= LEAST),
        ("ours, every best guess", ours, of_ours, of_ours["uprn"].notna()),
        ("uk-address-matcher, thresholds", peer, of_peer, ~scored | (enough & apart)),
        ("uk-address-matcher, every best guess", peer, of_peer, of_peer["uprn"].notna()),
    ]
    return pd.DataFrame(
        [
            {"set": name, "lines": len(lines), "by": by, **qualities(lines, found, sure)}
            | {key: told[key] for key in ("seconds", "cpu_seconds", "peak_mb")}
            for by, told, found, sure in rows
        ]
    )


def as_table(rows: pd.DataFrame) -> str:
    """Return the comparison as a table in Markdown."""
    shares = ["accuracy", "or its building", "precision", "coverage", "accuracy, clear"]
    told = rows.assign(
        **{name: rows[name].map("{:.4f}".format) for name in shares},
        lines=rows["lines"].map("{:,}".format),
        seconds=rows["seconds"].map("{:.1f}".format),
        cpu_seconds=rows["cpu_seconds"].map("{:.1f}".format),
        peak_mb=rows["peak_mb"].map("{:,.0f}".format),
    ).rename(columns={"cpu_seconds": "processor s", "peak_mb": "peak MB"})
    head = "| " + " | ".join(told.columns) + " |"
    lines = [head, "|" + "---|" * len(told.columns)]
    lines += ["| " + " | ".join(map(str, row)) + " |" for row in told.to_numpy().tolist()]
    return "\n".join(lines)


def write(table: str, profile: str, rows: int) -> None:
    """Put the table between its marks on the page."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    told = f"`python -m benchmarks.addresses --profile {profile} --write`: {rows:,} rows of the "
    told += f"gazetteer, {cores()} processors."
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{told}\n\n{table}\n{END}{after}", encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--profile", default="quick", choices=["quick", "demo", "county"])
    parser.add_argument("--sets", nargs="*", choices=list(SETS))
    parser.add_argument("--peer-python")
    parser.add_argument("--write", action="store_true", help="into docs/addresses.md")
    asked = parser.parse_args(arguments)
    sets = asked.sets or [name for name in SETS if name not in TUNING]
    folder = ROOT / ".cache" / "addresses"
    python = asked.peer_python or peer_python(folder)
    prepare(folder / asked.profile, asked.profile, python, sets)
    rows = pd.concat([compared(folder / asked.profile, python, name) for name in sets])
    table = as_table(rows)
    print(table)
    if asked.write:
        held = len(pd.read_parquet(folder / asked.profile / "gazetteer.parquet"))
        write(table, asked.profile, held)


if __name__ == "__main__":
    main(sys.argv[1:])
