"""A folder of extracts: the clock, and what would be left out without a word."""

from datetime import date

import pytest

from woda_lib.partners import ExtractError, absences, as_of, check_extracts, synthetic_marker


@pytest.fixture
def folder(tmp_path):
    def with_files(*names):
        for name in names:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x")
        return tmp_path

    return with_files


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
    assert (
        len(report.problems) == 12
    )  # four datasets of two partners each, and the opt-outs of four
    assert report.files.empty


def test_a_damaged_marker_is_refused_because_real_and_made_up_must_not_be_confused(folder):
    with pytest.raises(ExtractError, match="is damaged"):
        synthetic_marker(folder("SYNTHETIC.json"))
