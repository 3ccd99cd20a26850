"""Buildings are placed by coordinates, by postcode where those cannot be, or are left out."""

from __future__ import annotations

import pandas as pd
import pytest

from woda_lib.pilots.asset_map.placing import FAR, UNKNOWN, faults_table, place_buildings

GUILDHALL = (384_980, 254_660)  # near WR1 2EY


def listed(**columns: list[object]) -> pd.DataFrame:
    """Buildings of the fire service: all right, but for what is given."""
    n = len(next(iter(columns.values())))
    table = pd.DataFrame(
        {
            "partner": "fire_service",
            "building_id": [f"F{i}" for i in range(n)],
            "postcode": "WR1 2EY",
            "easting": GUILDHALL[0],
            "northing": GUILDHALL[1],
        }
    ).assign(**columns)
    return table.astype({"easting": "Int64", "northing": "Int64", "postcode": "string"})


def faults(table: pd.DataFrame) -> dict[str, str]:
    found = place_buildings(table).faults
    assert found["partner"].eq("fire_service").all()
    return dict(found[["reason", "outcome"]].to_numpy())


def test_coordinates_that_can_be_are_taken() -> None:
    placed = place_buildings(listed(easting=[384_000, 385_000]))
    assert placed.buildings.geometry.x.tolist() == [384_000, 385_000]
    assert placed.buildings["placed_by"].tolist() == ["coordinates"] * 2
    assert placed.faults.empty


def test_northings_for_eastings_are_told_and_the_postcode_is_taken() -> None:
    table = listed(
        easting=[GUILDHALL[1], *[GUILDHALL[0]] * 4], northing=[GUILDHALL[0], *[GUILDHALL[1]] * 4]
    )
    placed = place_buildings(table)
    turned = placed.buildings.set_index("building_id").loc["F0"]
    assert turned["placed_by"] == "postcode"
    assert turned.geometry.x == pytest.approx(GUILDHALL[0], abs=1_000)
    assert faults(table) == {"its easting and northing are swapped": "placed by its postcode"}


def test_what_neither_places_is_left_out_and_counted() -> None:
    table = listed(
        easting=[None, 384_980], northing=[None, 254_660], postcode=["WR1 9ZZ", "WR1 2EY"]
    )
    placed = place_buildings(table)
    assert placed.left_out["building_id"].tolist() == ["F0"]
    assert set(placed.faults["outcome"]) == {"left out"}


def test_a_postcode_that_speaks_against_the_coordinates_is_said() -> None:
    assert faults(listed(postcode=["DY10 2YZ", "WR1 2EY"])) == {FAR: "kept, to be checked"}
    assert faults(listed(postcode=["WR1 9ZZ", "WR1 2EY"])) == {UNKNOWN: "kept, to be checked"}


def test_a_report_names_the_partner_as_people_do() -> None:
    shown = faults_table(place_buildings(listed(postcode=["WR1 9ZZ", "WR1 2EY"])))
    assert shown["Partner"].tolist() == ["Fire service"]
