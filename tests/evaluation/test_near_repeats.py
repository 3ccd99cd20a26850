"""How soon it happens again: pairs counted by hand, chance left alone, planted repeats found."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from woda_lib.evaluation import RepeatsError, near_repeats
from woda_lib.figures import to_svg


def of(frame: pd.DataFrame, **more: Any) -> Any:
    return near_repeats(frame, **{"time": "day", "same": "who", "permutations": 99, **more})


def by_chance(rng: np.random.Generator, *, people: int = 300, mean: float = 3.0) -> pd.DataFrame:
    """People with more and fewer events, at any time of two years."""
    who = np.repeat(np.arange(people), rng.poisson(rng.gamma(1.0, mean, people)))
    return pd.DataFrame({"who": who, "day": rng.integers(0, 730, len(who))})


class TestTheCounting:
    FRAME = pd.DataFrame(
        [("a", 0), ("a", 7), ("a", 8), ("b", 100), ("b", 114), ("c", 300), ("d", 500)],
        columns=["who", "day"],
    )

    def test_each_pair_stands_in_the_window_in_which_its_gap_ends(self) -> None:
        # a: 7, 8 and 1 days; b: 14 days.
        found = of(self.FRAME, windows=[7, 14, 28]).table
        assert found["window"].tolist() == ["0 to 7", "8 to 14", "15 to 28"]
        assert found["pairs"].tolist() == [2, 2, 0]

    def test_by_chance_is_the_share_of_all_pairs_that_lie_so_close(self) -> None:
        # Of the 21 pairs of all events three lie within 7 days or 8, and one 14 days apart.
        found = of(self.FRAME, windows=[8, 14])
        assert found.close == 4
        assert found.table["expected"].tolist() == pytest.approx([4 * 3 / 21, 4 * 1 / 21])

    def test_the_time_of_day_is_dropped(self) -> None:
        moments = pd.to_datetime(["2024-01-01 23:50", "2024-01-08 00:10", "2024-06-01 12:00"])
        frame = pd.DataFrame({"who": ["a", "a", "b"], "day": moments})
        assert of(frame, windows=[7]).table["pairs"].tolist() == [1]

    def test_an_event_of_nobody_pairs_with_none(self) -> None:
        frame = pd.concat([self.FRAME, pd.DataFrame({"who": [None, None], "day": [1, 2]})])
        assert of(frame).close == 4

    def test_a_repeat_may_be_asked_to_be_somebody_elses(self) -> None:
        frame = pd.DataFrame({"home": ["x"] * 3, "who": ["a", "a", "b"], "day": [0, 1, 5]})
        assert of(frame, same="home", apart="who").close == 2

    def test_the_mean_of_the_permutations_is_what_is_expected(self) -> None:
        frame = by_chance(np.random.default_rng(1))
        found = of(frame, permutations=999).table
        middle = (found["chance_low"] + found["chance_high"]) / 2
        assert middle.to_numpy() == pytest.approx(found["expected"].to_numpy(), rel=0.08)


class TestWhatIsFound:
    def test_chance_alone_is_left_alone_nineteen_times_in_twenty(self) -> None:
        rng = np.random.default_rng(7)
        held = np.array(
            [
                [found.low <= 1 <= found.high, found.table["p_value"].iloc[0] <= 0.05]
                for found in (of(by_chance(rng), windows=[14], seed=seed) for seed in range(200))
            ]
        )
        within, alarms = held.mean(axis=0)
        assert 0.91 <= within <= 0.99
        assert alarms <= 0.09

    def test_repeats_that_were_planted_are_found_in_their_window(self) -> None:
        rng = np.random.default_rng(8)
        frame = by_chance(rng)
        soon = frame.sample(frac=0.3, random_state=1)
        again = soon.assign(day=soon["day"] + rng.integers(1, 8, len(soon)))
        table = of(pd.concat([frame, again]), windows=[7, 14, 28, 56]).table
        assert table["low"].iloc[0] > 2
        assert table["p_value"].iloc[0] == pytest.approx(0.01)
        assert table["low"].iloc[3] < 1 < table["high"].iloc[3] + 0.1

    def test_one_person_with_many_events_widens_the_interval(self) -> None:
        rng = np.random.default_rng(9)
        frame = by_chance(rng)
        burst = pd.DataFrame({"who": -1, "day": rng.integers(200, 230, 40)})
        without, having = of(frame, windows=[14]), of(pd.concat([frame, burst]), windows=[14])
        assert having.estimate > 1.3 * without.estimate
        # One person's 780 pairs say little about people: 3,700 independent pairs would
        # leave a few per cent either way.
        assert having.high / having.low > 4 * without.high / without.low


class TestWhatIsRefused:
    FRAME = pd.DataFrame({"who": ["a", "a", "b"], "day": [1.0, 2.0, 3.0], "x": 0.0, "y": 0.0})

    @pytest.mark.parametrize(
        ("more", "message"),
        [
            ({"same": None}, "Say what events share"),
            ({"x": "x", "y": "y", "within": 1}, "either `same`"),
            ({"windows": [14, 7]}, "rising"),
            ({"windows": []}, "rising"),
            ({"apart": "who"}, "No two events"),
        ],
    )
    def test_settings(self, more: Any, message: str) -> None:
        with pytest.raises(RepeatsError, match=message):
            of(self.FRAME, **more)

    def test_an_event_without_a_day(self) -> None:
        frame = self.FRAME.assign(day=pd.to_datetime(["2024-01-01", None, "2024-01-02"]))
        with pytest.raises(RepeatsError, match="no time in row 2"):
            of(frame)

    def test_a_place_that_half_of_them_share(self) -> None:
        frame = pd.DataFrame({"who": np.zeros(9_000), "day": np.arange(9_000)})
        with pytest.raises(RepeatsError, match="take a smaller place"):
            of(frame)


def test_it_draws_itself_wide_and_narrow() -> None:
    picture = of(by_chance(np.random.default_rng(2))).plot()
    assert picture.counts == ("pairs",)
    for narrow in (False, True):
        assert "by chance" in to_svg(picture, narrow=narrow)
