"""Texts that are held once however often they stand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from woda_lib.linkage.held_once import held_once, told_alike
from woda_lib.linkage.plain_forms import numbered

MANY = 2000


def _shared(number: int) -> np.ndarray:
    """Texts of which each object stands at many places."""
    objects = np.array([f"text {n}" for n in range(number)], dtype=object)
    return objects[np.random.default_rng(1).integers(0, number, MANY)]


def _apart(number: int) -> np.ndarray:
    """The same many texts, each place's an object of its own."""
    return np.array(["".join(["text ", str(n % number)]) for n in range(MANY)], dtype=object)


def test_places_of_one_number_hold_one_object():
    texts = _shared(300)
    numbers, held = held_once(texts)
    assert len(held) == len(set(map(id, texts)))  # fewer than the places are looked at
    assert all(held[number] is text for number, text in zip(numbers, texts, strict=True))


def test_where_each_place_holds_an_object_of_its_own_each_is_looked_at():
    texts = _apart(300)
    numbers, held = held_once(texts)
    assert numbers.tolist() == list(range(MANY))
    assert held is texts


def test_a_part_of_an_array_that_is_not_in_one_piece_is_read_as_any_other():
    texts = _shared(30)[::3]
    numbers, held = held_once(texts)
    assert held[numbers].tolist() == texts.tolist()
    assert len(held) <= 30


@pytest.mark.parametrize("made", [_shared, _apart])
@pytest.mark.parametrize("odd", [None, pd.NA, "torn \ud800", 7])
def test_texts_have_the_same_numbers_however_they_are_held(made, odd):
    texts = made(300)
    texts[5:9] = odd
    codes, distinct = numbered(texts)
    expected, known = pd.factorize(texts)
    assert codes.tolist() == expected.tolist()
    assert distinct.tolist() == known.tolist()


def test_nothing_is_held_in_an_empty_array():
    numbers, held = held_once(np.empty(0, dtype=object))
    assert numbers.tolist() == held.tolist() == []


@pytest.mark.parametrize("texts", [_shared(300), _apart(300), _shared(300)[:0]])
def test_texts_are_told_to_be_those_of_their_numbers_or_not(texts):
    numbers, distinct = numbered(texts)
    assert told_alike(texts, distinct, numbers)
    assert told_alike(texts[::-1], distinct, numbers[::-1])
    for place in (0, len(texts) // 2) if len(texts) else ():
        wrong = numbers.copy()
        wrong[place] = (wrong[place] + 1) % len(distinct)
        assert not told_alike(texts, distinct, wrong)
