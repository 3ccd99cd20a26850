"""Values as numbers, of which it is known that none is missing or repeated."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from woda_lib.linkage.coding import categorical, of_distinct

TEXTS = ["lee", "ann", "zoë", "李"]  # in no order
CODES = np.array([3, -1, 0, 0, 2], dtype=np.int32)


@pytest.mark.parametrize("values", [TEXTS, []])
@pytest.mark.parametrize("kind", [object, "string", "string[pyarrow]"])
def test_what_is_known_to_be_distinct_stands_for_numbers_as_pandas_has_it(kind, values: list[str]):
    codes = CODES if values else np.full(3, -1)
    expected = pd.Categorical.from_codes(codes, pd.Index(values, dtype=kind))  # type: ignore[arg-type]

    found = of_distinct(codes, pd.Index(values, dtype=kind))

    pd.testing.assert_extension_array_equal(found, expected)
    names = found.categories
    assert names.get_indexer(pd.Index(["zoë", "nobody"])).tolist() == [2 if values else -1, -1]
    assert (names.is_unique, names.hasnans) == (True, False)


def test_texts_are_not_looked_through():
    class Untouched(str):
        def __hash__(self) -> int:
            raise AssertionError("hashed")

        def __eq__(self, other: object) -> bool:
            raise AssertionError("compared")

    found = categorical(np.array([1, 0]), [Untouched("lee"), Untouched("ann")])

    assert found.codes.tolist() == [1, 0]


def test_a_number_that_stands_for_nothing_is_refused():
    with pytest.raises(ValueError, match="codes need to be between"):
        of_distinct(np.array([0, 4]), pd.Index(TEXTS))
