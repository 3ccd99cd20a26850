"""Where somebody lived: what partners say, and what the rules make of it."""

import math
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.pilots.single_view.homes import residences as module
from woda_lib.pilots.single_view.homes.days import NEVER
from woda_lib.pilots.single_view.homes.errors import HomesError
from woda_lib.pilots.single_view.homes.open_stays import known_of
from woda_lib.pilots.single_view.homes.residences import residences
from woda_lib.pilots.single_view.homes.rules import read_residence_rules
from woda_lib.pilots.single_view.homes.words import words

AS_OF = pd.Timestamp("2025-03-31")
PARAMETERS = Path(__file__).parents[3] / "parameters" / "single_view"
RULES = read_residence_rules(PARAMETERS / "residence.yaml")
SHORT = {
    "tax": "council_tax_accounts",
    "rent": "tenancy_members",
    "hospital": "patient_registrations",
    "school": "school_census",
    "police": "police_contacts",
    "care": "care_services",
    "fire": "safe_and_well_visits",
}


def _rows(text):
    rows = table(text, dates=("started_on", "ended_on"))
    rows["dataset"] = rows["dataset"].map(SHORT)
    rows["row_id"] = [f"r{number}" for number in range(len(rows))]
    rows["local_id"] = rows["entity_id"] + "@" + rows["dataset"]
    places = rows[["dataset", "row_id", "uprn"]].assign(probability=1.0)
    return rows.drop(columns="uprn"), places


def _residences(text, rules=RULES, deaths=None):
    details, places = _rows(text)
    return residences(words(details, places, rules, deaths=deaths), rules, as_of=AS_OF)


def _history(text, **more):
    found = _residences(text, **more)
    shown = found[["uprn", "starts", "ends", "sources", "sure", "elsewhere", "home"]].astype(object)
    shown["starts"] = [str(day.date()) for day in found["starts"]]
    shown["ends"] = ["-" if pd.isna(day) else str(day.date()) for day in found["ends"]]
    return shown.to_numpy().tolist()


def test_who_is_said_to_live_at_one_place_lives_there_from_the_first_word_on():
    assert _history(
        """
        entity_id dataset  uprn started_on ended_on
        ann       tax      A    2015-06-01 -
        ann       hospital A    2012-01-01 -
        """
    ) == [["A", "2012-01-01", "-", 2, True, False, True]]


def test_a_move_is_dated_back_to_when_anybody_first_knew_of_it():
    assert _history(
        """
        entity_id dataset  uprn started_on ended_on
        ann       tax      A    2015-06-01 2023-02-28
        ann       hospital A    2016-01-01 2023-08-09
        ann       tax      B    2023-03-01 -
        ann       hospital B    2023-08-10 -
        """
    ) == [
        ["A", "2015-06-01", "2023-02-28", 2, True, False, True],
        ["B", "2023-03-01", "-", 2, True, False, True],
    ]


def test_voices_that_speak_for_a_home_weigh_the_same_in_whatever_order_they_come():
    # 0.1 + 0.2 + 0.3 is more than 0.6 by its last bit, and 0.3 + 0.2 + 0.1 is not.
    said = pd.DataFrame(
        {
            "e": 0,
            "u": [0, 0, 0, 1],
            "d": [0, 1, 2, 3],
            "starts": [100, 100, 100, 200],
            "ends": NEVER,
            "trust": [0.1, 0.2, 0.3, 0.6],
            "half": math.inf,
        }
    )
    forth = module._contested(said, RULES, until=300)
    for order in permutations(range(4)):
        pd.testing.assert_frame_equal(module._contested(said.iloc[list(order)], RULES, 300), forth)


def test_an_old_address_that_one_partner_still_holds_loses_against_a_newer_one():
    assert _history(
        """
        entity_id dataset  uprn started_on ended_on
        ann       hospital A    2012-01-01 -
        ann       tax      B    2021-03-01 -
        """
    ) == [
        ["A", "2012-01-01", "2021-02-28", 1, False, False, True],
        ["B", "2021-03-01", "-", 1, True, False, True],
    ]


def test_an_address_given_to_police_once_moves_nobody_out_of_a_taxed_home():
    found = _history(
        """
        entity_id dataset  uprn started_on ended_on
        ann       tax      A    2015-06-01 -
        ann       hospital A    2019-06-01 -
        ann       police   B    2024-01-05 -
        """
    )
    assert found == [["A", "2015-06-01", "-", 2, True, False, True]]


def test_somebody_in_two_places_is_counted_in_one_and_shown_in_both():
    assert _history(
        """
        entity_id dataset  uprn started_on ended_on
        sam       rent     A    2018-01-01 -
        sam       tax      B    2023-09-01 -
        """
    ) == [
        ["A", "2018-01-01", "2023-08-31", 1, True, False, True],
        ["A", "2023-09-01", "-", 1, False, True, False],
        ["B", "2023-09-01", "-", 1, False, True, True],
    ]


