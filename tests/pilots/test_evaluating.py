"""What the evaluation of patient flow counts, cuts and says, on tables small enough to check."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from tests.protocols import registered
from woda_lib.evaluation import (
    Interval,
    interrupted_time_series,
    monte_carlo_benefit,
    subgroup_effects,
    uncertain_inputs,
)
from woda_lib.figures import to_svg
from woda_lib.pilots.patient_flow import (
    against_planted,
    balancing_series,
    in_and_out,
    money_flows,
    other_choices,
    series_by_group,
    subgroup_finding,
    subgroup_forest,
    subgroup_table,
    verdict,
    what_would_change,
    with_attributes,
    without_each_month,
)

HERE, THERE = "worcestershire_acute", "severnside_acute"
AS_OF = pd.Timestamp("2024-12-31")


class TestInAndOut:
    MATCHED = table(
        """
        referral_id  hospital  spell_id  unmatched_because
        R1           here      S1        -
        R2           here      S1        -
        R3           here      S2        -
        R4           here      S3        -
        R5           -         -         no_person_link
        R6           -         -         no_stay_at_that_date
        R7           -         -         community_referral
        R8           there     S4        -
        """
    ).replace({"here": HERE, "there": THERE})
    CLOCKS = table(
        """
        hospital  spell_id  started_on
        here      S1        2024-01-03
        here      S2        2024-06-03
        there     S4        2024-06-20
        here      S3        2024-12-01
        """,
        dates=("started_on",),
    ).replace({"here": HERE, "there": THERE})

    def stages(self, clocks: pd.DataFrame) -> dict[str, tuple[int, int]]:
        flow = in_and_out(self.MATCHED, clocks, go_live="2024-06-01", horizon=90, as_of=AS_OF)
        rows = flow.summary().itertuples()
        return {row.stage: (row.people, row.left_out) for row in rows}

    def test_everybody_is_somewhere_and_the_community_is_not_counted(self):
        assert self.stages(self.CLOCKS) == {
            "Referrals that a hospital sent to a council": (7, 2),
            "Referrals with their stay": (5, 1),
            "Stays with a referral": (4, 1),
            "Clocks that are analysed": (3, 0),
        }

    def test_a_stay_without_a_clock_makes_a_stage_of_its_own(self):
        assert self.stages(self.CLOCKS[1:])["Stays with a referral"] == (4, 1)
        assert self.stages(self.CLOCKS[1:])["Discharge clocks"] == (3, 1)

    def test_the_last_stage_is_divided_by_place_and_period(self):
        flow = in_and_out(self.MATCHED, self.CLOCKS, go_live="2024-06-01", horizon=90, as_of=AS_OF)
        groups = flow.table[flow.table["status"] == "group"]
        assert dict(zip(groups["reason"], groups["people"], strict=True)) == {
            "Worcestershire, before": 1,
            "Worcestershire, since go-live": 1,
            "Severnside, before": 0,
            "Severnside, since go-live": 1,
        }


def test_each_clock_is_given_what_is_known_of_its_person():
    clocks = table(
        """
        hospital  spell_id  started_on
        here      S1        2024-01-03
        here      S2        2024-01-04
        there     S1        2024-01-05
        """,
        dates=("started_on",),
    )
    spells = table(
        """
        partner  spell_id  age_band  district   deprivation_quintile
        here     S1        75_to_84  Redditch   1
        here     S2        -         -          -
        there    S1        18_to_64  Ledbury    5
        """
    ).replace(regex={"age_band": {"_": " "}})
    spells["deprivation_quintile"] = spells["deprivation_quintile"].astype("Int64")
    events = table(
        """
        partner  spell_id  event_type         event_date  pathway
        here     S1        pathway_decision   2024-01-09  3
        here     S1        pathway_decision   2024-01-03  1
        here     S2        assessment_notice  2022-01-03  -
        """,
        dates=("event_date",),
    )
    events["pathway"] = events["pathway"].astype("Int64")
    known = with_attributes(clocks, spells, events)
    shown = known[["age_band", "district", "deprivation", "pathway"]].to_numpy().tolist()
    assert shown == [
        ["75 to 84", "Bromsgrove and Redditch", "1, most deprived", "pathway 1"],
        ["not recorded", "not recorded", "not recorded", ""],
        ["under 75", "outside the county", "5, least deprived", ""],
    ]


def many(days: int, hospital: str, month: str, n: int = 12, **more: object) -> pd.DataFrame:
    """Clocks of one month that all take so many days."""
    return pd.DataFrame(
        {
            "hospital": hospital,
            "started_on": pd.Timestamp(month),
            "days": days,
            "observed": True,
            **more,
        },
        index=range(n),
    )


class TestSeriesByGroup:
    def test_each_group_stands_beside_its_like_in_the_other_county(self):
        clocks = pd.concat(
            [
                many(5, HERE, "2024-01-01", age_band="under 75"),
                many(7, HERE, "2024-01-01", n=20, age_band="75 to 84"),
                many(9, THERE, "2024-01-01", n=15, age_band="under 75"),
                many(11, THERE, "2024-01-01", age_band="75 to 84"),
            ]
        )
        found = series_by_group(clocks, by="age_band", horizon=90, as_of=AS_OF)
        columns = ["group", "worcestershire", "severnside", "people"]
        assert found[columns].to_numpy().tolist() == [
            ["75 to 84", 7.0, 11.0, 12],
            ["under 75", 5.0, 9.0, 12],
        ]

    def test_a_district_stands_beside_all_of_severnside(self):
        clocks = pd.concat(
            [
                many(5, HERE, "2024-01-01", district="Worcester"),
                many(9, THERE, "2024-01-01", district="outside the county"),
            ]
        )
        found = series_by_group(clocks, by="district", horizon=90, as_of=AS_OF)
        assert found["severnside"].tolist() == [9.0]

    def test_a_month_of_a_handful_is_left_out_and_pathways_begin_in_july_2022(self):
        clocks = pd.concat(
            [
                many(5, place, month, n=n, pathway="pathway 1")
                for place in (HERE, THERE)
                for month, n in (("2022-06-01", 12), ("2022-07-01", 12), ("2022-08-01", 9))
            ]
        )
        found = series_by_group(clocks, by="pathway", horizon=90, as_of=AS_OF)
        assert found["month"].tolist() == [pd.Timestamp("2022-07-01")]


class TestBalance:
    SPELLS = table(
        """
        partner  spell_id patient_id admission_date admission_method discharge_date discharge_method
        here     S1        P1         2024-01-01     emergency        2024-01-11     alive
        here     S2        P1         2024-02-08     emergency        2024-02-10     alive
        here     S3        P2         2024-01-01     emergency        2024-01-05     alive
        here     S4        P2         2024-01-20     elective         2024-01-21     alive
        here     S5        P3         2024-01-01     emergency        2024-01-09     died
        here     S6        P4         2024-01-01     emergency        2024-01-03     alive
        there    S7        P1         2024-01-01     emergency        2024-01-09     alive
        there    S8        P9         2024-01-01     emergency        2024-01-07     alive
        """,
        dates=("admission_date", "discharge_date"),
    ).replace({"here": HERE, "there": THERE})
    CLOCKS = table(
        """
        hospital  spell_id  started_on  stopped_on  days  ended_by
        here      S1        2024-01-05  2024-01-11  6     discharged
        here      S3        2024-01-04  2024-01-05  1     discharged
        here      S5        2024-01-02  2024-01-09  7     died
        there     S7        2024-01-02  2024-01-09  7     discharged
        """,
        dates=("started_on", "stopped_on"),
    ).replace({"here": HERE, "there": THERE})

    def series(self) -> pd.DataFrame:
        clocks = self.CLOCKS.assign(days=self.CLOCKS["days"].astype(int))
        clocks["observed"] = clocks["ended_by"] == "discharged"
        found = balancing_series(clocks, self.SPELLS, horizon=90, as_of=AS_OF)
        return found.set_index("measure")

    def test_readmissions_are_emergencies_of_the_same_trust_within_28_days(self):
        # P1 came back after 28 days; P2 came back too, and was expected. P3 died.
        assert self.series().loc["readmission", "worcestershire"] == 100 * 1 / 2
        assert self.series().loc["readmission", "severnside"] == 0

    def test_deaths_are_of_everybody_with_a_clock(self):
        assert self.series().loc["death_in_hospital", "worcestershire"] == pytest.approx(100 / 3)

    def test_stays_of_others_are_emergencies_without_a_clock(self):
        # here S6, 2 days, in January (S2 was admitted in February); there S8, 6 days
        assert self.series().loc["stay_of_others", ["worcestershire", "severnside"]].tolist() == [
            2.0,
            6.0,
        ]


HYPOTHESIS = registered().protocol.hypothesis("fewer_days")


@pytest.mark.parametrize(
    ("estimate", "low", "high", "says"),
    [
        (2.7, 1.7, 3.7, "whole interval lies above the 1 day registered as worth having"),
        (1.5, 0.2, 2.8, "that it reaches the 1 day registered is not"),
        (0.5, -0.5, 1.5, "neither no saving nor the 1 day"),
        (0.2, -0.4, 0.8, "a saving of 1 day, as was registered, is ruled out"),
        (-1.0, -1.5, -0.5, "waits grew"),
    ],
)
def test_the_verdict_sets_the_interval_beside_what_was_registered(estimate, low, high, says):
    assert says in verdict(Interval(estimate, low, high, "days"), HYPOTHESIS)


def waits(seed: int = 1) -> pd.DataFrame:
    """Clocks of 40 months and two trusts, of which one saves 3 days from January 2023 on."""
    rng = np.random.default_rng(seed)
    parts = []
    for month in pd.date_range("2021-01-01", periods=40, freq="MS"):
        for hospital in (HERE, THERE):
            saved = 3 * (hospital == HERE and month >= pd.Timestamp("2023-01-01"))
            days = np.maximum(rng.poisson(10, 60) - saved, 0)
            parts.append(many(0, hospital, str(month.date()), n=60).assign(days=days))
    return pd.concat(parts, ignore_index=True).assign(paused_days=1)


SETTINGS = {"impact": "step"}
GO_LIVE = "2023-01-01"


def test_other_choices_begin_with_the_registered_one_and_change_one_thing_each():
    clocks = waits()
    choices = other_choices(
        clocks, go_live=GO_LIVE, horizon=90, as_of=AS_OF, settings=SETTINGS
    ).set_index("method")
    assert choices.index[0] == "As registered" and choices["kind"].iloc[0] == "primary"
    assert (choices["kind"].iloc[1:] == "other model").all()
    assert {"Waits count up to 30 days", "Without the first three months"} <= set(choices.index)
    assert "Waits count up to 90 days" not in choices.index
    assert choices["estimate"].between(-4, -2).all()


def test_each_month_is_left_out_once_and_what_would_change_is_read_off():
    months = pd.date_range("2021-01-01", periods=24, freq="MS")
    flat = 9 + 0.1 * np.sin(np.arange(24.0))
    series = pd.DataFrame({"month": months, "severnside": 9 + 0.1 * np.cos(np.arange(24.0))})
    series["worcestershire"] = flat - 3 * (months >= "2022-01-01")
    left_out = without_each_month(series, go_live="2022-01-01", settings=SETTINGS)
    assert left_out["month"].tolist() == list(months)
    choices = pd.DataFrame({"estimate": [-3.0, -2.5, -3.5], "kind": ["primary", "other", "other"]})
    doubts = what_would_change(
        Interval(3.0, 2.0, 4.0, "days"),
        hypothesis=HYPOTHESIS,
        placebos=pd.DataFrame({"estimate": [0.2, -0.7]}),
        left_out=left_out,
        choices=choices,
    ).set_index("what")
    assert doubts.loc["Largest effect at a pretended date", "now"] == "0.7 days"
    assert doubts["would_have_to_be"].iloc[0] == "2.0 days"
    assert doubts.loc["Smallest saving under another horizon, clock or window", "now"] == "2.5 days"


def test_estimates_are_marked_against_what_was_planted():
    effect = {
        "days_saved": 2.7,
        "pathway": {"1": 3.0, "2": 1.0},
        "balancing": {"readmission": 0.0},
    }
    balance = pd.DataFrame(
        {"measure": ["readmission"], "estimate": [1.0], "low": [0.5], "high": [1.5]}
    )
    groups = pd.DataFrame(
        {"group": ["pathway 1"], "estimate": [-2.5], "low": [-3.5], "high": [-1.5]}
    )
    saved = Interval(2.5, 1.5, 3.5, "days")
    marked = against_planted(saved, balance, groups, effect)
    assert marked[["what", "planted", "interval_holds_it"]].to_numpy().tolist() == [
        ["Days saved", 2.7, "yes"],
        ["Days saved, pathway 1", 3.0, "yes"],
        ["Readmission", 0.0, "no"],
    ]
    assert against_planted(saved, balance, groups, None).empty


def test_sub_groups_of_every_cut_stand_in_one_table_and_one_forest():
    rng, months = np.random.default_rng(1), pd.date_range("2021-01-01", periods=40, freq="MS")
    parts = [
        pd.DataFrame({"month": months, "group": name, "days": 9 + rng.normal(0, 0.3, 40)})
        for name in ("under 75", "75 to 84", "85 and over")
    ]
    frame = pd.concat(parts).assign(people=30)
    frame.loc[frame["group"] == "85 and over", "people"] = 3
    found = subgroup_effects(
        frame, group="group", outcome="days", time="month", start=GO_LIVE, people="people"
    )
    groups = {"age": found}
    shown = subgroup_table(groups)
    assert shown["change"].tolist()[-1] == "too few"
    assert subgroup_finding(groups) == "none of 2 groups differs from the rest beyond chance"
    whole = interrupted_time_series(parts[0], outcome="days", time="month", start=GO_LIVE)
    drawn = to_svg(subgroup_forest(groups, whole))
    assert "Age under 75" in drawn and "Everybody" in drawn


def test_the_trust_gains_beds_and_a_little_cash_and_the_council_pays():
    inputs = uncertain_inputs(
        days_saved=2.0, people=100.0, bed_day_cost=300.0, marginal_bed_day_cost=30.0,
        support_day_cost=40.0,
    )  # fmt: skip
    partners = monte_carlo_benefit(inputs, flows=money_flows()).by_partner().set_index("partner")
    a_year = 12 * 2 * 100
    assert partners.loc["Acute hospitals", ["benefits", "cashable"]].tolist() == pytest.approx(
        [a_year * 300, a_year * 30]
    )
    assert partners.loc["County council", "net"] == pytest.approx(-a_year * 40)
    assert partners.loc["All partners", "net"] == pytest.approx(a_year * 260)
