"""Blocking advice and kinds of mistakes, on a town whose truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.linkage.people import specification, table
from tests.linkage.test_people import SPECIFICATION, recorded, town
from woda_lib.linkage import LinkageSpec, SourceError, blocking_advice, link, mistakes
from woda_lib.linkage.block_sizes import block_pairs, crossed

CODES = np.array([0, 0, 0, 1, 1, -1])
SOURCES = np.array([0, 0, 1, 0, 1, 1])


def test_pairs_are_counted_from_sizes():
    # Block 0: two records of source 0, one of source 1; block 1: one of each.
    records, pairs = block_pairs(CODES, SOURCES, np.array([False, False]))
    assert (records.tolist(), pairs.tolist()) == ([3, 2], [3, 1])
    assert block_pairs(CODES, SOURCES, np.array([True, True]))[1].tolist() == [2, 1]


def test_crossed_codes_are_missing_where_either_is():
    other = np.array([0, 0, 1, -1, 0, 0])
    assert crossed([CODES, other]).tolist() == [0, 0, 1, -1, 2, -1]


def made() -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    generator = np.random.default_rng(5)
    people = town(generator).head(1200)
    frames = {}
    truth = []
    for name, number, share in (("hospital", "patient_id", 0.03), ("council", "client_id", 0.35)):
        frame = recorded(people, generator, share)
        frame[number] = name[0] + frame.index.astype(str)
        truth.append(frame.assign(source=name, id=frame[number])[["source", "id", "entity_id"]])
        frames[name] = frame.drop(columns="entity_id")
    return frames, pd.concat(truth)


def test_recall_is_estimated_near_the_truth_and_offenders_are_listed_without_values():
    frames, truth = made()
    frames["hospital"].loc[:149, "date_of_birth"] = "1950-01-01"  # a placeholder of some clerk
    content = LinkageSpec.from_yaml(SPECIFICATION).model_dump(by_alias=True)
    content["blocking"] = [["date_of_birth"], ["soundex(surname)", "soundex(forename)"]]
    advice = blocking_advice(frames, LinkageSpec.from_dict(content), truth)
    recall = advice.recall.set_index("by")
    measured = recall.loc["truth", "recall"]
    assert recall.loc["truth", "low"] < measured < recall.loc["truth", "high"]
    assert recall.loc["capture–recapture, two rules", "recall"] == pytest.approx(measured, abs=0.03)
    first = advice.worst.iloc[0]
    assert (first["rule"], first["place"]) == ("date_of_birth", 1)
    assert first["records"] >= 150
    said = " ".join(advice.suggestions)
    assert "Rule 1 (date_of_birth): one block of" in said
    assert "Look there for a placeholder value; with" in said
    assert "Add a rule on other fields" in said
    assert "1950" not in said + advice.worst.to_string()


def test_a_rule_that_catches_nothing_of_its_own_is_named():
    frames, _ = made()
    content = LinkageSpec.from_yaml(SPECIFICATION).model_dump(by_alias=True)
    content["blocking"] = [
        ["date_of_birth"],
        ["soundex(surname)"],
        ["postcode"],
        ["date_of_birth", "sex"],
    ]
    advice = blocking_advice(frames, LinkageSpec.from_dict(content))
    assert any(
        text.startswith("Rule 4 (date_of_birth and sex) catches no match that the other rules miss")
        for text in advice.suggestions
    )
    assert "truth" not in advice.recall["by"].tolist()


def test_mistakes_are_told_apart():
    a = table(
        """
        id forename surname born     postcode
        1  ann      hill    19310920 wr12ab
        2  bob      dale    19400101 wr53zz
        3  eve      moor    19550505 wr12ab
        4  tom      vale    19610203 wr44aa
        """
    )
    b = table(
        """
        id forename surname born     postcode
        1  ann      hill    19310920 wr12ab
        2  xyz      qrst    19770707 b11bb
        3  eve      moor    19550505 wr12ab
        4  tom      vale    19610203 wr44aa
        """
    )
    truth = pd.DataFrame(
        {"source": ["a"] * 4 + ["b"] * 4, "id": list("1234") * 2, "entity_id": list("ABCDABCE")}
    )
    result = link({"a": a, "b": b}, specification(), truth=truth, engine="recordlinkage")
    found = mistakes(result).set_index("because")["pairs"]
    assert found["shares no blocking rule"] == 1  # the two records of B have nothing in common
    assert found["two people who look like one"] == 1  # D and E are twins in everything
    assert found.sum() == 2
    with pytest.raises(SourceError, match="only against the truth"):
        mistakes(link({"a": a, "b": b}, specification(), engine="recordlinkage"))
