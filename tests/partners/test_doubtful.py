"""Files that were cut short, and files that never came: what is said of a folder that would do."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from woda_lib.partners.doubtful import late_files, short_files
from woda_lib.partners.folder import Delivery


def monthly(partner, dataset, last):
    """The deliveries of each month from January 2024 to the `last` one."""
    return [
        Delivery(end.date(), partner, dataset, Path(partner) / f"{dataset}_{end.date():%Y-%m}.csv")
        for end in pd.date_range("2024-01-31", periods=last, freq="ME")
    ]


def of(*rows):
    return list(
        zip(monthly("worcestershire_acute", "hospital_spells", len(rows)), rows, strict=True)
    )


def test_a_file_with_far_fewer_rows_than_any_before_it_is_named_with_both_numbers():
    assert short_files(of(775, 910, 880, 820, 905, 790, 119)) == [
        "worcestershire_acute/hospital_spells_2024-07.csv holds 119 rows, and none of the six "
        "files before it fewer than 775. If it was cut short, ask the partner to send it again; if "
        "so few are right, leave it."
    ]


@pytest.mark.parametrize(
    "rows",
    [
        (775, 910, 880, 820, 905, 790, 388),  # half as many as the fewest are no reason
        (12, 14, 13, 15, 12, 13, 4),  # of a dozen, chance alone takes so many away
        (900, 900, 900, 900, 900, 119),  # half a year is not there yet
        (900, 90, 900, 900, 900, 900, 119),  # a month was as quiet before
        (50_000, 900, 880, 890, 900, 910, 905),  # the first file held the years before
    ],
)
def test_a_quiet_month_is_not_called_cut_short(rows):
    assert short_files(of(*rows)) == []


def test_a_month_that_was_quiet_in_the_last_twelve_counts_and_an_older_one_no_longer():
    quiet_before = (100, *[900] * 11, 119)
    assert short_files(of(*quiet_before)) == []
    (sentence,) = short_files(of(100, *[900] * 12, 119))
    assert "none of the twelve files before it fewer than 900" in sentence


def test_a_dataset_that_ends_before_others_of_its_partner_or_the_same_of_others_is_named():
    there = sorted(
        monthly("county_council", "social_care_referrals", 2)
        + monthly("county_council", "social_care_clients", 3)
        + monthly("severnside_acute", "hospital_spells", 2)
        + monthly("worcestershire_acute", "hospital_spells", 3)
        + monthly("refuge_service", "refuge_referrals", 1)  # alone in both: nobody is ahead of it
    )
    assert [sentence.partition(". Ask")[0] for sentence in late_files(there)] == [
        "county_council/social_care_referrals_2024-02.csv is the newest social_care_referrals of "
        "county_council, and county_council/social_care_clients_2024-03.csv is there already",
        "severnside_acute/hospital_spells_2024-02.csv is the newest hospital_spells of "
        "severnside_acute, and worcestershire_acute/hospital_spells_2024-03.csv is there already",
    ]


def test_months_are_not_behind_days_and_a_dataset_counts_by_its_newest_file():
    months = monthly("west_mercia_police", "police_contacts", 3)
    before = monthly("west_mercia_police", "police_incidents", 2)
    days = [
        Delivery(date(2024, 4, day), "west_mercia_police", "police_incidents", Path("x"), True)
        for day in (1, 2)
    ]
    assert late_files([*before, *months, *days]) == []
