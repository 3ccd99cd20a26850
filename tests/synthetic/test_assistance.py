"""The assistance register: who is on it, what the fire service writes, and what is true."""

import numpy as np

from tests.synthetic.reading import sound

PARTNER, DATASET = "fire_service", "assistance_register"


def test_about_one_resident_in_a_hundred_is_on_it_most_of_them_old(county):
    truth = county.truth("ar_people")
    people = county.truth("people")
    residents = people["person_id"].nunique()
    assert 0.004 < len(truth) / residents < 0.02
    ages = people.drop_duplicates("person_id").set_index("person_id")["age"]
    on_it = truth["person_id"].map(ages).dropna()
    assert on_it.median() > ages.median() + 10


def test_each_entry_is_delivered_once_until_something_changes(county):
    rows = sound(county.delivered(PARTNER, DATASET), county.truth("planted_faults"))
    assert set(rows["assistance_id"]) <= set(county.truth("ar_people")["assistance_id"])
    again = rows[rows["assistance_id"].duplicated(keep="first")]
    assert 0 < len(again) < len(rows) / 3


def test_it_is_kept_as_such_lists_are(county):
    """Some have moved and nobody said so, some have died, some numbers are missing."""
    rows = sound(county.delivered(PARTNER, DATASET), county.truth("planted_faults"))
    standing = rows.drop_duplicates("assistance_id", keep="last")
    open_ = standing[standing["ended_on"].isna()]
    truth = county.truth("ar_people").set_index("assistance_id")["uprn"]
    true = open_["assistance_id"].map(truth)
    given = open_["uprn"].replace("", np.nan)
    assert 0.1 < given.isna().mean() < 0.4
    both = given.notna() & true.notna()
    assert 0.75 < (given[both] == true[both]).mean() < 0.99
    assert true.isna().any()


def test_nobody_can_be_rung(county):
    """Ofcom keeps 07700 900000 to 900999 for drama."""
    told = county.delivered(PARTNER, DATASET)["telephone"].replace("", np.nan).dropna()
    assert told.str.fullmatch(r"07700 900\d{3}").mean() > 0.98
