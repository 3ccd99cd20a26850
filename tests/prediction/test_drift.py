"""Drift: the index by hand, what chance makes of it, and the alarm with and without a shift."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from woda_lib.figures import to_svg
from woda_lib.prediction.drift import Drift, bins_of, drift, stability
from woda_lib.prediction.errors import PredictionError
from woda_lib.synthetic.complex_dependencies.mechanism import recorded, two_or_more
from woda_lib.synthetic.complex_dependencies.tabular import MadeUp, draw_households

GROWS = ("months_here",)
THEN, LATER = pd.Timestamp("2022-03-31"), pd.Timestamp("2024-03-31")


class TestBins:
    def test_tenths_of_training_and_one_for_what_is_missing(self) -> None:
        bins = bins_of(pd.Series(np.arange(1.0, 101.0)), "months_here")
        assert bins.count(pd.Series([1.0, 10.0, 11.0, 100.0, 500.0, np.nan])).tolist() == [
            *(2, 1, 0, 0, 0, 0, 0, 0, 0, 2),
            1,
        ]

    def test_a_value_that_most_share_is_one_bin(self) -> None:
        bins = bins_of(pd.Series([0.0] * 85 + [1.0] * 10 + [4.0] * 5), "arrears_notices")
        assert bins.count(pd.Series([0.0, 0.0, 1.0, 2.0, 9.0])).tolist() == [2, 1, 2, 0]

    def test_what_never_varied_keeps_a_bin_for_what_comes(self) -> None:
        bins = bins_of(pd.Series([0.0] * 10), "suspended_days")
        assert bins.count(pd.Series([0.0, 3.0])).tolist() == [1, 1, 0]

    def test_categories_and_one_never_seen(self) -> None:
        bins = bins_of(pd.Series(["couple", "one_person"], dtype="category"), "kind")
        assert bins.count(pd.Series(["couple", "care_home", None])).tolist() == [1, 0, 1, 1]

    def test_a_number_that_is_none_any_more_is_refused(self) -> None:
        bins = bins_of(pd.Series([1.0, 2.0]), "people")
        with pytest.raises(PredictionError, match="'people' was a number in training"):
            bins.count(pd.Series(["two"]))


class TestIndex:
    def test_by_hand(self) -> None:
        found = stability(np.array([5e6, 5e6]), np.array([7e6, 3e6]), people=(10, 10), tail=0.05)
        assert found.index == pytest.approx(0.2 * np.log(1.4) - 0.2 * np.log(0.6), abs=1e-5)

    def test_chance_is_chi_squared(self) -> None:
        found = stability(np.ones(10), np.ones(10), people=(500, 1000), tail=0.05)
        assert found.chance == pytest.approx(16.919 * (1 / 500 + 1 / 1000), rel=1e-4)

    def test_chance_is_exceeded_as_often_as_it_says(self) -> None:
        rng = np.random.default_rng(1)
        shares = np.full(10, 0.1)
        above = 0
        for _ in range(1000):
            then, now = rng.multinomial(900, shares), rng.multinomial(600, shares)
            found = stability(then.astype(float), now.astype(float), people=(900, 600), tail=0.05)
            above += found.index > found.chance
        assert 30 <= above <= 72  # 50, give or take three standard errors

    def test_a_bin_that_is_empty_has_no_infinite_index(self) -> None:
        found = stability(
            np.array([90.0, 10.0, 0.0]), np.array([90.0, 0.0, 0.0]), people=(9, 9), tail=0.1
        )
        assert np.isfinite(found.index) and found.bins == 2


def looked_at(made_up: MadeUp) -> Drift:
    """Drift of a model that knows the mechanism as it was in training."""
    risk = two_or_more(recorded(made_up.features))
    scores = made_up.spine[["household_id", "index_date", "split"]].assign(risk=risk)
    return drift(made_up.features, scores, made_up.outcomes, grows=GROWS)


@pytest.fixture(scope="module")
def calm() -> Drift:
    return looked_at(draw_households(1500, 4))


@pytest.fixture(scope="module")
def shifted() -> Drift:
    return looked_at(draw_households(1500, 4, shift=1.0))


class TestAlarm:
    def test_a_shift_raises_it_on_the_dates_after_the_test_year(self, shifted: Drift) -> None:
        alarms = shifted.alarms.set_index("split")
        assert alarms["alarm"].to_dict() == {"test": False, "watch": True, "score": True}
        assert all("arrears_notices" in moved for moved in alarms.loc[["watch", "score"], "moved"])
        assert shifted.alarm

    def test_it_says_what_moved_and_what_to_do(self, shifted: Drift) -> None:
        assert shifted.finding.startswith("Alarm. At 31 March 2024")
        assert "arrears_notices (mean 0." in shifted.finding
        assert "make no list until" in shifted.finding

    def test_it_calls_inputs_by_their_titles(self, shifted: Drift) -> None:
        named = replace(shifted, titles={"arrears_notices": "Notices about council tax owed"})
        assert "Notices about council tax owed (mean 0." in named.finding
        assert "arrears_notices" not in named.finding
        assert "Notices about council tax owed" in named.summary()["most_moved"].tolist()

    def test_no_shift_raises_none(self, calm: Drift) -> None:
        assert not calm.alarms["alarm"].any()
        assert calm.finding.startswith("No alarm")

    def test_what_grows_with_the_record_is_told_and_raises_none(self, calm: Drift) -> None:
        grown = calm.table[calm.table["input"] == "months_here"]
        assert grown["moved"].any()
        assert any("months_here moved with the length of the record" in s for s in calm.warnings)

    def test_outcomes_that_are_not_known_yet_are_a_sentence(self, calm: Drift) -> None:
        assert calm.alarms.set_index("split").loc["score", "drifted"] is None
        assert any("of 31 March 2025 is not known yet" in said for said in calm.warnings)

    def test_pictures_at_both_widths(self, shifted: Drift) -> None:
        for narrow in (False, True):
            assert "arrears_notices" in to_svg(shifted.plot(), narrow=narrow)
            assert "2024-03-31" in to_svg(shifted.plot_calibration(), narrow=narrow)


def two_dates(now: np.ndarray, *, risk: float = 0.1, rate: float = 0.1) -> dict[str, Any]:
    """An input of nought and one in a twentieth of training, and as given later."""
    n = len(now)
    then = (np.arange(n) < n / 20).astype(float)
    parts = []
    for day, split, values in ((THEN, "train", then), (LATER, "watch", now)):
        key = {"household_id": [f"{split}{i}" for i in range(n)], "index_date": day}
        parts.append(pd.DataFrame({**key, "split": split, "rare": values, "risk": risk}))
    rows = pd.concat(parts, ignore_index=True)
    happened = np.tile(np.arange(n) < rate * n, 2)
    return {
        "features": rows[["household_id", "index_date", "rare"]],
        "scores": rows[["household_id", "index_date", "split", "risk"]],
        "outcomes": rows[["household_id", "index_date"]].assign(happened=happened),
    }


class TestRule:
    def test_a_rare_input_that_doubles_has_moved_though_its_index_is_small(self) -> None:
        found = drift(**two_dates((np.arange(2000) < 240).astype(float)))
        row = found.table[found.table["input"] == "rare"].iloc[0]
        assert row["index"] < 0.1 and row["moved"] and not row["far"]

    def test_of_few_households_it_may_be_chance(self) -> None:
        found = drift(**two_dates((np.arange(40) < 4).astype(float)))
        row = found.table[found.table["input"] == "rare"].iloc[0]
        assert row["share_now"] == 2 * row["share_was"]
        assert not row["moved"]

    def test_an_input_that_nobody_sends_any_more_has_moved_far(self) -> None:
        found = drift(**two_dates(np.full(2000, np.nan)))
        row = found.table[found.table["input"] == "rare"].iloc[0]
        assert row["far"] and row["missing_now"] == 1

    @pytest.mark.parametrize(
        ("rate", "households", "drifted"),
        [(0.13, 4000, True), (0.075, 4000, True), (0.12, 4000, False), (0.13, 200, False)],
    )
    def test_calibration_drifts_by_a_quarter_and_beyond_chance(
        self, rate: float, households: int, drifted: bool
    ) -> None:
        same = (np.arange(households) < households / 20).astype(float)
        found = drift(**two_dates(same, rate=rate))
        assert found.calibration["drifted"].tolist() == [drifted]
        assert found.calibration["ratio"].iloc[0] == pytest.approx(rate / 0.1)
        assert found.alarm == drifted

    def test_none_of_many_that_were_expected_is_drift(self) -> None:
        given = two_dates((np.arange(400) < 20).astype(float))
        later = given["outcomes"]["index_date"] == LATER
        given["outcomes"].loc[later, "happened"] = False
        row = drift(**given).calibration.iloc[0]
        # None of 40: at most 5.298 (99%, two-sided), and chance in the 40 that were learnt from.
        limit = 5.298 / 40 * np.exp(2.576 / np.sqrt(40))
        assert (row["ratio"], row["low"]) == (0, 0)
        assert row["high"] == pytest.approx(limit, rel=1e-3)
        assert row["drifted"]

    def test_none_of_few_may_be_chance(self) -> None:
        given = two_dates((np.arange(40) < 2).astype(float))
        later = given["outcomes"]["index_date"] == LATER
        given["outcomes"].loc[later, "happened"] = False
        assert not drift(**given).alarm

    def test_calibration_of_the_newest_date_with_outcomes_withholds_the_list_of_a_later_one(
        self,
    ) -> None:
        same = (np.arange(4000) < 200).astype(float)
        given = two_dates(same, rate=0.13)
        for name in ("features", "scores"):
            newest = given[name][given[name]["index_date"] == LATER]
            newest = newest.assign(index_date=LATER + pd.DateOffset(years=1))
            if name == "scores":
                newest = newest.assign(split="score")
            given[name] = pd.concat([given[name], newest], ignore_index=True)
        found = drift(**given)
        assert found.alarms["alarm"].tolist() == [True, False]
        assert found.alarm
        assert found.raising["split"].tolist() == ["watch"]

    def test_whoever_has_no_score_counts_among_inputs_and_not_among_scores(self) -> None:
        given = two_dates((np.arange(2000) < 1000).astype(float))
        now = given["scores"]["index_date"] == LATER
        without = now & (given["features"]["rare"] > 0)
        given["scores"].loc[without, "risk"] = np.nan
        table = drift(**given).table.set_index("input")
        assert table.loc["rare", "share_now"] == 0.5
        assert table.loc["rare", "far"] and not table.loc["score", "moved"]
        assert table.loc["score", "missing_now"] == 0

    def test_chance_in_what_was_learnt_from_is_counted_too(self) -> None:
        # 100 of 1,000 later and 100 in training: variances of 90 / 100² and 1 / 100.
        same = (np.arange(1000) < 50).astype(float)
        row = drift(**two_dates(same, rate=0.1)).calibration.iloc[0]
        assert row["high"] == pytest.approx(np.exp(2.576 * np.sqrt(0.009 + 0.01)), rel=1e-3)


class TestBadInput:
    @pytest.fixture
    def given(self) -> dict[str, Any]:
        return two_dates((np.arange(100) < 5).astype(float))

    def test_no_later_date(self, given: dict[str, Any]) -> None:
        given["scores"] = given["scores"][given["scores"]["split"] == "train"]
        with pytest.raises(PredictionError, match="Score the training dates and a later one"):
            drift(**given)

    def test_scores_without_features(self, given: dict[str, Any]) -> None:
        given["features"] = given["features"].iloc[1:]
        with pytest.raises(PredictionError, match="1 have no features"):
            drift(**given)

    def test_a_date_on_which_nobody_has_a_score(self, given: dict[str, Any]) -> None:
        given["scores"].loc[given["scores"]["split"] == "watch", "risk"] = np.nan
        with pytest.raises(PredictionError, match="Nobody has a score at 2024-03-31"):
            drift(**given)

    def test_an_input_that_is_not_there(self, given: dict[str, Any]) -> None:
        with pytest.raises(PredictionError, match="no column 'moves'"):
            drift(**given, inputs=["moves"])
        with pytest.raises(PredictionError, match="`grows` names moves"):
            drift(**given, grows=["moves"])

    def test_a_date_of_which_outcomes_are_known_in_part(self, given: dict[str, Any]) -> None:
        given["outcomes"] = given["outcomes"].iloc[:-1]
        with pytest.raises(PredictionError, match="At 2024-03-31 some scored households"):
            drift(**given)
