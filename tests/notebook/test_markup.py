"""How a headline number stands in a report."""

import pytest
from bs4 import BeautifulSoup

from woda_lib.notebook.markup import value_markup
from woda_lib.records import Value


def test_a_tile_is_called_by_the_label_of_its_value() -> None:
    value = Value(name="five_years", label="Companies & their five years", value=42.1, unit="%")
    assert "<dt>Companies &amp; their five years</dt>" in value_markup(value)


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
