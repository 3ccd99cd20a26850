"""Words have one spelling, and hashes of neighbours combine into that of both."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from woda_lib.linkage.addresses.tokens import Tokens
from woda_lib.linkage.addresses.words import CODE, NUMBER, RANGE, SLASH, UNIT, meaning, spelt


@pytest.mark.parametrize(
    ("written", "one"),
    [
        ("rd", "road"),
        ("st", "street"),  # a saint too: in names both are one word
        ("saint", "street"),
        ("007", "7"),
        ("012a", "12a"),
        ("12mill", "12 mill"),
        ("flat3", "flat 3"),
        ("12-a", "12a"),
        ("12-14", "12-14"),
        ("stratford-upon-avon", "stratford upon avon"),
    ],
)
def test_a_word_has_one_spelling(written: str, one: str) -> None:
    assert spelt(written) == one


def test_numbers_ranges_and_codes_are_told_apart() -> None:
    kinds = [meaning(token).kind for token in ("12a", "12-14", "3/12", "b7", "flat")]
    assert kinds == [NUMBER, RANGE, SLASH, CODE, UNIT]
    found = meaning("12-14b")
    assert (found.low, found.high, found.high_letter) == (12, 14, 2)


def test_texts_are_cut_whatever_their_case_marks_and_accents() -> None:
    texts = pd.Series(["St. John’s Rd.", "SAINT JOHNS ROAD", "Café Lane", None, " - "])
    tokens = Tokens.of(texts)
    assert np.diff(tokens.first).tolist() == [3, 3, 2, 0, 0]
    assert tokens.tokens[:3].tolist() == tokens.tokens[3:6].tolist()


def test_words_run_together_have_the_hash_of_words_apart() -> None:
    one, two, other = Tokens.of(pd.Series(["Mill Lands", "Millands", "Mil lLands"])).squeezed()
    assert one == other != two
