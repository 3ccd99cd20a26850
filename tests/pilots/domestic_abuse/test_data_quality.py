"""Complete and consistent: what is asked of which record, and what counts as agreeing."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.evaluation import Interval
from woda_lib.pilots.domestic_abuse.errors import DomesticAbuseError
from woda_lib.pilots.domestic_abuse.measures import (
    against_planted,
    completeness,
    consistency,
    planted_completeness,
    quality_finding,
    same_sex_everywhere,
)

GO_LIVE = "2024-02-01"


class TestCompleteness:
    HEARD = table(
        """
        partner         heard_on    route      actions
        county_council  2024-01-05  -          3
        county_council  2024-01-06  repeat     -
        county_council  2024-02-05  repeat     4
        county_council  2024-02-06  escalation 1
        """,
        dates=("heard_on",),
    )

    def test_a_field_is_complete_where_it_is_filled(self) -> None:
        found = completeness({"marac_cases": self.HEARD}, go_live=GO_LIVE).set_index("field")
        assert found.loc["Route", ["before", "since", "change"]].tolist() == [50, 100, 50]
        assert found.loc["Actions", "rows_before"] == 2
        assert set(found["agency"]) == {"County council"}

    def test_records_that_were_withdrawn_do_not_count(self) -> None:
        involved = table(
            """
            partner             recorded_on  record_status  relationship
            west_mercia_police  2024-01-05   current        partner
            west_mercia_police  2024-01-06   withdrawn      -
            """,
            dates=("recorded_on",),
        )
        found = completeness({"police_involvements": involved}, go_live=GO_LIVE).iloc[0]
        assert (found["rows_before"], found["before"]) == (1, 100)

    def test_a_field_that_was_not_loaded_is_named(self) -> None:
        with pytest.raises(DomesticAbuseError, match="marac_cases has no column route"):
            completeness({"marac_cases": self.HEARD.drop(columns="route")}, go_live=GO_LIVE)

    def test_the_finding_counts_what_moved_beyond_chance(self) -> None:
        rows = pd.DataFrame({"low": [1.0, -2.0, -5.0], "high": [3.0, 2.0, -1.0]})
        assert quality_finding(rows) == "of 3 shares 1 rose and 1 fell beyond chance"


CASES = pd.DataFrame(
    {
        "reported_at": pd.to_datetime(["2024-01-05"] * 2 + ["2024-02-05"] * 2),
        "victim": ["a", "b", "c", None],
        "perpetrator": ["x", "y", "z", "w"],
        "duplicate_of": [None, "I1", None, None],
        "roles_doubtful": [False, True, False, False],
        "children": [1, 0, 0, 2],
        "children_present": pd.array([1, 2, 0, None], dtype="Int64"),
        "dash_ticks": pd.array([15, None, 14, 3], dtype="Int64"),
        "dash_risk": ["high", "medium", "standard", None],
    }
)


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    return consistency(CASES, go_live=GO_LIVE).set_index("check")


class TestConsistency:
    @pytest.mark.parametrize(
        ("check", "asked", "agreeing"),
        [
            ("Entered once", (2, 2), (50, 100)),
            ("Victim and perpetrator are both named", (2, 2), (100, 50)),
            ("Roles agree with the other records", (2, 1), (50, 100)),
            ("Children were named where children were counted", (2, 0), (50, None)),
            ("Risk was graded on answers to DASH", (2, 1), (50, 100)),
            ("14 ticks or more are not graded standard", (1, 1), (100, 0)),
        ],
    )
    def test_each_check_asks_those_it_can(
        self,
        found: pd.DataFrame,
        check: str,
        asked: tuple[int, int],
        agreeing: tuple[float, float | None],
    ) -> None:
        row = found.loc[check]
        assert (row["rows_before"], row["rows_since"]) == asked
        assert row["before"] == agreeing[0]
        assert row["since"] == agreeing[1] if agreeing[1] is not None else pd.isna(row["since"])


def test_sex_is_compared_of_people_whom_both_know() -> None:
    people = table(
        """
        dataset         local_id  entity_id
        police_persons  N1        anna
        police_persons  N2        bert
        police_persons  N3        cora
        school_roll     P1        anna
        school_roll     P2        bert
        school_roll     P3        cora
        school_roll     P4        dora
        """
    )
    police = pd.DataFrame({"nominal_id": ["N1", "N2", "N3"], "sex": ["F", "M", "U"]})
    roll = pd.DataFrame(
        {
            "partner": "county_council",
            "pupil_id": ["P1", "P2", "P3", "P4"],
            "sex": ["F", "F", "F", "F"],
            "joined_on": pd.to_datetime(["2024-01-01", "2024-03-01", "2024-01-01", "2024-01-01"]),
        }
    )
    found = same_sex_everywhere({"school_roll": roll}, people, police, go_live=GO_LIVE).iloc[0]
    assert (found["rows_before"], found["before"]) == (1, 100)
    assert (found["rows_since"], found["since"]) == (1, 0)


class TestAgainstThePlanted:
    def test_without_truth_there_is_no_row(self) -> None:
        assert against_planted({"Minutes": Interval(2, 1, 3, "minutes")}, None).empty

    def test_each_estimate_stands_beside_its_truth(self) -> None:
        estimates = {
            "Minutes": Interval(2, 1, 3, "minutes"),
            "Hours": Interval(9, 8, 9.5, "hours"),
            "More": Interval(1, 0, 2, ""),
        }
        found = against_planted(estimates, {"Minutes": 2.1, "Hours": 10.0})
        assert found["interval_holds_it"].tolist() == ["yes", "no"]

    def test_completeness_is_marked_in_percentage_points(self) -> None:
        measured = pd.DataFrame(
            {
                "agency": ["West mercia police", "Refuge service"],
                "field": ["Dash risk", "Outcome"],
                "change": [9.0, 1.0],
                "low": [7.0, 0.0],
                "high": [11.0, 2.0],
            }
        )
        planted = {"police_incidents": {"dash_risk": {"before": 0.85, "after": 0.95}}}
        found = planted_completeness(measured, planted)
        assert found["planted"].tolist() == pytest.approx([10.0])
        assert found["interval_holds_it"].tolist() == ["yes"]
