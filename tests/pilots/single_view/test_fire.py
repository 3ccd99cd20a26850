"""Homes at risk of fire, and the map of small areas."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import numpy as np
import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.disclosure import Rule, gate_table, refuse_foreign_marks
from woda_lib.figures import to_svg
from woda_lib.pilots.single_view.planning import area_map, counts, fire
from woda_lib.pilots.single_view.planning.area_map import laid_out

TODAY = date(2025, 3, 31)
VISITS = table(
    """
    visit_row_id  started_on  alarm  hazard
    v1            2019-05-01  no     hoarding
    v2            2024-02-01  yes    none
    v3            2024-02-01  yes    oxygen
    v4            2021-01-01  no     none
    v5            2024-07-01  yes    smoking
    """,
    dates=("started_on",),
)
PLACES = table(
    """
    dataset               row_id  uprn
    safe_and_well_visits  v1      1
    safe_and_well_visits  v2      1
    safe_and_well_visits  v3      1
    safe_and_well_visits  v4      2
    safe_and_well_visits  v5      -
    school_census         v5      3
    """
)
PROPERTIES = table(
    """
    uprn  kind       district   area  deprivation_quintile
    1     house      Worcester  X1    1
    2     flat       Worcester  X1    1
    3     flat       Worcester  X2    2
    4     care_home  Redditch   X3    5
    5     other      Redditch   X3    5
    """
)
MEMBERS = table(
    """
    household_id  entity_id  age_band
    A             a          75-84
    B             b          85+
    B             c          65-74
    C             d          0-4
    C             e          25-44
    D             f          85+
    """
)
HOUSEHOLDS = table(
    """
    household_id  uprn
    A             1
    B             2
    C             3
    D             4
    """
)


@pytest.fixture(scope="module")
def homes():
    visits = fire.last_visits(VISITS, PLACES, TODAY)
    return fire.properties_at_risk(
        PROPERTIES, HOUSEHOLDS, MEMBERS, visits, as_of=TODAY, visit_months=36
    ).set_index("uprn")


def test_the_last_visit_counts_with_everybody_seen_at_it():
    last = fire.last_visits(VISITS, PLACES, TODAY).set_index("uprn")
    assert last.loc["1"].tolist() == [pd.Timestamp("2024-02-01"), True, False]
    assert last.loc["2"].tolist() == [pd.Timestamp("2021-01-01"), False, True]
    assert list(last.index) == ["1", "2"]


def test_risks_of_each_home(homes):
    risks = homes[list(fire.RISKS)]
    assert risks.loc["1"].tolist() == [True, False, True, False]  # alone at 78, oxygen
    assert risks.loc["2"].tolist() == [False, False, False, True]  # two people, no alarm
    assert risks.loc["3"].tolist() == [False, True, False, False]
    assert homes["risks"].tolist() == [2, 1, 1, 0]
    assert homes["visited"].tolist() == [True, False, False, False]  # four years ago is too long


def test_a_care_home_is_nobody_alone_and_what_is_no_home_is_left_out(homes):
    assert not homes.loc["4", "alone_over_75"]
    assert "5" not in homes.index


def test_homes_by_risk(homes):
    counted = fire.by_risk(homes.reset_index()).set_index("risk")[["properties", "not_visited"]]
    assert counted.loc["Lives alone, 75 or over"].tolist() == [1, 0]
    assert counted.loc["Child under five"].tolist() == [1, 1]
    assert counted.loc["A flat with a risk"].tolist() == [2, 2]
    by_number = fire.by_number(homes.reset_index()).set_index("risks")
    assert by_number["properties"].to_dict() == {"0": 1, "1": 2, "2": 1, "3 or more": 0}


def areas(n: int) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    return pd.DataFrame(
        {
            "area": [f"X{i:03}" for i in range(n)],
            "district": np.where(np.arange(n) % 2, "Worcester", "Redditch"),
            "easting": rng.integers(380_000, 410_000, n),
            "northing": rng.integers(240_000, 280_000, n),
        }
    )


def test_no_two_areas_share_a_hexagon_and_they_keep_their_sides():
    places = laid_out(areas(60)).merge(areas(60), on=["area", "district"])
    assert not places.duplicated(["district", "across", "up"]).any()
    for _, mine in places.groupby("district"):
        assert mine[["across", "easting"]].corr(method="spearman").iloc[0, 1] > 0.9
        assert mine[["up", "northing"]].corr(method="spearman").iloc[0, 1] > 0.9


def test_the_map_draws_what_passed_the_gate():
    family = areas(12)[["area", "district"]].loc[np.repeat(np.arange(12), 100)]
    family = family.reset_index(drop=True)
    number = np.arange(len(family))
    hit = pd.Series(number % 100 < 4 + 3 * (number // 100))  # 4, 7, 10 … of a hundred
    counted = counts.by_area(family, hit, whole="families", part="with_needs")
    picture = area_map(counted, areas(12), whole="families", part="with_needs", measure="Families")
    table = gate_table(picture.data, Rule(threshold=10), name="map", counts=picture.counts)
    shown = table.frame.set_index("area")["percent"]
    assert shown[["X000", "X001"]].isna().all()
    assert shown["X011"] == pytest.approx(35, abs=3)
    look = partial(refuse_foreign_marks, data=table.frame, name="map")
    for narrow in (False, True):
        drawn = to_svg(replace(picture, data=table.frame), narrow=narrow, look=look)
        assert "withheld" in drawn
        assert drawn.count("<use") >= 12 + 10  # a ring an area, and a hexagon where one is shown
        assert "Redditch" in drawn
