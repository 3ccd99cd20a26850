"""What a store says of who is with whom, after a full linkage and after an update."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from tests.linkage.people import specification, table
from woda_lib.linkage import (
    IdentityStore,
    LinkageResult,
    cluster_missed,
    cluster_quality,
    clusters_of,
    link,
)

FRAMES = {
    "a": table(
        """
        id  forename surname born       postcode
        a1  Mary     Smith   1931-09-20 WR1_2AB
        a2  John     Brown   1948-02-11 WR9_8XY
        a3  Ann      Lee     1960-05-05 B1_1AA
        """
    ),
    "b": table(
        """
        id  forename surname born       postcode
        b1  Mary     Smyth   1931-09-20 WR1_2AB
        b2  Jon      Brown   1948-02-11 WR9_8XY
        b3  Zoe      Quill   1988-08-08 HR1_1HR
        """
    ),
}
TRUTH = table(
    """
    source id entity_id
    a      a1 mary
    a      a2 john
    a      a3 ann
    b      b1 mary
    b      b2 john
    b      b3 ann
    """
)


@pytest.fixture(scope="module")
def linked() -> LinkageResult:
    return link(FRAMES, specification(), engine="recordlinkage", on=date(2024, 1, 1))


def test_clusters_are_those_of_the_linkage(linked: LinkageResult):
    found = clusters_of(linked.store).merge(linked.clusters, on=["source", "id"])
    assert (found["entity_id_x"] == found["entity_id_y"]).all()
    together = found["id"].isin(["a1", "a2", "b1", "b2"])
    np.testing.assert_allclose(
        found.loc[together, "confidence_x"], found.loc[together, "confidence_y"], rtol=1e-9
    )
    # Of whoever stands alone a store keeps nothing that was compared.
    assert found.loc[~together, "confidence_x"].isna().all()


def test_what_people_decided_is_certain(linked: LinkageResult):
    decision = table(
        """
        left_source left_id right_source right_id by  on         reason
        a           a3      b            b3       ann 2024-01-02 met
        """
    )
    decision = decision.assign(decision="must_link")
    store = linked.store.decide(decision)
    one = store.records["id"].isin(["a3", "b3"])
    records = store.records.assign(entity_id=store.records["entity_id"].mask(one, "person-x"))
    found = clusters_of(replace(store, records=records)).set_index("id")["confidence"]
    assert found[["a3", "b3"]].tolist() == [1.0, 1.0]


@pytest.mark.parametrize("decided", [False, True], ids=["by the model", "by a person"])
def test_a_linkage_says_the_same_as_its_store(linked: LinkageResult, decided: bool):
    decision = table(
        """
        left_source left_id right_source right_id by  on         reason
        a           a3      b            b3       ann 2024-01-02 met
        a           a1      b            b9       ann 2024-01-02 waits
        """
    )
    previous = linked.store
    if decided:
        previous = previous.decide(decision.assign(decision="must_link"))
    frames = {"a": FRAMES["a"].iloc[[2, 0]], "b": FRAMES["b"].iloc[::-1]}  # John Brown is gone
    later = link(
        frames, specification(), engine="recordlinkage", previous=previous, on=date(2024, 1, 3)
    )
    for result in (linked, later):
        pd.testing.assert_frame_equal(result.clusters_of_store(), clusters_of(result.store))
    sure = later.clusters_of_store().set_index("id")["confidence"]
    assert sure.index.tolist() == ["a1", "a3", "b1", "b2", "b3"]
    assert (sure["a3"] == 1.0) == decided


def test_a_store_put_together_from_its_tables_is_the_same(linked: LinkageResult):
    store = linked.store
    again = IdentityStore.of_tables(store.tables(), settled_with=store.settled_with)
    pd.testing.assert_frame_equal(clusters_of(again), clusters_of(store))


def test_quality_and_who_is_missed_are_told_by_clusters_alone(linked: LinkageResult):
    clusters = clusters_of(linked.store)
    table_ = cluster_quality(clusters, TRUTH)
    whole = table_[table_["scope"] == "all pairs"].set_index("measure")
    assert whole.loc["precision", "value"] == 1.0
    assert whole.loc["recall", ["numerator", "denominator"]].tolist() == [2, 3]
    groups = TRUTH.assign(sex=["f", "m", "f", "f", "m", "f"])
    missed = cluster_missed(clusters, groups, by=["sex"], truth=TRUTH)
    recall = missed[(missed["measure"] == "recall") & (missed["by"] == "sex")]
    assert recall.set_index("group")["value"].to_dict() == {"f": 0.5, "m": 1.0}
