"""Comparison vectors in the form that recordlinkage's own users know."""

from __future__ import annotations

import pandas as pd
import pytest
import recordlinkage

from tests.linkage.people import specification, table
from woda_lib.linkage import link

# Four people are too few for a model that an analyst should trust; here only the form matters.
pytestmark = pytest.mark.filterwarnings("ignore::woda_lib.linkage.LinkageWarning")

PEOPLE = table("""
    id  forename  surname  born        postcode
    1   john      smith    1950-01-01  WR12AB
    2   john      smith    1950-01-02  WR12AB
    3   j         smith    1950-01-01  -
    4   mary      jones    1961-05-06  WR12AB
    """)


def test_levels_are_shares_of_the_best_and_missing_is_0() -> None:
    spec = specification(sources=[{"name": "a", "id": "id"}])
    features = link({"a": PEOPLE}, spec, engine="recordlinkage").features()
    assert features.index.names == ["left_id", "right_id"]
    assert features.loc[("1", "2")].to_list() == [1, 1, 3 / 4, 1]  # one digit of four levels
    assert features.loc[("1", "3")].to_list() == [1 / 4, 1, 1, 0]  # an initial; no postcode


def test_identifiers_that_two_sources_may_share_carry_their_source() -> None:
    result = link({"a": PEOPLE, "b": PEOPLE}, specification(), engine="recordlinkage")
    assert ("a:1", "b:1") in result.features().index
    free = [{"name": name, "id": "id", "free_of_duplicates": True} for name in "ab"]
    result = link({"a": PEOPLE, "b": PEOPLE}, specification(sources=free), engine="recordlinkage")
    assert ("1", "1") in result.features().index


def test_recordlinkages_classifiers_and_measures_work_on_them() -> None:
    free = [{"name": name, "id": "id", "free_of_duplicates": True} for name in "ab"]
    result = link({"a": PEOPLE, "b": PEOPLE}, specification(sources=free), engine="recordlinkage")
    features = result.features()
    truth = pd.MultiIndex.from_arrays([PEOPLE["id"], PEOPLE["id"]])
    classifier = recordlinkage.LogisticRegressionClassifier()
    found = classifier.fit_predict(features, truth)
    assert recordlinkage.precision(truth, found) == 1
    assert recordlinkage.recall(truth, found) >= 0.5
