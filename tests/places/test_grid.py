"""Grid references as people write them, and degrees against Ordnance Survey's own points."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from woda_lib.places import parse_references, to_degrees, to_grid

# OSTN15_OSGM15_TestInput_ETRStoOSGB and TestOutput, from Ordnance Survey's developer pack;
# contains OS data, Crown copyright and database right 2016, under the OSI BSD licence.
POINTS = pd.read_csv(Path(__file__).with_name("os_test_points.csv"))


def test_degrees_become_metres_as_ordnance_survey_publishes():
    easting, northing = to_grid(POINTS["longitude"], POINTS["latitude"])
    off = np.hypot(easting - POINTS["easting"], northing - POINTS["northing"])
    assert len(off) == 40
    assert off.max() < 5
    near_worcester = POINTS["point"].eq("TP12").to_numpy()
    assert off[near_worcester].item() < 2


def test_metres_become_degrees_and_metres_again():
    longitude, latitude = to_degrees(POINTS["easting"], POINTS["northing"])
    easting, northing = to_grid(longitude, latitude)
    assert np.allclose(easting, POINTS["easting"], atol=0.01)
    assert np.allclose(northing, POINTS["northing"], atol=0.01)
    assert np.hypot(longitude - POINTS["longitude"], latitude - POINTS["latitude"]).max() < 1e-4


@pytest.mark.parametrize(
    ("text", "easting", "northing", "side"),
    [
        ("SO 85 55", 385_500, 255_500, 1_000),
        ("SO8512354321", 385_123.5, 254_321.5, 1),
        (" so 851  543 ", 385_150, 254_350, 100),
        ("SO", 350_000, 250_000, 100_000),
        ("SV 1 1", 15_000, 15_000, 10_000),
        ("NY 215 072", 321_550, 507_250, 100),  # Scafell Pike
        ("TQ 30 80", 530_500, 180_500, 1_000),
        ("HT 959 387", 395_950, 1_138_750, 100),
    ],
)
def test_a_reference_is_the_middle_of_its_square(text, easting, northing, side):
    found = parse_references(pd.Series([text]))
    assert found.to_numpy().tolist() == [[easting, northing, side]]


@pytest.mark.parametrize(
    "text",
    ["", "banana", "SO 123", "SO 123456789012", "NI 12 34", "ZZ 1 1", "85 55", "WR1 3NZ", None],
)
def test_what_is_no_reference_is_nowhere(text):
    assert parse_references(pd.Series([text], dtype="string")).isna().all(axis=None)
