"""What is asked of words is what is asked of the texts that they stand in."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from woda_lib.linkage.fast.encode import Dictionary
from woda_lib.linkage.fast.words import Words
from woda_lib.linkage.keys import FUNCTIONS, parts

PLAIN = [f"{first} {last}" for first in ("ann", "b2", "lee") for last in ("lee", "li", "van dyk")]


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
@pytest.mark.parametrize("odd", [[], ["zoë lee"], ["torn \ud800"]])
def test_parts_of_some_values_are_numbered_as_they_come(function: str, odd: list[str]) -> None:
    dictionary = Dictionary("name", np.array(sorted([*PLAIN, "lee", *odd]), dtype=object))
    places = np.array([7, 2, 3, len(dictionary.values) - 1])
    expected = pd.factorize(parts(dictionary.values[places], function))[0]
    assert dictionary.part(function, places).tolist() == expected.tolist()


@pytest.mark.parametrize("odd", [[], ["é"]])
def test_words_of_each_text_stand_in_order_and_once(odd: list[str]) -> None:
    words = Words.of(np.array(["b a b", "c", "a b", *odd], dtype=object))
    spans, numbers = words.within()
    assert spans.tolist() == [0, 2, 3, 5, *(6 for _ in odd)]
    first, _, third, *_ = (numbers[low:high].tolist() for low, high in pairwise(spans))
    assert first == sorted(set(first)) == third
