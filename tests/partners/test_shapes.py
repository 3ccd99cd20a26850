"""Shapes as well-known text: what is read, and what is refused with a reason of its own."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import shapely

from woda_lib.partners import CONTRACTS
from woda_lib.partners.folder import Delivery, deliveries
from woda_lib.partners.holding import Loaded, hold
from woda_lib.partners.reading import read_file

LAND = CONTRACTS["land_use"]
SOUND = "POLYGON ((0 0, 10 0, 10 10, 0 0))"
HEADING = "osid,versiondate,description,oslandusetiera,oslandusetierb,geometry"


def held(folder: Path, *shapes: str) -> Loaded:
    """What is kept and refused of a file with these shapes."""
    path = folder / "ordnance_survey" / "land_use_2024-03.csv"
    path.parent.mkdir(exist_ok=True)
    rows = [f'{n},2024-01-31,School,Education,School,"{text}"' for n, text in enumerate(shapes)]
    path.write_text("\n".join([HEADING, *rows]) + "\n", encoding="utf-8")
    (item,) = deliveries(folder)
    assert isinstance(item, Delivery)
    return hold([(item, read_file(item.path, LAND))], LAND).loaded()


@pytest.mark.parametrize(
    "text",
    [
        SOUND,
        "MULTIPOLYGON (((0 0, 10 0, 10 10, 0 0)), ((20 20, 30 20, 30 30, 20 20)))",
        "POLYGON ((0 0, 10 0, 10 10, 0 10, 0 0), (2 2, 4 2, 4 4, 2 4, 2 2))",
        "polygon((0 0,10 0,10 10,0 0))",
    ],
)
def test_sound_text_is_kept_as_it_is(tmp_path: Path, text: str) -> None:
    loaded = held(tmp_path, text)
    assert loaded.frame["geometry"].tolist() == [text]
    assert loaded.quarantine.empty


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("a field behind the school", "not_a_shape"),
        ("POLYGON ((0 0, 10 0, 10 1", "not_a_shape"),
        ("POLYGON ((0 0, 10 0, 10 10))", "not_a_shape"),
        ("POLYGON ((0 0, 10 nan, 10 10, 0 0))", "not_a_shape"),
        ("POLYGON EMPTY", "not_a_shape"),
        ("POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))", "shape_crosses_itself"),
        ("POLYGON ((0 0, 9 0, 9 9, 0 0), (20 20, 21 20, 21 21, 20 20))", "shape_crosses_itself"),
        ("", "missing_value"),
    ],
)
def test_what_is_no_sound_shape_is_refused_for_its_own_reason(
    tmp_path: Path, text: str, rule: str
) -> None:
    loaded = held(tmp_path, SOUND, text)
    assert loaded.frame["osid"].tolist() == ["0"]
    assert loaded.quarantine[["rule", "column", "outcome"]].to_numpy().tolist() == [
        [rule, "geometry", "row refused"]
    ]


def test_both_reasons_stand_side_by_side_in_one_file(tmp_path: Path) -> None:
    loaded = held(tmp_path, "POINT", SOUND, "POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))")
    assert dict(loaded.quarantine[["line", "rule"]].to_numpy()) == {
        2: "not_a_shape",
        4: "shape_crosses_itself",
    }


@pytest.mark.parametrize("rows", [1, 250], ids=["row by row", "at once"])
def test_a_shape_longer_than_pythons_own_limit_is_read(tmp_path: Path, rows: int) -> None:
    coast = shapely.Point(380_000, 250_000).buffer(500, quad_segs=30_000)
    text = shapely.to_wkt(coast, rounding_precision=2)
    assert len(text) > 1_000_000
    loaded = held(tmp_path, *[SOUND] * rows, text)
    assert len(loaded.frame) == rows + 1
    kept = pd.Series(loaded.frame["geometry"]).str.len().max()
    assert kept == len(text)
