"""A folder of extracts: the clock, and what would be left out without a word."""

from datetime import date
from pathlib import Path

import pytest

from woda_lib.partners import (
    CONTRACTS,
    ExtractError,
    absences,
    as_of,
    check_extracts,
    load_agreement,
    synthetic_marker,
)
from woda_lib.records import proved_once

AGREEMENTS = Path(__file__).parents[2] / "parameters" / "agreements"


@pytest.fixture
def folder(tmp_path):
    def with_files(*names):
        for name in names:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x")
        return tmp_path

    return with_files


OPT_OUT_SENDERS = CONTRACTS["opt_outs"].partners
BOTH = (
    "county_council/social_care_clients_2022-01.csv",
    "severnside_council/social_care_clients_2022-01.csv",
)


def test_the_clock_is_the_day_up_to_which_every_partner_has_delivered(folder):
    assert as_of(folder(*BOTH)) == date(2022, 1, 31)
    ahead = folder("county_council/social_care_clients_2022-02.csv")
    assert as_of(ahead) == date(2022, 1, 31)
    assert as_of(folder("severnside_council/social_care_referrals_2022-02.csv")) == date(
        2022, 2, 28
    )


def test_work_that_only_looks_sees_the_folder_as_it_was_and_the_next_as_it_is(folder):
    there = folder(*BOTH)
    with proved_once():
        assert as_of(there) == date(2022, 1, 31)
        folder(*(name.replace("-01", "-02") for name in BOTH))
        assert as_of(there) == date(2022, 1, 31)
    assert as_of(there) == date(2022, 2, 28)


def test_a_file_that_is_no_extract_does_not_move_the_clock(folder):
    assert as_of(folder(*BOTH, "county_council/notes_2031-05.csv")) == date(2022, 1, 31)


def test_an_empty_or_absent_folder_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(ExtractError, match="holds no extract"):
        as_of(tmp_path)
    with pytest.raises(ExtractError, match="woda extracts make"):
        as_of(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("county_council/social_care_clients_2022-02.CSV", "is no extract"),
        ("county_council/social_care_clients_2022-2.csv", "is no extract"),
        ("county_council/social_care_clients_0000-01.csv", "is no extract"),
        ("county_council/hospital_spells_2022-01.csv", "is no extract"),
        ("county_council/clients.xlsx", "is no extract"),
        ("county_council/social_care_clients_2022-03.csv", "2022-02.csv is missing"),
    ],
)
def test_what_a_run_would_leave_out_is_said(folder, name, says):
    (sentence,) = absences(folder(*BOTH, name), ["social_care_clients"])
    assert says in sentence


def test_hidden_files_and_the_marker_are_nobodys_business(folder):
    assert absences(folder(*BOTH, ".DS_Store", "SYNTHETIC.json"), ["social_care_clients"]) == []


def test_a_partner_that_delivered_nothing_is_said(folder):
    found = absences(folder(BOTH[0]), ["social_care_clients"])
    assert found == ["severnside_council has delivered no social_care_clients."]


def test_checking_an_empty_folder_says_what_is_missing(tmp_path):
    report = check_extracts(tmp_path)
    assert not report.usable
    assert len(report.problems) == 5  # the opt-outs of four partners, and that there is nothing
    assert "hospital_spells" in report.undelivered
    assert report.files.empty


def test_what_nobody_delivers_is_said_and_no_fault_of_the_folder(folder):
    report = check_extracts(folder(*(f"{p}/opt_outs_2022-01.csv" for p in OPT_OUT_SENDERS), *BOTH))
    assert not any("police_incidents" in problem for problem in report.problems)
    assert "police_incidents" in report.undelivered


def test_a_damaged_marker_is_refused_because_real_and_made_up_must_not_be_confused(folder):
    with pytest.raises(ExtractError, match="is damaged"):
        synthetic_marker(folder("SYNTHETIC.json"))


POLICE = "west_mercia_police"


def daily(*days, dataset="police_incidents"):
    return [f"{POLICE}/{dataset}_{day}.csv" for day in days]


