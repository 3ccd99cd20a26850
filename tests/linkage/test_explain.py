"""Pairs explained by a model that was kept: the same as the linkage itself explains them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.linkage.people import specification, table
from woda_lib.linkage import explain_pairs, link
from woda_lib.linkage.errors import SourceError
from woda_lib.linkage.result import LinkageResult

PEOPLE = table(
    """
    id  forename  surname  born        postcode
    1   Ann       Lee      1931-09-20  WR1_1AA
    2   Bea       Moss     1950-01-02  WR2_2BB
    3   Cy        Nott     1961-02-03  WR3_3CC
    4   Di        Orr      1972-03-04  WR4_4DD
    """
)
OTHERS = PEOPLE.assign(
    forename=["Anne", "Bea", "Cy", "Di"], postcode=["WR1 1AA", "WR9 9ZZ", "WR4 4DD", "WR4 4DD"]
)
PAIRS = pd.DataFrame(
    [("a", "1", "b", "1"), ("b", "2", "a", "2"), ("a", "3", "b", "4")],
    columns=["left_source", "left_id", "right_source", "right_id"],
)


@pytest.fixture(scope="module")
def linked() -> LinkageResult:
    return link({"a": PEOPLE, "b": OTHERS}, specification(), engine="recordlinkage")


def test_a_kept_model_tells_of_a_pair_what_the_linkage_told(linked: LinkageResult) -> None:
    told = explain_pairs(
        PAIRS, {"a": PEOPLE, "b": OTHERS}, linked.spec, linked.model, linked.store.frequencies
    )
    for pair, table_ in zip(PAIRS.itertuples(), told, strict=True):
        expected = linked.explain(
            pair.left_id,
            pair.right_id,
            left_source=pair.left_source,
            right_source=pair.right_source,
        )
        pd.testing.assert_frame_equal(table_, expected)


def test_the_last_total_is_the_odds_by_which_the_store_links_them(linked: LinkageResult) -> None:
    links = linked.store.links
    assert len(links)
    told = explain_pairs(
        links, {"a": PEOPLE, "b": OTHERS}, linked.spec, linked.model, linked.store.frequencies
    )
    totals = [each["total"].iloc[-1] for each in told]
    np.testing.assert_allclose(totals, links["log2_odds"])


def test_records_that_no_pair_names_may_be_left_out(linked: LinkageResult) -> None:
    some = {"a": PEOPLE.head(1), "b": OTHERS.head(1)}
    whole = {"a": PEOPLE, "b": OTHERS}
    one, other = (
        explain_pairs(PAIRS.head(1), each, linked.spec, linked.model, linked.store.frequencies)
        for each in (some, whole)
    )
    pd.testing.assert_frame_equal(one[0], other[0])


def test_a_pair_of_a_record_that_is_not_there_is_refused(linked: LinkageResult) -> None:
    with pytest.raises(SourceError, match="1 of 3 pairs name a record that is not among"):
        explain_pairs(
            PAIRS,
            {"a": PEOPLE.head(2), "b": OTHERS},
            linked.spec,
            linked.model,
            linked.store.frequencies,
        )


def test_no_pairs_have_no_explanation(linked: LinkageResult) -> None:
    kept = linked.store.frequencies
    assert explain_pairs(PAIRS.head(0), {}, linked.spec, linked.model, kept) == []
