"""Words that letters alone tell apart are not compared, and no others are left out."""

from __future__ import annotations

import itertools

import jellyfish
import numpy as np
import pandas as pd
import pytest

from tests.linkage.addresses.small_gazetteer import gazetteer
from woda_lib.linkage.addresses import AddressIndex
from woda_lib.linkage.addresses.covering import slips
from woda_lib.linkage.addresses.levels import LEAST, NOT_HELD, weights
from woda_lib.linkage.addresses.lines import Lines
from woda_lib.linkage.addresses.tokens import Tokens

WORDS = "maple mapel maples mple staple church chruch crutch ferry fery furry cherry".split()


def test_letters_never_count_more_slips_than_there_are() -> None:
    masks = Tokens.of(np.array(WORDS, dtype=object)).masks
    for (one, word), (other, another) in itertools.product(enumerate(WORDS), repeat=2):
        told = slips(masks[one], masks[other])
        assert told <= jellyfish.damerau_levenshtein_distance(word, another)


@pytest.mark.parametrize(
    ("one", "other", "least"),
    [("mill", "mill", 0), ("mill", "mile", 1), ("ferry", "maple", 4), ("severn", "lodge", 4)],
)
def test_letters_that_one_word_alone_has_are_counted_by_twos(
    one: str, other: str, least: int
) -> None:
    masks = Tokens.of(np.array([one, other], dtype=object)).masks
    assert slips(masks[0], masks[-1]) == least


def test_no_level_makes_up_for_another() -> None:
    # A property is given up as soon as some of its parts weigh too little.
    assert (weights() <= 0).all()
    assert LEAST < NOT_HELD


def test_lines_of_one_postcode_stand_together_and_each_row_knows_its_own() -> None:
    postcodes = ["WR8 2AE", "WR14 2AB", None, "WR8 2AE", "WR14 2AB", "WR1 1ZZ"]
    addresses = [f"{house} Mill Lane" for house in (3, 1, 2, 1, 3, 1)]
    frame = pd.DataFrame({"address": addresses, "postcode": postcodes})
    lines = Lines.of(frame, AddressIndex.of(gazetteer()))
    assert (np.diff(lines.given) >= 0).all()
    first = lines.tokens.tokens[lines.tokens.first[lines.of_row]]
    assert lines.tokens.meanings[first, 1].tolist() == [3, 1, 2, 1, 3, 1]
    letters = [bytes(lines.letters[at]).decode() for at in lines.given[lines.of_row]]
    assert letters[:2] == letters[3:5] == ["WR8 2AE", "WR142AB"]
    assert lines.given[lines.of_row[2]] == -1
