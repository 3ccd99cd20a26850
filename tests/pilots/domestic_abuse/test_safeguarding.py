"""Missing episodes: whose they are, who went again, what was recorded before, and what followed."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.evaluation import Interval
from woda_lib.pilots.domestic_abuse import records, safeguarding
from woda_lib.pilots.domestic_abuse.errors import DomesticAbuseError
from woda_lib.pilots.domestic_abuse.safeguarding import history, interviews, loading, responses

AS_OF = date(2025, 3, 31)
MOMENTS = ("reported_at", "found_at")
PEOPLE = table(
    """
    dataset         local_id  entity_id
    police_persons  n1        Kay
    police_persons  n2        Kay
    police_persons  n3        Lou
    """
).assign(confidence=0.95)


def moments(text: str, *columns: str) -> pd.DataFrame:
    """Read a table in which moments are written 2025-01-31T14:00."""
    frame = table(text)
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in columns})


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


class TestEpisodes:
    MISSING = moments(
        """
        missing_id  record_status  nominal_id  reported_at       found_at
        m1          current        n1          2024-05-01T20:00  2024-05-02T02:30
        m2          withdrawn      n1          2024-06-01T20:00  2024-06-01T21:00
        m3          current        n2          2024-07-01T20:00  2024-07-01T21:00
        m4          current        n3          2025-03-31T23:00  2025-04-01T09:00
        m5          current        n9          2025-01-01T20:00  2025-01-01T22:00
        """,
        *MOMENTS,
    )
    BORN = pd.Series({"Kay": day("2008-05-02"), "Lou": day("1990-01-01")})

    def found(self) -> pd.DataFrame:
        rows = safeguarding.episodes(self.MISSING, PEOPLE, self.BORN, as_of=AS_OF)
        return rows.set_index("missing_id")

    def test_an_episode_that_police_withdrew_is_none(self) -> None:
        assert list(self.found().index) == ["m1", "m3", "m5", "m4"]

    def test_two_numbers_of_one_person_are_one_person(self) -> None:
        assert self.found().loc[["m1", "m3"], "person"].tolist() == ["Kay", "Kay"]

    def test_a_number_that_linkage_does_not_know_stands_for_itself(self) -> None:
        assert self.found().loc["m5", "person"] == "n9"

    def test_hours_run_from_report_to_being_found(self) -> None:
        assert self.found().loc["m1", "hours"] == 6.5

    def test_who_is_found_after_the_last_day_is_missing_still(self) -> None:
        late = self.found().loc["m4"]
        assert late["still_missing"]
        assert pd.isna(late["hours"])

    def test_the_age_is_that_of_the_day_of_the_report(self) -> None:
        ages = self.found()["age_group"]
        assert ages["m1"] == "12 to 15"  # sixteen on the next day
        assert ages["m3"] == "16 and 17"
        assert ages["m4"] == "18 and over"

    def test_without_a_birth_date_nobody_is_taken_for_a_child(self) -> None:
        assert self.found().loc["m5", "age_group"] == "not known"
        assert self.found()["child"].to_dict() == {
            "m1": True, "m3": True, "m5": False, "m4": False,
        }  # fmt: skip

    def test_birth_dates_are_not_kept(self) -> None:
        assert set(self.found().select_dtypes("datetime")) == set(MOMENTS)

    def test_a_missing_column_is_named(self) -> None:
        with pytest.raises(DomesticAbuseError, match="found_at"):
            safeguarding.episodes(
                self.MISSING.drop(columns="found_at"), PEOPLE, self.BORN, as_of=AS_OF
            )

    def test_the_first_dataset_with_a_birth_date_is_believed(self) -> None:
        police = table("entity_id date_of_birth\nKay 2008-05-02\nLou -", dates=("date_of_birth",))
        care = police.assign(date_of_birth=[day("2007-01-01"), day("1990-01-01")])
        born = safeguarding.born_on({"police": police, "care": care})
        assert born.to_dict() == {"Kay": day("2008-05-02"), "Lou": day("1990-01-01")}


class TestWentAgain:
    EPISODES = moments(
        """
        person  reported_at
        Kay     2024-01-01T12:00
        Lou     2024-01-05T12:00
        Kay     2024-02-01T12:00
        Kay     2024-03-31T12:00
        Kay     2024-06-29T13:00
        """,
        "reported_at",
    )

    def test_the_episodes_of_the_last_days_are_counted_with_this_one(self) -> None:
        found = safeguarding.went_again(self.EPISODES, times=3, days=90)
        # 31 March is the 90th day after 1 January; 29 June at 13:00 is past the 90th of 31 March.
        assert found["lately"].tolist() == [1, 1, 2, 3, 1]
        assert found["repeatedly"].tolist() == [False, False, False, True, False]
        assert found["before"].tolist() == [0, 0, 1, 2, 3]

    def test_the_threshold_is_the_countys(self) -> None:
        assert safeguarding.went_again(self.EPISODES, times=2, days=31)["repeatedly"].sum() == 1


class TestDomesticAbuse:
    EPISODES = moments(
        """
        missing_id  entity_id  reported_at
        m1          Kay        2024-06-15T20:00
        m2          Lou        2024-06-15T20:00
        m3          Max        2024-06-15T20:00
        m4          -          2024-06-15T20:00
        """,
        "reported_at",
    )
    CASES = moments(
        """
        incident_id  occurred_at       address_id
        i1           2024-01-01T20:00  mill_lane
        i2           2023-06-14T20:00  -
        i3           2024-06-16T20:00  -
        """,
        "occurred_at",
    )
    THERE = table(
        """
        incident_id  entity_id  role
        i1           Kay        child
        i1           Max        witness
        i2           Lou        victim
        i3           Lou        perpetrator
        """
    )
    HOMES = table("entity_id address_id\nMax mill_lane\nLou elsewhere")

    def found(self, months: int = 12) -> pd.DataFrame:
        rows = safeguarding.domestic_abuse(
            self.EPISODES, self.THERE, self.CASES, self.HOMES, months=months
        )
        return rows.set_index("missing_id")

    def test_a_child_of_an_incident_is_linked(self) -> None:
        assert self.found().loc["m1", "as_child"]

    def test_an_incident_before_the_months_or_after_the_report_is_no_link(self) -> None:
        assert not self.found().loc["m2", "abuse_household"]

    def test_a_longer_look_back_finds_the_older_one(self) -> None:
        longer = self.found(months=13).loc["m2"]
        assert longer["as_victim"]
        assert not longer["as_perpetrator"]

    def test_an_incident_at_home_is_a_link_and_being_a_witness_is_none(self) -> None:
        witness = self.found().loc["m3"]
        assert witness["at_home"]
        assert not witness[["as_child", "as_victim", "as_perpetrator"]].any()

    def test_whom_linkage_does_not_know_has_no_link(self) -> None:
        assert not self.found().loc["m4", "abuse_household"]


class TestKnownBefore:
    EPISODES = moments(
        """
        missing_id  entity_id  reported_at       before
        m1          Kay        2024-06-15T20:00  0
        m2          Lou        2024-06-15T20:00  0
        m3          Max        2024-06-15T20:00  0
        m4          Max        2024-08-15T20:00  1
        """,
        "reported_at",
    ).astype({"before": int})
    CARE = table(
        """
        entity_id  started_on  ended_on
        Kay        2019-01-01  -
        Lou        2021-01-01  2023-06-14
        """,
        dates=("started_on", "ended_on"),
    )
    DOOR = table(
        """
        entity_id  received_on
        Kay        2024-01-10
        Kay        2024-03-10
        Lou        2024-06-15
        """,
        dates=("received_on",),
    )
    ROLL = table("entity_id joined_on left_on\nLou 2020-09-01 -", dates=("joined_on", "left_on"))

    def known(self) -> pd.DataFrame:
        rows = {
            "social_care_involvements": self.CARE,
            "front_door_contacts": self.DOOR,
            "school_roll": self.ROLL,
        }
        return safeguarding.known_before(self.EPISODES, rows, months=12)

    def test_it_says_who_knew_since_when_and_whether_the_work_went_on(self) -> None:
        kay = self.known().query("missing_id == 'm1'").set_index("agency")
        assert kay.loc["Social care", "since"] == day("2019-01-01")
        assert kay.loc["Social care", "goes_on"]
        assert kay.loc["Family Front Door", "since"] == day("2024-01-10")
        assert kay.loc["Family Front Door", "last"] == day("2024-03-10")
        assert not kay.loc["Family Front Door", "goes_on"]

    def test_work_that_was_over_and_a_contact_of_the_same_day_are_no_knowing(self) -> None:
        assert self.known().query("missing_id == 'm2'")["agency"].tolist() == ["School"]

    def test_a_school_alone_is_not_counted_as_known(self) -> None:
        found = safeguarding.who_knew(self.EPISODES, self.known()).set_index("missing_id")
        assert found["knew"].to_dict() == {"m1": 2, "m2": 0, "m3": 0, "m4": 0}
        assert found["known_before"].tolist() == [True, False, False, False]

    def test_nobody_knew_whom_no_agency_knew_and_who_was_never_missing_before(self) -> None:
        found = safeguarding.who_knew(self.EPISODES, self.known()).set_index("missing_id")
        assert found["nobody_knew"].tolist() == [False, False, True, False]

    def test_each_dataset_of_an_agency_is_known(self) -> None:
        assert set(history.KNOWERS) >= {"police_involvements", "marac_cases", "probation_orders"}


class TestInterviews:
    EPISODES = moments(
        """
        missing_id  person  found_at          child
        m1          a       2024-06-01T12:00  yes
        m2          b       2024-06-01T12:00  yes
        m3          c       2024-06-01T12:00  yes
        m4          d       2024-06-01T12:00  yes
        m5          e       2024-06-01T12:00  yes
        m6          f       2024-06-01T12:00  no
        m7          g       -                 yes
        m8          h       2024-06-28T12:00  yes
        """,
        "found_at",
    ).assign(child=lambda each: each["child"].eq("yes"))
    INTERVIEWS = moments(
        """
        missing_id  offered_at        held_at           accepted
        m1          2024-06-02T12:00  2024-06-04T12:00  yes
        m2          2024-06-02T12:00  2024-06-04T12:01  yes
        m3          2024-06-02T12:00  -                 no
        m4          2024-06-02T12:00  -                 yes
        m6          2024-06-02T12:00  2024-06-03T12:00  yes
        m8          2024-06-30T12:00  -                 yes
        """,
        "offered_at",
        "held_at",
    )

    def found(self) -> pd.DataFrame:
        return safeguarding.interviews_after(self.EPISODES, self.INTERVIEWS, hours=72)

    def test_each_return_has_one_state(self) -> None:
        assert self.found().set_index("missing_id")["interview"].to_dict() == {
            "m1": interviews.IN_TIME,  # after 72 hours to the minute
            "m2": interviews.LATE,
            "m3": interviews.DECLINED,
            "m4": interviews.WAITING,
            "m5": interviews.NOT_OFFERED,
            "m6": interviews.GROWN_UP,
            "m7": interviews.STILL_MISSING,
            "m8": interviews.NOT_DUE,  # found less than 72 hours before the newest delivery
        }

    def test_only_childrens_returns_whose_hours_are_over_are_due(self) -> None:
        assert self.found()["due"].tolist() == [True] * 5 + [False] * 3

    def test_the_share_is_of_what_is_counted(self) -> None:
        ways = {way: each.estimate for way, each in self.ways().items()}
        assert ways == pytest.approx(
            {
                "of all returns": 20.0,
                "of all returns, those of one child kept together": 20.0,
                "of each child’s first return": 20.0,
                "of interviews that were offered": 25.0,
                "of interviews that were held": 50.0,
            }
        )

    def ways(self) -> dict[str, Interval]:
        return safeguarding.interview_checks(self.found())

    def test_the_interval_is_wilsons(self) -> None:
        # Newcombe 1998, Statistics in Medicine 17: 857, table I: 81 of 263 gives 0.2553 to 0.3662.
        found = safeguarding.share(pd.Series([True] * 81 + [False] * 182))
        assert (round(found.low, 2), round(found.high, 2)) == (25.53, 36.62)

    def test_a_month_with_a_handful_makes_no_point(self) -> None:
        found = pd.Series([day("2024-01-05"), day("2024-02-05"), day("2024-03-05")])
        quarter = pd.DataFrame({"found_at": found.repeat(8)}).assign(
            due=True, interview=[interviews.IN_TIME, interviews.LATE] * 12
        )
        few = quarter.head(4).assign(found_at=day("2024-04-05"))
        counted = safeguarding.in_time_over_time(pd.concat([quarter, few]))
        assert counted.to_dict("records") == [{"time": day("2024-01-01"), "due": 24, "in_time": 12}]

    def test_a_month_with_enough_is_a_point(self) -> None:
        months = pd.Series([day("2024-01-05"), day("2024-02-05")])
        rows = pd.DataFrame({"found_at": months.repeat(20)}).assign(
            due=True, interview=[interviews.IN_TIME, interviews.LATE] * 20
        )
        assert safeguarding.in_time_over_time(rows)["due"].tolist() == [20, 20]


class TestResponses:
    EPISODES = moments(
        """
        missing_id  person  entity_id  reported_at       child  repeatedly
        m1          Kay     Kay        2024-06-01T20:00  yes    no
        m2          Kay     Kay        2024-06-20T20:00  yes    yes
        m3          Lou     Lou        2024-06-01T20:00  yes    no
        m4          Max     Max        2024-06-01T20:00  yes    no
        m5          Ned     Ned        2024-06-01T20:00  no     no
        m6          Ola     Ola        2024-06-01T20:00  yes    no
        """,
        "reported_at",
    ).assign(
        child=lambda each: each["child"].eq("yes"),
        repeatedly=lambda each: each["repeatedly"].eq("yes"),
    )

    def test_the_first_referral_stands_against_the_first_episode(self) -> None:
        referrals = table(
            """
            entity_id  referred_on
            Kay        2024-05-31
            Kay        2024-06-05
            Lou        2024-06-01
            Max        2024-06-30
            Ned        2024-06-02
            """,
            dates=("referred_on",),
        )
        found = safeguarding.exploitation(self.EPISODES, referrals, days=28).set_index("person")
        assert found["referral"].to_dict() == {
            "Kay": responses.BEFORE,
            "Lou": responses.SOON,
            "Max": responses.LATER,
            "Ola": responses.NEVER,
        }
        assert found.loc["Kay", "repeatedly"]

    def test_a_contact_belongs_to_the_last_episode_before_it(self) -> None:
        contacts = table(
            """
            front_door_contact_id  entity_id  received_on  reason   decision
            c1                     Kay        2024-05-31   missing  advice
            c2                     Kay        2024-06-21   missing  strategy_discussion
            c3                     Lou        2024-06-01   neglect  -
            c4                     Lou        2024-06-30   missing  advice
            c5                     Ned        2024-06-02   missing  advice
            """,
            dates=("received_on",),
        )
        found = safeguarding.contacts_after(self.EPISODES, contacts, days=28)
        found = found.set_index("front_door_contact_id")
        assert found["missing_id"].to_dict() == {"c2": "m2", "c3": "m3"}
        assert found["about_missing"].to_dict() == {"c2": True, "c3": False}
        assert found.loc["c3", "decision"] == responses.UNDECIDED


def test_police_know_whoever_an_incident_was_about() -> None:
    there = table("incident_id entity_id role\ni1 Kay child\ni1 Lou witness\ni1 Max victim")
    cases = table("incident_id occurred_at\ni1 2024-01-01", dates=("occurred_at",))
    assert loading.met_by_police(there, cases)["entity_id"].tolist() == ["Kay", "Max"]


def test_the_conference_knows_both_of_whom_it_spoke() -> None:
    spoken = table(
        "heard_on victim perpetrator\n2024-01-01 Kay Lou\n2024-02-01 Max -", dates=("heard_on",)
    )
    assert set(records.heard(spoken)["entity_id"]) == {"Kay", "Lou", "Max"}


class TestTables:
    EPISODES = table(
        """
        missing_id  person  age_group  child  missing_from  repeatedly  known_before
        m1          Kay     12_to_15   yes    foster_care   no          yes
        m2          Kay     12_to_15   yes    foster_care   yes         yes
        m3          Kay     12_to_15   yes    school        no          yes
        m4          Lou     under_12   yes    -             no          no
        """
    )

    def episodes(self) -> pd.DataFrame:
        flags = ["child", "repeatedly", "known_before"]
        held = {name: self.EPISODES[name].eq("yes").astype(bool) for name in flags}
        links = dict.fromkeys(
            ("as_child", "as_victim", "as_perpetrator", "at_home", "abuse_household"), False
        )
        return self.EPISODES.assign(
            **held,
            **links,
            age_group=self.EPISODES["age_group"].str.replace("_", " "),
            nobody_knew=~held["known_before"],
            knew=1,
            district="Malvern",
            deprivation_quintile=1,
            reported_at=pd.date_range("2024-01-01", periods=4),
        )

    def test_groups_count_people_and_not_episodes(self) -> None:
        found = safeguarding.by_group(self.episodes(), "missing_from").set_index("missing_from")
        assert found["people"].to_dict() == {"foster care": 1, "school": 1, "not recorded": 1}
        assert found.loc["foster care", "repeatedly"] == 1
        assert found.loc["not recorded", "nobody_knew"] == 1

    def test_fifths_of_deprivation_are_labels_and_no_counts(self) -> None:
        found = safeguarding.by_group(self.episodes(), "deprivation_quintile")
        assert found["deprivation_quintile"].tolist() == ["1, most deprived"]

    def test_ages_stand_in_their_order(self) -> None:
        found = safeguarding.by_group(self.episodes(), "age_group")
        assert found["age_group"].tolist() == ["under 12", "12 to 15"]

    def test_a_person_counts_once_with_what_holds_of_any_episode(self) -> None:
        people = safeguarding.people_of(self.episodes()).set_index("person")
        assert people["episodes"].to_dict() == {"Kay": 3, "Lou": 1}
        assert people["repeatedly"].to_dict() == {"Kay": True, "Lou": False}
        often = safeguarding.how_often(people.reset_index()).set_index("times")
        assert often["people"].to_dict() == {
            "once": 1, "twice": 0, "three to five times": 1, "more often": 0,
        }  # fmt: skip

    def test_a_share_of_a_handful_is_not_told(self) -> None:
        assert not safeguarding.enough(pd.Series([True] * 9 + [False] * 50))
        assert not safeguarding.enough(pd.Series([True] * 50 + [False] * 9))
        assert safeguarding.enough(pd.Series([True] * 10 + [False] * 10))

    def test_the_interval_of_a_small_group_does_not_give_its_share_away(self) -> None:
        due = pd.DataFrame(
            {
                "person": [f"p{place}" for place in range(35)],
                "age_group": ["under 12"] * 15 + ["12 to 15"] * 20,
                "interview": [interviews.IN_TIME] * 9 + [interviews.LATE] * 6
                + [interviews.IN_TIME, interviews.LATE] * 10,
                "due": True,
            }
        )  # fmt: skip
        found = safeguarding.in_time_by(due, {"age_group": "age"}).set_index("group")
        assert found.loc["under 12", ["percent_in_time", "low", "high"]].isna().all()
        assert found.loc["12 to 15", "percent_in_time"] == 50


def test_the_truth_is_held_against_the_same_returns() -> None:
    states = [interviews.IN_TIME] * 5 + [interviews.DECLINED] * 3 + [interviews.NOT_OFFERED] * 2
    found = pd.DataFrame(
        {"interview": states, "due": True, "hours_to_interview": [50.0] * 5 + [None] * 5}
    )
    planted = {"offered": 0.8, "held": 0.5, "within_72_hours": 0.99}
    marks = safeguarding.against_truth(found, planted)
    assert marks["found"].tolist() == [80.0, 50.0, 50.0]
    assert marks["interval_holds_it"].tolist() == ["yes", "yes", "no"]
    assert safeguarding.against_truth(found, None).empty
