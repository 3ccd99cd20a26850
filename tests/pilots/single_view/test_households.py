"""Who lives together: small streets, and the households that they hold."""

import pandas as pd

from tests.pilots.ascii_table import table
from woda_lib.pilots.single_view.homes import households as over_time
from woda_lib.pilots.single_view.homes.households import household_as_of, households
from woda_lib.pilots.single_view.homes.ties import ties

AS_OF = pd.Timestamp("2025-03-31")
NO_TIES = pd.DataFrame(columns=["entity_id", "dataset", "group", "kinship", "starts", "ends"])
STREET = table(
    """
    uprn   parent_uprn kind
    oak1   -           house
    oak2   -           house
    block  -           flat
    flat1  block       flat
    grange -           care_home
    """
)
PEOPLE = table(
    """
    entity_id surname     date_of_birth sex
    ann       Shaw        1985-05-05    F
    bob       Shaw        1983-01-01    M
    cat       Shaw        2014-06-01    F
    dan       Shaw        2023-11-20    M
    eve       Shaw        1950-02-02    F
    fay       Nowak       1940-03-03    F
    gus       Nowak       1938-04-04    M
    hal       Patel       1999-01-01    M
    ida       Quinn       2000-01-01    F
    jim       Reid        1998-01-01    M
    """,
    dates=("date_of_birth",),
)


def _residences(text):
    rows = table(text, dates=("starts", "ends"))
    for name in ("entity_id", "uprn"):
        rows[name] = rows[name].astype("category")
    return rows.assign(home=True, sure=True, elsewhere=False, sources=2)


def _made(text, tied=NO_TIES):
    return households(_residences(text), PEOPLE, STREET, tied, as_of=AS_OF)


def _on(made, day):
    """Each household of a day as property, kind and members."""
    then = household_as_of(made, pd.Timestamp(day), PEOPLE, STREET)
    who = then.members.groupby("household_id")["entity_id"].agg(lambda ids: " ".join(sorted(ids)))
    rows = then.households.assign(who=then.households["household_id"].map(who))
    return sorted(rows[["uprn", "kind", "who"]].astype(str).to_numpy().tolist())


def test_who_is_at_one_house_at_one_time_is_one_household():
    made = _made(
        """
        entity_id uprn starts     ends
        ann       oak1 2012-01-01 -
        bob       oak1 2012-01-01 -
        cat       oak1 2014-06-01 -
        fay       oak2 1990-01-01 -
        """
    )
    assert _on(made, AS_OF) == [
        ["oak1", "couple_with_children", "ann bob cat"],
        ["oak2", "older_one_person", "fay"],
    ]
    assert _on(made, "2013-01-01") == [
        ["oak1", "couple", "ann bob"],
        ["oak2", "older_one_person", "fay"],
    ]


def test_kinds_are_told_by_another_thread_as_they_are_here(monkeypatch):
    text = """
        entity_id uprn   starts     ends
        ann       oak1   2012-01-01 -
        cat       oak1   2014-06-01 -
        fay       grange 2020-01-01 -
        gus       grange 2021-01-01 2022-12-31
        """
    here = _made(text)
    monkeypatch.setattr(over_time, "MANY_ROWS", 0)
    beside = _made(text)
    pd.testing.assert_frame_equal(beside.households, here.households)
    pd.testing.assert_frame_equal(beside.members, here.members)
    assert sorted(set(beside.households["kind"])) == ["care_home", "lone_parent", "one_person"]


def test_a_birth_and_a_departure_change_a_household_and_not_its_name():
    made = _made(
        """
        entity_id uprn starts     ends
        ann       oak1 2012-01-01 -
        bob       oak1 2012-01-01 2024-05-31
        cat       oak1 2014-06-01 -
        dan       oak1 2023-11-20 -
        bob       oak2 2024-06-01 -
        """
    )
    spans = made.households.query("uprn == 'oak1'")
    assert spans["household_id"].nunique() == 1
    assert spans["people"].tolist() == [2, 3, 4, 3]
    assert spans["kind"].astype(str).tolist() == [
        "couple", "couple_with_children", "couple_with_children", "lone_parent",
    ]  # fmt: skip
    assert [str(day.date()) for day in spans["starts"]] == [
        "2012-01-01", "2014-06-01", "2023-11-20", "2024-06-01",
    ]  # fmt: skip
    # Who leaves founds another.
    assert set(made.households.query("uprn == 'oak2'")["household_id"]).isdisjoint(
        spans["household_id"]
    )