class TestDailyFiles:
    def test_a_day_is_a_delivery_of_its_own(self, folder):
        assert as_of(folder(*daily("2022-01-30", "2022-01-31", "2022-02-01"))) == date(2022, 2, 1)

    @pytest.mark.parametrize("day", ["2022-02-30", "2022-13-01", "2022-02-00"])
    def test_a_day_that_is_not_in_the_calendar_is_no_extract(self, folder, day):
        (sentence,) = absences(folder(*daily("2022-02-01", day)), ["police_incidents"])
        assert "is no extract" in sentence

    def test_a_monthly_dataset_has_no_daily_files(self, folder):
        odd = "county_council/social_care_clients_2022-01-31.csv"
        (sentence,) = absences(folder(*BOTH, odd), ["social_care_clients"])
        assert sentence == (
            f"{odd} is named as the file of a day, and social_care_clients is delivered by the "
            "month, as social_care_clients_2022-01.csv."
        )
        assert as_of(folder(odd)) == date(2022, 1, 31)

    def test_months_come_before_days_and_nothing_is_missing_between(self, folder):
        there = folder(*daily("2021-12", "2022-01", "2022-02-01", "2022-02-02"))
        assert absences(there, ["police_incidents"]) == []

    @pytest.mark.parametrize(
        ("files", "missing"),
        [
            (["2022-02-01", "2022-02-03"], ["2022-02-02"]),
            (["2022-01", "2022-02-03"], ["2022-02-01", "2022-02-02"]),
            (["2021-11", "2022-01-01"], ["2021-12"]),
            (["2021-11", "2022-01-02"], ["2021-12", "2022-01-01"]),
            (["2021-11", "2022-01", "2022-02-01"], ["2021-12"]),
        ],
    )
    def test_a_missing_month_or_day_is_said(self, folder, files, missing):
        found = absences(folder(*daily(*files)), ["police_incidents"])
        assert [sentence.split(" is missing")[0] for sentence in found] == daily(*missing)

    def test_a_month_does_not_come_both_whole_and_in_days(self, folder):
        there = folder(*daily("2022-01", "2022-02", "2022-02-10", "2022-02-11"))
        (sentence,) = absences(there, ["police_incidents"])
        assert sentence.startswith(f"{POLICE}/police_incidents_2022-02.csv is the file of a whole")
        assert "begin on 2022-02-10" in sentence


class TestTheClockOfAnAgreement:
    """Once daily files have come; without any it is the oldest of the newest deliveries."""

    HOUSING = "housing_association/housing_tenancies_2022-01.csv"

    def clock(self, folder, *files):
        return load_agreement("domestic_abuse", AGREEMENTS).clock(folder(*files))

    def test_whoever_delivers_by_the_month_does_not_hold_back_the_days_of_a_month(self, folder):
        newest = daily("2022-02-27", "2022-02-28")
        assert self.clock(folder, self.HOUSING, *newest) == date(2022, 2, 28)

    def test_until_its_next_file_is_overdue(self, folder):
        newest = daily("2022-04-01", "2022-04-02")
        assert self.clock(folder, self.HOUSING, *newest) == date(2022, 3, 14)

    def test_a_day_counts_once_all_that_comes_daily_is_there(self, folder):
        people = daily("2022-02-01", dataset="police_persons")
        clock = self.clock(folder, self.HOUSING, *daily("2022-02-01", "2022-02-02"), *people)
        assert clock == date(2022, 2, 1)
        later = daily("2022-02-02", dataset="police_persons")
        assert self.clock(folder, *later) == date(2022, 2, 2)

    def test_while_police_deliver_by_the_month_everybody_counts_by_their_newest_file(self, folder):
        assert self.clock(folder, self.HOUSING, *daily("2022-02")) == date(2022, 1, 31)

    def test_nobody_is_held_back_by_partners_of_another_agreement(self, folder):
        lagging = folder("severnside_acute/hospital_spells_2021-06.csv", self.HOUSING)
        assert self.clock(folder, *daily("2022-02-01")) == date(2022, 2, 1)
        flow = load_agreement("patient_flow", AGREEMENTS)
        assert flow.clock(lagging) == date(2021, 6, 30)

    def test_where_nothing_of_the_agreement_is_there_it_is_everybodys(self, folder):
        other = "severnside_acute/hospital_spells_2021-06.csv"
        assert self.clock(folder, other) == date(2021, 6, 30)
