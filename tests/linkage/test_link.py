"""The whole linkage on tables small enough to read, and what becomes of bad input."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.linkage.people import specification, table
from woda_lib.linkage import LinkageError, LinkageResult, LinkageSpec, SourceError, link

PEOPLE = Path(__file__).parents[2] / "parameters" / "linkage" / "people.yaml"
A = table(
    """
    id  forename surname born       postcode
    a1  Mary     Smith   1931-09-20 WR1_2AB
    a2  John     Brown   1948-02-11 WR9_8XY
    a3  Ann      Lee     1960-05-05 B1_1AA
    a4  Peter    Hill    1922-12-01 DY10_4PQ
    a5  Mary     Smith   1931-09-02 WR1_2AB
    a6  Omar     Khan    1975-07-17 WR5_1DD
    """
)
B = table(
    """
    id  forename surname born       postcode
    b1  Mary     Smyth   1931-09-20 WR1_2AB
    b2  Jon      Brown   1948-02-11 WR9_8XY
    b3  Zoe      Quill   1988-08-08 HR1_1HR
    b4  Peter    Hill    1922-01-12 DY10_4PQ
    b5  Ruth     Ford    1951-03-30 WR2_6TT
    """
)
TRUTH = pd.DataFrame(
    {
        "source": ["a"] * 6 + ["b"] * 5,
        "id": ["a1", "a2", "a3", "a4", "a5", "a6", "b1", "b2", "b3", "b4", "b5"],
        "entity_id": [
            *["mary", "john", "ann", "peter", "mary", "omar"],
            *["mary", "john", "zoe", "peter", "ruth"],
        ],
        "town": ["W", "D", "B", "K", "W", "W", "W", "D", "H", "K", "W"],
    }
)


@pytest.fixture(scope="module")
def result() -> LinkageResult:
    return link({"a": A, "b": B}, specification(), truth=TRUTH)


def members(clusters: pd.DataFrame) -> set[frozenset[str]]:
    return {frozenset(group) for _, group in clusters.groupby("entity_id")["id"]}


def test_clusters_hold_each_record_once(result: LinkageResult) -> None:
    assert list(result.clusters) == ["source", "id", "entity_id", "confidence"]
    assert members(result.clusters) == {
        frozenset({"a1", "a5", "b1"}),
        frozenset({"a2", "b2"}),
        frozenset({"a3"}),
        frozenset({"a4", "b4"}),
        frozenset({"a6"}),
        frozenset({"b3"}),
        frozenset({"b5"}),
    }
    assert result.clusters["confidence"].between(0.9, 1).all()


def test_links_carry_weight_probability_and_levels(result: LinkageResult) -> None:
    links = result.links
    assert list(links) == [
        "left_source", "left_id", "right_source", "right_id", "match_weight",
        "match_probability", "forename", "surname", "born", "postcode",
    ]  # fmt: skip
    pair = links[(links["left_id"] == "a2") & (links["right_id"] == "b2")].iloc[0]
    assert pair[["forename", "surname", "born", "postcode"]].tolist() == [2, 2, 4, 4]
    assert (links["match_probability"] >= 0.9).all()
    assert links["match_weight"].is_monotonic_decreasing


def test_explanation_adds_up_to_the_match_weight(result: LinkageResult) -> None:
    explained = result.explain("a2", "b2").set_index("comparison")
    model = result.model
    assert explained.index.tolist() == ["prior", "forename", "surname", "born", "postcode"]
    assert explained.loc["prior", "weight"] == pytest.approx(
        np.log2(model.prior / (1 - model.prior))
    )
    assert explained.loc["surname", "weight"] == pytest.approx(
        np.log2(model.m[1, 2] / model.u[1, 2])
    )
    links = result.links.set_index(["left_id", "right_id"])
    evidence = explained["weight"].drop("prior").sum()
    assert evidence == pytest.approx(links.loc[("a2", "b2"), "match_weight"])
    odds = 2 ** explained["total"].iloc[-1]
    assert odds / (1 + odds) == pytest.approx(links.loc[("a2", "b2"), "match_probability"])


def test_explanation_works_for_pairs_that_were_no_candidates(result: LinkageResult) -> None:
    explained = result.explain("a6", "b3")
    assert explained["total"].iloc[-1] < -5


def test_explanation_needs_one_record(result: LinkageResult) -> None:
    with pytest.raises(SourceError, match="No record has this identifier"):
        result.explain("a1", "b99")
    both = link({"a": A, "b": A}, specification())
    with pytest.raises(SourceError, match="left_source and right_source"):
        both.explain("a1", "a2")
    table = both.explain("a1", "a1", left_source="a", right_source="b")
    assert table["total"].iloc[-1] > 3


def test_quality_against_truth(result: LinkageResult) -> None:
    quality = result.quality().set_index(["of", "scope", "measure"]).sort_index()
    # True pairs: a1-a5, a1-b1, a5-b1, a2-b2, a4-b4; four of them between the sources.
    clusters = quality.loc[("clusters", "all pairs")]
    assert clusters.loc[["precision", "recall"], "numerator"].tolist() == [5, 5]
    assert clusters.loc[["precision", "recall"], "denominator"].tolist() == [5, 5]
    assert clusters["value"].tolist() == [1, 1, 1]
    between = quality.loc[("clusters", "between sources", "recall")]
    assert between["denominator"] == 4


def test_quality_without_truth_is_an_estimate_with_its_caveat() -> None:
    estimated = link({"a": A, "b": B}, specification()).quality()
    assert estimated["measure"].tolist() == ["precision", "recall", "f1"]
    assert estimated["value"].between(0.8, 1).all()
    assert estimated["caveat"].str.contains("not against truth").all()


def test_who_is_missed_by_a_column_of_the_truth(result: LinkageResult) -> None:
    table = result.who_is_missed(by=["town"]).set_index(["by", "measure", "group"]).sort_index()
    recall = table.loc[("town", "recall")]
    assert recall["denominator"].to_dict() == {"D": 1, "K": 1, "W": 2}
    assert recall["value"].tolist() == [1, 1, 1]
    assert list(table.loc[("source", "link rate")].index) == ["a", "b"]
    with pytest.raises(SourceError, match="Did you mean 'town'"):
        result.who_is_missed(by=["twon"])


def test_records_that_could_never_be_linked_are_counted() -> None:
    poor = pd.concat(
        [A, table("id forename surname born postcode\na7 - Smith - -")], ignore_index=True
    )
    unlinkable = link({"a": poor, "b": B}, specification()).unlinkable()
    assert unlinkable.to_dict("list") == {
        "source": ["a", "b"],
        "records": [7, 5],
        "unlinkable": [1, 0],
        "share": [1 / 7, 0],
    }


def test_one_source_is_de_duplicated() -> None:
    spec = specification(sources=[{"name": "a", "id": "id"}])
    found = members(link({"a": A}, spec).clusters)
    assert frozenset({"a1", "a5"}) in found
    assert len(found) == 5


def test_a_source_free_of_duplicates_gives_a_cluster_one_record_at_most() -> None:
    sources = [{"name": "a", "id": "id", "free_of_duplicates": True}, {"name": "b", "id": "id"}]
    clusters = link({"a": A, "b": B}, specification(sources=sources)).clusters
    assert clusters[clusters["source"] == "a"]["entity_id"].is_unique
    assert frozenset({"a1", "b1"}) in members(clusters)


def test_columns_may_have_other_names_and_fields_may_be_lacking() -> None:
    sources = [
        {"name": "a", "id": "number", "columns": {"born": "dob"}, "lacks": ["postcode"]},
        {"name": "b", "id": "id"},
    ]
    other = A.rename(columns={"id": "number", "born": "dob"}).drop(columns="postcode")
    links = link({"a": other, "b": B}, specification(sources=sources)).links
    assert set(links[links["left_id"] == "a2"]["right_id"]) == {"b2"}
    assert (links[links["left_source"] == "a"]["postcode"] == -1).all()


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=10, deadline=None)
def test_the_order_of_rows_and_columns_changes_nothing(seed: int) -> None:
    straight = link({"a": A, "b": B}, specification())
    a, b = (frame.sample(frac=1, random_state=seed) for frame in (A, B))
    shuffled = link({"b": b[b.columns[::-1]], "a": a}, specification())
    pd.testing.assert_frame_equal(straight.clusters, shuffled.clusters)
    pd.testing.assert_frame_equal(straight.links, shuffled.links)


def test_the_entity_id_of_a_cluster_comes_from_its_first_member() -> None:
    alone = link({"a": A, "b": B.iloc[1:]}, specification()).clusters
    joined = link({"a": A, "b": B}, specification()).clusters
    assert alone.set_index("id")["entity_id"]["a2"] == joined.set_index("id")["entity_id"]["a2"]
    assert joined["entity_id"].str.fullmatch(r"person-[0-9a-f]{16}").all()


# Bad input: a sentence that names source and field, or a correct result.


@pytest.mark.parametrize(
    ("a", "sentence"),
    [
        (A.iloc[:0], "The source 'a' is empty"),
        (
            A.drop(columns="postcode"),
            "source 'a' has no column 'postcode' for the field 'postcode'",
        ),
        (A.rename(columns={"surname": "surnam"}), "Did you mean 'surnam'?"),
        (A.drop(columns="id"), "source 'a' has no column 'id' for its id column"),
        (pd.concat([A, A.iloc[:2]]), "2 of 8 records repeat the identifier"),
        (A.assign(id=[None, *A["id"][1:]]), "1 of 6 records have no identifier"),
        (A.assign(born="20/09/1931"), "Source 'a', field 'born': most values are not dates"),
        (A.assign(born=1931), "Source 'a', field 'born': most values are not dates"),
        (pd.concat([A, A["born"]], axis=1), "source 'a' has more than one column 'born'"),
    ],
)
def test_a_bad_source_is_named(a: pd.DataFrame, sentence: str) -> None:
    with pytest.raises(SourceError) as caught:
        link({"a": a, "b": B}, specification())
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("frames", "sentence"),
    [
        ({"a": A}, "The source 'b' is in the specification but was not given"),
        ({"a": A, "b": B, "council": B}, "The specification has no source 'council'"),
    ],
)
def test_the_sources_must_be_those_of_the_specification(frames: dict, sentence: str) -> None:
    with pytest.raises(SourceError, match=sentence):
        link(frames, specification())


def test_an_unknown_engine_is_refused() -> None:
    unknown: Any = "recordlinkag"
    with pytest.raises(LinkageError, match="Did you mean 'recordlinkage'"):
        link({"a": A, "b": B}, specification(), engine=unknown)


@pytest.mark.parametrize(
    ("truth", "sentence"),
    [
        (TRUTH.drop(columns="entity_id"), "The truth has no column 'entity_id'"),
        (TRUTH.iloc[1:], "does not say who 1 of 11 records are"),
        (pd.concat([TRUTH, TRUTH.iloc[:1]]), "names 1 records more than once"),
    ],
)
def test_a_truth_that_does_not_fit_is_refused(truth: pd.DataFrame, sentence: str) -> None:
    with pytest.raises(SourceError, match=sentence):
        link({"a": A, "b": B}, specification(), truth=truth)


@pytest.mark.parametrize(
    "change",
    [
        {"postcode": None},
        {"postcode": "WR1 2AB"},
        {"forename": None, "surname": None},
        {"born": pd.to_datetime(A["born"])},
        {"born": pd.NaT},
        {"forename": ["Mary", 7, None, 3.5, True, "م"]},
        {"surname": "UNKNOWN"},
    ],
    ids=["all null", "constant", "two null", "dates", "no date", "mixed types", "placeholder"],
)
def test_odd_fields_still_give_every_record_one_cluster(change: dict) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        clusters = link({"a": A.assign(**change), "b": B}, specification()).clusters
    assert len(clusters) == 11
    assert clusters["entity_id"].notna().all()


def test_an_all_null_field_is_no_evidence() -> None:
    spec: LinkageSpec = specification()
    links = link({"a": A.assign(postcode=None), "b": B.assign(postcode=None)}, spec).links
    assert (links["postcode"] == -1).all()
    assert "a2" in set(links["left_id"])


def test_no_candidates_leave_everybody_alone() -> None:
    strangers = table("id forename surname born postcode\nb1 Zoe Quill 1988-08-08 HR1_1HR")
    result = link({"a": A.iloc[[1]], "b": strangers}, specification())
    assert len(result.links) == 0
    assert result.clusters["entity_id"].is_unique
    assert result.clusters["confidence"].tolist() == [1, 1]


anything = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(["", " ", "\u202eabc", "e\u0301", "\x00", "-", "9434765919", "WR1 2AB", "'"]),
    st.integers(-5, 10**12),
    st.floats(),
)
rows = st.lists(st.tuples(anything, anything, anything, anything), min_size=1, max_size=8)


@pytest.mark.filterwarnings("ignore::woda_lib.linkage.LinkageWarning")
@given(a=rows, b=rows)
@examples(12, 40)
def test_any_values_give_every_record_one_cluster_or_a_sentence(a: list, b: list) -> None:
    spec = LinkageSpec.from_yaml(PEOPLE)
    written = {
        name: pd.DataFrame(records, columns=["nhs_number", "forename", "surname", "postcode"])
        .assign(date_of_birth=pd.Timestamp("1931-09-20"), sex="F")
        .rename_axis(index=number)
        .reset_index()
        for name, number, records in [("hospital", "patient_id", a), ("council", "client_id", b)]
    }
    clusters = link(written, spec).clusters
    assert len(clusters) == len(a) + len(b)
    assert clusters["entity_id"].notna().all()
    assert clusters["confidence"].between(0, 1).all()
