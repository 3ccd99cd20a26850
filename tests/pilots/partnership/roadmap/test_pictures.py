"""The pictures: drawn at both widths from what the gate passed, a number in every cell."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from woda_lib.disclosure import refuse_foreign_marks
from woda_lib.figures import Picture, to_svg
from woda_lib.pilots.partnership.roadmap import Register
from woda_lib.pilots.partnership.roadmap.pictures import (
    maturity_picture,
    quality_picture,
    sharing_picture,
)
from woda_lib.pilots.partnership.roadmap.priorities import priorities
from woda_lib.pilots.partnership.roadmap.priority_picture import priority_picture
from woda_lib.pilots.partnership.roadmap.quality import DIMENSIONS


def _sharing() -> Picture:
    matrix = pd.DataFrame(
        {
            "partner": ["Police", "Police", "Water company"],
            "about": ["safety", "children", "safety"],
            "shared": [4, 1, 0],
            "level": pd.array([3, 4, None], dtype="Int64"),
            "wanted": [1, 0, 2],
        }
    )
    return sharing_picture(matrix)


def _quality() -> Picture:
    rows = [
        ("Police", name, share, grade, "Incidents")
        for name, share, grade in zip(
            DIMENSIONS,
            [0.9999, 0.5, 0.97, 1.0, 0.995, np.nan],
            ["good", "poor", "fair", "good", "good", "not known"],
            strict=True,
        )
    ]
    return quality_picture(
        pd.DataFrame(rows, columns=["partner", "dimension", "share", "grade", "dataset"])
    )


def _levels() -> Picture:
    every = [(own, measured) for own in range(1, 6) for measured in range(1, 6)]
    counted = pd.DataFrame(every, columns=["self_assessed", "measured"])
    return maturity_picture(
        counted.assign(datasets=[17 if pair == (4, 3) else 0 for pair in every])
    )


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_sharing, ["Police", "Water company", "Safety", "+2"]),
        (_quality, ["Police", "Validity", ">99.9<", ">50.0<", ">–<"]),  # 99.99 is no 100
        (_levels, ["says 4", ">17<"]),
    ],
)
def test_cells_hold_their_numbers_and_stand_where_the_gate_sees_them(make, words, narrow):
    picture = make()
    look = lambda figure: refuse_foreign_marks(figure, picture.data, name="it")  # noqa: E731
    svg = to_svg(picture, narrow=narrow, look=look)
    assert [word for word in words if word not in svg] == []


@pytest.mark.parametrize("narrow", [False, True])
def test_every_wanted_dataset_is_named_with_its_rank(register: Register, narrow: bool):
    ranked = priorities(register, high=4, low=2)
    svg = to_svg(priority_picture(ranked, high=4, low=2), narrow=narrow)
    for rank, title in zip(ranked["rank"], ranked["title"], strict=True):
        assert f"{rank} {title}" in svg
    assert "quick" in svg