def test_the_end_of_work_says_nothing_of_the_home_but_is_not_believed_for_ever():
    assert _history(
        """
        entity_id dataset uprn started_on ended_on
        kim       care    A    2016-01-01 2016-12-31
        """
    ) == [["A", "2016-01-01", "2019-12-30", 1, False, False, True]]  # 1,095 days later


def test_the_end_of_an_account_is_a_departure():
    assert _history(
        """
        entity_id dataset uprn started_on ended_on
        kim       tax     A    2016-01-01 2022-12-31
        """
    ) == [["A", "2016-01-01", "2022-12-31", 1, True, False, True]]


def test_a_gap_of_some_months_between_two_homes_is_closed():
    assert [
        row[:3]
        for row in _history(
            """
        entity_id dataset uprn started_on ended_on
        kim       tax     A    2016-01-01 2022-12-31
        kim       tax     B    2023-03-01 -
        """
        )
    ] == [["A", "2016-01-01", "2022-12-31"], ["B", "2023-01-01", "-"]]


def test_who_comes_back_has_two_stays_at_the_old_home():
    assert [
        row[:3]
        for row in _history(
            """
        entity_id dataset uprn started_on ended_on
        kim       tax     A    2016-01-01 2018-12-31
        kim       tax     B    2019-01-01 2021-12-31
        kim       tax     A    2022-01-01 -
        """
        )
    ] == [
        ["A", "2016-01-01", "2018-12-31"],
        ["B", "2019-01-01", "2021-12-31"],
        ["A", "2022-01-01", "-"],
    ]


def test_death_ends_residence_whatever_partners_still_hold():
    deaths = table("entity_id died_on\njo 2024-02-10", dates=("died_on",))
    assert _history(
        """
        entity_id dataset  uprn started_on ended_on
        jo        tax      A    2010-01-01 -
        jo        hospital A    2024-03-01 -
        """,
        deaths=deaths,
    ) == [["A", "2010-01-01", "2024-02-10", 1, True, False, True]]


def test_a_poor_match_of_an_address_is_no_word_about_a_home():
    details, places = _rows(
        """
        entity_id dataset uprn started_on ended_on
        jo        tax     A    2010-01-01 -
        jo        school  B    2024-01-01 -
        """
    )
    places.loc[1, "probability"] = 0.3
    said = words(details, places.iloc[::-1], RULES)
    assert said["uprn"].astype(str).tolist() == ["A"]


def test_homes_of_one_person_never_overlap():
    found = _residences(
        """
        entity_id dataset  uprn started_on ended_on
        a         tax      A    2015-01-01 2022-05-01
        a         hospital B    2021-01-01 -
        a         care     C    2021-06-01 2022-06-01
        a         police   D    2022-02-01 2022-02-01
        a         school   A    2016-09-01 -
        a         rent     C    2023-01-01 -
        """
    )
    homes = found[found["home"]].sort_values("starts")
    assert (homes["starts"].iloc[1:].to_numpy() > homes["ends"].iloc[:-1].to_numpy()).all()


def test_a_row_twice_among_the_places_is_refused():
    details, places = _rows("entity_id dataset uprn started_on ended_on\njo tax A 2010-01-01 -")
    with pytest.raises(HomesError, match="twice"):
        words(details, pd.concat([places, places]), RULES)


def test_a_mistake_in_the_rules_is_named(tmp_path):
    text = (PARAMETERS / "residence.yaml").read_text(encoding="utf-8")
    wrong = tmp_path / "residence.yaml"
    wrong.write_text(text.replace("trust: 0.4", "trust: 4"), encoding="utf-8")
    with pytest.raises(HomesError, match=r"residence\.yaml: datasets\.police_contacts\.trust"):
        read_residence_rules(wrong)


def test_a_word_of_nobody_who_is_asked_of_counts_for_nothing():
    told = pd.DataFrame(
        {
            "e": np.array([0, -1, 1, 1], dtype=np.int32),
            "u": np.array([4, 4, -1, 2], dtype=np.int32),
            "starts": np.array([10, 20, 30, 40], dtype=np.int32),
            "ends": np.array([99, 99, 99, 99], dtype=np.int32),
            "trust": [0.9, 0.9, 0.9, 0.9],
        }
    )
    found, expected = (known_of(words, trusted=0.5) for words in (told, told.iloc[[0, 3]]))
    for one, other in zip(vars(found).values(), vars(expected).values(), strict=True):
        assert one.tolist() == other.tolist()
    assert len(found.at) == 2
