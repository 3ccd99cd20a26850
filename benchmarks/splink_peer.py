"""The peer: Splink 5 as a careful user tunes it, in a process of its own.

    python -m benchmarks.splink_peer outputs/benchmarks/county_100000_selective.parquet

The file is one that `files.prepared_file` makes, and holds its blocking rules. Comparison levels
are those of the specification. Tuned means: EM on a sample of the blocked pairs, u from sampled
pairs, parts of the postcode and functions in blocking rules worked out once per record, no columns
kept that clustering does not need.

``link`` links records that are in DuckDB; a small county linked before has done the imports. The
clock runs to the clusters at one threshold; the search for the best threshold, which takes the
truth, is neither in the time nor in the memory. ``whole`` does no more than a user's script: read
the file, link it, write the clusters. Prints one line of JSON.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from benchmarks.files import persons, rules_of
from benchmarks.measure import Clock, cores, pairwise, versions

# Each EM session leaves out what it blocks on; between them they see every comparison.
EM_RULES = [("date_of_birth", "sex"), ("forename", "surname"), ("postcode", "surname")]
SURE_RULES = [("forename", "surname", "date_of_birth"), ("forename", "date_of_birth", "postcode")]
RECALL_OF_SURE_RULES = 0.7
LEAST_PROBABILITY = 0.001
WORKING_THRESHOLD = 0.95
THRESHOLDS = [0.5, 0.8, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999, 0.99999, 0.999999]
U_PAIRS = 1e6


def prepared(path: Path, threads: int) -> duckdb.DuckDBPyConnection:
    """Open a database with the records in its table ``people``."""
    connection = duckdb.connect()
    connection.execute(f"set threads = {threads}")
    connection.execute("set enable_progress_bar = false")
    connection.execute(
        f"""
        create table people as select record_id as unique_id, * exclude (record_id, person),
            left(postcode, -2) as part_sector, left(postcode, -3) as part_outward
        from read_parquet('{path}')
        """
    )
    return connection


def settings(rules: list[list[str]]) -> Any:
    """Write the comparisons and blocking rules."""
    import splink.comparison_library as cl
    from splink import SettingsCreator, block_on

    def custom(field: str, conditions: list[tuple[str, str]]) -> Any:
        missing = f"{field}_l is null or {field}_r is null"
        levels: list[Any] = [
            {"sql_condition": missing, "label_for_charts": "missing", "is_null_level": True},
            *({"sql_condition": sql, "label_for_charts": label} for label, sql in conditions),
            {"sql_condition": "ELSE", "label_for_charts": "anything else"},
        ]
        return cl.CustomComparison(comparison_levels=levels, output_column_name=field)

    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            *(
                cl.JaroWinklerAtThresholds(name, [0.92, 0.8]).configure(
                    term_frequency_adjustments=True
                )
                for name in ("forename", "surname")
            ),
            custom(
                "date_of_birth",
                [
                    ("exact", "date_of_birth_l = date_of_birth_r"),
                    ("one edit", "damerau_levenshtein(date_of_birth_l, date_of_birth_r) = 1"),
                    (
                        "day and month",
                        "substr(date_of_birth_l, 5, 4) = substr(date_of_birth_r, 5, 4)",
                    ),
                    ("year", "substr(date_of_birth_l, 1, 4) = substr(date_of_birth_r, 1, 4)"),
                ],
            ),
            custom(
                "postcode",
                [
                    ("exact", "postcode_l = postcode_r"),
                    ("one edit", "damerau_levenshtein(postcode_l, postcode_r) = 1"),
                    ("sector", "part_sector_l = part_sector_r"),
                    ("district", "part_outward_l = part_outward_r"),
                ],
            ),
            cl.ExactMatch("sex"),
        ],
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in rules],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )


class Linkage:
    """One linkage of the table ``people``, from training to clusters.

    Parameters
    ----------
    connection
        As `prepared` returns it.
    rules
        Blocking rules, as lists of columns.
    em_pairs
        Most pairs on which a session of EM is trained.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, rules: list[list[str]], em_pairs: float
    ) -> None:
        from splink import DuckDBAPI, Linker, block_on

        self.clock = Clock()
        people = connection.table("people")
        api = DuckDBAPI(connection)
        self._linker = Linker(api.register(people), settings(rules), log_level="ERROR")
        training = self._linker.training
        training.estimate_probability_two_random_records_match(
            [block_on(*rule) for rule in SURE_RULES], recall=RECALL_OF_SURE_RULES
        )
        training.estimate_u_using_random_sampling(max_pairs=U_PAIRS, seed=1)
        for rule in EM_RULES:
            training.estimate_parameters_using_expectation_maximisation(
                block_on(*rule), estimate_without_term_frequencies=True, max_pairs=em_pairs
            )
        self.clock.stage("train")
        blocked = self._linker.inference.compute_blocked_pairs_for_predict()
        self.clock.stage("block")
        self._predicted = self._linker.inference.predict(
            threshold_match_probability=LEAST_PROBABILITY
        )
        self.clock.stage("predict")
        self.clusters = self.clustered(WORKING_THRESHOLD)
        self.clock.stage("cluster")
        count = f"select count(*) from {blocked.physical_name}"
        self.pairs = int(connection.sql(count).fetchall()[0][0])

    def clustered(self, threshold: float) -> pd.DataFrame:
        """Return ``unique_id`` and ``cluster_id`` of every record."""
        found = self._linker.clustering.cluster_pairwise_predictions_at_threshold(
            self._predicted, threshold_match_probability=threshold
        )
        return found.as_duckdbpyrelation().select("unique_id, cluster_id").df()


