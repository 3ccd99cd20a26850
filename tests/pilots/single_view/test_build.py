"""What the pieces of the build hand on to each other."""

import numpy as np
import pandas as pd

from tests.pilots.ascii_table import table
from woda_lib.linkage.whereabouts import Whereabouts
from woda_lib.partners.datasets import CONTRACTS
from woda_lib.pilots.single_view import build, of_whom
from woda_lib.pilots.single_view.details import besides, details
from woda_lib.pilots.single_view.properties import properties
from woda_lib.pilots.single_view.registers import DATASETS, NUMBERS, REGISTERS
from woda_lib.pilots.single_view.registrations import Registrations

SCHOOL = table(
    """
    partner        census_row_id unique_pupil_number forename started_on ended_on
    county_council c1            p1                  Ann      2024-09-01 2025-01-01
    county_council c2            p1                  Ann      2025-01-02 -
    """
)
PASSES = table(
    """
    partner        pass_row_id pass_number surname
    county_council c1          p1          Hill
    """
)


def test_every_dataset_of_people_is_read_under_its_own_numbers():
    assert len(DATASETS) == 11
    for each in REGISTERS:
        assert {each.row, each.number} <= set(CONTRACTS[each.dataset].columns)
        assert CONTRACTS[each.dataset].columns[NUMBERS[each.dataset]].personal


def test_rows_of_all_datasets_have_one_shape():
    rows = details({"travel_passes": PASSES, "school_census": SCHOOL})
    assert rows[["dataset", "local_id", "row_id"]].to_numpy().tolist() == [
        ["school_census", "p1", "c1"],
        ["school_census", "p1", "c2"],
        ["travel_passes", "p1", "c1"],
    ]
    assert rows["forename"].isna().tolist() == [False, False, True]
    assert rows["ended_on"].isna().tolist() == [False, True, True]
    assert rows["nhs_number"].isna().all()


def test_what_the_rows_say_of_people_is_not_held_a_second_time_beside_them():
    loaded = {"travel_passes": PASSES, "school_census": SCHOOL}
    left = besides(loaded)
    assert list(left["school_census"]) == [name for name in SCHOOL if name != "forename"]
    assert list(left["travel_passes"]) == ["partner", "pass_row_id", "pass_number"]
    assert "surname" in loaded["travel_passes"]  # what was given stays as it is


def test_a_number_is_of_one_person_in_its_own_dataset_alone():
    rows = details({"travel_passes": PASSES, "school_census": SCHOOL})
    whom = table(
        """
        dataset       local_id entity_id
        travel_passes p1       ann
        school_census p1       ben
        """
    )
    named = build.with_entities(rows, whom)
    assert named["entity_id"].tolist() == ["ben", "ben", "ann"]
    assert named["registration"].tolist() == [1, 1, 0]  # rows of one number are of one record


def test_of_whom_rows_are_may_be_found_before():
    rows = details({"travel_passes": PASSES, "school_census": SCHOOL})
    whom = table(
        """
        dataset       local_id entity_id
        travel_passes p1       cat
        school_census p9       ann
        school_census p8       cat
        """
    )
    named = build.with_entities(rows, whom, of_whom.of_whom(rows, whom))
    assert named["entity_id"].isna().tolist() == [True, True, False]
    assert named["entity_id"].cat.categories.tolist() == ["ann", "cat"]
    pd.testing.assert_frame_equal(named, build.with_entities(rows, whom))


def test_a_property_goes_by_its_approved_address_of_today():
    ways = pd.DataFrame(
        {
            "uprn": ["1", "1", "1", "2"],
            "parent_uprn": None,
            "logical_status": ["historical", "approved", "alternative", "historical"],
            "class_code": ["RD06", "RD06", "RD06", "CR08"],
            "sub_building": ["Flat 1", "Flat 3", "Top flat", None],
            "building": ["12", "12", "12", "The Mill"],
            "street": ["Old Lane", "Mill Lane", "Mill Lane", None],
            "locality": None,
            "town": "Malvern",
            "started_on": pd.Timestamp("2020-01-01"),
            **dict.fromkeys(["postcode", "district", "area", "deprivation_quintile"], "x"),
            **dict.fromkeys(["easting", "northing"], 1),
        }
    )
    found = properties(ways)
    assert found["address"].tolist() == ["Flat 3, 12 Mill Lane, Malvern", "The Mill, Malvern"]
    assert found["kind"].tolist() == ["flat", "other"]


def test_a_property_without_building_and_street_takes_no_other_address():
    ways = pd.DataFrame(
        {
            "uprn": ["1", "2", "3", "4"],
            "parent_uprn": None,
            "logical_status": "approved",
            "class_code": "RD06",
            "sub_building": ["Flat 1", "Flat 2", "Flat 3", None],
            "building": [12, None, 14, None],
            "street": ["Mill Lane", None, "", None],
            "locality": None,
            "town": ["Malvern", "Malvern", None, None],
            "started_on": pd.NaT,
            **dict.fromkeys(["postcode", "district", "area", "deprivation_quintile"], "x"),
            **dict.fromkeys(["easting", "northing"], 1),
        }
    ).astype({"building": "Int64"})
    told = properties(ways)["address"]
    assert told[:3].tolist() == ["Flat 1, 12 Mill Lane, Malvern", "Flat 2, Malvern", "Flat 3, 14"]
    assert pd.isna(told[3])


def test_numbers_that_are_known_already_tell_the_same_persons():
    rows = details({"travel_passes": PASSES, "school_census": SCHOOL})
    numbers = Registrations.of(rows)
    whom = table(
        """
        dataset       local_id entity_id
        school_census p1       ben
        travel_passes p1       ann
        """
    )
    found, known = of_whom.of_whom(rows, whom, numbers), of_whom.of_whom(rows, whom)
    assert numbers.places_in(whom, rows).tolist() == known.registrations.tolist() == [0, 0, 1]
    for name in ("codes", "registrations", "firsts"):
        assert (getattr(found, name) == getattr(known, name)).all()
    # A table in another order, or of other numbers, is looked through.
    assert numbers.places_in(whom.replace({"local_id": {"p1": "p2"}}), rows) is None
    assert numbers.places_in(whom.iloc[:1], rows) is None
    assert of_whom.of_whom(rows, whom.iloc[:1], numbers).registrations.tolist() == [0, 0, -1]


def test_records_that_linkage_has_found_are_not_looked_for():
    rows = details({"travel_passes": PASSES, "school_census": SCHOOL})
    numbers = Registrations.of(rows)
    whom = table(
        """
        dataset       local_id entity_id
        travel_passes p1       cat
        school_census p1       ben
        """
    )
    places = {"school_census": np.array([1]), "travel_passes": np.array([0])}
    linked = Whereabouts(places, np.array([5, 3]))
    found, known = of_whom.of_whom(rows, whom, numbers, linked), of_whom.of_whom(rows, whom)
    assert found.registrations.tolist() == [1, 1, 0]
    for name in ("codes", "registrations", "firsts"):
        assert getattr(found, name).tolist() == getattr(known, name).tolist()
    # What was linked were other records than those of the numbers: they are looked for.
    others = Whereabouts({"travel_passes": np.array([0])}, np.array([5, 3]))
    assert numbers.placed(others.places, whom, rows) is None
    assert numbers.placed(places, whom.replace({"local_id": {"p1": "p2"}}), rows) is None
    assert numbers.placed(places | {"school_census": np.array([-1])}, whom, rows) is None
    found = of_whom.of_whom(rows, whom, numbers, others)
    assert found.registrations.tolist() == [1, 1, 0]
