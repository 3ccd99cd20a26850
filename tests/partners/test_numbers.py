"""Rows that say the same have one number, and no others."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from woda_lib.partners import numbers
from woda_lib.partners.numbers import numbers_of

TEXTS = ["a", "b", "ab", "", None, "torn \ud800", "Ünde", "a"]


@pytest.mark.parametrize("most", [1 << 62, 20])
@pytest.mark.parametrize("texts", [TEXTS, [text for text in TEXTS if text != "torn \ud800"]])
def test_two_rows_have_one_number_where_all_columns_say_the_same(monkeypatch, texts, most):
    monkeypatch.setattr(numbers, "_MOST", most)  # numbers are counted anew before they overflow
    told = [*itertools.product(texts, repeat=2)]
    rows = pd.DataFrame(told, columns=["one", "other"], dtype=object)
    found = numbers_of(rows, ["one", "other", "one"])
    one = pd.factorize(pd.Series(told))[0]
    assert found.dtype == np.int64
    assert len(np.unique(found)) == len(set(told)) == len(set(zip(found, one, strict=True)))


def test_no_rows_have_no_numbers():
    assert len(numbers_of(pd.DataFrame({"one": []}), ["one"])) == 0
