"""Each row is placed by the most exact that holds, or put by with the reason; none is lost."""

from __future__ import annotations

import pandas as pd
import pytest

from woda_lib.places import WORCESTERSHIRE, Columns, PlacesError, locate, to_degrees
from woda_lib.places.grid import to_grid
from woda_lib.places.telling import tell_degrees, tell_metres

CATHEDRAL = (385_000, 254_500)
ALL = Columns(
    uprn="uprn",
    easting="easting",
    northing="northing",
    grid_reference="reference",
    postcode="postcode",
)
GAZETTEER = pd.DataFrame({"uprn": ["900100"], "easting": [385_100], "northing": [254_600]})


def table(*rows: dict[str, object]) -> pd.DataFrame:
    names = ["uprn", "easting", "northing", "reference", "postcode"]
    return pd.DataFrame(list(rows), columns=names).astype("string")


def here(**more: object) -> dict[str, object]:
    return {"easting": CATHEDRAL[0], "northing": CATHEDRAL[1]} | more


def test_the_most_exact_place_that_holds_is_taken():
    rows = table(
        here(uprn="0900100.0", postcode="WR1 3NZ"),
        here(uprn="7", postcode="WR1 3NZ"),
        {"uprn": "7", "reference": "SO 850 545", "postcode": "WR1 3NZ"},
        {"easting": "x", "northing": "y", "postcode": "wr13nz"},
    )
    found = locate(rows, ALL, properties=GAZETTEER)
    points = found.points
    assert points["placed_by"].tolist() == ["uprn", "coordinates", "grid reference", "postcode"]
    assert points["within"].tolist() == [1, 1, 100, 100]
    assert points.geometry.iloc[0].coords[0] == (385_100, 254_600)
    assert points.geometry.iloc[1].coords[0] == CATHEDRAL
    assert points.geometry.iloc[2].coords[0] == (385_050, 254_550)
    assert points.crs.to_epsg() == 27700
    assert found.ways["rows"].tolist() == [1, 1, 1, 1]
    assert found.quarantine.empty
    assert found.passed_over.set_index("reason")["rows"].to_dict() == {
        "the gazetteer has no such property number": 2,
        "its coordinates are no numbers": 1,
    }


REASONS = [
    ({}, "it says no place"),
    ({"postcode": "  "}, "it says no place"),
    ({"postcode": "WR99 9ZZ"}, "its postcode is not in the directory"),
    ({"postcode": "hello"}, "its postcode has not the form of one"),
    ({"postcode": "SW1A 1AA"}, "its postcode lies outside the county"),
    ({"reference": "SO 123"}, "its grid reference is none"),
    ({"reference": "SO"}, "its grid reference is too coarse"),
    ({"reference": "TQ 30 80"}, "its grid reference lies outside the county"),
    ({"easting": 530_000, "northing": 180_000}, "its coordinates lie outside the county"),
    ({"easting": 0, "northing": 0}, "its coordinates are nought"),
    ({"easting": 385_000}, "its coordinates are no numbers"),
    ({"easting": 254_500, "northing": 385_000}, "its easting and northing are swapped"),
    ({"uprn": "12"}, "the gazetteer has no such property number"),
]


def test_every_row_without_a_place_has_its_reason_and_its_columns():
    rows = table(*(row for row, _ in REASONS), *[here()] * 10)
    found = locate(rows, ALL, properties=GAZETTEER)
    assert len(found.points) == 10
    assert found.quarantine["reason"].tolist() == [reason for _, reason in REASONS]
    assert len(found.points) + len(found.quarantine) == len(rows)
    assert [*rows.columns, "reason"] == list(found.quarantine.columns)
    assert found.reasons["rows"].sum() == len(REASONS)
    assert found.reasons.iloc[0].tolist() == ["it says no place", 2]


def in_degrees(swap: bool = False) -> tuple[float, float]:
    longitude, latitude = to_degrees(pd.Series([CATHEDRAL[0]]), pd.Series([CATHEDRAL[1]]))
    pair = (float(longitude[0]), float(latitude[0]))
    return pair[::-1] if swap else pair


def web_mercator() -> tuple[float, float]:
    # By hand: x = R lon, y = R ln tan(45 deg + lat / 2), R = 6,378,137 m.
    return (-245_500.0, 6_835_000.0)


METRES = [
    (CATHEDRAL, None),
    (CATHEDRAL[::-1], "its easting and northing are swapped"),
    (in_degrees(), "its easting and northing are degrees"),
    (in_degrees(swap=True), "its easting and northing are degrees"),
    (web_mercator(), "its easting and northing are Web Mercator's"),
    ((85_000, 54_500), "its easting and northing lack the figure of the 100 km square"),
    ((530_000, 180_000), "its coordinates lie outside the county"),
    ((9e9, 9e9), "its coordinates lie outside Great Britain"),
    ((float("inf"), 1), "its coordinates lie outside Great Britain"),
]


@pytest.mark.parametrize(("pair", "reason"), METRES)
def test_metres_in_the_wrong_order_or_system_are_told_apart(pair, reason):
    told = tell_metres(pd.Series([pair[0]]), pd.Series([pair[1]]), WORCESTERSHIRE)
    assert told.fillna("fine").tolist() == [reason or "fine"]


DEGREES = [
    (in_degrees(), None),
    (in_degrees(swap=True), "its longitude and latitude are swapped"),
    (CATHEDRAL, "its longitude and latitude are metres of the National Grid"),
    ((-0.1, 51.5), "its coordinates lie outside the county"),
    ((2.35, 48.85), "its coordinates lie outside Great Britain"),
]


@pytest.mark.parametrize(("pair", "reason"), DEGREES)
def test_degrees_in_the_wrong_order_or_system_are_told_apart(pair, reason):
    told = tell_degrees(pd.Series([pair[0]]), pd.Series([pair[1]]), WORCESTERSHIRE)
    assert told.fillna("fine").tolist() == [reason or "fine"]


def test_the_web_mercator_of_these_tests_is_worcester():
    easting, northing = to_grid(*(pd.Series([each]) for each in web_mercator()), of=3857)
    assert 380_000 < easting[0] < 390_000
    assert 250_000 < northing[0] < 260_000


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        (Columns(easting="northing", northing="easting"), "swapped. Swap the two columns"),
        (Columns(longitude="easting", latitude="northing"), "Name the columns as easting"),
    ],
)
def test_a_table_of_one_mistake_is_refused_with_what_to_do(columns, told):
    with pytest.raises(PlacesError, match=told) as found:
        locate(table(*[here()] * 9, {}), columns, what="libraries.csv")
    assert str(found.value).startswith("libraries.csv: of 9 of 9 rows it looks as if")


def test_a_table_of_another_county_is_refused():
    london = {"easting": 530_000, "northing": 180_000}
    with pytest.raises(PlacesError, match="of all 3 rows the coordinates lie outside the county"):
        locate(table(*[london] * 3), ALL)


def test_a_missing_column_and_an_empty_table_are_refused():
    with pytest.raises(PlacesError, match=r"has no column post_code\. It has uprn, easting"):
        locate(table(here()), Columns(postcode="post_code"))
    with pytest.raises(PlacesError, match="holds 0 rows"):
        locate(table(), ALL)
