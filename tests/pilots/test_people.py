"""Patients and clients as one linkage."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.pilots.patient_flow import (
    MissingColumnsError,
    clients,
    link_people,
    linkage_shares,
    patients,
    person_links,
    who_is_missed,
)

SPELLS = table(
    """
    partner  patient_id  admission_date  nhs_number  forename  surname  date_of_birth  sex  postcode
    trust    P1          2024-01-05      9434765919  Ann       Pike     1935-04-03     F    WR12AB
    trust    P1          2025-01-05      9434765919  Ann       Oak      1935-04-03     F    WR51XX
    other    P1          2024-06-01      -           Bob       Elm      1940-02-01     M    WR12AC
    """,
    dates=("admission_date", "date_of_birth"),
)


def test_a_patient_has_the_details_of_the_newest_stay_and_a_number_that_names_the_partner():
    found = patients(SPELLS)
    assert found[
        ["patient_id", "partner", "local_id", "surname", "postcode"]
    ].to_numpy().tolist() == [
        ["other/P1", "other", "P1", "Elm", "WR12AC"],
        ["trust/P1", "trust", "P1", "Oak", "WR51XX"],
    ]


def test_a_missing_column_is_named():
    with pytest.raises(MissingColumnsError, match="surname"):
        patients(SPELLS.drop(columns="surname"))
    with pytest.raises(MissingColumnsError, match="recorded_on"):
        clients(SPELLS.rename(columns={"patient_id": "client_id"}))


@pytest.fixture(scope="module")
def county(quick_data):
    """The people of the quick county, linked, with their truth."""
    from tests.recovery import County, linked

    made = County(quick_data / "extracts" / "quick", quick_data / "truth" / "quick")
    return linked(made, made.load("hospital_spells"))


def test_links_name_every_record_by_partner_and_number(county):
    hospital, council, linkage, _ = county
    links = person_links(linkage, hospital, council)
    assert list(links.columns) == ["partner", "local_id", "entity_id", "confidence"]
    assert len(links) == len(hospital) + len(council)
    assert not links.duplicated(["partner", "local_id"]).any()


def test_shares_have_intervals_only_where_the_truth_is_known(county):
    hospital, council, linkage, _ = county
    known = linkage_shares(linkage).set_index("measure")
    assert (known["low"] <= known["percent"]).all()
    assert known.loc["precision", "percent"] > 99
    assert known.loc["recall", "percent"] > 97
    blind = linkage_shares(link_people(hospital, council, linkage.spec)).set_index("measure")
    assert blind["low"].isna().all()
    assert (blind["percent"] - known["percent"]).abs().max() < 2


def test_who_is_missed_adds_up_within_each_characteristic(county):
    *_, linkage, truth = county
    missed = who_is_missed(linkage, truth)
    totals = missed.groupby("by")[["true_pairs", "found_pairs"]].sum()
    assert totals.nunique().tolist() == [1, 1]
    share = 100 * missed["found_pairs"] / missed["true_pairs"]
    pd.testing.assert_series_equal(missed["found_percent"], share, check_names=False)


def test_without_truth_the_records_too_poor_to_link_are_counted(county):
    *_, linkage, _ = county
    assert list(who_is_missed(linkage, None)["source"]) == ["hospital", "council"]