def test_a_family_that_moves_stays_one_household_and_moves_on_one_day():
    made = _made(
        """
        entity_id uprn starts     ends
        ann       oak1 2012-01-01 2023-03-01
        bob       oak1 2012-01-01 2023-05-01
        cat       oak1 2014-06-01 2023-04-01
        ann       oak2 2023-03-02 -
        bob       oak2 2023-05-02 -
        cat       oak2 2023-04-02 -
        """
    )
    assert made.households["household_id"].nunique() == 1
    assert made.households["uprn"].astype(str).tolist() == ["oak1", "oak1", "oak2"]
    assert str(made.households["starts"].iloc[-1].date()) == "2023-03-02"
    members = made.members.set_index("entity_id")
    assert len(members) == 3
    assert members["ends"].isna().all()
    assert _on(made, "2023-04-01") == [["oak2", "couple_with_children", "ann bob cat"]]


def test_a_household_has_its_name_from_its_founder_and_keeps_it_when_built_again():
    text = """
        entity_id uprn starts     ends
        ann       oak1 2012-01-01 -
        bob       oak1 2013-01-01 -
        """
    later = text + "        cat       oak1 2014-06-01 -\n"
    first, second = _made(text), _made(later)
    assert first.households["household_id"].unique() == second.households["household_id"].unique()
    assert "ann" not in first.households["household_id"].iloc[0]


def test_those_who_come_next_are_another_household():
    made = _made(
        """
        entity_id uprn starts     ends
        fay       oak1 1990-01-01 2020-06-10
        gus       oak1 1990-01-01 2020-06-10
        ann       oak1 2020-06-01 -
        bob       oak1 2020-06-01 -
        """
    )
    assert made.households["household_id"].nunique() == 2
    assert _on(made, "2021-01-01") == [["oak1", "couple", "ann bob"]]


def test_a_building_of_flats_holds_as_many_households_as_its_people_have_ties():
    text = """
        entity_id uprn  starts     ends
        ann       block 2012-01-01 -
        cat       block 2014-06-01 -
        hal       block 2019-01-01 -
        ida       block 2019-01-01 -
        jim       block 2019-01-01 -
        """
    assert _on(_made(text), AS_OF) == [
        ["block", "lone_parent", "ann cat"],
        ["block", "one_person", "hal"],
        ["block", "one_person", "ida"],
        ["block", "one_person", "jim"],
    ]
    rent = table(
        """
        member_row_id member_number letting_id kinship started_on ended_on
        r1            n1            L7         self    2019-01-01 -
        r2            n2            L7         partner 2019-01-01 -
        """,
        dates=("started_on", "ended_on"),
    )
    records = table(
        """
        dataset         local_id entity_id
        tenancy_members n1       hal
        tenancy_members n2       ida
        """
    )
    tied = ties({"tenancy_members": rent}, records)
    assert _on(_made(text, tied), AS_OF) == [
        ["block", "couple", "hal ida"],
        ["block", "lone_parent", "ann cat"],
        ["block", "one_person", "jim"],
    ]


def test_a_care_home_is_one_whoever_lives_there():
    made = _made(
        """
        entity_id uprn   starts     ends
        fay       grange 2022-01-01 -
        gus       grange 2020-01-01 2021-01-01
        eve       grange 2023-01-01 -
        """
    )
    assert _on(made, AS_OF) == [["grange", "care_home", "eve fay"]]


def test_three_generations_and_a_house_share():
    made = _made(
        """
        entity_id uprn starts     ends
        eve       oak1 1995-01-01 -
        ann       oak1 2012-01-01 -
        cat       oak1 2014-06-01 -
        hal       oak2 2021-09-01 -
        ida       oak2 2021-09-01 -
        jim       oak2 2022-09-01 -
        """
    )
    assert _on(made, AS_OF) == [
        ["oak1", "three_generations", "ann cat eve"],
        ["oak2", "house_share", "hal ida jim"],
    ]


def test_on_any_day_everybody_is_in_one_household_and_a_household_has_one_row():
    made = _made(
        """
        entity_id uprn starts     ends
        ann       oak1 2012-01-01 2023-03-01
        bob       oak1 2012-01-01 2023-09-30
        cat       oak1 2014-06-01 2023-04-01
        hal       oak2 2023-02-01 -
        ann       oak2 2023-03-02 -
        cat       oak2 2023-04-02 -
        bob       oak2 2023-10-01 -
        """
    )
    for day in pd.date_range("2023-01-01", "2023-12-31", freq="7D"):
        then = household_as_of(made, day, PEOPLE, STREET)
        assert then.households["household_id"].is_unique
        assert then.members["entity_id"].is_unique
        assert then.households["people"].sum() == len(then.members)