def measure_link(path: Path, warm_up: Path, threads: int, em_pairs: float) -> dict[str, Any]:
    """Link records that are in memory; precision, recall and F1 at the best threshold."""
    rules = rules_of(path)
    with prepared(warm_up, threads) as small:
        Linkage(small, rules, em_pairs)
    with prepared(path, threads) as connection:
        linkage = Linkage(connection, rules, em_pairs)
        measured = linkage.clock.report() | {"pairs": linkage.pairs}
        truth = persons(path)
        quality = {}
        for threshold in THRESHOLDS:
            found = linkage.clustered(threshold).set_index("unique_id")["cluster_id"]
            quality[threshold] = pairwise(found, truth)
    best = max(quality, key=lambda each: quality[each]["f1"])
    return measured | {"threshold": best, **quality[best]}


def measure_whole(path: Path, clusters: Path, threads: int, em_pairs: float) -> dict[str, Any]:
    """Read, link, write; imports count too, which is for whoever started the process to do."""
    with prepared(path, threads) as connection:
        linkage = Linkage(connection, rules_of(path), em_pairs)
    linkage.clusters.to_parquet(clusters, index=False)
    return linkage.clock.report() | {"pairs": linkage.pairs}


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("people", type=Path)
    parser.add_argument("--job", choices=["link", "whole"], default="link")
    parser.add_argument("--warm-up", type=Path, help="a small file under the same rules")
    parser.add_argument("--clusters", type=Path, help="where whole writes them")
    parser.add_argument("--threads", type=int, default=cores())
    parser.add_argument("--em-pairs", type=float, default=1e6)
    asked = parser.parse_args()
    if asked.job == "link":
        measured = measure_link(
            asked.people, asked.warm_up or asked.people, asked.threads, asked.em_pairs
        )
    else:
        clusters = asked.clusters or asked.people.with_suffix(".clusters")
        measured = measure_whole(asked.people, clusters, asked.threads, asked.em_pairs)
    print(json.dumps(measured | {"versions": versions("splink", "duckdb", "numpy", "pandas")}))


if __name__ == "__main__":
    main()
