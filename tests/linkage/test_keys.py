"""Parts of many texts are what each text's own part is."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from woda_lib.linkage.fast.letters import mark_letters
from woda_lib.linkage.keys import FUNCTIONS, parts, parts_of

PLAIN = [f"{first} {last}" for first in ("ann", "b2") for last in ("lee", "o", "van dyk")] * 200
PLAIN += ["ann", "lee"]


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
@pytest.mark.parametrize("odd", [[], ["zoë lee", "two  spaces", "", "李"], ["torn \ud800"]])
def test_parts_of_many_texts(function: str, odd: list[str]) -> None:
    texts = PLAIN + odd
    part = FUNCTIONS[function]
    assert parts(texts, function).tolist() == [part(text) or None for text in texts]


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
@pytest.mark.parametrize("odd", [[], ["zoë lee", "two  spaces", "", "李"]])
def test_parts_of_texts_of_arrow_of_which_some_are_missing(function: str, odd: list[str]) -> None:
    texts = [*PLAIN, None, *odd, "smith jones", "smith", None]
    part = FUNCTIONS[function]
    found = parts_of(pa.array(texts, type=pa.string()), function)
    assert found.to_pylist() == [(text and (part(text) or None)) or None for text in texts]
    nothing = parts_of(pa.array([None], type=pa.string()), function)
    assert nothing.to_pylist() == [None]


def test_letters_that_a_text_holds_once_and_twice() -> None:
    letters = np.frombuffer(b"annlee", dtype=np.uint8)
    marks = np.zeros(3, dtype=np.uint64)
    mark_letters(letters, np.array([3, 0, 3]), marks)
    a, n, e, last = (1 << ord(letter) % 32 for letter in "anel")
    assert marks.tolist() == [a | n | n << 32, 0, last | e | e << 32]
