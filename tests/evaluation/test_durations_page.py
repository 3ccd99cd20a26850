"""The page on durations prints what its examples print."""

from __future__ import annotations

import doctest
from pathlib import Path

import pandas as pd

PAGE = Path(__file__).parents[2] / "docs" / "durations.md"


def test_every_example_of_the_page() -> None:
    with pd.option_context(
        "display.width", 200, "display.max_columns", 20, "display.max_colwidth", 80
    ):
        found = doctest.testfile(
            str(PAGE), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE
        )
    assert found.attempted > 20
    assert found.failed == 0
