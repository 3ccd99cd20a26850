"""Texts hash to what pandas hashes them to: names of entities were given by it, and must stay."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from woda_lib.linkage.fast.siphash import hashes_of

TEXTS = [
    *("x" * length for length in range(20)),  # none, some and all letters of a word of eight bytes
    "county\x1f4711",
    "Zoë Ó Briain",
    "王小明",
    "long " * 100,
]


@pytest.mark.parametrize("first", [0, 3])
def test_texts_hash_as_in_pandas(first: int) -> None:
    expected = pd.util.hash_array(np.array(TEXTS[first:], dtype=object), categorize=False)
    assert hashes_of(pa.array(TEXTS, type=pa.large_string())[first:]).tolist() == expected.tolist()


@pytest.mark.parametrize("head", ["", "x\x1f", "seven\x1f\x1f", "of eight", "Zoë's register\x1f"])
def test_texts_behind_a_head_hash_as_both_written_together(head: str) -> None:
    together = np.array([f"other{text}" for text in TEXTS] + [head + text for text in TEXTS])
    expected = pd.util.hash_array(together.astype(object), categorize=False)
    texts = pa.array(TEXTS * 2, type=pa.large_string())
    which = np.repeat([1, 0], len(TEXTS))
    assert hashes_of(texts, [head, "other"], which).tolist() == expected.tolist()


def test_no_texts_have_no_hashes() -> None:
    assert len(hashes_of(pa.array([], type=pa.large_string()))) == 0
