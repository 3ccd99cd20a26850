"""The figures of the benefits say in words what they draw, at both widths, and pass the gate."""

from __future__ import annotations

from functools import partial

import pandas as pd
import pytest

from woda_lib.disclosure.pictures import refuse_foreign_marks
from woda_lib.figures import to_svg
from woda_lib.pilots.partnership import benefits

MATRIX = pd.DataFrame(
    {
        "pilot": ["Patient flow", "Business register"],
        "Linking": ["measured", "modelled"],
        "Benefits": ["reported elsewhere", "not shown"],
    }
)
PARTNERS = pd.DataFrame(
    [
        ("Acute trust", 59_000.0, 441_000.0, 0.0, 500_000.0, 100_000.0, 900_000.0),
        ("County council", 0.0, 0.0, 65_000.0, -65_000.0, -90_000.0, -20_000.0),
    ],
    columns=["partner", "released", "avoided", "paid", "net", "low", "high"],
)
each_width = pytest.mark.parametrize("narrow", [False, True], ids=["page", "phone"])


@each_width
def test_every_cell_of_the_matrix_says_its_grade_in_words(narrow: bool) -> None:
    picture = benefits.matrix_picture(MATRIX)
    look = partial(refuse_foreign_marks, data=picture.data, name="matrix")
    drawn = to_svg(picture, narrow=narrow, look=look)
    for word in (
        "Patient flow",
        "Business register",
        "Linking",
        "measured",
        "modelled",
        "not shown",
    ):
        assert word in drawn
    assert "elsewhere" in drawn


@each_width
def test_every_bar_says_its_pounds_and_its_kind(narrow: bool) -> None:
    picture = benefits.partners_picture(PARTNERS)
    look = partial(refuse_foreign_marks, data=picture.data, name="partners")
    drawn = to_svg(picture, narrow=narrow, look=look)
    for words in (
        "£59,000 cash released",
        "£441,000 cost avoided",
        "£65,000 paid",
        "County council",
    ):
        assert words in drawn


def test_what_is_paid_is_drawn_to_the_left() -> None:
    assert benefits.partners_picture(PARTNERS).data["paid"].tolist() == [0.0, -65_000.0]
