"""Pseudonyms: joinable under one agreement, and under no other."""

import hmac
from base64 import b32encode

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from woda_lib.partners import pseudonyms as module
from woda_lib.partners.key_store import Ring
from woda_lib.partners.keys import AgreementKey
from woda_lib.partners.pseudonyms import hashed, marks, marks_of_pseudonyms, pseudonymise

KEY, OTHER = b"k" * 32, b"o" * 32


def series(*values):
    return pd.Series(values, dtype="string")


def disguised(values, key=KEY, field="patient_id", partners="county_trust"):
    return pseudonymise(values, field=field, partners=partners, key=key)


def test_a_pseudonym_is_hmac_sha_256_of_field_partner_and_number():
    digest = hmac.new(KEY, b"patient_id\0county_trust\0P17", "sha256").digest()
    expected = b32encode(digest[:16]).decode().rstrip("=").lower()
    assert disguised(series("P17")).tolist() == [expected]
    assert len(expected) == 26


def test_one_number_has_one_pseudonym_and_a_missing_one_has_none():
    found = disguised(series("P1", None, "P2", "P1"))
    assert found[0] == found[3] != found[2]
    assert found.isna().tolist() == [False, True, False, False]
    assert found.dtype == "string"


def test_the_same_number_of_two_partners_or_of_two_kinds_has_two():
    numbers, partners = series("7", "7", None), series("one", "two", "one")
    first, second, missing = disguised(numbers, partners=partners)
    assert first != second
    assert missing is pd.NA
    assert disguised(series("7"), field="spell_id")[0] != disguised(series("7"))[0]


# A file with a nought byte in it is refused before any number is read.
NUMBERS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)


@settings(deadline=None)
@given(st.lists(NUMBERS, unique=True, max_size=30))
def test_two_agreements_outputs_cannot_be_joined_on_their_pseudonyms(numbers):
    values = series(*numbers)
    one, two = (
        pd.DataFrame({"patient": disguised(values, key=AgreementKey(ring).pseudonyms())})
        for ring in (Ring("a", {"v": b"1" * 32}), Ring("b", {"v": b"2" * 32}))
    )
    assert one.merge(two, on="patient").empty
    assert not set(one["patient"]) & set(values)
    again = AgreementKey(Ring("a", {"v": b"1" * 32})).pseudonyms()
    same = pd.DataFrame({"patient": disguised(values, key=again)})
    assert len(one.merge(same, on="patient")) == len(numbers)


def test_marks_say_the_same_of_a_number_and_of_its_pseudonym():
    numbers, partners = series("7", None, "8", "7"), series("one", "one", "two", "two")
    made = marks(numbers, field="spell_id", partners=partners, key=KEY)
    pseudonyms = disguised(numbers, field="spell_id", partners=partners)
    np.testing.assert_array_equal(made, marks_of_pseudonyms(pseudonyms))
    assert made[1] == 0
    assert len(set(made.tolist())) == 4


@pytest.mark.parametrize("values", [series(), series(None, None)])
def test_nothing_has_no_pseudonym(values):
    assert disguised(values).isna().all()
    assert disguised(values, partners=series(*["x"] * len(values))).isna().all()
    assert not marks(values, field="f", partners="", key=KEY).any()


@pytest.mark.parametrize("key", [b"short", bytes(range(64)), bytes(range(100))])
def test_many_numbers_are_hashed_as_rfc_2104_has_it(key):
    numbers = pd.Series([*(f"P{n}" for n in range(600)), None, "é", "P1"], dtype="string")
    partners = pd.Series(["one", "two", "one"] * 201, dtype="string")
    made = hashed(numbers, field="patient_id", partners=partners, key=key)
    assert made.codes[600] == -1
    for place in (0, 1, 599, 601):
        text = f"patient_id\0{partners[place]}\0{numbers[place]}"
        alone = hmac.digest(key, text.encode(), "sha256")
        assert made.digests[made.codes[place]].tobytes() == alone[:16]


def test_what_is_no_pseudonym_has_no_mark():
    made = pseudonymise(pd.Series(["1"]), field="f", partners="p", key=b"k" * 32)[0]
    texts = [made, "", made[:-1], f"{made}a", made.upper(), f"{made[:-1]}1", "é" * 26, None]
    assert (marks_of_pseudonyms(pd.Series(texts)) != 0).tolist() == [True] + [False] * 7


def test_a_pseudonym_among_what_is_no_text_has_its_mark():
    made = pseudonymise(pd.Series(["1"]), field="f", partners="p", key=b"k" * 32)[0]
    alone = marks_of_pseudonyms(pd.Series([made]))[0]
    found = marks_of_pseudonyms(pd.Series([7, made, 1.5, None, pd.NA], dtype=object))
    assert found.tolist() == [0, alone, 0, 0, 0]
    assert not marks_of_pseudonyms(pd.Series([7, 8])).any()


def test_a_pseudonym_has_one_mark_however_many_are_taken_apart_at_a_time(monkeypatch):
    whole = disguised(series(*(f"P{number}" for number in range(10)))).mask([False, True] * 5)
    at_once = marks_of_pseudonyms(whole)
    monkeypatch.setattr(module, "_AT_ONCE", 3)
    np.testing.assert_array_equal(marks_of_pseudonyms(whole), at_once)
    assert (at_once != 0).tolist() == [True, False] * 5
