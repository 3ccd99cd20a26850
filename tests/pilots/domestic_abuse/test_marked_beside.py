"""What another process marks comes out as it does when it is marked here."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.pilots.domestic_abuse.test_link_tables import (
    CASES,
    CLUSTERS,
    MONTHS,
    PEOPLE,
    PERSONS,
    ROLES,
    TRUTH,
)
from woda_lib.pilots.domestic_abuse import link_tables, marked_beside
from woda_lib.pilots.domestic_abuse.marking import Marker, lists_table

AS_OF = date(2025, 3, 31)


@pytest.fixture(params=[0, 1_000_000], ids=["by another process", "here"])
def many(request, monkeypatch):
    monkeypatch.setattr(marked_beside, "_MANY", request.param)


def test_links_are_marked_alike(many):
    numbers = CLUSTERS[["source", "id"]].assign(partner="p", dataset=CLUSTERS["source"])
    shares, missed = marked_beside.links(CLUSTERS, numbers, None).result()
    pd.testing.assert_frame_equal(shares, link_tables.quality_table(CLUSTERS, None))
    pd.testing.assert_frame_equal(missed, link_tables.who_is_missed(CLUSTERS, None))


def test_links_are_held_against_the_truth(many):
    numbers = CLUSTERS[["source", "id"]].assign(partner="p", dataset=CLUSTERS["source"])
    truth = pd.DataFrame(
        {
            "partner": "p",
            "dataset": CLUSTERS["source"],
            "local_id": CLUSTERS["id"],
            "person_id": [1, 1, 2, 1, 3, 3],
            "ethnic_group": "A",
            "age": 30,
            "sex": "F",
        }
    )
    shares, _ = marked_beside.links(CLUSTERS, numbers, lambda: truth).result()
    whole = shares[shares["scope"] == "all pairs"].set_index("measure")["percent"]
    assert whole.to_dict() == {"precision": 100.0, "recall": 100.0}


def test_lists_are_marked_alike(many):
    truth = (lambda: PERSONS), (lambda: TRUTH)
    for given in (None, truth):
        begun = marked_beside.lists(CASES, ROLES, PEOPLE, AS_OF, months=MONTHS, truth=given)
        marker = Marker(CASES, ROLES, PEOPLE, PERSONS, TRUTH) if given else None
        expected = lists_table(CASES, marker, AS_OF, months=MONTHS)
        for found, right in zip(begun.result(), expected, strict=True):
            pd.testing.assert_frame_equal(found, right)
