"""How a headline number stands in a report."""

import pytest
from bs4 import BeautifulSoup

from woda_lib.notebook.markup import value_markup
from woda_lib.records import Value


@pytest.mark.parametrize(
    ("number", "unit", "decimals", "said"),
    [
        (0.73, "pounds a pound", 2, "£0.73 a pound"),
        (-480_000, "pounds", 0, "−£480,000"),
        (61.96, "%", 1, "62.0%"),
        (2.7, "days", 1, "2.7 days"),
    ],
)
def test_a_tile_says_a_value_as_the_text_does(
    number: float, unit: str, decimals: int, said: str
) -> None:
    value = Value(name="ratio", value=number, unit=unit, decimals=decimals)
    tile = BeautifulSoup(value_markup(value), "html.parser").select_one(".v")
    assert tile is not None
    assert tile.get_text() == said
