"""Counting off those at an address: who is left is one person, unless something says not."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib import beside
from woda_lib.pilots.single_view.at_home import counted_off, counting, meeting, said_of

TAX = "council_tax_accounts"
HILLS = """
    who    dataset                forename  surname  date_of_birth  sex  started_on  ended_on
    mary   council_tax_accounts   Mary      Hill     -              -    2010-05-01  -
    mary_h patient_registrations  Mary      Hill     1971-03-02     F    2010-09-01  -
    keith  council_tax_accounts   Keith     Hill     -              -    2010-05-01  -
    roger  patient_registrations  Roger     Hill     1969-08-09     M    2010-07-01  -
    ann    school_census          Ann       Hill     2012-01-30     F    2016-09-01  -
"""


def rows(text: str) -> pd.DataFrame:
    dates = ("date_of_birth", "started_on", "ended_on")
    told = table(text, dates=dates)
    told["forename"] = told["forename"].str.replace("_", " ")
    return told.assign(
        local_id=told["who"], nhs_number=None, delivered_on=pd.Timestamp(2025, 3, 31)
    )


def counted(text: str) -> dict[str, str | None]:
    """The word of each, all of one home."""
    told = rows(text)
    home = pd.Series("100", index=told.index, dtype="string")
    words = counted_off(told, home, liable=[TAX]).words
    return dict(zip(told["who"], words.astype(object).where(words.notna(), None), strict=True))


@pytest.fixture(autouse=True)
def held_at_any_age(monkeypatch):
    """In so small a place too few of an age are counted off by name to tell who holds homes."""
    monkeypatch.setattr(counting, "MOSTLY", 0.0)


def test_who_is_left_when_all_others_are_counted_off_is_one_person():
    word = counted(HILLS)
    assert word["mary"] == word["mary_h"] is not None
    assert word["keith"] == word["roger"] is not None
    assert word["keith"] != word["mary"]
    assert word["ann"] is None  # a child is liable for nothing


@pytest.mark.parametrize(
    ("instead", "why"),
    [
        ("keith council_tax_accounts Kate Hill - F 2010-05-01 -", "a woman is no man"),
        ("keith council_tax_accounts Keith Hall-Smith - - 2010-05-01 -", "no name is shared"),
        ("keith council_tax_accounts Keith Hill - - 1995-05-01 2005-04-30", "had moved out before"),
        ("keith council_tax_accounts Keith_John Hill - - 2010-05-01 -", "both forenames are told"),
    ],
)
def test_who_is_left_is_told_apart_where_sex_name_or_dates_speak_against_it(instead, why):
    lines = [line for line in HILLS.splitlines() if line.split()[:1] != ["keith"]]
    word = counted("\n".join([*lines, instead]))
    assert word["keith"] is None, why
    assert word["mary"] == word["mary_h"] is not None


def test_of_two_who_are_left_none_is_chosen():
    brother = "\njohn patient_registrations John Hill 1973-11-11 M 2010-07-01 -"
    word = counted(HILLS.rstrip() + brother)
    assert word["keith"] is None
    assert word["roger"] is None
    assert word["john"] is None


def test_a_father_and_son_of_one_name_are_not_counted_off():
    word = counted(
        """
        who    dataset                forename  surname  date_of_birth  sex  started_on  ended_on
        holder council_tax_accounts   John      Hill     -              -    2015-05-01  -
        father patient_registrations  John      Hill     1960-08-09     M    2015-07-01  -
        son    patient_registrations  John      Hill     1990-01-30     M    2015-09-01  -
        """
    )
    assert set(word.values()) == {None}


def test_whoever_is_far_in_age_from_the_other_holder_of_the_day_is_taken_for_a_parent():
    older = HILLS.replace("1969-08-09", "1940-08-09")
    word = counted(older)
    assert word["keith"] is None
    assert word["roger"] is None


def test_no_forename_and_a_surname_from_before_a_marriage_are_met_by_who_is_left():
    bare = counted(HILLS.replace("Keith     Hill ", "-         Hill "))
    assert bare["keith"] == bare["roger"] is not None
    before = counted(HILLS.replace("Keith     Hill ", "Roger     Dale "))
    assert before["keith"] == before["roger"] is not None


def test_an_age_of_which_few_hold_homes_is_not_left_over(monkeypatch):
    monkeypatch.setattr(counting, "MOSTLY", 0.8)
    # Nobody of Roger's age is counted off by name, so that nothing says such people hold homes.
    assert counted(HILLS)["keith"] is None


TWINS = """
    who    dataset                forename  surname  date_of_birth  sex  started_on  ended_on
    mia    patient_registrations  Mia       Hill     2011-03-12     F    2015-01-01  -
    emily  patient_registrations  Emily     Hill     2011-03-12     F    2015-01-01  -
    mia_s  school_census          Mia       Hill     2011-03-12     F    2016-09-01  -
    em_s   school_census          Emily     Hill     2011-03-12     F    2016-09-01  -
    e_s    travel_passes          E         Hill     2011-03-12     F    2018-09-01  -
