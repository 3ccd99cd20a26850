"""Lines of the same words are one; a digest that two share by chance does not make them so."""

from __future__ import annotations

import numpy as np
import pytest

from woda_lib.linkage.addresses import tokens
from woda_lib.linkage.addresses.tokens import Tokens

TEXTS = ["1 Mill Ln, Malvern", "12 Mill Ln", "1 MILL LN MALVERN", "1 mill ln", "", "1 Mill Rd"]
BESIDES = np.array([3, -1, 3, -1, -1, -1], dtype=np.int32)


def spelt(found: Tokens) -> list[list[int]]:
    return [found.tokens[a:b].tolist() for a, b in zip(found.first, found.first[1:], strict=False)]


@pytest.mark.parametrize("by_chance", [False, True])
def test_texts_of_the_same_tokens_and_the_same_beside_them_are_one(monkeypatch, by_chance):
    if by_chance:
        monkeypatch.setattr(tokens, "_digests", lambda *given: np.zeros(len(given[2]), np.uint64))
    whole = Tokens.of(np.array(TEXTS, dtype=object))
    numbers, first = whole.distinct(BESIDES)
    assert numbers[0] == numbers[2]
    assert len({*numbers.tolist()}) == len(first) == len(TEXTS) - 1
    assert [spelt(whole)[place] for place in first[numbers]] == spelt(whole)
    assert spelt(whole.take(first)) == [spelt(whole)[place] for place in first]


def test_what_is_beside_a_text_tells_it_apart():
    whole = Tokens.of(np.array(["1 Mill Ln"] * 3, dtype=object))
    numbers, first = whole.distinct(np.array([0, -1, 0], dtype=np.int32))
    assert numbers.tolist() == [0, 1, 0]
    assert first.tolist() == [0, 1]


def test_of_no_texts_there_are_none():
    numbers, first = Tokens.of(np.empty(0, dtype=object)).distinct(np.empty(0, dtype=np.int32))
    assert len(numbers) == len(first) == 0
