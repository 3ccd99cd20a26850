"""Who is harmed again: gaps, periods that end their own watching, and order after a look back."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.figures import to_svg
from woda_lib.pilots.domestic_abuse.measures import (
    again_by_order,
    again_picture,
    area_finding,
    area_forest,
    by_area,
    curves_by_order,
    first_of_period,
    gaps,
    gaps_by_order,
    harmed_again,
    hazards,
    interval_of,
    repeats_by_month,
    within_a_year,
)

CASES = table(
    """
    incident_id  occurred_at  victim  duplicate_of
    I1           2024-01-01   anna    -
    I2           2024-01-02   anna    I1
    I3           2024-01-31   anna    -
    I4           2024-03-01   anna    -
    I5           2024-02-10   bert    -
    I6           2024-02-11   -       -
    """,
    dates=("occurred_at",),
)
AS_OF = date(2024, 3, 31)


class TestGaps:
    def test_an_event_entered_twice_is_no_repeat(self) -> None:
        found = gaps(CASES, as_of=AS_OF).set_index("incident_id")
        assert "I2" not in found.index
        assert found.loc["I1", ["order", "days", "again"]].tolist() == [1, 30.0, True]

    def test_the_last_is_watched_to_the_end_of_the_data(self) -> None:
        found = gaps(CASES, as_of=AS_OF).set_index("incident_id")
        assert found.loc["I4", ["order", "days", "again"]].tolist() == [3, 31.0, False]

    def test_an_incident_without_a_known_victim_is_nobodys(self) -> None:
        assert "I6" not in set(gaps(CASES, as_of=AS_OF)["incident_id"])


class TestPeriods:
    FIRSTS = first_of_period(CASES, begins="2024-01-01", go_live="2024-02-01", as_of=AS_OF)

    def test_a_victim_counts_once_in_each(self) -> None:
        assert self.FIRSTS.groupby("period")["victim"].apply(list).to_dict() == {
            "before": ["anna"],
            "since": ["bert", "anna"],
        }

    def test_what_came_after_go_live_is_not_counted_to_those_before(self) -> None:
        cases = CASES[CASES["incident_id"] != "I3"]
        found = first_of_period(cases, begins="2024-01-01", go_live="2024-02-01", as_of=AS_OF)
        before = found[found["period"] == "before"].iloc[0]
        assert (before["days"], before["again"]) == (31.0, False)


class TestWithinAYear:
    def test_censored_victims_are_not_counted_as_safe(self) -> None:
        # Two of ten are harmed again at once; five leave sight on day 100; one more comes back on
        # day 200, of the three who are still watched: 1 - 0.8 * 2/3.
        firsts = pd.DataFrame(
            {"days": [10, 10, *[100] * 5, 200, 400, 400], "again": [1, 1, *[0] * 5, 1, 0, 0]}
        )
        found = within_a_year(harmed_again(firsts))
        assert found["again_percent"].iloc[0] == pytest.approx(100 * (1 - 0.8 * 2 / 3))
        share = interval_of(found, "everyone")
        assert share.low < share.estimate < share.high

    def test_nobody_harmed_again_so_soon(self) -> None:
        firsts = pd.DataFrame({"days": [400, 500, 600], "again": [True, True, False]})
        assert within_a_year(harmed_again(firsts))["again_percent"].iloc[0] == 0

    def test_the_interval_holds_a_planted_share(self) -> None:
        rng = np.random.default_rng(6)
        truth, held = 100 * (1 - np.exp(-365 / 900)), 0
        for _ in range(200):
            again, seen = rng.exponential(900, 150), rng.uniform(100, 900, 150)
            firsts = pd.DataFrame({"days": np.minimum(again, seen), "again": again <= seen})
            row = within_a_year(harmed_again(firsts)).iloc[0]
            held += row["low"] <= truth <= row["high"]
        assert 0.91 <= held / 200 <= 0.99


class TestByMonth:
    def test_only_months_that_were_watched_long_enough(self) -> None:
        found = repeats_by_month(CASES, begins="2024-01-01", as_of=AS_OF, days=35)
        assert found["month"].dt.month.tolist() == [1]
        # Anna counts once in January, from the 1st, and was harmed again on the 31st.
        assert found[["victims", "repeat_rate"]].values.tolist() == [[1, 100.0]]
        sooner = repeats_by_month(CASES, begins="2024-01-01", as_of=AS_OF, days=29)
        assert sooner["repeat_rate"].iloc[0] == 0.0

    def test_what_happened_before_the_data_begin_has_no_month(self) -> None:
        found = repeats_by_month(CASES, begins="2024-01-02", as_of=AS_OF, days=35)
        # Anna's first incident of January that counts is that of the 31st.
        assert found["victims"].tolist() == [1]


def many(seed: int = 5, people: int = 900) -> pd.DataFrame:
    """Victims of whom each incident halves the time to the next, up to the fourth."""
    rng = np.random.default_rng(seed)
    rows = []
    for person in range(people):
        day, order = rng.uniform(0, 600), 1
        while day < 1_400:
            rows.append((f"v{person}", day))
            day += rng.exponential(1_200 / 2 ** min(order - 1, 3))
            order += 1
    frame = pd.DataFrame(rows, columns=["victim", "day"])
    n = len(frame)
    return frame.assign(
        incident_id=[f"I{number}" for number in range(n)],
        occurred_at=pd.Timestamp("2021-04-01") + pd.to_timedelta(frame["day"], "D"),
        duplicate_of=pd.NA,
        district=rng.choice(["Redditch", "Wychavon"], n),
        deprivation_quintile=rng.integers(1, 6, n),
        relationship=rng.choice(["partner", "former_partner"], n),
        victim_age_band=rng.choice(["18 to 24", "25 to 34"], n),
        victim_sex=rng.choice(["F", "M"], n),
    )


@pytest.fixture(scope="module")
def ordered() -> pd.DataFrame:
    return gaps_by_order(many(), as_of=date(2025, 1, 29), begins="2021-04-01", look_back_days=365)


class TestOrder:
    def test_incidents_of_the_look_back_are_past_and_begin_no_watching(
        self, ordered: pd.DataFrame
    ) -> None:
        assert ordered["occurred_at"].min() >= pd.Timestamp("2022-04-01")
        assert (ordered["order_name"] == "second").any()

    def test_each_incident_brings_the_next_one_sooner_as_planted(
        self, ordered: pd.DataFrame
    ) -> None:
        found = hazards(ordered).table.set_index("term")
        for name, planted in (("second", 2.0), ("third", 4.0), ("fourth or later", 8.0)):
            row = found.loc[f"incident: {name}"]
            assert row["low"] < planted < row["high"]

    def test_groups_in_which_hardly_anybody_is_harmed_again_are_joined(
        self, ordered: pd.DataFrame
    ) -> None:
        few = ordered.index < 3
        rare = ordered.assign(
            victim_age_band=ordered["victim_age_band"].mask(few, "under 16"),
            relationship=ordered["relationship"].mask(few, "sibling"),
        )
        terms = set(hazards(rare).table["term"])
        assert not {"age: under 16", "relationship: sibling"} & terms
        assert "incident: fourth or later" in terms

    def test_what_is_not_known_of_many_is_a_group_of_its_own(self, ordered: pd.DataFrame) -> None:
        blank = ordered.index % 5 == 0
        unknown = ordered.assign(
            relationship=ordered["relationship"].mask(blank),
            victim_sex=ordered["victim_sex"].mask(ordered.index % 4 == 0, "U"),
        )
        terms = set(hazards(unknown).table["term"])
        assert {"relationship: other or not known", "sex: other or not known"} <= terms

    @pytest.mark.parametrize("narrow", [False, True])
    def test_they_are_drawn_without_a_step_for_single_people(
        self, ordered: pd.DataFrame, narrow: bool
    ) -> None:
        picture = again_picture(curves_by_order(ordered))
        assert len(picture.data) == 4 * 8
        assert "fourth or later" in to_svg(picture, narrow=narrow)

    def test_windows_of_28_and_91_days_and_12_months(self, ordered: pd.DataFrame) -> None:
        found = again_by_order(curves_by_order(ordered))
        rising = found[["within_28_days", "within_91_days", "within_12_months"]]
        assert (rising.diff(axis=1).iloc[:, 1:] > 0).all(axis=None)

    def test_the_curves_stand_in_order(self, ordered: pd.DataFrame) -> None:
        found = within_a_year(curves_by_order(ordered))
        assert found["group"].tolist() == ["first", "second", "third", "fourth or later"]
        assert found["again_percent"].is_monotonic_increasing


class TestWhere:
    def firsts(self) -> pd.DataFrame:
        rng = np.random.default_rng(8)
        n = 1_500
        district = rng.choice(["Redditch", "Wychavon", "Tiny"], n, p=[0.5, 0.49, 0.01])
        mean = np.where(district == "Redditch", 500, 1_500)
        again = rng.exponential(mean)
        return pd.DataFrame(
            {
                "days": np.minimum(again, 700),
                "again": again <= 700,
                "district": district,
                "deprivation_quintile": rng.integers(1, 6, n),
            }
        )

    def test_places_differ_where_that_was_planted_and_small_ones_are_left_out(self) -> None:
        table = by_area(self.firsts())
        assert "Tiny" not in set(table["group"])
        found = table.set_index("group")
        assert found.loc["Redditch", "differs"] > 10
        assert found.loc["Redditch", "adjusted_p"] < 0.001
        assert (found.loc[found["by"] == "Deprivation", "adjusted_p"] > 0.01).all()
        assert "Redditch" in area_finding(table)

    def test_it_draws_itself(self) -> None:
        firsts = self.firsts()
        picture = area_forest(by_area(firsts), within_a_year(harmed_again(firsts)))
        assert "Deprivation 1, most deprived" in to_svg(picture)