"""


def test_twins_whom_two_registers_hold_apart_are_two_people():
    word = counted(TWINS)
    assert word["mia"] == word["mia_s"] is not None
    assert word["emily"] == word["em_s"] is not None
    assert word["mia"] != word["emily"]
    assert word["e_s"] is None  # an initial may be either's, or is not told


def test_one_register_alone_may_have_registered_somebody_twice():
    alone = [line for line in TWINS.splitlines() if "school_census" not in line]
    assert set(counted("\n".join(alone)).values()) == {None}


def test_a_word_is_the_same_whatever_the_order_of_the_rows():
    told = rows(HILLS)
    home = pd.Series("100", index=told.index, dtype="string")
    forth = counted_off(told, home, liable=[TAX]).words
    back = counted_off(told[::-1], home[::-1], liable=[TAX]).words
    pd.testing.assert_series_equal(back.sort_index(), forth)


def test_what_rows_say_hangs_on_no_property():
    told = pd.concat([rows(TWINS), rows(HILLS)], ignore_index=True)
    home = pd.Series("100", index=told.index, dtype="string").mask(told.index < len(rows(TWINS)))
    words = counted_off(told, home, liable=[TAX], said=said_of(told)).words.dropna()
    alone = told.loc[home.notna()]
    assert len(words)
    pd.testing.assert_series_equal(
        words, counted_off(alone, home.dropna(), liable=[TAX]).words.dropna()
    )


def test_rows_without_a_property_and_tables_without_rows_are_told_nothing():
    told = rows(HILLS)
    nowhere = pd.Series(pd.NA, index=told.index, dtype="string")
    assert counted_off(told, nowhere, liable=[TAX]).words.isna().all()
    assert counted_off(told.iloc[:0], nowhere.iloc[:0], liable=[TAX]).words.empty


def test_homes_do_not_share_words():
    told = pd.concat([rows(HILLS), rows(HILLS)], ignore_index=True)
    home = pd.Series(["100"] * 5 + ["200"] * 5, dtype="string")
    words = counted_off(told, home, liable=[TAX]).words.dropna()
    by_home = [set(words[words.index < 5]), set(words[words.index >= 5])]
    assert all(not one & other for one, other in pairwise(by_home))


def test_homes_of_which_another_process_counts_half_are_counted_as_ever(monkeypatch):
    told = pd.concat([rows(HILLS)] * 4, ignore_index=True)
    home = pd.Series([f"{100 + place // 5}" for place in range(len(told))], dtype="string")
    children = told["who"].eq("ann") & home.isin(["101", "103"])
    told = told[~children].reset_index(drop=True)
    home = home[~children].reset_index(drop=True)
    monkeypatch.setattr(counting, "MOSTLY", 0.4)  # of some ages more are counted off by name
    whole = counted_off(told, home, liable=[TAX])
    forks = []
    monkeypatch.setattr(meeting, "MANY_AT_HOME", 0)
    monkeypatch.setattr(
        meeting, "Beside", lambda call, **_: forks.append(call) or beside.Beside(call)
    )
    parted = counted_off(told, home, liable=[TAX])
    assert len(forks) == 1
    pd.testing.assert_series_equal(parted.words, whole.words)
    assert parted.learned == whole.learned
    assert whole.learned.ages
    assert whole.words.notna().any()
