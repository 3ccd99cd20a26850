"""The county's real areas and the Index of Multiple Deprivation, where the official files are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.absent import absent
from woda_lib.places import (
    WORCESTERSHIRE,
    PlacesError,
    boundaries,
    deprivation,
    join_by_code,
    quarantined,
    read_partner_table,
)
from woda_lib.places.agreement import share_in_own
from woda_lib.places.directory import postcodes_near

FOLDER = Path("shared", "data", "worcestershire")


@pytest.fixture(scope="module")
def folder() -> Path:
    beside = (parent / FOLDER for parent in Path(__file__).parents)
    if there := next((path for path in beside if path.is_dir()), None):
        return there
    absent("geography", "the official boundary files are not here")


def test_the_county_has_374_areas_and_18_in_the_most_deprived_tenth(folder):
    areas = boundaries("lsoa", folder=folder)
    assert len(areas) == 374
    assert quarantined(areas).empty
    assert areas.attrs["without"] == ()
    joined = deprivation(folder / "imd2025_lsoa21.csv", areas)
    assert joined.counts["number"].tolist() == [374, 0, 0]
    assert joined.areas["IMD_decile"].eq(1).sum() == 18


def test_the_county_has_112_wards_and_six_districts(folder):
    assert len(boundaries("ward", folder=folder)) == 112
    districts = boundaries("district", folder=folder)
    assert districts["name"].tolist() == list(WORCESTERSHIRE.districts.values())
    assert not districts.attrs["derived"]


def test_official_districts_agree_with_the_postcode_directory(folder):
    near = postcodes_near(WORCESTERSHIRE, 0)
    own = near.loc[near["district"].isin(list(WORCESTERSHIRE.districts))]
    assert share_in_own(boundaries("district", folder=folder), own, "district") > 0.999


def test_a_county_s_old_codes_are_found_though_the_column_does_not_say_its_year(folder):
    areas = boundaries("lsoa", folder=folder)
    table = read_partner_table(folder / "imd2025_lsoa21.csv").rename(
        columns={"lsoa21_code": "area"}
    )
    # The county's codes run on by number; one that is skipped now was an area in 2011.
    numbers = areas["code"].str[1:].astype(int)
    run = range(numbers.min(), numbers.sort_values().iloc[300])
    skipped = [f"E{n:08d}" for n in run if n not in set(numbers)]
    assert skipped
    split = table.iloc[1:]
    old = split.assign(area=[skipped[0], *split["area"].iloc[1:]])
    for covers_more in (True, False):
        with pytest.raises(PlacesError, match=f"1 of its codes .{skipped[0]}."):
            join_by_code(areas, old, code="area", covers_more=covers_more)
