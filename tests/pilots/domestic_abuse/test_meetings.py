"""Minutes a case: sums by month, the planted cut, and what stands beside it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from tests.pilots.ascii_table import table
from woda_lib.evaluation import Interval, interrupted_time_series
from woda_lib.pilots.domestic_abuse.measures import (
    balancing,
    before_and_after,
    headline,
    meetings_by_month,
    other_choices,
    paired,
    verdict,
    what_would_change,
    without_each_month,
)
from woda_lib.records import Balance, Hypothesis

GO_LIVE = "2023-07-01"
SETTINGS = {"impact": "step", "errors": "reml-ar1"}
FEWER = Hypothesis(
    name="fewer", says="Fewer minutes", direction="lower", smallest=1.0, unit="minutes"
)


def meetings(cut: float = 2.0, *, seed: int = 1) -> pd.DataFrame:
    """A meeting a weekday for four years; from go-live on the first council saves minutes."""
    rng = np.random.default_rng(seed)
    days = pd.bdate_range("2021-04-01", "2025-03-31")
    parts = []
    for partner, level in (("county_council", 9.0), ("severnside_council", 9.5)):
        cases = rng.poisson(11, len(days)).clip(1)
        shared = 0.4 * np.sin(np.arange(len(days)) / 40)
        each = level + shared - cut * (days >= GO_LIVE) * (partner == "county_council")
        parts.append(
            pd.DataFrame(
                {
                    "partner": partner,
                    "held_on": days,
                    "minutes": np.round(cases * each + rng.normal(0, 8, len(days))).clip(1),
                    "cases": cases,
                    "attendees": rng.poisson(11, len(days)).clip(4),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def monthly() -> pd.DataFrame:
    return meetings_by_month(meetings(), as_of=date(2025, 3, 31))


class TestByMonth:
    HELD = table(
        """
        partner             held_on     minutes  cases  attendees
        county_council      2024-01-02  90       10     12
        county_council      2024-01-03  30       2      8
        county_council      2024-02-01  50       5      10
        severnside_council  2024-01-02  80       8      9
        severnside_council  2024-02-01  70       7      9
        """,
        dates=("held_on",),
    ).astype({"minutes": int, "cases": int, "attendees": int})

    def test_a_long_meeting_counts_for_as_long_as_it_was(self) -> None:
        found = meetings_by_month(self.HELD, as_of=date(2024, 2, 29))
        found = found[found["council"] == "worcestershire"].iloc[0]
        assert (found["meetings"], found["cases"]) == (2, 12)
        assert found["minutes_per_case"] == (90 + 30) / 12
        assert found["attendees_per_meeting"] == 10

    def test_a_month_that_is_not_over_is_left_out(self) -> None:
        found = meetings_by_month(self.HELD, as_of=date(2024, 2, 28))
        assert found["month"].dt.month.unique().tolist() == [1]

    def test_the_two_councils_stand_side_by_side(self) -> None:
        found = paired(meetings_by_month(self.HELD, as_of=date(2024, 2, 29)))
        assert found["worcestershire"].tolist() == [10, 10]
        assert found["severnside"].tolist() == [10, 10]

    def test_a_month_without_a_case_has_no_minutes_a_case(self) -> None:
        quiet = self.HELD.assign(cases=[10, 2, 0, 8, 7])
        found = paired(meetings_by_month(quiet, as_of=date(2024, 2, 29)))
        assert found["month"].dt.month.tolist() == [1]

    def test_before_and_since_are_sums_and_no_means_of_months(self) -> None:
        found = before_and_after(
            meetings_by_month(self.HELD, as_of=date(2024, 2, 29)), go_live="2024-02-01"
        )
        ours = found[found["council"] == "Worcestershire"].set_index("period")
        assert ours.loc["before", "minutes_per_case"] == 120 / 12
        assert ours.loc["since", "cases"] == 5


class TestTheCut:
    def test_the_planted_one_is_found(self, monthly: pd.DataFrame) -> None:
        found = interrupted_time_series(
            paired(monthly), outcome="worcestershire", control="severnside", time="month",
            start=GO_LIVE, **SETTINGS,
        )  # fmt: skip
        assert found.low < -2.0 < found.high
        assert found.high < -1.0

    def test_every_other_choice_finds_it_too(self, monthly: pd.DataFrame) -> None:
        found = other_choices(monthly, go_live=GO_LIVE, settings=SETTINGS)
        assert found["method"].iloc[0] == "As registered"
        assert len(found) == 5
        assert (found["low"] < -2.0).all() and (found["high"] > -2.0).all()

    def test_no_month_carries_it_alone(self, monthly: pd.DataFrame) -> None:
        found = without_each_month(paired(monthly), go_live=GO_LIVE, settings=SETTINGS)
        assert len(found) == 48
        assert found["high"].max() < -1.0


class TestWhatMustNotGetWorse:
    REGISTERED = (
        Balance(
            name="cases_per_meeting", says="-", better="higher", margin=3.0, unit="cases",
            reason="-",
        ),
        Balance(
            name="repeat_rate", says="-", better="lower", margin=3.0, unit="points", reason="-"
        ),
    )  # fmt: skip

    def repeats(self, rise: float) -> pd.DataFrame:
        rng = np.random.default_rng(4)
        months = pd.date_range("2021-04-01", periods=44, freq="MS")
        rate = 24 + rise * (months >= GO_LIVE) + rng.normal(0, 0.8, 44)
        return pd.DataFrame({"month": months, "victims": 1_200, "repeat_rate": rate})

    @pytest.mark.parametrize(("rise", "verdict"), [(0.0, "no worse"), (8.0, "worse")])
    def test_repeats_are_held_to_their_margin(
        self, monthly: pd.DataFrame, rise: float, verdict: str
    ) -> None:
        found = balancing(
            monthly, self.repeats(rise), registered=self.REGISTERED, go_live=GO_LIVE,
            settings=SETTINGS,
        ).table.set_index("measure")  # fmt: skip
        assert found.loc["repeat_rate", "verdict"] == verdict
        assert found.loc["cases_per_meeting", "verdict"] == "no worse"
        assert found.loc["cases_per_meeting", "margin"] == -3.0


class TestWhatIsSaid:
    @pytest.mark.parametrize(
        ("limits", "words"),
        [
            ((2.0, 1.5, 2.5), "lies above the 1 minute registered"),
            ((1.2, 0.5, 1.9), "beyond chance"),
            ((0.2, -0.4, 0.8), "a saving of 1 minute, as was registered, is ruled out"),
            ((0.8, -0.4, 2.0), "neither no saving nor"),
            ((-2.0, -3.0, -1.0), "triage grew slower"),
        ],
    )
    def test_the_verdict(self, limits: tuple[float, float, float], words: str) -> None:
        assert words in verdict(Interval(*limits, "minutes"), FEWER)

    def test_the_headline_follows_the_sign_and_chance(self) -> None:
        assert headline(Interval(2, 1, 3, "minutes")).startswith("With shared history")
        assert headline(Interval(0.2, -1, 1, "minutes")).startswith("No saving")
        assert headline(Interval(-2, -3, -1, "minutes")).startswith("Triage took longer")

    def test_what_would_change_our_mind_names_the_least_favourable(self) -> None:
        rows = what_would_change(
            Interval(2.1, 1.6, 2.6, "minutes"),
            hypothesis=FEWER,
            placebos=pd.DataFrame({"estimate": [0.1, -0.3]}),
            left_out=pd.DataFrame({"estimate": [-2.2, -1.9]}),
            choices=pd.DataFrame({"estimate": [-2.1, -1.7], "kind": ["primary", "other model"]}),
        ).set_index("what")
        assert rows.loc["Largest effect at a pretended date", "now"] == "0.3 minutes"
        assert rows.loc["Smallest saving when one month is left out", "now"] == "1.9 minutes"
