"""Who went along, whose home has passed to others, which flat it was: rows in, homes out."""

from pathlib import Path

import pandas as pd

from tests.pilots.ascii_table import table
from woda_lib.pilots.single_view.homes.histories import empty_homes, histories
from woda_lib.pilots.single_view.homes.rules import read_residence_rules

AS_OF = pd.Timestamp("2025-03-31")
RULES = read_residence_rules(
    Path(__file__).parents[3] / "parameters" / "single_view" / "residence.yaml"
)
SHORT = {
    "tax": "council_tax_accounts",
    "hospital": "patient_registrations",
    "school": "school_census",
    "police": "police_contacts",
}
STREET = table(
    """
    uprn   parent_uprn kind
    oak1   -           house
    oak2   -           house
    oak3   -           house
    block  -           flat
    flat1  block       flat
    flat2  block       flat
    grange -           care_home
    """
)
PEOPLE = table(
    """
    entity_id surname date_of_birth died_on
    ann       Shaw    1985-05-05    -
    bob       Reid    1983-01-01    -
    cat       Reid    2014-06-01    -
    guy       Shaw    2000-01-01    -
    ivy       Nowak   1999-01-01    -
    eve       Shaw    1938-02-02    -
    """,
    dates=("date_of_birth", "died_on"),
).assign(sex="F")
NO_TIES = pd.DataFrame(columns=["entity_id", "dataset", "group", "kinship", "starts", "ends"])


def _now(text, tied=NO_TIES, empty=None):
    """Each person's home on the last day, and how many datasets name it."""
    rows = table(text, dates=("started_on", "ended_on"))
    rows["dataset"] = rows["dataset"].map(SHORT)
    rows["row_id"] = [f"r{number}" for number in range(len(rows))]
    rows["local_id"] = rows["entity_id"] + "@" + rows["dataset"]
    rows["entity_id"] = rows["entity_id"].astype("category")  # in order, as the build hands them on
    places = rows[["dataset", "row_id", "uprn"]].assign(probability=1.0)
    found = histories(
        rows.drop(columns="uprn"), places, PEOPLE, STREET, tied, RULES, as_of=AS_OF, empty=empty
    )
    homes = found[found["home"] & found["ends"].isna()]
    return {row.entity_id: (row.uprn, row.sources) for row in homes.itertuples()}


FAMILY = """
    entity_id dataset  uprn started_on ended_on
    ann       tax      oak1 2015-01-01 2024-06-30
    bob       tax      oak1 2015-01-01 2024-06-30
    ann       tax      oak2 2024-07-01 -
    bob       tax      oak2 2024-07-01 -
    cat       hospital oak1 2014-06-01 -
"""


def test_a_child_goes_where_the_grown_ups_went_whom_it_lived_with():
    assert _now(FAMILY)["cat"] == ("oak2", 0)


def test_a_child_of_whom_something_was_said_since_stays():
    assert _now(FAMILY + "cat school oak1 2024-09-01 -")["cat"] == ("oak1", 2)


def test_a_child_stays_with_the_parent_whom_the_council_still_knows_there():
    stays = FAMILY.replace("bob       tax      oak1 2015-01-01 2024-06-30", "")
    stays = stays.replace("bob       tax      oak2 2024-07-01 -", "bob tax oak1 2015-01-01 -")
    assert _now(stays)["cat"] == ("oak1", 1)


def test_a_grown_up_goes_along_only_with_those_of_one_name_or_one_claim():
    both = FAMILY + "guy hospital oak1 2016-01-01 -\n    ivy hospital oak1 2016-01-01 -"
    found = _now(both)
    assert found["guy"] == ("oak2", 0)
    assert found["ivy"] == ("oak1", 1)
    claim = pd.DataFrame(
        {"entity_id": ["ann", "ivy"], "group": "benefit_claims:C1", "kinship": None}
    ).assign(starts=pd.Timestamp("2020-01-01"), ends=pd.NaT)
    assert _now(both, tied=claim)["ivy"] == ("oak2", 0)


PARTING = """
    entity_id dataset  uprn started_on ended_on
    ann       tax      oak1 2015-01-01 2024-06-30
    ann       tax      oak2 2024-07-01 -
    bob       tax      oak1 2015-01-01 2024-06-30
    bob       tax      oak3 2024-07-01 -
    cat       hospital oak1 2014-06-01 -
"""


def test_of_parents_who_part_on_one_day_the_first_by_identifier_is_followed():
    head, *rows = PARTING.strip().splitlines()
    for order in (rows, rows[::-1], rows[2:] + rows[:2]):
        assert _now("\n".join([head, *order]))["cat"] == ("oak2", 0)


def test_nobody_follows_into_a_care_home():
    found = _now(
        """
        entity_id dataset  uprn   started_on ended_on
        eve       tax      oak1   2000-01-01 2024-01-31
        eve       hospital grange 2024-02-01 -
        guy       hospital oak1   2000-01-01 -
        """
    )
    assert found == {"eve": ("grange", 1), "guy": ("oak1", 1)}


def test_who_follows_a_family_twice_is_where_it_is_now():
    found = _now(
        """
        entity_id dataset  uprn started_on ended_on
        ann       tax      oak1 2015-01-01 2021-06-30
        ann       tax      oak2 2021-07-01 2023-06-30
        ann       tax      oak3 2023-07-01 -
        cat       hospital oak1 2014-06-01 -
        """
    )
    assert found["cat"] == ("oak3", 0)


def test_a_home_whose_account_has_passed_to_strangers_is_no_longer_that_of_who_was_there():
    text = """
        entity_id dataset  uprn started_on ended_on
        eve       hospital oak1 2010-01-01 -
        ivy       tax      oak1 2023-01-01 -
        """
    assert _now(text) == {"ivy": ("oak1", 1)}
    # A relative who takes the account over drives nobody out.
    assert set(_now(text.replace("ivy", "guy"))) == {"eve", "guy"}
    # Nor does a stranger when somebody has been seen there since.
    assert set(_now(text + "eve police oak1 2024-01-01 2024-01-01")) == {"eve", "ivy"}


def test_a_building_is_the_flat_that_another_row_of_the_person_names():
    found = _now(
        """
        entity_id dataset  uprn  started_on ended_on
        ivy       tax      flat2 2023-01-01 -
        ivy       hospital block 2023-03-01 -
        guy       hospital block 2023-03-01 -
        """
    )
    assert found == {"ivy": ("flat2", 2), "guy": ("block", 1)}


def test_the_owner_of_an_empty_home_does_not_live_there():
    accounts = table(
        """
        account_row_id discount
        r0             none
        r1             empty
        """
    )
    text = """
        entity_id dataset uprn started_on ended_on
        ann       tax     oak1 2015-01-01 -
        ann       tax     oak2 2023-01-01 -
        """
    empty = empty_homes({"council_tax_accounts": accounts})
    assert _now(text, empty=empty) == {"ann": ("oak1", 1)}
    assert empty_homes({}).empty
