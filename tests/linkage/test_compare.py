"""Comparison levels of hand-made pairs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jellyfish import damerau_levenshtein_distance

from tests.linkage.people import specification, table
from woda_lib.linkage.blocking import Pairs
from woda_lib.linkage.compare import Comparer
from woda_lib.linkage.levels import TESTS, one_edit
from woda_lib.linkage.sources import gather
from woda_lib.linkage.spec import LinkageSpec


def levels_of(a: str, b: str, spec: LinkageSpec) -> list[list[int]]:
    """Compare the first record of a with the first of b, the second with the second, …"""
    frames = {"a": table(a), "b": table(b)}
    records = gather(frames, spec)
    number = len(frames["a"])
    pairs = Pairs(np.arange(number), np.arange(number) + number)
    return Comparer(records, spec).levels(pairs).tolist()


def test_levels_of_people() -> None:
    found = levels_of(
        """
        id forename surname born       postcode
        1  Mary     Smith   1931-09-20 WR1_2AB
        2  Mary     Smith   1931-09-20 WR1_2AB
        3  Smith    Mary    1931-09-20 WR1_2AB
        4  Martha   Smith   1931-03-04 WR1_2AB
        5  M        Smyth   1931-09-20 WR1_2AB
        6  John     Brown   1931-09-20 WR1_2AB
        7  -        Smith   1900-01-01 -
        """,
        """
        id forename surname born       postcode
        1  MARY     SMITH   1931-09-20 wr12ab
        2  Maria    Jones   1931-09-21 WR12BA
        3  Mary     Smith   1931-12-31 WR1_2XY
        4  Marhta   Smith   1931-04-03 WR1_9XY
        5  Mary     Smith   1913-09-20 WR11_2AB
        6  Mary     Smith   1940-01-02 B1_1AA
        7  Mary     Smith   1931-09-20 WR1_2AB
        """,
        specification(),
    )
    assert found == [
        # forename, surname, born, postcode
        [4, 2, 4, 4],  # the same throughout
        [0, 0, 3, 3],  # Jaro–Winkler of Mary and Maria is 0.848; one digit; two letters turned
        [3, 0, 1, 2],  # names exchanged; same year; same sector
        [2, 2, 2, 1],  # Jaro–Winkler of Martha and Marhta is 0.961; 4 March and 3 April
        [1, 0, 3, 3],  # initial; Smyth and Smith are 0.893; 1931 and 1913; WR1 and WR11
        [0, 0, 0, 0],
        [-1, 2, -1, -1],  # missing, or a birth date that stands for missing
    ]


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("9434765919", "943 476 5919", 2),  # the same and valid
        ("9434765919", "9434765991", 1),  # two digits turned: the check digit shows it
        ("9434765919", "943476591", 1),  # a digit lost
        ("9434765919", "4010232137", 0),  # both valid, and different
        ("9434765919", "1234567890", -1),  # an invalid number is somebody's, mistyped
        ("1234567890", "1234567890", -1),  # the same invalid number proves nothing
        ("9434765919", "-", -1),
    ],
)
def test_levels_of_nhs_numbers(left: str, right: str, level: int) -> None:
    spec = specification(
        fields=[{"name": "nhs", "kind": "nhs_number"}],
        comparisons=[{"field": "nhs", "levels": ["exact", "one_edit"]}],
        blocking=[["nhs"]],
    )
    a, b = (f"id nhs\n1 {number.replace(' ', '_')}" for number in (left, right))
    assert levels_of(a, b, spec) == [[level]]


def test_levels_of_addresses() -> None:
    spec = specification(
        fields=[{"name": "address", "kind": "address"}],
        comparisons=[
            {"field": "address", "levels": ["exact", {"test": "shared_words", "at_least": 0.75}]}
        ],
        blocking=[["address"]],
    )
    found = levels_of(
        "id address\n1 Flat_2,_14_High_St\n2 Flat_2,_14_High_St\n3 Flat_2,_14_High_St",
        "id address\n1 apt_2_14_high_street\n2 14_High_Street,_Malvern\n3 9_Low_Rd",
        spec,
    )
    assert found == [[2], [1], [0]]  # the second shares three of its four words


codes = st.text(alphabet="0129ab", min_size=1, max_size=6)


@given(codes, codes)
@settings(max_examples=400, deadline=None)
def test_one_edit_is_damerau_levenshtein_distance_one(left: str, right: str) -> None:
    found = one_edit(np.array([left], dtype=object), np.array([right], dtype=object))
    assert found[0] == (damerau_levenshtein_distance(left, right) == 1)


single = [name for name, test in TESTS.items() if test.similarity is not None]
words = st.lists(st.text(alphabet="abcdz12", min_size=1, max_size=8), min_size=1, max_size=3)


@given(words.map(" ".join), words.map(" ".join), st.sampled_from(single))
@settings(max_examples=300, deadline=None)
def test_similarity_lies_between_0_and_1_and_is_1_for_the_same(
    left: str, right: str, test: str
) -> None:
    similarity = TESTS[test].similarity
    assert similarity is not None
    one, other = np.array([left, left], dtype=object), np.array([right, left], dtype=object)
    scores = similarity(one, other)
    assert ((scores >= 0) & (scores <= 1)).all()
    if TESTS[test].graded:
        assert scores[1] == 1


people = st.fixed_dictionaries(
    {
        "forename": st.sampled_from(["Ann", "Anne", "A", "Smith", "Zoë", None]),
        "surname": st.sampled_from(["Smith", "Smyth", "Ann", "Jones", None]),
        "born": st.sampled_from(["1931-03-04", "1931-04-03", "1931-03-05", "1900-01-01", None]),
        "postcode": st.sampled_from(["WR1 2AB", "WR1 2AC", "WR11 2AB", "B1 1AA", None]),
    }
)


@given(people, people)
@settings(max_examples=100, deadline=None)
def test_levels_do_not_depend_on_which_record_stands_left(one: dict, other: dict) -> None:
    def compared(left: dict, right: dict) -> list[list[int]]:
        frames = {"a": pd.DataFrame([left | {"id": "1"}]), "b": pd.DataFrame([right | {"id": "1"}])}
        records = gather(frames, specification())
        pair = Pairs(np.array([0]), np.array([1]))
        return Comparer(records, specification()).levels(pair).tolist()

    assert compared(one, other) == compared(other, one)
