"""Where the shades of a map begin and end, and what the legend says of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from woda_lib.places import PlacesError
from woda_lib.places.drawing import make_classes

TEN = pd.Series([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10], name="score")
MINUS = pd.Series([-1.25, 0.5, 2.04])
TWO_HEAPS = pd.Series([1.0, 2, 3, 50, 51, 52, 100])


@pytest.mark.parametrize(
    ("values", "how", "labels"),
    [
        (TEN, {"number": 5}, ("1 to 2", "3 to 4", "5 to 6", "7 to 8", "9 to 10")),
        (TWO_HEAPS, {"scheme": "natural_breaks", "number": 3}, ("1 to 3", "4 to 52", "53 to 100")),
        (TWO_HEAPS, {"scheme": "equal_interval", "number": 2}, ("1 to 50", "51 to 100")),
        (TEN, {"scheme": "given", "breaks": [1, 3, 7]}, ("1", "2 to 3", "4 to 7", "8 to 10")),
        (MINUS, {"number": 2, "decimals": 1}, ("−1.2 to 0.5", "0.6 to 2.0")),
        (pd.Series([4.0, 4, 4]), {}, ("4",)),
    ],
)  # fmt: skip
def test_a_legend_says_each_class_by_both_of_its_ends(
    values: pd.Series, how: dict[str, Any], labels: tuple[str, ...]
) -> None:
    assert make_classes(values, **how).labels() == labels


def test_every_value_as_it_is_written_lies_in_the_class_that_says_so() -> None:
    values = pd.Series(np.random.default_rng(1).gamma(2, 9, 300))
    for decimals in (0, 1):
        classes = make_classes(values, number=6, decimals=decimals)
        for value, place in zip(values.round(decimals), classes.of(values), strict=True):
            low, *high = classes.labels()[place].split(" to ")
            assert float(low) <= value <= float((high or [low])[0])


@pytest.mark.parametrize("scheme", ["quantiles", "equal_interval"])
@pytest.mark.filterwarnings("ignore:Not enough unique values")
def test_classes_end_where_those_of_mapclassify_do(scheme: Any) -> None:
    import mapclassify

    theirs = {"quantiles": mapclassify.Quantiles, "equal_interval": mapclassify.EqualInterval}
    drawn = np.random.default_rng(2)
    for _ in range(200):  # with ties, and without any
        number, most = int(drawn.integers(2, 10)), int(drawn.integers(1, 400))
        values = pd.Series(drawn.integers(0, most, drawn.integers(2, 90)) / 10)
        if values.nunique() > 1:
            ends = theirs[scheme](values.to_numpy(), k=min(number, values.nunique())).bins[:-1]
            highest = {values[values <= end].max() for end in ends} - {values.max()}
            found = make_classes(values, scheme=scheme, number=number, decimals=1)
            assert found.breaks == (*sorted(highest), values.max())


def test_quantiles_hold_as_many_each() -> None:
    assert make_classes(TEN, number=5).of(TEN).value_counts().tolist() == [2, 2, 2, 2, 2]


def test_what_is_missing_has_no_class() -> None:
    values = pd.Series([1.0, None, 3.0])
    assert make_classes(values, number=2).of(values).isna().tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("values", "how", "said"),
    [
        (TEN, {"number": 12}, "cannot be read; ask for 2 to 9"),
        (pd.Series([None, None], dtype=float), {}, "No area has a value"),
        (pd.Series([1.0, np.inf]), {}, "a rate over nobody is missing"),
        (TEN, {"scheme": "given", "breaks": [3, 1]}, "not ascending numbers"),
        (pd.Series(["farm"], name="use"), {}, "'use' holds text"),
    ],
)
def test_what_cannot_be_shaded_is_refused(
    values: pd.Series, how: dict[str, Any], said: str
) -> None:
    with pytest.raises(PlacesError, match=said):
        make_classes(values, **how)
